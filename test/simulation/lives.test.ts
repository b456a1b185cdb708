import { describe, expect, it } from 'vitest'
import { live } from './life.ts'
import { lives } from './lives.ts'

/**
 * Thousands of random lives: deliveries and redeliveries, answers lost, cut, late, wrong or never, kills at any moment, a lost
 * connection. After every step of every life the invariants hold (design, I1–I4). `LIVES=100000` makes more of them, as
 * `npm run test:long` does; `SEED=123` lives that one again and tells where it went wrong.
 */
const seed = Number(process.env.SEED ?? 0)
const count = Number(process.env.LIVES ?? 1000)
const part = 1000

describe('random lives that begin in shadow', () => {
  const some = Math.ceil(count / 40)
  it(`seeds 1–${some}: no write before a person lets it go, then each event once, in order`, { timeout: 600_000 }, () =>
    lives(seed || 1, seed || some, 'shadow'),
  )
})

describe('random lives of a Docket', () => {
  if (seed > 0) {
    it(`seed ${seed}`, async () => {
      expect((await live(seed)).runs).toBeGreaterThan(0)
    })
    return
  }
  for (let from = 1; from <= count; from += part) {
    const to = Math.min(from + part - 1, count)
    const what = `seeds ${from}–${to}: each event once, none lost, never a call too many`
    it(what, { timeout: 600_000 }, () => lives(from, to))
  }
})
