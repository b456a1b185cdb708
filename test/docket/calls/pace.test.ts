import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clioPace,
  foreignIn,
  inFlightMost,
  nextSlot,
  type Pace,
  paceOf,
  type Traffic,
} from '../../../src/docket/calls/pace.ts'

const minute: Pace = { requests: 50, seconds: 60 }
const three: Pace = { requests: 3, seconds: 10 }
const now = 1_000_000
const traffic = (with_: Partial<Traffic> = {}): Traffic => ({
  answered: [],
  inFlight: 0,
  foreign: null,
  pausedUntil: 0,
  ...with_,
})
const never = Number.POSITIVE_INFINITY

describe('when the next call may go', () => {
  it('at once, while fewer calls than the allowance lie in the window', () => {
    expect(nextSlot(traffic(), three, now)).toBe(now)
    expect(nextSlot(traffic({ answered: [now - 5, now - 4] }), three, now)).toBe(now)
  })

  it('one window after the answer of the oldest call, when the allowance is used up', () => {
    const full = traffic({ answered: [now - 5000, now - 4000, now - 3000] })
    expect(nextSlot(full, three, now)).toBe(now + 5000)
    expect(nextSlot(full, three, now + 4999)).toBe(now + 5000)
    expect(nextSlot(full, three, now + 5000)).toBe(now + 5000)
  })

  it('counted from answers, not from sending: Clio counts a slow call as late as its answer', () => {
    const slow = traffic({ answered: [now - 1, now - 1, now - 1] })
    expect(nextSlot(slow, three, now)).toBe(now - 1 + 10_000)
  })

  it('calls under way take a slot each', () => {
    expect(nextSlot(traffic({ answered: [now - 9000], inFlight: 2 }), three, now)).toBe(now + 1000)
  })

  it('when all slots are under way, only an answer can tell', () => {
    expect(nextSlot(traffic({ inFlight: 3 }), three, now)).toBe(never)
  })

  it('never while six are in flight, whatever the allowance', () => {
    expect(nextSlot(traffic({ inFlight: inFlightMost - 1 }), minute, now)).toBe(now)
    expect(nextSlot(traffic({ inFlight: inFlightMost }), minute, now)).toBe(never)
  })

  it('not before a 429 said, even if everything else is free', () => {
    expect(nextSlot(traffic({ pausedUntil: now + 1 }), minute, now)).toBe(now + 1)
    expect(nextSlot(traffic({ pausedUntil: now }), minute, now)).toBe(now)
  })

  it('slots that are kept for somebody more urgent are not taken by others', () => {
    const busy = traffic({ answered: [now - 9000, now - 8000] })
    expect(nextSlot(busy, three, now)).toBe(now)
    expect(nextSlot(busy, three, now, 1)).toBe(now + 1000)
    expect(nextSlot(busy, three, now, 2)).toBe(now + 2000)
  })

  it('an allowance smaller than what is kept still leaves one slot: nobody waits for ever (I1)', () => {
    const one: Pace = { requests: 1, seconds: 10 }
    expect(nextSlot(traffic(), one, now, 2)).toBe(now)
    expect(nextSlot(traffic({ answered: [now - 4000] }), one, now, 2)).toBe(now + 6000)
  })
})

describe('what Clio’s headers say', () => {
  const headers = (remaining: number, resetAt = now + 20_000) => ({ limit: 50, remaining, resetAt })
  const ours = (count: number) =>
    traffic({ answered: Array.from({ length: count }, (_, n) => now - 1000 - n).reverse() })

  it('“Remaining” below our own count: somebody else uses the allowance, until “Reset”', () => {
    const foreign = foreignIn(headers(10), ours(5), minute, now)
    expect(foreign).toEqual({ slots: 35, until: now + 20_000 })
    const seen = { ...ours(15), foreign }
    expect(nextSlot(seen, minute, now)).toBe(now + 20_000)
    expect(nextSlot(seen, minute, now + 20_000)).toBe(now + 20_000)
  })

  it('nothing remains: nothing goes before “Reset”, even if we sent nothing', () => {
    const foreign = foreignIn(headers(0), ours(1), minute, now)
    expect(nextSlot({ ...ours(1), foreign }, minute, now)).toBe(now + 20_000)
  })

  it('agreeing with our own count, or above it: our own count stands', () => {
    expect(foreignIn(headers(45), ours(5), minute, now)).toBeNull()
    expect(foreignIn(headers(49), ours(5), minute, now)).toBeNull()
  })

  it('calls under way are taken as not yet in it', () => {
    expect(foreignIn(headers(40), { ...ours(5), inFlight: 5 }, minute, now)).toBeNull()
    expect(foreignIn(headers(40), { ...ours(5), inFlight: 4 }, minute, now)).toMatchObject({ slots: 1 })
  })

  it('a “Reset” that has passed says nothing', () => {
    expect(foreignIn(headers(0, now), ours(5), minute, now)).toBeNull()
  })

  it('a cap above Clio’s own limit is brought down by it', () => {
    const cap: Pace = { requests: 80, seconds: 60 }
    const foreign = foreignIn(headers(45), ours(5), cap, now)
    expect(foreign).toMatchObject({ slots: 30 })
  })
})

