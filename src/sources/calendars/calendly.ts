import * as z from 'zod/mini'
import type { Json, JsonObject } from '../../lib/json.ts'
import type { Inbound } from '../../model/endpoint.ts'
import type { Delivery } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { numberIn } from '../calls/number.ts'
import { insideOf, orByMaton, viaOption } from '../maton.ts'
import { schemeWords, signedBy } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { booked, bookingTypes, signedBookingOptions, timesOf } from './booking.ts'

/**
 * https://developer.calendly.com/api-docs (webhook subscriptions). A booking is an invitee, and its id a URI. A move comes as two
 * deliveries in any order: the new invitee names the old one and is the event; the old one's cancellation only joins the two.
 */

const envelope = z.object({
  event: z.string().check(z.minLength(1), z.maxLength(100)),
  created_at: z.string(),
  payload: z.record(z.string(), z.json()),
})

const answer = z.object({ question: z.string(), answer: z.optional(z.json()) })

const options = z.extend(signedBookingOptions, viaOption)

export const calendly: Source<z.infer<typeof options>> = {
  name: 'calendly',
  verifiedBy: schemeWords(schemes.calendly),
  keyedBy: 'event and payload.uri',
  types: [...bookingTypes, 'form.submitted', 'calendly.other'],
  signed: true,
  options,
  verify: orByMaton(signedBy(schemes.calendly)),
  parse: (request, endpoint) => insideOf(request, endpoint.options, read),
}

async function read(request: Inbound) {
  const body = readJson(request)
  if (!body.ok) return body.problem
  const parsed = envelope.safeParse(body.value)
  const uri = parsed.success ? idAt(parsed.data.payload, 'uri') : null
  if (!parsed.success || uri === null) return notFrom('Calendly')
  return [await eventOf(parsed.data, uri, body.value)]
}

type Envelope = z.infer<typeof envelope>

function eventOf({ event, created_at, payload }: Envelope, uri: string, data: Json): Promise<Delivery> {
  const given = payload as JsonObject
  const time = isoTime(created_at)
  const old = idAt(given, 'old_invitee')
  const next = idAt(given, 'new_invitee')
  switch (event) {
    case 'invitee.created':
      return bookingOf(old === null ? 'booking.created' : 'booking.rescheduled', { subject: uri, follows: old, time })
    case 'invitee.canceled':
      if (given.rescheduled !== true) return bookingOf('booking.canceled', { subject: uri, follows: old, time })
      // What takes its place says when it happened; this one must not overtake it.
      return bookingOf('booking.replaced', { subject: next ?? uri, follows: next === null ? null : uri, time: null })
    case 'invitee_no_show.created':
      return bookingOf('booking.no_show', { subject: idAt(given, 'invitee') ?? uri, follows: null, time })
    case 'routing_form_submission.created': {
      const answers = answersIn(given.questions_and_answers)
      return submission({ source: 'calendly', id: `${event}:${uri}`, time, data, answers })
    }
    default:
      return delivery({ source: 'calendly', type: 'calendly.other', id: `${event}:${uri}`, time, data, fields: given })
  }

  function bookingOf(type: string, about: { subject: string; follows: string | null; time: string | null }) {
    return booked({
      source: 'calendly',
      type,
      key: `${event}:${uri}`,
      ...about,
      data,
      person: {
        name: textAt(given, 'name'),
        first_name: textAt(given, 'first_name'),
        last_name: textAt(given, 'last_name'),
        email: textAt(given, 'email'),
        phone: textAt(given, 'text_reminder_number') ?? rung(given),
      },
      answers: answersIn(given.questions_and_answers),
      booking: {
        title: textAt(given, 'scheduled_event.name'),
        ...timesOf(
          textAt(given, 'scheduled_event.start_time') ?? undefined,
          textAt(given, 'scheduled_event.end_time') ?? undefined,
        ),
        timezone: textAt(given, 'timezone'),
        location: placeOf(given),
      },
    })
  }
}

function answersIn(given: Json | undefined): Answer[] {
  const read = z.array(answer).safeParse(given)
  return read.success ? read.data.map(one => ({ label: one.question, value: (one.answer ?? null) as Json })) : []
}

/** The firm rings the invitee: the place is the invitee's number. Of an `inbound_call` it is the firm's own. */
function rung(given: JsonObject): string | null {
  const place = (key: string) => textAt(given, `scheduled_event.location.${key}`)
  return place('type') === 'outbound_call' ? numberIn(place('location')) : null
}

/** A video call has a link, all else an address or a number to ring. */
function placeOf(given: JsonObject): string | null {
  const place = (key: string) => textAt(given, `scheduled_event.location.${key}`)
  const address = [place('location'), place('additional_info')].filter(part => part !== null).join(', ')
  return place('join_url') ?? (address === '' ? null : address)
}
