import type { Counts } from '../../../model/registry-rpc.ts'
import type { Sql } from '../sql.ts'

/**
 * How much there ever was of what only grows: never less than before, whatever retention removes and however often the object restarts.
 * Most of it is counted by what SQLite counts anyway (the numbers of rows that were ever given out, and migration 2's trigger); the table
 * `tallies` has the rest.
 */
export class Tallies {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add(name: 'duplicates' | 'refused', times: number): void {
    this.#sql.rows('insert into tallies values (?, ?) on conflict do update set n = n + excluded.n', name, times)
  }

  all(): Counts {
    const rows = this.#sql.rows(
      `select name, n from tallies union all select state, n from ended
        union all select name, seq from sqlite_sequence where name in ('runs', 'attempts')`,
    )
    const n = new Map(rows.map(row => [String(row.name), Number(row.n)]))
    const of = (name: string) => n.get(name) ?? 0
    const ended = (state: string) => of(state) + of(`forgotten ${state}`)
    return {
      accepted: of('runs'),
      done: ended('done'),
      ignored: ended('ignored'),
      discarded: ended('discarded'),
      duplicates: of('duplicates'),
      refused: of('refused'),
      calls: of('attempts'),
      limited: of('limited'),
    }
  }
}
