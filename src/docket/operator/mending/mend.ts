import { notThis } from '../../../clio/names/chosen.ts'
import type { StoredConfiguration } from '../../../configuration/stored.ts'
import type { Json } from '../../../lib/json.ts'
import { type Problem, problem } from '../../../lib/problem.ts'
import { plainName } from '../../../lib/text/fold.ts'
import { meantPerhaps } from '../../../lib/text/nearest.ts'
import type { Amended, KeptRecord, Mend } from '../../../model/amended.ts'
import type { InboundEvent } from '../../../model/event.ts'
import { absentIn } from '../../../rules/check/check-reads.ts'
import { readsStep } from '../../../rules/plan.ts'
import { candidatesAt, type StoredStep } from '../../ledger/run/steps.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { amendedEvent, amendedRun, personKeys } from '../../run/amend.ts'
import { definitionOf } from '../../run/step.ts'
import { type Begun, begunIn, type Correction, correctionOf, keptOf, type MendDeps, otherRules } from './correction.ts'

/** What a person corrects, skips and chooses when they let a parked run go on: checked before anything is written. */

/** A step that is left, with what it has made before; that stays known, under its link. */
export interface Skipped {
  readonly step: StoredStep
  readonly output: Json
  readonly link: string | null
}

export interface Mending {
  readonly amended: Amended | null
  readonly skipped: readonly Skipped[]
  /** Records that were made of an answer that is corrected now, or before another was chosen: they keep it. */
  readonly kept: KeptRecord[]
  /** For the audit: names of fields and steps, never a value. */
  readonly detail: string | null
  readonly reopened: readonly StoredStep[]
  readonly dropped: readonly StoredStep[]
  /** Other rules apply now, and nothing has been done yet: the run begins anew. */
  readonly anew: boolean
}

/** Of a call whose answer was lost: no record of those that were found is what it made, and it is sent again. */
const noneOfThem = 'none'

export function mendingOf(
  run: StoredRun,
  { answers, skip = [], choose = {} }: Mend,
  deps: MendDeps,
): Mending | Problem {
  const steps = deps.ledger.steps.of(run.id)
  const begun = begunIn(run, steps, deps.ledger)
  const corrected = answers && Object.keys(answers).length > 0 ? answers : null
  const corrects = corrected ? correcting(run, corrected, steps, begun, deps) : nothing
  if ('code' in corrects) return corrects
  const skipped: StoredStep[] = []
  for (const name of skip) {
    const found = skippable(name, run, steps, deps.configuration, skip)
    if (typeof found === 'string') return refuse('skip', found)
    skipped.push(found)
  }
  const chosen: Record<string, readonly string[]> = {}
  for (const [name, id] of Object.entries(choose)) {
    const step = stepNamed(name, steps)
    if (typeof step === 'string') return refuse(`choose.${name}`, step)
    const candidates = candidatesAt(step).map(one => one.id)
    if (id === noneOfThem && (run.attempt === null || candidates.length === 0))
      return refuse(
        `choose.${name}`,
        `Step '${step.path}' needs one of the records: write the id of the one that is meant.`,
      )
    const [meant, others] =
      id === noneOfThem ? [candidates.map(notThis), candidates] : [[String(id)], [notThis(String(id))]]
    const before = run.amended?.chosen?.[step.path] ?? []
    chosen[step.path] = [...before.filter(one => !others.includes(one)), ...meant]
  }
  const amended = merged(
    run.amended,
    corrected,
    chosen,
    skipped.map(step => step.path),
  )
  const said = [
    ...(corrected ? [`corrected ${namesOf(corrected, deps.configuration)}`] : []),
    ...(skipped.length > 0 ? [`skipped ${skipped.map(step => step.path).join(', ')}`] : []),
    ...(Object.keys(chosen).length > 0 ? [`chose for ${Object.keys(chosen).join(', ')}`] : []),
  ]
  // Whoever chose between the records that a lost call may have made knows of them.
  const known = (path: string) =>
    corrects.kept.some(({ step }) => step === path) || steps.some(one => one.path === path && candidatesAt(one)[0])
  const before = begun.filter(({ step }) => step in chosen && !known(step)).map(keptOf)
  return {
    ...corrects,
    amended,
    skipped: skipped.map(step => ({
      step,
      output: begun.find(one => one.step === step.path && one.made)?.made ?? null,
      link: definitionOf(step, run, deps.configuration)?.link ?? null,
    })),
    kept: [...corrects.kept, ...before],
    detail: said.length > 0 ? said.join('; ') : null,
  }
}

const nothing = { kept: [], reopened: [], dropped: [], anew: false }

