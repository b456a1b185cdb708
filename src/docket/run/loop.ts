import type { Result } from '../calls/result.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'

/**
 * A rule that answers a change in Clio by a change in Clio may wake itself: Clio touches a matter for a note of ours, or another firm's
 * rules answer ours on the same account. Own writes are known by their etags (`own-writes.ts`); what these do not show is stopped here.
 */

/** Within this time (ms) the rounds of a loop are counted. */
const window = 60 * 60_000
/** ms within which the next round follows. */
const soon = 2 * 60_000
/** Rounds about one record, and rounds that each make a new one, after which a person is asked. */
const [sameMost, freshMost] = [5, 50]

/** Parks an event of Clio's that is one more round of a loop; null: it is none, or a person has looked at it. */
export function loopOf(run: StoredRun, ledger: Ledger): Result | null {
  const { event, endpoint, thread, seq, acceptedAt } = run
  if (event?.source !== 'clio' || run.replayOf !== null || run.resumedAt > 0) return null
  const rounds = ledger.runs.rounds(endpoint, seq, acceptedAt - window)
  const last = rounds.find(one => one.thread === thread || one.type === run.type)
  if (!last || acceptedAt - last.finishedAt > soon) return null
  const same = rounds.filter(one => thread !== null && one.thread === thread).length
  const fresh = rounds.filter(one => one.type === run.type).length
  if (same < sameMost && fresh < freshMost) return null
  const reason =
    `This looks like a loop: within an hour ${same >= sameMost ? same : fresh} such events were answered by a change in Clio, and each ` +
    'brought the next. Change the rule so that its own work does not wake it, or resume to carry this one out.'
  return { input: { kind: 'park', code: 'loop', reason } }
}
