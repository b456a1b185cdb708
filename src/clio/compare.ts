import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Call } from './call.ts'
import { answerPath, type Resource, resourceNamed } from './contract/index.ts'
import { valuesAt } from './paths.ts'

/**
 * Does an answer of Clio's say what a request said? Clio writes some things otherwise than it takes them: statuses capitalised,
 * priorities lowercase, a date for a date-time, numbers for texts, ids as texts. What is not read back is not compared.
 */
export function says(sent: Json, read: Json | undefined): boolean {
  if (Array.isArray(sent)) {
    const items = Array.isArray(read) ? read : []
    return sent.every(item => items.some(other => says(item, other)))
  }
  if (isObject(sent)) return isObject(read) && Object.keys(sent).every(key => says(sent[key]!, read[key]))
  if (sent === null || sent === '') return read === null || read === undefined || read === ''
  if (read === null || read === undefined) return sent === false
  if (isObject(read) || Array.isArray(read)) return false
  return sameText(String(sent), String(read)) || sameNumber(sent, read) || sameMoment(String(sent), String(read))
}

const sameText = (a: string, b: string) => tidy(a) === tidy(b)
const tidy = (text: string) => text.replace(/\r\n?/g, '\n').trim().toLowerCase()

function sameNumber(a: Json, b: Json): boolean {
  return a !== '' && b !== '' && Number(a) === Number(b)
}

const date = /^\d{4}-\d{2}-\d{2}$/
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

function sameMoment(a: string, b: string): boolean {
  if (date.test(a) && time.test(b)) return b.startsWith(a)
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

/** An object is held against an answer key by key; one in a place that reads back as a plain value cannot be. */
function comparable(value: Json, resource: Resource, place: string): Json {
  return isObject(value) ? pruned(value, resource, place) : value
}

/** The `fields=` that reads a readable body back. */
export function fieldsOf(body: JsonObject): string {
  const parts = ['id', 'created_at']
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
    return here.length === 0 || there.length === 0 || here.some(value => there.some(same => says(value, same)))
  })
}
