import { addressOf } from '../lib/address.ts'
import type { Problem } from '../lib/problem.ts'
import type { RefusalCount } from '../model/access.ts'
import { smallBody } from '../model/docket-rpc.ts'
import * as refusals from '../reading/refusals.ts'

/** What one isolate remembers of senders that send too much. The platform's limiters count over all isolates of a place. */
export interface Limits {
  /** False when an address has sent too much to an endpoint that anybody can post to; left out: nobody has. */
  admit?(key: string): Promise<boolean>
  /** The same for large bodies to such an endpoint, from all addresses together. */
  admitLarge?(key: string): Promise<boolean>
  /** The same for requests of an address that were refused. */
  admitRefused?(key: string): Promise<boolean>
}

/** ms that an address is sent away which was refused too often, and that a full day is remembered. */
const silence = 60_000
/** ms between two tellings of what was refused, to one firm. */
const tellEvery = 10_000
/** Addresses, or firms, that are remembered. */
const most = 10_000

export class Brakes {
  readonly #limits: Limits
  readonly #silenced = new Map<string, number>()
  readonly #full = new Map<string, number>()
  readonly #counts = new Map<string, { toldAt: number; waiting: boolean; counts: Map<string, RefusalCount> }>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Whether everything from this address is sent away, whatever it is: it was refused too often within a minute. */
  silences(headers: Headers, now: number): boolean {
    const address = addressOf(headers)
    return address !== null && (this.#silenced.get(address) ?? 0) > now
  }

  /** Before the body of a request is read that proves nothing. null: it may come in. */
  async before(request: Request, firm: string, endpoint: string, now: number): Promise<Problem | null> {
    const address = addressOf(request.headers)
    if (address !== null && !(await passes(this.#limits.admit, `${firm}/${endpoint}/${address}`)))
      return refusals.tooMany
    if (isSmall(request)) return null
    if ((this.#full.get(firm) ?? 0) > now) return refusals.dayFull(now)
    if (address !== null && !(await passes(this.#limits.admitLarge, `${firm}/${endpoint}`)))
      return refusals.tooMuchAtOnce
    return null
  }

  /** The firm's Docket takes no more large bodies today: the next ones are not even read. */
  full(firm: string, now: number): void {
    remember(this.#full, firm, now + silence)
  }

  /** A forged signature, or an address at which nothing is. */
  async refused(headers: Headers, now: number): Promise<void> {
    const address = addressOf(headers)
    if (address === null || (await passes(this.#limits.admitRefused, address))) return
    remember(this.#silenced, address, now + silence)
  }

  /**
   * Counts what was refused at a firm, and tells its Docket: the first at once, those after it together, so that a flood wakes it six
   * times a minute. The last seconds of a flood may be missing when the isolate ends.
   */
  async count(
    firm: string,
    endpoint: string,
    code: string,
    now: number,
    tell: (counts: RefusalCount[]) => Promise<void>,
    times = 1,
  ): Promise<void> {
    const held = this.#counts.get(firm) ?? { toldAt: 0, waiting: false, counts: new Map<string, RefusalCount>() }
    const key = `${endpoint} ${code}`
    held.counts.set(key, { endpoint, code, times: (held.counts.get(key)?.times ?? 0) + times })
    if (this.#counts.size >= most) this.#counts.clear()
    this.#counts.set(firm, held)
    if (held.waiting) return
    const wait = held.toldAt + tellEvery - now
    if (wait > 0) {
      held.waiting = true
      await new Promise(resolve => setTimeout(resolve, wait))
    }
    const counts = [...held.counts.values()]
    held.counts.clear()
    held.waiting = false
    held.toldAt = now + Math.max(wait, 0)
    await tell(counts).catch(() => {})
  }
}

/** A body that says how long it is, and is not long. */
const isSmall = (request: Request): boolean => {
  const said = request.headers.get('content-length')
  return said === null ? request.body === null : Number(said) < smallBody
}

/** A limiter that fails must not cost a client. */
const passes = async (limit: ((key: string) => Promise<boolean>) | undefined, key: string): Promise<boolean> =>
  limit ? limit(key).catch(() => true) : true

function remember(map: Map<string, number>, key: string, until: number): void {
  if (map.size >= most) map.clear()
  map.set(key, until)
}
