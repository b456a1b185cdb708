import { describe, expect, it } from 'vitest'
import { inFlightMost, type Pace } from '../../../src/docket/calls/pace.ts'
import { type Paused, Turnstile } from '../../../src/docket/calls/turnstile.ts'
import type { Outcome, RateHeaders } from '../../../src/model/call.ts'

const done: Outcome = { kind: 'applied', status: 200, answer: null }
const tooMany = (more: { retryAfter?: number; rate?: RateHeaders } = {}): Outcome => ({
  kind: 'refused',
  why: 'limit',
  status: 429,
  message: 'Too many.',
  ...more,
})

/** A turnstile on a clock that stands until it is moved. */
function made(
  { cap, reserve = 0, random = 0.5, answered = [] as number[], pausedUntil = 0, budget = 1000, busy = false } = {} as {
    cap?: Pace
    reserve?: number
    random?: number
    answered?: number[]
    pausedUntil?: number
    budget?: number
    busy?: boolean
  },
) {
  const clock = { now: 1_000_000, naps: [] as { at: number; wake: () => void }[] }
  const turnstile = new Turnstile({
    now: () => clock.now,
    sleep: ms => new Promise(wake => clock.naps.push({ at: clock.now + ms, wake })),
    random: () => random,
    cap: () => cap ?? { requests: 1000, seconds: 60 },
    reserve: () => reserve,
    busy: () => busy,
  })
  turnstile.goOn(answered, pausedUntil)
  turnstile.open(budget)
  const order: string[] = []
  const enter = (name: string, interactive = false, turn = 0): Promise<void> =>
    turnstile.enter({ interactive, turn }).then(
      () => void order.push(name),
      (error: Paused) => void order.push(`${name} paused until ${error.until - 1_000_000}`),
    )
  const read = (name: string): Promise<void> =>
    turnstile.enter({ interactive: false, turn: 0, patience: 10_000 }).then(
      () => void order.push(name),
      (error: Paused) => void order.push(`${name} refused until ${error.until - 1_000_000}`),
    )
  const left = async (): Promise<void> => {
    turnstile.leave(done, { patience: 10_000 })
    await settled()
  }
  const pass = async (moment: number): Promise<void> => {
    clock.now = moment
    for (const { at, wake } of clock.naps.splice(0)) {
      if (at <= moment) wake()
      else clock.naps.push({ at, wake })
    }
    await settled()
  }
  const leave = async (outcome: Outcome | null = done): Promise<void> => {
    turnstile.leave(outcome)
    await settled()
  }
  return { turnstile, clock, order, enter, leave, pass, read, left }
}
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0))

describe('whose turn it is', () => {
  /** All lanes taken, so that everybody who comes has to wait. */
  async function crowded() {
    const all = made()
    for (let n = 0; n < inFlightMost; n++) await all.enter('early')
    all.order.length = 0
    return all
  }

  it('somebody who waits in Slack goes before the backlog', async () => {
    const { enter, leave, order } = await crowded()
    void enter('backlog')
    void enter('person', true)
    await leave()
    expect(order).toEqual(['person'])
    await leave()
    expect(order).toEqual(['person', 'backlog'])
  })

  it('of four slots in a row one is the backlog’s, so that it never starves', async () => {
    const { enter, leave, order } = await crowded()
    for (let n = 0; n < 6; n++) void enter('person', true)
    for (let n = 0; n < 2; n++) void enter('backlog')
    for (let n = 0; n < 8; n++) await leave()
    expect(order).toEqual(['person', 'person', 'person', 'backlog', 'person', 'person', 'person', 'backlog'])
  })

  it('the lower turn goes first, equal ones in the order they came', async () => {
    const { enter, leave, order } = await crowded()
    void enter('second of a', false, 2)
    void enter('first of b', false, 1)
    void enter('first of c', false, 1)
    for (let n = 0; n < 3; n++) await leave()
    expect(order).toEqual(['first of b', 'first of c', 'second of a'])
  })

  it('never lets more than six in at once', async () => {
    const { enter, order } = made()
    for (let n = 0; n < 10; n++) void enter('call')
    await settled()
    expect(order).toHaveLength(inFlightMost)
  })
})

