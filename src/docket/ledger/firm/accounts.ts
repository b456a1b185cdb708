import type { Meta } from './values.ts'

/** From the run with this number on, what the firm does is done in this Clio account. */
type Era = { readonly account: string; readonly from: number }

/**
 * In which Clio account each run was accepted. What it made, links to, and may have left in the air is there and nowhere else: an id of
 * one account is a stranger's record in another. A firm has one account all its life, as a rule.
 */
export class Accounts {
  readonly #meta: Meta

  constructor(meta: Meta) {
    this.#meta = meta
  }

  get #eras(): readonly Era[] {
    return this.#meta.get<Era[]>('accounts') ?? []
  }

  /** null: nobody has asked yet. */
  get current(): string | null {
    return this.#eras.at(-1)?.account ?? null
  }

  /** Whether the firm was ever connected to more than one. */
  get moved(): boolean {
    return this.#eras.length > 1
  }

  /** @param next the number of the next run @returns whether it is another one than before */
  enter(account: string, next: number): boolean {
    const eras = this.#eras
    if (this.current === account) return false
    this.#meta.set('accounts', [...eras, { account, from: eras.length === 0 ? 0 : next }])
    return eras.length > 0
  }

  /** Whether a run (by its number) was accepted in the account that the firm is connected to. */
  has(seq: number): boolean {
    const era = this.#eras.findLast(({ from }) => from <= seq)
    return era === undefined || era.account === this.current
  }
}
