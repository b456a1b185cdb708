import { expect, it } from 'vitest'
import { backoff } from '../../src/lib/backoff.ts'

const slow = { base: 30_000, longest: 600_000 }

it('doubles from the base to the longest, and stays there', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 5000].map(tries => backoff(tries, slow))).toEqual([
    30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000,
  ])
})

it('lies between half and whole where chance has a say', () => {
  expect([0, 0.5, 1].map(chance => backoff(1, slow, chance))).toEqual([30_000, 45_000, 60_000])
})
