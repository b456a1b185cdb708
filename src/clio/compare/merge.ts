import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { bodyShape, fieldOf, type Resource, resourceNamed } from '../contract/index.ts'
import { plainEmail } from '../people/contact.ts'
import { dialled } from '../people/telephone.ts'
import { readable, says } from './compare.ts'

/** What a record lacks of what a body says. A PATCH that names an item without its id *adds* it, so what is there is left out. */

/** Marks of the one default among several: whoever set the one that stands meant it. */
const defaults = ['default_email', 'default_number', 'default_web_site']

/** What tells a postal address from another: Clio spells countries and states its own way. */
const telling: Readonly<Record<string, readonly string[]>> = { addresses: ['street', 'postal_code'] }

/**
 * What an update has to send so that the record says what the body says. `fill`: only what stands blank, and lists only when they are
 * empty. `extend`: also items that it does not have. `replace`: plain values and references too. Never blanks anything, never turns a Company into a Person, never touches
 * what Clio does not show. Custom field values are not looked at.
 * @param standing the record, read with the body's keys
 */
export function additions(
  body: JsonObject,
  standing: JsonObject,
  existing: 'fill' | 'extend' | 'replace',
  name: string,
  country: string,
): JsonObject {
  const resource = resourceNamed(name)!
  const shape = bodyShape(resource, 'update') ?? {}
  const seen = readable(body, resource)
  const change: JsonObject = {}
  for (const [key, value] of Object.entries(body)) {
    const stands = standing[key]
    if (key === 'type' || key === 'custom_field_values' || !(key in seen) || fieldOf(shape, key) === null) continue
    if (Array.isArray(value)) {
      if (existing === 'fill' && hasItems(stands)) continue
      const added = missing(key, value, stands, resource, country)
      if (added.length > 0) change[key] = added
    } else if (stands === null || stands === undefined || stands === '') change[key] = value
    else if (existing === 'replace' && !says(seen[key]!, stands) && (!isObject(value) || 'id' in value))
      change[key] = value
  }
  return change
}

const hasItems = (stands: Json | undefined): boolean => Array.isArray(stands) && stands.length > 0

/**
 * What a body says that the record does not, and that `change` does not write either: shown to people, who decide.
 * @param standing the record, read with the body's keys; plain values are only compared with what was read (`etag`)
 */
export function offeredTo(
  body: JsonObject,
  standing: JsonObject,
  change: JsonObject,
  name: string,
  country: string,
): JsonObject {
  const resource = resourceNamed(name)!
  const seen = readable(body, resource)
  const offered: JsonObject = {}
  for (const [key, value] of Object.entries(body)) {
    if (key === 'type' || key === 'custom_field_values' || !(key in seen) || key in change) continue
    const stands = standing[key]
    if (Array.isArray(value)) {
      const items = missing(key, value, stands, resource, country)
      if (items.length > 0) offered[key] = items
    } else if (typeof stands === 'string' && (standing.etag ?? null) !== null && !says(seen[key]!, stands))
      offered[key] = value
  }
  return offered
}

/** Lists in which the record says something, and nothing of what the body says: another e-mail address may be another person's. */
export function contradicted(body: JsonObject, standing: JsonObject, name: string, country: string): string[] {
  if (name !== 'contacts') return []
  return ['email_addresses'].filter(key => {
    const [items, stands] = [body[key], standing[key]]
    if (!Array.isArray(items) || items.length === 0 || !hasItems(stands)) return false
    return missing(key, items, stands, resourceNamed(name)!, country).length === items.length
  })
}

/**
 * The body of an update without the items that the record has. Items that carry an id change what stands, and stay; so do custom
 * field values, of which an answer does not tell the field.
 */
export function missingItems(body: JsonObject, standing: JsonObject, name: string, country: string): JsonObject {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(body)) {
    if (!Array.isArray(value) || key === 'custom_field_values') kept[key] = value
    else {
      const [named, added] = [value.filter(hasId), value.filter(item => !hasId(item))]
      const items = [...named, ...missing(key, added, standing[key], resourceNamed(name)!, country)]
      if (items.length > 0) kept[key] = items
    }
  }
  return kept
}

const hasId = (item: Json) => isObject(item) && item.id !== undefined

/** Items of a list that do not stand there, each once. */
function missing(
  key: string,
  items: readonly Json[],
  stands: Json | undefined,
  resource: Resource,
  country: string,
): Json[] {
  const known: Json[] = Array.isArray(stands) ? [...stands] : []
  const taken = known.length > 0
  const added: Json[] = []
  for (const item of items) {
    if (known.some(other => same(key, item, other, resource, country))) continue
    known.push(item)
    added.push(isObject(item) && taken ? Object.fromEntries(Object.entries(item).filter(isPlain)) : item)
  }
  return added
}

const isPlain = ([name]: [string, Json]) => !defaults.includes(name)

function same(key: string, item: Json, other: Json, resource: Resource, country: string): boolean {
  if (!isObject(item) || !isObject(other)) return says(item, other)
  if (key === 'email_addresses') return plainEmail(String(item.address)) === plainEmail(String(other.address))
  if (key === 'phone_numbers') return dialled(item.number, country) === dialled(other.number, country)
  const [comparable] = (readable({ [key]: [item] }, resource)[key] ?? []) as JsonObject[]
  if (comparable === undefined) return false
  const told = Object.entries(comparable).filter(([name]) => telling[key]?.includes(name))
  return says(told.length > 0 ? Object.fromEntries(told) : comparable, other)
}

/** What stands under the keys that a change is about to write: what an undo puts back. */
export function beforehand(change: JsonObject, current: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(change).map(key => [key, current[key] ?? null]))
}
