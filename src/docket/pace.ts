import type { RateHeaders } from '../clio/call.ts'

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
  /** The last rate headers and when they came. */
  readonly rate: { readonly headers: RateHeaders; readonly at: number } | null
  /** A 429 said: nothing before this moment. 0: never. */
  readonly pausedUntil: number
}

/**
 * When the next call may go, in ms since the epoch: `now` or earlier means at once, `Infinity` means when a call under way
 * has ended. `kept` slots are left for somebody more urgent.
 */
export function nextSlot(traffic: Traffic, pace: Pace, now: number, kept = 0): number {
  const { answered, inFlight, rate, pausedUntil } = traffic
  if (pausedUntil > now) return pausedUntil
  if (inFlight >= inFlightMost) return Number.POSITIVE_INFINITY
  const window = pace.seconds * 1000
  const taken = answered.filter(at => at > now - window)
  const free = pace.requests - kept - inFlight - taken.length
  const spoken =
    rate && rate.headers.resetAt > now ? rate.headers.remaining - kept - inFlight - since(answered, rate.at) : free
  if (free > 0 && spoken > 0) return now
  // Calls under way may be counted in `Remaining` already: their answers will tell.
  if (free > 0 && rate) return inFlight > 0 ? Number.POSITIVE_INFINITY : rate.headers.resetAt
  const freed = taken[-free]
  return freed === undefined ? Number.POSITIVE_INFINITY : freed + window
}

/** What Clio's `Remaining` does not yet know of: answers that came after it. */
function since(answered: readonly number[], at: number): number {
  return answered.filter(moment => moment > at).length
}

/** The allowance: what the configuration caps, or what Clio's headers say, or Clio's documented one until they speak. */
export function paceOf(cap: Pace | undefined, rate: Traffic['rate']): Pace {
  if (cap) return cap
  return rate ? { requests: Math.max(1, rate.headers.limit), seconds: clioPace.seconds } : clioPace
}
