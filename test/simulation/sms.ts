import * as z from 'zod/mini'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { Heard } from '../../src/model/conversation.ts'
import { Later } from '../../src/model/follow.ts'
import type { Source } from '../../src/model/source.ts'
import { secretOption } from '../../src/platform/secrets.ts'

/** Text messages, which Docketed does not know: what another place where people talk takes. Every text names what it is there to show. */

const options = z.strictObject({ key: z.optional(secretOption) })
const to = (data: Json): string => String((data as JsonObject).from)

export const sms: Source<z.infer<typeof options>> = {
  name: 'sms',
  verifiedBy: 'a test',
  keyedBy: 'a test',
  types: ['sms.text', 'sms.task', '*'],
  signed: true,
  interactive: true,
  options,
  verify: async () => ({ ok: true }),
  parse: async () => [],

  conversation: {
    types: ['sms.text'],
    rules: [
      {
        name: 'sms: task',
        on: { type: 'sms.task' },
        steps: { task: { create: 'tasks', with: { name: '{{ fields.name }}', assignee: 'intake@smith.example' } } },
      },
    ],
    matters: false,
    patience: { ms: 60_000, tries: 2 },
    knows: async () => true,

    async hear(event, hearing): Promise<Heard> {
      const [word, ...rest] = String(event.fields.text).split(' ')
      const said = rest.join(' ')
      const back = (text: string): JsonObject => ({ to: to(event.data), text })
      switch (word) {
        case 'task': {
          const memory = { tasks: Number(hearing.recall('tasks') ?? 0) + 1 }
          return { kind: 'plan', event: { ...event, type: 'sms.task', fields: { name: said } }, memory }
        }
        case 'count':
          return { kind: 'answered', reply: back(`${hearing.recall('tasks') ?? 0} tasks`) }
        case 'matter': {
          const found = await hearing.search(said)
          return { kind: 'answered', reply: back(found.map(one => `${one.number} ${one.client}`).join(', ')) }
        }
        case 'undo': {
          const refused = hearing.act('undo', said)
          const made = hearing.earlier(said)?.outputs.length ?? 0
          return { kind: 'answered', reply: back(refused ? refused.code : `taking back ${made}`) }
        }
        case 'wait':
          if ((await hearing.secret('key')) === null) throw new Later('Nobody answers.')
          return { kind: 'answered', reply: back('here') }
        default:
          return { kind: 'asked', reply: back('What?'), reason: 'Asked back.' }
      }
    },

    outcome: ({ state, undo, event }) =>
      state === 'done' && event.type === 'sms.task' ? { to: to(event.data), text: undo ? 'undone' : 'done' } : null,

    async reply(reply, line) {
      const key = await line.secret('key')
      const response = await line.fetch('https://sms.example/send', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(reply),
      })
      return response.ok
    },

    writes: ({ key }) => key !== undefined,

    async tell(channel, { type, text }, line) {
      const before = Number(line.alarms.get(type) ?? 0)
      line.alarms.put(type, before + 1)
      const body = JSON.stringify({ to: channel, text: `${before + 1}: ${text}` })
      return (await line.fetch('https://sms.example/send', { method: 'POST', body })).ok ? null : 'failed'
    },
  },
}
