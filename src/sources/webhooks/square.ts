import type { JsonObject } from '../../lib/json.ts'
import type { Told } from '../../reading/delivery.ts'
import { at, isoTime, textAt } from '../../reading/payload.ts'
import { objectIn, whom } from '../places.ts'
import { schemes } from '../proof/schemes.ts'
import type { Vendor } from '../vendor.ts'

/** https://developer.squareup.com/docs/webhooks/overview; bookings: https://developer.squareup.com/reference/square/objects/Booking */
export const square: Vendor = {
  name: 'square',
  provider: 'Square',
  schemes: [schemes.square],
  key: ['event_id'],
  type: ['type'],
  // A booking's `data.id` has its version behind a colon.
  subject: 'data.object.booking.id|data.id',
  time: 'created_at',
  fields: 'data.object',
  person: whom({
    of: 'data.object.invoice.primary_recipient|data.object.customer|data.object.payment.billing_address|data.object.payment.shipping_address',
    email: 'data.object.payment.buyer_email_address',
  }),
  more: bookingOf,
}

const states: Readonly<Record<string, string>> = {
  CANCELLED_BY_CUSTOMER: 'booking.canceled',
  CANCELLED_BY_SELLER: 'booking.canceled',
  DECLINED: 'booking.canceled',
  NO_SHOW: 'booking.no_show',
}

/** A booking tells its start, and how long each of its services takes; the customer only by an id. */
function bookingOf(item: JsonObject): Partial<Told> {
  const given = objectIn(item, 'data.object.booking')
  const id = given && textAt(given, 'id')
  if (!given || !id) return {}
  const start = isoTime(given.start_at)
  const segments = Array.isArray(given.appointment_segments) ? given.appointment_segments : []
  const minutes = segments.reduce<number>((sum, one) => sum + (Number(at(one, 'duration_minutes')) || 0), 0)
  const timed = start !== null && minutes > 0 && minutes < 100_000
  const state = textAt(given, 'status') ?? ''
  const created = textAt(item, 'type') === 'booking.created'
  const ended = Object.hasOwn(states, state) ? states[state] : undefined
  return {
    type: ended ?? (created ? 'booking.created' : 'booking.rescheduled'),
    message: textAt(given, 'customer_note'),
    booking: {
      id,
      title: null,
      start,
      end: timed ? new Date(Date.parse(start) + minutes * 60_000).toISOString() : null,
      timezone: null,
      location: null,
      all_day: false,
      seconds: timed ? minutes * 60 : null,
    },
  }
}
