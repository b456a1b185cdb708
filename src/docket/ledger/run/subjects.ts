import type { Timers } from '../firm/timers.ts'
import type { Seals } from '../sealing/seals.ts'
import { numberIn, type Sql, textIn } from '../sql.ts'
import type { Links } from './links.ts'
import type { Runs } from './runs.ts'

/**
 * The tables `subjects` and `threads`: which thread a subject belongs to; the time of the newest event of a thread that was carried
 * out, and of the newest that its reminders rest on. A thread is the subjects that turned out to be one: a booking and the one that it was moved to.
 * Both stand hashed.
 */
export class Subjects {
  readonly #sql: Sql
  readonly #runs: Runs
  readonly #links: Links
  readonly #timers: Timers
  readonly #seals: Seals

  constructor(sql: Sql, runs: Runs, links: Links, timers: Timers, seals: Seals) {
    this.#seals = seals
    this.#sql = sql
    this.#runs = runs
    this.#links = links
    this.#timers = timers
  }

  /** The thread that a subject belongs to; a subject that follows another joins its thread, runs, links and reminders included. */
  join(endpoint: string, about: string, after: string | null): { thread: string; joined: boolean } {
    const subject = this.#seals.hash('subject', about)
    const follows = after === null ? null : this.#seals.hash('subject', after)
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
      this.#joinReminders(endpoint, own, thread)
    }
    if (follows !== null) this.#sql.rows('insert or ignore into subjects values (?, ?, ?)', endpoint, follows, thread)
    return { thread, joined: known !== null && own !== null && own !== thread }
  }

  /** The thread that a subject belongs to by now; null: it is new. */
  threadOf(endpoint: string, about: string): string | null {
    return this.#threadOf(endpoint, this.#seals.hash('subject', about))
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
      `insert into threads (endpoint, thread, carried) values (?, ?, ?)
        on conflict do update set carried = max(coalesce(carried, ''), excluded.carried)`,
      endpoint,
      thread,
      time,
    )
  }

  /** ms since the epoch: the time of the newest event that set a thread's reminders or called them off; null: none did. */
  remindersAsOf(endpoint: string, thread: string): number | null {
    const row = this.#sql.row('select reminders_as_of from threads where endpoint = ? and thread = ?', endpoint, thread)
    return numberIn(row?.reminders_as_of ?? null)
  }

  setRemindersAsOf(endpoint: string, thread: string, asOf: number): void {
    this.#sql.rows(
      `insert into threads (endpoint, thread, reminders_as_of) values (?, ?, ?)
        on conflict do update set reminders_as_of = excluded.reminders_as_of`,
      endpoint,
      thread,
      asOf,
    )
  }

  /** Of two threads that are one, the reminders that rest on the newer event stand. */
  #joinReminders(endpoint: string, from: string, to: string): void {
    const [ours, theirs] = [this.remindersAsOf(endpoint, from), this.remindersAsOf(endpoint, to)]
    if (ours === null) return
    if (theirs !== null && theirs !== ours) this.#timers.forgetReminders(endpoint, ours < theirs ? from : to)
    this.#timers.moveThread(endpoint, from, to)
    if (theirs === null || theirs < ours) this.setRemindersAsOf(endpoint, to, ours)
  }
}
