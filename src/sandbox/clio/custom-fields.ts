import type { Json, JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { invalid } from '../http.ts'
import type { Row, Store } from './store.ts'

/**
 * Custom field values: made with `{custom_field: {id}, value}`, but changed only with the *value's own* id, a composite string
 * such as `text_line-1044`. A second value for a field that has one is refused.
 */

const items = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

function fieldOf(store: Store, item: JsonObject): Row | undefined {
  return isObject(item.custom_field) ? store.get('custom_fields', item.custom_field.id) : undefined
}

/** Checks the values of a record that is about to be stored, and gives new ones their ids. Throws 422. */
export function checkFieldValues(
  parent: 'Contact' | 'Matter',
  before: JsonObject | null,
  store: Store,
  after: JsonObject,
): JsonObject {
  if (after.custom_field_values === undefined) return after
  const old = new Set(items(before?.custom_field_values).map(item => String(item.id)))
  const taken = new Set<string>()
  const values = items(after.custom_field_values).map(item => {
    const field = fieldOf(store, item)
    if (!field) throw invalid('custom_field_values: the custom field does not exist.')
    if (field.data.parent_type !== parent) throw invalid(`Custom field "${field.data.name}" is not for a ${parent}.`)
    if (taken.has(String(field.id))) throw invalid(`A value for custom field "${field.data.name}" already exists.`)
    taken.add(String(field.id))
    checkValue(field, item.value)
    return old.has(String(item.id)) ? item : { ...item, id: `${field.data.field_type}-${item.id}` }
  })
  return { ...after, custom_field_values: values }
}

const forms: Readonly<Record<string, RegExp>> = {
  checkbox: /^(true|false)$/,
  currency: /^-?\d+(\.\d+)?$/,
  numeric: /^-?\d+(\.\d+)?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  time: /^\d{1,2}:\d{2}/,
  email: /^[^@\s]+@[^@\s]+$/,
  url: /^https?:\/\/\S+$/,
  contact: /^\d+$/,
  matter: /^\d+$/,
}

function checkValue(field: Row, value: Json | undefined): void {
  if (value === null || value === undefined || value === '') return
  const { field_type: type, name } = field.data
  const known =
    type === 'picklist' ? optionOf(field, value) !== undefined : (forms[String(type)]?.test(String(value)) ?? true)
  if (!known) throw invalid(`Value of custom field "${name}" is not a valid ${type}.`)
}

function optionOf(field: Row, value: Json | undefined): JsonObject | undefined {
  return items(field.data.picklist_options).find(option => String(option.id) === String(value))
}

/** Values as answers show them: with the field's name and type, and the chosen option. */
export function seenFieldValues(row: Row, store: Store): Json {
  return items(row.data.custom_field_values).map(item => {
    const field = fieldOf(store, item)
    const option = field && optionOf(field, item.value)
    return {
      ...item,
      field_name: field?.data.name ?? null,
      field_type: field?.data.field_type ?? null,
      field_required: field?.data.required ?? false,
      field_displayed: field?.data.displayed ?? true,
      field_display_order: field?.data.display_order ?? null,
      picklist_option: option ? { id: option.id ?? null, option: option.option ?? null } : null,
    }
  })
}
