import { listKey } from '../../../clio/names/resolve.ts'
import { type Problem, problem } from '../../../lib/problem.ts'
import type { Caller } from '../../../model/access.ts'
import type { ErasedPerson, ErasedRun, PersonAsked, RunView } from '../../../model/docket-rpc.ts'
import type { KeptFiles } from '../../calls/kept-files.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { purgeRun } from '../../ledger/retention.ts'
import type { LegalHold } from '../../ledger/run/legal-holds.ts'
import { isFinal } from '../../ledger/run/run-state.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { maskedSummary, maskedView } from '../mask.ts'
import { summaryOf, viewOf } from '../views.ts'

/** Erasing what was said, now: of a run, with all that stand on its event, or of a person, over all runs. And what forbids it. */

const hour = 3_600_000
/** Runs of a person that are erased in one call: the object answers others meanwhile. */
const most = 200

export interface EraseDeps {
  readonly ledger: Ledger
  readonly files: Pick<KeptFiles, 'release'>
  /** ms from an unknown outcome until a late write would have landed. */
  readonly settle: number
  now(): number
  sleep(ms: number): Promise<void>
  find(id: string): StoredRun | Problem
  discard(id: string): StoredRun | Problem
}

export async function eraseRun(id: string, by: Caller, deps: EraseDeps): Promise<ErasedRun | Problem> {
  const run = deps.find(id)
  if ('code' in run) return run
  const erased = await erase(id, by, deps)
  if (!Array.isArray(erased)) return erased
  return { ...maskedSummary(summaryOf(deps.ledger.runs.get(id)!)), erased }
}

/** The runs on this run's event say nothing any more. @returns their ids */
async function erase(id: string, by: Caller, deps: EraseDeps): Promise<string[] | Problem> {
  const { ledger, files, now, discard } = deps
  const family = ledger.oldRuns.family(id).map(one => ledger.runs.get(one)!)
  const refused = family.map(one => forbidden(one, deps)).find(one => one !== null)
  if (refused) return refused
  const ids = family.map(one => one.id)
  const others = ids.filter(one => one !== id)
  // Taken for spam, it is let go of: resumed, it would have nothing to say.
  for (const one of family) if (one.state === 'spam') discard(one.id)
  ledger.transaction(() => {
    for (const one of ids) {
      purgeRun(ledger, one, now())
      ledger.timers.forgetRun(one)
    }
    const detail = others.length === 0 ? {} : { detail: `with ${others.join(', ')}` }
    ledger.audit.add({ actor: by.actor, action: 'run.erased', run: id, ...detail }, now())
  })
  for (const one of ids) await files.release(one)
  return ids
}

/** Why a run cannot be erased; null: it can. */
function forbidden({ id, state }: StoredRun, { ledger, settle, now }: EraseDeps): Problem | null {
  if (ledger.legalHolds.of(id)) {
    const detail = `A legal hold keeps run ${id}. An admin can release it: POST …/runs/${id}/release.`
    return problem(409, 'legal-hold', 'The run is kept by a legal hold', detail)
  }
  if (!isFinal(state) && state !== 'spam') {
    const detail = `Run ${id} is ${state} and has work to do. Let it end, or discard it, and erase it then.`
    return problem(409, 'wrong-state', 'The run is not at its end', detail)
  }
  const landed = ledger.attempts.landedAt(id, settle, now())
  if (landed <= now()) return null
  const seconds = Math.ceil((landed - now()) / 1000)
  const detail = `A call of run ${id} was lost on the way and may still reach Clio. Ask again in ${seconds} seconds.`
  return problem(409, 'call-in-doubt', 'A call may still land', detail, { headers: { 'retry-after': String(seconds) } })
}

/**
 * All runs about whoever has an address or a number, found by its hash. What the docket knows of the firm's Clio is forgotten too, and
 * read anew: what the firm has deleted there does not come back.
 */
export async function erasePerson(asked: PersonAsked, by: Caller, deps: EraseDeps): Promise<ErasedPerson | Problem> {
  const { ledger, now } = deps
  const found = ledger.terms.about(asked)
  if (found === null) return nobody
  const answer: ErasedPerson = { erased: [], refused: [], left: 0 }
  const seen = new Set<string>()
  for (const [at, id] of found.entries()) {
    if (answer.erased.length >= most) {
      answer.left = found.length - at
      break
    }
    if (seen.has(id)) continue
    if (ledger.runs.get(id)?.long) await deps.sleep(0)
    const done = await erase(id, by, deps)
    if (!Array.isArray(done)) answer.refused.push({ run: id, why: done.detail })
    else for (const one of done) answer.erased.push(one) && seen.add(one)
  }
  ledger.transaction(() => {
    // Versions before 0.2 kept of the docket's own calls whom they looked for; those of the last hour are the pace's to count.
    ledger.attempts.forgetOwn(now() - hour)
    ledger.contacts.clear()
    ledger.matters.clear()
    ledger.cache.forget(listKey(''))
    for (const index of ['contacts', 'matters']) ledger.meta.set(index, null)
    const detail = `${answer.erased.length} runs erased, ${answer.refused.length} not`
    ledger.audit.add({ actor: by.actor, action: 'person.erased', detail }, now())
  })
  return answer
}

const nobody = problem(
  422,
  'not-a-person',
  'Nobody can be found by that',
  'Give an e-mail address, or a telephone number as it is dialled in the firm’s country or with + in front.',
)

/** Keeps a run, or all runs of its subject, from being purged and erased; or releases what is kept. */
export function legalHold(
  id: string,
  act: LegalHold['on'] | 'release',
  by: Caller,
  { ledger, find, now }: EraseDeps,
): RunView | Problem {
  const run = find(id)
  if ('code' in run) return run
  if (act === 'subject' && run.thread === null) return noSubject
  if (act === 'release' && !ledger.legalHolds.of(id)) return noHold
  ledger.transaction(() => {
    if (act === 'release') ledger.legalHolds.release(id)
    else ledger.legalHolds.put(id, { on: act, at: now() })
    const detail = act === 'subject' ? { detail: 'all runs of its subject' } : {}
    ledger.audit.add(
      { actor: by.actor, action: act === 'release' ? 'run.released' : 'run.held', run: id, ...detail },
      now(),
    )
  })
  return maskedView(viewOf(run, ledger))
}

const noSubject = problem(
  409,
  'no-subject',
  'The run has no subject',
  'It is about nothing that other runs could be about, too. Hold the run alone.',
)
const noHold = problem(409, 'no-hold', 'No hold keeps the run', 'There is nothing to release.')
