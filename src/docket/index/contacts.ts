import { nextPage } from '../../clio/gateway/paging.ts'
import {
  type Address,
  addressesOf,
  changedEntry,
  type Entry,
  entryOf,
  hashed,
  indexFields,
  isPuzzling,
  isRedacted,
  nameIn,
  standIn,
} from '../../clio/people/index-entry.ts'
import { canonical, isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Call, Outcome } from '../../model/call.ts'
import { Park } from '../../model/intent.ts'
import type { Storage } from '../../platform/storage.ts'
import { Unread } from '../calls/trouble.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Vault } from './vault.ts'

/** Clio's clock and ours may differ by this much (ms). */
const clockSkew = 2 * 60_000
/** A sync older than this (ms) is no news, though it began after the event was accepted. */
const newsAge = 10 * 60_000
/** ms until Clio is asked again for a list that it would not give. */
const sulk = 60 * 60_000

/** How far the index is. Between two pages of a pass, and after a restart, it goes on from here. */
type State = {
  /** Under which key, of which connection, with which country's phone numbers it was made. */
  readonly key: string
  /** When the last whole pass began; null: there was none yet. */
  readonly syncedAt: number | null
  /** Something may have changed at this moment that nobody saw: only a pass that began later counts. */
  readonly staleAt: number
  readonly pass: Pass | null
}

/** All pages of what changed since a moment (of everything, when that is null). */
type Pass = { readonly since: number | null; readonly began: number | null; readonly query: JsonObject | null }

export interface ContactsDeps {
  readonly storage: Storage
  readonly ledger: Pick<Ledger, 'meta' | 'transaction'>
  readonly vault: Vault
  now(): number
  country(): string
  /**
   * One list call at the pace, and the moment at which it went. `urgent`: runs wait for it.
   * @throws Paused when no call may go just now
   */
  read(call: Call, urgent: boolean): Promise<{ outcome: Outcome; at: number }>
}

/**
 * The firm's index of its contacts, so that an upsert need not search Clio: hashes of their addresses, each contact's entry sealed, no
 * plain text. It is filled page by page, and kept fresh by what Clio says was changed since.
 */
export class ContactIndex {
  readonly #deps: ContactsDeps
  /** The page under way: everybody who needs one waits for the same. */
  #page: Promise<void> | null = null
  /** One change of the index after another: each reads what it changes. */
  #last: Promise<unknown> = Promise.resolve()
  /** Names, opened once; they never leave this object. */
  #names: Map<string, JsonObject> | null = null
  #key: { of: string; hash: string } | null = null
  #sulksUntil = 0

  constructor(deps: ContactsDeps) {
    this.#deps = deps
  }

  // ---- asking

