import type { Json, JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, answersOf, kindOf, submission } from '../../reading/answers.ts'
import { readAnswers } from '../../reading/body/body.ts'
import { textAt } from '../../reading/payload.ts'
import { type SharedOptions, sharedOptions, sharedWords, verifyShared } from '../proof/proofs.ts'

/**
 * https://elementor.com/help/forms-webhook/ (Pro). Two shapes: labels and values, or, with "Advanced Data", `form[…]`,
 * `fields[ID][title|type|value]` and `meta[…]`, where `form[name]` is the form's name and not a person's.
 */

const technical = new Set(['form_id', 'form_name', 'Date', 'Time', 'Page URL', 'User Agent', 'Remote IP', 'Powered by'])

export const elementor: Source<SharedOptions> = {
  name: 'elementor',
  verifiedBy: sharedWords,
  keyedBy: 'the form and the answers, for ten minutes',
  types: ['form.submitted'],
  signed: false,
  anybody: true,
  options: sharedOptions,
  verify: verifyShared,

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const data = read.value
    const fields = advanced(data)
    const answers =
      fields?.map(answerOf) ??
      answersOf(data)
        .filter(({ label }) => !technical.has(label))
        .map(unlabelled)
    const trap = fields?.find(({ type, value }) => type === 'honeypot' && value)
    const made = await submission({
      source: 'elementor',
      id: null,
      // Date and time are those of the site's clock, whose zone it does not tell.
      time: null,
      data,
      answers: answers.filter(({ label }) => label !== ''),
      keyed: (advanced(read.keyed)?.map(answerOf) ?? answersOf(read.keyed)).filter(
        ({ label }) => label !== '' && !technical.has(label),
      ),
      escaped: true,
      form: textAt(data, 'form_id') ?? textAt({ id: data['form[id]'] ?? null }, 'id'),
      spam: trap && 'the honeypot was filled in',
    })
    return [made]
  },
}

/** `No Label email_1616`: a field that has an id only. Its files are addresses, joined by commas. */
function unlabelled({ label, value }: Answer): Answer {
  const id = /^No Label (.+)$/i.exec(label)?.[1]
  const type = /^(email|tel|phone|textarea|message|upload|file)(?:[_-]?\d+|$)/i.exec(id ?? '')?.[1]
  return { label: id ?? label, value: several(value), ...kindOf(type) }
}

/** Addresses of several files come in one text. */
function several(value: Json): Json {
  const parts = typeof value === 'string' ? value.split(/\s{0,9},\s{0,9}(?=https:\/\/)/) : []
  return parts.length > 1 && parts.every(part => /^https:\/\/\S+$/.test(part)) ? parts : value
}

interface Field {
  readonly id: string
  title?: string
  type?: string
  value?: string
}

/** The fields of the advanced shape; null for the other. */
function advanced(data: JsonObject): Field[] | null {
  const fields = new Map<string, Field>()
  for (const [key, value] of Object.entries(data)) {
    const [, id, part] = /^fields\[([^\]]+)\]\[(title|type|value)\]$/.exec(key) ?? []
    if (id === undefined || typeof value !== 'string') continue
    const field: Field = fields.get(id) ?? { id }
    field[part as 'title' | 'type' | 'value'] = value
    fields.set(id, field)
  }
  return fields.size > 0 ? [...fields.values()] : null
}

function answerOf({ id, title, type = '', value = '' }: Field): Answer {
  if (type === 'honeypot') return { label: '', value }
  return { label: title || id, value: type === 'upload' ? several(value) : value, ...kindOf(type) }
}