describe('slots kept for those who wait', () => {
  const cap: Pace = { requests: 4, seconds: 60 }

  it('the backlog stops short of them, a person does not', async () => {
    const { enter, leave, order } = made({ cap, reserve: 2 })
    for (let n = 0; n < 2; n++) {
      await enter('backlog')
      await leave()
    }
    await enter('backlog')
    await enter('person', true)
    expect(order).toEqual(['backlog', 'backlog', 'backlog paused until 60000', 'person'])
  })

  it('a person is not sent away because the backlog, whose turn it would be, has to wait', async () => {
    const { enter, leave, order } = made({ cap: { requests: 8, seconds: 60 }, reserve: 2 })
    for (let n = 0; n < 3; n++) await enter('backlog').then(() => leave())
    for (let n = 0; n < 3; n++) await enter('person', true).then(() => leave())
    order.length = 0
    await Promise.all([enter('backlog'), enter('person', true)])
    expect(order).toEqual(['backlog', 'person'])
  })

  it('when the pace is used up and people keep coming, the backlog still gets one slot of four', async () => {
    const { enter, leave, order, pass } = made({ cap: { requests: 2, seconds: 10 }, reserve: 1, answered: [995_000] })
    // One slot falls free every five seconds. As in the drain, those in a hurry are started first.
    for (let round = 0; round < 8; round++) {
      for (const [name, interactive] of [
        ['person', true],
        ['backlog', false],
      ] as const) {
        await enter(name, interactive)
        if (order.at(-1) === name) await leave()
      }
      await pass(1_000_000 + (round + 1) * 5000)
    }
    const went = order.filter(name => !name.includes('paused'))
    expect(went).toEqual(['person', 'person', 'person', 'backlog', 'person', 'person', 'person', 'backlog'])
  })
})

describe('waiting for a slot', () => {
  const cap: Pace = { requests: 1, seconds: 10 }

  it('up to a second is slept through', async () => {
    const { enter, leave, order, pass, clock } = made({ cap })
    await enter('first').then(() => leave())
    await pass(1_009_000)
    void enter('second')
    await settled()
    expect(order).toEqual(['first'])
    expect(clock.naps.map(nap => nap.at)).toEqual([1_010_000])
    await pass(1_010_000)
    expect(order).toEqual(['first', 'second'])
  })

  it('longer is left to the alarm: whoever waits is told until when', async () => {
    const { enter, leave, order, pass, clock } = made({ cap })
    await enter('first').then(() => leave())
    await pass(1_008_999)
    await enter('second')
    expect(order).toEqual(['first', 'second paused until 10000'])
    expect(clock.naps).toEqual([])
  })

  it('answers of an earlier instance count', async () => {
    const { enter, order } = made({ cap, answered: [999_000] })
    await enter('call')
    expect(order).toEqual(['call paused until 9000'])
  })

  it('a call that did not go after all gives its slot back', async () => {
    const { enter, leave, order } = made({ cap, budget: 2 })
    await enter('first').then(() => leave(null))
    await enter('second').then(() => leave(null))
    await enter('third')
    expect(order).toEqual(['first', 'second', 'third'])
  })
})

describe('the calls of one invocation', () => {
  it('when they are used up, everybody is told to come back with the next', async () => {
    const { enter, leave, order, turnstile } = made({ budget: 2 })
    await enter('first').then(() => leave())
    await enter('second').then(() => leave())
    await enter('third')
    expect(order).toEqual(['first', 'second', 'third paused until 1'])
    turnstile.open(1)
    await enter('fourth')
    expect(order.at(-1)).toBe('fourth')
  })
})

