import { reconcile } from '../../clio/compare/reconcile.ts'
import { versioned } from '../../clio/compare/versions.ts'
import { resourceNamed } from '../../clio/contract/index.ts'
import type { Configuration } from '../../configuration/configuration.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import { noun } from '../../lib/text/noun.ts'
import type { UndoOutlook } from '../../model/docket-rpc.ts'
import { recordOf, type Write } from '../../model/intent.ts'
import type { Result } from '../calls/result.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { callOf } from '../ledger/run/attempts.ts'
import { erasedWords, type StoredRun } from '../ledger/run/stored-run.ts'
import type { WorkDeps } from './deps.ts'

/**
 * What a run wrote in Clio, the last record first, as far as it can be taken back: one write for each record, whatever it did to it. Of a
 * change of plain values whose answer was lost nobody looks whether it landed, since it may be repeated: what it changed may say either.
 */
export function writesOf(run: StoredRun, ledger: Ledger): Write[] {
  const writes = new Map<string, Write>()
  for (const row of ledger.attempts.of(run.id)) {
    const { method, resource, path, before } = row
    const known = row.outcome === 'applied' || row.settled === 'adopted'
    const lost = method === 'PATCH' && row.settled === 'absent'
    const record = lost ? decodeURIComponent(path.slice(resource.length + 1)) : row.record
    if (!(known || lost) || (method !== 'POST' && method !== 'PATCH') || record === null) continue
    const key = `${resource} ${record}`
    const { body = {} } = row.request
    const { etag } = recordOf(row.answer)
    const earlier = writes.get(key)
    const stands =
      typeof etag === 'string'
        ? { etag, maybe: {} }
        : { etag: (lost && earlier?.etag) || null, maybe: { ...earlier?.maybe, ...(lost && before) } }
    // A version is no record: deleting it would delete the document that was there before.
    const whole = versioned(body) === null && body.fully_uploaded !== true
    if (earlier) writes.set(key, { ...(whole ? together(earlier, body, before) : earlier), ...stands })
    else if (whole) writes.set(key, { method, resource, record, sent: body, before, ...stands })
  }
  return [...writes.values()].reverse()
}

/** What was made goes as a whole, with what the same run changed on it; what was changed more than once goes back to what stood there first. */
function together(write: Write, body: JsonObject, before: JsonObject | null): Write {
  const sent = { ...write.sent }
  for (const [key, value] of Object.entries(body)) sent[key] = joined(sent[key], value)
  return { ...write, sent, before: write.before && before && { ...before, ...write.before } }
}

/** Lists are added to; an item that was changed says what it was given last. */
function joined(earlier: Json | undefined, next: Json): Json {
  if (!Array.isArray(earlier) || !Array.isArray(next)) return next
  const again = (one: Json) => isObject(one) && next.some(other => isObject(other) && one.id === other.id)
  return [...earlier.filter(one => !isObject(one) || one.id === undefined || !again(one)), ...next]
}

/**
 * What the lost calls of a run that is taken back have done, each once it would have landed. null: it is known now, and written down.
 * @returns else what the undo has to wait for, or a person to decide
 */
export async function findOut(
  undone: StoredRun,
  undo: StoredRun,
  configuration: Configuration,
  { ledger, settle, now, clio }: WorkDeps,
): Promise<Result | null> {
  for (const attempt of ledger.attempts.doubted(undone.id)) {
    const until = (attempt.endedAt ?? now()) + settle
    if (until > now()) {
      const reason = `Waiting until a call of run ${undone.id}, whose answer was lost, would have landed.`
      return { input: { kind: 'wait', until, reason } }
    }
    const step = attempt.step ?? ''
    const asks = clio(undo, step, configuration)
    const looks = {
      ...asks,
      mark: `${undone.id}/${step}`,
      inDoubt: (path: string) => asks.inDoubt(path).filter(one => one.run !== undone.id),
    }
    const found = await reconcile(callOf(attempt), attempt.resource, attempt.startedAt, looks)
    if (found.kind === 'doubtful') return { input: { kind: 'park', code: 'doubtful', reason: found.reason } }
    const { answer, record } = found.kind === 'adopt' ? found : { answer: null, record: null }
    ledger.attempts.settle(attempt.id, found.kind === 'adopt' ? 'adopted' : 'absent', answer, record)
  }
  return null
}

