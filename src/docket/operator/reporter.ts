import type { FirmCounters } from '../../model/registry-rpc.ts'
import { heldIn, holdCode } from '../calls/hold.ts'
import type { Turnstile } from '../calls/turnstile.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** ms between two reports. */
const between = 60_000

export interface ReporterDeps {
  now(): number
  sleep(ms: number): Promise<void>
  /** Tells the registry when the alarm is set. */
  expect(at: number): Promise<void>
  /** Tells the registry how the docket stands, and that `nextWake` is when its alarm is set. */
  report(nextWake: number | null, visited: boolean): Promise<void>
}

/**
 * Tells the registry when the Docket is to be awake, and how it stands. Fire and forget: nothing waits for it, and nothing fails with it.
 *
 * - A report after a drain or a duplicate, at most one a minute; the last of a burst follows when the minute is over.
 * - An alarm that the registry does not expect is told at once, before it rings: one that is lost never drains, and so would never
 *   report. Of a firm that is busy the registry expects the earlier moment already, and is told nothing.
 * - What is lost all the same comes to light at the registry's next visit.
 */
export class Reporter {
  readonly #deps: ReporterDeps
  /** When the alarm is set. */
  #next: number | null = null
  /** When the registry expects the alarm; null: never, or it is not known what it expects. */
  #expected: number | null = null
  #reportedAt = Number.NEGATIVE_INFINITY
  #later = false

  constructor(deps: ReporterDeps) {
    this.#deps = deps
  }

  /** The alarm is set. */
  armed(at: number): void {
    this.#next = at
    // A minute later than it is set: the registry allows for more than that.
    if (this.#expected !== null && this.#expected <= at + between) return
    this.#expected = at
    this.#send(this.#deps.expect(at))
  }

  /** The alarm rings. */
  rings(): void {
    this.#next = null
  }

  /** A drain is over, or something was counted. */
  changed(): void {
    const wait = this.#reportedAt + between - this.#deps.now()
    if (wait <= 0) this.#report(false)
    if (wait <= 0 || this.#later) return
    this.#later = true
    void this.#deps.sleep(wait).then(() => {
      this.#later = false
      this.#report(false)
    })
  }

  /** The registry has had the Docket woken. */
  visited(): void {
    this.#report(true)
  }

  #report(visited: boolean): void {
    this.#reportedAt = this.#deps.now()
    this.#expected = this.#next
    this.#send(this.#deps.report(this.#next, visited))
  }

  /** What did not arrive is not known there: the next alarm is told again. */
  #send(sent: Promise<void>): void {
    sent.catch(() => {
      this.#expected = null
    })
  }
}

/** How the docket stands, for the registry: numbers, codes and moments, nothing of any client. */
export function standingOf(ledger: Ledger, turnstile: Turnstile): FirmCounters {
  const { standing } = ledger
  if (!ledger.made) {
    const unfit = standing === 'none' || standing === 'ready' ? null : standing
    return { open: 0, parked: 0, held: 0, lastEventAt: null, connection: null, keys: null, unfit, figures: null }
  }
  const counters = ledger.overview.counters()
  const hold = holdCode(heldIn(ledger))
  return {
    ...counters,
    held: hold ? counters.open : 0,
    connection: ledger.meta.get<string>('connection')?.toLowerCase() ?? null,
    keys: ledger.keyMark,
    unfit: null,
    figures: {
      counts: ledger.tallies.all(),
      reasons: ledger.overview.reasons(),
      shadow: ledger.overview.inShadow(),
      oldestOpenAt: ledger.overview.oldestOpen(),
      pace: { used: turnstile.used, requests: turnstile.pace.requests },
      deafChannels: ledger.notices.deaf(),
      hold,
    },
  }
}
