import { urlOf } from '../../../clio/gateway/gateway.ts'
import type { StoredConfiguration } from '../../../configuration/stored.ts'
import type { Json } from '../../../lib/json.ts'
import type { KeptShadow } from '../../../model/docket-rpc.ts'
import type { Clio } from '../../../model/intent.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { foreseen } from '../preview.ts'

export interface ForesightDeps {
  readonly ledger: Ledger
  readonly firm: string
  now(): number
  /** Clio as the run itself asks it, at the pace. */
  clio(run: StoredRun, step: string, configuration: StoredConfiguration): Clio
}

/**
 * What runs of a firm in shadow would do: the preview, with Clio asked as in life. What was read is remembered until all of it is worked
 * out, however often the pace sends the run away in between.
 */
export class Foresight {
  readonly #deps: ForesightDeps
  readonly #answers = new Map<string, Map<string, Json>>()

  constructor(deps: ForesightDeps) {
    this.#deps = deps
  }

  /** @throws what a look-up throws: Paused, Unread, … */
  async of(run: StoredRun, configuration: StoredConfiguration): Promise<KeptShadow> {
    const { ledger, firm, now } = this.#deps
    const known = this.#answers.get(run.id) ?? new Map<string, Json>()
    this.#answers.set(run.id, known)
    const clio = (step: string): Clio => {
      const live = this.#deps.clio(run, step, configuration)
      const read = async (call: Parameters<Clio['read']>[0]) => {
        const key = urlOf(call, '')
        const answer = known.get(key) ?? (await live.read(call))
        known.set(key, answer)
        return answer
      }
      return { ...live, read }
    }
    const found = await foreseen(run, configuration, { ledger, firm, clio })
    this.#answers.delete(run.id)
    return { ...found, at: new Date(now()).toISOString() }
  }
}
