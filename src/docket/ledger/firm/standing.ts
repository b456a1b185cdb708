import type { Json } from '../../../lib/json.ts'
import type { Held, Memory } from '../../../model/follow.ts'
import { prefixed, type Sql } from '../sql.ts'

/** Something that is kept open at a provider, and when it is to be seen to next. */
export interface Keep {
  readonly endpoint: string
  readonly name: string
  /** The options that it was made for: with others it is made anew. */
  readonly madeFor: string
  readonly held: Held | null
  readonly nextAt: number
  readonly tries: number
}

/** The tables `memories` and `keeps`: what a source remembers of its provider, and keeps open there. Every SQL statement about them. */
export class Memories {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  recall(endpoint: string, name: string): Json {
    const row = this.#sql.rows('select value from memories where endpoint = ? and name = ?', endpoint, name)[0]
    return row ? (JSON.parse(String(row.value)) as Json) : null
  }

  recallAll(endpoint: string, prefix: string): Map<string, Json> {
    const rows = this.#sql.rows(
      'select name, value from memories where endpoint = ? and name >= ? and name < ?',
      endpoint,
      ...prefixed(prefix),
    )
    return new Map(rows.map(row => [String(row.name), JSON.parse(String(row.value)) as Json]))
  }

  remember(endpoint: string, memory: Memory): void {
    for (const [name, value] of Object.entries(memory)) {
      if (value === null) this.#sql.rows('delete from memories where endpoint = ? and name = ?', endpoint, name)
      else this.#sql.rows('insert or replace into memories values (?, ?, ?)', endpoint, name, JSON.stringify(value))
    }
  }

  endpoints(): string[] {
    return this.#sql.rows('select distinct endpoint from memories').map(row => String(row.endpoint))
  }

  forget(endpoint: string): void {
    this.#sql.rows('delete from memories where endpoint = ?', endpoint)
    this.#sql.rows('delete from keeps where endpoint = ?', endpoint)
  }

  // ---- keeps

  keeps(): Keep[] {
    return this.#sql.rows('select * from keeps order by next_at, endpoint, name').map(row => ({
      endpoint: String(row.endpoint),
      name: String(row.name),
      madeFor: String(row.made_for),
      held: row.held === null ? null : (JSON.parse(String(row.held)) as Held),
      nextAt: Number(row.next_at),
      tries: Number(row.tries),
    }))
  }

  setKeep({ endpoint, name, madeFor, held, nextAt, tries }: Keep): void {
    const text = held === null ? null : JSON.stringify(held)
    this.#sql.rows(
      'insert or replace into keeps values (?, ?, ?, ?, ?, ?)',
      endpoint,
      name,
      madeFor,
      text,
      nextAt,
      tries,
    )
  }

  /** Made anew at once: what is held is held no longer. */
  renew(endpoint: string, names: readonly string[], now: number): void {
    for (const name of names)
      this.#sql.rows('update keeps set held = null, next_at = ? where endpoint = ? and name = ?', now, endpoint, name)
  }

  /** Whatever failed last time is due. */
  retry(now: number): void {
    this.#sql.rows('update keeps set next_at = min(next_at, ?) where tries > 0', now)
  }

  removeKeep(endpoint: string, name: string): void {
    this.#sql.rows('delete from keeps where endpoint = ? and name = ?', endpoint, name)
  }

  next(): number | null {
    return (this.#sql.rows('select min(next_at) as at from keeps')[0]?.at as number | null) ?? null
  }
}
