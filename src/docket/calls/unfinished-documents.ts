import { markName } from '../../clio/compare/found.ts'
import { isObject, type Json } from '../../lib/json.ts'
import type { Call, Outcome } from '../../model/call.ts'
import { recordOf } from '../../model/intent.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Paused } from './turnstile.ts'

/**
 * Documents that a discarded run began and did not finish: nobody sees them in Clio, and nobody would ever remove them. They are looked
 * for by the mark of their step, so that it does not matter whether the answer to the POST was lost; what is whole by then stays.
 */

export interface UnfinishedDeps {
  readonly ledger: Ledger
  now(): number
  /** One call at the pace, with its row in the ledger. Throws `Paused`. */
  call(call: Call): Promise<Outcome>
  log(message: string): void
}

/** ms until it is tried again. */
const again = 5 * 60_000
const runsMost = 5

export class UnfinishedDocuments {
  readonly #deps: UnfinishedDeps

  constructor(deps: UnfinishedDeps) {
    this.#deps = deps
  }

  async clear(): Promise<void> {
    const { ledger, now } = this.#deps
    for (const mark of ledger.unfinished.due(now(), runsMost)) {
      const next = await this.#removed(mark).catch((error): number => {
        if (error instanceof Paused) return error.until
        throw error
      })
      ledger.unfinished.tried(mark, next)
    }
  }

  /** null: nothing is left of it; else when to try again. */
  async #removed(mark: string): Promise<number | null> {
    const { call, now, log } = this.#deps
    const found = await call({
      method: 'GET',
      path: 'documents',
      query: {
        external_property_name: markName,
        external_property_value: mark,
        show_uncompleted: 'true',
        fields: 'id,latest_document_version{fully_uploaded}',
      },
    })
    if (found.kind !== 'applied') return now() + again
    for (const id of halves(found.answer)) {
      const gone = await call({ method: 'DELETE', path: `documents/${id}` })
      if (gone.kind === 'applied' || (gone.kind === 'refused' && gone.why === 'missing')) continue
      if (gone.kind === 'unknown' || gone.why === 'limit' || gone.why === 'connection') return now() + again
      log(
        `run ${mark.split('/')[0]}: document ${id}, never uploaded, stays in Clio, which refused to delete it (${gone.status})`,
      )
    }
    return null
  }
}

function halves(answer: Json): string[] {
  const records = isObject(answer) && Array.isArray(answer.data) ? answer.data : []
  return records
    .map(record => recordOf({ data: record }))
    .filter(({ latest_document_version: version }) => isObject(version) && version.fully_uploaded === false)
    .map(({ id }) => String(id))
}
