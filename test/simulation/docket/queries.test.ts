import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import { Sql } from '../../../src/docket/ledger/sql.ts'
import { live } from '../life.ts'
import { Disk, keeping } from '../storage.ts'
import { liveWildly } from '../wild/life.ts'

/** I9: no statement that the Docket issues reads through a table that grows. */

/** What holds a few rows, however long a firm lives. */
const small = new Set(['meta', 'ended', 'secrets', 'sqlite_master', 'pragma_table_info'])

/** Statements that may read through, by how they begin, and why. */
const exceptions: readonly { readonly starts: string; readonly why: string }[] = [
  {
    starts: 'select (select count(*) from runs indexed by runs_open',
    why: 'the newest event is the first row from the end',
  },
  { starts: 'select 1 from source_memory limit 1', why: 'the first row answers it' },
  {
    starts: 'select distinct run from locks',
    why: 'a lock stands only while a call of an upsert is under way or in doubt',
  },
]

const issued = new Set<string>()
let disk: Disk

beforeAll(async () => {
  const rows = Sql.prototype.rows
  const watched = vi.spyOn(Sql.prototype, 'rows').mockImplementation(function (this: Sql, query, ...bindings) {
    issued.add(query)
    return rows.call(this, query, ...bindings)
  })
  for (let seed = 1; seed <= 40; seed++) await live(seed)
  for (let seed = 1; seed <= 40; seed++) await liveWildly(seed)
  disk = new Disk()
  const ledger = new Ledger(
    disk.access(() => {}),
    keeping,
  )
  ledger.putConfig('{}', {}, 0)
  // What a person looks for.
  const filters = [{}, { states: ['parked'] }, { states: ['parked', 'held'] }, { endpoint: 'website' }, { q: 'run_0' }]
  for (const filter of [...filters, { states: ['done'], endpoint: 'website' }, { states: ['done'], q: 'x' }])
    for (const before of [undefined, 9]) ledger.overview.found({ ...filter, ...(before && { before }) }, 20)
  ledger.overview.counts()
  ledger.overview.counters()
  ledger.overview.oldestOpen()
  watched.mockRestore()
}, 120_000)

/** How SQLite means to answer a statement, where that reads through a whole table or a whole index of one that grows. */
function scans(query: string): string[] {
  const plan = disk.query(`explain query plan ${query.replaceAll('?', "''")}`)
  // A family of runs, put together as it is asked for.
  const made = new Set([...query.matchAll(/\b(?:recursive|with) (\w+)\(/g)].map(([, name]) => name))
  const partial = (index: string) =>
    disk.query(`select 1 from sqlite_master where name = '${index}' and sql like '%where%'`).length > 0
  return plan
    .map(row => String(row.detail))
    .filter(detail => /^SCAN /.test(detail) && !/^SCAN (?:CONSTANT ROW|\d+ CONSTANT ROW|json_each|\()/.test(detail))
    .filter(detail => !made.has(/^SCAN (\w+)/.exec(detail)?.[1] ?? ''))
    .filter(detail => !small.has(/^SCAN (\w+)/.exec(detail)?.[1] ?? ''))
    .filter(detail => !partial(/USING (?:COVERING )?INDEX (\w+)/.exec(detail)?.[1] ?? ''))
}

describe('the statements of a Docket', () => {
  it('are seen in their variety', () => {
    expect(issued.size).toBeGreaterThan(100)
  })

  it('read through no table that grows, save those that stand here with their reason', () => {
    const found = [...issued]
      .filter(query => /^\s*(?:select|insert|update|delete|with)/i.test(query) && !/;\s*\S/.test(query))
      .flatMap(query => scans(query).map(detail => `${query.replace(/\s+/g, ' ')}: ${detail}`))
    expect(found.filter(one => !exceptions.some(({ starts }) => one.startsWith(starts)))).toEqual([])
  })

  it('include each exception', () => {
    const queries = [...issued].map(query => query.replace(/\s+/g, ' '))
    expect(exceptions.filter(({ starts }) => !queries.some(query => query.startsWith(starts)))).toEqual([])
  })
})
