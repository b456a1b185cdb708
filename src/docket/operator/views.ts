import type { Configuration } from '../../configuration/configuration.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { Pieces } from '../../lib/pieces.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import { meantPerhaps } from '../../lib/text/nearest.ts'
import { instantAt, isRealDate } from '../../lib/time/time.ts'
import type {
  AttemptView,
  KeptShadow,
  RunQuery,
  RunState,
  RunSummary,
  RunView,
  Shadow,
  Stats,
  StepView,
} from '../../model/docket-rpc.ts'
import { withoutSeals } from '../../model/event.ts'
import { reasonCodeIn, reasons } from '../../model/reason.ts'
import { todoOf } from '../../model/view/what-to-do.ts'
import { heldIn, heldPlainly, holdCode } from '../calls/hold.ts'
import type { Turnstile } from '../calls/turnstile.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredAttempt } from '../ledger/run/attempts.ts'
import { candidatesAt } from '../ledger/run/steps.ts'
import type { ListedRun, StoredRun } from '../ledger/run/stored-run.ts'

/** What an operator sees of a run. */

const iso = (at: number): string => new Date(at).toISOString()

export function summaryOf(run: ListedRun): RunSummary {
  const { id, state, reason, reasonCode, endpoint, type, event, acceptedAt, finishedAt } = run
  const subject = event?.subject ?? null
  const finished = finishedAt === null ? null : iso(finishedAt)
  const times = { acceptedAt: iso(acceptedAt), finishedAt: finished }
  return { id, state, reason, reasonCode, endpoint, type, subject, person: personIn(run), ...times }
}

function personIn({ event }: ListedRun): string | null {
  const { first_name, last_name, email, phone, company } = event?.person ?? {}
  const eastern = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(last_name ?? '')
  const name = (eastern ? [last_name, first_name] : [first_name, last_name]).filter(Boolean).join(' ')
  return name || email || phone || company || null
}

export function viewOf(run: StoredRun, ledger: Ledger): RunView {
  const attempts = ledger.attempts.of(run.id)
  const hold = ledger.legalHolds.of(run.id)
  const steps = ledger.steps.of(run.id).map((step): StepView => {
    const { path, state, output } = step
    const candidates = candidatesAt(step)
    return {
      path,
      state,
      ...(candidates.length > 0 && run.state === 'parked' && { candidates }),
      output: state === 'ready' ? null : output,
      attempts: attempts.filter(attempt => attempt.step === path).map(attemptOf),
    }
  })
  return {
    ...summaryOf(run),
    version: run.version,
    interactive: run.interactive,
    replayOf: run.replayOf,
    undoOf: run.undoOf,
    undoneBy: ledger.runs.undoOf(run.id),
    todo: todoOf(run.state, run.reasonCode),
    passedOver: [],
    nextAt: run.wakeAt === null ? null : iso(run.wakeAt),
    erasedAt: run.erasedAt === null ? null : iso(run.erasedAt),
    legalHold: hold && { on: hold.on, since: iso(hold.at) },
    event: run.event && withoutSeals(run.event),
    steps,
    ...(run.shadow && { shadow: shownShadow(run.shadow) }),
  }
}

const shownShadow = ({ links: _, ...shadow }: KeptShadow): Shadow => shadow

function attemptOf(attempt: StoredAttempt): AttemptView {
  const { method, path, request, outcome, status, settled, message, startedAt, endedAt, record } = attempt
  const found = settled === null || settled === 'read' ? undefined : said[settled]
  const ended = endedAt === null ? null : iso(endedAt)
  const shown = { ...request } as JsonObject
  return {
    method,
    path,
    request: shown,
    outcome,
    status,
    message: found ?? message,
    startedAt: iso(startedAt),
    endedAt: ended,
    record,
  }
}

/** What became of a call whose answer was lost. */
const said: Readonly<Record<'adopted' | 'absent' | 'discarded', string>> = {
  adopted: 'The answer was lost; the record was found in Clio and adopted.',
  absent: 'The answer was lost; no such record was found in Clio, so it was sent again.',
  discarded: 'The answer was lost, and the run was discarded before anybody looked.',
}

const runStates: readonly RunState[] = [
  'accepted',
  'running',
  'waiting',
  'held',
  'done',
  'ignored',
  'spam',
  'parked',
  'discarded',
]

