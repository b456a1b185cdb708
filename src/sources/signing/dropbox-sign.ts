import * as z from 'zod/mini'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Inbound } from '../../model/endpoint.ts'
import type { Source } from '../../model/source.ts'
import { parseJson, readAnswers } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { at, idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { type SignedOptions, signedOptions } from '../proof/proofs.ts'
import { fail, verdictOf } from '../proof/signature.ts'
import { verifyDropboxSign } from '../proof/specials.ts'
import { signerOf } from './signer.ts'

/**
 * https://developers.hellosign.com/docs/events/walkthrough/: multipart with one field `json`. The hash covers the time and
 * the type only, so the payload is not proved: what matters is read again at Dropbox Sign by a person or a later step.
 */

const event = z.object({
  event_time: z.string().check(z.regex(/^\d{1,15}$/)),
  event_type: z.string().check(z.minLength(1), z.maxLength(100)),
  event_hash: z.string(),
})

async function payloadOf(request: Inbound): Promise<JsonObject | null> {
  const read = await readAnswers(request)
  const value = !read.ok ? null : typeof read.value.json === 'string' ? parseJson(read.value.json) : read.value
  return isObject(value) ? value : null
}

export const dropboxSign: Source<SignedOptions> = {
  name: 'dropbox-sign',
  verifiedBy:
    'HMAC-SHA256 in event.event_hash over {event_time}{event_type}, keyed with the API key: not over the payload',
  keyedBy: 'event.event_hash and signature_request.signature_request_id',
  types: ['*'],
  signed: false,
  unproved: () =>
    'is proved in its time and type alone: who knows one such event can write anything else of it (Dropbox Sign signs no more). Let a person look at the request there before a rule counts on it',
  options: signedOptions,

  async verify(request, endpoint) {
    const secrets = endpoint.secrets(endpoint.options.secret)
    const parsed = event.safeParse((await payloadOf(request))?.event)
    const claimed = parsed.data ?? { event_time: '', event_type: '', event_hash: '' }
    const verification = await verifyDropboxSign(claimed, secrets)
    return verdictOf(verification.ok && !parsed.success ? fail({ reason: 'malformed', where: 'event' }) : verification)
  },

  async parse(request) {
    const data = await payloadOf(request)
    const parsed = event.safeParse(data?.event)
    if (data === null || !parsed.success) return notFrom('Dropbox Sign')
    const { event_hash, event_time, event_type } = parsed.data
    const subject = idAt(data, 'signature_request.signature_request_id')
    const fields = isObject(data.signature_request) ? data.signature_request : {}
    const made = await delivery({
      source: 'dropbox-sign',
      type: event_type,
      id: `${event_hash}:${subject ?? ''}`,
      subject,
      time: isoTime(Number(event_time)),
      data,
      fields,
      person: signerOf(at(fields, 'signatures'), textAt(fields, 'requester_email_address')),
    })
    return [made]
  },

  /** Exactly this text, or the event is sent again and the callback is switched off in the end. */
  respond: () => new Response('Hello API Event Received', { headers: { 'content-type': 'text/plain' } }),
}
