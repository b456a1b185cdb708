import { fieldsAsked } from '../../clio/contract/fields.ts'
import { isShape, resourceNamed } from '../../clio/contract/index.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { Call, Outcome } from '../../model/call.ts'
import { type Clio, type Intent, noContacts, Park, type PastCall, Refused } from '../../model/intent.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Clio as a preview sees it: nothing is written there, and it is read only where somebody asked for that. */

export interface DryDeps {
  readonly ledger: Ledger
  readonly timezone: string
  readonly country: string
  readonly subject: string | null
  now(): number
  /** One read of Clio; null: nobody is asked, and names stand for themselves. */
  readonly read: ((call: Call) => Promise<Outcome | Problem>) | null
  /** Clio as a run asks it that is in shadow; then `read` is never called. */
  live?(step: string): Clio
}

/** The preview cannot go on: no call is free, or the connection is lost. */
export class Stopped extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

/** Reads of one preview: as many as an invocation may make. */
const readsMost = 40
/** Ids of records that are only pretended: none of Clio's are as large. */
const firstPretended = 999_000_000_000_001

export class DryClio {
  readonly #deps: DryDeps
  readonly #names = new Map<number, string>()
  readonly #records = new Map<number, JsonObject>()
  readonly #mine = new Map<string, Set<string>>()
  /** By the values that a step took: what it left behind, which a later one that takes them finds. */
  readonly #worked = new Map<string, JsonObject[]>()
  #taken: readonly string[] = []
  /** What earlier steps would have changed, by the path of the record. */
  readonly #changes = new Map<string, JsonObject>()
  #reads = 0

  constructor(deps: DryDeps) {
    this.#deps = deps
  }

