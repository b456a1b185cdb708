import { fromBase64, toBase64 } from '../../lib/encoding.ts'
import type { Json, JsonObject } from '../../lib/json.ts'

/** What stands in one Clio account: rows by resource, in memory. */

export type Id = number | string

export interface Row {
  readonly resource: string
  readonly id: Id
  /** ISO 8601, whole seconds, as Clio stamps. */
  readonly createdAt: string
  readonly updatedAt: string
  /** ms since the epoch, for what an index sees late. */
  readonly touched: number
  /** ms since the epoch. */
  readonly made: number
  readonly version: number
  /** Without id, etag and stamps. References are `{id, type?}`, items of lists have ids of their own. */
  readonly data: JsonObject
}

/** A row was made, changed or removed. */
export interface Change {
  readonly event: 'created' | 'updated' | 'deleted'
  readonly row: Row
  readonly before: Row | null
}

export interface Upload {
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

/** A whole account as JSON; `uploads` as base64. */
export interface StoreState {
  readonly last: number
  readonly rows: readonly Row[]
  readonly uploads: Readonly<Record<string, { readonly headers: Upload['headers']; readonly bytes: string }>>
}

/** `2026-10-15T14:03:09Z` */
export function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export class Store {
  readonly name: string
  /** Stored bytes by upload id. */
  readonly uploads = new Map<string, Upload>()
  readonly #now: () => number
  readonly #rows = new Map<string, Map<string, Row>>()
  #last = 1000
  /** Told of every change, once it stands. */
  watch: ((change: Change) => void) | null = null

  constructor(name: string, now: () => number) {
    this.name = name
    this.#now = now
  }

  /** Ids are never used twice, not even by another resource: a user's id is no calendar's. */
  nextId(): number {
    this.#last += 1
    return this.#last
  }

  now(): number {
    return this.#now()
  }

  insert(resource: string, data: JsonObject, id: Id = this.nextId()): Row {
    const at = this.#now()
    const row: Row = {
      resource,
      id,
      createdAt: stamp(at),
      updatedAt: stamp(at),
      touched: at,
      made: at,
      version: 1,
      data: structuredClone(data),
    }
    this.#table(resource).set(String(id), row)
    this.watch?.({ event: 'created', row, before: null })
    return row
  }

  replace(row: Row, data: JsonObject): Row {
    const at = this.#now()
    const next: Row = {
      ...row,
      data: structuredClone(data),
      updatedAt: stamp(at),
      touched: at,
      version: row.version + 1,
    }
    this.#table(row.resource).set(String(row.id), next)
    this.watch?.({ event: 'updated', row: next, before: row })
    return next
  }

  remove(row: Row): void {
    this.#table(row.resource).delete(String(row.id))
    this.watch?.({ event: 'deleted', row, before: row })
  }

  get(resource: string, id: Json | undefined): Row | undefined {
    if (typeof id !== 'string' && typeof id !== 'number') return undefined
    return this.#rows.get(resource)?.get(String(id))
  }

  /** In the order of their making. */
  all(resource: string): Row[] {
    return [...(this.#rows.get(resource)?.values() ?? [])]
  }

  resources(): string[] {
    return [...this.#rows.keys()].filter(resource => this.all(resource).length > 0)
  }

  save(): StoreState {
    const rows = [...this.#rows.values()].flatMap(table => [...table.values()])
    const uploads = [...this.uploads].map(
      ([id, { headers, bytes }]) => [id, { headers, bytes: toBase64(new Uint8Array(bytes)) }] as const,
    )
    return { last: this.#last, rows, uploads: Object.fromEntries(uploads) }
  }

  /** Puts what was saved in place of what is there. */
  load({ last, rows, uploads }: StoreState): void {
    this.#last = last
    this.#rows.clear()
    for (const row of rows) this.#table(row.resource).set(String(row.id), row)
    this.uploads.clear()
    for (const [id, { headers, bytes }] of Object.entries(uploads)) {
      this.uploads.set(id, { headers, bytes: fromBase64(bytes) ?? new Uint8Array() })
    }
  }

  #table(resource: string): Map<string, Row> {
    const table = this.#rows.get(resource) ?? new Map<string, Row>()
    this.#rows.set(resource, table)
    return table
  }
}

/** As in Clio, the quotes are part of the value. Changes with every update. */
export function etagOf(row: Row): string {
  return `"${row.id.toString().replace(/[^\w-]/g, '')}-${row.version.toString(16).padStart(4, '0')}"`
}
