import { isFinal, isShadow } from '../../src/docket/ledger/run/run-state.ts'
import type { StoredRun } from '../../src/docket/ledger/run/stored-run.ts'
import { forReason } from '../../src/docket/operator/mending/many.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import type { RunState } from '../../src/model/docket-rpc.ts'
import { type Rule, random } from '../../src/sandbox/trouble.ts'
import { atOnce } from '../at-once.ts'
import { configuration } from './firm.ts'
import { longMessage, World } from './world.ts'

/** One random life of a firm's Docket, made of its seed alone, with the invariants held to it after every step. */

export interface Life {
  readonly seed: number
  readonly runs: number
  readonly calls: number
  readonly kills: number
  readonly states: Record<string, number>
}

/** What a life went against; the message names the invariant. */
export class Violation extends Error {
  readonly seed: number
  constructor(seed: number, what: string) {
    super(`seed ${seed}: ${what}`)
    this.seed = seed
  }
}

/** @param mode `shadow`: the firm begins in shadow, and goes live in the middle, when a person lets what was held go on */
export async function live(seed: number, mode: 'live' | 'shadow' = 'live'): Promise<Life> {
  const chance = random(seed * 7919 + 1)
  const one = <T>(...of: T[]): T => of[Math.floor(chance() * of.length)]!
  const upTo = (n: number): number => Math.floor(chance() * n)
  const pace = one({ requests: 50, seconds: 60 }, { requests: 10, seconds: 5 }, { requests: 5, seconds: 2 })
  const latency = one([10, 60], [10, 60], [500, 4000], [20, 29_000]) as [number, number]
  const world = new World({
    seed,
    config: configuration(pace, mode),
    settle: 90_000,
    latency,
    sandbox: { limit: pace },
  })
  try {
    const life = new Lived(seed, world, chance, one, upTo)
    await life.begin()
    if (mode === 'shadow') await life.goLive(configuration(pace))
    return life.end()
  } finally {
    world.close()
  }
}

class Lived {
  readonly #finals = new Map<string, string>()
  #attempts = 0
  #applied = 0
  #kills = 0
  readonly #expected: { kind: string; n: number; run: string }[] = []
  readonly seed: number
  readonly world: World
  readonly chance: () => number
  readonly one: <T>(...of: T[]) => T
  readonly upTo: (n: number) => number

  constructor(
    seed: number,
    world: World,
    chance: () => number,
    one: <T>(...of: T[]) => T,
    upTo: (n: number) => number,
  ) {
    this.seed = seed
    this.world = world
    this.chance = chance
    this.one = one
    this.upTo = upTo
  }

  async begin(): Promise<void> {
    this.#misfortunes()
    this.#deliveries()
    await this.#carriedOut()
  }

