import { isObject, type Json } from '../../../lib/json.ts'
import type { Memory } from '../../../model/follow.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { prefixed, type Sql } from '../sql.ts'

/** The table `source_memory`: what an endpoint's source remembers of its provider between two runs. */
export class SourceMemory {
  readonly #sql: Sql
  readonly #sealed: Sealed

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#sealed = seals.table('source_memory')
  }

  recall(endpoint: string, name: string): Json {
    const row = this.#sql.row('select * from source_memory where endpoint = ? and name = ?', endpoint, name)
    return row ? (JSON.parse(String(this.#sealed.open(row).value)) as Json) : null
  }

  recallAll(endpoint: string, prefix: string): Map<string, Json> {
    const rows = this.#sql.rows(
      'select * from source_memory where endpoint = ? and name >= ? and name < ?',
      endpoint,
      ...prefixed(prefix),
    )
    return new Map(rows.map(row => [String(row.name), JSON.parse(String(this.#sealed.open(row).value)) as Json]))
  }

  remember(endpoint: string, memory: Memory, now: number): void {
    for (const [name, value] of Object.entries(memory)) {
      if (value === null) this.#sql.rows('delete from source_memory where endpoint = ? and name = ?', endpoint, name)
      else {
        const sealed = this.#sealed.seal('value', [endpoint, name], JSON.stringify(value))
        this.#sql.rows(
          'insert or replace into source_memory (endpoint, name, value, at) values (?, ?, ?, ?)',
          endpoint,
          name,
          sealed,
          now,
        )
      }
    }
  }

  /** Whose source remembers something: asked of the index from one to the next, since each may remember thousands of things. */
  endpoints(): string[] {
    return this.#sql
      .rows(
        `with recursive found(endpoint) as (
          select min(endpoint) from source_memory
          union all
          select (select min(endpoint) from source_memory where endpoint > found.endpoint) from found where endpoint is not null
        ) select endpoint from found where endpoint is not null`,
      )
      .map(row => String(row.endpoint))
  }

  isEmpty(): boolean {
    return this.#sql.row('select 1 from source_memory limit 1') === undefined
  }

  /** Forgets bookings that ended before a moment; one of which that is not known, and that has not changed since. */
  forgetBookings(before: number, now: number, limit: number): void {
    const rows = this.#sql.rows('select * from source_memory where at < ? order by at limit ?', before, limit)
    for (const row of rows) {
      const { endpoint, name, value } = this.#sealed.open(row)
      const booking = JSON.parse(String(value)) as Json
      const over = isObject(booking) && 'end' in booking && !(Date.parse(String(booking.end)) > before)
      if (over) this.remember(String(endpoint), { [String(name)]: null }, now)
      else
        this.#sql.rows(
          'update source_memory set at = ? where endpoint = ? and name = ?',
          now,
          String(endpoint),
          String(name),
        )
    }
  }

  forget(endpoint: string): void {
    this.#sql.rows('delete from source_memory where endpoint = ?', endpoint)
  }
}
