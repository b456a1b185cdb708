import { canonical, isObject, type Json, sha256 } from '../../lib/json.ts'
import type { Delivery } from '../../model/event.ts'
import type { Memory } from '../../model/follow.ts'
import { type Booked, booked } from './booking.ts'

/** A calendar's record becomes an event by what is remembered of it: whatever told of it, and however often, one change is one event. */

export interface Appointment extends Omit<Booked, 'type' | 'key' | 'source'> {
  /** What about it counts; the same again makes no event. */
  readonly state: Json
  readonly status: 'stands' | 'canceled' | 'missed'
}

/** @param scope what the subject's id is of: another calendar's bookings are not this one's */
export const memoryOf = (scope: string, subject: string): string => `booking ${scope} ${subject}`

/** What is remembered of a booking; `count` makes the key of a state that comes back another one. */
interface Known {
  readonly hash: string
  readonly count: number
  readonly canceled: boolean
  readonly end: string | null
}

function knownOf(value: Json): Known | null {
  if (!isObject(value)) return null
  const { hash, count, canceled, end } = value
  return {
    hash: String(hash),
    count: Number(count),
    canceled: canceled === true,
    end: typeof end === 'string' ? end : null,
  }
}

const endOf = (value: Json): number => Date.parse(knownOf(value)?.end ?? '')

/** Ids that are remembered, still to come, and not in the list of all that is to come. */
export function missingFrom(
  listed: ReadonlySet<string>,
  known: ReadonlyMap<string, Json>,
  scope: string,
  now: number,
): string[] {
  return [...known].flatMap(([name, value]) => {
    const id = name.slice(memoryOf(scope, '').length)
    return endOf(value) > now && knownOf(value)?.canceled === false && !listed.has(id) ? [id] : []
  })
}

const week = 7 * 86_400_000

/** What has been over for a week is forgotten. */
export function outlived(known: ReadonlyMap<string, Json>, now: number): Memory {
  return Object.fromEntries([...known].filter(([, value]) => endOf(value) < now - week).map(([name]) => [name, null]))
}

/**
 * The event of a change, and what is to be remembered; no event when nothing has changed.
 * @param name where it is remembered: `memoryOf`
 * @param before what was remembered there
 */
export async function changeOf(
  source: string,
  appointment: Appointment,
  name: string,
  before: Json,
): Promise<{ delivery: Delivery | null; memory: Memory }> {
  const { state, status, ...told } = appointment
  const known = knownOf(before)
  const hash = await sha256(canonical({ state, status }))
  const canceled = status === 'canceled'
  if (known?.hash === hash) return { delivery: null, memory: {} }
  const count = (known?.count ?? 0) + 1
  const memory = { [name]: { hash, count, canceled, end: told.booking.end } }
  // What was never told of need not be called off.
  if (canceled && (known === null || known.canceled)) return { delivery: null, memory }
  const type = canceled
    ? 'booking.canceled'
    : status === 'missed'
      ? 'booking.no_show'
      : known === null || known.canceled
        ? 'booking.created'
        : 'booking.rescheduled'
  const delivery = await booked({ ...told, source, type, key: `${told.subject}:${count}:${hash.slice(0, 16)}` })
  return { delivery, memory }
}
