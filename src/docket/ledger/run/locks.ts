import type { Sql } from '../sql.ts'

/** The table `locks`: what one step works on, and no other may until its outcome is known, across crashes. */
export class Locks {
  readonly #sql: Sql
  /** Runs that hold any; null: not read yet. */
  #holders: Set<string> | null = null

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Takes all values or none; the run that holds one of them, when somebody else does. */
  take(values: readonly string[], run: string, step: string): string | null {
    const missing: string[] = []
    for (const value of values) {
      const holder = this.#sql.row('select run, step from locks where value = ?', value)
      if (holder && !(holder.run === run && holder.step === step)) return String(holder.run)
      if (!holder) missing.push(value)
    }
    for (const value of missing)
      this.#sql.rows('insert into locks (value, run, step) values (?, ?, ?)', value, run, step)
    this.#holdersNow().add(run)
    return null
  }

  release(run: string): void {
    if (this.#holdersNow().delete(run)) this.#sql.rows('delete from locks where run = ?', run)
  }

  /** A transaction was undone: what was read may never have been. */
  forgetRead(): void {
    this.#holders = null
  }

  #holdersNow(): Set<string> {
    this.#holders ??= new Set(this.#sql.rows('select distinct run from locks').map(row => String(row.run)))
    return this.#holders
  }
}
