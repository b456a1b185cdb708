import { describe, expect, it } from 'vitest'
import { live, Violation } from './life.ts'

/**
 * Thousands of random lives: deliveries and redeliveries, answers lost, cut, late, wrong or never, kills at any moment, a lost
 * connection. After every step of every life the invariants hold (design, I1–I4). `LIVES=100000` makes more of them;
 * `SEED=123` lives that one again and tells where it went wrong.
 */
const seed = Number(process.env.SEED ?? 0)
const count = Number(process.env.LIVES ?? 10_000)
const part = 1000

describe('random lives of a Docket', () => {
  if (seed > 0) {
    it(`seed ${seed}`, async () => {
      expect((await live(seed)).runs).toBeGreaterThan(0)
    })
    return
  }
  for (let from = 1; from <= count; from += part) {
    const to = Math.min(from + part - 1, count)
    it(`seeds ${from}–${to}: each event once, none lost, never a call too many`, { timeout: 600_000 }, async () => {
      let runs = 0
      let kills = 0
      for (let n = from; n <= to; n++) {
        const life = await live(n).catch((error: unknown) => {
          if (error instanceof Violation) throw error
          throw new Violation(n, `${error instanceof Error ? error.stack : error}`)
        })
        runs += life.runs
        kills += life.kills
      }
      // A simulator that simulates nothing would pass everything.
      expect(runs).toBeGreaterThan((to - from + 1) * 2)
      expect(kills).toBeGreaterThan((to - from + 1) / 2)
    })
  }
})
