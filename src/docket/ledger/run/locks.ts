import type { Sql } from '../sql.ts'

/** The table `locks`: what one step works on, and no other may until its outcome is known, across crashes. */
export class Locks {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Takes all values or none; the run that holds one of them, when somebody else does. */
  take(values: readonly string[], run: string, step: string): string | null {
    for (const value of values) {
      const holder = this.#sql.row('select run, step from locks where value = ?', value)
      if (holder && !(holder.run === run && holder.step === step)) return String(holder.run)
    }
    for (const value of values) this.#sql.rows('insert or replace into locks values (?, ?, ?)', value, run, step)
    return null
  }

  release(run: string): void {
    this.#sql.rows('delete from locks where run = ?', run)
  }
}
