import { type StoredConfiguration, stopped } from '../../configuration/stored.ts'
import type { Json } from '../../lib/json.ts'
import type { RunKind } from '../../model/docket-rpc.ts'
import { type Plan, plan } from '../../rules/plan.ts'
import type { Result } from '../calls/result.ts'
import { planSpoken, withSpokenRules } from '../conversation/conversation.ts'
import type { NewStep } from '../ledger/run/steps.ts'
import { happened, type StoredRun } from '../ledger/run/stored-run.ts'
import { planAsked } from './asked.ts'
import { eventGone, type WorkDeps } from './deps.ts'
import { echoOf } from './own/echo.ts'
import { loopOf } from './own/loop.ts'
import { type Beginning, ownWrite } from './own/own-writes.ts'
import { planJoining } from './rejoin.ts'
import { findOut, writesOf } from './undo.ts'

type Planner = (run: StoredRun, configuration: StoredConfiguration, deps: WorkDeps) => Result | Promise<Result>

/** How a run of each kind begins: which steps it has. */
const planners: Readonly<Record<RunKind, Planner>> = {
  event: planEvent,
  notice: (run, _, deps) => deps.follow(run),
  spoken: planSpoken,
  joining: planJoining,
  undo: planUndo,
  asked: planAsked,
}

export function planRun(run: StoredRun, configuration: StoredConfiguration, deps: WorkDeps): Result | Promise<Result> {
  if (!run.event) return { input: eventGone }
  return planners[run.kind](run, configuration, deps)
}

function planEvent(run: StoredRun, configuration: StoredConfiguration, deps: WorkDeps): Result {
  const begun = begin(run, configuration, deps)
  if ('input' in begun) {
    if (begun.input.kind !== 'ignored' || !begun.write) return begun
    // At once: of two copies that come in one moment each is another entry's.
    deps.ledger.transaction(begun.write)
    return { input: begun.input }
  }
  const loop = loopOf(run, deps.ledger)
  if (loop) return loop
  return planned(begun.steps, run, deps)
}

/** Which rules match, and the steps that they make. An event older than one already carried out starts nothing. */
export function begin(
  run: Beginning,
  configuration: StoredConfiguration,
  { ledger, firm }: Pick<WorkDeps, 'ledger' | 'firm'>,
  links: Record<string, Json> = ledger.links.current(run.endpoint, run.thread),
): Result | Extract<Plan, { kind: 'steps' }> {
  const { endpoint, thread } = run
  const event = run.event!
  const own = ownWrite(run, ledger)
  if (own) return own
  const echo = echoOf(run, configuration.timezone, ledger)
  if (echo) return echo
  const carried = thread === null || run.replayOf !== null ? null : ledger.subjects.carried(endpoint, thread)
  const time = happened(event.time, run.acceptedAt)
  if (carried !== null && time !== null && time < Date.parse(carried)) {
    const reason = 'Overtaken: a later event about the same subject was carried out before.'
    return { input: { kind: 'ignored', code: 'overtaken', reason } }
  }
  const why = stopped(configuration, endpoint, event.type)
  if (why !== null) return { input: { kind: 'park', code: 'configuration-unfit', reason: why } }
  const made = plan(withSpokenRules(configuration, event), event, endpoint, { firm, now: run.acceptedAt, links })
  return made.kind === 'park' ? { input: made } : made
}

/** One step for every write of the other run, the last first. What it left in doubt is found out before. */
async function planUndo(run: StoredRun, configuration: StoredConfiguration, deps: WorkDeps): Promise<Result> {
  const { ledger } = deps
  const undone = run.undoOf === null ? null : ledger.runs.get(run.undoOf)
  const unclear = undone && (await findOut(undone, run, configuration, deps))
  if (unclear) return unclear
  const writes = undone ? writesOf(undone, ledger) : []
  const steps = writes.map(write => {
    const name = `${write.resource}-${write.record}`
    return { path: `undo/${name}`, rule: 'undo', name, intent: { verb: 'undo' as const, write } }
  })
  return planned(steps, run, deps)
}

const planned = (steps: readonly NewStep[], { id }: StoredRun, { ledger }: WorkDeps): Result => ({
  input: { kind: 'planned', steps: steps.length },
  write: () => ledger.steps.add(id, steps),
})
