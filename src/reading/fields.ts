import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { inWords } from '../lib/text/in-words.ts'
import { legible } from './legible.ts'

/**
 * What the answers of a form say, beside what came (`event.data`): names and texts in one spelling, one box as text, no hidden sentinels,
 * a day that a date picker wrote as an instant as the day.
 */
export function readFields(fields: JsonObject): JsonObject {
  const read = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [legible(name.normalize('NFC')), readValue(value)]),
  )
  return { ...read, ...grouped(read), ...read }
}

type Group = Map<string, Json | Group>

/**
 * What names with brackets say beside, as PHP and Rails read them: `areas[0]` and `areas[1]` are a list `areas`, `children[0][name]` a list
 * of objects, `address[city]` an object.
 */
export function grouped(fields: JsonObject): JsonObject {
  const found: Group = new Map()
  for (const [name, value] of Object.entries(fields)) {
    const [, base, inner] = /^([\p{L}\w .-]{1,60})((?:\[[^\][]{1,60}\]){1,4})$/u.exec(name) ?? []
    if (base === undefined || name.includes('__proto__')) continue
    const keys = [base, ...inner!.slice(1, -1).split('][')]
    const last = keys.pop()!
    let group: Json | Group | undefined = found
    for (const key of keys) {
      if (!(group instanceof Map)) break
      if (!group.has(key)) group.set(key, new Map())
      group = group.get(key)
    }
    if (group instanceof Map) group.set(last, value)
  }
  return Object.fromEntries([...found].map(([name, group]) => [name, ungrouped(group)]))
}

function ungrouped(group: Json | Group): Json {
  if (!(group instanceof Map)) return group
  const inner = [...group].map(([key, one]) => [key, ungrouped(one)] as const)
  return inner.every(([key]) => /^\d{1,3}$/.test(key)) ? chosen(inner.map(([, one]) => one)) : Object.fromEntries(inner)
}

function readValue(value: Json): Json {
  if (typeof value === 'string') return readText(value)
  if (Array.isArray(value)) return chosen(value.map(readValue))
  // PHP has a list of which some were taken out as an object.
  const keys = isObject(value) ? Object.keys(value) : []
  if (keys.length > 0 && keys.every(key => /^\d{1,3}$/.test(key))) return readValue(Object.values(value as JsonObject))
  return isObject(value) ? readFields(value) : value
}

/** Exactly midnight, in UTC or by the clock of whoever picked it: nobody means an instant by it, and in New York that may be the day before. */
const midnight = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0{1,9})?)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i

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
    ([question, answer]) => `${question}${/[?:]$/.test(question) ? ' ' : ': '}${inWords(answer)}`,
  )
  return told.length > 0 ? told.join('\n') : null
}
