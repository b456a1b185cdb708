import type { StoredConfiguration } from '../../../configuration/stored.ts'
import { canonical, isObject, type Json, type JsonObject } from '../../../lib/json.ts'
import type { KeptRecord } from '../../../model/amended.ts'
import type { EachItem, Prepared } from '../../../rules/plan.ts'
import { plan } from '../../../rules/plan.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredStep } from '../../ledger/run/steps.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { preparedAgain } from '../../run/step.ts'

/**
 * How far a correction reaches: to all that has not been written yet. What has been is named; a step that its condition left out is asked
 * for when it holds now; a list is gone through anew where nothing was made of it; and where other rules apply, the run begins anew, if it
 * still can.
 */
export interface Correction {
  /** Records that keep what was corrected. */
  readonly kept: KeptRecord[]
  /** Steps that have their outcome, and are to be worked out once more. */
  readonly reopened: readonly StoredStep[]
  /** Items of a list that is gone through anew: nothing was made of them. */
  readonly dropped: readonly StoredStep[]
}

export interface MendDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly configuration: StoredConfiguration
}

/** A write of a step that has no outcome yet. `record` null: nobody knows whether it made one. */
export interface Begun {
  readonly step: string
  readonly resource: string
  readonly record: string | null
  /** What the step would say of a record that it has made. */
  readonly made: JsonObject | null
}

export const keptOf = ({ step, resource, record }: Begun): KeptRecord => ({ step, resource, record })

/** What steps without an outcome have written, or may have. */
export function begunIn(run: StoredRun, steps: readonly StoredStep[], ledger: Ledger): Begun[] {
  const ready = new Set(steps.filter(step => step.state === 'ready').map(step => step.path))
  return ledger.attempts.of(run.id).flatMap(({ method, step, outcome, settled, resource, record, path }) => {
    if (method === 'GET' || step === null || !ready.has(step)) return []
    const applied = outcome === 'applied' || settled === 'adopted'
    const inDoubt = outcome !== 'applied' && outcome !== 'refused' && settled === null
    if (!applied && !inDoubt) return []
    const of = record ?? (method === 'POST' ? null : (path.split('/')[1] ?? null))
    const made = applied && method === 'POST' && of !== null ? { id: of, resource, created: true } : null
    return [{ step, resource, record: of, made }]
  })
}

/** @param mended the run with its answers as they are from now on */
export function correctionOf(
  run: StoredRun,
  mended: StoredRun,
  steps: readonly StoredStep[],
  begun: readonly Begun[],
  { ledger, firm, configuration }: MendDeps,
): Correction {
  const [before, after] = [run, mended].map(
    one => (step: StoredStep) => preparedAgain(one, step, configuration, { ledger, firm }),
  ) as [Again, Again]
  const persons = run.amended?.skipped ?? []
  const lists = steps.filter(step => step.item === undefined && differ(listed(before(step)), listed(after(step))))
  const kept: KeptRecord[] = []
  const reopened: StoredStep[] = lists.filter(step => step.state === 'done')
  const dropped: StoredStep[] = []
  for (const step of steps) {
    const list = lists.find(one => step.item !== undefined && step.path.startsWith(`${one.path}[`))
    const [was, is] = [before(step), after(list ? withItem(step, listed(after(list))) : step)]
    const made = madeBy(step, begun)
    if (made.length > 0) {
      if (differ(was, is)) kept.push(...made)
    } else if (step.state === 'done' || persons.includes(step.path)) continue
    else if (list) dropped.push(step)
    else if (step.state === 'skipped' && was?.kind === 'skip' && is && is.kind !== 'skip') reopened.push(step)
  }
  return { kept, reopened, dropped }
}

type Again = (step: StoredStep) => Prepared | null

/** What stands, or may stand, in Clio of a step: also of one that a person left where it had made its record. */
function madeBy({ path, output, state }: StoredStep, begun: readonly Begun[]): KeptRecord[] {
  if (state !== 'ready' && isObject(output) && (output.id ?? null) !== null)
    return [{ step: path, resource: String(output.resource), record: String(output.id) }]
  return begun.filter(({ step }) => step === path).map(keptOf)
}

/** The items of a step with `each`; of any other none. */
const listed = (prepared: Prepared | null): readonly EachItem[] | null =>
  prepared?.kind === 'each' ? prepared.items : null

function withItem(step: StoredStep, items: readonly EachItem[] | null): StoredStep {
  return { ...step, item: items?.find(({ index }) => step.path.endsWith(`[${index}]`))?.item }
}

const differ = (one: unknown, other: unknown): boolean =>
  canonical((one ?? null) as Json) !== canonical((other ?? null) as Json)

/** Names of the rules that apply now, when others did before; null: the same ones do. A text: why the event cannot be carried out any more. */
export function otherRules(
  run: StoredRun,
  mended: StoredRun,
  { ledger, firm, configuration }: MendDeps,
): readonly string[] | string | null {
  const { endpoint, thread, acceptedAt: now } = run
  const links = ledger.links.current(endpoint, thread)
  const planned = ({ event }: StoredRun) => plan(configuration, event!, endpoint, { firm, now, links })
  const [was, is] = [planned(run), planned(mended)]
  if (was.kind === 'park') return null
  if (is.kind === 'park') return is.reason
  return differ(was.rules, is.rules) ? is.rules : null
}
