import type { Sql } from '../sql.ts'
import { isKept } from './legal-holds.ts'

/** Of the table `runs`: those whose time is up, the longest ago first, and what stands on the same event. No legal hold's. */
export class OldRuns {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Runs that ended before a moment: those that still say something of people (`kept`), or all. */
  endedBefore(moment: number, kept: boolean, limit: number): string[] {
    const condition = kept ? 'event is not null and finished_at < ?' : 'finished_at < ?'
    return this.#ids(`${condition} and not ${isKept} order by finished_at limit ?`, moment, limit)
  }

  /** Runs that wait for a person, and that nobody has decided since before a moment, and whose end has not been told. */
  undecided(moment: number, limit: number): string[] {
    const condition = `parked_at < ? and warned_at is null and not ${isKept}`
    return this.#ids(`${condition} order by parked_at limit ?`, moment, limit)
  }

  /** The same whose end was told before another. */
  overdue(moment: number, warnedBefore: number, limit: number): string[] {
    const condition = `parked_at < ? and warned_at < ? and not ${isKept}`
    return this.#ids(`${condition} order by parked_at limit ?`, moment, warnedBefore, limit)
  }

  warned(id: string, now: number): void {
    this.#sql.rows('update runs set warned_at = ? where id = ?', now, id)
  }

  /** Runs on one event: the first, and all that run it again or take it back. */
  family(id: string): string[] {
    const [first] = this.#sql.rows(
      `with recursive up(id, n) as (
        select ?, 0 union select coalesce(runs.replay_of, runs.undo_of), n + 1 from runs join up on runs.id = up.id
          where coalesce(runs.replay_of, runs.undo_of) is not null
      ) select id from up order by n desc limit 1`,
      id,
    )
    // A cross join, or SQLite would read all runs in their order to spare itself the sorting of a few.
    return this.#sql
      .rows(
        `with recursive down(id) as (
          select ? union select runs.id from down join runs on runs.replay_of = down.id
          union select runs.id from down join runs on runs.undo_of = down.id
        ) select down.id from down cross join runs on runs.id = down.id order by seq`,
        String(first?.id ?? id),
      )
      .map(row => String(row.id))
  }

  #ids(condition: string, ...bindings: number[]): string[] {
    return this.#sql.rows(`select id from runs where ${condition}`, ...bindings).map(row => String(row.id))
  }
}
