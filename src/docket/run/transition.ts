import { backoff } from '../../lib/backoff.ts'
import type { Outcome } from '../../model/call.ts'
import type { ReasonCode } from '../../model/reason.ts'
import {
  type Input,
  isFinal,
  isSettled,
  isShadow,
  type Next,
  type Phase,
  type Run,
  type Verdict,
} from '../ledger/run/run-state.ts'

export interface Circumstances {
  readonly now: number
  /** 0 ≤ random < 1, for jitter. */
  readonly random: number
  /** ms from an unknown outcome until a late write would have landed. */
  readonly settle: number
}

const minute = 60_000
/** A run that only ever met trouble for this long is shown to a person. */
export const patience = 24 * 60 * minute
/** Between two tries of a run in trouble. */
const again = { base: 1000, longest: 5 * minute }
/** A ready call older than this is worked out anew: what it was based on may have changed. */
export const freshness = 2 * minute

/**
 * What happens next to a run. Pure: (run, input, circumstances) -> (run, what to do); no I/O, no clock, no ids of its own.
 * The Docket feeds it, writes down what it says in one transaction, and does what it says.
 */
export function transition(run: Run, input: Input, at: Circumstances): { run: Run; next: Next } {
  if (input.kind === 'discard')
    return isFinal(run.state) ? rest(run) : end(run, 'discarded', { code: run.reasonCode, reason: run.reason })
  if (input.kind === 'resume') return resume(run, at)
  if (isSettled(run.state)) return rest(run)
  switch (input.kind) {
    case 'turn':
      return turn(run, at)
    case 'planned':
      return input.steps === 0
        ? end(run, 'ignored', { code: 'no-rule', reason: 'No rule matches.' })
        : go({ ...run, phase: 'work' }, 'work')
    case 'ignored':
      return end(run, 'ignored', input)
    case 'call':
      return go({ ...run, phase: 'send', ready: input.ready }, 'send')
    case 'step-done':
      return input.last
        ? end(run, 'done', { code: null, reason: null })
        : go(calm({ ...run, phase: 'work', ready: null }), 'work')
    case 'park':
      return park(run, input)
    case 'outcome':
      return afterCall(run, input, at)
    case 'unread':
      return trouble(run, input.outcome, at)
    case 'found':
      return found(run, input.verdict)
    case 'cut':
      return unknown(run, input.attempt, 'Docketed restarted while the call was under way.', at)
    case 'elsewhere':
      return go({ ...run, phase: 'look', attempt: input.attempt }, 'look')
    case 'behind':
      // The moment only counts when the other has ended meanwhile.
      return wait(run, 'behind-step', `Waiting for run ${input.run}: ${input.what}`, at.now + 1000)
    case 'wait':
      return wait(run, 'answer-lost', input.reason, input.until)
    case 'shadow':
      return shadow(run, input.reason)
    case 'queued':
      return rest(run)
  }
}

/** Goes on where it stood. */
function turn(run: Run, at: Circumstances): { run: Run; next: Next } {
  switch (run.phase) {
    case 'plan':
    case 'work':
    case 'look':
      return go(run, run.phase)
    case 'settle':
      return go({ ...run, phase: 'look' }, 'look')
    case 'send':
      return run.ready && Math.abs(at.now - run.ready.at) <= freshness
        ? go(run, 'send')
        : go({ ...run, phase: 'work', ready: null }, 'work')
  }
}

function afterCall(run: Run, input: Extract<Input, { kind: 'outcome' }>, at: Circumstances) {
  const { outcome } = input
  if (outcome.kind === 'applied') return go(calm({ ...run, phase: 'work', ready: null }), 'work')
  if (outcome.kind === 'unknown') return unknown(run, input.attempt, outcome.message, at)
  // Refused for what it says: the step itself knows whether another way leads on (a forgotten id, a matter linked later).
  if (isWord(outcome.why)) return go({ ...run, phase: 'work', ready: null }, 'work')
  return trouble(run, outcome, at)
}

/** Clio's word on what a call says. */
const isWord = (why: Refusal['why']): boolean => why === 'missing' || why === 'invalid' || why === 'changed'
type Refusal = Extract<Outcome, { kind: 'refused' }>

/** What it had ready is worked out again. */
function wait(run: Run, code: ReasonCode, reason: string, wakeAt: number) {
  const phase: Phase = run.phase === 'send' ? 'work' : run.phase
  return rest({ ...run, state: 'waiting', phase, ready: null, reasonCode: code, reason, wakeAt })
}