const pageMost = 200

/** A page of the runs, newest first; the cursor is the place where the next one begins. */
export function* pageOf(
  ledger: Ledger,
  query: RunQuery,
  timezone: string,
): Pieces<{ runs: RunSummary[]; cursor: string | null } | Problem> {
  const states = query.state?.split(',').filter(Boolean)
  if (states?.some(state => !(runStates as readonly string[]).includes(state))) {
    const detail = `“state” is one or more of ${runStates.join(', ')}, separated by commas.`
    return problem(400, 'bad-query', 'No such state', detail)
  }
  const before = query.cursor === undefined ? undefined : Number(query.cursor)
  if (before !== undefined && !Number.isSafeInteger(before)) {
    return problem(400, 'bad-query', 'Not a cursor', '“cursor” is what the page before answered as “cursor”.')
  }
  if (query.code !== undefined && reasonCodeIn(query.code) === null) {
    const detail = `“code” is a reason code, as runs show it.${meantPerhaps(query.code, Object.keys(reasons))}`
    return problem(400, 'bad-query', 'No such reason', detail)
  }
  const day = query.day === undefined ? null : dayOf(query.day, timezone)
  if (query.day !== undefined && day === null)
    return problem(400, 'bad-query', 'No such day', '“day” is a date such as 2026-11-26, in the firm’s timezone.')
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? 50), 1), pageMost)
  const filter = {
    ...(states && { states }),
    ...(query.endpoint !== undefined && { endpoint: query.endpoint }),
    ...(query.code !== undefined && { code: query.code }),
    ...(query.type !== undefined && { type: query.type }),
    ...(day && { from: day[0], to: day[1] }),
    ...(query.q !== undefined && { q: query.q }),
    ...(before !== undefined && { before }),
  }
  const found = ledger.overview.found(filter, limit + 1)
  const page = found.slice(0, limit)
  const runs: RunSummary[] = []
  for (const { seq, listed } of page) {
    const run = ledger.overview.listed(seq)
    if (run) runs.push(summaryOf(run))
    yield listed
  }
  return { runs, cursor: found.length > limit ? String(page.at(-1)?.seq) : null }
}

/** From midnight to midnight. */
function dayOf(day: string, timezone: string): [from: number, to: number] | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !isRealDate(day)) return null
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  const [from, to] = [day, next].map(date => instantAt(`${date}T00:00`, timezone))
  return from == null || to == null ? null : [from, to]
}

/** How many runs wait for a person, by why: parked ones, and those that are held in shadow. */
function reasonsOf(ledger: Ledger): Stats['reasons'] {
  const shadow = ledger.overview.inShadow()
  return { ...ledger.overview.reasons(), ...(shadow > 0 && { shadow }) }
}

/**
 * How the firm's docket stands.
 * @param masked for eyes that see no values: why it is held is said in words of ours alone
 */
export function statsOf(
  ledger: Ledger,
  turnstile: Turnstile,
  newest: Pick<Configuration, 'timezone' | 'endpoints'> | null,
  now: number,
  masked = false,
): Stats {
  const counts = ledger.made ? ledger.overview.counts() : {}
  const oldest = ledger.made ? ledger.overview.oldestOpen() : null
  const held = heldIn(ledger)
  return {
    counts: Object.fromEntries(runStates.map(state => [state, counts[state] ?? 0])) as Stats['counts'],
    oldestOpenSeconds: oldest === null ? null : Math.round((now - oldest) / 1000),
    reasons: ledger.made ? reasonsOf(ledger) : {},
    mode: ledger.inShadow ? 'shadow' : 'live',
    pace: {
      ...turnstile.pace,
      used: turnstile.used,
      pausedUntil: turnstile.pausedUntil > now ? iso(turnstile.pausedUntil) : null,
    },
    connection: {
      id: ledger.made ? (ledger.meta.get<string>('connection') ?? null) : null,
      state: held ? 'held' : 'ok',
      code: holdCode(held),
      reason: masked ? heldPlainly(ledger) : (held?.reason ?? null),
      since: held ? iso(held.since) : null,
      nextProbeAt: held && Number.isFinite(held.probeAt) ? iso(held.probeAt) : null,
    },
    version: ledger.version,
    timezone: newest?.timezone ?? 'UTC',
    endpoints: Object.keys(newest?.endpoints ?? {}),
  }
}
