import type { KeptShadow } from '../../../model/docket-rpc.ts'
import { statesOf } from '../../../model/reason.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { type Binding, jsonIn, numberIn, prefixed, type Sql } from '../sql.ts'
import { type Events, withEvents } from './events.ts'
import { open, shadow, unsettled } from './runs.ts'
import {
  type Counters,
  type ListedRun,
  listedColumns,
  listedRun,
  type RunFilter,
  type StoredRun,
  storedRun,
} from './stored-run.ts'
import type { Terms } from './terms.ts'

/** A run that is looked for. */
export interface Found {
  readonly seq: number
  readonly id: string
  /** Of its event as it stands. */
  readonly bytes: number
  /** Of what lists read of it. */
  readonly listed: number
}

/**
 * The table `runs` as people look at it: lists and counts. It only reads. Counts name their index, which tells all that they ask: left
 * to itself SQLite takes one that makes it read every row for what stands behind a long event.
 */
export class Overview {
  readonly #sql: Sql
  readonly #seals: Seals
  readonly #sealed: Sealed
  readonly #terms: Terms
  readonly #events: Events

  constructor(sql: Sql, seals: Seals, terms: Terms, events: Events) {
    this.#terms = terms
    this.#events = events
    this.#sql = sql
    this.#seals = seals
    this.#sealed = seals.table('runs')
  }

  /** Which runs, newest first unless asked otherwise. They are read one by one (`listed`, `at`): of two hundred that are long, no isolate could hold all. */
  found(
    { states, endpoint, code, type, from, to, q, before = Number.MAX_SAFE_INTEGER, after }: RunFilter,
    limit: number,
  ): Found[] {
    const where = ['seq < ?']
    const bindings: Binding[] = [before]
    const add = (condition: string, ...values: Binding[]) => {
      where.push(condition)
      bindings.push(...values)
    }
    if (after !== undefined) add('seq > ?', after)
    if (states) add(`state in (${states.map(() => '?').join(', ')})`, ...states)
    if (endpoint !== undefined) add('endpoint = ?', endpoint)
    if (code === 'shadow') add(shadow)
    else if (code !== undefined) {
      const stand = statesOf(code)
      // Parked ones have an index of their own, which wants just these words.
      add(
        `reason_code = ? and ${stand.length > 1 ? `state in ('${stand.join("', '")}')` : `state = '${stand[0]}'`}`,
        code,
      )
    }
    if (type !== undefined) add('type = ?', type)
    if (from !== undefined && to !== undefined)
      add('seq in (select seq from runs where accepted_at >= ? and accepted_at < ?)', from, to)
    if (q !== undefined) {
      const ids = prefixed(q.startsWith('run_') ? q : `run_${q}`)
      const found = 'select seq from runs where'
      const known = [...this.#seals.forms('key', q), ...this.#seals.forms('subject', q)]
      add(
        `seq in (${found} id >= ? and id < ? union ${found} key in (?, ?) union ${found} subject in (?, ?)
          union select seq from terms where hash in (select value from json_each(?)))`,
        ...ids,
        ...known,
        this.#terms.asked(q),
      )
    }
    const long = '(select length(events.event) from events where events.run = runs.id)'
    const query = `select seq, id, length(event) as listed, ${long} as long from runs where ${where.join(' and ')} order by seq ${after === undefined ? 'desc' : 'asc'} limit ?`
    return this.#sql.rows(query, ...bindings, limit).map(({ seq, id, listed, long }) => ({
      seq: Number(seq),
      id: String(id),
      bytes: Number(long ?? listed),
      listed: Number(listed),
    }))
  }

  /** One that was found; null: it has gone meanwhile. */
  at(seq: number): StoredRun | null {
    const row = this.#sql.row(`${withEvents} where seq = ?`, seq)
    return row ? storedRun(this.#events.open(row)) : null
  }

  /** The same as lists show it. */
  listed(seq: number): ListedRun | null {
    const row = this.#sql.row(`select ${listedColumns} from runs where seq = ?`, seq)
    return row ? listedRun(this.#sealed.open(row)) : null
  }

  /** How many parked runs have each reason. */
  reasons(): Record<string, number> {
    const rows = this.#sql.rows(
      `select reason_code, count(*) as n from runs indexed by runs_reason where state = 'parked' and reason_code is not null
        group by reason_code`,
    )
    return Object.fromEntries(rows.map(row => [String(row.reason_code), Number(row.n)]))
  }

  /** How many runs are in each state. Those at their end are counted as they end (trigger of migration 2). */
  counts(): Record<string, number> {
    const rows = this.#sql.rows(
      `select state, n from ended union all
        select state, count(*) from runs where state in ('accepted', 'running', 'waiting', 'held', 'parked', 'spam') group by state`,
    )
    return Object.fromEntries(rows.map(row => [row.state, Number(row.n)]))
  }

  /** What the registry keeps of the firm's runs. */
  counters(): Counters {
    const row = this.#sql.row(
      `select (select count(*) from runs indexed by runs_open where ${open}) as open, (select count(*) from runs where state = 'parked') as parked,
        (select accepted_at from runs order by seq desc limit 1) as last`,
    )
    return { open: Number(row?.open), parked: Number(row?.parked), lastEventAt: numberIn(row?.last ?? null) }
  }

  /** How many are held in shadow. */
  inShadow(): number {
    return Number(this.#sql.row(`select count(*) as n from runs indexed by runs_shadow where ${shadow}`)?.n)
  }

  /** When the oldest run was accepted that goes on by itself; null when there is none. */
  oldestOpen(): number | null {
    const query = `select accepted_at as at from runs indexed by runs_open where ${open} order by accepted_at limit 1`
    return numberIn(this.#sql.row(query)?.at ?? null)
  }

  /** What earlier runs of a thread would have done that are held in shadow, in their order. */
  shadowsBefore(endpoint: string, thread: string, seq: number): { id: string; shadow: KeptShadow }[] {
    const before = `endpoint = ? and thread = ? and seq < ? and ${unsettled} and ${shadow}`
    const rows = this.#sql.rows(`select id, shadow from runs where ${before} order by seq`, endpoint, thread, seq)
    return rows.map(this.#sealed.open).flatMap(row => {
      const kept = jsonIn<KeptShadow>(row.shadow)
      return kept ? [{ id: String(row.id), shadow: kept }] : []
    })
  }

  /** Of a thread's events that were carried out, the newest by its time. */
  newestDone(endpoint: string, thread: string): StoredRun | null {
    const row = this.#sql.row(
      `${withEvents} where endpoint = ? and thread = ? and state = 'done' and runs.event is not null
        and kind not in ('joining', 'undo') order by event_time desc, seq desc limit 1`,
      endpoint,
      thread,
    )
    return row ? storedRun(this.#events.open(row)) : null
  }
}