/** It begins anew where it stands: what it had ready is worked out again before anything goes. */
function shadow(run: Run, reason: string) {
  const phase: Phase = run.phase === 'plan' ? 'plan' : 'work'
  return rest({ ...calm(run), state: 'held', phase, ready: null, reasonCode: 'shadow', reason })
}

/** `settle` counts from here: from the outcome, or from the restart that cut the call. */
function unknown(run: Run, attempt: number, message: string, at: Circumstances) {
  const patient = {
    ...run,
    phase: 'settle' as const,
    attempt,
    tries: run.tries + 1,
    troubledAt: run.troubledAt ?? at.now,
  }
  const reason = `${message} It may have been done: looking in Clio before anything is repeated.`
  return (
    tooLong(patient, at, message) ??
    rest({ ...patient, state: 'waiting', reasonCode: 'answer-lost', reason, wakeAt: at.now + at.settle })
  )
}

function trouble(run: Run, outcome: Exclude<Outcome, { kind: 'applied' }>, at: Circumstances) {
  if (outcome.kind === 'refused' && outcome.why === 'connection') {
    const reason = `The connection to Clio is lost: ${outcome.message}`
    return rest({ ...run, state: 'held', wakeAt: null, reasonCode: 'connection-lost', reason })
  }
  if (outcome.kind === 'refused' && outcome.why === 'forbidden') {
    const reason = `The connected user lacks a permission or the app a scope. Clio refused (403): ${outcome.message}`
    return park(run, { code: 'forbidden', reason })
  }
  if (outcome.kind === 'refused' && outcome.why !== 'limit' && outcome.why !== 'busy')
    return park(run, { code: 'refused', reason: `Clio refused (${outcome.status}): ${outcome.message}` })
  const troubled = { ...run, tries: run.tries + 1, troubledAt: run.troubledAt ?? at.now }
  const asked = outcome.kind === 'refused' ? outcome.retryAfter : undefined
  const wait = asked ?? backoff(run.tries, again, at.random)
  const reason = `Trying again after: ${outcome.message}`
  return (
    tooLong(troubled, at, outcome.message) ??
    rest({ ...troubled, state: 'waiting', wakeAt: at.now + wait, reasonCode: 'retrying', reason })
  )
}

function tooLong(run: Run, at: Circumstances, message: string) {
  if (run.troubledAt === null || at.now - run.troubledAt < patience) return null
  const reason = `Given up after a day of trying: ${message} Resume it when the cause is mended.`
  return park(run, { code: 'gave-up', reason })
}

function found(run: Run, verdict: Verdict): { run: Run; next: Next } {
  switch (verdict.kind) {
    case 'adopt':
      return go(calm({ ...run, phase: 'work', ready: null, attempt: null }), 'work')
    case 'absent':
      // Worked out anew rather than sent as it was: what it was based on is older than the settle time.
      return go({ ...run, phase: 'work', ready: null, attempt: null }, 'work')
    case 'doubtful':
      return park(run, { code: 'doubtful', reason: verdict.reason })
  }
}

/** An unknown call stays unknown across parking: it is looked for before anything else, and never before it has settled. */
function resume(run: Run, at: Circumstances): { run: Run; next: Next } {
  if (run.state !== 'parked' && run.state !== 'spam' && !isShadow(run)) return rest(run)
  const fresh = { ...calm(run), state: 'accepted' as const }
  if (run.attempt === null) {
    const phase: Phase = run.phase === 'plan' ? 'plan' : 'work'
    return rest({ ...fresh, phase, ready: null, wakeAt: at.now })
  }
  if (run.phase === 'settle') return rest({ ...fresh, wakeAt: at.now + at.settle })
  return rest({ ...fresh, phase: 'look', wakeAt: at.now })
}

const none = { reasonCode: null, reason: null }
const go = (run: Run, next: Next) => ({ run: { ...run, ...none, state: 'running' as const, wakeAt: null }, next })
const rest = (run: Run) => ({ run, next: 'rest' as const })
const calm = (run: Run): Run => ({ ...run, ...none, tries: 0, troubledAt: null, wakeAt: null })
const park = (run: Run, { code, reason }: Why) =>
  rest({ ...run, state: 'parked', reasonCode: code, reason, wakeAt: null })
const end = (
  run: Run,
  state: 'done' | 'ignored' | 'discarded',
  { code, reason }: { code: Run['reasonCode']; reason: Run['reason'] },
) => rest({ ...run, state, reasonCode: code, reason, wakeAt: null, ready: null, attempt: null })

interface Why {
  readonly code: ReasonCode
  readonly reason: string
}