function correcting(
  run: StoredRun,
  answers: Readonly<Record<string, Json>>,
  steps: readonly StoredStep[],
  begun: readonly Begun[],
  deps: MendDeps,
): (Correction & { anew: boolean }) | Problem {
  if (!run.event) return refuse('answers', 'The event is no longer kept, so nothing of it can be corrected.')
  if (run.kind === 'undo' || run.kind === 'joining') return refuse('answers', 'This run carries out no answers.')
  for (const name of Object.keys(answers)) {
    const wrong = unknownAnswer(name, run.event, deps.configuration)
    if (wrong !== null) return refuse(`answers.${name}`, wrong)
  }
  const was = amendedRun(run)
  const is = { ...run, event: amendedEvent(run.event, { ...run.amended?.answers, ...answers }) }
  const other = run.kind === 'event' && run.phase !== 'plan' ? otherRules(was, is, deps) : null
  if (typeof other === 'string') return refuse('answers', other)
  if (!other) return { ...correctionOf(was, is, steps, begun, deps), anew: false }
  const through = begun[0]?.step ?? steps.find(step => step.state === 'done' && step.output !== null)?.path
  if (through === undefined) return { ...nothing, dropped: steps, anew: true }
  return refuse(
    'answers',
    `With this answer other rules apply (${other.join(', ') || 'none'}), and step '${through}' has been carried out. Undo this run, and send the event as it should have been.`,
  )
}

/** The audit outlives what a sender wrote: of answers, only names that stand in the firm's rules are its to keep. */
function namesOf(answers: Readonly<Record<string, Json>>, { rules }: StoredConfiguration): string {
  const text = JSON.stringify(rules)
  const ours = (name: string) => isOurs(name) || text.includes(JSON.stringify(name).slice(1, -1))
  const named = Object.keys(answers).filter(ours)
  const others = Object.keys(answers).length - named.length
  const more = others === 0 ? [] : [`${others} ${others === 1 ? 'answer' : 'answers'} that no rule names`]
  return [...named, ...more].join(', ')
}

const isOurs = (name: string) => name === 'message' || personKeys.some(part => name === `person.${part}`)

function merged(
  before: Amended | null,
  answers: Readonly<Record<string, Json>> | null,
  chosen: Readonly<Record<string, readonly string[]>>,
  skipped: readonly string[],
): Amended | null {
  if (!answers && Object.keys(chosen).length === 0 && skipped.length === 0) return before
  return {
    ...before,
    ...(answers && { answers: { ...before?.answers, ...answers } }),
    ...(Object.keys(chosen).length > 0 && { chosen: { ...before?.chosen, ...chosen } }),
    ...(skipped.length > 0 && { skipped: [...(before?.skipped ?? []), ...skipped] }),
  }
}

/** An answer that the event has, or that a rule reads and it lacks; any other name is a slip. */
function unknownAnswer(name: string, event: InboundEvent, { rules }: StoredConfiguration): string | null {
  if (isOurs(name)) return null
  const read = rules.flatMap((rule, at) => absentIn(rule, ['rules', at], [event]).map(one => one.name))
  const known = [...Object.keys(event.fields), ...read, ...personKeys.map(part => `person.${part}`), 'message']
  if (known.includes(name)) return null
  const same = known.find(one => plainName(one) === plainName(name))
  return `The event has no answer '${name}'.${same === undefined ? meantPerhaps(name, known) : meantPerhaps(same, [same])}`
}

function stepNamed(name: string, steps: readonly StoredStep[]): StoredStep | string {
  const found = steps.filter(step => step.path === name || step.name === name)
  const ready = found.filter(step => step.state === 'ready')
  const paths = (of: readonly StoredStep[]) => of.map(step => step.path)
  if (found.length === 0) return `The run has no step '${name}'.${meantPerhaps(name, paths(steps))}`
  if (ready.length === 0) return `Step '${name}' has its outcome already.`
  if (ready.length > 1) return `Several steps are called '${name}': ${paths(ready).join(', ')}. Say which.`
  return ready[0]!
}

function skippable(
  name: string,
  run: StoredRun,
  steps: readonly StoredStep[],
  configuration: StoredConfiguration,
  all: readonly string[],
): StoredStep | string {
  const step = stepNamed(name, steps)
  if (typeof step === 'string') return step
  if (run.attempt !== null) return `A call of step '${step.path}' is in doubt. Resume, so that it is found out first.`
  const later = steps.filter(
    one => one.rule === step.rule && one.state === 'ready' && one.position > step.position && one.name !== step.name,
  )
  const reader = later.find(one => {
    const definition = definitionOf(one, run, configuration)
    const gone = all.includes(one.path) || all.includes(one.name)
    return !gone && definition !== undefined && readsStep(definition, step.name)
  })
  if (reader)
    return `Step '${step.path}' cannot be skipped: step '${reader.path}' reads what it makes. Skip both, or neither.`
  return step
}

const refuse = (path: string, message: string): Problem =>
  problem(422, 'bad-mend', 'The run cannot go on like this', 'Nothing was changed. Fix the entries in "errors".', {
    errors: [{ path, message }],
  })
