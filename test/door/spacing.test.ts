import { describe, expect, it } from 'vitest'
import { Spacing } from '../../src/door/spacing.ts'

const now = 1_000_000
const mebibyte = 1_048_576

describe('long bodies', () => {
  it('have their moment one after another, and short ones never wait', () => {
    const spacing = new Spacing()
    expect([1, 2, 3].map(() => spacing.wait(mebibyte, now))).toEqual([0, 103, 206])
    expect(spacing.wait(65_535, now)).toBe(0)
    // Time goes by: whoever comes when nobody waits goes at once.
    expect(spacing.wait(mebibyte, now + 250)).toBe(59)
    expect(spacing.wait(mebibyte, now + 5000)).toBe(0)
  })

  it('are sent away when some 20 MB wait, until those are through', () => {
    const spacing = new Spacing()
    const all = Array.from({ length: 40 }, () => spacing.wait(mebibyte, now))
    expect(all.filter(ms => ms !== null)).toHaveLength(20)
    expect(Math.max(...all.map(ms => ms ?? 0))).toBeLessThanOrEqual(2000)
    expect(spacing.wait(mebibyte, now + 1000)).not.toBeNull()
  })

  it('are not kept away by a clock that went back', () => {
    const spacing = new Spacing()
    for (let n = 0; n < 40; n++) spacing.wait(mebibyte, now)
    expect(spacing.wait(mebibyte, now - 3_600_000)).toBe(0)
  })
})
