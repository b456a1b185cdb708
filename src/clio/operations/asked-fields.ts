import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Clio } from '../../model/intent.ts'
import { type Fields, fieldsAsked, fieldsText } from '../contract/fields.ts'
import { fieldOf, isShape, itemOf, type Shape } from '../contract/index.ts'
import { booleanOf, numberOf } from '../names/convert.ts'
import { list, listAge, retryAge } from '../names/resolve.ts'

/** What a step that reads asks of a record, and what it hands on of it. */

/** What `fields` may name besides Clio's own: custom fields by their names. */
const byName = 'custom_fields'
const values = 'custom_field_values'
/** What of a value tells its name and what it says. */
const parts = ['field_name', 'field_type', 'value']

/** What `fields` may name of a resource. */
export const askable = (read: Shape): Shape => (values in read ? { ...read, [byName]: 'json' } : read)

/** Every plain value, and id and name of what stands one level below. */
function plain(read: Shape): Fields {
  return new Map(
    Object.entries(read).flatMap(([key, shape]): [string, readonly string[] | null][] => {
      if (typeof shape === 'string') return [[key, null]]
      if (!isShape(shape) || !('id' in shape)) return []
      return [[key, 'name' in shape ? ['id', 'name'] : ['id']]]
    }),
  )
}

/** The text of `fields=` for a step. @param also what is needed of every record, where it has that */
export function fieldsFor(read: Shape, fields: string | undefined, also: readonly string[] = []): string {
  if (fields === undefined) return fieldsText(plain(read))
  const asked = new Map(fieldsAsked(fields))
  for (const key of ['id', ...also]) if (fieldOf(read, key) !== null && !asked.has(key)) asked.set(key, null)
  if (asked.delete(byName)) asked.set(values, [...new Set([...(asked.get(values) ?? ['id']), ...parts])])
  return fieldsText(asked)
}

/** What stands in a step's output, by the keys of the record; null: what is below is not known. */
export function told(read: Shape, fields: string | undefined): Fields {
  const asked = fields === undefined ? plain(read) : fieldsAsked(fields)
  return new Map(
    [...asked].map(([key, inner]) => {
      const field = fieldOf(read, key)
      // Clio answers id and etag of what is named without braces.
      const bare = field !== null && isShape(itemOf(field) ?? field)
      return [key, inner ?? (bare ? ['id', 'etag'] : null)]
    }),
  )
}

/** A record as a later step reads it. */
export async function output(
  resource: string,
  { [values]: standing, ...record }: JsonObject,
  fields: string | undefined,
  clio: Clio,
): Promise<JsonObject> {
  const asked = fieldsAsked(fields ?? '')
  return {
    ...record,
    ...(standing !== undefined && (fields === undefined || asked.has(values)) && { [values]: standing }),
    ...(asked.has(byName) && { [byName]: await named(Array.isArray(standing) ? standing.filter(isObject) : [], clio) }),
    resource,
    found: true,
  }
}

async function named(standing: readonly JsonObject[], clio: Clio): Promise<JsonObject> {
  const read = standing.map(async one => [String(one.field_name), await said(one, clio)] as const)
  return Object.fromEntries(await Promise.all(read))
}

async function said({ field_type: type, value = null }: JsonObject, clio: Clio): Promise<Json> {
  if (value === null || value === '') return null
  switch (type) {
    case 'checkbox':
      return booleanOf(value)
    case 'currency':
    case 'numeric':
      return numberOf(value)
    case 'picklist':
      return (await option(value, listAge, clio)) ?? (await option(value, retryAge, clio)) ?? value
    default:
      return value
  }
}

/** What a picklist calls the option that Clio answers the id of. */
async function option(value: Json, age: number, clio: Clio): Promise<Json | undefined> {
  const fields = await list('custom_fields', clio, age)
  const options = fields.flatMap(one => (Array.isArray(one.picklist_options) ? one.picklist_options : []))
  return options.filter(isObject).find(one => String(one.id) === String(value))?.option
}
