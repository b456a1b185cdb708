import { nextPage } from '../../clio/gateway/paging.ts'
import { canonical, isObject, type JsonObject } from '../../lib/json.ts'
import type { Call, Outcome } from '../../model/call.ts'
import { Park } from '../../model/intent.ts'
import type { Own } from '../calls/passage.ts'
import { Unread } from '../calls/trouble.ts'
import type { KeptRows } from '../ledger/firm/kept-lists.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Filled } from './fill.ts'

/** Clio's clock and ours may differ by this much (ms). */
const clockSkew = 2 * 60_000
/** News older than this (ms) are none, though they were read after the event was accepted. */
const newsAge = 10 * 60_000
/** The list is read as a whole again after so long (ms), when it is used: of what was deleted in Clio no news tell. */
const wholeAge = 24 * 60 * 60_000
/** ms until Clio is asked again for a list that it would not give. */
const sulk = 60 * 60_000
/** A record that was written less than this (ms) before a page was read may be missing there for Clio's own delay. */
const listed = 60 * 60_000

/** Every record there is, or those that changed since the last time. */
type Kind = 'whole' | 'news'

/** How far the list is. Between two pages of a pass, and after a restart, it goes on from here. */
type State = {
  /** What all of it was made under: the key, and what the list says of itself. */
  readonly key: string
  /** Every change in Clio before this moment is known; null: there was no whole pass yet. */
  readonly syncedAt: number | null
  /** Something may have changed at this moment that nobody saw: only a pass that began later counts. */
  readonly staleAt: number
  /** When the newest whole pass of those that came to their end began. */
  readonly wholeAt: number
  readonly whole: Pass | null
  readonly news: Pass | null
}

/** `query` leads to its next page, `after` is the id at which the last one ended; null: its pages are not in the order of ids. */
type Pass = {
  readonly since: number | null
  readonly began: number | null
  readonly query: JsonObject | null
  readonly after: number | null
}

/** A list of Clio's records that is kept here, as its sync sees it. Ids are Clio's. */
export interface Kept {
  /** Its path in Clio, and its name among the ledger's values. */
  readonly path: string
  /** What is read of each record: Clio's `fields`. */
  readonly fields: string
  /** What it is good for besides the key: of another firm's Clio, or made by another way of keeping it, nothing can be used. */
  edition(): string
  readonly rows: Pick<KeptRows, 'ids' | 'clear'>
  /** Works out what is to be written of a record that was read at a moment; the answer writes it. */
  take(record: JsonObject, at: number): Promise<() => void>
  /** The same of one that is gone. */
  drop(id: number): Promise<() => void>
}

export interface SyncDeps {
  readonly ledger: Pick<Ledger, 'transaction'> & { readonly meta: Pick<Ledger['meta'], 'get' | 'set'> }
  /** The firm's keyed hash: another firm's, of the same text, is another. */
  hash(text: string): string
  now(): number
  /**
   * One list call at the pace.
   * @throws Paused when no call may go just now
   */
  call(call: Call, own: Own): Promise<Outcome>
}

/** Keeps a list as Clio has it: read once as a whole, page by page, then what changed since, and as a whole again once a day. */
export class Sync implements Filled {
  readonly #deps: SyncDeps
  readonly #kept: Kept
  /** The page under way: everybody who needs one waits for the same. */
  #page: Promise<void> | null = null
  /** One change of the list after another: each reads what it changes. */
  #last: Promise<unknown> = Promise.resolve()
  #key: { of: string; hash: string } | null = null
  /** What is to be read in the background, since somebody used the list. */
  readonly #wanted = new Set<Kind>()
  #sulksUntil = 0

  constructor(deps: SyncDeps, kept: Kept) {
    this.#deps = deps
    this.#kept = kept
  }

  // ---- for those who ask the list

  /**
   * Sees to it that what changed in Clio before a moment is known here. False: Clio has to be asked, for the list is not there.
   * @param since ms
   */
  async fresh(since: number): Promise<boolean> {
    const { now } = this.#deps
    for (;;) {
      const { syncedAt, staleAt } = await this.opened()
      if (syncedAt === null || now() < this.#sulksUntil) return false
      this.#want('whole')
      if (syncedAt >= Math.max(since, staleAt, now() - newsAge)) return true
      await this.turn(true)
    }
  }

  /** The list is used as it is. True: there is something to read in Clio, in the background. */
  used(): boolean {
    this.#want('whole')
    this.#want('news')
    return this.unfilledFrom !== null
  }

  /** Something may have changed that nobody told us: the next look waits for a pass that begins from now on. */
  doubt(): void {
    const state = this.#state
    if (state) this.#save({ ...state, staleAt: this.#deps.now() + 1 })
  }

  /** Changes the list, after all that is under way. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }

  /** How far the list is. What was made under another key, or of another account, is forgotten first: nothing of it can be used. */
  async opened(): Promise<State> {
    const of = `${this.#kept.path}:${this.#kept.edition()}`
    if (this.#key?.of !== of) this.#key = { of, hash: this.#deps.hash(of) }
    const key = this.#key.hash
    const state = this.#state
    if (state?.key === key) return state
    const fresh: State = { key, syncedAt: null, staleAt: 0, wholeAt: 0, whole: null, news: null }
    this.#deps.ledger.transaction(() => {
      this.#kept.rows.clear()
      this.#save(fresh)
    })
    return fresh
  }

  // ---- pages

