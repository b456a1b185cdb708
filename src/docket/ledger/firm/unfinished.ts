import type { Sealed, Seals } from '../sealing/seals.ts'
import { numberIn, type Sql } from '../sql.ts'

/** The table `unfinished_documents`: marks of documents that a discarded run began and did not finish, to be removed from Clio. */
export class Unfinished {
  readonly #sql: Sql
  readonly #attempts: Sealed

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#attempts = seals.table('attempts')
  }

  /** A run is discarded, in the same transaction. @param at ms, when whatever it has in the air will have landed */
  left(run: string, at: number): void {
    const begun = this.#sql.rows(
      `select * from attempts as made
        where run = ? and method = 'POST' and resource = 'documents' and outcome in ('applied', 'unknown')
          and not exists (select 1 from attempts as whole where whole.run = made.run and whole.step = made.step
            and whole.method = 'PATCH' and whole.outcome = 'applied')`,
      run,
    )
    for (const row of begun.map(this.#attempts.open))
      if (String(row.request).includes('put_url'))
        this.#sql.rows('insert or ignore into unfinished_documents values (?, ?)', `${row.run}/${row.step}`, at)
  }

  /** When there is something to remove next, ms since the epoch; null: never. */
  next(): number | null {
    return numberIn(this.#sql.row('select min(next_at) as at from unfinished_documents')?.at ?? null)
  }

  due(now: number, limit: number): string[] {
    return this.#sql
      .rows('select mark from unfinished_documents where next_at <= ? order by next_at limit ?', now, limit)
      .map(row => String(row.mark))
  }

  /** @param at ms, when to try again; null: nothing is left of it */
  tried(mark: string, at: number | null): void {
    if (at === null) this.#sql.rows('delete from unfinished_documents where mark = ?', mark)
    else this.#sql.rows('update unfinished_documents set next_at = ? where mark = ?', at, mark)
  }
}
