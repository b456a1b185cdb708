import type {
  Figures,
  FirmFigures,
  FirmReport,
  FirmSummary,
  FirmsAsked,
  FirmsPage,
  Tombstone,
  TombstonesPage,
} from '../model/registry-rpc.ts'
import type { Unfit } from '../model/unfit.ts'
import type { Row, Storage } from '../platform/storage.ts'

/** ms that an alarm may be late, or its Docket be behind with telling that it has rung. */
const grace = 2 * 60_000
/** ms until a firm that was named as overdue is named again, unless it has told of itself. */
const leased = 5 * 60_000
/**
 * ms between two visits to a firm that is never overdue. 40 firms every ten minutes are 10,000 in less than two days. A visit tidies
 * up, and finds work that the registry was never told of.
 */
export const visitEvery = 2 * 86_400_000

/** The tables `firms` and `tombstones`: every SQL statement about them. Methods that change more than one row want a transaction. */
export class Firms {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Row[] {
    return this.#storage.sql.exec(query, ...bindings).toArray()
  }

  /** A firm of which nothing but its name is known: whether it has work is for its Docket to say. */
  found(firm: string, now: number): void {
    this.#rows(
      `insert into firms (firm, since, wake_by, visit_by) select ?1, ?2, ?2, ?3 ${unburied} on conflict (firm) do nothing`,
      firm,
      now,
      now + visitEvery,
    )
  }

  uses(firm: string, connection: string, now: number): void {
    this.#rows(
      `insert into firms (firm, since, visit_by, connection) select ?1, ?2, ?3, ?4 ${unburied}
        on conflict (firm) do update set connection = excluded.connection`,
      firm,
      now,
      now + visitEvery,
      connection,
    )
  }

  /** @returns how many reports the firm has made */
  expect(firm: string, at: number, now: number): number {
    const [row] = this.#rows(
      `insert into firms (firm, since, visit_by, next_wake, wake_by) select ?1, ?2, ?3, ?4, ?5 ${unburied}
        on conflict (firm) do update set next_wake = excluded.next_wake, wake_by = excluded.wake_by returning reports`,
      firm,
      now,
      now + visitEvery,
      at,
      at + grace,
    )
    return Number(row?.reports ?? 0)
  }

  /** False for a firm that was erased. */
  report(report: FirmReport, now: number): boolean {
    const {
      firm,
      open,
      parked,
      held,
      connection,
      lastEventAt,
      nextWake,
      visited,
      unfit,
      figures,
      keys,
      reports = 0,
    } = report
    const written = this.#rows(
      `insert into firms (firm, since, open, parked, held, connection, last_event_at, reported_at, next_wake, wake_by, visit_by, ledger,
          figures, reports, keys)
        select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?2, ?8, ?9, ?10, ?12, ?13, ?14, ?15 ${unburied}
        on conflict (firm) do update set open = excluded.open, parked = excluded.parked, held = excluded.held,
          connection = coalesce(excluded.connection, connection), last_event_at = excluded.last_event_at, reported_at = excluded.reported_at,
          next_wake = excluded.next_wake, wake_by = excluded.wake_by, ledger = excluded.ledger,
          figures = coalesce(excluded.figures, figures),
          reports = max(reports, excluded.reports), keys = excluded.keys,
          visit_by = case when ?11 then excluded.visit_by else visit_by end
        returning firm`,
      firm,
      now,
      open,
      parked,
      held,
      connection,
      lastEventAt,
      nextWake,
      nextWake === null ? null : nextWake + grace,
      now + visitEvery,
      visited ? 1 : 0,
      unfit,
      figures && JSON.stringify(figures),
      reports,
      keys,
    )
    return written.length > 0
  }

  /**
   * Who is to be woken: first those whose alarm is overdue, then those that nobody has visited for long. They are marked, so that who
   * asks at the same time gets others; one that stays silent is named again later, behind those who wait by then.
   */
  overdue(most: number, now: number): string[] {
    const late = this.#lease('wake_by', most, now)
    return late.length < most ? [...late, ...this.#lease('visit_by', most - late.length, now)] : late
  }

  #lease(by: 'wake_by' | 'visit_by', most: number, now: number): string[] {
    return this.#rows(
      `update firms set wake_by = ?1, visit_by = max(visit_by, ?1)
        where firm in (select firm from firms where ${by} <= ?2 order by ${by} limit ?3) returning firm`,
      now + leased,
      now,
      most,
    ).map(row => String(row.firm))
  }

  unfit(): Record<Unfit, number> {
    const rows = this.#rows('select ledger, count(*) as n from firms where ledger is not null group by ledger')
    const found = Object.fromEntries(rows.map(row => [String(row.ledger), Number(row.n)]))
    return { newer: 0, failed: 0, locked: 0, ...found }
  }

  count(now: number): { firms: number; overdue: number } {
    const [row] = this.#rows(
      'select (select count(*) from firms) as n, (select count(*) from firms where wake_by <= ?) as overdue',
      now,
    )
    return { firms: Number(row?.n), overdue: Number(row?.overdue) }
  }

  /** @param mark of the DATA_KEY of now */
  keysLeft(mark: string): number {
    return Number(this.#rows('select count(*) as n from firms where keys is not ?', mark)[0]?.n)
  }

  figures(from: string, to: string | null, most: number): { firms: FirmFigures[]; left: number } {
    const span = to === null ? 'firm >= ?' : 'firm >= ? and firm < ?'
    const ends = to === null ? [from] : [from, to]
    const firms = this.#rows(`select * from firms where ${span} order by firm limit ?`, ...ends, most).map(figuresOf)
    if (firms.length < most) return { firms, left: 0 }
    return { firms, left: Number(this.#rows(`select count(*) as n from firms where ${span}`, ...ends)[0]?.n) - most }
  }

  /** @param mark of the DATA_KEY of now */
  page(limit: number, cursor: string | null, { q = '', rewrapped }: FirmsAsked, mark: string): FirmsPage {
    const kept = rewrapped === undefined ? '?3 = ?3' : `keys is ${rewrapped ? '' : 'not '}?3`
    const rows = this.#rows(
      `select * from firms where firm > ?1 and instr(firm, ?2) > 0 and ${kept} order by firm limit ?4`,
      cursor ?? '',
      q,
      mark,
      limit + 1,
    )
    const firms = rows.slice(0, limit).map(row => summaryOf(row, mark))
    return {
      firms,
      cursor: rows.length > limit ? (firms.at(-1)?.id ?? null) : null,
      keysLeft: this.keysLeft(mark),
    }
  }

  bury(firm: string, by: string, now: number): void {
    this.#rows('delete from firms where firm = ?', firm)
    this.#rows('insert or ignore into tombstones values (?, ?, ?)', firm, now, by)
  }

  /** A firm of this name is made anew, on purpose. */
  unearth(firm: string): void {
    this.#rows('delete from tombstones where firm = ?', firm)
  }

  graves(limit: number, cursor: string | null): TombstonesPage {
    const rows = this.#rows('select * from tombstones where firm > ? order by firm limit ?', cursor ?? '', limit + 1)
    const erased = rows.slice(0, limit).map(row => ({ firm: String(row.firm), at: Number(row.at), by: String(row.by) }))
    return { erased, cursor: rows.length > limit ? (erased.at(-1)?.firm ?? null) : null }
  }

  tombstone(firm: string): Tombstone | null {
    const [row] = this.#rows('select at, by from tombstones where firm = ?', firm)
    return row ? { firm, at: Number(row.at), by: String(row.by) } : null
  }
}

/** What a Docket still had to say when its firm was erased brings no row back. (`where` also parts a select from `on conflict`.) */
const unburied = 'where not exists (select 1 from tombstones where firm = ?1)'

const number = (value: unknown) => (value === null ? null : Number(value))

function figuresOf(row: Row): FirmFigures {
  return {
    firm: String(row.firm),
    open: number(row.open),
    parked: number(row.parked),
    held: number(row.held),
    lastEventAt: number(row.last_event_at),
    reportedAt: number(row.reported_at),
    figures: row.figures === null ? null : (JSON.parse(String(row.figures)) as Figures),
  }
}

function summaryOf(row: Row, mark: string): FirmSummary {
  const iso = (value: unknown) => (value === null ? null : new Date(Number(value)).toISOString())
  const { figures } = figuresOf(row)
  return {
    id: String(row.firm),
    open: number(row.open),
    parked: number(row.parked),
    held: number(row.held),
    hold: figures?.hold ?? null,
    connection: row.connection === null ? null : String(row.connection),
    lastEventAt: iso(row.last_event_at),
    oldestOpenAt: iso(figures?.oldestOpenAt ?? null),
    deafChannels: figures?.deafChannels ?? null,
    rewrapped: row.keys === mark,
    asOf: iso(row.reported_at),
  }
}
