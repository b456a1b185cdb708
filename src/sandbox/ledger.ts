import type { Json } from '../lib/json.ts'
import type { Action } from './trouble.ts'

/** Every call on the gateway, as the other side saw it. */

export interface Entry {
  readonly n: number
  /** ms since the epoch when it came, and when the caller got its answer, was cut off or gave up. */
  readonly at: number
  closedAt: number | null
  readonly method: string
  /** Below `/api/v4/`, without `.json`. */
  readonly path: string
  readonly query: string
  readonly body: Json
  readonly connection: string | null
  /** What the call came to; null while it has not been carried out. The caller may have seen something else. */
  status: number | null
  /** ms since the epoch when it was carried out; null: it was not. */
  appliedAt: number | null
  /** The fault that struck it. */
  trouble: Action['do'] | null
  /** Sent, but not in the contract: Clio drops keys and query parameters silently, fields it refuses. */
  unknownKeys: string[]
  unknownFields: string[]
  unknownQuery: string[]
}

export interface LedgerView {
  readonly entries: readonly Entry[]
  readonly inFlight: number
  /** Most calls that were ever in flight at once. */
  readonly peak: number
  /** Calls on storage that carried a token; it refused them, but whoever runs it has seen the token. */
  readonly leaks: number
  readonly unknown: { readonly keys: number; readonly fields: number; readonly query: number }
}

export class Ledger {
  readonly entries: Entry[] = []
  #inFlight = 0
  #peak = 0
  #leaks = 0

  open(call: Pick<Entry, 'at' | 'method' | 'path' | 'query' | 'body' | 'connection'>): Entry {
    const entry: Entry = {
      ...call,
      n: this.entries.length + 1,
      closedAt: null,
      status: null,
      appliedAt: null,
      trouble: null,
      unknownKeys: [],
      unknownFields: [],
      unknownQuery: [],
    }
    this.entries.push(entry)
    this.#inFlight += 1
    this.#peak = Math.max(this.#peak, this.#inFlight)
    return entry
  }

  close(entry: Entry, at: number): void {
    if (entry.closedAt !== null) return
    entry.closedAt = at
    this.#inFlight -= 1
  }

  leak(): void {
    this.#leaks += 1
  }

  get peak(): number {
    return this.#peak
  }

  get inFlight(): number {
    return this.#inFlight
  }

  view(): LedgerView {
    const count = (key: 'unknownKeys' | 'unknownFields' | 'unknownQuery') =>
      this.entries.reduce((sum, entry) => sum + entry[key].length, 0)
    return {
      entries: this.entries,
      inFlight: this.#inFlight,
      peak: this.#peak,
      leaks: this.#leaks,
      unknown: { keys: count('unknownKeys'), fields: count('unknownFields'), query: count('unknownQuery') },
    }
  }

  /** Forgets what is over; calls still under way stay counted. */
  clear(): void {
    this.entries.length = 0
    this.#leaks = 0
    this.#peak = this.#inFlight
  }
}
