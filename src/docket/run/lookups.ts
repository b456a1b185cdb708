import { urlOf } from '../../clio/gateway/gateway.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Call, Outcome } from '../../model/call.ts'
import { type Clio, type Contacts, Refused } from '../../model/intent.ts'
import { Behind, NotYet, Unread } from '../calls/trouble.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isFinal } from '../ledger/run/run-state.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'

export interface LookupDeps {
  readonly ledger: Ledger
  /** ms from an unknown outcome until a late write would have landed. */
  readonly settle: number
  now(): number
  /** The index of contacts as a run may use it. */
  contacts(run: StoredRun): Contacts
  /** One call at the pace, with its row in the ledger. */
  read(run: StoredRun, step: string, call: Call): Promise<Outcome>
}

/** An answer that a step got is good for its next try, unless something was written in between. */
const memory = 60_000
/** ms after which Clio's lists and search show what was made. */
const lately = 10 * 60_000

/** What operations may ask of the world, for all runs of a firm. */
export class Lookups {
  readonly #deps: LookupDeps
  /** Lists under way, so that sixty runs that need the same one ask for it once. */
  readonly #loading = new Map<string, Promise<Json>>()
  /** Answers by run, so that a pause between two look-ups does not cost the first one again. */
  readonly #answers = new Map<string, Map<string, { answer: Json; at: number }>>()

  constructor(deps: LookupDeps) {
    this.#deps = deps
  }

  /** Something was written (or may have been): what the run read before may no longer hold. */
  forget(run: string): void {
    this.#answers.delete(run)
  }

  /** What a write told besides: the answer to a look-up that may come next. */
  learn(run: string, call: Call, answer: Json): void {
    const answers = this.#answers.get(run) ?? new Map()
    this.#answers.set(run, answers.set(urlOf(call, ''), { answer, at: this.#deps.now() }))
  }

  clio(run: StoredRun, step: string, firm: { timezone: string; country: string }): Clio {
    const { ledger } = this.#deps
    return {
      ...firm,
      mark: `${run.id}/${step}`,
      subject: run.subject,
      chosen: run.amended?.chosen?.[step] ?? [],
      read: call => this.#read(run, step, call),
      cached: (key, age, load) => this.#cached(key, age, load),
      forget: prefix => ledger.cache.forget(prefix),
      lock: values => ledger.transaction(() => this.#taken(values, run.id, step)),
      owned: (resource, ids) => ledger.attempts.owned(resource, ids, run.id, step),
      inDoubt: path => ledger.attempts.inDoubt(path, run.id),
      mine: resource => new Set(ledger.steps.of(run.id).flatMap(({ output }) => recordIn(output, resource))),
      contacts: this.#deps.contacts(run),
    }
  }

  /** Of somebody who waits, with no run. */
  plain(read: Clio['read']): Pick<Clio, 'read' | 'cached'> {
    return { read, cached: (key, age, load) => this.#cached(key, age, load) }
  }

  /** What a discarded run left in the air may still land: until then its values stay taken. */
  #taken(values: readonly string[], run: string, step: string): JsonObject[] {
    const { ledger, settle, now } = this.#deps
    for (;;) {
      const taken = ledger.locks.take(values, run, step)
      if ('made' in taken) return taken.made.filter(one => now() - one.at < lately).map(one => one.output)
      const { holder } = taken
      if (!isFinal(ledger.runs.get(holder)?.state ?? 'discarded'))
        throw new Behind(holder, 'it works on the same record, or one with the same e-mail address, phone or name.')
      const landed = ledger.attempts.landedAt(holder, settle, now())
      if (landed > now())
        throw new NotYet(landed, `Waiting until what discarded run ${holder} left in the air would have landed.`)
      ledger.locks.release(holder)
    }
  }

  async #read(run: StoredRun, step: string, call: Call): Promise<Json> {
    const key = urlOf(call, '')
    const known = this.#answers.get(run.id)?.get(key)
    if (known && this.#deps.now() - known.at < memory) return known.answer
    const outcome = await this.#deps.read(run, step, call)
    if (outcome.kind === 'applied') {
      this.learn(run.id, call, outcome.answer)
      return outcome.answer
    }
    if (outcome.kind === 'refused' && (outcome.why === 'missing' || outcome.why === 'invalid')) {
      throw new Refused(outcome.status, outcome.message)
    }
    throw new Unread(outcome)
  }

  async #cached(key: string, age: number, load: () => Promise<Json>): Promise<Json> {
    const { ledger, now } = this.#deps
    const kept = ledger.cache.get(key)
    if (kept && now() - kept.at < age) return kept.value
    const { clio } = ledger.accounts
    const one = `${clio} ${key}`
    const underWay = this.#loading.get(one)
    if (underWay) return underWay
    const loading = load()
      .then(value => {
        // The firm may be in another account by now.
        if (ledger.accounts.clio === clio) ledger.cache.set(key, value, now())
        return value
      })
      .finally(() => this.#loading.delete(one))
    this.#loading.set(one, loading)
    return loading
  }
}

/** The id of what a step made or found, when it is of that resource. */
function recordIn(output: Json, resource: string): string[] {
  if (!isObject(output) || output.resource !== resource || (output.id ?? null) === null) return []
  return [String(output.id)]
}
