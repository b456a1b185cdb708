import type { JsonObject } from '../../lib/json.ts'
import { wordsOf } from '../../lib/text/words.ts'
import { type Matter, matterFields, matterIn } from '../../model/matter.ts'
import { shortHash } from '../../platform/sealing.ts'
import type { KeptRows } from '../ledger/firm/kept-lists.ts'
import type { IndexDeps } from './contacts.ts'
import { SealedList } from './sealed-list.ts'
import { type Kept, Sync } from './sync.ts'

/** Slack's most in one answer to a search. @source https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
const shownMost = 100
/** Matters that one search opens: what is typed so far may mean every one there is, and Slack waits three seconds. */
const openedMost = 5000
/** Letters of a word by which matters are found. */
const telling = 3
/** Who changes what matters are found by counts this up: firms' indexes are made anew. */
const edition = 1

/** Matters that a text could mean, as far as they are known here. `stale`: there is something to read in Clio. */
export interface Matters {
  find(text: string): Promise<{ matters: readonly Matter[]; stale: boolean }>
}

/** Of a firm that keeps none. */
export const noMatters: Matters = { find: async () => ({ matters: [], stale: false }) }

/**
 * The firm's matters by number, client and description, each sealed, so that who types in Slack finds one within Slack's three
 * seconds and without a call on Clio. Kept by firms that work from Slack, and read on when it is used.
 */
export class MatterIndex implements Matters, Kept {
  readonly #deps: IndexDeps
  readonly #list: SealedList<Matter>
  readonly rows: KeptRows
  readonly sync: Sync

  constructor(deps: IndexDeps) {
    this.#deps = deps
    this.rows = deps.ledger.matters
    this.#list = new SealedList({
      rows: this.rows,
      keys: matter => this.#hashes(wordsIn(matter).flatMap(beginning)),
    })
    this.sync = new Sync(deps, this)
  }

  get wanted(): boolean {
    const endpoints = Object.values(this.#deps.newest()?.endpoints ?? {})
    return endpoints.some(endpoint => endpoint.source === 'slack')
  }

  /** Matters in whose number, client or description all words of a text begin a word; open ones first. */
  async find(text: string): Promise<{ matters: readonly Matter[]; stale: boolean }> {
    if (!this.wanted) return { matters: [], stale: false }
    await this.sync.opened()
    const typed = wordsOf(text)
    const keys = this.#hashes(typed.flatMap(beginning))
    const found: Matter[] = []
    let [opened, open] = [0, 0]
    for await (const [, matter] of keys.length > 0
      ? this.#list.under(keys, keys.length)
      : this.#list.newest(openedMost)) {
      if (fits(matter, typed)) {
        found.push(matter)
        if (matter.status !== 'Closed') open++
      }
      if (++opened >= openedMost || open >= shownMost) break
    }
    const matters = found
      .sort((a, b) => Number(a.status === 'Closed') - Number(b.status === 'Closed') || b.number.localeCompare(a.number))
      .slice(0, shownMost)
    return { matters, stale: this.sync.used() }
  }

  // ---- what is kept

  readonly path = 'matters'
  readonly fields = matterFields

  /** @inheritdoc */
  edition(): string {
    return `${this.#deps.ledger.accounts.clio} ${edition}`
  }

  /** @inheritdoc */
  async take(record: JsonObject, at: number): Promise<() => void> {
    const matter = matterIn(record)
    return matter ? this.#list.set(matter.id, matter, at) : () => {}
  }

  /** @inheritdoc */
  drop(id: number): Promise<() => void> {
    return this.#list.remove(id)
  }

  #hashes(keys: readonly string[]): number[] {
    return [...new Set(keys)].map(key => shortHash(this.#deps.hash(`matters:${key}`)))
  }
}

const wordsIn = ({ number, client, description }: Matter) =>
  wordsOf(`${number} ${client} ${description}`).flatMap(word => [word, word.replace(/^0+/, '')])

function fits(matter: Matter, typed: readonly string[]): boolean {
  const words = wordsIn(matter)
  return typed.every(word => words.some(one => one.startsWith(word)))
}

/** What a word is found by; nothing when it is too short to tell. */
const beginning = (word: string) => (word.length < telling ? [] : [word.slice(0, telling)])
