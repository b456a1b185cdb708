/** How long is waited between tries of the same thing: `base` doubling to `longest`, both in ms. */
export interface Backoff {
  readonly base: number
  readonly longest: number
}

/**
 * Pure.
 * @param tries that have failed before this one; 0: the wait after the first
 * @param chance 0 ≤ chance < 1: somewhere between half and whole of it ("equal jitter"), so that many who failed together do not come
 *   back together. @default the whole of it
 * @returns ms until the next try
 */
export function backoff(tries: number, { base, longest }: Backoff, chance = 1): number {
  const whole = Math.min(longest, base * 2 ** tries)
  return Math.round(whole / 2 + (chance * whole) / 2)
}
