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
  /**
   * Of a read that a caller of the API waits for: ms that it waits at most. It is a request of its own, and no part of the drain's; while
   * runs are open, reads take at most half the pace.
   */
  readonly patience?: number
}

interface Waiter extends Caller {
  /** Of a read: until when it waits. */
  readonly until: number
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
  /** Whether runs are open that reads must leave room for. */
  busy(): boolean
}

/** After a 429 that does not say how long. */
const limited = { base: 500, longest: 30_000 }
/** Waits longer than this (ms) are left to the alarm. */
const nap = 1000
/** Of so many slots in a row that somebody in a hurry could take, one goes to the backlog, so that it never starves. */
const backlogShare = 4
/** While somebody reads, the backlog leaves them so much of the pace: one in. */
const readsShare = 4

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
  /** When it wakes next; null: nobody waits for a moment. */
  #wakesAt: number | null = null
  /** Answered moments of the reads within the window, oldest first, and those under way. */
  #reads: number[] = []
  #readsInFlight = 0
  /** When somebody wanted to read last. */
  #askedToReadAt = Number.NEGATIVE_INFINITY
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
    const free = freeSlots(this.#traffic, this.pace, soon, this.#kept)
    return this.#pausedUntil > soon ? this.#inFlight : this.#inFlight + Math.min(free, Math.max(0, this.#budget))
  }

  /** When the backlog may go on: a handful of calls together rather than each by itself, unless that costs it its pace. */
  opensAt(): number {
    if (this.#budget <= 0) return this.#deps.now() + 1
    const kept = this.#kept
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
    const { patience } = caller
    if (patience !== undefined) this.#askedToReadAt = this.#deps.now()
    const until = this.#deps.now() + (patience ?? Number.POSITIVE_INFINITY)
    return new Promise((admit, refuse) => {
      this.#waiting.push({ ...caller, until, admit, refuse })
      this.#admit()
    })
  }

  /** The call has its outcome; null: it did not go after all. */
  leave(outcome: Outcome | null, { patience }: Pick<Caller, 'patience'> = {}): void {
    const now = this.#deps.now()
    this.#inFlight--
    if (patience !== undefined) this.#readsInFlight--
    if (outcome) this.#answered.push(now)
    else if (patience === undefined) this.#budget++
    if (outcome && patience !== undefined) this.#reads.push(now)
    const oldest = now - this.pace.seconds * 1000
    for (const moments of [this.#answered, this.#reads])
      while (moments[0] !== undefined && moments[0] <= oldest) moments.shift()
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
      if (this.#budget <= 0)
        this.#refuse(
          this.#waiting.filter(one => one.patience === undefined),
          now + 1,
        )
      const slots = this.#groups().map(group => ({ group, at: this.#slotFor(group, now) }))
      const open = slots.find(({ at }) => at <= now)
      if (!open) {
        for (const { group, at } of slots) {
          if (group[0]!.patience !== undefined) this.#wait(group, at, now)
          else if (at !== Number.POSITIVE_INFINITY && at - now > nap)
            this.#refuse(group, group[0]!.interactive ? at : Math.max(at, this.opensAt()))
          else if (at !== Number.POSITIVE_INFINITY) this.#sleepUntil(at)
        }
        return
      }
      const next = open.group.reduce((best, one) => (one.turn < best.turn ? one : best))
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      this.#inFlight++
      if (next.patience !== undefined) this.#readsInFlight++
      else {
        this.#hurried = next.interactive ? this.#hurried + 1 : 0
        if (!next.interactive) this.#sentAway = false
        this.#budget--
      }
      next.admit()
    }
  }

  /** Reads wait here for as long as they may, and are told when it would have been their turn. */
  #wait(group: readonly Waiter[], at: number, now: number): void {
    const late = group.filter(one => now >= one.until || (at !== Number.POSITIVE_INFINITY && at > one.until))
    this.#refuse(late, at === Number.POSITIVE_INFINITY ? now + nap : at)
    const rest = group.filter(one => !late.includes(one))
    if (rest.length > 0) this.#sleepUntil(Math.min(at, ...rest.map(one => one.until)))
  }

  #slotFor([one]: readonly Waiter[], now: number): number {
    if (one?.patience !== undefined) return this.#slotForRead(now)
    // Whoever was sent away comes back a moment after those in a hurry: the slot that is owed is not theirs to take.
    const kept = one?.interactive ? Number(this.#owed && this.#sentAway) : this.#kept
    return nextSlot(this.#traffic, this.pace, now, kept)
  }

  /** At most half the pace while runs are open, and never what is reserved for people who wait. */
  #slotForRead(now: number): number {
    const all = nextSlot(this.#traffic, this.pace, now, this.#deps.reserve())
    if (!this.#deps.busy()) return all
    const { requests, seconds } = this.pace
    const half = { requests: Math.max(1, Math.floor(requests / 2)), seconds }
    const own = { answered: this.#reads, inFlight: this.#readsInFlight, foreign: null, pausedUntil: 0 }
    return Math.max(all, nextSlot(own, half, now))
  }

  /** What the backlog leaves to others: to people who wait, and to whoever reads, as long as somebody does. */
  get #kept(): number {
    if (this.#owed) return 0
    const { requests, seconds } = this.pace
    const [now, window] = [this.#deps.now(), seconds * 1000]
    if (this.#askedToReadAt < now - 2 * window) return this.#deps.reserve()
    const taken = this.#readsInFlight + answeredSince(this.#reads, now - window)
    return this.#deps.reserve() + Math.max(0, Math.floor(requests / readsShare) - taken)
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

  /** Who waits: those in a hurry, reads and the others, whose turn it is first. */
  #groups(): Waiter[][] {
    const reads = this.#waiting.filter(one => one.patience !== undefined)
    const runs = this.#waiting.filter(one => one.patience === undefined)
    const hurried = runs.filter(one => one.interactive)
    const backlog = runs.filter(one => !one.interactive)
    const groups = this.#owed ? [backlog, hurried, reads] : [hurried, reads, backlog]
    return groups.filter(group => group.length > 0)
  }

  #refuse(group: readonly Waiter[], until: number): void {
    if (group.length === 0) return
    this.#waiting = this.#waiting.filter(one => !group.includes(one))
    for (const one of group) {
      if (!one.interactive && one.patience === undefined) this.#sentAway = true
      one.refuse(new Paused(until))
    }
  }

  #sleepUntil(at: number): void {
    if (this.#wakesAt !== null && this.#wakesAt <= at) return
    this.#wakesAt = at
    void this.#deps.sleep(at - this.#deps.now()).then(() => {
      if (this.#wakesAt === at) this.#wakesAt = null
      this.#admit()
    })
  }
}
