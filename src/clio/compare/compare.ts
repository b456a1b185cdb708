import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import { answerPath, fieldAt, type Resource, resourceNamed, wordsOf } from '../contract/index.ts'
import { valuesAt } from '../names/paths.ts'
import { confusable, sameText } from './text.ts'

/** Whether two plain values, one sent and one read, are the same text; `place` is the dotted path where they stand. */
export type SameText = (sent: string, read: string, place: string) => boolean

/**
 * Does an answer of Clio's say what a request said? Clio writes some things otherwise than it takes them: statuses capitalised,
 * priorities lowercase, a date for a date-time, numbers for texts, ids as texts. Keys that were not sent are not compared.
 */
export function says(sent: Json, read: Json | undefined, same: SameText = sameText, place = ''): boolean {
  if (Array.isArray(sent)) {
    const items = Array.isArray(read) ? read : []
    return sent.every(item => items.some(other => says(item, other, same, place)))
  }
  if (isObject(sent)) {
    const below = (key: string) => (place ? `${place}.${key}` : key)
    return isObject(read) && Object.keys(sent).every(key => says(sent[key]!, read[key], same, below(key)))
  }
  if (sent === null || sent === '') return read === null || read === undefined || read === ''
  if (read === null || read === undefined) return sent === false
  if (isObject(read) || Array.isArray(read)) return false
  const [a, b] = [String(sent), String(read)]
  return same(a, b, place) || sameNumber(sent, read) || sameMoment(a, b)
}

/** Two texts are two texts: references `2026.1` and `2026.10`, or `7` and `007`, are not the same. */
function sameNumber(a: Json, b: Json): boolean {
  const numbers = typeof a === 'number' || typeof b === 'number'
  return numbers && String(a).trim() !== '' && String(b).trim() !== '' && Number(a) === Number(b)
}

const date = /^\d{4}-\d{2}-\d{2}$/
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/
const hour = 3_600_000

/** A date agrees with a time that falls on it somewhere on earth: in which timezone Clio wrote it is not told. */
function sameMoment(a: string, b: string): boolean {
  if (date.test(a) && time.test(b)) return Math.abs(Date.parse(b) - Date.parse(`${a}T12:00:00Z`)) <= 26 * hour
  if (time.test(a) && date.test(b)) return sameMoment(b, a)
  return time.test(a) && time.test(b) && Date.parse(a) === Date.parse(b)
}

/** The part of a body that an answer can be held against: what Clio reads back, under the names that answers use. */
export function readable(body: JsonObject, resource: Resource): JsonObject {
  return pruned(body, resource, '') ?? {}
}

function pruned(body: JsonObject, resource: Resource, path: string): JsonObject | null {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(body)) {
    const place = path ? `${path}.${key}` : key
    const answered = answerPath(resource, place)
    if (answered === null) continue
    const name = answered.split('.').at(-1)!
    const held = Array.isArray(value)
      ? value.map(one => comparable(one, resource, place)).filter(one => one !== null)
      : comparable(value, resource, place)
    if (held !== null && (!Array.isArray(held) || held.length > 0)) kept[name] = held
  }
  return Object.keys(kept).length > 0 ? kept : null
}

/** A number as a number, however it is written; any other text as it is. */
const written = (value: Json): Json =>
  typeof value === 'string' && /^\s*-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?\s*$/.test(value)
    ? Number(value.replaceAll(',', ''))
    : value

/**
 * An object is held against an answer key by key; one in a place that reads back as a plain value cannot be, nor a word that answers
 * never say (a task is assigned to a `Contact`, and answers a `Person`). Custom field values are text whose numbers Clio may
 * write otherwise.
 */
function comparable(value: Json, resource: Resource, place: string): Json {
  if (isObject(value)) return pruned(value, resource, place)
  if (place === 'custom_field_values.value') return written(value)
  const kind = fieldAt(resource.read, place)
  const words = typeof kind === 'string' ? wordsOf(kind) : null
  return words && !words.some(word => sameText(word, String(value))) ? null : value
}

/** The `fields=` that reads a readable body back. */
export function fieldsOf(body: JsonObject, resource: Resource): string {
  const parts = 'created_at' in resource.read ? ['id', 'created_at'] : ['id']
  for (const [key, value] of Object.entries(body)) {
    const inner = Array.isArray(value) ? Object.assign({}, ...value.filter(isObject)) : value
    parts.push(isObject(inner) && Object.keys(inner).length > 0 ? `${key}{${Object.keys(inner).join(',')}}` : key)
  }
  return [...new Set(parts)].join(',')
}

/**
 * Could a lookup for one call's record find the other's? Then they are never under way together: the one whose answer is lost
 * would be given the other's record. True unless some part of the identity stands in both and differs.
 */
export function mistakable(one: Call, other: Call, name: string): boolean {
  if (one.method !== 'POST' && one.method !== 'PATCH') return false
  if (one.method !== other.method || one.path !== other.path) return false
  if (one.method === 'PATCH') return true
  const identity = resourceNamed(name)?.lookup?.identity ?? []
  return identity.every(path => {
    const [here, there] = [valuesAt(one.body, path), valuesAt(other.body, path)]
    const alike = (value: Json, other: Json) => says(value, other, confusable)
    return here.length === 0 || there.length === 0 || here.some(value => there.some(other => alike(value, other)))
  })
}
