import type { KeptRecord, KeptRows } from '../ledger/firm/kept-lists.ts'

/** Records opened at once: so many stand in memory while candidates are gone through, however many there are. */
const batch = 200

export interface SealedListDeps<T> {
  readonly rows: KeptRows
  /** What a record is looked for by: short hashes. */
  keys(entry: T): number[]
}

interface Asked {
  readonly ids: number[]
  readonly rows: Promise<ReadonlyMap<number, KeptRecord>>
}

/** Entries of records, each sealed, and found by keyed hashes of what they say: only candidates are ever opened. */
export class SealedList<T> {
  readonly #deps: SealedListDeps<T>
  #asked: Asked | null = null

  constructor(deps: SealedListDeps<T>) {
    this.#deps = deps
  }

  async get(id: number): Promise<T | null> {
    const row = await this.#row(id)
    return row ? opened<T>(row) : null
  }

  /** Rows that are asked for in the same turn, as all of a page are, are read by one statement. */
  #row(id: number): Promise<KeptRecord | undefined> {
    this.#asked ??= this.#asking()
    this.#asked.ids.push(id)
    return this.#asked.rows.then(rows => rows.get(id))
  }

  #asking(): Asked {
    const ids: number[] = []
    const rows = Promise.resolve().then(() => {
      this.#asked = null
      return new Map(this.#deps.rows.get(ids).map(row => [row.id, row]))
    })
    return { ids, rows }
  }

  /** Candidates under at least so many of the keys, the likeliest first; whether they are what is looked for, their entries tell. */
  under(keys: readonly number[], atLeast = 1): AsyncGenerator<readonly [id: number, entry: T]> {
    return this.#each(this.#deps.rows.under([...new Set(keys)], atLeast))
  }

  /** The newest records. */
  newest(most: number): AsyncGenerator<readonly [id: number, entry: T]> {
    return this.#each(this.#deps.rows.newest(most))
  }

  /** The answer writes an entry. What was known before something newer was written says nothing. */
  async set(id: number, entry: T, at: number): Promise<() => void> {
    const { rows, keys } = this.#deps
    const row = await this.#row(id)
    if (row && row.seenAt > at) return () => {}
    const before = row ? opened<T>(row) : null
    const text = JSON.stringify(entry)
    if (before !== null && JSON.stringify(before) === text) return () => {}
    const [old, now] = [before === null ? [] : keys(before), keys(entry)]
    const [drop, add] = [old.filter(key => !now.includes(key)), now.filter(key => !old.includes(key))]
    return () => rows.put({ id, text, seenAt: at }, drop, add)
  }

  /** The answer forgets the record. */
  async remove(id: number): Promise<() => void> {
    const { rows, keys } = this.#deps
    const before = await this.get(id)
    const old = before === null ? [] : keys(before)
    return () => rows.remove(id, old)
  }

  async *#each(ids: readonly number[]): AsyncGenerator<readonly [number, T]> {
    for (let from = 0; from < ids.length; from += batch) {
      const part = ids.slice(from, from + batch)
      const rows = new Map(this.#deps.rows.get(part).map(row => [row.id, row]))
      for (const id of part) if (rows.has(id)) yield [id, opened<T>(rows.get(id)!)]
    }
  }
}

const opened = <T>({ text }: KeptRecord): T => JSON.parse(text) as T
