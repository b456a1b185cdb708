import * as z from 'zod'
import type { JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { readJson } from '../../reading/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { verifyToken } from '../proof/specials.ts'

/**
 * https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving. Only ids come; the answers are fetched
 * with them. Ids are numbers beyond 2^53, which the door reads as text.
 */

/** `token`: the verify token that was typed in at Meta, for the handshake. */
const options = signedOptions.extend({ token: secretOption })
type Options = z.infer<typeof options>

const id = z.union([z.number(), z.string().min(1).max(64)])
const lead = z.looseObject({ leadgen_id: id, form_id: id.optional(), created_time: z.number().optional() })
const payload = z.object({
  object: z.literal('page'),
  entry: z.array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.json() })).max(1000) })).max(1000),
})

export const metaLeadAds: Source<Options> = {
  name: 'meta-lead-ads',
  verifiedBy: schemeWords(schemes.meta),
  keyedBy: 'leadgen_id',
  types: ['lead.created'],
  signed: true,
  options,

  /** GET with `hub.mode=subscribe`: the challenge goes back as it came, to whoever knows the verify token. */
  async handshake(request, endpoint) {
    const query = request.url.searchParams
    if (request.method !== 'GET' || query.get('hub.mode') !== 'subscribe') return null
    const secrets = endpoint.secrets(endpoint.options.token)
    const proof = await verifyToken(query.get('hub.verify_token'), secrets, 'hub.verify_token')
    if (!proof.ok) return null
    const headers = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }
    return new Response((query.get('hub.challenge') ?? '').slice(0, 256), { headers })
  },

  verify: signedBy(schemes.meta),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Meta Lead Ads')
    const changes = parsed.data.entry.flatMap(({ changes }) => changes).filter(({ field }) => field === 'leadgen')
    const leads = changes.map(({ value }) => lead.safeParse(value))
    const good = leads.flatMap(one => (one.success ? [one.data] : []))
    if (good.length === 0 || good.length < leads.length) return notFrom('Meta Lead Ads')
    return Promise.all(good.map(leadOf))
  },
}

function leadOf(given: z.infer<typeof lead>) {
  const key = String(given.leadgen_id)
  const fields = given as JsonObject
  const time = isoTime(given.created_time)
  return delivery({ source: 'meta-lead-ads', type: 'lead.created', id: key, subject: key, time, data: fields, fields })
}
