import type { Json } from '../../../lib/json.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { prefixed, type Sql } from '../sql.ts'

/**
 * The table `meta`: single facts of the firm, by name. Read once in an object's life: nobody else writes them. What a transaction that
 * fails has set is read again.
 */
export class Meta {
  readonly #sql: Sql
  readonly #known = new Map<string, Json>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  get<T extends Json>(key: string): T | null {
    const known = this.#known.get(key)
    if (known !== undefined) return known as T | null
    const row = this.#sql.row('select value from meta where key = ?', key)
    const value = row ? (JSON.parse(String(row.value)) as T) : null
    this.#known.set(key, value)
    return value
  }

  set(key: string, value: Json): void {
    this.#known.delete(key)
    if (value === null) this.#sql.rows('delete from meta where key = ?', key)
    else this.#sql.rows('insert or replace into meta values (?, ?)', key, JSON.stringify(value))
  }

  /** A transaction was undone. */
  forgetRead(): void {
    this.#known.clear()
  }
}

/** The table `cache`: what Clio was asked for on behalf of all runs, and may be asked for again. */
export class Cache {
  readonly #sql: Sql
  readonly #sealed: Sealed

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#sealed = seals.table('cache')
  }

  get(key: string): { value: Json; at: number } | null {
    const row = this.#sql.row('select * from cache where key = ?', key)
    if (!row) return null
    return { value: JSON.parse(String(this.#sealed.open(row).value)) as Json, at: Number(row.at) }
  }

  set(key: string, value: Json, now: number): void {
    const sealed = this.#sealed.seal('value', [key], JSON.stringify(value))
    this.#sql.rows('insert or replace into cache values (?, ?, ?)', key, sealed, now)
  }

  /** Every kept value whose key begins with the prefix. */
  forget(prefix: string): void {
    this.#sql.rows('delete from cache where key >= ? and key < ?', ...prefixed(prefix))
  }

  /** Every value that was written before a moment. */
  forgetBefore(before: number): void {
    this.#sql.rows('delete from cache where at < ?', before)
  }
}
