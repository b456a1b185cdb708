import * as z from 'zod/mini'
import type { JsonObject } from '../../lib/json.ts'
import { nobody, type Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { objectIn, textIn } from '../places.ts'
import { type SignedOptions, signedOptions, verdictOnSecret } from '../proof/proofs.ts'
import { callerIn, numberIn } from './number.ts'

/** https://developers.ringcentral.com/guide/notifications/webhooks. The subscription expires and is renewed at RingCentral. */

const payload = z.looseObject({
  uuid: z.string().check(z.minLength(1), z.maxLength(255)),
  event: z.string(),
  timestamp: z.optional(z.string()),
  body: z.optional(z.record(z.string(), z.json())),
})

export const ringcentral: Source<SignedOptions> = {
  name: 'ringcentral',
  verifiedBy: 'a secret of ours in verification-token',
  keyedBy: 'uuid',
  types: ['*'],
  signed: false,
  options: signedOptions,

  /** The answer to the subscription's first request repeats its Validation-Token. */
  async handshake(request) {
    const token = request.method === 'POST' ? request.headers.get('validation-token') : null
    if (!token || !/^[\x21-\x7e]{1,255}$/.test(token)) return null
    return new Response(null, { headers: { 'validation-token': token } })
  },

  async verify(request, endpoint) {
    const given = request.headers.get('verification-token')
    const secrets = endpoint.secrets(endpoint.options.secret)
    return verdictOnSecret(given, secrets, 'verification-token')
  },

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('RingCentral')
    const { uuid, event, timestamp, body = {} } = parsed.data
    const made = await delivery({
      source: 'ringcentral',
      // `/restapi/v1.0/account/111/extension/222/message-store` is about the message store.
      type:
        event
          .split('?')[0]!
          .split('/')
          .filter(part => /[a-z]/.test(part))
          .at(-1)
          ?.slice(0, 100) || 'ringcentral.received',
      id: uuid,
      time: isoTime(timestamp),
      data: read.value,
      subject: idAt(body as JsonObject, 'telephonySessionId'),
      fields: body as JsonObject,
      person: personIn(body as JsonObject),
      // A text message stands in `subject`.
      message: textAt(body as JsonObject, 'type') === 'SMS' ? textAt(body as JsonObject, 'subject') : null,
    })
    return [made]
  },

  /** Failures end the subscription. */
  status: 200,
}

/** The other side of a call or a message. */
function personIn(body: JsonObject): Person {
  const party = objectIn(body, 'parties.0') ?? body
  const side = /^out/i.test(textAt(party, 'direction') ?? '') ? 'to|to.0' : 'from'
  const other = objectIn(party, side)
  const phone = other && numberIn(textIn(other, 'phoneNumber|extensionNumber'))
  return { ...nobody(), ...(phone && callerIn(textAt(other, 'name'))), phone }
}
