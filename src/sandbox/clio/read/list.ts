import type { Resource } from '../../../clio/contract/index.ts'
import type { Json } from '../../../lib/json.ts'
import { isObject } from '../../../lib/json.ts'
import { invalid, Refusal } from '../../http.ts'
import type { Behaviour } from '../quirk.ts'
import type { Row, Store } from '../store.ts'
import { readScalar } from '../write.ts'
import { filterOf } from './filters.ts'
import { finds } from './search.ts'
import { keysOf } from './shape.ts'
import { valueAt } from './view.ts'

/** List calls: filters, `query=`, order and pages. */

/** Offset pages end here; only `order=id(asc)` goes on. */
const offsetLimit = 10_000

/** Query parameters of every call that answers records. */
const always = new Set(['fields', 'limit', 'page_token', 'order'])

export interface Page {
  readonly rows: readonly Row[]
  /** How many there are on all pages. */
  readonly records: number
  /** The next page's token, or null on the last one. */
  readonly next: string | null
}

/** Parameters that the list call does not know; Clio ignores them. */
export function unknownQuery(resource: Resource, query: URLSearchParams): string[] {
  const keys = keysOf(resource.list ?? {})
  return [...new Set(query.keys())].filter(
    name => !always.has(name) && !keys.has(name) && !keys.has(name.replace(/\[\d+\]$/, '')),
  )
}

/** Throws 400 for a required parameter left out and for a value of the wrong kind. */
function check(resource: Resource, query: URLSearchParams): void {
  for (const [name, { type, required }] of keysOf(resource.list ?? {})) {
    const values = query.getAll(name)
    if (required && values.length === 0) throw new Refusal(400, 'ArgumentError', `${name} is required.`)
    for (const value of values) {
      try {
        if (typeof type === 'string') readScalar(value, type, name)
      } catch (cause) {
        throw new Refusal(400, 'ArgumentError', cause instanceof Error ? cause.message : name)
      }
    }
  }
}

export function listRows(
  store: Store,
  resource: Resource,
  candidates: readonly Row[],
  query: URLSearchParams,
  behaviour: Behaviour,
): Page {
  check(resource, query)
  const unknown = new Set(unknownQuery(resource, query))
  let rows = [...candidates]
  if (query.get('include_deleted') !== 'true') rows = rows.filter(({ data }) => !data.deleted_at)
  if (query.get('show_uncompleted') !== 'true') rows = rows.filter(row => !unfinished(row))
  if (behaviour.listDelay > 0) rows = rows.filter(row => row.made <= store.now() - behaviour.listDelay)
  for (const name of new Set(query.keys())) {
    if (always.has(name) || unknown.has(name)) continue
    const values = query.getAll(name)
    if (name === 'query')
      rows = rows.filter(row => row.touched <= store.now() - behaviour.indexDelay && finds(row, store, values[0] ?? ''))
    else rows = rows.filter(keeper(resource, name, values, store))
  }
  return paged(store, resource, rows, query)
}

/** Several ids are alternatives; several bounds on a date all hold, as do ids to leave out. */
function keeper(resource: Resource, name: string, values: readonly string[], store: Store): (row: Row) => boolean {
  const filter = filterOf(resource, name)
  if (!filter) return () => true
  const all = name === 'exclude_ids[]' || name.endsWith('_date[]')
  return row =>
    all ? values.every(value => filter(row, store, value)) : values.some(value => filter(row, store, value))
}

/** A document whose only version was never uploaded is shown only on request. */
function unfinished({ resource, data }: Row): boolean {
  const versions = data.document_versions
  return (
    resource === 'documents' &&
    Array.isArray(versions) &&
    !versions.some(each => isObject(each) && each.fully_uploaded === true)
  )
}

interface Token {
  /** The last id seen, for cursor pages. */
  readonly after?: number | string
  readonly offset?: number
}

function readToken(text: string | null): Token {
  if (text === null) return {}
  try {
    const token: unknown = JSON.parse(atob(text))
    if (isObject(token)) return token as Token
  } catch {}
  throw new Refusal(400, 'ArgumentError', 'page_token is invalid.')
}

function paged(store: Store, resource: Resource, rows: Row[], query: URLSearchParams): Page {
  const limit = Number(query.get('limit') ?? 200)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    throw new Refusal(400, 'ArgumentError', 'limit must be between 1 and 200.')
  const order = query.get('order')
  if (order !== null && !resource.order?.includes(order))
    throw new Refusal(400, 'ArgumentError', `order ${order} is not supported.`)
  const token = readToken(query.get('page_token'))
  const records = rows.length

  if (order === 'id(asc)') {
    const sorted = rows.sort((a, b) => Number(a.id) - Number(b.id))
    const rest = token.after === undefined ? sorted : sorted.filter(row => Number(row.id) > Number(token.after))
    const page = rest.slice(0, limit)
    const last = page.at(-1)
    return { rows: page, records, next: rest.length > limit && last ? btoa(JSON.stringify({ after: last.id })) : null }
  }
  const offset = token.offset ?? 0
  if (offset >= offsetLimit)
    throw invalid(`Only the first ${offsetLimit} records can be paged this way; use order=id(asc).`)
  const sorted = order === null ? rows : sortedBy(store, rows, order)
  const page = sorted.slice(offset, offset + limit)
  const next = offset + limit
  return { rows: page, records, next: next < records ? btoa(JSON.stringify({ offset: next })) : null }
}

function sortedBy(store: Store, rows: Row[], order: string): Row[] {
  const [, path = '', direction] = /^([\w.]+)\((asc|desc)\)$/.exec(order) ?? []
  const sign = direction === 'desc' ? -1 : 1
  const keyOf = (row: Row): Json => {
    const [key = '', inner] = path.split('.')
    const value = valueAt(store, row, key)
    return (inner && isObject(value) ? value[inner] : value) ?? ''
  }
  return rows.sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)]
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right)
    return sign * String(left).localeCompare(String(right))
  })
}
