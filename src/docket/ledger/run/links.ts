import type { Row } from '../../../platform/storage.ts'
import type { Accounts } from '../firm/accounts.ts'
import type { Sql } from '../sql.ts'
import type { Runs } from './runs.ts'

/** A record that a run keeps for later ones of its subject. */
export interface LinkedRecord {
  readonly name: string
  readonly resource: string
  readonly record: string
  /** A step of ours made it, rather than found it. */
  readonly made: boolean
  /** Another record has the same name, of a later event: the two were made before their subjects were known to be one. */
  readonly stale: boolean
}

export interface Link {
  readonly name: string
  readonly resource: string
  readonly record: string
  readonly run: string
  readonly made: boolean
}

/** The table `links`: what earlier runs about the same subject made or found. */
export class Links {
  readonly #sql: Sql
  readonly #runs: Runs
  readonly #accounts: Accounts

  constructor(sql: Sql, runs: Runs, accounts: Accounts) {
    this.#sql = sql
    this.#runs = runs
    this.#accounts = accounts
  }

  /** Under each name one record: the other of two is stale. Without a thread none is kept. */
  current(endpoint: string, thread: string | null): Record<string, string> {
    const current = thread === null ? [] : this.records(endpoint, thread).filter(one => !one.stale)
    return Object.fromEntries(current.map(({ name, record }) => [name, record]))
  }

  records(endpoint: string, thread: string): LinkedRecord[] {
    // Ids of another account are no records of ours here.
    const all = this.#sql.rows(
      `select links.*, runs.seq from links left join runs on runs.id = links.run where links.endpoint = ? and links.thread = ?
        order by coalesce(event_time, 0) desc, seq desc`,
      endpoint,
      thread,
    )
    const rows = this.#here(all)
    return rows.map((row, at) => ({
      name: String(row.name),
      resource: String(row.resource),
      record: String(row.record),
      made: row.made === 1,
      stale: rows.slice(0, at).some(other => other.name === row.name),
    }))
  }

  #here(rows: Row[]): Row[] {
    if (!this.#accounts.moved) return rows
    return rows.filter(({ seq, run }) => (seq === null ? run === this.#learned : this.#accounts.has(Number(seq))))
  }

  /** Stands where a run of ours would: what was told of the account that the firm is in. */
  get #learned(): string {
    return `told of ${this.#accounts.current ?? ''}`
  }

  /** What another tool made, in the Clio account that the firm is in. It is deleted like a record of ours. */
  learn(endpoint: string, thread: string, record: Pick<Link, 'name' | 'resource' | 'record'>): void {
    this.set(endpoint, thread, { ...record, run: this.#learned, made: true })
  }

  /** Takes the place of what stood under the name; beside it while two threads are being joined, for the older one to be put right. */
  set(endpoint: string, thread: string, { name, resource, record, run, made }: Link): void {
    if (!this.#runs.joining(endpoint, thread))
      this.#sql.rows('delete from links where endpoint = ? and thread = ? and name = ?', endpoint, thread, name)
    this.#sql.rows(
      'insert or replace into links (endpoint, thread, name, resource, record, run, made) values (?, ?, ?, ?, ?, ?, ?)',
      endpoint,
      thread,
      name,
      resource,
      record,
      run,
      made ? 1 : 0,
    )
  }

  /** The record is gone. */
  remove(resource: string, record: string): void {
    this.#sql.rows('delete from links where resource = ? and record = ?', resource, record)
  }

  moveThread(endpoint: string, from: string, to: string): void {
    this.#sql.rows('update or replace links set thread = ? where endpoint = ? and thread = ?', to, endpoint, from)
  }
}
