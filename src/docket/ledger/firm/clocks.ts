import type { InboundEvent } from '../../../model/event.ts'
import type { Sql } from '../sql.ts'

/** When each `schedule` endpoint ticks next, on which expression that rests. `nextAt` null: never again. */
export interface Clock {
  readonly endpoint: string
  readonly cron: string
  readonly timezone: string
  readonly nextAt: number | null
}

/** A moment that a booking is to be told of. */
export interface Timer {
  readonly run: string
  readonly endpoint: string
  readonly reminder: string
  readonly event: InboundEvent
  /** A later event of the same booking has set its own, or called it off. */
  readonly outdated: boolean
}

/** The tables of the firm's clock, `clocks` and `timers`: every SQL statement about them. */
export class Clocks {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  all(): Clock[] {
    return this.#sql.rows('select * from clocks order by endpoint').map(row => ({
      endpoint: String(row.endpoint),
      cron: String(row.cron),
      timezone: String(row.timezone),
      nextAt: row.next_at === null ? null : Number(row.next_at),
    }))
  }

  set({ endpoint, cron, timezone, nextAt }: Clock): void {
    this.#sql.rows('insert or replace into clocks values (?, ?, ?, ?)', endpoint, cron, timezone, nextAt)
  }

  remove(endpoint: string): void {
    this.#sql.rows('delete from clocks where endpoint = ?', endpoint)
  }

  /** The next moment of a clock or a timer; null when there is none. */
  next(): number | null {
    const row = this.#sql.rows(
      'select min(at) as at from (select min(next_at) as at from clocks union all select min(at) from timers)',
    )[0]
    return (row?.at as number | null) ?? null
  }

  // ---- timers

  /** The time of the newest event that set or called off timers in a run's thread; null when none did. */
  asOf(run: string): number | null {
    const row = this.#sql.rows(`select max(as_of) as at from timers where run in (${thread})`, run)[0]
    return (row?.at as number | null) ?? null
  }

  /**
   * Sets a booking's timers and forgets those of its earlier events. A row without a moment stays, so that an event which comes late
   * sets none.
   */
  replace(run: string, asOf: number, event: InboundEvent, timers: readonly { reminder: string; at: number }[]): void {
    this.#sql.rows(`delete from timers where run in (${thread})`, run)
    this.#sql.rows("insert into timers values (?, '', null, ?, null)", run, asOf)
    for (const { reminder, at } of timers) {
      this.#sql.rows(
        'insert or replace into timers values (?, ?, ?, ?, ?)',
        run,
        reminder,
        at,
        asOf,
        JSON.stringify(event),
      )
    }
  }

  due(now: number, limit: number): Timer[] {
    return this.#sql
      .rows(
        `select timers.*, runs.endpoint, exists (
          select 1 from timers as other join runs as its on its.id = other.run
          where its.endpoint = runs.endpoint and its.thread = runs.thread and other.as_of > timers.as_of
        ) as outdated
        from timers join runs on runs.id = timers.run where at <= ? order by at, timers.run, reminder limit ?`,
        now,
        limit,
      )
      .map(row => ({
        run: String(row.run),
        endpoint: String(row.endpoint),
        reminder: String(row.reminder),
        event: JSON.parse(String(row.event)) as InboundEvent,
        outdated: row.outdated === 1,
      }))
  }

  fired({ run, reminder }: Timer): void {
    this.#sql.rows('delete from timers where run = ? and reminder = ?', run, reminder)
  }

  /** Rows of bookings that the ledger has forgotten. */
  tidy(): void {
    this.#sql.rows('delete from timers where run not in (select id from runs)')
  }
}

/** The runs about the same subject as one, itself included. */
const thread = `select other.id from runs join runs as other on other.endpoint = runs.endpoint and other.thread = runs.thread
  where runs.id = ?`
