/** At most `requests` in any `seconds`. */
export interface Limit {
  readonly requests: number
  readonly seconds: number
}

/** Clio's limit at peak hours, per access token. */
export const clioLimit: Limit = { requests: 50, seconds: 60 }

export interface Taken {
  readonly allowed: boolean
  readonly remaining: number
  /** ms since the epoch when the next place is free. */
  readonly freeAt: number
}

/** A window that slides: what is refused does not count. */
export class Window {
  #times: number[] = []

  clear(): void {
    this.#times = []
  }

  take(limit: Limit, now: number): Taken {
    const span = limit.seconds * 1000
    this.#times = this.#times.filter(time => time > now - span)
    const allowed = this.#times.length < limit.requests
    if (allowed) this.#times.push(now)
    return {
      allowed,
      remaining: limit.requests - this.#times.length,
      freeAt: (this.#times[0] ?? now) + span,
    }
  }
}

/** Clio's headers: the reset in Unix seconds. */
export function rateHeaders(limit: Limit, taken: Taken): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit.requests),
    'x-ratelimit-remaining': String(taken.remaining),
    'x-ratelimit-reset': String(Math.ceil(taken.freeAt / 1000)),
  }
}

/** Whole seconds, never 0. */
export function retryAfter(taken: Taken, now: number): string {
  return String(Math.max(1, Math.ceil((taken.freeAt - now) / 1000)))
}
