import { isShape, type Resource } from '../../../clio/contract/index.ts'
import type { Json, JsonObject } from '../../../lib/json.ts'
import { isObject } from '../../../lib/json.ts'
import type { Row, Store } from '../store.ts'
import { keysOf } from './shape.ts'
import { valueAt } from './view.ts'

/** What a query parameter of a list call keeps. */

export type Filter = (row: Row, store: Store, value: string) => boolean

const id = (value: Json | undefined): string => String(isObject(value) ? value.id : value)
const same = (value: Json | undefined, wanted: string): boolean =>
  value !== undefined && value !== null && String(value).toLowerCase() === wanted.toLowerCase()
const items = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

function compare(value: Json | undefined, operator: string, wanted: string): boolean {
  if (value === undefined || value === null || value === '') return false
  const numbers = Number.isFinite(Number(value)) && Number.isFinite(Number(wanted))
  const left = numbers ? Number(value) : String(value).toLowerCase()
  const right = numbers ? Number(wanted) : wanted.toLowerCase()
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  if (operator === '>') return left > right
  if (operator === '>=') return left >= right
  return left === right
}

/** Days compare as days, times as times. */
function moment(value: Json | undefined): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}

const property =
  (key: 'name' | 'value'): Filter =>
  (row, _store, value) =>
    items(row.data.external_properties).some(item => item[key] === value)

/** Parameters whose meaning their name does not tell. */
const special: Readonly<Record<string, Filter>> = {
  'ids[]': (row, _store, value) => String(row.id) === value,
  'exclude_ids[]': (row, _store, value) => String(row.id) !== value,
  created_since: (row, _store, value) => moment(row.createdAt) >= moment(value),
  updated_since: (row, _store, value) => moment(row.updatedAt) >= moment(value),
  external_property_name: property('name'),
  external_property_value: property('value'),
  // A calendar shows what overlaps the span.
  from: (row, _store, value) => moment(row.data.end_at) >= moment(value),
  to: (row, _store, value) => moment(row.data.start_at) <= moment(value),
  start_date: (row, _store, value) => String(row.data.date) >= value.slice(0, 10),
  end_date: (row, _store, value) => String(row.data.date) <= value.slice(0, 10),
  complete: (row, _store, value) => String(row.data.status === 'complete') === value,
  calendar_id: (row, _store, value) => id(row.data.calendar_owner) === value,
  is_all_day: (row, _store, value) => String(row.data.all_day === true) === value,
  client_only: (row, store, value) => value !== 'true' || valueAt(store, row, 'is_client') === true,
  email_only: (row, _store, value) => value !== 'true' || items(row.data.email_addresses).length > 0,
  initial: (row, store, value) =>
    String(valueAt(store, row, 'name'))
      .toUpperCase()
      .startsWith(value),
  name: (row, store, value) =>
    String(valueAt(store, row, 'name'))
      .toLowerCase()
      .includes(value.toLowerCase()),
  owner: (row, _store, value) => value !== 'true' || row.data.permission === 'owner',
  writeable: (row, _store, value) => value !== 'true' || ['owner', 'editor'].includes(String(row.data.permission)),
  enabled: (row, _store, value) => String(row.data.enabled ?? !row.data.deleted_at) === value,
  show_uncompleted: () => true,
  include_deleted: () => true,
}

/** `due_at_from`, `issued_after`: a bound on the key before the suffix. */
const bounds: readonly (readonly [suffix: string, operator: string])[] = [
  ['_from', '>='],
  ['_to', '<='],
  ['_after', '>='],
  ['_before', '<='],
]

/** The filter behind a parameter, or undefined when the sandbox takes it and does nothing. */
export function filterOf(resource: Resource, parameter: string): Filter | undefined {
  const known = special[parameter]
  if (known) return known
  const keys = keysOf(resource.read)
  const field = /^custom_field_values\[(\d+)\]$/.exec(parameter)?.[1]
  if (field) return customField(field)
  const bare = parameter.replace(/\[\]$/, '')
  if (keys.get(bare)?.type === 'date' && parameter.endsWith('[]')) return dated(bare)
  for (const [suffix, operator] of bounds) {
    const key = [bare.slice(0, -suffix.length), `${bare.slice(0, -suffix.length)}_at`].find(name => keys.has(name))
    if (bare.endsWith(suffix) && key) return (row, store, value) => compare(valueAt(store, row, key), operator, value)
  }
  if (bare.endsWith('_present') && keys.has(bare.slice(0, -8))) {
    return (row, store, value) => String(Boolean(valueAt(store, row, bare.slice(0, -8)))) === value
  }
  if (bare.endsWith('_id')) return reference(resource, bare.slice(0, -3))
  if (bare.endsWith('_type') && isShape(keys.get(bare.slice(0, -5))?.type ?? null)) {
    return (row, _store, value) => same(nestedType(row.data[bare.slice(0, -5)]), value)
  }
  if (keys.has(bare)) return (row, store, value) => same(valueAt(store, row, bare) ?? false, value)
  const plural = bare === 'statuses' ? 'status' : bare.replace(/s$/, '')
  return keys.has(plural) ? (row, store, value) => same(valueAt(store, row, plural), value) : undefined
}

function nestedType(value: Json | undefined): Json | undefined {
  return isObject(value) ? value.type : undefined
}

/** `matter_id`; a task's `client_id` and `responsible_attorney_id` are its matter's. */
function reference(resource: Resource, name: string): Filter {
  const own = keysOf(resource.read).has(name) || keysOf(resource.read).has(`${name}_id`)
  return (row, store, value) => {
    if (own) return id(valueAt(store, row, name)) === value
    const direct = row.data[name] ?? row.data[`${name}_id`]
    if (direct !== undefined && direct !== null) return id(direct) === value
    const matter = isObject(row.data.matter) ? store.get('matters', row.data.matter.id) : undefined
    return matter !== undefined && id(matter.data[name]) === value
  }
}

/** `custom_field_values[12]==Google`: the operator stands in front of the value. */
function customField(field: string): Filter {
  return (row, _store, value) => {
    const [, operator = '=', wanted = ''] = /^(<=|>=|<|>|=)?(.*)$/s.exec(value) ?? []
    const item = items(row.data.custom_field_values).find(each => id(each.custom_field) === field)
    return compare(item?.value, operator, wanted)
  }
}

/** `open_date[]=>=2026-01-01` */
function dated(key: string): Filter {
  return (row, store, value) => {
    const [, operator = '=', wanted = ''] = /^(<=|>=|<|>|=)?(.*)$/s.exec(value) ?? []
    return compare(valueAt(store, row, key), operator, wanted)
  }
}
