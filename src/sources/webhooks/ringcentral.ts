import * as z from 'zod'
import type { JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { readJson } from '../../reading/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { type SignedOptions, signedOptions, verdictOnSecret } from '../proof/proofs.ts'

/** https://developers.ringcentral.com/guide/notifications/webhooks. The subscription expires and is renewed at RingCentral. */

const payload = z.looseObject({
  uuid: z.string().min(1).max(255),
  event: z.string(),
  timestamp: z.string().optional(),
  body: z.record(z.string(), z.json()).optional(),
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
      fields: body as JsonObject,
    })
    return [made]
  },
}
