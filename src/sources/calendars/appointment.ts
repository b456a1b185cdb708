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

/** Ids that are remembered, still to come, and not in the list of all that is to come, as far as it goes. */
export function missingFrom(
  listed: ReadonlySet<string>,
  known: ReadonlyMap<string, Json>,
  scope: string,
  now: number,
  horizon = Number.POSITIVE_INFINITY,
): string[] {
  return [...known].flatMap(([name, value]) => {
    const id = name.slice(memoryOf(scope, '').length)
    const end = endOf(value)
    return end > now && end < now + horizon && knownOf(value)?.canceled === false && !listed.has(id) ? [id] : []
  })
}

/** Somebody of a meeting. */
interface Invited {
  readonly name: string | null
  readonly email: string | null
}

const nameless: Invited = { name: null, email: null }

/**
 * Whom a meeting is with: of those who are of another house than the calendar's owner the one who asked for it, else the first.
 * @param own the owner's address; null: not known
 * @param host who asked for it; null: the owner
 */
export function guestOf(own: string | null, host: Invited | null, invited: readonly Invited[]): Invited {
  const house = ({ email }: Invited) => email?.toLowerCase().split('@').at(-1)
  const isOwn = ({ email }: Invited) => email?.toLowerCase() === own?.toLowerCase()
  const foreign = (one: Invited) => own === null || house(one) !== house({ ...nameless, email: own })
  if (host && foreign(host)) return host
  const others = invited.filter(one => !isOwn(one) && one.email !== host?.email)
  return others.find(foreign) ?? others[0] ?? nameless
}

const day = 86_400_000
const week = 7 * day

/** What has been over for a week is forgotten. */
export function outlived(known: ReadonlyMap<string, Json>, now: number): Memory {
  return Object.fromEntries([...known].filter(([, value]) => endOf(value) < now - week).map(([name]) => [name, null]))
}

/**
 * The event of a change, and what is to be remembered; no event when nothing has changed.
 * @param name where it is remembered: `memoryOf`
 * @param before what was remembered there; of what is over, and was never told of, nothing is told: somebody tidies up
 */
export async function changeOf(
  source: string,
  appointment: Appointment,
  name: string,
  before: Json,
  now: number,
): Promise<{ delivery: Delivery | null; memory: Memory }> {
  const { state, status, ...told } = appointment
  const known = knownOf(before)
  const hash = await sha256(canonical({ state, status }))
  const canceled = status === 'canceled'
  const over = known === null && status === 'stands' && Date.parse(told.booking.end ?? '') < now - day
  if (known?.hash === hash || over) return { delivery: null, memory: {} }
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
