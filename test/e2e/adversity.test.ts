import { expect, it } from 'vitest'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { answers, configuration, configure, onceEach, post, runsOf, standing, statsOf } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** A Clio in a bad mood, on the real runtime: in the end one of each record stands, and nobody had to do anything. */

async function withRuntime(work: (runtime: Runtime) => Promise<void>): Promise<void> {
  const runtime = await startRuntime({ seed: 7 })
  try {
    await configure(runtime, configuration(boundless))
    await work(runtime)
  } finally {
    await runtime.close()
  }
}

const allDone = (runtime: Runtime) =>
  until(
    () => runsOf(runtime),
    runs => runs.every(({ state }) => state === 'done'),
  )

// Side by side: they wait more than they compute.
it.concurrent('answers lost after the work was done, errors before and after it, records that land late', () =>
  withRuntime(async runtime => {
    runtime.sandbox.trouble.add(
      { method: 'POST', chance: 0.25, action: { do: 'lose' } },
      { method: 'POST', chance: 0.1, action: { do: 'fail', status: 500, applied: true } },
      { method: 'POST', chance: 0.15, action: { do: 'late', ms: 1000 } },
      { method: 'POST', chance: 0.1, action: { do: 'fail', status: 503, html: true } },
      { method: 'POST', chance: 0.05, action: { do: 'drop' } },
    )
    await Promise.all(Array.from({ length: 20 }, (_, n) => post(runtime, answers(n))))
    expect(await allDone(runtime)).toHaveLength(20)
    expect(standing(runtime.sandbox)).toEqual(onceEach(20))
    const struck = new Set(runtime.sandbox.ledger.entries.map(({ trouble }) => trouble))
    expect([...struck].filter(Boolean).sort()).toEqual(['drop', 'fail', 'late', 'lose'])
    expect(runtime.sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 })
  }))

it.concurrent('a login that has expired holds the queue where everybody can see it, and when it is mended everything goes on', () =>
  withRuntime(async runtime => {
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
    )
    expect(await allDone(runtime)).toHaveLength(10)
    expect(standing(runtime.sandbox)).toEqual(onceEach(10))
    expect((await statsOf(runtime)).connection).toMatchObject({ state: 'ok', reason: null })
  }))
