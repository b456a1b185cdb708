import { isObject } from '../../../lib/json.ts'
import type { InboundEvent } from '../../../model/event.ts'
import type { Result } from '../../calls/result.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { resources } from './own-writes.ts'

/**
 * A rule that answers a change in Clio by a change in Clio may wake itself: Clio touches a matter for a note of ours, or another firm's
 * rules answer ours on the same account. Own writes are known by their etags (`own-writes.ts`); what these do not show is stopped here.
 *
 * In a loop each change comes after our answer to the one before. A handful that come at once are stopped, whoever made them: a person who
 * is asked for nothing loses a click, and a loop fills a client's matter. Of slower ones, people at work are told from a machine, which
 * keeps time.
 */

const minute = 60_000

/**
 * Kinds of loop. Events alike of which each came no later than `soon` (ms) after an answer to an earlier one make a chain; a person is asked
 * after so many (`most`), when of the times that they took so large a part (`share`) is within so much (`spread`) of the middle one.
 */
const loops = [
  { alike: 'thread', soon: 2 * minute, most: 5, share: 0, spread: 1 },
  { alike: 'thread', soon: 30 * minute, most: 7, share: 1, spread: 0.1 },
  { alike: 'thread', soon: 30 * minute, most: 20, share: 0.9, spread: 0.2 },
  { alike: 'thread', soon: 30 * minute, most: 50, share: 0, spread: 1 },
  { alike: 'type', soon: 2 * minute, most: 50, share: 0, spread: 1 },
] as const
const longest = 24 * 60 * minute
/** Times that differ by less than this (ms) are the same: what Clio takes to tell of a change. */
const jitter = 3000

/** Parks an event of Clio's that is one more round of a loop; null: it is none, or a person has looked at it. */
export function loopOf(run: StoredRun, ledger: Ledger): Result | null {
  const { event, endpoint, seq, acceptedAt } = run
  if (event?.source !== 'clio' || run.replayOf !== null || run.resumedAt > 0) return null
  for (const alike of ['thread', 'type'] as const) {
    const value = run[alike]
    if (value === null || (alike === 'type' && !namesOurs(event, ledger))) continue
    const kinds = loops.filter(one => one.alike === alike)
    const rounds = ledger.arrivals.rounds(endpoint, alike, value, seq, acceptedAt - longest)
    const chainOf = (soon: number) => timesTaken([{ acceptedAt, answeredAt: Number.NaN }, ...rounds], soon)
    const loop = kinds.find(({ soon, most, share, spread }) => {
      const taken = chainOf(soon)
      return taken.length >= most && steady(taken.slice(0, most), spread) >= most * share
    })
    if (!loop) continue
    const reason =
      `This looks like a loop: ${chainOf(loop.soon).length} such events running came each after a change of ours in Clio, as if it had caused them. ` +
      'Change the rule so that its own work does not wake it, or resume to carry this one out.'
    return { input: { kind: 'park', code: 'loop', reason } }
  }
  return null
}

/** Whether an event is about a record that we wrote, or one that belongs to it: what somebody brings in by the hundred is not. */
function namesOurs({ type, fields }: InboundEvent, { attempts }: Ledger): boolean {
  const named = [
    [type.split('.')[0]!, fields.id] as const,
    ...Object.entries(fields).map(([key, one]) => [key, isObject(one) ? one.id : null] as const),
  ]
  return named.some(([name, id]) => {
    const resource = resources[name === 'client' ? 'contact' : name]
    return resource !== undefined && (id ?? null) !== null && attempts.written(resource, String(id)).length > 0
  })
}

interface Round {
  readonly acceptedAt: number
  readonly answeredAt: number
}

/** How long after our last answer each event came, the last first, as far as they make a chain. */
function timesTaken(rounds: readonly Round[], soon: number): number[] {
  const taken: number[] = []
  for (const [at, { acceptedAt }] of rounds.entries()) {
    const before = rounds.slice(at + 1).find(one => one.answeredAt <= acceptedAt)
    if (!before || acceptedAt - before.answeredAt > soon) break
    taken.push(acceptedAt - before.answeredAt)
  }
  return taken
}

/** How many of some times are about as long as the one in the middle. */
function steady(taken: readonly number[], spread: number): number {
  const middle = [...taken].sort((a, b) => a - b)[taken.length >> 1] ?? 0
  return taken.filter(one => Math.abs(one - middle) <= Math.max(jitter, middle * spread)).length
}
