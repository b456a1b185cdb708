import type { Hashing } from '../kv/keys.ts'
import type { Mirror } from '../model/docket-rpc.ts'
import type { Source } from '../model/source.ts'
import { hashOfKey, keyringOf } from '../platform/sealing.ts'
import { type Located, locate } from '../sources/locate.ts'

/** An endpoint as one version of the configuration has it. */
export interface Place {
  readonly version: number
  readonly located: Located | 'unknown' | 'unusable'
  readonly hashing: Hashing
}

/** ms that an isolate takes a place for what it was. KV may be a minute stale anyway, and a claim names its version. */
const kept = 30_000
const most = 500

/** @param mirror null: the firm has no configuration */
export async function placeIn(
  mirror: Mirror | null,
  firm: string,
  name: string,
  env: object,
  sources: ReadonlyMap<string, Source<unknown>>,
): Promise<Place> {
  if (mirror === null) return { version: 0, located: 'unknown', hashing: { hash: null, elder: false } }
  const located = await locate(mirror, firm, name, env, sources)
  return { version: mirror.version, located, hashing: hashingOf(mirror, firm, env) }
}

/** A mirror whose key does not open here is read without it: KV then knows nothing, and the Docket is asked. */
function hashingOf({ match, elder = false }: Mirror, firm: string, env: object): Hashing {
  const key = match === undefined ? null : keyringOf(env)?.unwrap(firm, 'match', match)?.key
  return { hash: key ? each => hashOfKey(key, each) : null, elder }
}

/** Places found a moment ago: their configuration is not read, nor its secrets opened, for every request. */
export class Places {
  readonly #found = new Map<string, { readonly place: Place; readonly at: number }>()

  get(firm: string, name: string, now: number): Place | null {
    const found = this.#found.get(`${firm}/${name}`)
    return found && now - found.at < kept && now >= found.at ? found.place : null
  }

  /** Keeps a place that is one. What is not there is asked for each time. */
  put(firm: string, name: string, place: Place, now: number): void {
    if (typeof place.located === 'string' || place.located.faults.length > 0) return
    this.#found.delete(`${firm}/${name}`)
    this.#found.set(`${firm}/${name}`, { place, at: now })
    const [oldest] = this.#found.keys()
    if (this.#found.size > most) this.#found.delete(oldest!)
  }
}
