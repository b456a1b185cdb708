import { expect } from 'vitest'
import { live, Violation } from './life.ts'

/** Lives the random lives of these seeds, both ends included; fails with the seed of the one that went wrong. */
export async function lives(from: number, to: number, mode: 'live' | 'shadow' = 'live'): Promise<void> {
  let runs = 0
  let kills = 0
  for (let n = from; n <= to; n++) {
    const life = await live(n, mode).catch((error: unknown) => {
      if (error instanceof Violation) throw error
      throw new Violation(n, `${error instanceof Error ? error.stack : error}`)
    })
    runs += life.runs
    kills += life.kills
  }
  // A simulator that simulates nothing would pass everything.
  expect(runs).toBeGreaterThan((to - from + 1) * 2)
  expect(kills).toBeGreaterThan((to - from + 1) / 2)
}