  /**
   * Contacts that have one of the addresses in a body. null: Clio has to be searched, for the index is not filled.
   * @param since ms; what changed in Clio before this moment is known
   */
  async find(body: JsonObject, since: number): Promise<JsonObject[] | null> {
    if (!(await this.#fresh(since))) return null
    const addresses = addressesOf(body, this.#deps.country())
    const hashes = await this.#hashes(addresses)
    const asked = new Map(hashes.map((hash, at) => [hash, addresses[at]!.value]))
    const ids = new Set<string>()
    for (const hash of hashes) {
      for (const row of this.#rows('select contact from contact_keys where hash = ?', hash))
        ids.add(String(row.contact))
    }
    const found: JsonObject[] = []
    for (const id of ids) {
      const entry = await this.#entry(id)
      if (entry) found.push(standIn(id, entry, asked))
    }
    return found
  }

  /** Everybody's id, type and name; null as with `find`. */
  async named(since: number): Promise<readonly JsonObject[] | null> {
    if (!(await this.#fresh(since))) return null
    return this.#exclusive(async () => {
      if (!this.#names) {
        const rows = this.#rows('select id, sealed from contacts')
        const opened = await Promise.all(rows.map(async row => [row.id, await this.#opened(row)] as const))
        this.#names = new Map(opened.flatMap(([id, entry]) => (entry ? [[String(id), named(String(id), entry)]] : [])))
      }
      return [...this.#names.values()]
    })
  }

  // ---- what we did ourselves

  /** Clio carried out this POST or PATCH. Known at once: the next run that looks for the contact does not wait for a sync. */
  learned(id: string, call: Call): Promise<void> {
    return this.#exclusive(async () => {
      const body = call.body ?? {}
      if (call.method === 'PATCH' && isPuzzling(body)) return this.doubt()
      const before = call.method === 'PATCH' ? await this.#entry(id) : null
      // Of a contact that is not here, what was changed is not enough.
      if (call.method === 'PATCH' && !before) return
      const addresses = addressesOf(body, this.#deps.country())
      const change = entryOf(body, addresses, await this.#hashes(addresses))
      const row = await this.#row(id, before ? changedEntry(before, change) : change, this.#deps.now())
      this.#deps.ledger.transaction(() => this.#put(row))
    })
  }

  forget(id: string): Promise<void> {
    return this.#exclusive(async () => {
      this.#names?.delete(id)
      this.#deps.ledger.transaction(() => this.#remove(id))
    })
  }

  /** Something may have changed that nobody told us: the next look waits for a sync that begins from now on. */
  doubt(): void {
    const state = this.#deps.ledger.meta.get<State>(stateKey)
    if (state) this.#save({ ...state, staleAt: this.#deps.now() + 1 })
  }

  // ---- pages

  /** When the next page of the first pass may be asked for; null: it was made. */
  get unfilledFrom(): number | null {
    return (this.#deps.ledger.meta.get<State>(stateKey)?.syncedAt ?? null) === null ? this.#sulksUntil : null
  }

  /** One page, of the pass under way or of a new one. Whoever asks meanwhile gets the same. */
  turn(urgent: boolean): Promise<void> {
    this.#page ??= this.#turnOver(urgent).finally(() => {
      this.#page = null
    })
    return this.#page
  }

  /** False: Clio has to be asked. */
  async #fresh(accepted: number): Promise<boolean> {
    const { now } = this.#deps
    for (;;) {
      const { syncedAt, staleAt } = await this.#state()
      if (syncedAt === null || now() < this.#sulksUntil) return false
      if (syncedAt >= Math.max(accepted, staleAt, now() - newsAge)) return true
      await this.turn(true)
    }
  }

  async #turnOver(urgent: boolean): Promise<void> {
    const state = await this.#state()
    const since = state.syncedAt === null ? null : state.syncedAt - clockSkew
    const pass = state.pass ?? { since, began: null, query: null }
    const call: Call = {
      method: 'GET',
      path: 'contacts',
      query: (pass.query as Call['query']) ?? firstQuery(pass.since),
    }
    const { outcome, at } = await this.#deps.read(call, urgent)
    const page = this.#pageIn(call, outcome, pass)
    if (!page) return
    await this.#exclusive(async () => {
      const rows = await Promise.all(page.records.map(contact => this.#rowOf(contact, at)))
      this.#deps.ledger.transaction(() => {
        for (const row of rows) if (row) this.#put(row)
        // Read anew: somebody may have had doubts meanwhile.
        const now = this.#deps.ledger.meta.get<State>(stateKey)
        if (now?.key !== state.key) return
        const began = pass.began ?? at
        this.#save(
          page.next ? { ...now, pass: { ...pass, began, query: page.next } } : { ...now, syncedAt: began, pass: null },
        )
      })
    })
  }

  /** null: Clio would not go on with the pass (its pages have an end of life), which is begun anew, or would not begin it. */
  #pageIn(call: Call, outcome: Outcome, pass: Pass): { records: JsonObject[]; next: JsonObject | null } | null {
    const { ledger, now } = this.#deps
    if (outcome.kind === 'refused' && (outcome.why === 'invalid' || outcome.why === 'missing')) {
      const state = ledger.meta.get<State>(stateKey)
      if (state) this.#save({ ...state, pass: null })
      if (pass.query === null) this.#sulksUntil = now() + sulk
      return null
    }
    if (outcome.kind !== 'applied') throw new Unread(outcome)
    try {
      const answer = isObject(outcome.answer) ? outcome.answer : {}
      if (!Array.isArray(answer.data)) throw new Park('Clio answered with something else than a list of contacts.')
      const next = nextPage(call, answer)?.query as JsonObject | undefined
      if (next && canonical(next) === canonical(call.query as JsonObject))
        throw new Park('A page leads back to itself.')
      return { records: answer.data.filter(isObject), next: next ?? null }
    } catch (error) {
      if (!(error instanceof Park)) throw error
      this.#sulksUntil = now() + sulk
      return null
    }
  }

