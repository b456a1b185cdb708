import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { legible } from './legible.ts'

/**
 * What the answers of a form say, beside what came (`event.data`): names and texts in one spelling, one box as text, no hidden sentinels,
 * a day that a date picker wrote as an instant as the day.
 */
export function readFields(fields: JsonObject): JsonObject {
  const read = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [legible(name.normalize('NFC')), readValue(value)]),
  )
  return { ...numbered(read), ...read }
}

/** `areas[0]` and `areas[1]`, as PHP numbers boxes, are one answer beside: `areas`. */
function numbered(fields: JsonObject): JsonObject {
  const found = new Map<string, Json[]>()
  for (const [name, value] of Object.entries(fields)) {
    const list = /^([\p{L}\w .-]{1,60})\[\d{1,3}\]$/u.exec(name)?.[1]
    if (list !== undefined && list !== '__proto__') found.set(list, [...(found.get(list) ?? []), value])
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, chosen(values)]))
}

function readValue(value: Json): Json {
  if (typeof value === 'string') return readText(value)
  if (Array.isArray(value)) return chosen(value.map(readValue))
  return isObject(value) ? readFields(value) : value
}

/** Exactly midnight in UTC: nobody means an instant by it, and in New York that instant is the day before. */
const midnight = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0{1,9})?)?\s?(?:Z|\+00:?00)$/i

function readText(text: string): string {
  const plain = legible(text.normalize('NFC').replace(/\ufffd+/g, '?'))
  return midnight.exec(plain)?.[1] ?? plain
}

/** What pages send for a box that is not ticked, so that it is sent at all. */
const sentinels = new Set(['', '0', 'off', 'false', 'no', 'unchecked'])
const ticked = new Set(['1', 'on', 'true', 'yes', 'checked'])

/** One choice is that choice, as plain forms send it. */
function chosen(list: Json[]): Json {
  const kept = list.some(isSaid) ? list.filter(isSaid) : list
  const [first, second] = kept
  if (kept.length === 2 && isWord(first, sentinels) && isWord(second, ticked)) return second!
  return kept.length === 1 && !isObject(first) ? (first ?? null) : kept
}

const isSaid = (value: Json): boolean => value !== null && !(typeof value === 'string' && value.trim() === '')

const isWord = (value: Json | undefined, words: ReadonlySet<string>): boolean =>
  (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') &&
  words.has(String(value).toLowerCase())

/** All answers as one text, a line each: what a booking says. Null when there are none. */
export function linesOf(fields: JsonObject): string | null {
  const told = Object.entries(fields).map(
    ([question, answer]) => `${question}${/[?:]$/.test(question) ? ' ' : ': '}${wordsOf(answer)}`,
  )
  return told.length > 0 ? told.join('\n') : null
}

function wordsOf(answer: Json): string {
  if (Array.isArray(answer)) return answer.map(wordsOf).join(', ')
  return typeof answer === 'object' && answer !== null ? JSON.stringify(answer) : String(answer ?? '')
}
