import type { InboundEvent } from '../../../model/event.ts'
import type { Subscription } from '../../../model/follow.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { type Binding, jsonIn, numberIn, prefixed, type Sql, toJson } from '../sql.ts'

/** What each kind of timer is about. */
export interface TimerData {
  /** A `schedule` endpoint says that its time has come. */
  tick: { readonly cron: string; readonly timezone: string }
  /** A booking is to be told of; the event as it will be told, but for which reminder it is. */
  reminder: { readonly reminder: string; readonly event: InboundEvent }
  /** A provider is asked what no notification told of. */
  poll: null
  /** A subscription at a provider is made, or made to last longer. null: there is none yet. */
  renewal: Subscription | null
}

export type TimerKind = keyof TimerData

/** Something that must happen later. */
export interface Timer<Kind extends TimerKind = TimerKind> {
  readonly kind: Kind
  readonly endpoint: string
  /** Which one of its kind and endpoint. */
  readonly name: string
  /** ms since the epoch; null: never again. */
  readonly dueAt: number | null
  /** Tries that have failed. */
  readonly tries: number
  readonly data: TimerData[Kind]
}

/** A timer that the configuration asks for. */
export interface Planned extends Pick<Timer, 'kind' | 'endpoint' | 'name'> {
  /** What of the configuration it was made for: with anything else it is made anew. */
  readonly madeFor: string
}

/** A moment at which a booking is to be told of. @property at ms since the epoch */
export interface Moment {
  readonly reminder: string
  readonly at: number
}

/** The table `timers`: whatever must happen later. */
export class Timers {
  readonly #sql: Sql
  readonly #sealed: Sealed

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#sealed = seals.table('timers')
  }

  /** When there is something to do next, ms since the epoch; null: never. */
  next(): number | null {
    return numberIn(this.#sql.row('select min(due_at) as at from timers')?.at ?? null)
  }

  due<Kind extends TimerKind>(kind: Kind, now: number, limit = -1): Timer<Kind>[] {
    return this.#sql
      .rows(
        // The plus leaves the kind to be compared row by row: few are due, and of a kind there may be many.
        'select * from timers where due_at <= ? and +kind = ? order by due_at, endpoint, name limit ?',
        now,
        kind,
        limit,
      )
      .map(row => timerOf(this.#sealed.open(row), kind))
  }

  of<Kind extends TimerKind>(kind: Kind, endpoint: string): Timer<Kind>[] {
    return this.#sql
      .rows('select * from timers where kind = ? and endpoint = ?', kind, endpoint)
      .map(row => timerOf(this.#sealed.open(row), kind))
  }

  /** Renewals of what stands at providers. */
  standing(): Timer<'renewal'>[] {
    return this.#sql
      .rows("select * from timers where kind = 'renewal' and data is not null order by tries, endpoint, name")
      .map(row => timerOf(this.#sealed.open(row), 'renewal'))
  }

  /** It has been seen to, and what comes next of it. */
  again<Kind extends TimerKind>({ kind, endpoint, name, dueAt, tries, data }: Timer<Kind>): void {
    this.#sql.rows(
      'update timers set due_at = ?, tries = ?, data = ? where kind = ? and endpoint = ? and name = ?',
      dueAt,
      tries,
      this.#sealed.seal('data', [kind, endpoint, name], toJson(data)),
      kind,
      endpoint,
      name,
    )
  }

  remove({ kind, endpoint, name }: Pick<Timer, 'kind' | 'endpoint' | 'name'>): void {
    this.#sql.rows('delete from timers where kind = ? and endpoint = ? and name = ?', kind, endpoint, name)
  }

  // ---- what the configuration asks for: everything but reminders

  planned(): Planned[] {
    return this.#sql.rows(`select kind, endpoint, name, made_for from timers where ${planned}`).map(row => ({
      kind: String(row.kind) as TimerKind,
      endpoint: String(row.endpoint),
      name: String(row.name),
      madeFor: String(row.made_for),
    }))
  }

  hasPlanned(): boolean {
    return this.#sql.row(`select 1 from timers where ${planned} limit 1`) !== undefined
  }

  plan({ kind, endpoint, name, madeFor, dueAt, data }: Timer & Planned): void {
    this.#set({ kind, endpoint, name, made_for: madeFor, due_at: dueAt }, toJson(data))
  }

  /** Renewals that are due at once. What stood at the provider stands no longer. */
  renew(endpoint: string, names: readonly string[], now: number): void {
    for (const name of names)
      this.#sql.rows(
        "update timers set data = null, due_at = ? where kind = 'renewal' and endpoint = ? and name = ?",
        now,
        endpoint,
        name,
      )
  }

  /** Renewals that failed the last time are due. */
  retry(now: number): void {
    this.#sql.rows("update timers set due_at = min(due_at, ?) where kind = 'renewal' and tries > 0", now)
  }

  // ---- reminders

  /** The reminders of a thread take the place of those that it had. */
  remind(endpoint: string, thread: string, run: string, event: InboundEvent, moments: readonly Moment[]): void {
    this.forgetReminders(endpoint, thread)
    for (const { reminder, at } of moments)
      this.#set(
        { kind: 'reminder', endpoint, name: `${run} ${reminder}`, thread, due_at: at },
        toJson({ reminder, event }),
      )
  }

  /** Reminders that a run set. */
  forgetRun(run: string): void {
    this.#sql.rows(
      `delete from timers where kind = 'reminder' and endpoint = (select endpoint from runs where id = ?) and name >= ? and name < ?`,
      run,
      ...prefixed(`${run} `),
    )
  }

  forgetReminders(endpoint: string, thread: string): void {
    this.#sql.rows('delete from timers where endpoint = ? and thread = ?', endpoint, thread)
  }

  moveThread(endpoint: string, from: string, to: string): void {
    this.#sql.rows('update timers set thread = ? where endpoint = ? and thread = ?', to, endpoint, from)
  }

  #set(
    facts: Readonly<Record<'kind' | 'endpoint' | 'name', string>> & Record<string, Binding>,
    data: string | null,
  ): void {
    const { kind, endpoint, name } = facts
    const row = { ...facts, data: this.#sealed.seal('data', [kind, endpoint, name], data) }
    const names = Object.keys(row)
    this.#sql.rows(
      `insert or replace into timers (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      ...Object.values(row),
    )
  }
}

const planned = "kind in ('tick', 'poll', 'renewal')"

function timerOf<Kind extends TimerKind>(row: Row, kind: Kind): Timer<Kind> {
  return {
    kind,
    endpoint: String(row.endpoint),
    name: String(row.name),
    dueAt: numberIn(row.due_at),
    tries: Number(row.tries),
    data: jsonIn(row.data) as TimerData[Kind],
  }
}
