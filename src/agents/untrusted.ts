import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { once } from '../lib/once.ts'
import type { RunSummary, RunView, StepView } from '../model/docket-rpc.ts'
import { askedType } from '../model/event.ts'
import { reasons } from '../model/reason.ts'
import { todoOf } from '../model/view/what-to-do.ts'
import { sources } from '../sources/index.ts'
import type { Told } from './tool.ts'

/** Runs as agents read them: our words here, those of others apart. */

/** Characters of one text of others, unless the whole was asked for. */
const textMost = 1000

/** A type of event that a source of ours makes; any other is the sender's word. */
const ourTypes = once(
  () => new Set([askedType, ...[...sources.values()].flatMap(({ types }) => types).filter(type => type !== '*')]),
)

function oursOf(run: RunSummary): JsonObject {
  const { id, state, reasonCode, endpoint, type, acceptedAt, finishedAt } = run
  const todo = todoOf(state, reasonCode)
  return {
    run: id,
    state,
    ...(reasonCode !== null && { reasonCode, why: reasons[reasonCode] }),
    ...(todo !== null && { todo }),
    endpoint,
    ...(ourTypes().has(type) && { type }),
    acceptedAt,
    ...(finishedAt !== null && { finishedAt }),
  }
}

/** What of a summary others may have written. */
const theirsOf = ({ reason, subject, type }: RunSummary): JsonObject => ({
  ...(reason !== null && { reason }),
  ...(subject !== null && { subject }),
  ...(!ourTypes().has(type) && { type }),
})

export function toldRuns(runs: readonly RunSummary[]): Told {
  const theirs = runs.map(run => [run.id, theirsOf(run)] as const).filter(([, one]) => Object.keys(one).length > 0)
  return { runs: runs.map(oursOf), ...(theirs.length > 0 && { untrusted: Object.fromEntries(theirs) }) }
}

export function toldSummary(run: RunSummary): Told {
  const theirs = theirsOf(run)
  return { ...oursOf(run), ...(Object.keys(theirs).length > 0 && { untrusted: theirs }) }
}

/** @param full payload and requests too, and texts uncut */
export function toldRun(run: RunView, full: boolean): Told {
  const { steps, event, nextAt, replayOf, undoOf, passedOver } = run
  const seen = event && {
    fields: event.fields,
    person: { ...event.person },
    message: event.message,
    booking: event.booking && { ...event.booking },
    files: event.files.map(({ name, content_type, size }) => ({ name, content_type, size })),
    ...(full && { data: event.data }),
  }
  const theirs = {
    ...theirsOf(run),
    ...(seen && { event: seen }),
    steps: steps.map(one => theirStep(one, full)),
  }
  return {
    ...oursOf(run),
    ...(nextAt !== null && { nextAt }),
    ...(replayOf !== null && { replayOf }),
    ...(undoOf !== null && { undoOf }),
    ...(passedOver.length > 0 && { rulesPassedOver: passedOver.map(({ rule }) => rule) }),
    steps: steps.map(ourStep),
    untrusted: full ? theirs : shortened(theirs),
  }
}

/** Ids stand in clear in the ledger too. */
function ourStep({ path, state, output, attempts }: StepView): JsonObject {
  const made = isObject(output) ? output : {}
  const id = typeof made.id === 'number' || /^[\w-]{1,40}$/.test(String(made.id ?? '?')) ? made.id : undefined
  return {
    step: path,
    state,
    ...(id !== undefined && id !== null && { record: { resource: made.resource ?? null, id } }),
    ...(typeof made.undo === 'string' && /^run_\w+$/.test(made.undo) && { undo: made.undo }),
    calls: attempts.map(
      one => `${one.method} ${one.path}: ${one.outcome}${one.status === null ? '' : ` ${one.status}`}`,
    ),
  }
}

const theirStep = ({ path, output, attempts, given }: StepView, full: boolean): JsonObject => ({
  step: path,
  output,
  ...(given && { given: given.map(({ at, value }) => ({ at, value })) }),
  clioSaid: attempts.flatMap(one => one.message ?? []),
  ...(full && { requests: attempts.map(one => one.request) }),
})

/** Texts cut to what is usually enough. */
export function shortened<T extends Json>(value: T): T {
  if (typeof value === 'string')
    return (value.length > textMost ? `${value.slice(0, textMost)} … (${value.length} characters)` : value) as T
  if (Array.isArray(value)) return value.map(shortened) as unknown as T
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortened(one as Json)])) as T
}
