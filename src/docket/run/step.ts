import { reconcile } from '../../clio/compare/reconcile.ts'
import { resourceNamed } from '../../clio/contract/index.ts'
import { advance } from '../../clio/operations/operation.ts'
import type { Configuration } from '../../configuration/configuration.ts'
import { isObject, type Json } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import type { Candidate, Intent, PastCall } from '../../model/intent.ts'
import { type Step, verbsOf } from '../../model/rule.ts'
import { type EachItem, type Prepared, prepare } from '../../rules/plan.ts'
import { type Scope, scopeOf } from '../../rules/scope.ts'
import type { Result } from '../calls/result.ts'
import { withSpokenRules } from '../conversation/conversation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { callOf, type StoredAttempt } from '../ledger/run/attempts.ts'
import type { StoredStep } from '../ledger/run/steps.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { alertsChannel } from '../notices/notices.ts'
import { askedStep } from './asked.ts'
import { eventGone, type WorkDeps } from './deps.ts'
import { goneStep } from './gone.ts'
import { keepEntry } from './own/echo.ts'

/** Works out what the run's current step needs next. */
export async function workStep(run: StoredRun, configuration: Configuration, deps: WorkDeps): Promise<Result> {
  const { ledger } = deps
  const steps = ledger.steps.of(run.id)
  const step = ledger.steps.current(run.id)
  // A person let it go on behind its last step, which had parked it.
  if (!step) return { input: { kind: 'step-done', last: true } }
  if (!run.event) return { input: eventGone }
  const last = steps.at(-1)?.position === step.position
  const definition = step.intent ? undefined : definitionOf(step, run, configuration)
  // What was done by another step of the name, in earlier rules, is nothing that this one has done.
  const past = ledger.attempts.past(run.id, step.path, run.resumedAt).filter(({ call }) => makes(definition, call))
  const skip: Result = {
    input: { kind: 'step-done', last },
    write: () => ledger.steps.end(run.id, step.position, 'skipped', null),
  }
  // Its row may have been made anew since: with a corrected list, or by other rules.
  if (run.amended?.skipped?.includes(step.path) && !past.some(one => one.applied)) return skip
  if (step.intent) return carryOn(run, step, past, step.intent, null, last, configuration, deps)
  if (!definition) {
    const reason = `Step ${step.path} is not in version ${run.version} of the configuration: replay the event, or discard this run.`
    return { input: { kind: 'park', code: 'step-gone', reason } }
  }
  // What has begun is carried through: its condition may have changed since, by a link that another run made.
  const begun = past.some(one => one.applied)
  const { if: _, ...unconditional } = definition
  const prepared = preparedAs(begun ? unconditional : definition, run, step, configuration, deps)
  switch (prepared.kind) {
    case 'park':
      return { input: prepared }
    case 'skip':
      return skip
    case 'each':
      return spread(run, step, steps, prepared.items, last, ledger)
    case 'intent':
      if (prepared.intent.verb === 'notify') return told(run, step, prepared.intent, last, deps)
      return carryOn(run, step, past, prepared.intent, prepared.link, last, configuration, deps)
  }
}

/** Whether a call is one that a step of such a definition may make; none: the step says itself what it wants. */
function makes(definition: Step | undefined, { path }: Call): boolean {
  const [verb] = definition ? verbsOf(definition) : []
  return verb === undefined || `${path}/`.startsWith(`${definition![verb]}/`)
}

/** What Clio has to be asked next for the step to have what it wants. */
async function carryOn(
  run: StoredRun,
  step: StoredStep,
  past: readonly PastCall[],
  intent: Intent,
  link: string | null,
  last: boolean,
  configuration: Configuration,
  deps: WorkDeps,
): Promise<Result> {
  const { ledger } = deps
  const clio = deps.clio(run, step.path, configuration)
  const gone = await goneStep(step, ledger.steps.of(run.id), past, clio)
  if (gone)
    return { input: { kind: 'step-done', last: false }, write: () => ledger.steps.reopen(run.id, gone.position) }
  const next = await advance(intent, past, clio)
  if ('park' in next) {
    const { park, code, seen, candidates = [] } = next
    const input = { kind: 'park', code, reason: `Step ${step.path}: ${park}` } as const
    if (seen === undefined || intent.verb !== 'undo') return { input, write: asking(run, step, candidates, ledger) }
    const shown: Intent = { ...intent, write: { ...intent.write, seen } }
    return { input, write: () => ledger.steps.setIntent(run.id, step.position, shown) }
  }
  if ('output' in next) {
    const output = withTold(step.output, next.output)
    const write = () => {
      ledger.steps.end(run.id, step.position, 'done', output)
      keepLink(run, link, intent, output, ledger)
      keepEntry(output, configuration.timezone, ledger, deps.now())
      tellContradiction(run, step, output, configuration, deps)
    }
    return { input: { kind: 'step-done', last }, write }
  }
  const { call, before, told } = next
  const resource = intent.verb === 'undo' ? intent.write.resource : 'resource' in intent ? intent.resource : call.path
  return {
    input: { kind: 'call', ready: { call, resource, ...(before && { before }), at: deps.now() } },
    ...(told && { write: () => ledger.steps.tell(run.id, step.position, told) }),
  }
}

