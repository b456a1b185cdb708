import type { Remark } from '../../lib/path.ts'
import { everything } from './all.ts'
import { fieldRemarks, namesOf, notHere } from './fields.ts'
import { isRecordId, type Route, routeOf } from './route.ts'
import type { Resource } from './shapes/contract.ts'
import { keyOf } from './shapes/shape.ts'

/**
 * Whether Clio would understand a read: Clio answers 400 to a field that it does not know and ignores a filter that it does not know,
 * which then lists everything.
 */

export type AskedRead =
  /** `download`: the answer is a place in Clio's storage. */
  | { readonly kind: 'read'; readonly route: Route; readonly download: boolean }
  | { readonly kind: 'refused'; readonly remarks: readonly Remark[] }

/** Query keys of every list. */
const paging = ['limit', 'page_token', 'order']

/** @param path below `/api/v4/`, without `.json`; every part of it percent-encoded */
export function askedRead(path: string, query: URLSearchParams): AskedRead {
  const route = decodes(path) ? routeOf(path) : null
  if (route === null) return refused([{ path: 'path', message: unknownPath(path) }])
  const { resource, id, name, parent } = route
  const strange = [id, parent?.id].find(one => one !== undefined && one !== null && !isRecordId(one))
  if (strange !== undefined) return refused([{ path: 'path', message: noId }])
  if (id !== null && !resource.get) return refused([{ path: 'path', message: `Clio has no single ${name} to read.` }])
  if (id === null && !resource.list)
    return refused([{ path: 'path', message: `Clio has no list of ${name}; one is read as ${name}/{id}.` }])
  const remarks = [...fieldRemarks(query.get('fields'), resource.read), ...filterRemarks(query, resource, id !== null)]
  return remarks.length > 0 ? refused(remarks) : { kind: 'read', route, download: name.endsWith('/download') }
}

const refused = (remarks: readonly Remark[]): AskedRead => ({ kind: 'refused', remarks })

function decodes(path: string): boolean {
  try {
    return path.split('/').every(part => part !== '' && !/[/?#\\]|^\.\.?$/.test(decodeURIComponent(part)))
  } catch {
    return false
  }
}

const noId = 'The id of a record in Clio is a number. Who has only a name finds it with a list and its filters.'

function unknownPath(path: string): string {
  const [first = ''] = path.split('/')
  const roots = [...new Set(Object.keys(everything).map(name => name.split('/')[0]!))]
  if (!roots.includes(first)) return notHere(first, roots)
  const below = Object.keys(everything).filter(name => name.startsWith(`${first}/`))
  return `Clio serves nothing at this path.${below.length > 0 ? ` Below ${first} there is ${below.join(', ')}.` : ''}`
}

function filterRemarks(query: URLSearchParams, { list = {}, order, one }: Resource, single: boolean): Remark[] {
  const known = single ? ['custom_field_ids[]'] : [...namesOf(list), ...(one ? [] : paging)]
  const remarks = [...new Set(query.keys())]
    .filter(key => key !== 'fields' && !known.includes(key) && !known.includes(key.replace(/\[\d+\]$/, '')))
    .map(key => ({ path: key, message: notHere(key, ['fields', ...known]) }))
  if (single || one) return remarks
  for (const key of Object.keys(list).map(keyOf))
    if (key.required && !query.has(key.name))
      remarks.push({ path: key.name, message: 'is missing: Clio wants it here' })
  const wanted = query.get('order')
  if (wanted !== null && order && !order.includes(wanted))
    remarks.push({ path: 'order', message: notHere(wanted, order) })
  const limit = query.get('limit')
  if (limit !== null && !(/^\d+$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 200))
    remarks.push({ path: 'limit', message: 'must be a whole number from 1 to 200' })
  return remarks
}
