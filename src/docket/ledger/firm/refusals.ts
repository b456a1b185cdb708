import type { RefusalCount, RefusalView } from '../../../model/access.ts'
import type { Sql } from '../sql.ts'

const hour = 3_600_000
/** ms that a count is kept. */
const kept = 30 * 24 * hour

/** The table `refusals`: how often the door sent somebody away, by endpoint, cause and hour. Nothing of what they sent. */
export class Refusals {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add({ endpoint, code, times }: RefusalCount, now: number): void {
    this.#sql.rows(
      `insert into refusals (endpoint, code, hour, at, times) values (?, ?, ?, ?, ?)
        on conflict do update set at = excluded.at, times = times + excluded.times`,
      endpoint,
      code,
      Math.floor(now / hour),
      now,
      times,
    )
    this.#sql.rows('delete from refusals where at < ?', now - kept)
  }

  /** The latest first. */
  list(limit: number): Omit<RefusalView, 'why'>[] {
    return this.#sql.rows('select * from refusals order by at desc limit ?', limit).map(row => ({
      at: new Date(Number(row.at)).toISOString(),
      endpoint: String(row.endpoint),
      code: String(row.code),
      times: Number(row.times),
    }))
  }
}
