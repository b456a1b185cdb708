import { env, runInDurableObject } from 'cloudflare:test'
import { expect, it as test } from 'vitest'
import type { FirmReport } from '../../src/model/registry-rpc.ts'
import type { Storage } from '../../src/platform/storage.ts'
import { Firms, visitEvery } from '../../src/registry/firms.ts'

/** Who is to be woken, on the registry's real storage, with a clock of the test's own. */

const noon = Date.UTC(2026, 10, 26, 12)
const minute = 60_000

const idle = (firm: string, more: Partial<FirmReport> = {}): FirmReport => ({
  firm,
  open: 0,
  parked: 0,
  held: 0,
  connection: null,
  lastEventAt: null,
  nextWake: null,
  visited: false,
  keys: null,
  unfit: null,
  figures: null,
  ...more,
})

interface Counted extends Storage {
  /** Statements, and rows that they read. */
  readonly counted: { statements: number; read: number }
}

function counting({ sql, transactionSync }: DurableObjectStorage, storage: DurableObjectStorage): Counted {
  const counted = { statements: 0, read: 0 }
  const exec = (query: string, ...bindings: (string | number | null)[]) => {
    const cursor = sql.exec(query, ...bindings)
    const rows = cursor.toArray()
    counted.statements += 1
    counted.read += cursor.rowsRead
    return { toArray: () => rows }
  }
  return { counted, sql: { exec }, transactionSync: work => transactionSync.call(storage, work) as never }
}

let registries = 0

/** A test over a registry of its own. */
function it(says: string, tried: (firms: Firms, counted: Counted['counted']) => void): void {
  test(says, async () => {
    const stub = env.REGISTRY.get(env.REGISTRY.idFromName(`firms-${++registries}`))
    await runInDurableObject(stub, (_, { storage }) => {
      const access = counting(storage, storage)
      tried(new Firms(access), access.counted)
    })
  })
}

const thousands = (firms: Firms) => {
  for (let n = 0; n < 10_000; n++) firms.report(idle(`firm-${String(n).padStart(4, '0')}`), noon)
}

it('finds the one firm of 10,000 that is overdue, with two statements that read a few rows', (firms, counted) => {
  thousands(firms)
  firms.expect('firm-4711', noon, noon)
  counted.statements = 0
  counted.read = 0
  expect(firms.overdue(40, noon + 10 * minute)).toEqual(['firm-4711'])
  expect(counted).toEqual({ statements: 2, read: expect.any(Number) })
  expect(counted.read).toBeLessThan(20)
})

it('visits every one of 10,000 silent firms within their two days and as many runs again, forty at a time', (firms, counted) => {
  thousands(firms)
  counted.read = 0
  const visited = new Set<string>()
  let runs = 0
  for (let now = noon + visitEvery; visited.size < 10_000; now += 10 * minute, runs++) {
    const woken = firms.overdue(40, now)
    expect(woken.length).toBe(40)
    for (const firm of woken) {
      visited.add(firm)
      firms.report(idle(firm, { visited: true }), now)
    }
  }
  expect(runs).toBe(250)
  expect(runs * 10 * minute).toBeLessThan(visitEvery)
})

it('leaves alone whose alarm is in time, or a little late', firms => {
  firms.report(idle('smith', { nextWake: noon + minute }), noon)
  expect(firms.overdue(40, noon + 2 * minute)).toEqual([])
  expect(firms.overdue(40, noon + 3 * minute)).toEqual(['smith'])
})

it('leaves alone who has told of its end', firms => {
  firms.expect('smith', noon, noon)
  firms.report(idle('smith'), noon + 5000)
  expect(firms.overdue(40, noon + 60 * minute)).toEqual([])
})

it('names the most overdue first, and the others at the next run', firms => {
  for (const [n, firm] of ['c', 'a', 'd', 'b'].entries()) firms.expect(firm, noon + n * 1000, noon)
  expect(firms.overdue(2, noon + 10 * minute).sort()).toEqual(['a', 'c'])
  expect(firms.overdue(2, noon + 10 * minute).sort()).toEqual(['b', 'd'])
})

it('puts overdue work before visits', firms => {
  firms.report(idle('silent'), noon)
  const later = noon + visitEvery + minute
  firms.expect('late', later - 5 * minute, later)
  expect(firms.overdue(1, later)).toEqual(['late'])
  expect(firms.overdue(1, later)).toEqual(['silent'])
})

it('names nobody twice to two who ask at once', firms => {
  for (const firm of ['a', 'b', 'c']) firms.found(firm, noon - 60 * minute)
  expect(firms.overdue(40, noon).sort()).toEqual(['a', 'b', 'c'])
  expect(firms.overdue(40, noon)).toEqual([])
})

it('names one again that has said nothing since, behind those who wait by then', firms => {
  firms.found('broken', noon - 60 * minute)
  expect(firms.overdue(1, noon)).toEqual(['broken'])
  firms.expect('late', noon, noon)
  expect(firms.overdue(1, noon + 10 * minute)).toEqual(['late'])
  expect(firms.overdue(1, noon + 10 * minute)).toEqual(['broken'])
})

it('visits a firm that is busy every minute too: somebody has to tidy up there', firms => {
  for (let now = noon; now < noon + visitEvery; now += 60 * minute) firms.report(idle('busy'), now)
  expect(firms.overdue(40, noon + visitEvery + minute)).toEqual(['busy'])
  firms.report(idle('busy', { visited: true }), noon + visitEvery + minute)
  expect(firms.overdue(40, noon + visitEvery + 60 * minute)).toEqual([])
})

it('wakes a firm of which only the name is known', firms => {
  firms.found('seeded', noon)
  expect(firms.overdue(40, noon)).toEqual(['seeded'])
})

it('forgets an erased firm for ever, whatever its Docket still has to say', firms => {
  firms.report(idle('gone'), noon)
  firms.bury('gone', 'vendor', noon)
  expect(firms.report(idle('gone'), noon)).toBe(false)
  firms.expect('gone', noon, noon)
  firms.found('gone', noon)
  firms.uses('gone', 'c', noon)
  expect(firms.page(10, null, {}, '')).toEqual({ firms: [], cursor: null, keysLeft: 0 })
  expect(firms.overdue(40, noon + visitEvery * 2)).toEqual([])
  expect(firms.tombstone('gone')).toEqual({ firm: 'gone', at: noon, by: 'vendor' })
  firms.bury('gone', 'somebody else', noon + 1)
  expect(firms.tombstone('gone')).toEqual({ firm: 'gone', at: noon, by: 'vendor' })
})
