import type { Stray } from './maton/strays.ts'

/** Programmable faults: which calls they strike, and what they do to them. */

export type Action =
  /** Carries it out, then the connection breaks. */
  | { readonly do: 'lose' /** ms until it breaks */; readonly after?: number | undefined }
  /** The connection breaks; nothing was done. */
  | { readonly do: 'drop' }
  /** Answers an error. A 5xx may come after the work was done, and as an HTML page. */
  | {
      readonly do: 'fail'
      readonly status: number
      readonly applied?: boolean | undefined
      readonly html?: boolean | undefined
      readonly message?: string | undefined
    }
  /** Somebody on the way answers in Clio's place; nothing was done. */
  | { readonly do: 'stray'; readonly shape: Stray }
  /** Never answers. */
  | { readonly do: 'hang'; readonly applied?: boolean | undefined }
  /** Carries it out at once, answers later. */
  | { readonly do: 'slow'; readonly ms: number }
  /** Cuts the caller off now, and carries it out `ms` later. */
  | { readonly do: 'late'; readonly ms: number }

export interface Rule {
  /** Left out: every method. */
  readonly method?: string | undefined
  /** Regular expression on the path below `/api/v4/`. Left out: every path. */
  readonly path?: string | undefined
  /** How often it strikes. @default always */
  readonly times?: number | undefined
  /** How many calls it lets pass first. @default 0 */
  readonly skip?: number | undefined
  /** Probability from 0 to 1, from the seeded random. @default 1 */
  readonly chance?: number | undefined
  readonly action: Action
}

/** mulberry32: a small generator with a seed, so that a run can be repeated. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export class Trouble {
  #rules: { readonly rule: Rule; left: number; skip: number }[] = []
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = random(seed)
  }

  /** Rules are asked in the order they were added; the first that strikes wins. */
  add(...rules: readonly Rule[]): void {
    for (const rule of rules)
      this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY, skip: rule.skip ?? 0 })
  }

  clear(): void {
    this.#rules = []
  }

  /** What happens to this call, or null. */
  strike(method: string, path: string): Action | null {
    for (const entry of this.#rules) {
      const { rule } = entry
      if (entry.left <= 0 || (rule.method && rule.method !== method)) continue
      if (rule.path && !new RegExp(rule.path).test(path)) continue
      if (entry.skip > 0) {
        entry.skip -= 1
        continue
      }
      if (rule.chance !== undefined && this.#random() >= rule.chance) continue
      entry.left -= 1
      return rule.action
    }
    return null
  }
}