  async #carriedOut(): Promise<void> {
    const { world } = this
    await world.clock.run({ until: world.clock.now + 10 * 60_000, check: () => this.#check() })
    // The world is kind again: everything has to come to its end by itself.
    world.sandbox.trouble.clear()
    for (const each of world.sandbox.connections.all()) world.sandbox.connections.expire(each, null)
    await world.clock.run({ check: () => this.#check() })
  }

  /** Nothing was written so far, and nothing is lost. A person lets all go on, one by one in any order, and then what is left. */
  async goLive(config: JsonObject): Promise<void> {
    const { world, upTo } = this
    const written = world.sandbox.ledger.entries.find(({ method }) => method !== 'GET')
    if (written) this.#fail(`shadow: a write went out (${written.method} ${written.path})`)
    for (const run of world.runs())
      if (!isShadow(run)) this.#fail(`shadow: ${run.id} is ${run.state} (${run.reasonCode}): ${run.reason}`)
    // Whoever's click the object died of clicks again.
    while (world.reader.inShadow) {
      world.operate(() => world.configure(config))
      await world.clock.run()
    }
    this.#misfortunes()
    for (const { id } of world.runs())
      world.clock.at(world.clock.now + upTo(60_000), () => world.operate(({ desk }) => desk.resume(id, 'mended')))
    await this.#carriedOut()
    while (world.runs().some(isShadow)) {
      world.operate(({ desk, ledger }) =>
        atOnce(forReason('resume', { code: 'shadow', version: 'mended' }, desk, ledger, () => {})),
      )
      await world.clock.run({ check: () => this.#check() })
    }
  }

  #misfortunes(): void {
    const { world, chance, one, upTo } = this
    const method = () => one('POST', 'PATCH', 'DELETE', undefined)
    const actions = (): Rule['action'] =>
      one<Rule['action']>(
        { do: 'lose' },
        { do: 'drop' },
        { do: 'late', ms: 1 + upTo(30_000) },
        { do: 'fail', status: 500, applied: true },
        { do: 'fail', status: 502, html: true },
        { do: 'hang', applied: chance() < 0.5 },
        { do: 'slow', ms: upTo(40_000) },
      )
    for (let n = upTo(4); n > 0; n--) {
      const rule: Rule = { method: method(), chance: 0.2 + chance() * 0.5, times: 1 + upTo(6), action: actions() }
      world.sandbox.trouble.add(rule)
    }
    for (let n = upTo(3); n > 0; n--) {
      const at = world.clock.now + upTo(120_000)
      this.#kills++
      world.clock.at(at, () => {
        if (chance() < 0.5) {
          world.kill()
          world.restart(50 + upTo(3000))
        } else world.dieAtPoint(upTo(12), 50 + upTo(3000))
      })
    }
    if (chance() < 0.2) {
      const [first] = world.sandbox.connections.all()
      const from = world.clock.now + upTo(5000)
      world.clock.at(from, () => world.sandbox.connections.expire(first!, one<401 | 500>(401, 500)))
      world.clock.at(from + upTo(120_000), () => world.sandbox.connections.expire(first!, null))
    }
  }

  #deliveries(): void {
    const { world, chance, one, upTo } = this
    const people = 1 + upTo(3)
    const count = 1 + upTo(6)
    for (let n = 0; n < count; n++) {
      const kind = one('intake', 'intake', 'ditto', 'booked', 'moved', 'off')
      const who = upTo(people)
      const deliver = (left: number): void => {
        const run = world.deliver(
          'website',
          {
            fields: { kind, n },
            message: n % 3 === 2 ? longMessage : null,
            subject: kind === 'intake' || kind === 'ditto' ? null : 'the booking',
            person: {
              first_name: 'Pat',
              last_name: `Doe${who}`,
              email: `pat${who}@x.example`,
              phone: null,
              company: null,
            },
          },
          `key ${n}`,
        )
        if (run && !this.#expected.some(each => each.n === n)) this.#expected.push({ kind, n, run })
        // No receipt, or one that was lost: the provider delivers again.
        if (left > 0 && (run === null || chance() < 0.2))
          world.clock.in(run === null ? 4000 : upTo(60_000), () => deliver(left - 1))
      }
      world.clock.at(world.clock.now + upTo(30_000), () => deliver(3))
    }
  }

  #fail(what: string): never {
    throw new Violation(this.seed, what)
  }

  #check(): void {
    const { world } = this
    // Nothing was carried out since the last look: nothing can have gone wrong in Clio.
    const { entries } = world.sandbox.ledger
    const applied = entries.reduce((sum, entry) => sum + (entry.appliedAt === null ? 0 : 1), 0)
    if (applied !== this.#applied) this.#checkClio()
    this.#applied = applied
    for (const { id, state } of world.disk.query('select id, state from runs') as { id: string; state: RunState }[]) {
      const before = this.#finals.get(id)
      if (before !== undefined && before !== state) this.#fail(`I4: ${id} was ${before}, is ${state}`)
      if (isFinal(state)) this.#finals.set(id, state)
    }
    const attempts = Number(world.disk.query('select count(*) as n from attempts')[0]?.n)
    if (attempts < this.#attempts) this.#fail('I4: an attempt is gone')
    this.#attempts = attempts
  }

  #checkClio(): void {
    const { world } = this
    const named = (resource: string, key: string, pattern: RegExp): string[] =>
      world.sandbox
        .account('smith')
        .all(resource)
        .map(row => String(row.data[key]))
        .filter(value => pattern.test(value))
    const once = (resource: string, key: string, pattern: RegExp): void => {
      const values = named(resource, key, pattern)
      if (new Set(values).size !== values.length) this.#fail(`I2: one step made two ${resource}`)
    }
    once('contacts', 'last_name', /^Doe/)
    once('matters', 'description', /^Matter \d+$/)
    once('tasks', 'name', /^Call \d+$/)
    once('calendar_entries', 'summary', /^Meeting \d+$/)
    const dittos = named('tasks', 'name', /^Ditto$/).length
    const wanted = Number(world.disk.query("select count(distinct run) as n from steps where rule = 'ditto'")[0]?.n)
    if (dittos > wanted) this.#fail('I2: more equal tasks than runs that want one')
    const refused = world.sandbox.ledger.entries.find(entry => entry.status === 429)
    if (refused) this.#fail(`I3: a call too many (${refused.method} ${refused.path})`)
  }

  end(): Life {
    const { world } = this
    const runs = world.runs()
    const states: Record<string, number> = {}
    for (const run of runs) {
      states[run.state] = (states[run.state] ?? 0) + 1
      if (run.state !== 'done') this.#fail(`I1: ${run.id} ended as ${run.state}: ${run.reason}`)
    }
    const count = (resource: string, key: string, value: string): number =>
      world.sandbox
        .account('smith')
        .all(resource)
        .filter(row => row.data[key] === value).length
    for (const { kind, n, run } of this.#expected) {
      if (kind !== 'intake') continue
      if (count('matters', 'description', `Matter ${n}`) !== 1)
        this.#fail(`I1: ${run} is done, its matter does not stand`)
      if (count('tasks', 'name', `Call ${n}`) !== 1) this.#fail(`I1: ${run} is done, its task does not stand`)
    }
    const dittos = runs.filter(run => run.event?.fields.kind === 'ditto').length
    if (count('tasks', 'name', 'Ditto') !== dittos)
      this.#fail(`I2: ${dittos} equal tasks wanted, ${count('tasks', 'name', 'Ditto')} stand`)
    this.#checkBooking(runs)
    const { keys, fields, query } = world.sandbox.ledger.view().unknown
    if (keys + fields + query > 0) this.#fail('the contract: unknown keys, fields or query parameters were sent')
    return {
      seed: this.seed,
      runs: runs.length,
      calls: world.sandbox.ledger.entries.length,
      kills: this.#kills,
      states,
    }
  }

  /** What the events of one booking come to, one after another in the order they were accepted. */
  #checkBooking(runs: readonly StoredRun[]): void {
    const entries: string[] = []
    let linked = -1
    for (const run of runs) {
      const { kind, n } = run.event!.fields
      if (kind === 'booked') linked = entries.push(`Meeting ${n}`) - 1
      if (kind === 'moved' && linked >= 0) entries[linked] = `Meeting moved ${n}`
      if (kind === 'off' && linked >= 0) {
        entries[linked] = ''
        linked = -1
      }
    }
    const wanted = entries.filter(Boolean).sort().join(', ')
    const stand = this.world.sandbox
      .account('smith')
      .all('calendar_entries')
      .map(row => String(row.data.summary))
    const found = stand
      .filter(summary => summary.startsWith('Meeting'))
      .sort()
      .join(', ')
    if (found !== wanted) this.#fail(`subjects: “${wanted}” was to stand in the calendar, “${found}” does`)
  }
}
