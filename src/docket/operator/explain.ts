import type { StoredConfiguration } from '../../configuration/stored.ts'
import type { RunView, StepView } from '../../model/docket-rpc.ts'
import { givenTo, passedOver, stumbledIn } from '../../rules/explain.ts'
import { scopeOf } from '../../rules/scope.ts'
import { withSpokenRules } from '../conversation/conversation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { amendedRun } from '../run/amend.ts'
import { definitionOf, scopeAt } from '../run/step.ts'
import { viewOf } from './views.ts'

interface House {
  readonly ledger: Ledger
  configuration(version: number): StoredConfiguration
}

const kept: ReadonlySet<RunView['reasonCode']> = new Set(['spam', 'caught'])

/** What the rules say of a run beside what stands in its rows: why steps were skipped, what the current one was given, which rules passed it over. */
export function explained(stored: StoredRun, firm: string, house: House): RunView {
  const { ledger } = house
  const view = viewOf(stored, ledger)
  if (!ledger.configs.get(stored.version)) return view
  const configuration = house.configuration(stored.version)
  const run = amendedRun(stored)
  const { event } = run
  if (!event || run.kind === 'undo' || run.kind === 'joining') return view
  const steps = ledger.steps.of(run.id)
  const current = view.finishedAt === null ? steps.find(step => step.state === 'ready') : undefined
  const shown = view.steps.map((step): StepView => {
    const stands = steps.find(one => one.path === step.path)!
    const definition = definitionOf(stands, run, configuration)
    if (!definition) return step
    if (stands === current) {
      const scope = scopeAt(run, stands, configuration, { ledger, firm })
      return { ...step, given: givenTo(definition, scope) }
    }
    if (step.state !== 'skipped') return step
    if (run.amended?.skipped?.includes(step.path)) return { ...step, why: 'A person let it be skipped.' }
    if (definition.if !== undefined) return { ...step, why: `Its condition was false: ${definition.if}` }
    return { ...step, why: 'What it works on came out empty.' }
  })
  const bound = { firm, now: run.acceptedAt, ...configuration }
  const links = ledger.links.current(run.endpoint, run.thread)
  const { rules } = withSpokenRules(configuration, event)
  const scope = scopeOf(event, bound, { links })
  const stumbled =
    view.state === 'parked' && view.reasonCode === 'expression' && steps.length === 0
      ? stumbledIn(rules, event, run.endpoint, scope)
      : []
  return {
    ...view,
    steps: shown,
    // No rule has had a look at spam, or at what was caught.
    passedOver: kept.has(view.reasonCode) ? [] : passedOver(rules, event, run.endpoint, scope),
    ...(stumbled.length > 0 && { stumbled }),
  }
}
