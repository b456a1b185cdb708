import type { StoredConfiguration } from '../../../configuration/stored.ts'
import type { Call } from '../../../model/call.ts'
import type { KeptShadow } from '../../../model/docket-rpc.ts'
import type { Result } from '../../calls/result.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import type { WorkDeps } from '../deps.ts'
import { planRun } from '../plan.ts'
import { workStep } from '../step.ts'

/**
 * A firm in shadow: its runs are worked out as in life and make no write. One that has not begun is foreseen whole, and begins anew when a
 * person lets it; one that is under way stops before its next write.
 */

export interface ShadowDeps extends WorkDeps {
  /** What a run would do that has not begun. */
  foresee(run: StoredRun, configuration: StoredConfiguration): Promise<KeptShadow>
}

export async function planInShadow(
  run: StoredRun,
  configuration: StoredConfiguration,
  deps: ShadowDeps,
): Promise<Result> {
  const planned = await planRun(run, configuration, deps)
  const { input } = planned
  const stops = input.kind === 'park' ? run.kind === 'event' : input.kind === 'planned' && input.steps > 0
  // What looks elsewhere, and what people say, begins as in life.
  if (!stops || (run.kind !== 'event' && run.kind !== 'asked')) return planned
  return held(run, await deps.foresee(run, configuration), deps.ledger)
}

export async function workInShadow(
  run: StoredRun,
  configuration: StoredConfiguration,
  deps: ShadowDeps,
): Promise<Result> {
  const result = await workStep(run, configuration, { ...deps, tells: tell => stopped(run, [], [tell], deps) })
  return result.input.kind === 'call' ? stopBeforeWrite(run, result.input.ready.call, deps) : result
}

export function stopBeforeWrite(run: StoredRun, call: Call, deps: Pick<WorkDeps, 'ledger' | 'now'>): Result {
  return stopped(run, [call], [], deps)
}

/** A run under way: of what comes behind this step nothing is known. */
function stopped(
  run: StoredRun,
  calls: readonly Call[],
  tells: KeptShadow['tells'],
  { ledger, now }: Pick<WorkDeps, 'ledger' | 'now'>,
): Result {
  const step = ledger.steps.current(run.id)?.path ?? ''
  const shown = calls.map(({ method, path, body }) => ({ step, method, path, ...(body && { body }) }))
  const at = new Date(now()).toISOString()
  return held(run, { state: 'done', rules: [], calls: shown, warnings: [], tells, links: {}, at }, ledger)
}

function held(run: StoredRun, shadow: KeptShadow, ledger: Ledger): Result {
  const writes = shadow.calls.filter(({ method }) => method !== 'GET').length
  const parks = shadow.warnings.find(one => one.code !== undefined)
  const told =
    shadow.state === 'parked' && parks
      ? `It would need a person: ${parks.message}`
      : `It would make ${writes === 1 ? '1 call that writes' : `${writes} calls that write`}.`
  return {
    input: { kind: 'shadow', reason: `The firm is in shadow, so nothing was written. ${told}` },
    write: () => ledger.runs.setShadow(run.id, shadow),
  }
}
