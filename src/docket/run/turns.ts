import type { Turnstile } from '../calls/turnstile.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Runs under way at once; some of them wait for a look-up that others share. Somebody who waits always gets in. */
const runsMost = 12
/** Of those that somebody waits for, in one look. */
const interactiveMost = 50

export interface TurnsDeps {
  readonly ledger: Ledger
  readonly turnstile: Turnstile
  now(): number
  /** Takes a run as far as it goes now; answers until when it has to wait for the pace, null: not for that. Never throws. */
  go(id: string): Promise<number | null>
}

type Kind = 'interactive' | 'backlog'
const kinds: readonly Kind[] = ['interactive', 'backlog']

/**
 * Who goes next: runs that somebody waits for, then the others as they came. Of the backlog no more are taken up than calls may go:
 * what the pace forbids is not worked out either (I9).
 */
export class Turns {
  readonly #deps: TurnsDeps
  readonly #active = new Map<string, Promise<void>>()
  /** Until when no call of a kind may go, ms since the epoch. */
  #paused: Record<Kind, number> = { interactive: 0, backlog: 0 }

  constructor(deps: TurnsDeps) {
    this.#deps = deps
  }

  /** Runs under way. */
  get active(): readonly Promise<void>[] {
    return [...this.#active.values()]
  }

  /** Whatever was known of the pace: the firm was configured anew. */
  reopen(): void {
    this.#paused = { interactive: 0, backlog: 0 }
  }

  /** The moment before which no run of a kind has anything to gain. 0: none. */
  notBefore(interactive: boolean): number {
    return this.#paused[interactive ? 'interactive' : 'backlog']
  }

  /** Takes up whoever may go now. */
  fill(): void {
    const { ledger, turnstile, now } = this.#deps
    // Whatever is taken up now would only be sent away: the rest is the next invocation's.
    if (turnstile.spent) {
      for (const kind of kinds) this.#paused[kind] = Math.max(this.#paused[kind], now() + 1)
      return
    }
    const room = Math.max(0, Math.min(runsMost, turnstile.room()) - this.#active.size)
    if (room === 0 && turnstile.inFlight === 0 && this.#active.size === 0)
      this.#paused.backlog = Math.max(this.#paused.backlog, turnstile.opensAt())
    const most = {
      interactive: this.#paused.interactive > now() ? 0 : interactiveMost,
      backlog: this.#paused.backlog > now() ? 0 : room,
    }
    for (const kind of kinds) {
      if (most[kind] === 0) continue
      const waiting = ledger.runs.runnable(kind === 'interactive', now(), most[kind] + this.#active.size)
      for (const { id } of waiting.filter(one => !this.#active.has(one.id)).slice(0, most[kind])) this.#take(id, kind)
    }
  }

  #take(id: string, kind: Kind): void {
    const driven = this.#deps
      .go(id)
      .then(until => {
        if (until !== null) this.#paused[kind] = Math.max(this.#paused[kind], until)
      })
      .finally(() => this.#active.delete(id))
    this.#active.set(id, driven)
  }

  /** The next moment at which a run wants to go on and may; null: none waits for a moment. */
  comeBack(): number | null {
    const wakes = this.#deps.ledger.runs.nextWakes()
    const moments = kinds.flatMap(kind => {
      const wake = wakes[kind]
      return wake === null ? [] : [Math.max(wake, this.#paused[kind])]
    })
    return moments.length === 0 ? null : Math.min(...moments)
  }
}
