import type { JsonObject } from '../../lib/json.ts'
import { nobody, type Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { readJson } from '../../reading/body/body.ts'
import type { Told } from '../../reading/delivery.ts'
import { isoTime, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { objectIn, textIn } from '../places.ts'
import { zoomGreeting } from '../proof/handshake.ts'
import type { SignedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { sourceOf } from '../vendor.ts'
import { callerIn, numberIn } from './number.ts'

/**
 * Zoom meetings and Zoom Phone: https://developers.zoom.us/docs/api/webhooks/. An event has no id; what comes again is the same bytes.
 * Zoom asks every 72 hours whether the address is still ours.
 */
export const zoom: Source<SignedOptions> = {
  ...sourceOf({
    name: 'zoom',
    provider: 'Zoom',
    schemes: [schemes.zoom],
    // Besides 204; what it takes for failures ends the subscription: https://developers.zoom.us/blog/webhook-delays/
    status: 200,
    key: ['event', 'event_ts', '#'],
    type: ['event'],
    subject: 'payload.object.call_id|payload.object.uuid|payload.object.id',
    time: 'event_ts',
    fields: 'payload.object',
    person: personIn,
    message: 'payload.object.transcription.content|payload.object.message',
    more: meetingOf,
  }),

  async answer(request, endpoint) {
    const read = readJson(request)
    return read.ok ? zoomGreeting(read.value, endpoint.secrets(endpoint.options.secret)) : null
  },
}

/** Of a call the other side; of a meeting who registered or joined. */
function personIn(item: JsonObject): Person {
  const outgoing =
    /^out/i.test(textIn(item, 'payload.object.direction') ?? '') || /^phone\.caller_/.test(String(item.event))
  const side = objectIn(item, `payload.object.${outgoing ? 'callee' : 'caller'}`)
  if (side) {
    const phone = numberIn(textIn(side, 'phone_number'))
    return { ...nobody(), ...(phone && callerIn(textAt(side, 'name'))), phone }
  }
  const guest = objectIn(item, 'payload.object.registrant|payload.object.participant')
  if (!guest) return nobody()
  const told = personOf({ ...guest, name: textIn(guest, 'user_name|name') ?? '' })
  return {
    ...told,
    first_name: textAt(guest, 'first_name') ?? told.first_name,
    last_name: textAt(guest, 'last_name') ?? told.last_name,
  }
}

function meetingOf(item: JsonObject): Partial<Told> {
  const given = objectIn(item, 'payload.object')
  const start = isoTime(given?.start_time)
  if (!given || start === null || !String(item.event).startsWith('meeting.')) return {}
  const minutes = Number(given.duration)
  const timed = minutes > 0 && minutes < 100_000
  return {
    booking: {
      id: textIn(given, 'id|uuid') ?? '',
      title: textAt(given, 'topic'),
      start,
      end: timed ? new Date(Date.parse(start) + minutes * 60_000).toISOString() : null,
      timezone: textAt(given, 'timezone'),
      location: textAt(given, 'join_url'),
      all_day: false,
      seconds: timed ? Math.round(minutes * 60) : null,
    },
  }
}
