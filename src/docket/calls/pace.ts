import type { RateHeaders } from '../../model/call.ts'

/**
 * How many calls Clio allows this firm right now (I3). Pure: past calls in, the next moment out.
 *
 * Clio counts a call at some moment between its sending and its answer. A slot is therefore taken when the call is sent and
 * given back one window after its *answer*: counted from sending, a slow call would be forgotten before Clio forgets it.
 */
export interface Pace {
  readonly requests: number
  readonly seconds: number
}

/** Clio's documented allowance in peak hours. @source https://docs.developers.clio.com/api-docs/clio-manage/rate-limits/ (2026-11) */
export const clioPace: Pace = { requests: 50, seconds: 60 }

/** Calls in flight at the most: a Worker's limit of simultaneous connections. @source Cloudflare Workers limits (2026-11) */
export const inFlightMost = 6

export interface Traffic {
  /** Moments (ms) of the answers within the last window, oldest first. */
  readonly answered: readonly number[]
  readonly inFlight: number
  /** Slots that somebody else takes, as far as Clio's headers tell, until a moment. */
  readonly foreign: { readonly slots: number; readonly until: number } | null
  /** A 429 said: nothing before this moment. 0: never. */
  readonly pausedUntil: number
}

/**
 * When the next call may go, in ms since the epoch: `now` or earlier means at once, `Infinity` means when a call under way
 * has ended. `kept` slots are left for somebody more urgent.
 * @param wanted so many calls at once
 */
export function nextSlot(traffic: Traffic, pace: Pace, now: number, kept = 0, wanted = 1): number {
  const { answered, inFlight, foreign, pausedUntil } = traffic
  if (pausedUntil > now) return pausedUntil
  if (inFlight >= inFlightMost) return Number.POSITIVE_INFINITY
  const missing = wanted - allowed(traffic, pace, now, kept)
  if (missing <= 0) return now
  // The slots that come free, in their order: our own as their window ends, those of others all at once.
  const window = pace.seconds * 1000
  const first = answered.length - answeredSince(answered, now - window)
  const others = foreign && foreign.until > now ? foreign : { slots: 0, until: Number.POSITIVE_INFINITY }
  const before = answeredSince(answered, now - window) - answeredSince(answered, others.until - window)
  if (missing > before && missing <= before + others.slots) return others.until
  const own = answered[first + missing - 1 - (missing > before ? others.slots : 0)]
  return own === undefined ? Number.POSITIVE_INFINITY : own + window
}

/** How many calls may go at a moment, beside those under way. */
export const freeSlots = (traffic: Traffic, pace: Pace, now: number, kept = 0): number =>
  Math.max(0, Math.min(allowed(traffic, pace, now, kept), inFlightMost - traffic.inFlight))

/** How many more the window allows; below 0: so many too many went. */
function allowed({ answered, inFlight, foreign }: Traffic, pace: Pace, now: number, kept: number): number {
  const others = foreign && foreign.until > now ? foreign.slots : 0
  // Whatever is kept for others, one slot is left: nobody waits for ever.
  return Math.max(1, pace.requests - kept) - inFlight - answeredSince(answered, now - pace.seconds * 1000) - others
}

/** How many of some moments, oldest first, came after another. */
export function answeredSince(answered: readonly number[], moment: number): number {
  let [low, high] = [0, answered.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (answered[middle]! > moment) high = middle
    else low = middle + 1
  }
  return answered.length - low
}

/**
 * What an answer's headers tell that our own count does not know: where `Remaining` is below it, somebody else uses the same
 * allowance, and Clio's word wins until its `Reset`. Where it is above, our count stands: calls under way are not in it yet.
 */
export function foreignIn(headers: RateHeaders, traffic: Traffic, pace: Pace, now: number): Traffic['foreign'] {
  const taken = answeredSince(traffic.answered, now - pace.seconds * 1000)
  const slots = pace.requests - traffic.inFlight - taken - Math.max(0, headers.remaining)
  // A reset that is further off than a window can last is a mistake, and not believed for longer than one.
  const until = Math.min(headers.resetAt, now + pace.seconds * 1000)
  return slots > 0 && until > now ? { slots, until } : null
}

/** The allowance: what the configuration caps, or what Clio's headers say, or Clio's documented one until they speak. */
export function paceOf(cap: Pace | undefined, limit: number | null): Pace {
  return cap ?? { requests: Math.max(1, limit ?? clioPace.requests), seconds: clioPace.seconds }
}
