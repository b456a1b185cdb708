import type { JsonObject } from '../../../lib/json.ts'
import type { Accounts } from '../firm/accounts.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { jsonIn, type Sql } from '../sql.ts'

/** What came of a step that worked under a value. */
export interface Made {
  readonly output: JsonObject
  /** ms since the epoch. */
  readonly at: number
}

/** Under which value the step is kept that was done with a value before the one that has it now. */
const before = (value: string): string => `${value} before`

/**
 * The table `locks`: what one step works on, and no other may until its outcome is known, across crashes. The row of a step that is done
 * holds nobody up: it tells for a while what came of it, since Clio's lists and search may not show it yet. It stays beside the row of the
 * step that takes the value next (`before`), so that no look-up that is tried again forgets it. A value of one Clio account is none of
 * another's.
 */
export class Locks {
  readonly #sql: Sql
  readonly #accounts: Accounts
  readonly #seals: Seals
  readonly #steps: Sealed
  /** Runs that hold any; null: not read yet. */
  #holders: Set<string> | null = null

  constructor(sql: Sql, accounts: Accounts, seals: Seals) {
    this.#sql = sql
    this.#accounts = accounts
    this.#seals = seals
    this.#steps = seals.table('steps')
  }

  /**
   * Takes all values or none. Who takes one anew is told the same again: what it was told the first time may have been lost with a look-up.
   * @returns the run that holds one of them, when somebody else does; else what came of the steps before
   */
  take(texts: readonly string[], run: string, step: string): { holder: string } | { made: Made[] } {
    const values = texts.map(text => this.#seals.hash('lock', this.#accounts.mark + text))
    const rows = values.flatMap(value => this.#rows(value))
    const others = rows.filter(row => !(row.run === run && row.step === step))
    const holder = others.find(row => row.state !== 'done')
    if (holder) return { holder: String(holder.run) }
    for (const value of values) {
      const [row] = this.#rows(value)
      if (row?.run === run && row.step === step) continue
      if (row) this.#sql.rows('update or replace locks set value = ? where value = ?', before(value), value)
      this.#sql.rows('insert into locks (value, run, step) values (?, ?, ?)', value, run, step)
    }
    this.#holdersNow().add(run)
    const made = [...others, ...values.flatMap(value => this.#rows(before(value)))].flatMap(row => {
      const output = row.state === 'done' ? jsonIn<JsonObject>(this.#steps.open(row).output) : null
      return output && row.at !== null ? [{ output, at: Number(row.at) }] : []
    })
    return { made }
  }

  #rows(value: string) {
    return this.#sql.rows(
      `select locks.run, locks.step, steps.position, steps.state, steps.output, (select max(ended_at) from attempts
          where attempts.run = locks.run and attempts.step = locks.step) as at
        from locks left join steps on steps.run = locks.run and steps.path = locks.step where value = ?`,
      value,
    )
  }

  /** Nothing that the run has yet to do holds anybody up any more. */
  release(run: string): void {
    if (!this.#holdersNow().delete(run)) return
    this.#sql.rows(
      `delete from locks where run = ? and not exists (select 1 from steps
        where steps.run = locks.run and steps.path = locks.step and steps.state = 'done')`,
      run,
    )
  }

  /** Forgets the run altogether. */
  drop(run: string): void {
    this.#holders?.delete(run)
    this.#sql.rows('delete from locks where run = ?', run)
  }

  /** Forgets what came of steps of runs that ended before a moment. */
  forget(before: number): void {
    this.#sql.rows(
      'delete from locks where exists (select 1 from runs where runs.id = locks.run and finished_at < ?)',
      before,
    )
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
