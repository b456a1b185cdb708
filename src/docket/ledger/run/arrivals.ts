import type { RunState } from '../../../model/docket-rpc.ts'
import { type ReasonCode, reasonCodeIn } from '../../../model/reason.ts'
import type { Sql } from '../sql.ts'

/** Runs of a day that are counted: no more are read through. */
const countedMost = 20_000

/** What came in at which endpoint, and when it was answered, from the tables `runs` and `attempts`. */
export class Arrivals {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** The last event of an endpoint; no replay, no undo, nothing of our own making. */
  last(endpoint: string): { id: string; state: RunState; reasonCode: ReasonCode | null; at: number } | null {
    const row = this.#sql.row(
      `select id, state, reason_code, accepted_at from runs where endpoint = ? and replay_of is null and undo_of is null
        and kind in ('event', 'notice', 'spoken') order by seq desc limit 1`,
      endpoint,
    )
    if (!row) return null
    const { id, state, reason_code: code, accepted_at: at } = row
    return { id: String(id), state: state as RunState, reasonCode: reasonCodeIn(code), at: Number(at) }
  }

  /** How many runs each endpoint had since a moment, by their state. */
  since(moment: number): Map<string, Partial<Record<RunState, number>>> {
    const counts = new Map<string, Partial<Record<RunState, number>>>()
    const rows = this.#sql.rows(
      `select endpoint, state, count(*) as n from
        (select endpoint, state from runs where accepted_at >= ? order by accepted_at limit ${countedMost}) group by 1, 2`,
      moment,
    )
    for (const { endpoint, state, n } of rows)
      counts.set(String(endpoint), { ...counts.get(String(endpoint)), [String(state)]: Number(n) })
    return counts
  }

  /** When events like this one, of an endpoint and since a moment, came, and when they were answered by a change in Clio (ms), the last first. */
  rounds(
    endpoint: string,
    like: 'thread' | 'type',
    value: string,
    before: number,
    since: number,
  ): { acceptedAt: number; answeredAt: number }[] {
    return this.#sql
      .rows(
        `select accepted_at, answered_at from (select accepted_at, (select min(started_at) from attempts
            where run = late.id and method <> 'GET' and (outcome = 'applied' or settled = 'adopted')) as answered_at
          from (select * from runs where endpoint = ? and seq < ? ${like === 'thread' ? 'and thread = ?' : ''} order by seq desc limit 200) as late
          where accepted_at > ? and state = 'done' and kind = 'event' and ${like} = ?) where answered_at is not null`,
        endpoint,
        before,
        ...(like === 'thread' ? [value] : []),
        since,
        value,
      )
      .map(row => ({ acceptedAt: Number(row.accepted_at), answeredAt: Number(row.answered_at) }))
  }
}
