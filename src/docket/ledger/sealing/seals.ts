import { type FirmKeys, hashOf, isHash, openText, SealError, sealText } from '../../../platform/sealing.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Binding } from '../sql.ts'
import { type HashUse, type SealedTable, type SealedTableName, sealedTables } from './columns.ts'

/** Hashes of about two events. */
const hashedMost = 16

/** Seals and opens what stands in the ledger, with the firm's keys. */
export class Seals {
  #keys: FirmKeys | null = null
  /** Nothing of before is left in clear: it need not be looked for. */
  #done = false
  /** What was hashed last: a claim looks for what it then writes. */
  readonly #hashed = new Map<string, string>()

  /** The firm's keys are known: before this, nothing is read or written. */
  use(keys: FirmKeys, done: boolean): void {
    this.#keys = keys
    this.#done = done
    this.#hashed.clear()
  }

  get keys(): FirmKeys {
    if (this.#keys === null) throw new SealError('The firm’s keys are not open.')
    return this.#keys
  }

  table(name: SealedTableName): Sealed {
    return new Sealed(this, name)
  }

  hash(use: HashUse, text: string): string {
    const asked = `${use}\n${text}`
    const known = this.#hashed.get(asked)
    if (known !== undefined) return known
    const hash = hashOf(this.keys.match, use, text)
    if (this.#hashed.size >= hashedMost) this.#hashed.clear()
    this.#hashed.set(asked, hash)
    return hash
  }

  /** What stands in a column, hashed: also where it stands in clear from before. */
  hashed(use: HashUse, stored: string): string {
    return isHash(stored) ? stored : this.hash(use, stored)
  }

  /** Every form in which it may stand: hashed, and in clear while something of before is. */
  forms(use: HashUse, text: string): readonly [hash: string, other: string] {
    const hash = this.hash(use, text)
    return [hash, this.#done ? hash : text]
  }
}

/** The sealed columns of one table. */
export class Sealed {
  readonly #seals: Seals
  readonly #table: SealedTable
  readonly #name: string

  constructor(seals: Seals, name: SealedTableName) {
    this.#seals = seals
    this.#table = sealedTables[name]
    this.#name = name
  }

  /** A value as it is to be stored. @param place the values of the table's `place`, in order */
  seal(column: string, place: readonly Binding[], text: string | null): Binding {
    return text === null ? null : sealText(this.#seals.keys.seal, this.#placeOf(column, place), text)
  }

  /** A row with its sealed columns opened. What stands in clear from before is taken as it is. @throws SealError */
  readonly open = (row: Row): Row => {
    const place = this.#table.place.map(name => row[name] as Binding)
    const opened: Row = { ...row }
    for (const column of this.#table.sealed) {
      const bytes = bytesIn(row[column])
      if (bytes === null) continue
      const text = openText(this.#seals.keys.seal, this.#placeOf(column, place), bytes)
      if (text === null) throw new SealError(`${this.#name}.${column} does not open.`)
      opened[column] = text
    }
    return opened
  }

  #placeOf(column: string, place: readonly Binding[]): string {
    return JSON.stringify([this.#name, column, ...place])
  }
}

/** A blob, which the platform gives as a buffer and Node as bytes; null for anything else. */
function bytesIn(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value
  return value instanceof ArrayBuffer ? new Uint8Array(value) : null
}
