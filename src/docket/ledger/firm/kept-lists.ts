import type { Sealed, Seals } from '../sealing/seals.ts'
import type { Sql } from '../sql.ts'

/** What is kept of a record of Clio's, as text, and when what it says was known (ms). */
export interface KeptRecord {
  readonly id: number
  readonly text: string
  readonly seenAt: number
}

/**
 * The tables of the lists of Clio's that are kept here, `contacts` with `contact_keys` and `matters` with `matter_keys`: every SQL
 * statement about them. A key is a short hash of something that records are looked for by.
 */
export class KeptRows {
  readonly #sql: Sql
  readonly #table: string
  readonly #keys: string
  readonly #sealed: Sealed

  constructor(sql: Sql, seals: Seals, list: 'contacts' | 'matters') {
    this.#sql = sql
    this.#sealed = seals.table(list)
    this.#table = list
    this.#keys = list === 'contacts' ? 'contact_keys' : 'matter_keys'
  }

  /** Those of the records that are kept. */
  get(ids: readonly number[]): KeptRecord[] {
    const query = `select id, sealed, seen_at from ${this.#table} where id in (select value from json_each(?))`
    return this.#sql
      .rows(query, JSON.stringify(ids))
      .map(this.#sealed.open)
      .map(row => ({
        id: Number(row.id),
        text: String(row.sealed),
        seenAt: Number(row.seen_at),
      }))
  }

  /** Ids of records that stand under at least so many of the keys: under most of them first, then the newest. */
  under(keys: readonly number[], atLeast: number): number[] {
    const query = `select id from ${this.#keys} where hash in (select value from json_each(?))
      group by id having count(*) >= ? order by count(*) desc, id desc`
    return this.#sql.rows(query, JSON.stringify(keys), atLeast).map(row => Number(row.id))
  }

  /** Ids of the newest records. */
  newest(most: number): number[] {
    return this.#sql.rows(`select id from ${this.#table} order by id desc limit ?`, most).map(row => Number(row.id))
  }

  /** Ids in `(after, upTo]` that were last written before a moment. */
  ids(after: number, upTo: number, before: number): number[] {
    const query = `select id from ${this.#table} where id > ? and id <= ? and seen_at < ? order by id`
    return this.#sql.rows(query, after, upTo, before).map(row => Number(row.id))
  }

  /** @param drop keys under which it stands no longer, @param add those under which it stands from now on */
  put({ id, text, seenAt }: KeptRecord, drop: readonly number[], add: readonly number[]): void {
    const sealed = this.#sealed.seal('sealed', [id], text)
    this.#sql.rows(`insert or replace into ${this.#table} (id, sealed, seen_at) values (?, ?, ?)`, id, sealed, seenAt)
    this.#withdraw(id, drop)
    if (add.length === 0) return
    const query = `insert or ignore into ${this.#keys} (hash, id) select value, ? from json_each(?)`
    this.#sql.rows(query, id, JSON.stringify(add))
  }

  /** @param keys under which it stood */
  remove(id: number, keys: readonly number[]): void {
    this.#sql.rows(`delete from ${this.#table} where id = ?`, id)
    this.#withdraw(id, keys)
  }

  clear(): void {
    this.#sql.rows(`delete from ${this.#table}`)
    this.#sql.rows(`delete from ${this.#keys}`)
  }

  #withdraw(id: number, keys: readonly number[]): void {
    if (keys.length === 0) return
    const query = `delete from ${this.#keys} where id = ? and hash in (select value from json_each(?))`
    this.#sql.rows(query, id, JSON.stringify(keys))
  }
}
