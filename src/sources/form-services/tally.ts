import * as z from 'zod/mini'
import { isObject, type Json } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, alone, kindOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/** https://tally.so/help/webhooks. Choices come as the ids of their options. */

const options = z.array(z.object({ id: z.string(), text: z.string() }))

const field = z.object({
  key: z.string(),
  label: z.nullish(z.string()),
  type: z.string(),
  value: z.optional(z.json()),
  options: z.optional(options),
  rows: z.optional(options),
  columns: z.optional(options),
})
type Field = z.infer<typeof field>

const payload = z.object({
  eventType: z.literal('FORM_RESPONSE'),
  createdAt: z.optional(z.string()),
  data: z.object({ submissionId: z.string().check(z.minLength(1), z.maxLength(255)), fields: z.array(field) }),
})

export const tally: Source<SignedOptions> = {
  name: 'tally',
  verifiedBy: schemeWords(schemes.tally),
  keyedBy: 'data.submissionId',
  types: ['form.submitted'],
  signed: true,
  anybody: true,
  options: signedOptions,
  verify: signedBy(schemes.tally),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Tally')
    const { createdAt, data } = parsed.data
    const made = await submission({
      source: 'tally',
      id: data.submissionId,
      time: isoTime(createdAt),
      data: read.value,
      answers: data.fields.filter(asked).map(answerOf),
    })
    return [made]
  },
}

/** Checkboxes come twice: as a list, and each option with true or false. The list says it all. */
const asked = ({ type, value }: Field) => !(type === 'CHECKBOXES' && typeof value === 'boolean')

function answerOf({ key, label, type, value, ...lists }: Field): Answer {
  const texts = new Map(
    [lists.options, lists.rows, lists.columns].flatMap(list => list ?? []).map(({ id, text }) => [id, text]),
  )
  const told = spelled((value ?? null) as Json, texts)
  const single = type === 'DROPDOWN' || type === 'MULTIPLE_CHOICE'
  return {
    label: label || key,
    value: single ? alone(told) : told,
    ...kindOf(type),
  }
}

/** Ids of options as their texts; a matrix has them as keys too. */
function spelled(value: Json, texts: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return texts.get(value) ?? value
  if (Array.isArray(value)) return value.map(item => spelled(item, texts))
  if (!isObject(value) || texts.size === 0) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [texts.get(key) ?? key, spelled(item, texts)]))
}
