import type { AuditEntry } from '../../../model/access.ts'
import { type Sql, textIn } from '../sql.ts'

/** Who did what, in names and numbers only: no entry holds anything that is said of a client. */
export interface Deed {
  readonly actor: string
  readonly action: string
  readonly run?: string
  readonly detail?: string
}

/** The table `audit`: written, read and, when its time is up, forgotten; never changed (a trigger refuses it). */
export class Audit {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add({ actor, action, run, detail }: Deed, now: number): void {
    this.#sql.rows(
      'insert into audit (at, actor, action, run, detail) values (?, ?, ?, ?, ?)',
      now,
      actor,
      action,
      run ?? null,
      detail ?? null,
    )
  }

  /** Newest first. @param runsOnly only what was done with runs */
  list(limit: number, before: number | null, runsOnly: boolean): (AuditEntry & { readonly seq: number })[] {
    return this.#sql
      .rows(
        `select * from audit where id < ? ${runsOnly ? 'and run is not null' : ''} order by id desc limit ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(row => {
        const [run, detail] = [textIn(row.run), textIn(row.detail)]
        return {
          seq: Number(row.id),
          at: new Date(Number(row.at)).toISOString(),
          actor: String(row.actor),
          action: String(row.action),
          ...(run !== null && { run }),
          ...(detail !== null && { detail }),
        }
      })
  }

  forget(before: number): void {
    this.#sql.rows('delete from audit where at < ?', before)
  }
}
