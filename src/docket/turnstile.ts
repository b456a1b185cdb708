import type { Outcome } from '../clio/call.ts'
import { nextSlot, type Pace, paceOf, type Traffic } from './pace.ts'

/** Thrown at whoever waits when the next slot is further off than this object should stay awake for. */
export class Paused extends Error {
  readonly until: number
  constructor(until: number) {
    super('No call may go just now.')
    this.until = until
  }
}

export interface Caller {
  readonly interactive: boolean
  /** Fair share: a lower turn goes first. */
  readonly turn: number
}

interface Waiter extends Caller {
  readonly admit: () => void
  readonly refuse: (paused: Paused) => void
}

export interface TurnstileDeps {
  now(): number
  sleep(ms: number): Promise<void>
  random(): number
  /** The configured cap. */
  cap(): Pace | undefined
  /** Slots that only interactive callers may take. */
  reserve(): number
}

/** Waits longer than this (ms) are left to the alarm. */
const nap = 1000
/** Of so many slots in a row that somebody in a hurry could take, one goes to the backlog, so that it never starves. */
const backlogShare = 4

/** Where every call of a firm passes, one at a time, when the pace allows it. */
export class Turnstile {
  readonly #deps: TurnstileDeps
  #answered: number[]
  #inFlight = 0
  #rate: Traffic['rate'] = null
  #pausedUntil: number
  #limits = 0
  #waiting: Waiter[] = []
  #hurried = 0
  #asleep = false
  /** Calls that may still go before this invocation has to end. */
  #budget = 0

  /** @param answered moments of the answers within the last window, of earlier instances too */
  constructor(deps: TurnstileDeps, answered: readonly number[], pausedUntil: number) {
    this.#deps = deps
    this.#answered = [...answered]
    this.#pausedUntil = pausedUntil
  }

  get pausedUntil(): number {
    return this.#pausedUntil
  }

  get pace(): Pace {
    return paceOf(this.#deps.cap(), this.#rate)
  }

  /** Calls within the current window. */
  get used(): number {
    const since = this.#deps.now() - this.pace.seconds * 1000
    return this.#inFlight + this.#answered.filter(at => at > since).length
  }

  /** A new invocation: so many calls may go. */
  open(budget: number): void {
    this.#budget = budget
  }

  /** Resolves when the caller may send its call; rejects with `Paused` when that is too far off. */
  enter(caller: Caller): Promise<void> {
    return new Promise((admit, refuse) => {
      this.#waiting.push({ ...caller, admit, refuse })
      this.#admit()
    })
  }

  /** The call has its outcome; null: it did not go after all. */
  leave(outcome: Outcome | null): void {
    const now = this.#deps.now()
    this.#inFlight--
    if (outcome) this.#answered.push(now)
    else this.#budget++
    const oldest = now - this.pace.seconds * 1000
    while (this.#answered[0] !== undefined && this.#answered[0] <= oldest) this.#answered.shift()
    if (outcome?.rate) this.#rate = { headers: outcome.rate, at: now }
    if (outcome?.kind === 'refused' && outcome.why === 'limit')
      this.#pause(outcome.retryAfter, outcome.rate?.resetAt, now)
    else if (outcome?.kind === 'applied') this.#limits = 0
    this.#admit()
  }

  /** Told how long, that long. A 429 without Clio's headers is Maton's, which says nothing: longer each time, with jitter. */
  #pause(retryAfter: number | undefined, resetAt: number | undefined, now: number): void {
    const whole = Math.min(30_000, 500 * 2 ** this.#limits)
    const told =
      retryAfter ?? (resetAt === undefined ? whole / 2 + (this.#deps.random() * whole) / 2 : Math.max(0, resetAt - now))
    this.#limits++
    this.#pausedUntil = Math.max(this.#pausedUntil, now + told)
  }

  #admit(): void {
    while (this.#waiting.length > 0) {
      const now = this.#deps.now()
      const next = this.#pick()
      if (this.#budget <= 0) {
        this.#refuseAll(now + 1)
        return
      }
      const at = this.#slotFor(next, now)
      if (at === Number.POSITIVE_INFINITY) return
      if (at > now) {
        if (at - now > nap) this.#refuseAll(at)
        else this.#sleepUntil(at)
        return
      }
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      this.#hurried = next.interactive ? this.#hurried + 1 : 0
      this.#inFlight++
      this.#budget--
      next.admit()
    }
  }

  #slotFor(caller: Caller, now: number): number {
    const traffic = {
      answered: this.#answered,
      inFlight: this.#inFlight,
      rate: this.#rate,
      pausedUntil: this.#pausedUntil,
    }
    return nextSlot(traffic, this.pace, now, caller.interactive ? 0 : this.#deps.reserve())
  }

  #pick(): Waiter {
    const backlog = this.#waiting.filter(one => !one.interactive)
    const hurried = this.#waiting.filter(one => one.interactive)
    const turnOfBacklog = hurried.length === 0 || (backlog.length > 0 && this.#hurried >= backlogShare - 1)
    return (turnOfBacklog ? backlog : hurried).reduce((best, one) => (one.turn < best.turn ? one : best))
  }

  #refuseAll(until: number): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const one of waiting) one.refuse(new Paused(until))
  }

  #sleepUntil(at: number): void {
    if (this.#asleep) return
    this.#asleep = true
    void this.#deps.sleep(at - this.#deps.now()).then(() => {
      this.#asleep = false
      this.#admit()
    })
  }
}
