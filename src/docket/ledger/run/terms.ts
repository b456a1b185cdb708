import { termsAsked, termsOf } from '../../../clio/people/terms.ts'
import type { Person } from '../../../model/event.ts'
import { shortHash } from '../../../platform/sealing.ts'
import { splitName } from '../../../reading/names.ts'
import type { Seals } from '../sealing/seals.ts'
import type { Sql } from '../sql.ts'
import type { Brief } from './events.ts'

/** Runs of before that are given their terms in one transaction. */
const filledMost = 200
/** Letters of their events. */
const readMost = 4_000_000

/**
 * The table `terms`: what a run can be found by of whom it is about, as short keyed hashes, so that nothing is searched or stored in
 * clear. Written with the event, gone with it.
 */
export class Terms {
  readonly #sql: Sql
  readonly #seals: Seals
  readonly #country: () => string

  /** @param country of the firm: numbers are written as people there do */
  constructor(sql: Sql, seals: Seals, country: () => string) {
    this.#sql = sql
    this.#seals = seals
    this.#country = country
  }

  add(run: string, person: Partial<Person>): void {
    const hashes = this.#hashes(termsOf(person, this.#country()))
    if (hashes.length === 0) return
    this.#sql.rows(
      'insert or ignore into terms select value, (select seq from runs where id = ?) from json_each(?)',
      run,
      JSON.stringify(hashes),
    )
  }

  /** Hashes of what somebody may mean who looks for a person, as a list in JSON. */
  asked(text: string): string {
    const country = this.#country()
    // `Ginsburg, Ruth` and 山田花子 are read as in a form with one box.
    const read = termsOf({ last_name: splitName(text).last }, country)
    return JSON.stringify(this.#hashes([...termsAsked(text, country), ...read]))
  }

  /** Runs about whoever has this address or number, the newest first; null: it is none. */
  about(person: Partial<Person>): string[] | null {
    const hashes = this.#hashes(termsOf(person, this.#country()))
    if (hashes.length === 0) return null
    const query = `select id from runs where seq in (select seq from terms where hash in (select value from json_each(?)))
      order by seq desc`
    return this.#sql.rows(query, JSON.stringify(hashes)).map(row => String(row.id))
  }

  forget(run: string): void {
    this.#sql.rows('delete from terms where seq = (select seq from runs where id = ?)', run)
  }

  /**
   * Gives the next runs of before their terms, the newest first. In the caller's transaction.
   * @returns how far it is then; null: none is left
   */
  fill(below: number): number | null {
    const found = this.#sql.rows(
      'select seq, id, length(event) as size from runs where seq < ? order by seq desc limit ?',
      below,
      filledMost,
    )
    const sealed = this.#seals.table('runs')
    let read = 0
    for (const { seq, id, size } of found) {
      read += Number(size)
      const row = this.#sql.row('select id, event from runs where seq = ? and event is not null', Number(seq))
      const event = row && (JSON.parse(String(sealed.open(row).event)) as Brief)
      if (event) this.add(String(id), event.person ?? {})
      if (read > readMost) return Number(seq)
    }
    return found.length < filledMost ? null : Number(found.at(-1)?.seq)
  }

  #hashes(terms: readonly string[]): number[] {
    return [...new Set(terms.map(term => shortHash(this.#seals.hash('term', term))))]
  }
}
