import type { Ledger } from './ledger.ts'

/** Runs that are purged or forgotten in one transaction: the rest at the next turn, so that the object never stands still over it. */
export const purgedMost = 200

/**
 * Removes what events, calls and outputs said of runs that ended before a moment; who, when and which record stay. Each row is touched
 * once: what is purged is no longer found by the index that finds it.
 * @returns how many runs; `purgedMost`: there may be more
 */
export function purge(ledger: Ledger, before: number, now: number): number {
  const runs = ledger.oldRuns.endedBefore(before, true, purgedMost)
  for (const run of runs) purgeRun(ledger, run, now)
  ledger.notices.forget(before)
  ledger.attempts.forgetOwn(before)
  ledger.cache.forgetBefore(before)
  ledger.sourceMemory.forgetBookings(before, now, purgedMost)
  return runs.length
}

/** Everything that a run says of people, in every table. Its key, its subject, and which records it made stay, all as hashes and ids. */
export function purgeRun(ledger: Ledger, run: string, now: number): void {
  ledger.attempts.purge(run)
  ledger.steps.purge(run)
  ledger.notices.forgetRun(run)
  ledger.runs.purge(run, now)
}

/** Forgets runs altogether that ended before a moment, and with them their keys (I6). @returns how many, as with `purge` */
export function forget(ledger: Ledger, before: number): number {
  const runs = ledger.oldRuns.endedBefore(before, false, purgedMost)
  for (const run of runs) {
    ledger.attempts.forget(run)
    ledger.locks.drop(run)
    ledger.steps.forget(run)
    ledger.runs.forget(run)
  }
  ledger.audit.forget(before)
  return runs.length
}
