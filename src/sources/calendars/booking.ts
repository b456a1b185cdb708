import * as z from 'zod/mini'
import type { Json, JsonObject } from '../../lib/json.ts'
import type { Booking, Delivery, Person } from '../../model/event.ts'
import { secretOption } from '../../platform/secrets.ts'
import { type Answer, fieldsOf } from '../../reading/answers.ts'
import { delivery } from '../../reading/delivery.ts'
import { linesOf } from '../../reading/fields.ts'
import { splitName } from '../../reading/names.ts'
import { isoTime } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { reminder } from './reminder.ts'

/** Bookings, whatever calendar they come from, as events of the same types: this is what lets one rule serve all calendars. */

/**
 * - `booking.rescheduled`: anything that a calendar entry tells has changed, above all its time.
 * - `booking.replaced`: goes on under another id, which has an event of its own. It only joins the two.
 * - `booking.reminder`: the moment that one of the endpoint's `reminders` names; brought forth by the clock.
 */
export const bookingTypes = [
  'booking.created',
  'booking.rescheduled',
  'booking.canceled',
  'booking.no_show',
  'booking.reminder',
  'booking.replaced',
] as const

/** What every source of bookings may be told. */
export const bookingOptions = {
  /** When `booking.reminder` is to come, in words: `1 day before at 9:00`, `30 minutes after end`. @default never */
  reminders: z.optional(z.array(reminder).check(z.maxLength(10))),
}

export const signedBookingOptions = z.strictObject({ secret: secretOption, ...bookingOptions })
export type SignedBookingOptions = z.infer<typeof signedBookingOptions>

/** What a source has read of a booking. */
export interface Booked {
  readonly source: string
  readonly type: string
  /** The key for ever. */
  readonly key: string
  readonly subject: string
  readonly follows?: string | null
  readonly time: string | null
  readonly data: Json
  readonly person: Partial<Person> & { readonly name?: string | null }
  readonly answers: readonly Answer[]
  readonly booking: Omit<Booking, 'id' | 'seconds'>
}

/** `message` holds questions and answers line by line, so that a rule can put them where people read them. */
export function booked(told: Booked): Promise<Delivery> {
  const { source, type, key, subject, follows = null, time, data, answers, booking } = told
  const fields = fieldsOf(answers)
  return delivery({
    source,
    type,
    id: key,
    subject,
    follows,
    time,
    data,
    fields,
    person: personIn(told.person, fields),
    message: linesOf(fields),
    booking: { id: subject, ...booking, seconds: lengthOf(booking) },
  })
}

function personIn({ name = null, ...told }: Booked['person'], fields: JsonObject): Person {
  const answered = personOf(fields)
  const split = told.first_name || told.last_name || !name ? null : splitName(name)
  return {
    first_name: told.first_name ?? split?.first ?? answered.first_name,
    last_name: told.last_name ?? split?.last ?? answered.last_name,
    email: told.email ?? answered.email,
    phone: told.phone ?? answered.phone,
    company: told.company ?? answered.company,
  }
}

function lengthOf({ start, end, all_day }: Booked['booking']): number | null {
  const seconds = all_day ? Number.NaN : (Date.parse(end ?? '') - Date.parse(start ?? '')) / 1000
  return seconds >= 0 ? Math.round(seconds) : null
}

/** Start and end as instants in UTC. */
export function timesOf(start: Json | undefined, end: Json | undefined) {
  return { start: isoTime(start), end: isoTime(end), all_day: false }
}
