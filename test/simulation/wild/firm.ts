import type { JsonObject } from '../../../src/lib/json.ts'
import { configuration } from '../firm.ts'
import { mendableRules } from './mending.ts'

/** Endings that no Clio is sure to store as they are written: each kind of text carries one behind what tells it apart. */
export const endings = [
  '',
  ' for Smith  & Sons',
  ' \u2013 "Rene\u0301e" isn\'t in',
  ' 👩‍⚖️ at\u00A0once',
  ` <urgent> ${'and so on, at some length, '.repeat(12)}`,
] as const

/** The firm of the plain lives, with texts that end oddly, a note, time, and a channel that is told what goes wrong. */
export function wildConfiguration(pace: { requests: number; seconds: number }): JsonObject {
  const base = configuration(pace)
  const filed = {
    name: 'filed',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'filed'",
    steps: {
      note: {
        create: 'notes',
        with: {
          type: 'Matter',
          matter: '00001-Alvarez',
          subject: 'Note {{ fields.n }}',
          detail: 'Said {{ fields.n }}',
        },
      },
      time: {
        create: 'activities',
        with: {
          type: 'TimeEntry',
          date: '2026-11-24',
          quantity: 1000,
          note: 'Work {{ fields.n }}',
          matter: '00001-Alvarez',
        },
      },
    },
  }
  const rules = [...[...(base.rules as JsonObject[]), filed].map(decorated), ...mendableRules]
  const channels = { office: { url: 'https://office.example/hook', secret: '$OFFICE' } }
  return { ...base, rules, channels, alerts: 'office' }
}

/** `Matter {{ fields.n }}` → `Matter {{ fields.n }}{{ fields.ending }}` */
function decorated(rule: JsonObject): JsonObject {
  const text = JSON.stringify(rule).replaceAll('{{ fields.n }}"', '{{ fields.n }}{{ fields.ending }}"')
  return JSON.parse(text) as JsonObject
}
