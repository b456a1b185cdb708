import type { Json, JsonObject } from '../json.ts'
import { booleanOf, dateOf, numberOf } from './convert.ts'
import { type Clio, Park } from './intent.ts'
import { list, resolve } from './resolve.ts'

/**
 * Custom fields by name -> Clio's `custom_field_values`. A value that stands already (`existing`, read with
 * `custom_field_values{id,field_name,value}`) is changed by its own id: Clio answers 422 to a second value of the same field.
 */
export async function customFieldValues(
  parent: 'Matter' | 'Contact',
  values: JsonObject,
  existing: readonly JsonObject[],
  clio: Clio,
): Promise<JsonObject[]> {
  const written: JsonObject[] = []
  for (const [name, value] of Object.entries(values)) {
    const field = await fieldNamed(parent, name, clio)
    const text = await fieldValue(field, name, value, clio)
    const stands = existing.find(one => plain(one.field_name) === plain(name))
    if (stands) {
      if (String(stands.value ?? '') !== text) written.push({ id: stands.id ?? null, value: text })
    } else written.push({ custom_field: { id: field.id ?? null }, value: text })
  }
  return written
}

async function fieldNamed(parent: string, name: string, clio: Clio): Promise<JsonObject> {
  let fields: JsonObject[] = []
  for (const age of [60 * 60_000, 30_000]) {
    fields = (await list('custom_fields', clio, age)).filter(field => field.parent_type === parent)
    const found = fields.filter(field => plain(field.name) === plain(name))
    if (found.length > 1)
      throw new Park(`Several custom fields of ${parent}s are called “${name}”: rename one of them in Clio.`)
    if (found[0]) return found[0]
  }
  const known = fields.map(field => field.name).join(', ')
  throw new Park(`Clio has no custom field “${name}” for ${parent}s.${known && ` It has: ${known}.`}`)
}

/** The text that Clio keeps for a value of that field. */
async function fieldValue(field: JsonObject, name: string, value: Json, clio: Clio): Promise<string> {
  const wrong = (wants: string) =>
    new Park(`Custom field “${name}” wants ${wants}; what the rule made of this event is not one.`)
  const known = <T>(made: T | null, wants: string): T => {
    if (made === null) throw wrong(wants)
    return made
  }
  switch (field.field_type) {
    case 'picklist': {
      const options = (Array.isArray(field.picklist_options) ? field.picklist_options : []) as JsonObject[]
      const option = options.find(one => plain(one.option) === plain(value))
      if (!option) throw wrong(`one of ${options.map(one => one.option).join(', ')}`)
      return String(option.id)
    }
    case 'checkbox':
      return String(known(booleanOf(value), 'yes or no'))
    case 'date':
      return known(dateOf(String(value), clio.timezone), 'a date (YYYY-MM-DD)')
    case 'currency':
    case 'numeric': {
      const bare = typeof value === 'string' ? value.replace(/^\s*[^\d.-]{0,3}\s*/, '') : value
      return String(known(numberOf(bare), 'a number'))
    }
    case 'contact':
      return String(await resolve('contacts', value, `Custom field “${name}”`, {}, clio))
    case 'matter':
      return String(await resolve('matters', value, `Custom field “${name}”`, {}, clio))
    default:
      return Array.isArray(value) ? value.map(String).join(', ') : String(value)
  }
}

const plain = (value: Json | undefined) =>
  String(value ?? '')
    .trim()
    .toLowerCase()
