import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { areRecords, inWords } from '../../lib/text/in-words.ts'
import { saysNothing } from '../../lib/text/nothing.ts'
import { type Clio, Park } from '../../model/intent.ts'
import { called } from './called.ts'
import { booleanOf, dateOf, numberOf } from './convert.ts'
import { list, listAge, resolve, retryAge } from './resolve.ts'

/** The `fields=` that reads what `standing` wants to know. */
export const standingValues = 'custom_field_values{id,field_name,value}'

const parents: Readonly<Record<string, 'Matter' | 'Contact'>> = { matters: 'Matter', contacts: 'Contact' }

/**
 * Custom fields by name -> Clio's `custom_field_values`. A value that stands already (`standing`, read with `standingValues`)
 * is changed by its own id: Clio answers 422 to a second value of the same field.
 */
export async function customFieldValues(
  resource: string,
  values: Json,
  standing: readonly JsonObject[],
  clio: Clio,
): Promise<JsonObject[]> {
  const parent = parents[resource]
  if (parent === undefined) throw new Park(`${resource}.custom_fields: only matters and contacts have custom fields.`)
  if (!isObject(values))
    throw new Park(`${resource}.custom_fields wants an object: names of fields, each with its value.`)
  const written: JsonObject[] = []
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === '') continue
    const { field, text } = clio.unasked ? unasked(name, value) : await fieldWith(parent, name, value, clio)
    const stands = standing.find(one => plain(one.field_name) === plain(name))
    if (text === null) continue
    if (!stands) written.push({ custom_field: { id: field.id ?? null }, value: text })
    else if (String(stands.value ?? '') !== text) written.push({ id: stands.id ?? null, value: text })
  }
  return written
}

const unasked = (name: string, value: Json): { field: JsonObject; text: string } => ({
  field: { id: name },
  text: typeof value === 'string' ? value : JSON.stringify(value),
})

/** The field of that name, and the text that Clio keeps for the value. What the kept list lacks is asked of Clio once more. */
async function fieldWith(parent: string, name: string, value: Json, clio: Clio) {
  try {
    return await fieldIn(parent, name, value, listAge, clio)
  } catch (error) {
    if (error instanceof Park) return fieldIn(parent, name, value, retryAge, clio)
    throw error
  }
}

async function fieldIn(parent: string, name: string, value: Json, age: number, clio: Clio) {
  const all = await list('custom_fields', clio, age)
  const fields = all.filter(field => field.parent_type === parent && field.deleted !== true)
  const [field, another] = fields.filter(one => plain(one.name) === plain(name))
  if (another)
    throw new Park(
      `Several custom fields of ${parent}s are called “${name}”: rename one of them in Clio.`,
      'ambiguous-name',
    )
  if (!field) {
    const known = fields.map(one => one.name).join(', ')
    throw new Park(`Clio has no custom field “${name}” for ${parent}s.${known && ` It has: ${known}.`}`, 'unknown-name')
  }
  return { field, text: await fieldValue(field, name, value, clio) }
}

/** What takes any text; a picklist may offer `None`. */
const texts = new Set(['text_line', 'text_area', 'picklist'])

/** Null for a value that says there is none. */
async function fieldValue(field: JsonObject, name: string, value: Json, clio: Clio): Promise<string | null> {
  const place = `Custom field “${name}”`
  const wrong = (wants: string) => new Park(`${place} wants ${wants}; what the rule made of this event is not one.`)
  const known = <T>(made: T | null, wants: string): T => {
    if (made === null) throw wrong(wants)
    return made
  }
  if (!texts.has(String(field.field_type)) && saysNothing(value)) return null
  switch (field.field_type) {
    case 'picklist': {
      const options = Array.isArray(field.picklist_options) ? field.picklist_options.filter(isObject) : []
      const offered = options.filter(one => !one.deleted_at)
      const [option, another] = called(offered, ['option'], String(value))
      if (!option && saysNothing(value)) return null
      if (!option || another) throw wrong(`one of ${offered.map(one => one.option).join(', ')}`)
      return String(option.id)
    }
    case 'checkbox':
      return String(known(booleanOf(value), 'yes or no'))
    case 'date':
      return known(dateOf(String(value), clio.timezone, clio.country), 'a date (YYYY-MM-DD)')
    case 'currency':
    case 'numeric': {
      return String(known(numberOf(value, field.field_type === 'currency'), 'a number'))
    }
    case 'contact':
      return String(await resolve('contacts', value, place, {}, clio))
    case 'matter':
      return String(await resolve('matters', value, place, {}, clio))
    default: {
      if (areRecords(value)) throw wrong('text')
      return inWords(value)
    }
  }
}

const plain = (value: Json | undefined) =>
  String(value ?? '')
    .normalize('NFC')
    .trim()
    .toLowerCase()
