import type { InboundEvent } from '../../model/event.ts'
import type { FileStore } from '../../platform/file-store.ts'
import type { Storage } from '../ledger/ledger.ts'

/**
 * Which run needs which of the bytes that are kept. They go when the last run that names them is done or discarded; of a run that was
 * ignored or taken for spam, with its payload. The table, not the store, says what is needed: what it does not name came from a claim
 * that never was.
 */

export interface FilesDeps {
  readonly storage: Storage
  readonly store: FileStore
  readonly firm: string
  now(): number
  log(message: string): void
}

const day = 86_400_000
/** Far longer than a claim takes: what no run names by then never gets one. */
const orphanAge = 2 * day
/** Objects that one sweep looks at, and runs whose files it removes. */
const sweptMost = 500
const runsMost = 20

export class Files {
  readonly #deps: FilesDeps

  constructor(deps: FilesDeps) {
    this.#deps = deps
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Record<string, unknown>[] {
    return this.#deps.storage.sql.exec(query, ...bindings).toArray()
  }

  /** A run is written that needs the bytes of its event's files; in the same transaction. */
  claimed(run: string, event: InboundEvent): void {
    for (const { key } of event.files)
      if (key !== undefined) this.#rows('insert or ignore into files values (?, ?)', key, run)
  }

  /** True when the bytes are the run's own: an expression may make any key of what a stranger wrote. */
  holds(run: string, key: string): boolean {
    return this.#rows('select 1 from files where key = ? and run = ?', key, run).length > 0
  }

  /** The run needs its bytes no more. Never throws: what is not removed now is removed by the sweep. */
  async release(run: string): Promise<void> {
    const alone = this.#rows(
      `select key from files where run = ? and not exists
        (select 1 from files as other where other.key = files.key and other.run <> files.run)`,
      run,
    )
    try {
      if (alone.length > 0) await this.#deps.store.delete(alone.map(row => String(row.key)))
      this.#rows('delete from files where run = ?', run)
    } catch {
      this.#deps.log(`run ${run}: its files could not be removed yet`)
    }
  }

  /** What should be gone and is not: of runs that ended, and of claims that never were. */
  async sweep(): Promise<void> {
    const ended = this.#rows(
      `select distinct files.run from files left join runs on runs.id = files.run
        where runs.id is null or runs.event is null or runs.state in ('done', 'discarded') limit ?`,
      runsMost,
    )
    for (const { run } of ended) await this.release(String(run))
    await this.#orphans().catch(() =>
      this.#deps.log(`firm ${this.#deps.firm}: the files that are kept could not be listed`),
    )
  }

  /** Once a day, page by page. */
  async #orphans(): Promise<void> {
    const { store, firm, now } = this.#deps
    const [row] = this.#rows("select value from meta where key = 'filesSwept'")
    const swept = row ? (JSON.parse(String(row.value)) as { at: number; after: string | null }) : null
    if (swept && swept.after === null && now() - swept.at < day) return
    const after = swept?.after ?? null
    const { objects, truncated } = await store.list({
      prefix: `${firm}/`,
      limit: sweptMost,
      ...(after !== null && { startAfter: after }),
    })
    const old = objects.filter(({ uploaded }) => now() - uploaded.getTime() > orphanAge).map(({ key }) => key)
    const orphans = old.filter(key => this.#rows('select 1 from files where key = ?', key).length === 0)
    if (orphans.length > 0) await store.delete(orphans)
    const next = { at: now(), after: truncated ? (objects.at(-1)?.key ?? null) : null }
    this.#rows("insert or replace into meta values ('filesSwept', ?)", JSON.stringify(next))
  }
}
