import type { JsonObject } from '../../lib/json.ts'
import { nextTick } from '../../lib/time/cron.ts'
import { wallClock } from '../../lib/time/time.ts'
import { eventOf, type InboundEvent } from '../../model/event.ts'
import type { Timer } from '../ledger/firm/timers.ts'

/** Ticks that are made up for at most, when the Docket slept; the rest is told of in one event. */
export const ticksMost = 100
/** Missed ticks are counted up to here: counted to its end, an expression of every minute would take an object that slept for years too long. */
const countMost = 20_000

export interface Ticks {
  /** In the order of their times, the one that tells of those left out first. */
  readonly events: readonly { readonly key: string; readonly event: InboundEvent }[]
  /** How many were left out. */
  readonly missed: number
  /** When it ticks next, ms since the epoch; null: never again. */
  readonly dueAt: number | null
}

/** What a schedule that is due brings forth. Pure. */
export function ticksOf({ dueAt, data: { cron, timezone } }: Timer<'tick'>, now: number): Ticks {
  const due: number[] = []
  let next = dueAt
  for (; next !== null && next <= now && due.length < countMost; next = nextTick(cron, timezone, next)) due.push(next)
  const more = next !== null && next <= now
  const missed = due.slice(0, -ticksMost)
  const ticks = due.slice(-ticksMost).map(at => {
    const [date, time] = wallClock(at, timezone).split('T') as [string, string]
    const fields = { at: iso(at), date, time: time.slice(0, 5) }
    return { key: iso(at), event: tickOf('schedule.tick', iso(at), fields) }
  })
  return {
    events: [...(missed.length > 0 ? [missedOf(missed, more)] : []), ...ticks],
    missed: missed.length,
    dueAt: more ? nextTick(cron, timezone, now) : next,
  }
}

function missedOf(missed: readonly number[], more: boolean) {
  const span = { from: iso(missed[0]!), to: iso(missed.at(-1)!) }
  const fields = { count: missed.length, at_least: more, ...span }
  return { key: `missed ${span.from}`, event: tickOf('schedule.missed', span.to, fields) }
}

const iso = (at: number): string => new Date(at).toISOString()

const tickOf = (type: string, time: string, fields: JsonObject): InboundEvent =>
  eventOf({ id: time, source: 'schedule', type, time, data: fields, fields })
