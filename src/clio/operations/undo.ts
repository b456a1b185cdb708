import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { ifUnchanged } from '../../model/call.ts'
import {
  type Clio,
  Park,
  type PastCall,
  Refused,
  recordOf,
  refusedBy,
  type Step,
  type Write,
} from '../../model/intent.ts'
import { fieldsOf, readable, says } from '../compare/compare.ts'
import { bodyShape, type Field, fieldOf, type Resource, resourceNamed } from '../contract/index.ts'
import { convert } from '../names/convert.ts'
import { standingValues } from '../names/custom-fields.ts'

/**
 * Takes one write of an earlier run back: what was made is deleted, what was changed is changed back. A record that somebody changed
 * since is left alone until a person says so: the step parks and remembers what stood there (`seen`), and goes on when that still
 * stands when it is resumed.
 */
export async function undo(write: Write, past: readonly PastCall[], clio: Clio): Promise<Step> {
  const { resource: name, record, method } = write
  const last = past.at(-1)
  if (last && (last.applied || (last.call.method === 'DELETE' && gone(last.status)))) return done(write)
  if (last) return refusedBy(last)
  const resource = resourceNamed(name)
  if (!resource) throw new Park(`Docketed does not know ${name} any more.`)
  const path = `${name}/${encodeURIComponent(record)}`
  const sent = readable(write.sent, resource)
  const values = write.sent.custom_field_values === undefined ? '' : `,${standingValues}`
  const fields = `etag,${fieldsOf(withIds(sent), resource)}${values}`
  let current: JsonObject
  try {
    current = recordOf(await clio.read({ method: 'GET', path, query: { fields } }))
  } catch (error) {
    if (error instanceof Refused && gone(error.status)) return done(write)
    throw error
  }
  const own = write.etag !== null && write.etag === current.etag
  const body = method === 'PATCH' ? backwards(write, current, own, resource) : null
  // Our own call may have landed although its answer was lost.
  if (body && Object.keys(body).length === 0) return done(write)
  const changed = !own && !mayStand(write, sent, current)
  if (changed && write.seen !== current.etag) {
    const what = method === 'POST' ? 'delete it' : 'change it back'
    const reason = `${name} ${record} was changed since. Resume to ${what} all the same, or discard to leave it as it is.`
    return { park: reason, code: 'changed-since', seen: String(current.etag) }
  }
  if (body) return { call: { method: 'PATCH', path, query: { fields: 'id,etag' }, body, ...ifUnchanged(current.etag) } }
  if (!resource.delete) throw new Park(`Clio lets nobody delete ${name}: ${record} stays.`, 'cannot-undo')
  return { call: { method: 'DELETE', path } }
}

/** Whether nobody else need have been there, where no etag tells: it says what was sent or, of what nobody knows whether it landed, what it said before. */
function mayStand({ etag, maybe = {} }: Write, sent: JsonObject, current: JsonObject): boolean {
  if (etag !== null && Object.keys(maybe).length === 0) return false
  return Object.entries(sent).every(
    ([key, value]) => says(value, current[key]) || (key in maybe && says(maybe[key]!, current[key])),
  )
}

/** What a write added is removed by the ids that it was given. */
function withIds(sent: JsonObject): JsonObject {
  const ids = (value: Json): Json =>
    Array.isArray(value) ? value.map(item => (isObject(item) ? { id: null, ...item } : item)) : value
  return Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, ids(value)]))
}

const gone = (status: number): boolean => status === 404 || status === 410

function done({ resource, record, method }: Write): Step {
  return { output: { id: record, resource, undone: method === 'POST' ? 'deleted' : 'changed back' } }
}

/** What has to be sent for the record to say what it said before. @param own nobody else has changed it since */
function backwards({ sent, before }: Write, current: JsonObject, own: boolean, resource: Resource): JsonObject {
  if (before === null) throw new Park('What stood there before is not known, so it cannot be put back.', 'cannot-undo')
  const body: JsonObject = {}
  for (const [key, value] of Object.entries(sent)) {
    if (!Array.isArray(value)) {
      // What Clio does not read back cannot be put back either.
      const was = earlier(before[key] ?? null, fieldOf(bodyShape(resource, 'update') ?? {}, key), key)
      if (key in resource.read && !says(was, current[key])) body[key] = was
      continue
    }
    const items =
      key === 'custom_field_values'
        ? valuesBack(value.filter(isObject), before[key], current[key], own)
        : addedItems(value, current[key])
    if (items.length > 0) body[key] = items
  }
  return body
}

/** As Clio wants it written: a record by its id alone, a word of its own in the spelling that it takes (it answers `Pending`). */
function earlier(value: Json, field: Field | null, key: string): Json {
  if (isObject(value)) return { id: value.id ?? null }
  return value === null || typeof field !== 'string'
    ? value
    : convert(value, field, key, { timezone: 'UTC', country: '' })
}

/** Items that the write added, as they stand now. */
function addedItems(sent: readonly Json[], current: Json | undefined): Json[] {
  const added = sent.filter(isObject).filter(item => item.id === undefined)
  const standing = (Array.isArray(current) ? current : []).filter(isObject)
  return added.flatMap(item => {
    const comparable = Object.fromEntries(Object.entries(item).filter(([key]) => standing.some(one => key in one)))
    const found = standing.find(one => says(comparable, one))
    return found ? [{ id: found.id ?? null, _destroy: true }] : []
  })
}

/**
 * Values of custom fields: those that came are removed, those that changed say what they said. An answer does not tell the field of a value:
 * where somebody else may have set one, too, ours is the one that says what was sent.
 */
function valuesBack(
  sent: readonly JsonObject[],
  before: Json | undefined,
  current: Json | undefined,
  own: boolean,
): Json[] {
  const were = (Array.isArray(before) ? before : []).filter(isObject)
  return (Array.isArray(current) ? current : []).filter(isObject).flatMap((value): Json[] => {
    const was = were.find(one => one.id === value.id)
    if (!was && (own || sent.some(one => one.id === undefined && says(one.value ?? null, value.value))))
      return [{ id: value.id ?? null, _destroy: true }]
    if (!was || String(was.value) === String(value.value) || !sent.some(one => one.id === value.id)) return []
    return [{ id: value.id ?? null, value: was.value ?? null }]
  })
}
