import { isObject, type Json, type JsonObject } from '../json.ts'
import {
  bodyShape,
  type Field,
  fieldOf,
  isShape,
  itemOf,
  type Kind,
  type Resource,
  refOf,
  resourceNamed,
  type Shape,
  type Target,
} from './contract/index.ts'
import { convert, numberOf } from './convert.ts'
import { customFieldValues } from './custom-fields.ts'
import { durationSeconds } from './duration.ts'
import { type Clio, Park } from './intent.ts'
import { type Id, resolve } from './resolve.ts'

/** Keys in seconds that people write as durations (`1h 30m`). */
const durations = new Set(['activities.quantity', 'tasks.time_estimated'])

/**
 * Makes the body of a create or update from what a rule says: names become ids, values take the contract's types, custom fields
 * are found by name. Throws `Park` when something cannot be written, before any call.
 * @param existing the record's custom field values, for an update: they are changed by their own ids.
 */
export async function compose(
  name: string,
  verb: 'create' | 'update',
  values: JsonObject,
  clio: Clio,
  existing: readonly JsonObject[] = [],
): Promise<JsonObject> {
  const resource = resourceNamed(name)
  const shape = resource && bodyShape(resource, verb)
  if (!resource || !shape) throw new Park(`Clio does not let anybody ${verb} ${name}.`)
  const { custom_fields: customFields, ...rest } = values
  const body = await new Composer(name, resource, clio).object(rest, shape, '')
  if (isObject(customFields)) {
    const parent = name === 'matters' ? 'Matter' : 'Contact'
    const written = await customFieldValues(parent, customFields, existing, clio)
    if (written.length > 0) body.custom_field_values = [...((body.custom_field_values as Json[]) ?? []), ...written]
  }
  if (verb === 'create') completed(name, resource, shape, body)
  return body
}

class Composer {
  readonly #name: string
  readonly #resource: Resource
  readonly #clio: Clio
  /** The body so far, for names that depend on it. */
  #body: JsonObject = {}

  constructor(name: string, resource: Resource, clio: Clio) {
    this.#name = name
    this.#resource = resource
    this.#clio = clio
  }

  async object(values: JsonObject, shape: Shape, path: string): Promise<JsonObject> {
    const made: JsonObject = {}
    if (path === '') this.#body = made
    for (const [key, value] of Object.entries(values)) {
      const inner = fieldOf(shape, key)
      const place = path ? `${path}.${key}` : key
      if (inner === null) throw new Park(`${this.#name}.${place}: Clio has no such key here.`)
      made[key] = await this.#value(value, inner, place)
    }
    return made
  }

  async #value(value: Json, field: Field, path: string): Promise<Json> {
    const item = itemOf(field)
    if (item !== null) {
      const items = Array.isArray(value) ? value : [value]
      return Promise.all(items.map(one => this.#value(one, item, path)))
    }
    const place = `${this.#name}.${path}`
    const type = isObject(value) && typeof value.type === 'string' ? value.type : undefined
    const target = refOf(this.#resource, path, type)
    if (isShape(field)) {
      if (target) return this.#reference(value, target, field, path)
      if (!isObject(value)) throw new Park(`${place} wants an object with ${Object.keys(field).join(', ')}.`)
      return this.object(value, field, path)
    }
    if (target) return resolve(target.resource, value, place, this.#body, this.#clio)
    const seconds = durations.has(place) && numberOf(value) === null ? durationSeconds(String(value)) : null
    return convert(seconds ?? value, field as Kind, place, this.#clio.timezone)
  }

  /** `{id}`, with the `type` that Clio wants where it could be of several. Other keys that stand beside it are kept. */
  async #reference(value: Json, target: Target, shape: Shape, path: string): Promise<JsonObject> {
    const { id, type: _type, name, ...beside } = isObject(value) ? value : {}
    // A step's output has more keys than Clio knows here.
    const known = Object.fromEntries(Object.entries(beside).filter(([key]) => fieldOf(shape, key) !== null))
    const kept = await this.object(known, shape, path)
    const wanted = isObject(value) ? (id ?? name ?? null) : value
    const place = `${this.#name}.${path}`
    const found =
      isObject(value) && id !== undefined && id !== null
        ? (id as Id)
        : await resolve(target.resource, wanted as Json, place, this.#body, this.#clio)
    return { id: found, ...(target.type !== null && fieldOf(shape, 'type') !== null && { type: target.type }), ...kept }
  }
}

/** Refuses a body that Clio would refuse for a missing key, and adds what everybody means. */
function completed(name: string, resource: Resource, shape: Shape, body: JsonObject): void {
  // Clio's specification wants a description of every task; most people mean the name.
  if (name === 'tasks') body.description ??= body.name ?? null
  const missing = Object.keys(shape)
    .filter(key => key.endsWith('!'))
    .map(key => key.slice(0, -1))
    .filter(key => body[key] === undefined || body[key] === null)
  if (missing.length > 0) throw new Park(`${name} cannot be created: ${missing.join(', ')} came out empty.`)
  for (const { when, oneOf } of resource.require ?? []) {
    const [key, word] = when?.split('=') ?? []
    if (key && body[key] !== word) continue
    if (oneOf.every(one => body[one] === undefined || body[one] === null)) {
      throw new Park(`${name} cannot be created: ${oneOf.join(' or ')} is needed, and came out empty.`)
    }
  }
}
