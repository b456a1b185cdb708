import { askedType, type InboundEvent, ourselves } from '../../model/event.ts'
import type { AskedWrite, Step } from '../../model/rule.ts'
import type { PlannedStep } from '../../rules/plan.ts'
import type { Result } from '../calls/result.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import type { WorkDeps } from './deps.ts'

/** Runs that an agent or a script asked for: one step, which stands in the event itself. */

/** What stands in the event's `data`; the values of a write are its `fields`, so that a person can correct them. */
export type AskedData = (Omit<AskedWrite, 'with'> | { verb: 'undo'; run: string }) & {
  /** A person has to agree first. */
  waits: boolean
}

export const isAsked = ({ source, type }: InboundEvent): boolean => source === ourselves && type === askedType

export const askedIn = (event: InboundEvent): AskedData => event.data as AskedData

/** The step as a rule would write it. */
export function askedStep(event: InboundEvent): PlannedStep {
  const asked = askedIn(event)
  const step = { rule: 'asked', name: asked.verb, path: `asked/${asked.verb}` }
  if (asked.verb === 'undo') return { ...step, definition: {} }
  const { verb, resource, waits: _, ...options } = asked
  const definition: Step = {
    [verb]: resource,
    ...options,
    ...((verb !== 'delete' || Object.keys(event.fields).length > 0) && { with: event.fields }),
  }
  return { ...step, definition }
}

export function planAsked(run: StoredRun, _: unknown, { ledger, talk }: WorkDeps): Result {
  const event = run.event!
  const asked = askedIn(event)
  const park = run.resumedAt === 0 ? waiting(run) : null
  if (park) return { input: park }
  const { rule, name, path } = askedStep(event)
  const add = () => ledger.steps.add(run.id, [{ rule, name, path }])
  if (asked.verb !== 'undo') return { input: { kind: 'planned', steps: 1 }, write: add }
  const undo = talk.act('undo', asked.run)
  if ('code' in undo) return { input: { kind: 'park', code: 'cannot-undo', reason: undo.detail } }
  const write = () => {
    add()
    ledger.steps.end(run.id, 0, 'done', { undo: undo.id })
  }
  return { input: { kind: 'step-done', last: true }, write }
}

/** Why a person has to agree first; null: nobody has to. */
export function waiting({ event, replayOf }: Pick<StoredRun, 'event' | 'replayOf'>) {
  const asked = askedIn(event!)
  if (!asked.waits || replayOf !== null) return null
  return { kind: 'park', code: 'asked', reason: `An agent asks to ${asked.verb} ${recordIn(asked)}.` } as const
}

function recordIn(asked: AskedData): string {
  if (asked.verb === 'undo') return `run ${asked.run}`
  // A name would be a client's word.
  return `${typeof asked.id === 'number' ? `record ${asked.id}` : 'a record'} of ${asked.resource}`
}
