import type { Matter } from '../../model/matter.ts'
import { sources } from '../../sources/index.ts'
import type { BookDeps } from './book.ts'
import { Filling } from './fill.ts'
import { MatterIndex } from './matters.ts'

/** What people can choose from: Slack's most in one answer. @source https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
const most = 100

/** The firm's index of matters as the drain has it: who may ask it, and when it is filled. Kept by firms whose people talk with it. */
export class MatterBook {
  readonly #deps: BookDeps
  readonly #index: MatterIndex | null
  readonly filling: Filling | null

  constructor(deps: BookDeps) {
    this.#deps = deps
    const { vault, turnstile, now } = deps
    this.#index = vault && new MatterIndex({ ...deps, vault, read: (call, urgent) => this.#read(call, urgent) })
    this.filling = this.#index && new Filling({ index: this.#index, turnstile, now, wanted: () => this.#wanted })
  }

  async #read(call: Parameters<BookDeps['call']>[0], interactive: boolean) {
    let at = 0
    const went = () => {
      at = this.#deps.now()
    }
    const outcome = await this.#deps.call(call, { interactive, turn: 0, went })
    return { outcome, at }
  }

  /** Matters that a text could mean, as far as they are known here. `stale`: there is something to read in Clio. */
  async find(text: string): Promise<{ matters: readonly Matter[]; stale: boolean }> {
    if (!this.#index || !this.#wanted) return { matters: [], stale: false }
    const matters = await this.#index.search(text, most)
    return { matters, stale: this.#index.ask() }
  }

  get #wanted(): boolean {
    const endpoints = Object.values(this.#deps.newest()?.endpoints ?? {})
    return endpoints.some(({ source }) => sources.get(source)?.conversation?.matters === true)
  }
}
