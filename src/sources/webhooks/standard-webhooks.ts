import { isObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { isoTime } from '../../reading/payload.ts'
import { type SignedOptions, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/**
 * Whoever signs as Standard Webhooks says (https://www.standardwebhooks.com), and our own scheme for Zapier code steps,
 * n8n, Make, Apps Script and the like: `{"type", "timestamp", "data"}`, all optional.
 */
export const standardWebhooks: Source<SignedOptions> = {
  name: 'standard-webhooks',
  verifiedBy: 'an HMAC-SHA256 over webhook-id, webhook-timestamp and the body, not older than five minutes',
  keyedBy: 'webhook-id',
  types: ['*'],
  signed: true,
  options: signedOptions,
  verify: signedBy(schemes.standardWebhooks),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const envelope = isObject(read.value) ? read.value : {}
    const { type, timestamp, data } = envelope
    const made = await delivery({
      source: 'standard-webhooks',
      type: typeof type === 'string' && type !== '' ? type : 'webhook.received',
      id: request.headers.get('webhook-id'),
      // The header's time is of the delivery, and another at each attempt: it says nothing of when the event was.
      time: isoTime(timestamp),
      data: read.value,
      fields: isObject(data) ? data : envelope,
      content: read.value,
    })
    return [made]
  },
}
