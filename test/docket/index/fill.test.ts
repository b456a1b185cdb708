import { describe, expect, it } from 'vitest'
import { Paused, Turnstile } from '../../../src/docket/calls/turnstile.ts'
import { Filling } from '../../../src/docket/index/fill.ts'

/** A list is read on in the gaps of the work. */

const noon = Date.UTC(2026, 10, 2, 12)

class List {
  unfilledFrom: number | null = 0
  turns = 0
  fails: Error | null = null
  finish: () => void = () => {}

  turn(): Promise<void> {
    this.turns++
    if (this.fails) return Promise.reject(this.fails)
    return new Promise(resolve => {
      this.finish = resolve
    })
  }
}

function filling(pace = { requests: 50, seconds: 60 }) {
  const clock = { now: noon, wanted: true }
  const now = () => clock.now
  const turnstile = new Turnstile({
    now,
    sleep: async () => {},
    random: () => 0,
    cap: () => pace,
    reserve: () => 0,
    busy: () => false,
  })
  const list = new List()
  return { clock, list, turnstile, filling: new Filling(list, { turnstile, now, wanted: () => clock.wanted }) }
}
const settled = () => new Promise<void>(resolve => setTimeout(resolve))

describe('a list is read on', () => {
  it('at once while there is no work, one page at a time', async () => {
    const { filling: one, list } = filling()
    one.next(true)
    one.next(true)
    expect(list.turns).toBe(1)
    list.finish()
    await one.page
    one.next(true)
    expect(list.turns).toBe(2)
  })

  it('with one call in ten while there is', async () => {
    const { filling: one, list } = filling()
    one.next(false)
    expect(list.turns).toBe(1)
    list.finish()
    await one.page
    for (let n = 0; n < 9; n++) one.count()
    expect(list.turns).toBe(1)
    one.count()
    expect(list.turns).toBe(2)
  })

  it('not when there is nothing to read, when nobody wants it, nor before its time', () => {
    for (const change of [
      (its: ReturnType<typeof filling>) => {
        its.list.unfilledFrom = null
      },
      (its: ReturnType<typeof filling>) => {
        its.clock.wanted = false
      },
    ]) {
      const its = filling()
      change(its)
      its.filling.next(true)
      expect(its.list.turns).toBe(0)
      expect(its.filling.comeBack()).toBeNull()
    }
    const its = filling()
    its.list.unfilledFrom = noon + 5000
    its.filling.next(true)
    expect(its.list.turns).toBe(0)
    expect(its.filling.comeBack()).toBe(noon + 5000)
  })
})

describe('a page that does not come', () => {
  it('is asked for again after a minute, in another invocation', async () => {
    const { filling: one, list, clock } = filling()
    list.fails = new Error('502')
    one.next(true)
    await settled()
    clock.now += 60_000
    one.next(true)
    expect(list.turns).toBe(1)
    one.open()
    one.next(true)
    expect(list.turns).toBe(2)
  })

  it('for the pace is asked for when there is room', async () => {
    const { filling: one, list } = filling()
    list.fails = new Paused(noon + 1000)
    one.next(true)
    await settled()
    one.open()
    one.next(true)
    expect(list.turns).toBe(2)
  })
})
