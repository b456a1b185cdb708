import { longestWait } from '../../clio/gateway/gateway.ts'
import { backoff } from '../../lib/backoff.ts'
import type { Outcome } from '../../model/call.ts'
import { answeredSince, foreignIn, freeSlots, inFlightMost, nextSlot, type Pace, paceOf, type Traffic } from './pace.ts'

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

/** After a 429 that does not say how long. */
const limited = { base: 500, longest: 30_000 }
/** Waits longer than this (ms) are left to the alarm. */
const nap = 1000
/** Of so many slots in a row that somebody in a hurry could take, one goes to the backlog, so that it never starves. */
const backlogShare = 4

/** Where every call of a firm passes, one at a time, when the pace allows it. */
export class Turnstile {
  readonly #deps: TurnstileDeps
  #answered: number[] = []
  #inFlight = 0
  #foreign: Traffic['foreign'] = null
  /** Clio's `X-RateLimit-Limit`. */
  #limit: number | null = null
  #pausedUntil = 0
  #limits = 0
  #waiting: Waiter[] = []
  #hurried = 0
  /** Somebody of the backlog was sent away since one last went. */
  #sentAway = false
  #asleep = false
  /** Calls that may still go before this invocation has to end. */
  #budget = 0

  constructor(deps: TurnstileDeps) {
    this.#deps = deps
  }

  /** Goes on where an earlier life of the object left off. @param answered moments of the answers within the last window, oldest first */
  goOn(answered: readonly number[], pausedUntil: number): void {
    this.#answered = [...answered]
    this.#pausedUntil = pausedUntil
  }

  get pausedUntil(): number {
    return this.#pausedUntil
  }

  get pace(): Pace {
    return paceOf(this.#deps.cap(), this.#limit)
  }

  /** Calls within the current window. */
  get used(): number {
    return this.#inFlight + answeredSince(this.#answered, this.#deps.now() - this.pace.seconds * 1000)
  }

  /** When a call could go that leaves so many slots to others; `Infinity`: when a call under way has ended. */
  roomAt(kept: number): number {
    return nextSlot(this.#traffic, this.pace, this.#deps.now(), kept)
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** No more calls in this invocation. */
  get spent(): boolean {
    return this.#budget <= 0
  }

  /** How many runs of the backlog could have a call under way just now, those that have one included. */
  room(): number {
    const now = this.#deps.now()
    const soon = now + nap
    const free = freeSlots(this.#traffic, this.pace, soon, this.#owed ? 0 : this.#deps.reserve())
    return this.#pausedUntil > soon ? this.#inFlight : this.#inFlight + Math.min(free, Math.max(0, this.#budget))
  }

  /** When the backlog may go on: a handful of calls together rather than each by itself, unless that costs it its pace. */
  opensAt(): number {
    if (this.#budget <= 0) return this.#deps.now() + 1
    const kept = this.#owed ? 0 : this.#deps.reserve()
    const [now, pace] = [this.#deps.now(), this.pace]
    const first = nextSlot(this.#traffic, pace, now, kept)
    if (first === Number.POSITIVE_INFINITY || first <= now) return first === Number.POSITIVE_INFINITY ? 0 : first
    const together = nextSlot(this.#traffic, pace, now, kept, Math.min(inFlightMost, Math.ceil(pace.requests / 8)))
    return Math.min(together, first + (pace.seconds * 1000) / 60)
  }

  /** A new invocation: so many calls may go. */
  open(budget: number): void {
    this.#budget = budget
  }

  /** A call that goes elsewhere than to Clio counts for the invocation alone. @throws Paused when there is no room left in it */
  spend(): void {
    if (this.#budget <= 0) throw new Paused(this.#deps.now() + 1)
    this.#budget--
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
    if (outcome?.rate) {
      this.#limit = outcome.rate.limit
      this.#foreign = foreignIn(outcome.rate, this.#traffic, this.pace, now)
    }
    if (outcome?.kind === 'refused' && outcome.why === 'limit')
      this.#pause(outcome.retryAfter, outcome.rate?.resetAt, now)
    else if (outcome?.kind === 'applied') this.#limits = 0
    this.#admit()
  }

  /** Told how long, that long. A 429 without Clio's headers is Maton's, which says nothing: longer each time, with jitter. */
  #pause(retryAfter: number | undefined, resetAt: number | undefined, now: number): void {
    // Calls that were under way together are refused together: that counts once.
    if (now >= this.#pausedUntil) this.#limits++
    const untold = () => backoff(Math.max(0, this.#limits - 1), limited, this.#deps.random())
    const told = Math.min(longestWait, retryAfter ?? (resetAt === undefined ? untold() : Math.max(0, resetAt - now)))
    this.#pausedUntil = Math.max(this.#pausedUntil, now + told)
  }

  #admit(): void {
    while (this.#waiting.length > 0) {
      const now = this.#deps.now()
      if (this.#budget <= 0) {
        this.#refuse(this.#waiting, now + 1)
        return
      }
      const slots = this.#groups().map(group => ({ group, at: this.#slotFor(group, now) }))
      const open = slots.find(({ at }) => at <= now)
      if (!open) {
        for (const { group, at } of slots) {
          if (at !== Number.POSITIVE_INFINITY && at - now > nap)
            this.#refuse(group, group[0]!.interactive ? at : Math.max(at, this.opensAt()))
          else if (at !== Number.POSITIVE_INFINITY) this.#sleepUntil(at)
        }
        return
      }
      const next = open.group.reduce((best, one) => (one.turn < best.turn ? one : best))
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      this.#hurried = next.interactive ? this.#hurried + 1 : 0
      if (!next.interactive) this.#sentAway = false
      this.#inFlight++
      this.#budget--
      next.admit()
    }
  }

  #slotFor([one]: readonly Waiter[], now: number): number {
    // Whoever was sent away comes back a moment after those in a hurry: the slot that is owed is not theirs to take.
    const kept = one?.interactive ? Number(this.#owed && this.#sentAway) : this.#owed ? 0 : this.#deps.reserve()
    return nextSlot(this.#traffic, this.pace, now, kept)
  }

  get #traffic(): Traffic {
    return {
      answered: this.#answered,
      inFlight: this.#inFlight,
      foreign: this.#foreign,
      pausedUntil: this.#pausedUntil,
    }
  }

  /** After so many in a hurry the next slot is the backlog's, reserve or not. */
  get #owed(): boolean {
    return this.#hurried >= backlogShare - 1
  }

  /** Who waits: those in a hurry and the others, whose turn it is first. */
  #groups(): Waiter[][] {
    const hurried = this.#waiting.filter(one => one.interactive)
    const backlog = this.#waiting.filter(one => !one.interactive)
    return (this.#owed ? [backlog, hurried] : [hurried, backlog]).filter(group => group.length > 0)
  }

  #refuse(group: readonly Waiter[], until: number): void {
    this.#waiting = this.#waiting.filter(one => !group.includes(one))
    for (const one of group) {
      if (!one.interactive) this.#sentAway = true
      one.refuse(new Paused(until))
    }
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
