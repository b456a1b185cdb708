import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { durationSeconds } from '../../lib/time/duration.ts'
import { type Clio, Park } from '../../model/intent.ts'
import {
  bodyShape,
  type Field,
  fieldOf,
  isShape,
  itemOf,
  type Kind,
  keyOf,
  type Resource,
  refOf,
  resourceNamed,
  type Shape,
  type Target,
} from '../contract/index.ts'
import { convert, isAbsent, isDuration, numberOf } from './convert.ts'
import { customFieldValues } from './custom-fields.ts'
import { resolve } from './resolve.ts'

/**
 * Makes the body of a create or update from what a rule says: names become ids, values take the contract's types, custom fields
 * are found by name. Throws `Park` when something cannot be written, before any write. Of an update, `custom_fields` are no part:
 * how they are written depends on what stands (`customFieldValues`).
 */
export async function compose(
  name: string,
  verb: 'create' | 'update',
  values: JsonObject,
  clio: Clio,
): Promise<JsonObject> {
  const resource = resourceNamed(name)
  const shape = resource && bodyShape(resource, verb)
  if (!resource || !shape) throw new Park(`Clio does not let anybody ${verb} ${name}.`)
  const { custom_fields: customFields, ...rest } = values
  const body = await new Composer(name, resource, clio, rest).object(rest, shape, '')
  if (verb === 'update') return body
  if (customFields !== undefined) {
    const written = await customFieldValues(name, customFields, [], clio)
    if (written.length > 0) body.custom_field_values = [...((body.custom_field_values as Json[]) ?? []), ...written]
  }
  completed(name, resource, shape, body)
  return body
}

class Composer {
  readonly #name: string
  readonly #resource: Resource
  readonly #clio: Clio
  readonly #values: JsonObject
  /** The body so far, for names that depend on it. */
  #body: JsonObject = {}

  constructor(name: string, resource: Resource, clio: Clio, values: JsonObject) {
    this.#name = name
    this.#resource = resource
    this.#clio = clio
    this.#values = values
  }

  async object(values: JsonObject, shape: Shape, path: string): Promise<JsonObject> {
    const made: JsonObject = {}
    if (path === '') this.#body = made
    const place = (key: string) => (path ? `${path}.${key}` : key)
    const depends = (key: string) => Number(this.#depends(place(key)))
    for (const key of Object.keys(values).sort((a, b) => depends(a) - depends(b))) {
      const inner = fieldOf(shape, key)
      if (inner === null) throw new Park(`${this.#name}.${place(key)}: Clio has no such key here.`)
      if (!isEmpty(values[key]!) && !isAbsent(values[key]!, inner))
        made[key] = await this.#value(values[key]!, inner, place(key))
    }
    return made
  }

  /** True when the name there means different records, depending on others of the body: a stage is one of its practice area's. */
  #depends(path: string): boolean {
    const names = resourceNamed(refOf(this.#resource, path)?.resource ?? '')?.names
    return Object.values(names?.query ?? {}).some(template => template.startsWith('='))
  }

  async #value(value: Json, field: Field, path: string): Promise<Json> {
    const item = itemOf(field)
    if (item !== null) {
      const items = (Array.isArray(value) ? value : [value]).filter(one => !isEmpty(one))
      return Promise.all(items.map(one => this.#value(one, item, path)))
    }
    const place = `${this.#name}.${path}`
    const target = this.#target(value, path)
    if (isShape(field)) {
      if (target) return this.#reference(value, target, field, path)
      if (!isObject(value))
        throw new Park(
          `${place} wants an object with ${Object.keys(field)
            .map(key => keyOf(key).name)
            .join(', ')}.`,
        )
      return this.object(value, field, path)
    }
    if (target) return resolve(target.resource, value, place, this.#body, this.#clio)
    return convert(this.#seconds(value, place) ?? value, field as Kind, place, this.#clio)
  }

  /** Seconds, of a duration as people write it. A number in a text has no unit: `2` of an hour's work would be billed as two seconds. */
  #seconds(value: Json, place: string): number | null {
    if (typeof value !== 'string' || !isDuration(place, this.#values.type)) return null
    const seconds = durationSeconds(value)
    if (seconds === null && numberOf(value) !== null)
      throw new Park(
        `${place} wants a duration with its unit, such as 1h 30m; a number of seconds is written {{ int(…) }}.`,
      )
    return seconds
  }

  /** What the record at a path is of: as a step's output knows, or as the `type` beside the id says. */
  #target(value: Json, path: string): Target | null {
    const ref = this.#resource.refs?.[path]
    const { type, resource: made } = isObject(value) ? value : {}
    if (ref === undefined || typeof ref === 'string' || (type === undefined && made === undefined))
      return refOf(this.#resource, path)
    const word =
      made === undefined ? (answered[String(type)] ?? String(type)) : Object.keys(ref).find(each => ref[each] === made)
    const target = word === undefined ? null : refOf(this.#resource, path, word)
    if (target) return target
    const kinds = [...new Set(Object.values(ref))].join(' or ')
    throw new Park(`${this.#name}.${path} wants a record of ${kinds}, not of ${made ?? 'another type'}.`)
  }

  /** `{id}`, with the `type` that Clio wants where it could be of several. Other keys that stand beside it are kept. */
  async #reference(value: Json, target: Target, shape: Shape, path: string): Promise<JsonObject> {
    const { id: _id, type: _type, name: _name, ...beside } = isObject(value) ? value : {}
    // A step's output has more keys than Clio knows here.
    const known = Object.fromEntries(Object.entries(beside).filter(([key]) => fieldOf(shape, key) !== null))
    const kept = await this.object(known, shape, path)
    const found = await resolve(target.resource, value, `${this.#name}.${path}`, this.#body, this.#clio)
    return { id: found, ...(target.type !== null && fieldOf(shape, 'type') !== null && { type: target.type }), ...kept }
  }
}

/** Words that answers have for what bodies name otherwise. */
const answered: Readonly<Record<string, string>> = {
  Person: 'Contact',
  Company: 'Contact',
  UserCalendar: 'Calendar',
  AccountCalendar: 'Calendar',
  AdhocCalendar: 'Calendar',
}

const isEmpty = (value: Json): boolean => value === null || (typeof value === 'string' && value.trim() === '')

/** Refuses a body that Clio would refuse for a missing key, and adds what everybody means. */
function completed(name: string, resource: Resource, shape: Shape, body: JsonObject): void {
  // Clio's specification wants a description of every task; most people mean the name.
  if (name === 'tasks' && body.name !== undefined) body.description ??= body.name
  // A person's name is what Clio makes of its parts: another one would never be read back.
  if (name === 'contacts' && body.type === 'Person') delete body.name
  const missing = Object.keys(shape)
    .filter(key => key.endsWith('!'))
    .map(key => key.slice(0, -1))
    .filter(key => body[key] === undefined || body[key] === null)
  if (missing.length > 0)
    throw new Park(`${name} cannot be created: ${missing.join(', ')} came out empty.`, 'empty-value')
  for (const { when, oneOf } of resource.require ?? []) {
    const [key, word] = when?.split('=') ?? []
    if (key && body[key] !== word) continue
    if (oneOf.every(one => body[one] === undefined || body[one] === null)) {
      throw new Park(`${name} cannot be created: ${oneOf.join(' or ')} is needed, and came out empty.`, 'empty-value')
    }
  }
}
