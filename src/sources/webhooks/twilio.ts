import type * as z from 'zod'
import type { JsonObject } from '../../lib/json.ts'
import type { InboundFile } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { readAnswers } from '../../reading/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, notFrom, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { signedUrlOptions } from '../proof/proofs.ts'
import { verdictOf } from '../proof/signature.ts'
import { verifyTwilio } from '../proof/specials.ts'

/** https://www.twilio.com/docs/messaging/guides/webhook-request: messages, calls and their changes of state. */

type Options = z.infer<typeof signedUrlOptions>

export const twilio: Source<Options> = {
  name: 'twilio',
  verifiedBy: 'HMAC-SHA1 in x-twilio-signature over the address and the sorted fields (or the hash of a JSON body)',
  keyedBy: 'MessageSid and MessageStatus, or CallSid and CallStatus',
  types: ['message.received', '*'],
  signed: true,
  options: signedUrlOptions,

  async verify(request, { options, secrets }) {
    return verdictOf(await verifyTwilio(request, secrets(options.secret), options.url ?? request.url.href))
  },

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const data = read.value
    const message = idAt(data, 'MessageSid') ?? idAt(data, 'SmsSid')
    const call = idAt(data, 'CallSid')
    const subject = message ?? call
    if (subject === null) return notFrom('Twilio')
    const state = idAt(data, message ? 'MessageStatus' : 'CallStatus') ?? 'received'
    const made = await delivery({
      source: 'twilio',
      type: `${message ? 'message' : 'call'}.${state}`,
      id: `${subject}:${state}`,
      subject,
      data,
      fields: data,
      person: { ...personOf({ name: data.CallerName ?? '' }), phone: textAt(data, 'From') },
      message: textAt(data, 'Body'),
      files: mediaOf(data),
    })
    return [made]
  },

  /** 204: Twilio would read any body as instructions (TwiML), and JSON as an error. */
  respond: () => new Response(null, { status: 204 }),
}

/** `MediaUrl0`, `MediaContentType0` …; opening them takes the account's own credentials. */
function mediaOf(data: JsonObject): InboundFile[] {
  return Object.keys(data).flatMap(key => {
    const number = /^MediaUrl(\d{1,2})$/.exec(key)?.[1]
    const url = number === undefined ? null : textAt(data, key)
    if (!url?.startsWith('https://')) return []
    const type = textAt(data, `MediaContentType${number}`) ?? 'application/octet-stream'
    return [{ name: `media-${number}`, content_type: type, size: 0, url }]
  })
}
