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
 */
export function nextSlot(traffic: Traffic, pace: Pace, now: number, kept = 0): number {
  const { answered, inFlight, foreign, pausedUntil } = traffic
  if (pausedUntil > now) return pausedUntil
  if (inFlight >= inFlightMost) return Number.POSITIVE_INFINITY
  const freed = answered.map(at => at + pace.seconds * 1000).filter(at => at > now)
  if (foreign && foreign.until > now) freed.push(...Array<number>(foreign.slots).fill(foreign.until))
  // Whatever is kept for others, one slot is left: nobody waits for ever.
  const free = Math.max(1, pace.requests - kept) - inFlight - freed.length
  return free > 0 ? now : (freed.sort((a, b) => a - b)[-free] ?? Number.POSITIVE_INFINITY)
}

/**
 * What an answer's headers tell that our own count does not know: where `Remaining` is below it, somebody else uses the same
 * allowance, and Clio's word wins until its `Reset`. Where it is above, our count stands: calls under way are not in it yet.
 */
export function foreignIn(headers: RateHeaders, traffic: Traffic, pace: Pace, now: number): Traffic['foreign'] {
  const taken = traffic.answered.filter(at => at > now - pace.seconds * 1000).length
  const slots = pace.requests - traffic.inFlight - taken - Math.max(0, headers.remaining)
  // A reset that is further off than a window can last is a mistake, and not believed for longer than one.
  const until = Math.min(headers.resetAt, now + pace.seconds * 1000)
  return slots > 0 && until > now ? { slots, until } : null
}

/** The allowance: what the configuration caps, or what Clio's headers say, or Clio's documented one until they speak. */
export function paceOf(cap: Pace | undefined, limit: number | null): Pace {
  return cap ?? { requests: Math.max(1, limit ?? clioPace.requests), seconds: clioPace.seconds }
}
