import type { Binding } from '../sql.ts'
import { isFinal, isShadow, type Run } from './run-state.ts'
import type { StoredRun } from './stored-run.ts'

/** What of a run is sealed, as it is to be stored. */
export interface SealedPart {
  readonly reason: Binding
  readonly ready: Binding
}

/**
 * How a run's row becomes what the machine says of it. Whoever sets a column has all its indexes written anew, though it is the same as
 * before: of a run that is at work, and was, nothing is set that an index holds.
 * @param was the run as it stands; left out: nobody knows
 */
export function change(
  id: string,
  was: StoredRun | undefined,
  run: Run,
  { reason, ready }: SealedPart,
  now: number,
): readonly [query: string, ...bindings: Binding[]] {
  const own = [reason, run.phase, ready, run.attempt, run.tries, run.troubledAt]
  const set = 'update runs set reason = ?, phase = ?, ready = ?, attempt = ?, tries = ?, troubled_at = ?'
  if (was && goesOn(was, run)) return [`${set} where id = ?`, ...own, id]
  const final = isFinal(run.state)
  const parked = run.state === 'parked' || isShadow(run) ? 1 : 0
  return [
    `${set}, state = ?, reason_code = ?, finished_at = ?, parked_at = iif(?, coalesce(parked_at, ?), null),
      warned_at = iif(?, warned_at, null), wake_at = iif(behind is null, ?, null), behind = iif(?, null, behind)
      where id = ? and state not in ('done', 'ignored', 'discarded')`,
    ...own,
    run.state,
    run.reasonCode,
    final ? now : null,
    parked,
    now,
    parked,
    run.wakeAt,
    final ? 1 : 0,
    id,
  ]
}

const goesOn = (was: StoredRun, run: Run): boolean =>
  run.state === 'running' &&
  was.state === 'running' &&
  run.reasonCode === was.reasonCode &&
  run.wakeAt === null &&
  was.wakeAt === null