  // ---- what is kept

  async #state(): Promise<State> {
    const key = await this.#currentKey()
    const state = this.#deps.ledger.meta.get<State>(stateKey)
    if (state?.key === key) return state
    const fresh: State = { key, syncedAt: null, staleAt: 0, pass: null }
    // Sealed with another key, or of another account: nothing of it can be used.
    this.#deps.ledger.transaction(() => {
      this.#rows('delete from contacts')
      this.#rows('delete from contact_keys')
      this.#save(fresh)
    })
    this.#names = null
    return fresh
  }

  async #currentKey(): Promise<string> {
    const { ledger, vault, country } = this.#deps
    const of = `${ledger.meta.get<string>('connection') ?? ''} ${country()}`
    if (this.#key?.of !== of) this.#key = { of, hash: await vault.hash(`index:${of}`) }
    return this.#key.hash
  }

  #save(state: State): void {
    this.#deps.ledger.meta.set(stateKey, state)
  }

  async #rowOf(contact: JsonObject, at: number): Promise<SealedRow | null> {
    const id = String(contact.id)
    const known = this.#rows('select 1 from contact_keys where contact = ? limit 1', id).length > 0
    if (isRedacted(contact, known) && this.#rows('select 1 from contacts where id = ?', id).length > 0) return null
    const addresses = addressesOf(contact, this.#deps.country())
    return this.#row(id, entryOf(contact, addresses, await this.#hashes(addresses)), at)
  }

  async #row(id: string, entry: Entry, at: number): Promise<SealedRow> {
    return { id, entry, sealed: await this.#deps.vault.seal(id, JSON.stringify(entry)), at }
  }

  /** What was read before something newer was written says nothing. */
  #put({ id, entry, sealed, at }: SealedRow): void {
    const written = this.#rows(
      `insert into contacts (id, sealed, seen_at) values (?, ?, ?)
        on conflict (id) do update set sealed = excluded.sealed, seen_at = excluded.seen_at where seen_at <= excluded.seen_at returning id`,
      id,
      sealed,
      at,
    )
    if (written.length === 0) return
    this.#names?.set(id, named(id, entry))
    this.#rows('delete from contact_keys where contact = ?', id)
    for (const hash of [...entry.emails, ...entry.phones])
      this.#rows('insert or ignore into contact_keys (hash, contact) values (?, ?)', hash, id)
  }

  #remove(id: string): void {
    this.#rows('delete from contacts where id = ?', id)
    this.#rows('delete from contact_keys where contact = ?', id)
  }

  async #entry(id: string): Promise<Entry | null> {
    const row = this.#rows('select id, sealed from contacts where id = ?', id)[0]
    return row ? this.#opened(row) : null
  }

  async #opened(row: Record<string, unknown>): Promise<Entry | null> {
    const text = await this.#deps.vault.open(String(row.id), String(row.sealed))
    return text === null ? null : (JSON.parse(text) as Entry)
  }

  #hashes(addresses: readonly Address[]): Promise<string[]> {
    return Promise.all(addresses.map(address => this.#deps.vault.hash(hashed(address))))
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Record<string, unknown>[] {
    return this.#deps.storage.sql.exec(query, ...bindings).toArray()
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}

const stateKey = 'contacts'

interface SealedRow {
  readonly id: string
  readonly entry: Entry
  readonly sealed: string
  readonly at: number
}

function named(id: string, entry: Entry): JsonObject {
  return { id: Number(id), type: entry.type, name: nameIn(entry), indexed: true }
}

function firstQuery(since: number | null): Record<string, string> {
  const changed: Record<string, string> = since === null ? {} : { updated_since: new Date(since).toISOString() }
  return { ...changed, order: 'id(asc)', limit: '200', fields: indexFields } satisfies Record<string, Json>
}