  /** Clio, for a step. @param asked told of every read that the step would make */
  clio(step: string, intent: Intent, asked: (call: Call) => void): Clio {
    const { ledger, timezone, country, subject, read, live } = this.#deps
    if (live) return this.#shadow(step, intent, asked, live(step))
    return {
      timezone,
      country,
      ...(read === null && { unasked: true }),
      mark: `‹run›/${step}`,
      subject,
      read: call => {
        asked(call)
        return read === null || this.#isPretended(call)
          ? Promise.resolve(this.#pretendedAnswer(step, intent, call))
          : this.#read(call, read).then(answer => this.#changedIn(call, answer))
      },
      cached: async (key, age, load) => {
        const kept = ledger.cache.get(key)
        if (kept && this.#deps.now() - kept.at < age) return kept.value
        const value = await load()
        if (read !== null) ledger.cache.set(key, value, this.#deps.now())
        return value
      },
      forget: () => {},
      lock: values => this.#lock(values),
      owned: () => new Set(),
      inDoubt: () => [],
      mine: resource => this.#mine.get(resource) ?? new Set(),
      contacts: noContacts,
    }
  }

  /** Nobody is kept waiting. */
  #lock(values: readonly string[]): JsonObject[] {
    this.#taken = values
    return values.flatMap(value => this.#worked.get(value) ?? [])
  }

  /** Nothing is locked, and what this run only pretends to have made is asked of nobody. */
  #shadow(step: string, intent: Intent, asked: (call: Call) => void, live: Clio): Clio {
    return {
      ...live,
      read: call => {
        asked(call)
        return this.#isPretended(call)
          ? Promise.resolve(this.#pretendedAnswer(step, intent, call))
          : live.read(call).then(answer => this.#changedIn(call, answer))
      },
      lock: values => this.#lock(values),
      mine: resource => new Set([...live.mine(resource), ...(this.#mine.get(resource) ?? [])]),
    }
  }

  /** The id of a record that a step would make or find. */
  pretend(name: string, record: JsonObject = {}): number {
    const id = firstPretended + this.#names.size
    this.#names.set(id, `‹${name}›`)
    this.#records.set(id, record)
    return id
  }

  /** As if the call was carried out. */
  carriedOut(step: string, call: Call): PastCall {
    const [, own] = call.path.split('/')
    if (call.method === 'PATCH')
      this.#changes.set(call.path, joined(this.#changes.get(call.path) ?? {}, call.body ?? {}))
    const made = call.method === 'POST' ? this.pretend(step.split('/').at(-1)!, call.body ?? {}) : null
    const id: Json = made ?? own ?? null
    const data = { id, latest_document_version: { uuid: '‹version›' } }
    return { call, applied: true, status: 200, message: '', answer: { data }, record: id === null ? null : String(id) }
  }

  /** What a step left behind belongs to the run. */
  learn(output: Json): void {
    const taken = this.#taken
    this.#taken = []
    for (const one of Array.isArray(output) ? output : [output]) {
      if (!isObject(one) || typeof one.resource !== 'string' || (one.id ?? null) === null) continue
      const ids = this.#mine.get(one.resource) ?? new Set()
      this.#mine.set(one.resource, ids.add(String(one.id)))
      for (const value of taken) this.#worked.set(value, [...(this.#worked.get(value) ?? []), one])
    }
  }

  /** A value with names in the place of pretended ids. */
  shown<T extends Json>(value: T): T {
    if (typeof value === 'number') return (this.#names.get(value) ?? value) as T
    if (typeof value === 'string') {
      const pretended = [...this.#names].filter(([id]) => value.includes(String(id)))
      return pretended.reduce<string>((text, [id, name]) => text.replaceAll(String(id), name), value) as T
    }
    if (Array.isArray(value)) return value.map(one => this.shown(one)) as T
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.shown(one)])) as T
  }

  async #read(call: Call, read: (call: Call) => Promise<Outcome | Problem>): Promise<Json> {
    if (++this.#reads > readsMost) throw new Stopped(tooManyReads)
    const outcome = await read(call)
    if (isProblem(outcome)) throw new Stopped(outcome)
    if (outcome.kind === 'applied') return outcome.answer
    if (outcome.kind === 'unknown') throw new Stopped(unread)
    switch (outcome.why) {
      case 'missing':
      case 'invalid':
        throw new Refused(outcome.status, outcome.message)
      case 'forbidden':
        throw new Park(
          `Clio does not let the connected user see this (${outcome.status}): ${outcome.message}`,
          'forbidden',
        )
      default:
        throw new Stopped(unread)
    }
  }

  /** An answer of Clio's, as it would be behind the steps before. */
  #changedIn({ path }: Call, answer: Json): Json {
    if (this.#changes.size === 0 || !isObject(answer)) return answer
    const [resource] = path.split('/')
    const changed = (one: Json) => {
      const change = isObject(one) ? this.#changes.get(`${resource}/${one.id}`) : undefined
      return change ? joined(one as JsonObject, change) : one
    }
    const { data = null } = answer
    return { ...answer, data: Array.isArray(data) ? data.map(changed) : changed(data) }
  }

  /** Whether a call asks of a record that is only pretended: Clio knows nothing of it. */
  #isPretended({ path, query }: Call): boolean {
    const values = [path, ...Object.values(query ?? {}).flat()]
    return [...this.#names.keys()].some(id => values.some(value => value.includes(String(id))))
  }

  /** A search finds one, all else finds nothing; a record says what it would. */
  #pretendedAnswer(step: string, intent: Intent, { path, query }: Call): Json {
    const [, id] = path.split('/')
    const name = step.split('/').at(-1)!
    // By a name that nobody looked up.
    if (id !== undefined && Number.isNaN(Number(id))) return { data: this.#pretended(name, intent) }
    if (id !== undefined)
      return {
        data: { ...named(this.#placeholders(name, intent), this.#records.get(Number(id)) ?? {}), id: Number(id) },
      }
    const asked = Object.values(query ?? {}).flat()
    const below = [...this.#names.keys()].some(known => asked.some(value => value.includes(String(known))))
    if (intent.verb !== 'find' || (below && this.#deps.read !== null)) return { data: [] }
    return { data: [this.#pretended(name, intent)] }
  }

  #pretended = (name: string, intent: Intent): JsonObject => ({
    ...this.#placeholders(name, intent),
    id: this.pretend(name),
  })

  /** What a step asks for by name, so that what reads it does not come out empty: texts, and ids of what stands below. */
  #placeholders(name: string, intent: Intent): JsonObject {
    if ((intent.verb !== 'get' && intent.verb !== 'find') || intent.fields === undefined) return {}
    const read = resourceNamed(intent.resource)?.read ?? {}
    return Object.fromEntries(
      [...fieldsAsked(intent.fields)].flatMap(([key, inner]): [string, Json][] => {
        if (read[key] === 'text') return [[key, `‹${name}.${key}›`]]
        return isShape(read[key] ?? null)
          ? [[key, { id: this.pretend(`${name}.${key}`), ...words(name, key, inner) }]]
          : []
      }),
    )
  }
}

/** A record behind a change: what stands, and lists with what is added to them. */
const joined = (record: JsonObject, change: JsonObject): JsonObject => ({
  ...record,
  ...Object.fromEntries(
    Object.entries(change).map(([key, value]) => {
      const stands = record[key]
      return [key, Array.isArray(value) && Array.isArray(stands) ? [...stands, ...value] : value]
    }),
  ),
})

/** A pretended record, and in what it names the words that its body does not have. */
const named = (words: JsonObject, body: JsonObject): JsonObject => ({
  ...words,
  ...Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      const said = words[key] ?? null
      return [key, isObject(value) && isObject(said) ? { ...said, ...value } : value]
    }),
  ),
})

const words = (name: string, key: string, inner: readonly string[] | null): JsonObject =>
  inner?.includes('name') ? { name: `‹${name}.${key}.name›` } : {}

const tooManyReads = problem(
  422,
  'too-many-reads',
  'The preview needs too many reads',
  `More than ${readsMost} calls on Clio would be needed to look everything up. Preview without "names", or a smaller event.`,
)

const unread = problem(
  502,
  'unread',
  'Clio did not answer',
  'A look-up of the preview got no answer that can be read. Nothing was changed; ask again.',
  { headers: { 'retry-after': '5' } },
)
