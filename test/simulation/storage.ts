import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { keyringOf } from '../../src/platform/sealing.ts'
import type { Storage } from '../../src/platform/storage.ts'

/** A write that the disk does not take. */
export class DiskRefused extends Error {}

/**
 * A Durable Object's SQLite storage on Node's own SQLite. It outlives the objects that use it, as on the platform; `access` hands each
 * of them a door that can be shut, so that a killed object's hand never reaches it again.
 */
export class Disk {
  readonly #db: DatabaseSync
  readonly #statements: Map<string, StatementSync>
  readonly #opened: boolean
  #depth = 0
  /** So many durable writes fail from now on. */
  refusals = 0
  /** Called with every statement, for the bench to count them. */
  watch: ((query: string) => void) | null = null

  /**
   * A disk that another world has left is wiped and used again: thousands of worlds cost one making of the tables.
   * @param sql makes a database that stood before, of whatever shape; it is never used again
   */
  constructor(sql?: string) {
    this.#opened = sql !== undefined
    const kept = this.#opened ? undefined : wiped.pop()
    this.#db = kept?.db ?? new DatabaseSync(':memory:')
    this.#statements = kept?.statements ?? new Map()
    if (sql !== undefined) this.#db.exec(sql)
  }

  /** While nobody uses it, a database of now becomes one of before. */
  alter(query: string, ...bindings: (string | number | null | Uint8Array)[]): void {
    this.#run(query, bindings)
  }

  /** @param gate called before and after every durable write; throws to stop the object there */
  access(gate: (moment: 'before write' | 'after write') => void): Storage {
    return {
      sql: {
        exec: (query, ...bindings) => {
          const writes = !/^\s*select/i.test(query) && this.#depth === 0
          if (writes) {
            gate('before write')
            this.#refuse()
          }
          const rows = this.#run(query, bindings)
          if (writes) gate('after write')
          return { toArray: () => rows }
        },
      },
      transactionSync: work => {
        const outermost = this.#depth === 0
        if (outermost) {
          gate('before write')
          this.#refuse()
        }
        const result = this.#transaction(work)
        if (outermost) gate('after write')
        return result
      },
    }
  }

  #refuse(): void {
    if (this.refusals <= 0) return
    this.refusals--
    throw new DiskRefused('database or disk is full')
  }

  #run(query: string, bindings: (string | number | null | Uint8Array)[]): Record<string, unknown>[] {
    this.watch?.(query)
    if (lengthOf(bindings) > rowMost) throw new DiskRefused('string or blob too big: SQLITE_TOOBIG')
    if (/;\s*\S/.test(query)) {
      this.#db.exec(query)
      return []
    }
    let statement = this.#statements.get(query)
    if (!statement) {
      statement = this.#db.prepare(query)
      this.#statements.set(query, statement)
    }
    return statement.all(...bindings) as Record<string, unknown>[]
  }

  #transaction<T>(work: () => T): T {
    const name = `s${this.#depth}`
    this.#db.exec(`savepoint ${name}`)
    this.#depth++
    try {
      const result = work()
      this.#db.exec(`release ${name}`)
      return result
    } catch (error) {
      this.#db.exec(`rollback to ${name}; release ${name}`)
      throw error
    } finally {
      this.#depth--
    }
  }

  /** What an outsider reads, whoever lives or has died. */
  query(query: string): Record<string, unknown>[] {
    return this.#run(query, [])
  }

  close(): void {
    if (this.#opened) {
      this.#db.close()
      return
    }
    const tables = this.#run("select name from sqlite_master where type = 'table'", [])
    for (const { name } of tables)
      this.#run(name === 'meta' ? "delete from meta where key <> 'schema'" : `delete from ${name}`, [])
    wiped.push({ db: this.#db, statements: this.#statements })
  }
}

/** Bytes of a row. @source Durable Objects: 2 MB (2026-11); the local runtime takes more */
const rowMost = 2_000_000

const lengthOf = (values: readonly unknown[]): number =>
  values.reduce<number>(
    (sum, one) => sum + (typeof one === 'string' ? one.length : one instanceof Uint8Array ? one.byteLength : 0),
    0,
  )

/** Whose ledger a test opens by itself. */
export const keeping = { firm: 'smith', keyring: keyringOf({ DATA_KEY: Buffer.alloc(32, 9).toString('base64') }) }

const wiped: { db: DatabaseSync; statements: Map<string, StatementSync> }[] = []
