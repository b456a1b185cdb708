import { isHash } from '../../../platform/sealing.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Binding, Sql } from '../sql.ts'
import { type SealedTable, type SealedTableName, sealedTables } from './columns.ts'
import type { Seals } from './seals.ts'

/**
 * Seals what stands in clear from before (I7): what runs are ordered and found by at once, as the ledger is opened for the first time
 * under keys of its own; the rest row by row, a few hundred at a time. Readers take both until it is done.
 */

/** How far it is: the table, and the key of the last row that was looked at. */
export type Progress = { readonly table: number; readonly after: readonly (string | number)[] | null }

export const beginning: Progress = { table: 0, after: null }

const names = Object.keys(sealedTables) as SealedTableName[]

/** Subjects, threads and locks: two forms of one side by side would be two. In the caller's transaction. */
export function hashSubjects(sql: Sql, seals: Seals): void {
  const all: readonly { table: string; column: string; use: 'subject' | 'lock' }[] = [
    { table: 'subjects', column: 'subject', use: 'subject' },
    ...['subjects', 'threads', 'links', 'timers', 'runs'].map(
      table => ({ table, column: 'thread', use: 'subject' }) as const,
    ),
    { table: 'locks', column: 'value', use: 'lock' },
  ]
  for (const { table, column, use } of all) {
    const found = sql.rows(`select distinct ${column} as clear from ${table} where ${column} is not null`)
    sql.rows('create table hashing (clear text primary key, hash text not null) without rowid')
    for (const { clear } of found)
      if (!isHash(String(clear)))
        sql.rows('insert into hashing values (?, ?)', String(clear), seals.hash(use, String(clear)))
    sql.rows(
      `update ${table} set ${column} = (select hash from hashing where clear = ${column})
        where ${column} in (select clear from hashing)`,
    )
    sql.rows('drop table hashing')
  }
}

/** Letters that are sealed in one go: of long rows fewer are taken. */
const lettersMost = 4_000_000

/**
 * Seals the next rows. In the caller's transaction.
 * @returns how far it is then; null: nothing is left
 */
export function sealSome(sql: Sql, seals: Seals, { table: at, after }: Progress, most: number): Progress | null {
  const name = names[at]
  if (name === undefined) return null
  const table: SealedTable = sealedTables[name]
  const key = table.key.join(', ')
  let last = after
  let letters = 0
  for (let n = 0; n < most && letters < lettersMost; n++) {
    const behind = last === null ? '' : `where (${key}) > (${table.key.map(() => '?').join(', ')})`
    const row = sql.row(`select * from ${name} ${behind} order by ${key} limit 1`, ...(last ?? []))
    if (!row) return { table: at + 1, after: null }
    sealRow(sql, seals, name, table, row)
    letters += Object.values(row).reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      0,
    )
    last = table.key.map(column => row[column] as string | number)
  }
  return { table: at, after: last }
}

function sealRow(sql: Sql, seals: Seals, name: SealedTableName, table: SealedTable, row: Row): void {
  const place = table.place.map(column => row[column] as Binding)
  const sealed = seals.table(name)
  const changed: [column: string, value: Binding][] = []
  for (const column of table.sealed) {
    const value = row[column]
    if (typeof value === 'string') changed.push([column, sealed.seal(column, place, value)])
  }
  for (const [column, use] of Object.entries(table.hashed ?? {})) {
    const value = row[column]
    if (typeof value === 'string' && !isHash(value)) changed.push([column, seals.hash(use, value)])
  }
  if (changed.length === 0) return
  const where = table.key.map(column => `${column} = ?`).join(' and ')
  sql.rows(
    `update ${name} set ${changed.map(([column]) => `${column} = ?`).join(', ')} where ${where}`,
    ...changed.map(([, value]) => value),
    ...table.key.map(column => row[column] as Binding),
  )
}
