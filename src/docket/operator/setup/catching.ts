import type { Json } from '../../../lib/json.ts'
import type { Caller } from '../../../model/access.ts'
import type { Catching } from '../../../model/view/endpoint.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { NewRun } from '../../ledger/run/stored-run.ts'

/** What stands of an endpoint whose next event is to be caught, or was. Times are ms since the epoch. */
interface Kept {
  readonly until?: number
  readonly by?: string
  readonly run?: string
  readonly at?: number
}

/**
 * The next event of an endpoint is kept, and no rule runs: the run is parked, so nothing that was accepted is lost (I1). Resumed, it goes
 * through the rules of then.
 */
export class Catcher {
  readonly #ledger: Pick<Ledger, 'meta'>

  constructor(ledger: Pick<Ledger, 'meta'>) {
    this.#ledger = ledger
  }

  #kept(endpoint: string): Kept {
    return (this.#ledger.meta.get<Json>(key(endpoint)) as Kept | null) ?? {}
  }

  #keep(endpoint: string, kept: Kept): void {
    this.#ledger.meta.set(key(endpoint), { ...kept } as Json)
  }

  /** @param until ms since the epoch; null: it is asked for no more */
  arm(endpoint: string, until: number | null, { actor }: Caller): void {
    const { run, at } = this.#kept(endpoint)
    this.#keep(endpoint, { ...(run !== undefined && { run, at: at! }), ...(until !== null && { until, by: actor }) })
  }

  /** A run about to be claimed, as it is to be claimed. What says only where to look is followed first, what people say is answered. */
  meet(run: NewRun, now: number): NewRun {
    const armed = run.kind === 'event' && run.spam === null && this.armed(run.endpoint, now) !== null
    return armed ? { ...run, caught: true } : run
  }

  /** It was the first of its key. In the transaction of its claim. */
  took(run: NewRun, now: number): void {
    if (run.caught) this.#keep(run.endpoint, { run: run.id, at: now })
  }

  armed(endpoint: string, now: number): Catching | null {
    const { until, by } = this.#kept(endpoint)
    return until === undefined || until <= now ? null : { until: new Date(until).toISOString(), by: by ?? '' }
  }

  last(endpoint: string): { run: string; at: string } | null {
    const { run, at } = this.#kept(endpoint)
    return run === undefined ? null : { run, at: new Date(at ?? 0).toISOString() }
  }
}

const key = (endpoint: string) => `catch:${endpoint}`
