import { type Resource, refOf } from '../../clio/contract/index.ts'
import type { Json, JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { notFound } from '../http.ts'
import type { Row, Store } from './store.ts'

/** Which record a reference names. */

/** References that only answers have, so that no body of the contract tells what they name. */
const onlyRead: Readonly<Record<string, string>> = {
  activity: 'activities',
  assigner: 'users',
  author: 'users',
  client: 'contacts',
  contact: 'contacts',
  creator: 'users',
  matter: 'matters',
  user: 'users',
}

/** The resource that a reference at `path` names; null when nothing says so. */
function targetOf(resource: Resource, path: string, value: Json | undefined): string | null {
  const type = isObject(value) && typeof value.type === 'string' ? value.type : undefined
  return refOf(resource, path, type)?.resource ?? onlyRead[path.split('.').at(-1) ?? path] ?? null
}

export function refRow(store: Store, resource: Resource, path: string, value: Json | undefined): Row | undefined {
  const target = targetOf(resource, path, value)
  return target !== null && isObject(value) ? store.get(target, value.id) : undefined
}

/** Throws 404 when a body names a record that is not there. */
export function checkRefs(store: Store, resource: Resource, data: JsonObject, path = ''): void {
  for (const [name, value] of Object.entries(data)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isObject(item)) {
        if (item.id !== undefined) checkRef(store, resource, path + name, item, item.id)
        checkRefs(store, resource, item, `${path}${name}.`)
      } else if (/_ids?$/.test(name)) checkRef(store, resource, path + name, data, item)
    }
  }
}

function checkRef(store: Store, resource: Resource, path: string, beside: JsonObject, id: Json): void {
  if (id === null) return
  const target = refOf(resource, path, typeof beside.type === 'string' ? beside.type : undefined)
  if (target && !store.get(target.resource, id)) throw notFound(`${path} with id ${String(id)}`)
}