/** @param said what the step said of the record before it changed it */
function withTold(said: Json, output: Json): Json {
  if (!isObject(said) || !isObject(output) || output.created !== false) return output
  const { candidates: _, ...told } = said
  return { ...told, ...output }
}

/** The records between which a person is to choose stand at the step, sealed as its output will be, until it has one. */
function asking(run: StoredRun, step: StoredStep, candidates: readonly Candidate[], { steps }: Ledger): () => void {
  const { candidates: before, ...told } = isObject(step.output) ? step.output : {}
  const said = candidates.length > 0 ? { ...told, candidates: candidates.map(one => ({ ...one })) } : told
  return () => {
    if (candidates.length > 0 || before !== undefined) steps.tell(run.id, step.position, said)
  }
}

/** By name and telephone it is this client; by the e-mail address it may be another person. The firm is told, without either. */
function tellContradiction(
  run: StoredRun,
  step: StoredStep,
  output: Json,
  configuration: Configuration,
  { ledger, firm, now }: WorkDeps,
): void {
  const channel = alertsChannel(configuration)
  if (channel === null || !isObject(output) || !Array.isArray(output.contradicts)) return
  const text = `Run ${run.id} found ${output.resource} ${output.id} by name and telephone, but another e-mail address came in. It was not written unless the rule says so (step ${step.path}). Look whether it is the same person.`
  const id = `contradicts_${run.id}_${step.path}`
  const data = { firm, run: run.id, endpoint: run.endpoint, step: step.path, code: 'contradicts', text }
  ledger.notices.add({ id, type: 'record.contradicted', channel, data, at: now() })
}

export function definitionOf(step: StoredStep, run: StoredRun, configuration: Configuration): Step | undefined {
  if (run.kind === 'asked' && run.event) return askedStep(run.event).definition
  return withSpokenRules(configuration, run.event).rules.find(rule => rule.name === step.rule)?.steps[step.name]
}

/** The step that parked the run on purpose; null when the run stands elsewhere, or its `if` could not be worked out. */
export function parkedBy(
  run: StoredRun,
  configuration: Configuration,
  deps: Pick<WorkDeps, 'ledger' | 'firm'>,
): StoredStep | null {
  const step = deps.ledger.steps.current(run.id)
  const definition = step && definitionOf(step, run, configuration)
  if (!step || !run.event || definition?.park === undefined) return null
  const said = 'on purpose'
  const prepared = preparedAs({ ...definition, park: said }, run, step, configuration, deps)
  return prepared.kind === 'park' && prepared.reason === said ? step : null
}

/** What a step that is done would want now; null: the rules know it no more. */
export function preparedAgain(
  run: StoredRun,
  step: StoredStep,
  configuration: Configuration,
  deps: Pick<WorkDeps, 'ledger' | 'firm'>,
): Prepared | null {
  const definition = definitionOf(step, run, configuration)
  return definition && run.event ? preparedAs(definition, run, step, configuration, deps) : null
}

const preparedAs = (definition: Step, run: StoredRun, step: StoredStep, ...rest: Where): Prepared =>
  prepare({ rule: step.rule, name: step.name, path: step.path, definition }, scopeAt(run, step, ...rest))

/** A notice goes out once, for it is written together with the step's end. */
function told(
  run: StoredRun,
  step: StoredStep,
  { to, text }: { to: string; text: string },
  last: boolean,
  deps: WorkDeps,
): Result {
  const { ledger } = deps
  if (deps.tells) return deps.tells({ step: step.path, to, text })
  const id = `notify_${run.id}_${step.path}`
  const write = () => {
    ledger.notices.add({
      id,
      type: 'notify',
      channel: to,
      data: { firm: deps.firm, run: run.id, text },
      at: deps.now(),
    })
    ledger.steps.end(run.id, step.position, 'done', { told: to })
  }
  return { input: { kind: 'step-done', last }, write }
}

