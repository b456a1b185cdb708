import type { Route } from '../../clio/contract/route.ts'
import type { JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { notFound } from '../http.ts'
import type { Context } from './quirk.ts'
import { valueAt } from './read/view.ts'
import type { Row } from './store.ts'

/** Lists below one record: `documents/{id}/versions`, `contacts/{contact_id}/email_addresses`, `matters/{matter_id}/client`. */

/** Where a nested list is not simply the parent's key of the same name. */
const keys: Readonly<Record<string, string>> = { 'documents/{id}/versions': 'document_versions' }

/** Throws 404 when the parent is not there. Empty when nothing of the kind was ever made. */
export function nestedRows(route: Route, context: Context): Row[] {
  const { store } = context
  if (!route.parent) return []
  const parent = store.get(route.parent.name, route.parent.id)
  if (!parent) throw notFound(`${route.parent.name} with id ${route.parent.id}`)
  if (route.name === 'matters/{matter_id}/contacts') return [...client(parent, context), ...related(parent, context)]
  if (route.name === 'matters/{matter_id}/related_contacts') return related(parent, context)
  if (route.name === 'matters/{matter_id}/client') return client(parent, context)
  const items = valueAt(store, parent, keys[route.name] ?? route.name.split('/').at(-1) ?? '')
  return Array.isArray(items) ? items.filter(isObject).map(item => rowOf(item, parent)) : []
}

function rowOf(item: JsonObject, parent: Row): Row {
  const { id, ...data } = item
  const own = typeof id === 'number' || typeof id === 'string' ? id : 0
  return { ...parent, resource: '', id: own, version: 1, data }
}

function client(matter: Row, { store }: Context): Row[] {
  const row = isObject(matter.data.client) ? store.get('contacts', matter.data.client.id) : undefined
  return row ? [row] : []
}

function related(matter: Row, { store }: Context): Row[] {
  return store
    .all('relationships')
    .filter(({ data }) => isObject(data.matter) && data.matter.id === matter.id)
    .flatMap(({ data }) => (isObject(data.contact) ? (store.get('contacts', data.contact.id) ?? []) : []))
}