describe('a 429', () => {
  it('pauses everybody for as long as it says', async () => {
    const { enter, leave, order, turnstile } = made()
    await enter('first').then(() => leave(tooMany({ retryAfter: 7000 })))
    await enter('person', true)
    expect(order).toEqual(['first', 'person paused until 7000'])
    expect(turnstile.pausedUntil).toBe(1_007_000)
  })

  it('without Retry-After, until Clio’s “Reset”', async () => {
    const { enter, leave, order } = made()
    const rate = { limit: 50, remaining: 0, resetAt: 1_031_000 }
    await enter('first').then(() => leave(tooMany({ rate })))
    await enter('second')
    expect(order.at(-1)).toBe('second paused until 31000')
  })

  it('without any header is Maton’s: half a second with jitter, doubling, at most 30 s', async () => {
    const waits: number[] = []
    for (const random of [0, 1]) {
      const { enter, leave, pass, turnstile, clock } = made({ random })
      for (let n = 0; n < 9; n++) {
        const entered = enter('call')
        await pass(Math.max(clock.now, turnstile.pausedUntil))
        await entered
        await leave(tooMany())
        waits.push(turnstile.pausedUntil - clock.now)
        clock.now = turnstile.pausedUntil
      }
    }
    expect(waits.slice(0, 9)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
    expect(waits.slice(9)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  it('six calls that are refused together count once', async () => {
    const { enter, leave, turnstile, clock } = made({ random: 1 })
    for (let n = 0; n < 6; n++) await enter('call')
    for (let n = 0; n < 6; n++) await leave(tooMany())
    expect(turnstile.pausedUntil - clock.now).toBe(500)
  })

  it('a good answer forgets the row of refusals', async () => {
    const { enter, leave, turnstile, clock } = made({ random: 1 })
    await enter('call').then(() => leave(tooMany()))
    clock.now = turnstile.pausedUntil
    await enter('call').then(() => leave())
    await enter('call').then(() => leave(tooMany()))
    expect(turnstile.pausedUntil - clock.now).toBe(500)
  })

  it('a shorter one never shortens a longer one', async () => {
    const { enter, leave, turnstile } = made()
    await enter('a')
    await enter('b')
    await leave(tooMany({ retryAfter: 9000 }))
    await leave(tooMany({ retryAfter: 1000 }))
    expect(turnstile.pausedUntil).toBe(1_009_000)
  })
})

describe('what an operator sees', () => {
  it('counts the calls of the window, under way or answered', async () => {
    const { enter, leave, turnstile, clock } = made({ answered: [999_999] })
    await enter('a').then(() => leave())
    await enter('b')
    expect(turnstile.used).toBe(3)
    clock.now += 60_000
    expect(turnstile.used).toBe(1)
  })
})

describe('reads that a caller of the API waits for', () => {
  const cap = { requests: 4, seconds: 60 }

  it('take at most half the pace while runs are open, and all of it otherwise', async () => {
    for (const [busy, most] of [
      [true, 2],
      [false, 4],
    ] as const) {
      const { order, read, left } = made({ cap, busy })
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        void read(name)
        await settled()
        if (order.at(-1) === name) await left()
      }
      expect(order.filter(one => one.length === 1)).toHaveLength(most)
    }
  })

  it('are refused when no slot comes free within ten seconds, with the moment at which one does', async () => {
    const { order, read } = made({ cap, answered: [950_000, 950_000, 950_000, 950_000] })
    void read('in time')
    const late = made({ cap, answered: [960_000, 960_000, 960_000, 960_000] })
    void late.read('too late')
    await settled()
    expect([order, late.order]).toEqual([[], ['too late refused until 20000']])
  })

  it('wait for a slot that comes free in time, and go then', async () => {
    const { order, read, pass } = made({ cap, answered: [945_000, 999_000, 999_000, 999_000] })
    void read('a')
    await settled()
    expect(order).toEqual([])
    await pass(1_005_001)
    expect(order).toEqual(['a'])
  })

  it('go before the backlog, and behind people who wait', async () => {
    const { order, enter, read, leave, turnstile } = made()
    for (let n = 0; n < inFlightMost; n++) void enter(`first ${n}`)
    await settled()
    void enter('backlog')
    void read('read')
    void enter('slack', true)
    await settled()
    for (let n = 0; n < 3; n++) await leave()
    expect(order.slice(inFlightMost)).toEqual(['slack', 'read', 'backlog'])
    expect(turnstile.inFlight).toBe(inFlightMost)
  })

  it('need nothing of what an invocation of the drain may send', async () => {
    const { order, read } = made({ budget: 0 })
    void read('a')
    await settled()
    expect(order).toEqual(['a'])
  })

  it('find a quarter of the pace left by the backlog, as long as somebody reads', async () => {
    const { order, enter, read, left, leave } = made({ cap, busy: true })
    void read('read')
    await settled()
    await left()
    for (const name of ['a', 'b', 'c']) {
      void enter(name)
      await settled()
      await leave()
    }
    expect(order).toEqual(['read', 'a', 'b', 'c'])
    const other = made({ cap: { requests: 8, seconds: 60 }, busy: true })
    void other.read('read')
    await settled()
    await other.left()
    for (let n = 0; n < 8; n++) {
      void other.enter(`${n}`)
      await settled()
      if (other.order.at(-1) === `${n}`) await other.leave()
    }
    // One of two is taken: seven of eight are the backlog's and the read's, and the last is kept.
    expect(other.order.filter(one => one.length === 1)).toHaveLength(6)
  })
})