/** One row for every item, right behind the step that makes them, and behind those that were begun before a list was corrected. */
function spread(
  run: StoredRun,
  step: StoredStep,
  steps: readonly StoredStep[],
  items: readonly EachItem[],
  last: boolean,
  ledger: Ledger,
): Result {
  const begun = steps.filter(one => one.item !== undefined && one.path.startsWith(`${step.path}[`))
  const from = Math.max(step.position, ...begun.map(one => one.position))
  const fresh = items
    .map(({ item, index }) => ({ item, path: `${step.path}[${index}]` }))
    .filter(({ path }) => !begun.some(one => one.path === path))
  const write = () => {
    ledger.steps.end(run.id, step.position, 'done', [])
    ledger.steps.add(
      run.id,
      fresh.map(({ item, path }, at) => ({
        position: from + ((step.position + 1 - from) * (at + 1)) / (fresh.length + 1),
        path,
        rule: step.rule,
        name: step.name,
        item,
      })),
    )
  }
  return { input: { kind: 'step-done', last: last && fresh.length === 0 }, write }
}

type Where = [configuration: Configuration, deps: Pick<WorkDeps, 'ledger' | 'firm'>]

/** What a step's expressions can read. */
export function scopeAt(run: StoredRun, step: StoredStep, ...[configuration, deps]: Where): Scope {
  const { timezone, country, language } = configuration
  const bound = { firm: deps.firm, now: run.acceptedAt, timezone, country, language }
  const links = deps.ledger.links.current(run.endpoint, run.thread)
  const index = Number(/\[(\d+)\]$/.exec(step.path)?.[1] ?? 0)
  const known = {
    steps: outputs(deps.ledger.steps.of(run.id), step),
    links,
    ...(step.item !== undefined && { item: step.item, index }),
  }
  return scopeOf(run.event!, bound, known)
}

/** What earlier steps of the same rule made; of a step with `each`, the list of what its items made. */
function outputs(steps: readonly StoredStep[], current: StoredStep): Record<string, Json> {
  const made: Record<string, Json> = {}
  for (const step of steps) {
    if (step.rule !== current.rule || step.state === 'ready' || step.name === current.name) continue
    if (step.item === undefined) made[step.name] = step.output
    else made[step.name] = [...(Array.isArray(made[step.name]) ? (made[step.name] as Json[]) : []), step.output]
  }
  return made
}

export function keepLink(
  run: StoredRun,
  link: string | null,
  intent: { verb: string; resource?: string },
  output: Json,
  ledger: Ledger,
): void {
  const id = isObject(output) ? output.id : null
  if (id === null || id === undefined) return
  if (intent.verb === 'undo' && isObject(output) && output.undone === 'deleted')
    ledger.links.remove(String(output.resource), String(id))
  if (intent.resource === undefined) return
  if (intent.verb === 'delete') ledger.links.remove(intent.resource, String(id))
  else if (link !== null && run.thread !== null) {
    // Its thread may have been joined to another while the step waited for an answer.
    const thread = ledger.runs.get(run.id)?.thread ?? run.thread
    const record = { name: link, resource: intent.resource, record: String(id), run: run.id }
    ledger.links.set(run.endpoint, thread, { ...record, made: intent.verb === 'create' })
  }
}

/** Where Clio offers no way to look, a person looked, and resumed the run because it was not there. */
function lookedFor(run: StoredRun, attempt: StoredAttempt): boolean {
  return run.resumedAt > (attempt.endedAt ?? 0) && !resourceNamed(attempt.resource)?.lookup
}

/** Did the unknown call of this run land? */
export async function lookForCall(run: StoredRun, configuration: Configuration, deps: WorkDeps): Promise<Result> {
  const { ledger } = deps
  const id = run.attempt
  const attempt = id === null ? null : ledger.attempts.get(id)
  if (id === null || !attempt) return { input: { kind: 'found', verdict: { kind: 'absent' } } }
  const clio = deps.clio(run, attempt.step ?? '', configuration)
  const found = lookedFor(run, attempt)
    ? ({ kind: 'absent' } as const)
    : await reconcile(callOf(attempt), attempt.resource, attempt.startedAt, clio)
  if (found.kind === 'doubtful') {
    const step = ledger.steps.of(run.id).find(one => one.path === attempt.step)
    const write = step && asking(run, step, found.candidates ?? [], ledger)
    return { input: { kind: 'found', verdict: found }, ...(write && { write }) }
  }
  const { answer, record } = found.kind === 'adopt' ? found : { answer: null, record: null }
  const write = () => ledger.attempts.settle(id, found.kind === 'adopt' ? 'adopted' : 'absent', answer, record)
  return { input: { kind: 'found', verdict: { kind: found.kind } }, write }
}
