import { fromBase64 } from '../../../lib/encoding.ts'
import { isObject, type Json, type JsonObject } from '../../../lib/json.ts'
import { type Keyring, newKeys } from '../../../platform/sealing.ts'
import type { Storage } from '../../../platform/storage.ts'
import { migrate, migrations } from '../migrations.ts'
import { type SealedTable, sealedTables } from '../sealing/columns.ts'
import { Seals } from '../sealing/seals.ts'
import { type Binding, Sql } from '../sql.ts'
import type { Carried } from './dump.ts'
import { metaStays, travels, withRuns } from './tables.ts'

/** What is known of an export before its first row. */
export interface Origin {
  /** The name that the firm had. */
  readonly firm: string
  /** Of its database. */
  readonly schema: number
  /** What its keys and subjects are hashed with. */
  readonly match: Uint8Array
}

/** A row that no ledger of ours has. The message is for people and quotes no value. */
export class LoadError extends Error {
  override name = 'LoadError'
}

const known: ReadonlySet<string> = new Set([...travels, ...withRuns])

/**
 * Makes a firm's database of an export: as it stood there, sealed with a key of its own, hashed with the key that came along, and then
 * brought up to this version. Each method is one transaction.
 */
export class Load {
  readonly #sql: Sql
  readonly #seals = new Seals()
  readonly #firm: string
  readonly #keyring: Keyring
  readonly #columns = new Map<string, ReadonlySet<string>>()
  #from = ''

  constructor(storage: Storage, firm: string, keyring: Keyring) {
    this.#sql = new Sql(storage)
    this.#firm = firm
    this.#keyring = keyring
  }

  /** @param still what holds the firm until it is whole */
  begin({ firm, schema, match }: Origin, still: Json): void {
    if (schema > migrations.at(-1)!.id)
      throw new LoadError('The export is of a newer version of Docketed. Deploy that one here first.')
    const keys = { ...newKeys(), match }
    this.#from = firm
    this.#seals.use(keys, true)
    this.#sql.transaction(() => {
      const upTo = migrations.filter(({ id }) => id <= schema)
      if (migrate(this.#sql, true, upTo) !== 'ready') throw new LoadError('The firm’s database could not be made.')
      this.#meta('keys', { ...this.#keyring.wrap(this.#firm, keys) })
      this.#meta('still', still)
      // The secrets of this Worker, and the calendars that its gateway opens, are this vendor's to hand out, whatever a file says.
      this.#meta('lent', [])
      this.#meta('brought', true)
    })
  }

  add(rows: readonly Carried[]): void {
    this.#sql.transaction(() => {
      for (const one of rows) this.#insert(one)
    })
  }

  /** Everything has come. @param still what holds the firm from now on */
  end(still: Json): void {
    this.#sql.transaction(() => {
      if (migrate(this.#sql, true) !== 'ready') throw new LoadError('The firm’s database could not be made.')
      this.#sql.rows('delete from ended')
      this.#sql.rows(
        "insert into ended select state, count(*) from runs where state in ('done', 'ignored', 'discarded') group by state",
      )
      this.#meta('still', still)
    })
  }

  #meta(key: string, value: Json): void {
    this.#sql.rows('insert or replace into meta values (?, ?)', key, JSON.stringify(value))
  }

  #insert({ table, row }: Carried): void {
    if (!known.has(table) || !isObject(row)) throw new LoadError('The export holds something that no firm has.')
    if (table === 'meta' && metaStays.has(String(row.key))) return
    const names = Object.keys(row)
    const columns = this.#columnsOf(table)
    const strange = names.find(name => !columns.has(name))
    if (strange !== undefined)
      throw new LoadError(`The export’s ${table} have a column that this version does not know.`)
    const values = this.#sealed(table, this.#here(table, row))
    this.#sql.rows(
      `insert or replace into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      ...names.map(name => values[name] as Binding),
    )
  }

  /** Files are called by their firm, wherever a run names one: in its event, beside their keys, in the items of its steps. */
  #here(table: string, row: JsonObject): JsonObject {
    if (table !== 'files' && !withRuns.some(one => one === table)) return row
    if (table === 'files' && !String(row.key).startsWith(`${this.#from}/`))
      throw new LoadError('The export names a file that is not the firm’s.')
    const names = new RegExp(`(?<![\\w-])${this.#from}(?=/[\\da-f-]{36}/\\d)`, 'g')
    return Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        typeof value === 'string' ? value.replace(names, this.#firm) : value,
      ]),
    )
  }

  #sealed(name: string, row: JsonObject): Record<string, Binding> {
    const values = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, bindingOf(value)]))
    if (!(name in sealedTables)) return values
    const table: SealedTable = sealedTables[name as keyof typeof sealedTables]
    for (const [column, use] of Object.entries(table.hashed ?? {})) {
      const value = values[column]
      if (typeof value === 'string') values[column] = this.#seals.hashed(use, value)
    }
    const place = table.place.map(column => values[column] ?? null)
    const sealed = this.#seals.table(name as keyof typeof sealedTables)
    for (const column of table.sealed) {
      const value = values[column]
      if (typeof value === 'string') values[column] = sealed.seal(column, place, value)
    }
    return values
  }

  #columnsOf(table: string): ReadonlySet<string> {
    const read = this.#columns.get(table)
    if (read) return read
    const names = this.#sql.rows(`select name from pragma_table_info('${table}')`).map(({ name }) => String(name))
    this.#columns.set(table, new Set(names))
    return this.#columns.get(table)!
  }
}

function bindingOf(value: Json | undefined): Binding {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (value === null || value === undefined) return null
  const bytes = isObject(value) && typeof value.base64 === 'string' ? fromBase64(value.base64) : null
  if (bytes === null) throw new LoadError('The export holds a value that no firm has.')
  return bytes
}
