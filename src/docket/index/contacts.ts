import {
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
import { keysOfName, nameKeysEdition } from '../../clio/people/name-keys.ts'
import type { Configuration } from '../../configuration/configuration.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import { type Contacts, noContacts } from '../../model/intent.ts'
import { shortHash } from '../../platform/sealing.ts'
import type { KeptRows } from '../ledger/firm/kept-lists.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { SealedList } from './sealed-list.ts'
import { type Kept, Sync, type SyncDeps } from './sync.ts'

export interface IndexDeps extends SyncDeps {
  readonly ledger: SyncDeps['ledger'] & Pick<Ledger, 'accounts' | 'contacts' | 'matters'>
  newest(): Configuration | null
}

/**
 * The firm's index of its contacts, so that an upsert need not search Clio: each contact's entry sealed, found by hashes of its
 * addresses and of the words of its name, no plain text.
 */
export class ContactIndex implements Kept {
  readonly #deps: IndexDeps
  readonly #list: SealedList<Entry>
  readonly rows: KeptRows
  readonly sync: Sync

  constructor(deps: IndexDeps) {
    this.#deps = deps
    this.rows = deps.ledger.contacts
    this.#list = new SealedList({ rows: this.rows, keys: entry => this.#keysOf(entry) })
    this.sync = new Sync(deps, this)
  }

  // ---- asking

  /** Does any step of the firm's look among its contacts? */
  get wanted(): boolean {
    const configuration = this.#deps.newest()
    return configuration !== null && asksForContacts(configuration)
  }

  /** The index as a run may use it. Fresh for a run is what was read after its event came in, or after a person resumed it. */
  of(run: Pick<StoredRun, 'acceptedAt' | 'resumedAt'>): Contacts {
    if (!this.wanted) return noContacts
    const since = Math.max(run.acceptedAt, run.resumedAt)
    return {
      find: async body => ((await this.sync.fresh(since)) ? this.#find(body) : null),
      named: async (keys, fits, most) => ((await this.sync.fresh(since)) ? this.#named(keys, fits, most) : null),
      learned: (id, call) => this.#learned(Number(id), call),
      forget: id => this.#forget(Number(id)),
    }
  }

  /** Contacts that have one of the addresses in a body. */
  async #find(body: JsonObject): Promise<JsonObject[]> {
    const addresses = addressesOf(body, this.#country)
    const hashes = this.#hashes(addresses.map(hashed))
    const asked = new Map(hashes.map((hash, at) => [hash, addresses[at]!.value]))
    const found: JsonObject[] = []
    for await (const [id, entry] of this.#list.under(hashes.map(shortHash)))
      if ([...entry.emails, ...entry.phones].some(hash => asked.has(hash)))
        found.push(standIn(String(id), entry, asked))
    return found.sort((a, b) => Number(a.id) - Number(b.id))
  }

  async #named(
    keys: readonly string[],
    fits: (contact: JsonObject) => boolean,
    most = Number.POSITIVE_INFINITY,
  ): Promise<JsonObject[]> {
    const hashes = this.#hashes(keys)
    const found: JsonObject[] = []
    for await (const [id, entry] of this.#list.under(hashes.map(shortHash))) {
      const contact = { id, type: entry.type, name: nameIn(entry), indexed: true }
      if (fits(contact)) found.push(contact)
      if (found.length >= most) break
    }
    return found
  }

  // ---- what we did ourselves

  /** Clio carried out this POST or PATCH. Known at once: the next run that looks for the contact does not wait for a sync. */
  #learned(id: number, call: Call): Promise<void> {
    return this.#change(async () => {
      const body = call.body ?? {}
      if (call.method === 'PATCH' && isPuzzling(body)) return this.sync.doubt()
      const before = call.method === 'PATCH' ? await this.#list.get(id) : null
      // Of a contact that is not here, what was changed is not enough.
      if (call.method === 'PATCH' && !before) return
      const change = this.#entryOf(body)
      const write = await this.#list.set(id, before ? changedEntry(before, change) : change, this.#deps.now())
      this.#deps.ledger.transaction(write)
    })
  }

  #forget(id: number): Promise<void> {
    return this.#change(async () => this.#deps.ledger.transaction(await this.drop(id)))
  }

  #change(work: () => Promise<void>): Promise<void> {
    return this.sync.exclusive(async () => {
      await this.sync.opened()
      await work()
    })
  }

  // ---- what is kept

  readonly path = 'contacts'
  readonly fields = indexFields

  /** @inheritdoc */
  edition(): string {
    return `${this.#deps.ledger.accounts.clio} ${this.#country} ${nameKeysEdition}`
  }

  /** @inheritdoc */
  drop(id: number): Promise<() => void> {
    return this.#list.remove(id)
  }

  /** @inheritdoc */
  async take(contact: JsonObject, at: number): Promise<() => void> {
    const id = Number(contact.id)
    const before = await this.#list.get(id)
    if (before && isRedacted(contact, before.emails.length + before.phones.length > 0)) return () => {}
    return this.#list.set(id, this.#entryOf(contact), at)
  }

  #entryOf(contact: JsonObject): Entry {
    const addresses = addressesOf(contact, this.#country)
    return entryOf(contact, addresses, this.#hashes(addresses.map(hashed)))
  }

  #keysOf(entry: Entry): number[] {
    const names = this.#hashes(keysOfName(nameIn(entry)))
    return [...entry.emails, ...entry.phones, ...names].map(shortHash)
  }

  #hashes(texts: readonly string[]): string[] {
    return texts.map(text => this.#deps.hash(text))
  }

  get #country(): string {
    return this.#deps.newest()?.country ?? ''
  }
}

function asksForContacts({ rules }: Configuration): boolean {
  const steps = rules.flatMap(rule => Object.values(rule.steps))
  return steps.some(step => step.upsert === 'contacts' || step.check_conflicts !== undefined)
}