/** What stays as it is when a run is undone, in words; said before anything is done. */
function lasting(run: StoredRun, ledger: Ledger): string[] {
  const said: string[] = []
  for (const row of ledger.attempts.of(run.id)) {
    if (row.outcome === 'applied' && row.method === 'DELETE') said.push(`${row.path} was deleted, and stays so.`)
    const { body } = row.request
    if (row.outcome === 'applied' && versioned(body) !== null)
      said.push(`Document ${versioned(body)} got a new version, which stays.`)
  }
  for (const { method, resource, record, sent, before } of writesOf(run, ledger)) {
    if (sent.send_email_notification === true)
      said.push(`The attendees of ${noun(resource)} ${record} were told by e-mail.`)
    if (method === 'PATCH' && before === null) said.push(`What ${noun(resource)} ${record} said before is not known.`)
    if (method === 'POST' && !resourceNamed(resource)?.delete)
      said.push(`Clio lets nobody delete ${noun(resource)} ${record}.`)
  }
  for (const step of ledger.steps.of(run.id)) {
    if (isObject(step.output) && step.output.told !== undefined) said.push(`Step ${step.path} has told somebody.`)
  }
  return said
}

/** What an undo would do, before anybody asks for it; or why there can be none. */
export function undoOutlook(run: StoredRun, ledger: Ledger): UndoOutlook | Problem {
  const takes = writesOf(run, ledger).map(({ method, resource, record }) => {
    return { resource, record, how: method === 'POST' ? ('deleted' as const) : ('changed back' as const) }
  })
  return undoable(run, ledger, true) ?? { takes, stays: lasting(run, ledger) }
}

/** What is left to say of a run that says nothing any more: which records it made, for a person to take away. */
function goneBut(run: StoredRun, ledger: Ledger): string {
  const made = ledger.attempts
    .of(run.id)
    .filter(({ method, outcome, settled }) => method === 'POST' && (outcome === 'applied' || settled === 'adopted'))
    .flatMap(({ resource, record }) => (record === null ? [] : [`${resource} ${record}`]))
  const list = made.length === 0 ? 'It made nothing in Clio.' : `It made ${made.join(', ')}: remove that in Clio.`
  return `${erasedWords(run)} It cannot be taken back from here. ${list}`
}

/** Whether a run may be undone now; null: it may. */
export function undoable(run: StoredRun, ledger: Ledger, anyway: boolean): Problem | null {
  const { id, state } = run
  if (run.undoOf !== null)
    return problem(409, 'wrong-state', 'An undo cannot be undone', `Replay run ${run.undoOf} instead.`)
  if (state !== 'done' && state !== 'discarded' && state !== 'parked') {
    const detail = `Run ${id} is ${state}: it can be undone when it is done, parked or discarded.`
    return problem(409, 'wrong-state', 'The run is not at its end', detail)
  }
  if (run.event === null) return problem(409, 'event-gone', 'The run is no longer kept whole', goneBut(run, ledger))
  if (writesOf(run, ledger).length === 0 && ledger.attempts.doubted(run.id).length === 0)
    return problem(409, 'nothing-to-undo', 'There is nothing to undo', `Run ${id} made nothing in Clio.`)
  const said = anyway ? [] : lasting(run, ledger)
  if (said.length === 0) return null
  const detail = `${said.join(' ')} Send {"anyway": true} to take back the rest.`
  return problem(409, 'lasting-effects', 'Part of it cannot be undone', detail, {
    errors: said.map(message => ({ path: '', message })),
  })
}
