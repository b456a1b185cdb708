import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { at, idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { numberIn } from '../calls/number.ts'
import { schemeWords, signedBy } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { booked, bookingTypes, type SignedBookingOptions, signedBookingOptions, timesOf } from './booking.ts'

/**
 * https://cal.com/docs/developing/guides/automation/webhooks, and packages/features/webhooks/lib/sendPayload.ts in calcom/cal.com.
 * A moved booking has a new `uid` and names the old one in `rescheduleUid`. Nothing is sent twice, so what is missed is gone.
 */

const envelope = z.looseObject({
  triggerEvent: z.string().check(z.minLength(1), z.maxLength(100)),
  createdAt: z.string(),
  payload: z.optional(z.record(z.string(), z.json())),
})

const types: Readonly<Record<string, string>> = {
  BOOKING_CREATED: 'booking.created',
  BOOKING_RESCHEDULED: 'booking.rescheduled',
  BOOKING_CANCELLED: 'booking.canceled',
  BOOKING_REJECTED: 'booking.canceled',
  BOOKING_NO_SHOW_UPDATED: 'booking.no_show',
}

export const calcom: Source<SignedBookingOptions> = {
  name: 'calcom',
  verifiedBy: schemeWords(schemes.calcom),
  keyedBy: 'triggerEvent, payload.uid and createdAt',
  types: [...bookingTypes, 'form.submitted', 'calcom.other'],
  signed: true,
  options: signedBookingOptions,
  verify: signedBy(schemes.calcom),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = envelope.safeParse(read.value)
    if (!parsed.success) return notFrom('Cal.com')
    const { triggerEvent, createdAt } = parsed.data
    // Meetings that begin or end tell of themselves without an envelope.
    const given = (parsed.data.payload ?? parsed.data) as JsonObject
    const uid = idAt(given, 'uid') ?? idAt(given, 'bookingUid')
    const time = isoTime(createdAt)
    const key = [triggerEvent, uid ?? idAt(given, 'id') ?? '', createdAt].join(':')
    const follows = idAt(given, 'rescheduleUid')
    // Whoever has to confirm a move is asked: what is confirmed does not say any more which booking it was.
    const asked = triggerEvent === 'BOOKING_REQUESTED' && follows !== null ? 'booking.replaced' : undefined
    const type = Object.hasOwn(types, triggerEvent) ? types[triggerEvent] : asked
    if (triggerEvent === 'FORM_SUBMITTED') {
      const answers = answersIn(given.responses ?? given)
      const form = idAt(given, 'formId')
      return [await submission({ source: 'calcom', id: key, time, data: read.value, answers, form })]
    }
    if (type === undefined || (type === 'booking.no_show' && !missed(given))) {
      const other = { source: 'calcom', type: 'calcom.other', id: key, time, data: read.value, fields: given }
      return [await delivery(other)]
    }
    if (uid === null) return notFrom('Cal.com')
    const all = Array.isArray(given.attendees) ? given.attendees : []
    const everybody = type === 'booking.no_show' ? all.filter(isMissing) : all
    // Seats of one time share its id, and are told of one by one, or all when the host moves them or calls them off.
    const seats = Number(given.seatsPerTimeSlot) > 0 ? everybody.slice(0, 100) : []
    const seat = (id: string | null, one: Json) => id && `${id}:${(textAt(one, 'email') ?? '').toLowerCase()}`
    const told = (subject: string, before: string | null, key: string, given: JsonObject) =>
      booked({
        source: 'calcom',
        type,
        key,
        subject,
        follows: before,
        time: type === 'booking.replaced' ? null : time,
        data: read.value,
        person: personIn(given),
        answers: answersIn(given.responses ?? given.customInputs),
        booking: {
          title: textAt(given, 'title'),
          ...timesOf(given.startTime, given.endTime),
          timezone: textAt(given, 'attendees.0.timeZone'),
          location: placeOf(given),
        },
      })
    if (seats.length === 0) return [await told(uid, follows, key, { ...given, attendees: everybody })]
    const apart = (one: Json) => (seats.length > 1 ? { ...given, responses: null, attendees: [one] } : given)
    return Promise.all(
      seats.map((one, n) => told(seat(uid, one)!, seat(follows, one), n === 0 ? key : `${key}:${n}`, apart(one))),
    )
  },
}

/** The same trigger also takes a no-show back. */
const missed = (given: JsonObject) => Array.isArray(given.attendees) && given.attendees.some(isMissing)
const isMissing = (one: Json) => at(one, 'noShow') === true

/** The first attendee booked; guests follow. */
function personIn(given: JsonObject) {
  const told = (key: string) => textAt(given, `attendees.0.${key}`)
  const answered = (key: string) => textAt(given, `responses.${key}.value`) ?? textAt(given, `responses.${key}`)
  const email = told('email') ?? answered('email')
  return {
    name: told('name') ?? answered('name'),
    first_name: told('firstName') ?? textAt(given, 'responses.name.value.firstName'),
    last_name: told('lastName') ?? textAt(given, 'responses.name.value.lastName'),
    // Whoever gives a number only gets an address made of it, which is nobody's.
    email: email?.toLowerCase().endsWith('@sms.cal.com') ? null : email,
    phone:
      [
        answered('attendeePhoneNumber'),
        told('phoneNumber'),
        rung(given),
        answered('phone'),
        answered('smsReminderNumber'),
      ]
        .map(numberIn)
        .find(number => number !== null) ?? null,
  }
}

/** `phone` is a place too: the attendee's number. `userPhone` is the firm's own. */
function rung(given: JsonObject): string | null {
  const place = at(given, 'responses.location.value')
  if (textAt(place, 'value') === 'phone') return textAt(place, 'optionValue') ?? textAt(given, 'location')
  return null
}

/** Fields of Cal.com's own; their labels are keys of its translations. */
const own: Readonly<Record<string, string | null>> = {
  name: null,
  email: null,
  attendeePhoneNumber: null,
  smsReminderNumber: null,
  location: null,
  title: null,
  guests: 'Guests',
  notes: 'Notes',
  rescheduleReason: 'Reason for the change',
}

/** `{"matter": {"label": …, "value": …}}`; of older and of routing forms a value alone. */
function answersIn(responses: Json | undefined): Answer[] {
  if (!isObject(responses)) return []
  return Object.entries(responses).flatMap(([name, response]) => {
    const told = isObject(response) ? (response.response ?? response.value) : response
    // A choice of a routing form is `{id, label}`.
    const value = Array.isArray(told) ? told.map(one => textAt(one, 'label') ?? one) : (textAt(told, 'label') ?? told)
    const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
    if (empty || at(response, 'isHidden') === true) return []
    const label = Object.hasOwn(own, name) ? own[name]! : (textAt(response, 'label') ?? name)
    return label === null ? [] : [{ label, value }]
  })
}

/** `integrations:zoom` names a service, which is no place. */
function placeOf(given: JsonObject): string | null {
  const places = [
    textAt(given, 'metadata.videoCallUrl'),
    textAt(given, 'videoCallData.url'),
    textAt(given, 'location'),
    textAt(given, 'responses.location.value.optionValue'),
  ]
  return places.find(place => place !== null && !place.startsWith('integrations:')) ?? null
}
