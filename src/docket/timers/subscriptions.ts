import type { Configuration } from '../../configuration/configuration.ts'
import { backoff } from '../../lib/backoff.ts'
import type { Json } from '../../lib/json.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { Delivery } from '../../model/event.ts'
import { Later, Stuck } from '../../model/follow.ts'
import { sources } from '../../sources/index.ts'
import type { Keep, Memories } from '../ledger/firm/standing.ts'
import { type ReachDeps, reachOf } from './reach.ts'

export interface KeeperDeps extends ReachDeps {
  newest(): Configuration | null
  /** Puts a poll on the docket. */
  claim(endpoint: string, delivery: Delivery): void
  log(message: string): void
}

/** Renewals in one invocation: subrequests are few. */
const renewalsMost = 3
const minute = 60_000
/** The name under which an endpoint's poll stands; no source keeps anything of this name. */
const poll = '(poll)'

/**
 * Keeps open at providers what makes them notify: made when a configuration is saved, renewed when three quarters of its life are
 * over, tried again when that fails; and polls below, since notifications get lost.
 */
export class Keeper {
  readonly #deps: KeeperDeps
  readonly #memories: Memories
  /** How often somebody asked for another try: what was under way then is tried again too. */
  #retries = 0

  constructor(deps: KeeperDeps) {
    this.#deps = deps
    this.#memories = deps.memories
  }

  /** When there is something to do next, in ms since the epoch. */
  next(): number | null {
    if (!this.#deps.ledger.made) return null
    return this.#isPlanned() ? this.#memories.next() : this.#deps.now()
  }

  #isPlanned(): boolean {
    const { ledger, newest } = this.#deps
    if (ledger.meta.get('keepsVersion') === ledger.version) return true
    const wanted = Object.values(newest()?.endpoints ?? {}).some(({ source }) => sources.get(source)?.keeping)
    return !wanted && this.#memories.keeps().length === 0
  }

  /** Sees to everything that is due. Never throws for what a provider does. */
  async keep(clio: (call: Call) => Promise<Outcome>): Promise<void> {
    const { ledger, now } = this.#deps
    if (!ledger.made) return
    if (!this.#isPlanned()) ledger.transaction(() => this.#plan())
    await this.#seeTo(now(), clio)
  }

  /** What failed is tried at once: a secret was stored, or the firm was connected anew. */
  retry(): void {
    const { ledger, now } = this.#deps
    this.#retries += 1
    if (ledger.made) this.#memories.retry(now())
  }

  async #seeTo(now: number, clio: (call: Call) => Promise<Outcome>): Promise<void> {
    const due = this.#memories.keeps().filter(one => one.nextAt <= now)
    for (const one of due.filter(({ name }) => name === poll)) await this.#poll(one)
    for (const one of due.filter(({ name }) => name !== poll).slice(0, renewalsMost)) await this.#renew(one, clio)
  }

  #plan(): void {
    const { ledger, newest, now } = this.#deps
    const { endpoints = {} } = newest() ?? {}
    const before = this.#memories.keeps()
    const wanted = Object.entries(endpoints).flatMap(([endpoint, { source: name, ...options }]) => {
      const { keeping, options: form } = sources.get(name) ?? {}
      const read = form?.safeParse(options)
      if (!keeping || !read?.success) return []
      const names = keeping.names(read.data)
      const { reminders: _, ...kept } = options
      const madeFor = JSON.stringify([name, kept])
      return [...names, ...(keeping.poll ? [poll] : [])].map(each => ({
        endpoint,
        name: each,
        madeFor,
      }))
    })
    for (const endpoint of this.#memories.endpoints()) if (!endpoints[endpoint]) this.#memories.forget(endpoint)
    for (const one of before) {
      const still = wanted.some(({ endpoint, name }) => endpoint === one.endpoint && name === one.name)
      if (!still) this.#memories.removeKeep(one.endpoint, one.name)
    }
    for (const one of wanted) {
      const same = before.some(
        ({ endpoint, name, madeFor }) => endpoint === one.endpoint && name === one.name && madeFor === one.madeFor,
      )
      if (!same) this.#memories.setKeep({ ...one, held: null, nextAt: now(), tries: 0 })
    }
    ledger.meta.set('keepsVersion', ledger.version as Json)
  }

  async #renew(one: Keep, clio: (call: Call) => Promise<Outcome>): Promise<void> {
    const { now, log, firm } = this.#deps
    const retries = this.#retries
    const current = one.held !== null && one.held.expiresAt > now() ? one.held : null
    try {
      const { source, reach } = await reachOf(one.endpoint, this.#deps)
      const held = await source.keeping!.renew(one.name, current, reach, clio)
      const nextAt = now() + Math.max(minute, Math.round((held.expiresAt - now()) * 0.75))
      this.#memories.setKeep({ ...one, held, nextAt, tries: 0 })
    } catch (error) {
      const known = error instanceof Later || error instanceof Stuck
      const why = known ? error.message : `Docketed itself failed (${error instanceof Error ? error.name : 'fault'}).`
      log(`firm ${firm}, endpoint ${one.endpoint}: ${one.name} could not be subscribed to: ${why}`)
      const wait = retries === this.#retries ? backoff(one.tries, { base: minute, longest: 60 * minute }) : 0
      const nextAt = now() + wait
      this.#memories.setKeep({ ...one, nextAt, tries: one.tries + 1 })
    }
  }

  async #poll(one: Keep): Promise<void> {
    const { newest, ledger, now } = this.#deps
    const keeping = sources.get(newest()?.endpoints[one.endpoint]?.source ?? '')?.keeping
    if (!keeping?.poll) return
    const delivery = await keeping.poll.event()
    ledger.transaction(() => {
      this.#deps.claim(one.endpoint, delivery)
      this.#memories.setKeep({ ...one, nextAt: now() + keeping.poll!.every })
    })
  }
}
