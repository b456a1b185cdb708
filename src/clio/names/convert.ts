import { isObject, type Json } from '../../lib/json.ts'
import { dateAt, instantAt, isRealDate } from '../../lib/time.ts'
import { Park } from '../../model/intent.ts'
import { wordsOf } from '../contract/index.ts'
import type { Kind } from '../contract/shapes/contract.ts'

/** Writes a value the way the contract wants it; throws `Park` with the place and the value's trouble, never its content. */
export function convert(value: Json, kind: Kind, path: string, timezone: string): Json {
  const wrong = (wants: string) => new Park(`${path} wants ${wants}; what the rule made of this event is not one.`)
  if (isObject(value) || Array.isArray(value) || value === null) {
    if (kind === 'json') return value
    throw wrong(`a single value (${kind})`)
  }
  switch (kind) {
    case 'text':
      return String(value)
    case 'json':
      return value
    case 'integer':
    case 'number': {
      const number = numberOf(value)
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
      const date = dateOf(String(value), timezone)
      if (date === null) throw wrong('a date (YYYY-MM-DD)')
      return date
    }
    case 'time': {
      const time = timeOf(String(value), timezone)
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

export function numberOf(value: Json): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^\s*-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?\s*$/.test(value)) return null
  return Number(value.replaceAll(',', ''))
}

const words = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
])

export function booleanOf(value: Json): boolean | null {
  if (typeof value === 'boolean') return value
  return words.get(String(value).trim().toLowerCase()) ?? null
}

const dateOnly = /^\d{4}-\d{2}-\d{2}$/
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i
const withoutOffset = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(:\d{2})?)(\.\d+)?$/

/** A calendar date; an instant becomes the date that the firm's calendar shows then. */
export function dateOf(text: string, timezone: string): string | null {
  const trimmed = text.trim()
  if (dateOnly.test(trimmed)) return isRealDate(trimmed) ? trimmed : null
  const instant = instantOf(trimmed, timezone)
  return instant === null ? null : dateAt(instant, timezone)
}

/** An instant in ISO 8601, UTC; a time without an offset is the firm's wall clock. */
export function timeOf(text: string, timezone: string): string | null {
  const instant = instantOf(text.trim(), timezone)
  return instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z')
}

function instantOf(text: string, timezone: string): number | null {
  if (withOffset.test(text)) {
    const at = Date.parse(text)
    return Number.isNaN(at) || !isRealDate(text.slice(0, 10)) ? null : at
  }
  const local = withoutOffset.exec(text)
  if (local) return isRealDate(local[1]!) ? instantAt(`${local[1]}T${local[2]}`, timezone) : null
  return dateOnly.test(text) && isRealDate(text) ? instantAt(`${text}T00:00`, timezone) : null
}
