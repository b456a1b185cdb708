import type { Sql } from '../sql.ts'

/** What keeps a run: a hold on it alone, or one on its subject. @property at ms since the epoch */
export interface LegalHold {
  readonly on: 'run' | 'subject'
  readonly at: number
}

/** Of each of a statement's `runs`: whether a hold keeps it. */
export const isKept = `(exists (select 1 from legal_holds where legal_holds.run = runs.id) or exists (select 1 from runs as other
  join legal_holds on legal_holds.run = other.id and legal_holds.subject = 1
  where other.endpoint = runs.endpoint and other.thread = runs.thread))`

/**
 * The table `legal_holds`: runs that are neither purged nor erased until somebody releases them; alone, or with all runs of their
 * subject, those to come too.
 */
export class LegalHolds {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Whether one keeps anything of the firm. */
  any(): boolean {
    return this.#sql.row('select 1 from legal_holds limit 1') !== undefined
  }

  put(run: string, { on, at }: LegalHold): void {
    this.#sql.rows('insert or replace into legal_holds values (?, ?, ?)', run, on === 'subject' ? 1 : 0, at)
  }

  /** The hold that keeps a run; null: none does. */
  of(run: string): LegalHold | null {
    const [row] = this.#sql.rows(
      `select subject, at from legal_holds where run = ? union all
        select legal_holds.subject, legal_holds.at from runs
          join runs as other on other.endpoint = runs.endpoint and other.thread = runs.thread
          join legal_holds on legal_holds.run = other.id and legal_holds.subject = 1
          where runs.id = ? limit 1`,
      run,
      run,
    )
    return row ? { on: row.subject === 1 ? 'subject' : 'run', at: Number(row.at) } : null
  }

  /** Ends every hold that keeps the run: one on its subject ends for all its runs. */
  release(run: string): void {
    this.#sql.rows(
      `delete from legal_holds where run = ?
        or (subject = 1 and run in (select other.id from runs join runs as other
          on other.endpoint = runs.endpoint and other.thread = runs.thread where runs.id = ?))`,
      run,
      run,
    )
  }
}
