import * as z from 'zod/mini'
import { canonical, isObject, type Json, sha256 } from '../../lib/json.ts'
import { problem } from '../../lib/problem.ts'
import { isoInstant } from '../../lib/time/time.ts'
import type { InboundEvent } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { isJsonType, mediaType, readJson } from '../../reading/body/body.ts'
import { messageOf, personOf } from '../../reading/person.ts'
import { schemes } from '../proof/schemes.ts'
import { verdictOf, verifySignature } from '../proof/signature.ts'

/**
 * Whoever signs as Standard Webhooks says (https://www.standardwebhooks.com), and our own scheme for Zapier code steps,
 * n8n, Make, Apps Script and the like: `{"type", "timestamp", "data"}`, all optional.
 */

const options = z.strictObject({ secret: secretOption })

const anyType = 'webhook.received'

export const standardWebhooks: Source<z.infer<typeof options>> = {
  name: 'standard-webhooks',
  verifiedBy: 'an HMAC-SHA256 over webhook-id, webhook-timestamp and the body, not older than five minutes',
  keyedBy: 'webhook-id',
  types: ['*'],
  signed: true,
  options,

  async verify(request, endpoint) {
    const secrets = endpoint.secrets(endpoint.options.secret)
    return verdictOf(await verifySignature(schemes.standardWebhooks, request, secrets))
  },

  async parse(request) {
    const type = mediaType(request)
    if (type !== '' && !isJsonType(type)) return notJson
    const read = readJson(request)
    if (!read.ok) return read.problem
    const id = request.headers.get('webhook-id')!
    const event = eventOf(id, read.value)
    const content = await sha256(canonical(read.value))
    return [{ event, key: { kind: 'given', value: id }, content, strict: false }]
  },
}

function eventOf(id: string, payload: Json): InboundEvent {
  const envelope = isObject(payload) ? payload : {}
  const fields = isObject(envelope.data) ? envelope.data : envelope
  const { type, timestamp } = envelope
  return {
    id,
    source: 'standard-webhooks',
    type: typeof type === 'string' && type !== '' ? type : anyType,
    subject: null,
    follows: null,
    // The header's time is of the delivery, and another at each attempt: it says nothing of when the event was.
    time: isoTime(timestamp),
    data: payload,
    fields,
    person: personOf(fields),
    message: messageOf(fields),
    files: [],
    booking: null,
  }
}

/** An ISO 8601 time with its offset, in UTC; anything else is no time that can be compared. */
function isoTime(value: Json | undefined): string | null {
  const instant = typeof value === 'string' ? isoInstant(value) : null
  return instant === null ? null : new Date(instant).toISOString()
}

const notJson = problem(
  415,
  'content-type',
  'The kind of body is not supported',
  'The body of a standard webhook is JSON. Send it with Content-Type: application/json.',
  { headers: { 'accept-post': 'application/json' } },
)
