import { isObject, type Json } from '../../lib/json.ts'
import { type Answer, clioError, jsonAnswer, type SandboxRequest, textOf } from '../http.ts'
import type { Entry } from '../ledger.ts'

/** Where the real Clio, or what stands before it, may differ from what its documents say: each can be switched on. */
export const otherwise = [
  'no-rate-headers',
  'no-page-token',
  'plain-404',
  'unknown-fields-ignored',
  'unknown-query-refused',
  'unknown-keys-refused',
  'no-if-match',
  'lists-replaced',
  'all-day-shortened',
  'put-url-once',
] as const
export type Otherwise = (typeof otherwise)[number]

/** The answer as it comes then. What differs inside of a record is done where it is written. */
export function answeredOtherwise(
  chosen: readonly Otherwise[],
  request: SandboxRequest,
  entry: Entry,
  answer: Answer,
): Answer {
  const is = (one: Otherwise) => chosen.includes(one)
  if (is('unknown-fields-ignored') && entry.unknownFields.length > 0) return jsonAnswer(200, { data: [] })
  if (is('unknown-query-refused') && entry.unknownQuery.length > 0) return refused(entry.unknownQuery)
  if (is('unknown-keys-refused') && entry.unknownKeys.length > 0) return refused(entry.unknownKeys)
  if (is('plain-404') && answer.status === 404) return jsonAnswer(404, { message: 'Not Found' })
  if (is('no-page-token') && request.method === 'GET') return without(answer, 'next')
  if (is('put-url-once') && request.method === 'GET') return without(answer, 'put_url')
  return answer
}

const refused = (names: readonly string[]) => clioError(400, 'ArgumentError', `Not known: ${names.join(', ')}.`)

/** A JSON answer without a key, however deep. */
function without(answer: Answer, key: string): Answer {
  if (!answer.headers['content-type']?.includes('json')) return answer
  const drop = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(drop)
    if (!isObject(value)) return value
    const kept = Object.entries(value).filter(([name]) => name !== key)
    return Object.fromEntries(kept.map(([name, inner]) => [name, drop(inner)]))
  }
  return { ...answer, body: JSON.stringify(drop(JSON.parse(textOf(answer.body)) as Json)) }
}
