import type { Configuration } from '../../configuration/configuration.ts'
import type { Json } from '../../lib/json.ts'
import { plan } from '../../rules/plan.ts'
import type { Result } from '../calls/result.ts'
import { isSpoken, planSpoken, withSpokenRules } from '../conversation/conversation.ts'
import type { Ledger, StoredRun } from '../ledger/ledger.ts'
import { eventGone, type WorkDeps } from './deps.ts'
import { isJoining, planJoining } from './rejoin.ts'
import { writesOf } from './undo.ts'

export const instant = (time: string) => Date.parse(time)

/** One step for every write of the other run, the last first. */
export function planUndo(run: StoredRun, of: string, ledger: Ledger): Result {
  const undone = ledger.run(of)
  const writes = undone ? writesOf(undone, ledger) : []
  const steps = writes.map((write, position) => {
    const name = `${write.resource}-${write.record}`
    return { position, path: `undo/${name}`, rule: 'undo', name, item: write as unknown as Json }
  })
  return { input: { kind: 'planned', steps: steps.length }, write: () => ledger.addSteps(run.id, steps) }
}

/** Which rules match, and the steps that they make. An event older than one already carried out starts nothing. */
export function planRun(run: StoredRun, configuration: Configuration, deps: WorkDeps): Result | Promise<Result> {
  const { ledger, firm } = deps
  const { event, endpoint, thread } = run
  if (!event) return { input: { kind: 'park', reason: eventGone } }
  if (run.undoOf !== null) return planUndo(run, run.undoOf, ledger)
  if (isSpoken(event)) return planSpoken(run, configuration, deps)
  if (isJoining(event)) return planJoining(run, configuration, { ledger, firm })
  const carried = thread === null || run.replayOf !== null ? null : ledger.carried(endpoint, thread)
  if (carried !== null && event.time !== null && instant(event.time) < instant(carried)) {
    return {
      input: { kind: 'ignored', reason: 'Overtaken: a later event about the same subject was carried out before.' },
    }
  }
  const links = thread === null ? {} : ledger.links(endpoint, thread)
  const made = plan(withSpokenRules(configuration, event), event, endpoint, { firm, now: run.acceptedAt, links })
  if (made.kind === 'park') return { input: { kind: 'park', reason: made.reason } }
  const steps = made.steps.map(({ rule, name, path }, position) => ({ position, rule, name, path }))
  return { input: { kind: 'planned', steps: steps.length }, write: () => ledger.addSteps(run.id, steps) }
}
