import type { Meta } from './values.ts'

/** ms that Clio's word on which account it is holds: the same connection may have been granted anew, for another one, and nobody is told. */
const believed = 60 * 60_000

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

  /** The first run since the firm was connected to something of which nobody has said yet what it reaches. */
  get #since(): number | null {
    return this.#meta.get<number>('accountUnknownSince') ?? null
  }

  /** null: nobody has asked yet. */
  get current(): string | null {
    return this.#eras.at(-1)?.account ?? null
  }

  /** What tells its ids from another account's; nothing in the account that the firm began in, which few ever leave. */
  get mark(): string {
    const { current } = this
    return current === null || current === this.#eras[0]?.account ? '' : current
  }

  /** Which Clio that is known of belongs to which connection and account. */
  get clio(): string {
    return `${this.#meta.get<string>('connection') ?? ''}${this.mark}`
  }

  /** Whether it is too long ago that Clio said which account it is. */
  doubted(now: number): boolean {
    const at = this.#meta.get<number>('accountSaidAt')
    return at === null || Math.abs(now - at) > believed
  }

  /** Clio has said which account it is, or does not say it to us. */
  said(now: number): void {
    this.#meta.set('accountSaidAt', now)
  }

  /** Whether the firm is connected anew and nobody has said yet to which account. */
  get unknown(): boolean {
    return this.#since !== null
  }

  /** Whether the firm was ever connected to more than one. */
  get moved(): boolean {
    return this.#eras.length > 1
  }

  /**
   * The firm is connected anew. What is accepted from here on belongs to the account that the connection turns out to reach, whenever
   * that is known: no call goes before.
   * @param next the number of the next run
   */
  leave(next: number): void {
    if (this.#since === null) this.#meta.set('accountUnknownSince', next)
  }

  /**
   * @param next the number of the next run: when the same connection reaches another account all at once, nobody knows since when, and
   * what was accepted before belongs to the one before
   * @returns whether it is another one than before
   */
  enter(account: string, next: number): boolean {
    const eras = this.#eras
    const since = this.#since
    if (since !== null) this.#meta.set('accountUnknownSince', null)
    if (this.current === account) return false
    // Where runs from before the move went when nobody could ever say it: in no account that the firm is ever in again.
    const before = eras.length === 0 && since !== null && since > 1 ? [{ account: '', from: 0 }] : eras
    this.#meta.set('accounts', [...before, { account, from: before.length === 0 ? 0 : (since ?? next) }])
    return before.length > 0
  }

  /** Whether a run (by its number) was accepted in the account that the firm is known to be connected to. */
  has(seq: number): boolean {
    const since = this.#since
    if (since !== null) return seq >= since
    const era = this.#eras.findLast(({ from }) => from <= seq)
    return era === undefined || era.account === this.current
  }
}
