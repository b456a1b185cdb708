import * as z from 'zod/mini'
import type { Json, JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, alone, answersOf, isEmail, submission } from '../../reading/answers.ts'
import { parseJson, readAnswers } from '../../reading/body/body.ts'
import { idAt, isoTime, textAt } from '../../reading/payload.ts'
import { sharedOptions, sharedWords, verifyShared } from '../proof/proofs.ts'

/**
 * https://docs.gravityforms.com/triggering-webhooks-form-submissions/. With "All Fields" the entry comes, whose keys are
 * the numbers of fields (`3`) and of their parts (`1.3`); with "Select Fields", the names that the firm chose.
 */

const options = z.extend(sharedOptions, {
  /** What the numbered fields are called: `{"1": "Name", "3": "Matter type"}`. */
  labels: z.optional(
    z.record(
      z.string().check(z.regex(/^\d+(\.\d+)?$/, 'must be the number of a field, such as "3" or "1.3"')),
      z.string().check(z.minLength(1)),
    ),
  ),
})
type Options = z.infer<typeof options>

export const gravityForms: Source<Options> = {
  name: 'gravity-forms',
  verifiedBy: sharedWords,
  keyedBy: 'form_id and id; without them the answers, for ten minutes',
  types: ['form.submitted'],
  signed: false,
  anybody: true,
  options,
  verify: verifyShared,

  async parse(request, endpoint) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const data = read.value
    const [form, entry] = [idAt(data, 'form_id'), idAt(data, 'id')]
    const created = textAt(data, 'date_created')
    const made = await submission({
      source: 'gravity-forms',
      id: form === null || entry === null ? null : `${form}:${entry}`,
      // `2026-12-01 15:52:49`, in UTC.
      time: isoTime(created === null ? null : `${created.replace(' ', 'T')}Z`),
      data,
      answers: answersIn(unwrapped(data), endpoint.options.labels ?? {}).map(answer => ({
        ...answer,
        ...(isOwn(answer.value, textAt(data, 'source_url')) && { kind: 'file' as const }),
      })),
      keyed: answersIn(read.keyed, endpoint.options.labels ?? {}),
      escaped: true,
      form,
    })
    return [made]
  },
}

/** An upload is the text of a list of addresses, even of one (since 2.10). */
function unwrapped(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, listed(value)]))
}

function listed(value: Json): Json {
  const list = typeof value === 'string' && /^\s*\[\s*"https?:/.test(value) ? parseJson(value) : undefined
  return Array.isArray(list) && list.every(one => typeof one === 'string') ? alone(list) : value
}

/** Files that the form's own site keeps: a visitor chooses no other address. */
function isOwn(value: Json, page: string | null): boolean {
  const host = URL.parse(page ?? '')?.host
  return [value].flat().every(one => {
    const url = typeof one === 'string' && one.startsWith('https://') ? URL.parse(one) : null
    return url !== null && url.host === host && /\/gravity_forms\/|[?&]gf-download=/.test(url.href)
  })
}

const isNumber = (key: string) => /^\d+(\.\d+)?$/.test(key)

function answersIn(data: JsonObject, labels: Readonly<Record<string, string>>): Answer[] {
  const numbers = Object.keys(data).filter(isNumber)
  if (numbers.length === 0) {
    return answersOf(data).filter(({ label }) => !['id', 'form_id', 'date_created'].includes(label))
  }
  const named = numbers.filter(key => labels[key] !== undefined)
  const fields = new Set(numbers.filter(key => !named.includes(key)).map(key => key.split('.')[0]!))
  return [
    ...named.map(key => ({ label: labels[key]!, value: data[key]! })),
    ...[...fields].map(field => whole(field, data, labels[field] ?? field)),
  ]
}

/** A field from its parts: a name has first (.3) and last (.6) but no .1, which an address and boxes to tick begin with. */
function whole(field: string, data: JsonObject, label: string): Answer {
  const part = (number: number) => textAt({ value: data[`${field}.${number}`] ?? null }, 'value')
  const value = data[field]
  if (value !== undefined) return { label, value, ...(isEmail(value) && { kind: 'email' }) }
  const has = (number: number) => Object.hasOwn(data, `${field}.${number}`)
  if (has(3) && has(6) && !has(1) && !has(5)) {
    const name = [2, 3, 4, 6, 8].flatMap(number => part(number) ?? []).join(' ')
    return { label, value: name, kind: 'name', parts: { first: part(3), last: part(6) } }
  }
  const parts = Object.keys(data).filter(key => key.startsWith(`${field}.`))
  return { label, value: parts.flatMap(key => data[key]!).filter(one => one !== '' && one !== null) }
}
