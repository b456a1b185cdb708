import { describe, expect, it } from 'vitest'
import { liveWildly, type WildLife } from './life.ts'
import { wildLives } from './lives.ts'

/**
 * Random lives in the world as it is (I1–I4). `WILD=100000` lives so many; `SEED=123` lives that one again and tells where it went wrong.
 */
const seed = Number(process.env.SEED ?? 0)
const count = Number(process.env.WILD ?? 400)
const part = 500

describe('random lives in a world that rewrites, lags, moves and is not alone', () => {
  if (seed > 0) {
    it(`seed ${seed}`, async () => {
      expect((await liveWildly(seed)).runs).toBeGreaterThan(0)
    })
    return
  }
  const lives: WildLife[] = []
  const sum = (of: (life: WildLife) => number) => lives.reduce((total, life) => total + of(life), 0)
  for (let from = 1; from <= count; from += part) {
    const to = Math.min(from + part - 1, count)
    it(`seeds ${from}–${to}: no double, no loss, no stranger’s record touched, no false “done”`, {
      timeout: 3_600_000,
    }, async () => {
      lives.push(...(await wildLives(from, to)))
    })
  }

  it('parks in doubt at most one in fifty of the lost answers', () => {
    const [lost, doubtful] = [sum(life => life.lost), sum(life => life.doubtful)]
    console.log(
      `${lives.length} lives, ${sum(life => life.runs)} runs, ${sum(life => life.calls)} calls, ${lost} lost answers, ${doubtful} parked in doubt, ` +
        `${sum(life => life.acts)} acts of people, ${sum(life => life.mended)} mends (${sum(life => life.corrected)} with answers corrected, ` +
        `${sum(life => life.skips)} with a step skipped, ${sum(life => life.choices)} with a record chosen), ${sum(life => life.erased)} runs erased, ${sum(life => Number(life.moved))} moves to another account and back, ` +
        `${sum(life => Number(life.upgraded))} upgrades and ${sum(life => Number(life.rotated))} rotations in the middle`,
    )
    expect(sum(life => life.erased)).toBeGreaterThan(lives.length / 4)
    for (const many of [sum(life => life.corrected), sum(life => life.skips), sum(life => life.choices)])
      expect(many).toBeGreaterThan(lives.length / 10)
    expect(lost).toBeGreaterThan(lives.length / 2)
    for (const many of [sum(life => Number(life.upgraded)), sum(life => Number(life.rotated))])
      expect(many).toBeGreaterThan(lives.length / 8)
    expect(doubtful * 50).toBeLessThanOrEqual(lost)
  })
})
