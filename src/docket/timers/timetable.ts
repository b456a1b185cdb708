import type { Configuration } from '../../configuration/configuration.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { InboundEvent } from '../../model/event.ts'
import { sources } from '../../sources/index.ts'
import type { Timer } from '../ledger/firm/timers.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { planOf, plansAnything } from './plan.ts'
import { reminderEvent, remindersBy, remindersOf } from './reminders.ts'
import { Subscriptions, type SubscriptionsDeps } from './subscriptions.ts'
import { ticksMost, ticksOf } from './ticks.ts'

/** A subscription that is none of those that stand in the account. */
const elsewhere = { id: '', expiresAt: Number.MAX_SAFE_INTEGER }

/** Reminders brought forth in one transaction. */
const remindersMost = 100

/**
 * Whatever must happen later. What is due is claimed, and its successor written, in one transaction; so each comes once, whatever
 * crashes in between, and none is skipped without a trace.
 */
export class Timetable {
  readonly #deps: SubscriptionsDeps
  readonly #subscriptions: Subscriptions

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps
    this.#subscriptions = new Subscriptions(deps)
  }

  /** When there is something to do next, in ms since the epoch; null: never. */
  next(): number | null {
    const { ledger, now } = this.#deps
    if (!ledger.made) return null
    return this.#isPlanned() ? ledger.timers.next() : now()
  }

  /** What is planned is what the newest configuration wants. A firm that never had anything planned needs no plan. */
  #isPlanned(): boolean {
    const { ledger, newest } = this.#deps
    if (ledger.meta.get('plannedVersion') === ledger.version) return true
    const configuration = newest()
    const wants = configuration !== null && plansAnything(configuration)
    return !wants && !ledger.timers.hasPlanned() && ledger.sourceMemory.isEmpty()
  }

  /** Puts everything on the docket that is due and asks nobody. Ticks of an expression that was changed since count by the old one up to now. */
  ring(): void {
    const { ledger, now } = this.#deps
    const next = this.next()
    if (next === null || next > now()) return
    ledger.transaction(() => {
      for (const timer of ledger.timers.due('tick', now())) this.#tick(timer)
      if (!this.#isPlanned()) this.#plan()
      for (const timer of ledger.timers.due('reminder', now(), remindersMost)) this.#remind(timer)
    })
  }

  /** Asks and tells providers what is due: polls and renewals. */
  async attend(clio: (call: Call) => Promise<Outcome>): Promise<void> {
    if (this.#deps.ledger.made) await this.#subscriptions.attend(clio)
  }

  /** Takes back what stands at providers. @returns ms until it goes on; null: nothing is left */
  async end(clio: (call: Call) => Promise<Outcome>): Promise<number | null> {
    if (this.#deps.ledger.meta.get('ending') === null) {
      // Tries of before were to make it, not to end it.
      for (const one of this.#deps.ledger.timers.standing()) this.#deps.ledger.timers.again({ ...one, tries: 0 })
      this.#deps.ledger.meta.set('ending', true)
    }
    return this.#subscriptions.end(clio)
  }

  /** What a provider refused is tried at once. */
  retry(): void {
    if (this.#deps.ledger.made) this.#subscriptions.retry()
  }

  /** The firm is in another Clio account, and what was made in the one before is not there. In the caller's transaction. */
  moved(): void {
    const { ledger, newest, now } = this.#deps
    for (const [endpoint, { source }] of Object.entries(newest()?.endpoints ?? {})) {
      if (!sources.get(source)?.subscribing?.inClio) continue
      for (const timer of ledger.timers.of('renewal', endpoint))
        ledger.timers.again({ ...timer, dueAt: now(), data: elsewhere })
    }
  }

  #plan(): void {
    const { ledger, newest, now } = this.#deps
    const configuration = newest()
    const wanted = configuration === null ? [] : planOf(configuration, now())
    const id = ({ kind, endpoint, name }: Pick<Timer, 'kind' | 'endpoint' | 'name'>) =>
      JSON.stringify([kind, endpoint, name])
    const before = new Map(ledger.timers.planned().map(one => [id(one), one]))
    for (const one of wanted) {
      if (before.get(id(one))?.madeFor !== one.madeFor) ledger.timers.plan(one)
      before.delete(id(one))
    }
    for (const one of before.values()) ledger.timers.remove(one)
    for (const endpoint of ledger.sourceMemory.endpoints())
      if (!configuration?.endpoints[endpoint]) ledger.sourceMemory.forget(endpoint)
    ledger.meta.set('plannedVersion', ledger.version)
  }

  #tick(timer: Timer<'tick'>): void {
    const { ledger, now, log } = this.#deps
    const { endpoint } = timer
    const { events, missed, dueAt } = ticksOf(timer, now())
    if (missed > 0)
      log(`endpoint ${endpoint}: ${missed} ticks were missed and left out; the last ${ticksMost} are made up for`)
    for (const { key, event } of events) this.#claim(endpoint, event, key)
    ledger.timers.again({ ...timer, dueAt })
  }

  #remind(timer: Timer<'reminder'>): void {
    const { ledger, newest } = this.#deps
    ledger.timers.remove(timer)
    // The firm may no longer want it.
    if (!remindersOf(newest(), timer.endpoint).includes(timer.data.reminder)) return
    this.#claim(timer.endpoint, reminderEvent(timer), `reminder ${timer.name}`)
  }

  #claim(endpoint: string, event: InboundEvent, key: string): void {
    this.#deps.claim(endpoint, { event, key: { kind: 'given', value: key }, content: key, strict: false })
  }

  /**
   * An event of a booking is being carried out, in the caller's transaction: its reminders take the place of those that an earlier one
   * set. One that comes late sets none.
   */
  booked(run: StoredRun, configuration: Configuration): void {
    const { id, endpoint, thread, event } = run
    const { ledger, now } = this.#deps
    const reminders = thread === null ? null : remindersBy(run, configuration, now())
    if (thread === null || event === null || reminders === null) return
    const { asOf, moments } = reminders
    if ((ledger.subjects.remindersAsOf(endpoint, thread) ?? asOf) > asOf) return
    ledger.subjects.setRemindersAsOf(endpoint, thread, asOf)
    ledger.timers.remind(endpoint, thread, id, event, moments)
  }
}