describe('the allowance', () => {
  it('is the configured cap', () => {
    expect(paceOf(three, 50)).toEqual(three)
  })

  it('is what Clio’s headers say, and until they speak Clio’s documented one', () => {
    expect(paceOf(undefined, 80)).toEqual({ requests: 80, seconds: 60 })
    expect(paceOf(undefined, null)).toEqual(clioPace)
  })

  it('is at least one', () => {
    expect(paceOf(undefined, 0).requests).toBe(1)
  })
})

// ---- against a server that counts as Clio does

interface Sent {
  readonly at: number
  readonly counted: number
  readonly answered: number
}

/** Sends `latencies.length` calls as soon as each may go. The server counts each at `share` of its way. */
function drained(pace: Pace, latencies: readonly { ms: number; share: number }[], kept = 0): Sent[] {
  const sent: Sent[] = []
  let moment = now
  for (const { ms, share } of latencies) {
    for (;;) {
      const under = sent.filter(one => one.answered > moment)
      const answered = sent.map(one => one.answered).filter(at => at <= moment)
      answered.sort((a, b) => a - b)
      const slot = nextSlot(traffic({ answered, inFlight: under.length }), pace, moment, kept)
      if (slot <= moment) break
      moment = Math.min(slot, ...under.map(one => one.answered))
      if (moment === never) throw new Error('Nothing under way, and yet no slot: it would wait for ever.')
    }
    sent.push({ at: moment, counted: moment + Math.floor(ms * share), answered: moment + ms })
  }
  return sent
}

const anyPace = fc.record({ requests: fc.integer({ min: 1, max: 12 }), seconds: fc.integer({ min: 1, max: 20 }) })
const anyCalls = fc.array(
  fc.record({ ms: fc.integer({ min: 1, max: 40_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  { minLength: 1, maxLength: 60 },
)

describe('against a window that slides, with any latencies', () => {
  it('no window ever holds more calls than the allowance, wherever between sending and answer they count (I3)', () => {
    fc.assert(
      fc.property(anyPace, anyCalls, fc.integer({ min: 0, max: 3 }), (pace, calls, kept) => {
        const counted = drained(pace, calls, kept).map(one => one.counted)
        for (const moment of counted) {
          const window = counted.filter(at => at <= moment && at > moment - pace.seconds * 1000)
          expect(window.length).toBeLessThanOrEqual(pace.requests)
        }
      }),
    )
  })

  it('never more than six in flight', () => {
    fc.assert(
      fc.property(anyPace, anyCalls, (pace, calls) => {
        const sent = drained(pace, calls)
        for (const { at } of sent) {
          expect(sent.filter(one => one.at <= at && one.answered > at).length).toBeLessThanOrEqual(inFlightMost)
        }
      }),
    )
  })

  it('a backlog drains at the pace: no slower than the windows it needs and the calls’ own time', () => {
    fc.assert(
      fc.property(anyPace, anyCalls, (pace, calls) => {
        const sent = drained(pace, calls)
        const slowest = Math.max(...calls.map(call => call.ms))
        const windows = Math.floor((calls.length - 1) / pace.requests)
        const lanes = Math.min(inFlightMost, pace.requests)
        const most = windows * (pace.seconds * 1000 + slowest) + Math.ceil(calls.length / lanes) * slowest
        expect(sent.at(-1)!.at - now).toBeLessThanOrEqual(most)
      }),
    )
  })

  it('fast calls: 100 with 50 a minute take one minute', () => {
    const sent = drained(
      minute,
      Array.from({ length: 100 }, () => ({ ms: 100, share: 1 })),
    )
    expect(sent.at(-1)!.at - now).toBeLessThan(62_000)
  })
})
