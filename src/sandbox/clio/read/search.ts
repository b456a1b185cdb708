import type { Json } from '../../../lib/json.ts'
import { isObject } from '../../../lib/json.ts'
import type { Row, Store } from '../store.ts'
import { valueAt } from './view.ts'

/** What `query=` looks at: a substring of the literal text, so `(212) 555-0100` is not found by `2125550100`. */

type Texts = (row: Row, store: Store) => readonly (Json | undefined)[]

function every(list: Json | undefined, ...keys: readonly string[]): (Json | undefined)[] {
  return Array.isArray(list) ? list.filter(isObject).flatMap(item => keys.map(key => item[key])) : []
}

const sources: Readonly<Record<string, Texts>> = {
  contacts: (row, store) => [
    valueAt(store, row, 'name'),
    row.data.title,
    ...every(row.data.email_addresses, 'address'),
    ...every(row.data.phone_numbers, 'number'),
    ...every(row.data.addresses, 'street', 'city', 'province', 'postal_code'),
    ...every(row.data.custom_field_values, 'value'),
    isObject(row.data.company) ? store.get('contacts', row.data.company.id)?.data.name : null,
  ],
  // Not client_reference: readable, but not searched.
  matters: (row, store) => {
    const client = isObject(row.data.client) ? store.get('contacts', row.data.client.id) : undefined
    return [
      row.data.display_number,
      row.data.number,
      row.data.description,
      client ? valueAt(store, client, 'name') : null,
    ]
  },
  tasks: row => [row.data.name, row.data.description],
  notes: row => [row.data.subject, row.data.detail],
  activities: row => [row.data.note],
}

const allTexts: Texts = (row, store) => [
  valueAt(store, row, 'name'),
  ...Object.values(row.data).filter(value => typeof value === 'string'),
]

export function finds(row: Row, store: Store, query: string): boolean {
  const wanted = query.toLowerCase()
  const texts = (sources[row.resource] ?? allTexts)(row, store)
  return texts.some(text => text !== undefined && text !== null && String(text).toLowerCase().includes(wanted))
}
