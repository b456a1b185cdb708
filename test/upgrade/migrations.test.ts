import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Ledger } from '../../src/docket/ledger/ledger.ts'
import { type Migration, migrate, migrations } from '../../src/docket/ledger/migrations.ts'
import { Sql } from '../../src/docket/ledger/sql.ts'
import { Disk, keeping } from '../simulation/storage.ts'

/** How a database becomes what the code expects (I8). */

afterEach(() => void vi.restoreAllMocks())

const free = () => {}
const on = (disk: Disk) => new Sql(disk.access(free))
const versionOf = (disk: Disk) => disk.query("select value from meta where key = 'schema'")[0]?.value
const columns = (disk: Disk, table: string) =>
  disk.query(`select name from pragma_table_info('${table}')`).map(({ name }) => String(name))

const first: Migration = { id: 1, up: sql => void sql.rows('create table meta (key text primary key, value text)') }
const second: Migration = { id: 2, up: sql => void sql.rows('create table more (n integer)') }
const broken: Migration = {
  id: 3,
  up: sql => {
    sql.rows('create table half (n integer)')
    sql.rows('alter table missing add column n')
  },
}

describe('migrations', () => {
  it('are numbered without a gap', () => {
    expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, at) => at + 1))
  })

  it('make nothing where nobody was configured, until they are told to', () => {
    const disk = new Disk('')
    expect(migrate(on(disk), false, [first])).toBe('none')
    expect(disk.query('select name from sqlite_master')).toEqual([])
    expect(migrate(on(disk), true, [first, second])).toBe('ready')
    expect(versionOf(disk)).toBe('2')
  })

  it('run each once, and only those that lack', () => {
    const disk = new Disk('')
    migrate(on(disk), true, [first])
    expect(migrate(on(disk), false, [first, second])).toBe('ready')
    expect(migrate(on(disk), false, [first, second])).toBe('ready')
    expect(versionOf(disk)).toBe('2')
    expect(columns(disk, 'more')).toEqual(['n'])
  })

  it('leave a newer database as it is', () => {
    const disk = new Disk('')
    migrate(on(disk), true, [first, second])
    expect(migrate(on(disk), false, [first])).toBe('newer')
    expect(versionOf(disk)).toBe('2')
  })

  it('are undone as a whole when one fails, which is said without what stands in the database', () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const disk = new Disk('')
    migrate(on(disk), true, [first])
    expect(migrate(on(disk), false, [first, second, broken])).toBe('failed')
    expect(versionOf(disk)).toBe('1')
    expect(disk.query("select name from sqlite_master where name in ('more', 'half')")).toEqual([])
    expect(log.mock.calls.join()).toContain('no such table: missing')
  })

  it('never throw for a database that cannot be read at all', () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const storage = {
      sql: {
        exec: () => {
          throw new Error('disk I/O error')
        },
      },
      transactionSync: <T>(work: () => T) => work(),
    }
    expect(new Ledger(storage, keeping).standing).toBe('failed')
  })
})

const folder = join(import.meta.dirname, 'schemas')

/** Schemas of commits before versions were counted, by the commit: they lack tables, and columns such as `undo_of`. */
describe.each(readdirSync(folder))('a database of %s, older than the first version that is counted', file => {
  it('gets what it lacks, keeps what it has, and goes on', () => {
    const disk = new Disk(readFileSync(join(folder, file), 'utf8'))
    disk.query("insert into configs (version, text, document, at) values (1, '{}', '{}', 1)")
    disk.query(
      `insert into runs (id, endpoint, content, event, type, version, interactive, state, phase, accepted_at)
        values ('run_1', 'website', 'hash', '{}', 'form.submitted', 1, 0, 'accepted', 'plan', 5)`,
    )
    const ledger = new Ledger(disk.access(free), keeping)
    expect(ledger.standing).toBe('ready')
    expect(ledger.version).toBe(1)
    expect(ledger.runs.get('run_1')).toMatchObject({ state: 'accepted', kind: 'event', undoOf: null })
    expect(ledger.runs.runnable(false, 10, 10).map(({ id }) => id)).toEqual(['run_1'])
    const fresh = new Disk('')
    new Ledger(fresh.access(free), keeping).putConfig('{}', {}, 1)
    const named = (one: Disk) => one.query("select name from sqlite_master where type = 'table' order by name")
    expect(named(disk)).toEqual(named(fresh))
    for (const { name } of named(fresh))
      expect(columns(disk, String(name)).sort()).toEqual(columns(fresh, String(name)).sort())
  })
})
