import type { Json } from '../../lib/json.ts'
import type { Row, Storage } from '../../platform/storage.ts'

export type Binding = string | number | null | Uint8Array

/** The firm's database, as every table's file uses it. */
export class Sql {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  rows(query: string, ...bindings: Binding[]): Row[] {
    return this.#storage.sql.exec(query, ...bindings).toArray()
  }

  row(query: string, ...bindings: Binding[]): Row | undefined {
    return this.rows(query, ...bindings)[0]
  }

  /** All or nothing. One inside another is part of the outer one. */
  transaction<T>(work: () => T): T {
    return this.#storage.transactionSync(work)
  }
}

// What stands in a column, as what it is.

export const textIn = (value: unknown): string | null => (value === null ? null : String(value))
export const numberIn = (value: unknown): number | null => (value === null ? null : Number(value))
/** JSON that this room wrote itself. */
export const jsonIn = <T extends Json | object>(value: unknown): T | null =>
  value === null ? null : (JSON.parse(String(value)) as T)
export const toJson = (value: Json | object | null | undefined): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)

/** Everything that begins with a prefix, as a range that an index answers. */
export const prefixed = (prefix: string): [from: string, below: string] => [prefix, `${prefix}\u{10ffff}`]
