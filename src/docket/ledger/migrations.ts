import { first } from './migrations/1.ts'
import { kinds } from './migrations/2.ts'
import { candidates } from './migrations/3.ts'
import { access } from './migrations/4.ts'
import { later } from './migrations/5.ts'
import { amendments } from './migrations/6.ts'
import { countedAndShadow } from './migrations/7.ts'
import { keeping } from './migrations/8.ts'
import { undecided } from './migrations/9.ts'
import { longEvents } from './migrations/10.ts'
import type { Sql } from './sql.ts'

/**
 * How the database became what it is (I8): numbered and append-only. Whoever changes a table freezes a ledger of the version before
 * (`node test/upgrade/freeze.ts N`) and adds a migration here; none that was ever released is changed.
 */
export const migrations: readonly Migration[] = [
  { id: 1, up: sql => complete(sql, first) },
  { id: 2, up: sql => void sql.rows(kinds) },
  { id: 3, up: sql => void sql.rows(candidates) },
  { id: 4, up: sql => void sql.rows(access) },
  { id: 5, up: sql => void sql.rows(later) },
  { id: 6, up: sql => void sql.rows(amendments) },
  { id: 7, up: sql => void sql.rows(countedAndShadow) },
  { id: 8, up: sql => void sql.rows(keeping) },
  { id: 9, up: sql => void sql.rows(undecided) },
  { id: 10, up: sql => void sql.rows(longEvents) },
]

export interface Migration {
  readonly id: number
  /** In one transaction with all others that are due. */
  up(sql: Sql): void
}

/**
 * - `none`: the firm was never configured, and has no database.
 * - `locked`: no DATA_KEY opens its keys.
 */
export type Standing = 'none' | 'ready' | 'newer' | 'failed' | 'locked'

/** What the database is at. 0: there is none. One from before versions were counted is at 0 too: migration 1 finds what is there. */
function versionOf(sql: Sql): { made: boolean; version: number } {
  const made = sql.row("select 1 from sqlite_master where type = 'table' and name = 'meta'") !== undefined
  const row = made ? sql.row("select value from meta where key = 'schema'") : undefined
  return { made, version: row ? Number(row.value) : 0 }
}

/**
 * Brings the database up to this code, before anything else reads it. Never throws.
 * @param make also where there is none yet: the firm stores its first configuration
 * @returns how it stands: one that a newer version wrote, or that could not be brought up, is left as it was
 */
export function migrate(sql: Sql, make: boolean, all: readonly Migration[] = migrations): Standing {
  try {
    const { made, version } = versionOf(sql)
    if (!made && !make) return 'none'
    const newest = all.at(-1)?.id ?? 0
    if (version > newest) return 'newer'
    if (version === newest) return 'ready'
    sql.transaction(() => {
      for (const migration of all) if (migration.id > version) migration.up(sql)
      sql.rows("insert or replace into meta values ('schema', ?)", String(newest))
    })
    return 'ready'
  } catch (error) {
    // The message of a fault of SQLite's names tables and columns, never what stands in them.
    console.error(
      `A ledger could not be brought up to this version: ${error instanceof Error ? error.message : 'fault'}`,
    )
    return 'failed'
  }
}

/** Makes every table that is not there, and adds every column that one of before lacks. */
function complete(sql: Sql, schema: string): void {
  for (const [, table = '', body = ''] of schema.matchAll(
    /create table if not exists (\w+) \(([\s\S]*?)\)(?: without rowid)?;/g,
  )) {
    const there = new Set(sql.rows(`select name from pragma_table_info('${table}')`).map(row => String(row.name)))
    if (there.size === 0) continue
    for (const column of body.split(/,\s*(?![^(]*\))/)) {
      const [name = ''] = column.trim().split(/\s+/)
      if (name !== 'primary' && !there.has(name)) sql.rows(`alter table ${table} add column ${column.trim()}`)
    }
  }
  sql.rows(schema)
}
