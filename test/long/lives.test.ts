import { describe, it } from 'vitest'
import { lives } from '../simulation/lives.ts'
import { wildLives } from '../simulation/wild/lives.ts'

/** A hundred thousand random lives, beyond those that every check lives (`test/simulation/lives.test.ts`); `LIVES` says how many. */
const first = 10_001
const count = Number(process.env.LIVES ?? 100_000)
const part = 1000

describe('many more random lives of a Docket', () => {
  for (let from = first; from < first + count; from += part) {
    const to = Math.min(from + part, first + count) - 1
    const what = `seeds ${from}–${to}: each event once, none lost, never a call too many`
    it(what, { timeout: 600_000 }, () => lives(from, to))
  }
})

describe('many more random lives in the world as it is', () => {
  for (let from = first; from < first + count; from += part) {
    const to = Math.min(from + part, first + count) - 1
    it(`seeds ${from}–${to}`, { timeout: 3_600_000 }, async () => {
      await wildLives(from, to)
    })
  }
})
