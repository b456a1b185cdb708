import type { Remark } from '../../lib/path.ts'
import { nearest } from '../../lib/text/nearest.ts'
import { everything } from './all.ts'
import { type Route, routeOf } from './route.ts'
import type { Field, Resource, Shape } from './shapes/contract.ts'
import { fieldOf, isShape, itemOf, keyOf } from './shapes/shape.ts'

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
  const { resource, id, name } = route
  if (id !== null && !resource.get) return refused([{ path: 'path', message: `Clio has no single ${name} to read.` }])
  if (id === null && !resource.list)
    return refused([{ path: 'path', message: `Clio has no list of ${name}; one is read as ${name}/{id}.` }])
  const remarks = [...fieldRemarks(query.get('fields'), resource), ...filterRemarks(query, resource, id !== null)]
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

function unknownPath(path: string): string {
  const [first = ''] = path.split('/')
  const roots = [...new Set(Object.keys(everything).map(name => name.split('/')[0]!))]
  if (!roots.includes(first)) return notHere(first, roots)
  const below = Object.keys(everything).filter(name => name.startsWith(`${first}/`))
  return `Clio serves nothing at this path.${below.length > 0 ? ` Below ${first} there is ${below.join(', ')}.` : ''}`
}

const notHere = (name: string, known: readonly string[]): string => {
  const near = known.find(one => one.startsWith(`${name}(`)) ?? nearest(name, known)
  return near === null
    ? `'${name}' is not known to Clio here`
    : `'${name}' is not known to Clio here. Did you mean '${near}'?`
}

const namesOf = (shape: Shape): string[] => Object.keys(shape).map(key => keyOf(key).name)

/** `id,client{id,name}`: known names, and one level of braces. */
function fieldRemarks(fields: string | null, { read }: Resource): Remark[] {
  if (fields === null || fields.trim() === '') return []
  const remarks: Remark[] = []
  const say = (path: string, message: string) => void remarks.push({ path, message })
  let last: string | null = null
  let within: string | null = null
  for (const [token] of fields.matchAll(/[{},]|[^{},\s]+/g)) {
    if (token === '{') {
      if (within !== null) return [{ path: 'fields', message: 'takes one level of braces; Clio knows no deeper one' }]
      if (last === null) return [{ path: 'fields', message: 'has braces that follow no name' }]
      within = last
    } else if (token === '}') {
      if (within === null) return [{ path: 'fields', message: 'has a brace that closes nothing' }]
      within = null
    } else if (token !== ',') {
      const inner: Shape | null = within === null ? read : shapeOf(fieldOf(read, within))
      if (within === null) last = token
      // What stands under a key that nobody describes is Clio's to know.
      if (inner && fieldOf(inner, token) === null)
        say(within === null ? 'fields' : `fields.${within}`, notHere(token, namesOf(inner)))
    }
  }
  if (within !== null) say('fields', 'has a brace that is never closed')
  return remarks
}

function shapeOf(field: Field | null): Shape | null {
  if (field === null) return null
  const inner = itemOf(field) ?? field
  return isShape(inner) ? inner : inner === 'json' ? null : {}
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
