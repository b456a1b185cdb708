import type { Configuration } from '../../configuration/configuration.ts'
import { backoff } from '../../lib/backoff.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { Delivery } from '../../model/event.ts'
import { Later, Stuck } from '../../model/follow.ts'
import { sources } from '../../sources/index.ts'
import type { Timer } from '../ledger/firm/timers.ts'
import { type ProviderDeps, providerOf } from './provider.ts'

export interface SubscriptionsDeps extends ProviderDeps {
  newest(): Configuration | null
  /** Puts a poll on the docket, in the caller's transaction. */
  claim(endpoint: string, delivery: Delivery): void
  log(message: string): void
}

/** Renewals in one invocation: subrequests are few. */
const renewalsMost = 3
/** Tries to end one. */
const endingsMost = 3
const endingsEvery = 10_000
const minute = 60_000
const again = { base: minute, longest: 60 * minute }
/** A subscription is renewed when this much of its life is over. */
const renewedAfter = 0.75

/** Where the endpoint's memory keeps, for people, why a subscription could not be made. */
export const whyNot = (name: string): string => `why not ${name}`

/** What makes providers notify: subscriptions, made and renewed in time; and polls below, since notifications get lost. */
export class Subscriptions {
  readonly #deps: SubscriptionsDeps
  /** How often somebody asked for another try: what was under way then is tried again too. */
  #retries = 0

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps
  }

  /** Sees to everything that is due. Never throws for what a provider does. */
  async attend(clio: (call: Call) => Promise<Outcome>): Promise<void> {
    const { ledger, now } = this.#deps
    const [polls, renewals] = [ledger.timers.due('poll', now()), ledger.timers.due('renewal', now(), renewalsMost)]
    for (const one of polls) await this.#poll(one)
    for (const one of renewals) await this.#renew(one, clio)
  }

  /** What failed is tried at once: a secret was stored, or the firm was connected anew. */
  retry(): void {
    this.#retries += 1
    this.#deps.ledger.timers.retry(this.#deps.now())
  }

  /**
   * Takes back what stands at providers, a few at a time. One that does not let itself be taken back is left alone in the end: it expires.
   * @returns ms until it goes on; null: nothing is left
   */
  async end(clio: (call: Call) => Promise<Outcome>): Promise<number | null> {
    const { ledger, log, firm } = this.#deps
    let wait = 0
    for (const timer of ledger.timers.standing().slice(0, renewalsMost)) {
      const { endpoint, name, tries, data } = timer
      try {
        const { source, provider } = await providerOf(endpoint, this.#deps)
        await source.subscribing?.end(data!, provider, clio)
        ledger.timers.remove(timer)
      } catch {
        log(`firm ${firm}, endpoint ${endpoint}: the subscription ${name} could not be ended`)
        if (tries + 1 >= endingsMost) ledger.timers.remove(timer)
        else ledger.timers.again({ ...timer, tries: tries + 1 })
        wait = endingsEvery
      }
    }
    return ledger.timers.standing().length > 0 ? wait : null
  }

  async #renew(timer: Timer<'renewal'>, clio: (call: Call) => Promise<Outcome>): Promise<void> {
    const { ledger, now, log, firm } = this.#deps
    const { endpoint, name, tries, data } = timer
    const retries = this.#retries
    try {
      const { source, provider } = await providerOf(endpoint, this.#deps)
      const standing = data !== null && data.expiresAt > now() ? data : null
      const made = await source.subscribing!.renew(name, standing, provider, clio)
      const wait = Math.max(minute, Math.round((made.expiresAt - now()) * renewedAfter))
      ledger.transaction(() => {
        ledger.timers.again({ ...timer, dueAt: now() + wait, tries: 0, data: made })
        ledger.sourceMemory.remember(endpoint, { [whyNot(name)]: null }, now())
      })
    } catch (error) {
      const known = error instanceof Later || error instanceof Stuck
      const why = known ? error.message : `Docketed itself failed (${error instanceof Error ? error.name : 'fault'}).`
      log(`firm ${firm}, endpoint ${endpoint}: ${name} could not be subscribed to: ${why}`)
      const wait = retries === this.#retries ? backoff(tries, again) : 0
      ledger.transaction(() => {
        ledger.timers.again({ ...timer, dueAt: now() + wait, tries: tries + 1 })
        ledger.sourceMemory.remember(endpoint, { [whyNot(name)]: why }, now())
      })
    }
  }

  async #poll(timer: Timer<'poll'>): Promise<void> {
    const { newest, ledger, now, claim } = this.#deps
    const { poll } = sources.get(newest()?.endpoints[timer.endpoint]?.source ?? '')?.subscribing ?? {}
    if (!poll) return
    const delivery = await poll.event()
    ledger.transaction(() => {
      claim(timer.endpoint, delivery)
      ledger.timers.again({ ...timer, dueAt: now() + poll.every })
    })
  }
}
