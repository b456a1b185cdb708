import { numberIn, type Sql } from '../sql.ts'

/** The table `unfinished_documents`: marks of documents that a discarded run began and did not finish, to be removed from Clio. */
export class Unfinished {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** A run is discarded, in the same transaction. @param at ms, when whatever it has in the air will have landed */
  left(run: string, at: number): void {
    this.#sql.rows(
      `insert or ignore into unfinished_documents select distinct run || '/' || step, ? from attempts as made
        where run = ? and method = 'POST' and resource = 'documents' and request like '%put_url%' and outcome in ('applied', 'unknown')
          and not exists (select 1 from attempts as whole where whole.run = made.run and whole.step = made.step
            and whole.method = 'PATCH' and whole.outcome = 'applied')`,
      at,
      run,
    )
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
