import type { Json } from '../../../lib/json.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { numberIn, prefixed, type Sql } from '../sql.ts'

/**
 * What the firm is told: a `notify` step, a parked run, a lost connection. A notice is written in the same transaction as what it
 * tells of, once, and delivered until somebody takes it: the receiver knows a repetition by its id.
 */
export interface Notice {
  readonly id: string
  /** `notify`, `run.parked`, `run.waiting`, `run.expiring`, `connection.lost`, `connection.mended`, `slack.reply`. */
  readonly type: string
  /** Name of the channel. */
  readonly channel: string
  readonly data: Json
  readonly at: number
  readonly tries: number
}

/** What the ids of notices about a run begin with; the run follows. */
const kindsOfRun = ['notify', 'reply', 'contradicts', 'run.parked', 'run.waiting', 'run.expiring'] as const

/** The table `notices`. */
export class Notices {
  readonly #sql: Sql
  readonly #sealed: Sealed

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#sealed = seals.table('notices')
  }

  add({ id, type, channel, data, at }: Omit<Notice, 'tries'>): void {
    this.#sql.rows(
      'insert or ignore into notices (id, type, channel, data, at, next_at) values (?, ?, ?, ?, ?, ?)',
      id,
      type,
      channel,
      this.#sealed.seal('data', [id], JSON.stringify(data)),
      at,
      at,
    )
  }

  due(now: number, limit: number): Notice[] {
    return this.#sql
      .rows('select * from notices where next_at <= ? order by next_at limit ?', now, limit)
      .map(this.#sealed.open)
      .map(row => ({
        id: String(row.id),
        type: String(row.type),
        channel: String(row.channel),
        data: JSON.parse(String(row.data)) as Json,
        at: Number(row.at),
        tries: Number(row.tries),
      }))
  }

  /** `nextAt` null: it was taken, or nobody ever will. What it said is not kept. */
  tried(id: string, nextAt: number | null): void {
    this.#sql.rows(
      'update notices set tries = tries + 1, next_at = ?, data = iif(? is null, ?, data) where id = ?',
      nextAt,
      nextAt,
      '{}',
      id,
    )
  }

  /** Nobody hears a channel: what waits for it is told no sooner than `until`, and what was written before a moment never. */
  postpone(channel: string, until: number, before: number): void {
    this.#sql.rows(
      `update notices set next_at = iif(at < ?, null, max(next_at, ?)), data = iif(at < ?, '{}', data)
        where channel = ? and next_at is not null and next_at < ? and type not like '%.reply'`,
      before,
      until,
      before,
      channel,
      until,
    )
  }

  /** How many wait to be told to each channel. */
  waiting(): Map<string, number> {
    const rows = this.#sql.rows('select channel, count(*) as n from notices where next_at is not null group by channel')
    return new Map(rows.map(row => [String(row.channel), Number(row.n)]))
  }

  next(): number | null {
    return numberIn(this.#sql.row('select min(next_at) as at from notices where next_at is not null')?.at ?? null)
  }

  /** Channels that a notice waits for which they did not take. */
  deaf(): number {
    const row = this.#sql.row(
      'select count(distinct channel) as n from notices where next_at is not null and tries > 0',
    )
    return Number(row?.n)
  }

  /** Those about a run, told or not. @param kinds what their ids begin with: all, unless said */
  forgetRun(run: string, kinds: readonly string[] = kindsOfRun): void {
    for (const kind of kinds)
      this.#sql.rows('delete from notices where id >= ? and id < ?', ...prefixed(`${kind}_${run}_`))
  }

  /** Those that nobody tells any more, of before a moment. */
  forget(before: number): void {
    this.#sql.rows('delete from notices where next_at is null and at < ?', before)
  }
}
