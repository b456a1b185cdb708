import type { Result } from '../../calls/result.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'

/**
 * A rule that answers a change in Clio by a change in Clio may wake itself: Clio touches a matter for a note of ours, or another firm's
 * rules answer ours on the same account. Own writes are known by their etags (`own-writes.ts`); what these do not show is stopped here.
 */

const minute = 60_000

/**
 * Kinds of loop: by what is alike in its rounds, and how fast Clio tells of a change. Times in ms: `within`, in which rounds are counted, and
 * `soon`, in which the next one follows. After so many (`most`) a person is asked.
 */
const loops = [
  { alike: 'thread', within: 60 * minute, soon: 2 * minute, most: 5, said: 'an hour' },
  { alike: 'type', within: 60 * minute, soon: 2 * minute, most: 50, said: 'an hour' },
  { alike: 'thread', within: 24 * 60 * minute, soon: 30 * minute, most: 20, said: 'a day' },
] as const
const longest = Math.max(...loops.map(({ within }) => within))

/** Parks an event of Clio's that is one more round of a loop; null: it is none, or a person has looked at it. */
export function loopOf(run: StoredRun, ledger: Ledger): Result | null {
  const { event, endpoint, seq, acceptedAt } = run
  if (event?.source !== 'clio' || run.replayOf !== null || run.resumedAt > 0) return null
  const all = ledger.runs.rounds(endpoint, seq, acceptedAt - longest)
  for (const { alike, within, soon, most, said } of loops) {
    const rounds = all.filter(
      one => one.acceptedAt > acceptedAt - within && one[alike] !== null && one[alike] === run[alike],
    )
    if (rounds.length < most || acceptedAt - rounds[0]!.finishedAt > soon) continue
    const reason =
      `This looks like a loop: within ${said} ${rounds.length} such events were answered by a change in Clio, and each brought the next. ` +
      'Change the rule so that its own work does not wake it, or resume to carry this one out.'
    return { input: { kind: 'park', code: 'loop', reason } }
  }
  return null
}
