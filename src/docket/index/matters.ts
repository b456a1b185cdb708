import { nextPage } from '../../clio/gateway/paging.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { wordsOf } from '../../lib/words.ts'
import type { Call, Outcome } from '../../model/call.ts'
import { Park } from '../../model/intent.ts'
import { type Matter, matterFields, matterIn } from '../../model/matter.ts'
import type { Storage } from '../../platform/storage.ts'
import { Unread } from '../calls/trouble.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Filled } from './fill.ts'
import type { Vault } from './vault.ts'

/** A list older than this (ms) is read on when somebody uses it. */
const staleAfter = 10 * 60_000
/** And read as a whole, so that what was deleted in Clio is forgotten. */
const wholeAfter = 24 * 60 * 60_000
/** Clio's clock and ours may differ by this much (ms). */
const clockSkew = 2 * 60_000

export interface MattersDeps {
  readonly storage: Storage
  readonly ledger: Pick<Ledger, 'meta' | 'transaction'>
  readonly vault: Vault
  now(): number
  /** One list call at the pace, and the moment at which it went. */
  read(call: Call, urgent: boolean): Promise<{ outcome: Outcome; at: number }>
}

type State = {
  /** Under which key, of which connection it was made. */
  readonly key: string
  /** Since when changes have to be asked for; null: there was no whole pass yet. */
  readonly syncedAt: number | null
  readonly wholeAt: number
  readonly pass: {
    readonly since: number | null
    readonly began: number | null
    readonly query: JsonObject | null
  } | null
}

/**
 * The firm's matters by number, client and description, each sealed, so that who types in Slack finds one within Slack's three
 * seconds and without a call on Clio. Read page by page at the pace, and then what changed since, when it is used.
 */
export class MatterIndex implements Filled {
  readonly #deps: MattersDeps
  #page: Promise<void> | null = null
  #opened: Map<number, Matter> | null = null
  #asked = false

  constructor(deps: MattersDeps) {
    this.#deps = deps
  }

  /** Matters in whose number, client or description all words of a text begin a word; open ones first. */
  async search(text: string, most: number): Promise<Matter[]> {
    const matters = await this.#all()
    const typed = wordsOf(text)
    const fits = ({ number, client, description }: Matter) => {
      const words = wordsOf(`${number} ${client} ${description}`)
      return typed.every(word => words.some(one => one.startsWith(word) || one.replace(/^0+/, '').startsWith(word)))
    }
    return matters
      .filter(fits)
      .sort((a, b) => Number(a.status === 'Closed') - Number(b.status === 'Closed') || b.number.localeCompare(a.number))
      .slice(0, most)
  }

  /** True when the list is old (or was never read): it was used, so it is read on as soon as there is room. */
  ask(): boolean {
    const { syncedAt } = this.#kept ?? { syncedAt: null }
    this.#asked ||= syncedAt === null || syncedAt < this.#deps.now() - staleAfter
    return this.#asked
  }

  /** @inheritdoc */
  get unfilledFrom(): number | null {
    const state = this.#kept
    return this.#asked || (state?.syncedAt ?? null) === null || state?.pass ? 0 : null
  }

  turn(urgent: boolean): Promise<void> {
    this.#page ??= this.#turnOver(urgent).finally(() => {
      this.#page = null
    })
    return this.#page
  }

  async #turnOver(urgent: boolean): Promise<void> {
    const { ledger, now, vault } = this.#deps
    const state = await this.#state()
    const whole = state.syncedAt === null || state.wholeAt < now() - wholeAfter
    const pass = state.pass ?? { since: whole ? null : state.syncedAt! - clockSkew, began: null, query: null }
    const query = (pass.query ?? firstQuery(pass.since)) as Record<string, string>
    const call: Call = { method: 'GET', path: 'matters', query }
    const { outcome, at } = await this.#deps.read(call, urgent)
    if (outcome.kind !== 'applied') {
      // Pages have an end of life: the pass is begun anew.
      if (pass.query !== null) ledger.meta.set(stateKey, { ...state, pass: null })
      throw new Unread(outcome)
    }
    const answer = isObject(outcome.answer) ? outcome.answer : {}
    if (!Array.isArray(answer.data)) throw new Park('Clio answered with something else than a list of matters.')
    const matters = answer.data.flatMap((one: Json) => (isObject(one) ? (matterIn(one) ?? []) : []))
    const rows = await Promise.all(
      matters.map(async matter => ({ matter, sealed: await vault.seal(place(matter.id), JSON.stringify(matter)) })),
    )
    const next = nextPage(call, answer)?.query ?? null
    const began = pass.began ?? at
    ledger.transaction(() => {
      for (const { matter, sealed } of rows) this.#put(matter, sealed, at)
      if (next !== null) {
        ledger.meta.set(stateKey, { ...state, pass: { ...pass, began, query: next as JsonObject } })
        return
      }
      if (pass.since === null) this.#removeBefore(began)
      const wholeAt = pass.since === null ? began : state.wholeAt
      ledger.meta.set(stateKey, { ...state, syncedAt: began, wholeAt, pass: null })
      this.#asked = false
    })
  }

  get #kept(): State | null {
    return this.#deps.ledger.meta.get<State>(stateKey)
  }

  async #state(): Promise<State> {
    const { ledger, vault } = this.#deps
    const key = await vault.hash(`matters:${ledger.meta.get<string>('connection') ?? ''}`)
    const state = this.#kept
    if (state?.key === key) return state
    const fresh: State = { key, syncedAt: null, wholeAt: 0, pass: null }
    // Sealed with another key, or of another account: nothing of it can be used.
    ledger.transaction(() => {
      this.#rows('delete from matters')
      ledger.meta.set(stateKey, fresh)
    })
    this.#opened = null
    return fresh
  }

  #put(matter: Matter, sealed: string, at: number): void {
    this.#rows('insert or replace into matters values (?, ?, ?)', matter.id, sealed, at)
    this.#opened?.set(matter.id, matter)
  }

  #removeBefore(began: number): void {
    for (const row of this.#rows('delete from matters where seen_at < ? returning id', began))
      this.#opened?.delete(Number(row.id))
  }

  async #all(): Promise<Matter[]> {
    await this.#state()
    if (!this.#opened) {
      const opened = new Map<number, Matter>()
      const rows = this.#rows('select id, sealed from matters')
      const texts = await Promise.all(rows.map(row => this.#deps.vault.open(place(Number(row.id)), String(row.sealed))))
      for (const text of texts) {
        const matter = text === null ? null : (JSON.parse(text) as Matter)
        if (matter) opened.set(matter.id, matter)
      }
      this.#opened ??= opened
    }
    return [...this.#opened.values()]
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Record<string, unknown>[] {
    return this.#deps.storage.sql.exec(query, ...bindings).toArray()
  }
}

const stateKey = 'matters'
const place = (id: number) => `matter ${id}`

function firstQuery(since: number | null): Record<string, string> {
  const changed: Record<string, string> = since === null ? {} : { updated_since: new Date(since).toISOString() }
  return { ...changed, order: 'id(asc)', limit: '200', fields: matterFields }
}
