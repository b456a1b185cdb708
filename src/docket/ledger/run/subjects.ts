import { type Sql, textIn } from '../sql.ts'
import type { Links } from './links.ts'
import type { Runs } from './runs.ts'

/**
 * The tables `subjects` and `threads`: which thread a subject belongs to, and the time of the newest event of a thread that was carried
 * out. A thread is the subjects that turned out to be one: a booking and the one that it was moved to.
 */
export class Subjects {
  readonly #sql: Sql
  readonly #runs: Runs
  readonly #links: Links

  constructor(sql: Sql, runs: Runs, links: Links) {
    this.#sql = sql
    this.#runs = runs
    this.#links = links
  }

  /** The thread that a subject belongs to; a subject that follows another joins its thread, runs and links included. */
  join(endpoint: string, subject: string, follows: string | null): { thread: string; joined: boolean } {
    const own = this.#threadOf(endpoint, subject)
    const known = follows === null ? null : this.#threadOf(endpoint, follows)
    const other = known ?? follows
    const thread = other ?? own ?? subject
    if (own !== thread) this.#sql.rows('insert or replace into subjects values (?, ?, ?)', endpoint, subject, thread)
    if (own !== null && own !== thread) {
      this.#sql.rows('update subjects set thread = ? where endpoint = ? and thread = ?', thread, endpoint, own)
      this.#runs.moveThread(endpoint, own, thread)
      this.#links.moveThread(endpoint, own, thread)
      const carried = this.carried(endpoint, own)
      if (carried !== null) this.setCarried(endpoint, thread, carried)
    }
    if (follows !== null) this.#sql.rows('insert or ignore into subjects values (?, ?, ?)', endpoint, follows, thread)
    return { thread, joined: known !== null && own !== null && own !== thread }
  }

  #threadOf(endpoint: string, subject: string): string | null {
    const row = this.#sql.row('select thread from subjects where endpoint = ? and subject = ?', endpoint, subject)
    return textIn(row?.thread ?? null)
  }

  /** ISO 8601; null: no event of the thread was carried out. */
  carried(endpoint: string, thread: string): string | null {
    const row = this.#sql.row('select carried from threads where endpoint = ? and thread = ?', endpoint, thread)
    return textIn(row?.carried ?? null)
  }

  setCarried(endpoint: string, thread: string, time: string): void {
    this.#sql.rows(
      'insert into threads values (?, ?, ?) on conflict do update set carried = max(carried, excluded.carried)',
      endpoint,
      thread,
      time,
    )
  }
}
