import type { Sql } from '../sql.ts'

/** The table `files`: which run needs which of the bytes that are kept. What it does not name came from a claim that never was. */
export class Files {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add(key: string, run: string): void {
    this.#sql.rows('insert or ignore into files values (?, ?)', key, run)
  }

  /** True when the bytes are the run's own. */
  holds(run: string, key: string): boolean {
    return this.#sql.row('select 1 from files where key = ? and run = ?', key, run) !== undefined
  }

  isNamed(key: string): boolean {
    return this.#sql.row('select 1 from files where key = ? limit 1', key) !== undefined
  }

  /** Keys that only this run names. */
  ofAlone(run: string): string[] {
    return this.#sql
      .rows(
        `select key from files where run = ? and not exists
          (select 1 from files as other where other.key = files.key and other.run <> files.run)`,
        run,
      )
      .map(row => String(row.key))
  }

  forget(run: string): void {
    this.#sql.rows('delete from files where run = ?', run)
  }

  /** Runs that need their files no more: done or discarded, or without their payload. */
  ended(limit: number): string[] {
    return this.#sql
      .rows(
        `select distinct files.run from files left join runs on runs.id = files.run
          where runs.id is null or runs.event is null or runs.state in ('done', 'discarded') limit ?`,
        limit,
      )
      .map(row => String(row.run))
  }
}
