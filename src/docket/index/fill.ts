import { Paused, type Turnstile } from '../calls/turnstile.ts'

/** While there is work, one call in so many may be for the index: it soon saves more than it costs. */
const share = 10
/** ms until it is seen again whether there is room. */
const longest = 60_000
/** ms until a page is tried again that Clio did not give. */
const afterTrouble = 60_000

/** A list of Clio's that is kept here, read page by page. */
export interface Filled {
  /** When the next page of it may be asked for; null: there is none to fetch. */
  readonly unfilledFrom: number | null
  /** One page; whoever asks meanwhile gets the same. */
  turn(urgent: boolean): Promise<void>
}

export interface FillingDeps {
  readonly turnstile: Turnstile
  now(): number
  /** Does the newest configuration ask for it at all? */
  wanted(): boolean
}

/** Reads on a list of which more is to be read, in the gaps of the work: nobody waits for it, and it leaves half of the pace free. */
export class Filling {
  readonly #list: Filled
  readonly #deps: FillingDeps
  #page: Promise<void> | null = null
  /** Calls of runs since the last page. */
  #calls = share
  /** No more in this invocation. */
  #ended = false
  #notBefore = 0

  constructor(list: Filled, deps: FillingDeps) {
    this.#list = list
    this.#deps = deps
  }

  /** The page under way; it never fails. */
  get page(): Promise<void> | null {
    return this.#page
  }

  /** A new invocation. */
  open(): void {
    this.#ended = false
  }

  /** A run makes a call. */
  count(): void {
    this.#calls++
    this.next(false)
  }

  /** Begins a page if it is time for one. @param idle no run is under way */
  next(idle: boolean): void {
    const { now } = this.#deps
    const from = this.#from
    if (this.#page || this.#ended || from === null || from > now()) return
    if (idle ? this.#roomAt > now() : this.#calls < share) return
    this.#calls = 0
    this.#page = this.#turn().finally(() => {
      this.#page = null
    })
  }

  /** When there may be room for a page; null: there is none to fetch. */
  comeBack(): number | null {
    const from = this.#from
    return from === null ? null : Math.max(from, this.#roomAt)
  }

  async #turn(): Promise<void> {
    const { now } = this.#deps
    try {
      await this.#list.turn(false)
    } catch (error) {
      this.#ended = true
      if (!(error instanceof Paused)) this.#notBefore = now() + afterTrouble
    }
  }

  /** When the next page may be asked for; null: there is none to fetch. */
  get #from(): number | null {
    const from = this.#deps.wanted() ? this.#list.unfilledFrom : null
    return from === null ? null : Math.max(from, this.#notBefore)
  }

  get #roomAt(): number {
    const { turnstile, now } = this.#deps
    return Math.min(turnstile.roomAt(Math.ceil(turnstile.pace.requests / 2)), now() + longest)
  }
}
