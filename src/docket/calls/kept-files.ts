import type { InboundEvent } from '../../model/event.ts'
import type { FileStore } from '../../platform/file-store.ts'
import { opened, sealedSize } from '../../platform/frames.ts'
import type { Ledger } from '../ledger/ledger.ts'

/**
 * Which run needs which of the bytes that are kept. They go when the last run that names them is done or discarded; of a run that was
 * ignored or taken for spam, with its payload. The table, not the store, says what is needed: what it does not name came from a claim
 * that never was.
 */

export interface KeptFilesDeps {
  readonly ledger: Ledger
  readonly store: FileStore
  readonly firm: string
  now(): number
  log(message: string): void
}

export interface OpenFile {
  readonly body: ReadableStream<Uint8Array>
  readonly size: number
}

const day = 86_400_000
/** Far longer than a claim takes: what no run names by then never gets one. */
const orphanAge = 2 * day
/** Objects that one sweep looks at, and runs whose files it removes. */
const sweptMost = 500
const runsMost = 20

export class KeptFiles {
  readonly #deps: KeptFilesDeps

  constructor(deps: KeptFilesDeps) {
    this.#deps = deps
  }

  /**
   * A run is written that needs the bytes of its event's files; in the same transaction. An event that was imported names what its file
   * says: no other firm's files are the run's.
   */
  claimed(run: string, event: InboundEvent): void {
    const { ledger, firm } = this.#deps
    for (const { key } of event.files) if (key?.startsWith(`${firm}/`)) ledger.files.add(key, run)
  }

  /**
   * The bytes of a file: null when they are not there, or not the run's own (an expression may make any key of what a stranger wrote).
   * `spoilt`: they are not what was kept.
   * @param spoilt called when that turns out on the way
   * @throws Error when the store fails
   */
  async open(run: string, key: string, spoilt: () => void): Promise<OpenFile | 'spoilt' | null> {
    const { ledger, store } = this.#deps
    if (!ledger.files.holds(run, key)) return null
    const found = await store.get(key)
    const { files = [], seals } = ledger.runs.get(run)?.event ?? {}
    const seal = seals?.[key]
    // Earlier versions kept files in clear.
    if (found === null || seal === undefined) return found
    const { size = 0 } = files.find(file => file.key === key) ?? {}
    if (found.size === sealedSize(size))
      return { body: opened(found.body, Uint8Array.from(Buffer.from(seal, 'base64')), size, spoilt), size }
    await found.body.cancel()
    return 'spoilt'
  }

  /** The run needs its bytes no more. Never throws: what is not removed now is removed by the sweep. */
  async release(run: string): Promise<void> {
    const { ledger, store, log } = this.#deps
    try {
      const alone = ledger.files.ofAlone(run)
      if (alone.length > 0) await store.delete(alone)
      ledger.files.forget(run)
    } catch {
      log(`run ${run}: its files could not be removed yet`)
    }
  }

  /** What should be gone and is not: of runs that ended, and of claims that never were. */
  async sweep(): Promise<void> {
    const { ledger, firm, log } = this.#deps
    for (const run of ledger.files.ended(runsMost)) await this.release(run)
    await this.#orphans().catch(() => log(`firm ${firm}: the files that are kept could not be listed`))
  }

  /** Once a day, page by page. */
  async #orphans(): Promise<void> {
    const { ledger, store, firm, now } = this.#deps
    const swept = ledger.meta.get<{ at: number; after: string | null }>('filesSwept')
    if (swept && swept.after === null && now() - swept.at < day) return
    const after = swept?.after ?? null
    const { objects, truncated } = await store.list({
      prefix: `${firm}/`,
      limit: sweptMost,
      ...(after !== null && { startAfter: after }),
    })
    const old = objects.filter(({ uploaded }) => now() - uploaded.getTime() > orphanAge).map(({ key }) => key)
    const orphans = old.filter(key => !ledger.files.isNamed(key))
    if (orphans.length > 0) await store.delete(orphans)
    ledger.meta.set('filesSwept', { at: now(), after: truncated ? (objects.at(-1)?.key ?? null) : null })
  }
}
