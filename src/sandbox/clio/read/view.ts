import { type Field, isShape, type Resource, type Shape } from '../../../clio/contract/index.ts'
import type { Json, JsonObject } from '../../../lib/json.ts'
import { isObject } from '../../../lib/json.ts'
import { quirks } from '../quirks.ts'
import { refRow } from '../refs.ts'
import { etagOf, type Row, type Store } from '../store.ts'
import type { Fields } from './fields.ts'
import { isList, keysOf, words } from './shape.ts'

/** How a record reads in an answer. */

/** The value of a record's key: a stamp, a derived value, or what was written. */
export function valueAt(store: Store, row: Row, key: string): Json | undefined {
  const derived = quirks[row.resource]?.derived?.[key]
  if (derived) return derived(row, store)
  if (key === 'id') return row.id
  if (key === 'etag') return etagOf(row)
  if (key === 'created_at') return row.createdAt
  if (key === 'updated_at') return row.updatedAt
  return plain(row.data, key)
}

/** `matter_id` of `{matter: {id}}`, and `{id}` of `matter_id`. */
function plain(data: JsonObject, key: string): Json | undefined {
  if (data[key] !== undefined) return data[key]
  const object = key.endsWith('_id') ? data[key.slice(0, -3)] : undefined
  if (isObject(object)) return object.id
  const id = data[`${key}_id`]
  return id === undefined || id === null ? undefined : { id }
}

/** The answer's object: exactly the fields asked for. `fields` have been checked against the contract. */
export function project(store: Store, resource: Resource, row: Row, fields: Fields): JsonObject {
  const answer: JsonObject = {}
  for (const [name, inner] of fields) {
    const type = keysOf(resource.read).get(name)?.type ?? 'json'
    const derived = quirks[row.resource]?.derived?.[name] !== undefined
    answer[name] = shown(store, resource, name, type, valueAt(store, row, name), inner, derived)
  }
  return answer
}

function shown(
  store: Store,
  resource: Resource,
  path: string,
  type: Field,
  value: Json | undefined,
  inner: readonly string[] | null,
  derived: boolean,
): Json {
  if (isList(type)) {
    const items = Array.isArray(value) ? value : []
    return items.map(item => shown(store, resource, path, type[0], item, inner, derived))
  }
  if (isShape(type)) return isObject(value) ? nested(store, resource, path, type, value, inner) : null
  if (type === 'json' && inner && isObject(value)) return pick(value, inner)
  return derived ? (value ?? null) : spelled(type, value)
}

function nested(
  store: Store,
  resource: Resource,
  path: string,
  shape: Shape,
  value: JsonObject,
  inner: readonly string[] | null,
): JsonObject {
  const keys = keysOf(shape)
  const row = refRow(store, resource, path, value)
  const answer: JsonObject = {}
  for (const name of inner ?? ['id', 'etag'].filter(key => keys.has(key))) {
    const type = keys.get(name)?.type ?? 'json'
    const own = value[name]
    const read = row ? valueAt(store, row, name) : undefined
    const derived = row ? quirks[row.resource]?.derived?.[name] !== undefined : false
    // A person in `attendees` is a "Contact" there and a "Person" in `contacts`: the shape says which word fits.
    const fits = typeof own === 'string' && words(type)?.includes(own)
    const chosen = fits ? own : (read ?? own ?? plain(value, name))
    answer[name] = isList(type) || isShape(type) ? (chosen ?? null) : derived ? (chosen ?? null) : spelled(type, chosen)
  }
  return answer
}

function pick(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map(name => [name, value[name] ?? null]))
}

/** Clio's spelling of a stored value: a date without its time, an enum's word with its capitals, an id that is a string. */
function spelled(type: Field, value: Json | undefined): Json {
  if (type === 'boolean') return value ?? false
  if (value === undefined || value === null) return null
  if (type === 'date' && typeof value === 'string') return value.slice(0, 10)
  if (type === 'text' && typeof value === 'number') return String(value)
  if (typeof value === 'string') {
    return words(type)?.find(word => word.toLowerCase() === value.toLowerCase()) ?? value
  }
  return value
}
