import { afterEach, beforeEach, expect, it } from 'vitest'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { answers, configuration, configure, onceEach, post, runsOf, standing, statsOf } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** A Clio in a bad mood, on the real runtime: in the end one of each record stands, and nobody had to do anything. */

let runtime: Runtime
beforeEach(async () => {
  runtime = await startRuntime({ seed: 7 })
  await configure(runtime, configuration(boundless))
})
afterEach(() => runtime.close())

const allDone = (seconds: number) =>
  until(
    () => runsOf(runtime),
    runs => runs.every(({ state }) => state === 'done'),
    { seconds },
  )

it('answers lost after the work was done, errors before and after it, records that land late', async () => {
  runtime.sandbox.trouble.add(
    { method: 'POST', chance: 0.25, action: { do: 'lose' } },
    { method: 'POST', chance: 0.1, action: { do: 'fail', status: 500, applied: true } },
    { method: 'POST', chance: 0.15, action: { do: 'late', ms: 1000 } },
    { method: 'POST', chance: 0.1, action: { do: 'fail', status: 503, html: true } },
    { method: 'POST', chance: 0.05, action: { do: 'drop' } },
  )
  await Promise.all(Array.from({ length: 20 }, (_, n) => post(runtime, answers(n))))
  expect(await allDone(60)).toHaveLength(20)
  expect(standing(runtime.sandbox)).toEqual(onceEach(20))
  const struck = new Set(runtime.sandbox.ledger.entries.map(({ trouble }) => trouble))
  expect([...struck].filter(Boolean).sort()).toEqual(['drop', 'fail', 'late', 'lose'])
  expect(runtime.sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 })
})

it('a login that has expired holds the queue where everybody can see it, and when it is mended everything goes on', async () => {
  const connection = runtime.sandbox.connections.get(firstConnection)!
  runtime.sandbox.connections.expire(connection, 401)
  await Promise.all(Array.from({ length: 10 }, (_, n) => post(runtime, answers(n))))
  const { connection: seen } = await until(
    () => statsOf(runtime),
    stats => stats.connection.state === 'held',
  )
  expect(seen.reason).toMatch(/expired/)
  expect(Date.parse(seen.nextProbeAt!)).toBeGreaterThan(Date.now())
  // Nothing more is thrown at a Clio that does not know us: each run found out at the most once.
  const calls = runtime.sandbox.ledger.entries.length
  expect(calls).toBeLessThanOrEqual(10)
  expect((await runsOf(runtime)).filter(({ state }) => state === 'parked')).toEqual([])

  await new Promise(resolve => setTimeout(resolve, 3000))
  expect(runtime.sandbox.ledger.entries).toHaveLength(calls)
  runtime.sandbox.connections.expire(connection, null)
  // The probe goes 30 s after the loss; nobody asks for it.
  await until(
    () => standing(runtime.sandbox),
    ({ tasks }) => tasks.length === 10,
    { seconds: 60 },
  )
  expect(await allDone(10)).toHaveLength(10)
  expect(standing(runtime.sandbox)).toEqual(onceEach(10))
  expect((await statsOf(runtime)).connection).toMatchObject({ state: 'ok', reason: null })
})
