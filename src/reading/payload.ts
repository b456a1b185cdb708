import { isObject, type Json } from '../lib/json.ts'
import { type Problem, problem } from '../lib/problem.ts'
import { isoInstant } from '../lib/time/time.ts'

/** Reading what a provider sent: places in it, ids, times. What is absent or of another kind is null, never an exception. */

/** The value at a path: `data.object.id`, `recipients.0`. Own keys only. */
export function at(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((found, key) => {
    if (Array.isArray(found)) return /^\d{1,4}$/.test(key) ? found[Number(key)] : undefined
    return isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }, value)
}

/** The text or number at a path as trimmed text; null when it is empty or neither. */
export function textAt(value: Json | undefined, path: string): string | null {
  const found = at(value, path)
  const text = typeof found === 'string' || typeof found === 'number' ? String(found).trim() : ''
  return text === '' ? null : text
}

/** A provider's ids are short; a longer text is none. */
const longestId = 255

export function idAt(value: Json | undefined, path: string): string | null {
  const text = textAt(value, path)
  return text !== null && text.length <= longestId ? text : null
}

/** Numbers below are seconds since the epoch, others milliseconds: 10^11 is the year 5138 in the one, 1973 in the other. */
const firstMs = 1e11

/**
 * A time in UTC: of ISO 8601 with its offset, or of a number (or its digits) since the epoch. A time without an offset is
 * some clock's that we do not know, so it is null.
 */
export function isoTime(value: Json | undefined): string | null {
  const digits = typeof value === 'number' || (typeof value === 'string' && /^\d{9,14}$/.test(value))
  const number = digits ? Number(value) : Number.NaN
  const written = typeof value === 'string' ? isoInstant(value) : null
  const date = new Date(written ?? number * (number < firstMs ? 1000 : 1))
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** A request that is proved, yet is not what its provider sends. */
export const notFrom = (provider: string): Problem =>
  problem(
    400,
    'unexpected-payload',
    'The body is not what this endpoint expects',
    `The body is not in the form that ${provider} sends. Nothing was recorded; compare the address and the kind of webhook that are set up there with the page of this source in the documentation.`,
  )
