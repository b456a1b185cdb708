import { type Field, isShape, type Resource, refOf, type Shape } from '../../clio/contract/index.ts'
import type { Json, JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { invalid, notFound } from '../http.ts'
import { isList, keysOf, words } from './read/shape.ts'
import { type Store, stamp } from './store.ts'

/** Reading the body of a create or an update, as Clio does: what it does not know it drops, and says nothing. */

interface Reading {
  /** Required keys must be there. */
  readonly whole: boolean
  /** Collects the paths of keys that were dropped. */
  readonly dropped: string[]
}

/** The part of a body that the shape knows. Throws 422 for a wrong type, a word that is not in an enum, a required key left out. */
export function readBody(body: JsonObject, shape: Shape, reading: Reading, path = ''): JsonObject {
  const keys = keysOf(shape)
  const data: JsonObject = {}
  for (const [name, value] of Object.entries(body)) {
    const key = keys.get(name)
    if (key) data[name] = readValue(value, key.type, reading, path + name)
    else reading.dropped.push(path + name)
  }
  if (reading.whole) {
    for (const [name, { required }] of keys) {
      if (required && (data[name] === undefined || data[name] === null || data[name] === '')) {
        throw invalid(`${path}${name} is required.`)
      }
    }
  }
  return data
}

function readValue(value: Json, type: Field, reading: Reading, path: string): Json {
  if (value === null) return null
  if (isList(type)) {
    if (!Array.isArray(value)) throw invalid(`${path} must be an array.`)
    return value.map(item => readValue(item, type[0], reading, path))
  }
  if (isShape(type)) {
    if (!isObject(value)) throw invalid(`${path} must be an object.`)
    return Object.keys(type).length === 0 ? value : readBody(value, type, reading, `${path}.`)
  }
  return readScalar(value, type, path)
}

const date = /^\d{4}-\d{2}-\d{2}$/
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** A value of a kind, or 422. Numbers and booleans may come as text, as they do in a query. */
export function readScalar(value: Json, kind: string, path: string): Json {
  const text = String(value)
  switch (kind) {
    case 'json':
      return value
    case 'text':
      if (typeof value === 'object') throw invalid(`${path} must be a string.`)
      return text
    case 'integer':
      if (!/^-?\d+$/.test(text)) throw invalid(`${path} must be an integer.`)
      return Number(value)
    case 'number':
      if (typeof value === 'boolean' || text.trim() === '' || !Number.isFinite(Number(value)))
        throw invalid(`${path} must be a number.`)
      return Number(value)
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw invalid(`${path} must be a boolean.`)
      return text === 'true'
    case 'date':
      if (!isTime(text)) throw invalid(`${path} must be an ISO-8601 date.`)
      return text.slice(0, 10)
    case 'time':
      if (!isTime(text)) throw invalid(`${path} must be an ISO-8601 timestamp.`)
      return date.test(text) ? text : stamp(Date.parse(text))
    default:
      if (!words(kind)?.includes(text)) throw invalid(`${path} must be one of ${JSON.stringify(words(kind))}`)
      return text
  }
}

function isTime(text: string): boolean {
  return (
    (date.test(text) || time.test(text)) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text.slice(0, 10)).toISOString().startsWith(text.slice(0, 10))
  )
}

/** At least one key of each list, when its condition holds. */
export function checkRequire(resource: Resource, data: JsonObject): void {
  for (const { when, oneOf } of resource.require ?? []) {
    const [key, wanted] = when?.split('=') ?? []
    if (key !== undefined && String(data[key]) !== wanted) continue
    if (oneOf.some(name => data[name] !== undefined && data[name] !== null && data[name] !== '')) continue
    const names = oneOf.map(name => name.replaceAll('_', ' ')).join(' or ')
    throw invalid(oneOf.length > 1 ? `At least one of ${names} must be provided` : `${oneOf[0]} is required.`)
  }
}

/** Gives every new item of a list its own id and stamps; items that refer to a record keep that record's id. */
export function withItemIds(store: Store, resource: Resource, data: JsonObject): JsonObject {
  const made: JsonObject = {}
  for (const [name, value] of Object.entries(data)) {
    const own = Array.isArray(value) && refOf(resource, name) === null
    made[name] = own
      ? value.map(item => (isObject(item) && item.id === undefined ? newItem(store, item) : item))
      : value
  }
  return made
}

/** An item of a list, with an id and stamps of its own. */
export function newItem(store: Store, item: JsonObject): JsonObject {
  const id = store.nextId()
  const at = stamp(store.now())
  return { ...item, id, etag: `"${id}-0001"`, created_at: at, updated_at: at }
}

/**
 * What an update makes of a record. An item without id is *appended*, one with id is updated, one with `_destroy` goes;
 * items that the update does not name stay.
 */
export function merged(store: Store, resource: Resource, before: JsonObject, patch: JsonObject): JsonObject {
  const after: JsonObject = { ...before }
  for (const [name, value] of Object.entries(patch)) {
    const old = before[name]
    if (Array.isArray(value) && value.every(isObject)) {
      after[name] = mergedItems(store, Array.isArray(old) ? old : [], value, name, refOf(resource, name) !== null)
    } else if (isObject(value) && value._destroy === true) {
      after[name] = null
    } else if (isObject(value) && isObject(old) && !('id' in value)) {
      after[name] = { ...old, ...value }
    } else {
      after[name] = value
    }
  }
  return after
}

function mergedItems(
  store: Store,
  old: readonly Json[],
  changes: readonly JsonObject[],
  path: string,
  refs: boolean,
): Json[] {
  const items = [...old]
  for (const { _destroy, ...change } of changes) {
    const index = items.findIndex(
      item => isObject(item) && change.id !== undefined && String(item.id) === String(change.id),
    )
    const found = items[index]
    if (isObject(found)) {
      if (_destroy === true) items.splice(index, 1)
      else items[index] = { ...found, ...change, id: found.id ?? null, updated_at: stamp(store.now()) }
    } else if (change.id === undefined) items.push(newItem(store, change))
    else if (!refs) throw notFound(`${path} with id ${String(change.id)}`)
    else if (_destroy !== true) items.push(change)
  }
  return items
}
