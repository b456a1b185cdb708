import { isObject, type Json } from '../../lib/json.ts'
import { amountIn } from '../../lib/text/amount.ts'
import { areRecords, inWords } from '../../lib/text/in-words.ts'
import { saysNothing } from '../../lib/text/nothing.ts'
import { truthOf } from '../../lib/text/truth.ts'
import { dateAt, instantAt } from '../../lib/time/time.ts'
import { instantOf, writtenDate } from '../../lib/time/written-date.ts'
import { Park } from '../../model/intent.ts'
import { wordsOf } from '../contract/index.ts'
import type { Kind } from '../contract/shapes/contract.ts'

/** Whose days and clocks are meant. */
export interface Calendar {
  readonly timezone: string
  readonly country: string
}

/** Writes a value the way the contract wants it; throws `Park` with the place and the value's trouble, never its content. */
export function convert(value: Json, kind: Kind, path: string, { timezone, country }: Calendar): Json {
  const wrong = (wants: string) => new Park(`${path} wants ${wants}; what the rule made of this event is not one.`)
  if (isObject(value) || Array.isArray(value) || value === null) {
    if (kind === 'json') return value
    // An answer may be several boxes, or in parts; what a step made is no text, and two addresses are none.
    if (kind === 'text' && value !== null && !areRecords(value) && !/(?:address|number|_name)$/.test(path))
      return inWords(value)
    throw wrong(`a single value (${kind})`)
  }
  switch (kind) {
    case 'text':
      return String(value)
    case 'json':
      return value
    case 'integer':
    case 'number': {
      const number = numberOf(value, /(?:price|amount|budget|rate)\w{0,60}$/.test(path))
      if (number === null || (kind === 'integer' && !Number.isSafeInteger(number)))
        throw wrong(kind === 'integer' ? 'a whole number' : 'a number')
      return number
    }
    case 'boolean': {
      const truth = booleanOf(value)
      if (truth === null) throw wrong('true or false')
      return truth
    }
    case 'date': {
      const date = dateOf(String(value), timezone, country)
      if (date === null) throw wrong('a date (YYYY-MM-DD)')
      return date
    }
    case 'time': {
      const time = timeOf(String(value), timezone, country)
      if (time === null) throw wrong('a date and time (ISO 8601)')
      return time
    }
    default: {
      const allowed = wordsOf(kind) ?? []
      const word = allowed.find(one => one.toLowerCase() === String(value).trim().toLowerCase())
      if (word === undefined) throw wrong(`one of ${allowed.join(', ')}`)
      return word
    }
  }
}

/**
 * Whether a key is in seconds, which people write as a duration (`1h 30m`). Time is; other activities count pieces.
 * @param key `activities.quantity` @param type of the record, when it is written too
 */
export function isDuration(key: string, type: Json | undefined): boolean {
  if (key !== 'activities.quantity') return key === 'tasks.time_estimated'
  return type === undefined || /^\s*TimeEntry\s*$/i.test(String(type))
}

export const numberOf = (value: Json, isMoney = false): number | null =>
  typeof value === 'string' ? amountIn(value, isMoney) : typeof value === 'number' ? value : null

/** True where a value of that kind would be a date or a number, and people say that there is none. */
export const isAbsent = (value: Json, kind: unknown): boolean =>
  (kind === 'date' || kind === 'time' || kind === 'number' || kind === 'integer') && saysNothing(value)

export const booleanOf = (value: Json): boolean | null => (typeof value === 'boolean' ? value : truthOf(String(value)))

/** A calendar date, as people write it too; an instant becomes the date that the firm's calendar shows then. */
export function dateOf(text: string, timezone: string, country: string): string | null {
  const written = writtenDate(text, country)
  if (written === null || written === 'impossible') return null
  return written.instant === null ? written.day : dateAt(written.instant, timezone)
}

/** An instant in ISO 8601, UTC; a time without an offset is the firm's wall clock, a bare date its midnight. */
export function timeOf(text: string, timezone: string, country: string): string | null {
  const written = writtenDate(text, country)
  if (written === null || written === 'impossible') return null
  const instant = instantOf(written, timezone) ?? instantAt(`${written.day}T00:00`, timezone)
  return instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z')
}
