import type { Configuration } from '../../../configuration/configuration.ts'
import type { Problem } from '../../../lib/problem.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { forget, purge, purgedMost, purgeRun } from '../../ledger/retention.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { causeOf, type Teller } from '../../notices/teller.ts'

const day = 86_400_000
const hour = 3_600_000
/** Payloads of ended runs, unless the configuration says otherwise. */
const retentionDays = 90
/** Parked runs that nobody decides, unless the configuration says otherwise; the firm is told of it a week before. */
const parkedDays = 180
const noticeDays = 7
/** Keys: longer than any provider redelivers. */
const keyDays = 400
/** Long runs that are closed in one go. */
const longMost = 5
/** How often in one visit of the sweep runs are purged. */
const tidyTurns = 10

export interface TidyDeps {
  readonly ledger: Ledger
  readonly retention: Configuration['retention']
  readonly teller: Pick<Teller, 'alert'>
  now(): number
  sleep(ms: number): Promise<void>
  /** Closes a parked run. */
  discard(id: string): StoredRun | Problem
}

/** What firms said is kept no longer than they wish; keys no longer than anybody redelivers (I6). A few hundred runs at a time. */
export async function tidy(deps: TidyDeps): Promise<void> {
  const { ledger, retention } = deps
  const now = deps.now()
  const days = retention?.days ?? retentionDays
  for (let turn = 0; turn < tidyTurns; turn++) {
    const more = ledger.transaction(() => {
      const purged = purge(ledger, now - days * day, now)
      const forgotten = forget(ledger, now - Math.max(keyDays, days) * day)
      const moreToClose = undecided(deps, now)
      return moreToClose || Math.max(purged, forgotten) >= purgedMost
    })
    if (!more) break
    await deps.sleep(0)
  }
  ledger.transaction(() => ledger.locks.forget(now - hour))
}

/**
 * Parked runs that nobody decides: the firm is told once that their end comes; a week later they are closed, and what they said is erased.
 * @returns whether there may be more
 */
function undecided({ ledger, retention, teller, discard }: TidyDeps, now: number): boolean {
  const days = retention?.parkedDays ?? parkedDays
  let long = 0
  const tooLong = (id: string): boolean => ledger.runs.get(id)?.long === true && ++long > longMost
  const soon = ledger.oldRuns.undecided(now - (days - noticeDays) * day, purgedMost)
  for (const id of soon) {
    if (tooLong(id)) return true
    const { endpoint, reasonCode } = ledger.runs.get(id)!
    const cause = causeOf(reasonCode, null)
    const text = `Run ${id} waits for a person since long, and is closed and erased in ${noticeDays} days unless somebody resumes it: ${cause.reason}`
    teller.alert('run.expiring', { run: id, endpoint, ...cause, text })
    ledger.oldRuns.warned(id, now)
  }
  const over = ledger.oldRuns.overdue(now - days * day, now - noticeDays * day, purgedMost)
  for (const id of over) {
    if (tooLong(id)) return true
    if ('code' in discard(id)) continue
    purgeRun(ledger, id, now)
    ledger.audit.add({ actor: 'docketed', action: 'run.expired', run: id }, now)
  }
  return Math.max(soon.length, over.length) >= purgedMost
}
