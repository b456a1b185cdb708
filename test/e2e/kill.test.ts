import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rewrites } from '../../src/sandbox/clio/rewrite.ts'
import { answers, configuration, configure, onceEach, post, runsOf, standing } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** SIGKILL on the real runtime: nothing that was accepted is lost (I1), nothing is done twice (I2), and nobody has to ask. */

let runtime: Runtime
beforeEach(async () => {
  // Longer than the slowest call: a write that a kill cut off has landed when it is looked for.
  runtime = await startRuntime({ settle: 3 })
  await configure(runtime, configuration(boundless))
})
afterEach(() => runtime.close())

const served = () => standing(runtime.sandbox)
const written = () => runtime.sandbox.ledger.entries.filter(({ method, status }) => method === 'POST' && status === 201)
const allServed = (count: number) => until(served, ({ tasks }) => tasks.length >= count)

describe('sixty runs under way, and a Clio that takes half a second or a whole one', () => {
  it('three kills: sixty contacts, sixty matters, sixty tasks, each once', async () => {
    runtime.sandbox.trouble.add(
      { method: 'POST', chance: 0.3, action: { do: 'slow', ms: 1000 } },
      { method: 'POST', action: { do: 'slow', ms: 500 } },
    )
    const accepted = await Promise.all(Array.from({ length: 60 }, (_, n) => post(runtime, answers(n))))
    expect(accepted.map(({ status }) => status)).toEqual(Array(60).fill(202))

    for (const progress of [10, 60, 120]) {
      await until(
        () => ({ done: written().length, underWay: runtime.sandbox.ledger.inFlight }),
        ({ done, underWay }) => done >= progress && underWay > 0,
        { every: 20 },
      )
      await runtime.kill()
      // Only /healthz is asked from here on: the firm's Docket goes on by itself.
      await runtime.start()
    }
    await allServed(60)

    expect(served()).toEqual(onceEach(60))
    expect(written()).toHaveLength(180)
    const runs = await until(
      () => runsOf(runtime),
      all => all.every(({ state }) => state === 'done'),
    )
    expect(runs).toHaveLength(60)
    expect(runtime.sandbox.ledger.peak).toBeLessThanOrEqual(12)
  })
})

describe('a Clio that writes texts otherwise, half of all calls failing, and five kills', () => {
  it('thirty contacts, thirty matters, thirty tasks, each once', async () => {
    runtime.sandbox.behaviour.rewrites = rewrites
    runtime.sandbox.trouble.add(
      { method: 'POST', chance: 0.2, action: { do: 'lose' } },
      { method: 'POST', chance: 0.15, action: { do: 'late', ms: 800 } },
      { chance: 0.1, action: { do: 'stray', shape: 'no-route' } },
      { method: 'POST', chance: 0.2, action: { do: 'drop' } },
      { method: 'POST', action: { do: 'slow', ms: 250 } },
    )
    const accepted = await Promise.all(Array.from({ length: 30 }, (_, n) => post(runtime, answers(n))))
    expect(accepted.map(({ status }) => status)).toEqual(Array(30).fill(202))
    for (const progress of [3, 10, 25, 40, 60]) {
      await until(written, done => done.length >= progress, { every: 20 })
      await runtime.kill()
      await runtime.start()
    }
    runtime.sandbox.trouble.clear()
    await allServed(30)
    expect(served()).toEqual(onceEach(30))
    const ended = await until(
      () => runsOf(runtime),
      all => all.every(({ state }) => state === 'done'),
    )
    expect(ended).toHaveLength(30)
  })
})

describe('a kill right after the receipts', () => {
  it('every run that was acknowledged exists and ends; what was not may be sent again', async () => {
    const visitors = Array.from({ length: 40 }, (_, n) => n)
    const deliver = (n: number) => post(runtime, answers(n), { 'idempotency-key': `visitor-${n}` })
    const acknowledged = new Map<number, string>()
    let killed: Promise<void> | undefined
    // Ten senders, one delivery after another each: when the kill comes, others are under way and some were never begun.
    const waiting = [...visitors]
    async function sender(): Promise<void> {
      for (let n = waiting.shift(); n !== undefined && !killed; n = waiting.shift()) {
        const answer = await deliver(n).catch(() => null)
        if (answer?.status === 202) acknowledged.set(n, answer.receipt.run)
        if (acknowledged.size === 10) killed ??= runtime.kill()
      }
    }
    await Promise.all(Array.from({ length: 10 }, sender))
    await killed
    expect(acknowledged.size).toBeGreaterThanOrEqual(10)
    expect(acknowledged.size).toBeLessThan(40)

    await runtime.start()
    const known = new Set((await runsOf(runtime)).map(({ id }) => id))
    expect([...acknowledged.values()].filter(id => !known.has(id))).toEqual([])

    for (const n of visitors) {
      const { status, receipt } = await deliver(n)
      expect(status).toBe(202)
      if (acknowledged.has(n)) expect(receipt).toMatchObject({ run: acknowledged.get(n), duplicate: true })
    }
    await allServed(40)
    expect(served()).toEqual(onceEach(40))
  })
})