  /** @inheritdoc */
  get unfilledFrom(): number | null {
    const state = this.#state
    const filled = state !== null && state.syncedAt !== null && state.whole === null && this.#wanted.size === 0
    return filled ? null : this.#sulksUntil
  }

  /** One page, of the pass under way or of a new one. `urgent`: runs wait for what it tells. */
  turn(urgent: boolean): Promise<void> {
    this.#page ??= this.#turnOver(urgent).finally(() => {
      this.#page = null
    })
    return this.#page
  }

  async #turnOver(urgent: boolean): Promise<void> {
    const state = await this.opened()
    const kind = this.#next(state, urgent)
    const pass = state[kind] ?? begun(kind, state)
    const query = (pass.query as Call['query']) ?? firstQuery(pass.since, this.#kept.fields)
    const call: Call = { method: 'GET', path: this.#kept.path, query }
    let at = 0
    const went = () => {
      at = this.#deps.now()
    }
    // Many runs may wait for the one: it goes before those of the backlog that have calls of their own.
    const outcome = await this.#deps.call(call, { interactive: urgent, turn: 0, went })
    const page = this.#pageIn(call, outcome, kind)
    if (page) await this.exclusive(() => this.#take(page, at, kind, pass, state.key))
  }

  #next(state: State, urgent: boolean): Kind {
    if (state.syncedAt === null) return 'whole'
    return !urgent && (state.whole !== null || this.#wanted.has('whole')) ? 'whole' : 'news'
  }

  /** null: Clio would not go on with the pass (its pages have an end of life), which is begun anew, or would not begin it. */
  #pageIn(call: Call, outcome: Outcome, kind: Kind): Page | null {
    if (outcome.kind === 'refused' && (outcome.why === 'invalid' || outcome.why === 'missing')) {
      const state = this.#state
      if (state?.[kind]) this.#save({ ...state, [kind]: null })
      else this.#sulk()
      return null
    }
    if (outcome.kind !== 'applied') throw new Unread(outcome)
    try {
      return pageIn(call, outcome)
    } catch (error) {
      if (!(error instanceof Park)) throw error
      this.#sulk()
      return null
    }
  }

  async #take({ records, next }: Page, at: number, kind: Kind, pass: Pass, key: string): Promise<void> {
    const after = ends(records, pass.after)
    const gone = kind === 'news' || after === null ? [] : this.#gone(records, pass.after!, next ? after : null, at)
    const writes = await Promise.all([
      ...records.map(record => this.#kept.take(record, at)),
      ...gone.map(id => this.#kept.drop(id)),
    ])
    this.#deps.ledger.transaction(() => {
      // Read anew: somebody may have had doubts meanwhile, or the key may be another.
      const state = this.#state
      if (state?.key !== key) return
      for (const write of writes) write()
      const began = pass.began ?? at
      if (next) return this.#save({ ...state, [kind]: { ...pass, began, after, query: next } })
      const syncedAt = Math.max(state.syncedAt ?? 0, began)
      this.#save({ ...state, syncedAt, wholeAt: kind === 'whole' ? began : state.wholeAt, [kind]: null })
      this.#wanted.delete(kind)
    })
  }

  /** Ids that should stand on a page of all there is, and do not. */
  #gone(records: readonly JsonObject[], after: number, upTo: number | null, at: number): number[] {
    const there = new Set(records.map(({ id }) => Number(id)))
    return this.#kept.rows.ids(after, upTo ?? Number.MAX_SAFE_INTEGER, at - listed).filter(id => !there.has(id))
  }

  #want(kind: Kind): void {
    const state = this.#state
    if (state === null || state.syncedAt === null) return
    const [at, age] = kind === 'whole' ? [state.wholeAt, wholeAge] : [state.syncedAt, newsAge]
    if (at < this.#deps.now() - age) this.#wanted.add(kind)
  }

  #sulk(): void {
    this.#sulksUntil = this.#deps.now() + sulk
  }

  get #state(): State | null {
    return this.#deps.ledger.meta.get<State>(this.#kept.path)
  }

  #save(state: State): void {
    this.#deps.ledger.meta.set(this.#kept.path, state)
  }
}

type Page = { readonly records: readonly JsonObject[]; readonly next: JsonObject | null }

/** @throws Park when the answer is no page, or leads nowhere */
function pageIn(call: Call, outcome: Extract<Outcome, { kind: 'applied' }>): Page {
  const answer = isObject(outcome.answer) ? outcome.answer : {}
  if (!Array.isArray(answer.data))
    throw new Park(`Clio answered with something else than a list of ${call.path}.`, 'unread')
  const next = nextPage(call, answer)?.query as JsonObject | undefined
  if (next && canonical(next) === canonical(call.query as JsonObject))
    throw new Park('A page leads back to itself.', 'unread')
  return { records: answer.data.filter(isObject), next: next ?? null }
}

/** The last id of a page that goes on behind an id in the order of ids; null: it does not. */
function ends(records: readonly JsonObject[], after: number | null): number | null {
  return records.reduce<number | null>(
    (last, { id }) => (last !== null && Number(id) > last ? Number(id) : null),
    after,
  )
}

function begun(kind: Kind, { syncedAt }: State): Pass {
  const since = kind === 'whole' || syncedAt === null ? null : syncedAt - clockSkew
  return { since, began: null, query: null, after: 0 }
}

function firstQuery(since: number | null, fields: string): Record<string, string> {
  const changed: Record<string, string> = since === null ? {} : { updated_since: new Date(since).toISOString() }
  return { ...changed, order: 'id(asc)', limit: '200', fields }
}
