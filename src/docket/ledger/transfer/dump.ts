import { toBase64 } from '../../../lib/encoding.ts'
import type { Json } from '../../../lib/json.ts'
import type { Row } from '../../../platform/storage.ts'
import { type SealedTableName, sealedTables } from '../sealing/columns.ts'
import type { Seals } from '../sealing/seals.ts'
import { type Binding, numberIn, type Sql } from '../sql.ts'
import { metaStays, rowsStay, travels, withRuns } from './tables.ts'

/** A row as it travels: opened, its columns by name. */
export interface Carried {
  readonly table: string
  readonly row: Record<string, Json>
}

/** What is read of the ledger as a whole. */
export class Transfer {
  readonly #sql: Sql
  readonly #seals: Seals

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#seals = seals
  }

  /** @see dump */
  dump(): Generator<Carried[]> {
    return dump(this.#sql, this.#seals)
  }

  /** The last that this ledger knows of, ms since the epoch; null: nothing has happened yet. */
  lastMoment(): number | null {
    const row = this.#sql.row(
      `select max(at) as at from (select * from (select accepted_at as at from runs order by seq desc limit 1)
        union all select * from (select started_at as at from attempts order by id desc limit 1))`,
    )
    return numberIn(row?.at ?? null)
  }
}

/** Rows of a page; one is 2 MB at most. */
const pageOf = 16

/**
 * All rows of the ledger that travel, opened, a page at a time: it never stands in memory. A run comes with its event, steps and calls in
 * one page, as they stand that moment; what happens to the ledger between two pages is in the one or in the other.
 */
function* dump(sql: Sql, seals: Seals): Generator<Carried[]> {
  for (const table of travels) yield* pages(sql, seals, table)
  for (const page of pages(sql, seals, 'runs')) {
    yield page.flatMap(one => [
      one,
      ...withRuns.slice(1).flatMap(table => rows(sql, seals, table, 'run = ?', [String(one.row.id)])),
    ])
  }
}

function* pages(sql: Sql, seals: Seals, table: string): Generator<Carried[]> {
  const key = keyOf(sql, table)
  const columns = key.join(', ')
  const kept = rowsStay[table] === undefined ? 'true' : `not (${rowsStay[table]})`
  let after: Binding[] | null = null
  for (;;) {
    const behind: string = after === null ? 'true' : `(${columns}) > (${key.map(() => '?').join(', ')})`
    const page = sql.rows(
      `select * from ${table} where ${kept} and ${behind} order by ${columns} limit ?`,
      ...(after ?? []),
      pageOf,
    )
    if (page.length === 0) return
    yield page
      .map(row => carried(seals, table, row))
      .filter(one => table !== 'meta' || !metaStays.has(String(one.row.key)))
    after = key.map(column => page.at(-1)![column] as Binding)
  }
}

function rows(sql: Sql, seals: Seals, table: string, where: string, bindings: readonly Binding[]): Carried[] {
  const order = keyOf(sql, table).join(', ')
  return sql
    .rows(`select * from ${table} where ${where} order by ${order}`, ...bindings)
    .map(row => carried(seals, table, row))
}

function carried(seals: Seals, table: string, row: Row): Carried {
  const opened = table in sealedTables ? seals.table(table as SealedTableName).open(row) : row
  return { table, row: Object.fromEntries(Object.entries(opened).map(([column, value]) => [column, plain(value)])) }
}

/** Of bytes that no key of the firm seals. */
function plain(value: unknown): Json {
  if (value instanceof ArrayBuffer) return { base64: toBase64(new Uint8Array(value)) }
  if (value instanceof Uint8Array) return { base64: toBase64(new Uint8Array(value)) }
  return value as Json
}

/** The columns of its primary key, in their order. */
function keyOf(sql: Sql, table: string): string[] {
  return sql
    .rows(`select name from pragma_table_info('${table}') where pk > 0 order by pk`)
    .map(row => String(row.name))
}
