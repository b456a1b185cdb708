import type { Sql } from './sql.ts'

/** Runs that are purged or forgotten in one transaction: the rest at the next turn, so that the object never stands still over it. */
const runsMost = 200

/** What is removed when its time is up. Each row is touched once: what is purged is no longer found by the index that finds it. */
export class Retention {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * Removes what events, calls and outputs said of runs that ended before a moment; who, when and which record stay.
   * @returns how many runs; as many as may be at once, when there may be more
   */
  purge(before: number): number {
    const runs = this.#ids('event is not null and finished_at < ?', before)
    for (const run of runs) {
      this.#sql.rows(
        "update attempts set request = '{}', before = null, answer = null, message = null where run = ?",
        run,
      )
      this.#sql.rows('update steps set item = null, intent = null, output = null where run = ?', run)
      this.#sql.rows('update runs set event = null, ready = null, reason = null where id = ?', run)
    }
    return runs.length
  }

  /** Forgets runs altogether that ended before a moment, and with them their keys (I6). @returns how many, as with `purge` */
  forget(before: number): number {
    const runs = this.#ids('finished_at < ?', before)
    for (const run of runs) {
      this.#sql.rows('delete from attempts where run = ?', run)
      this.#sql.rows('delete from steps where run = ?', run)
      this.#sql.rows('delete from runs where id = ?', run)
    }
    this.#sql.rows('delete from attempts where run is null and ended_at < ?', before)
    return runs.length
  }

  #ids(condition: string, before: number): string[] {
    return this.#sql
      .rows(`select id from runs where ${condition} order by finished_at limit ?`, before, runsMost)
      .map(row => String(row.id))
  }

  get most(): number {
    return runsMost
  }
}
