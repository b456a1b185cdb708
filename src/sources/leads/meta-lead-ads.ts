import * as z from 'zod/mini'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { InboundEvent } from '../../model/event.ts'
import { type Followed, type Provider, Stuck } from '../../model/follow.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { type Answer, alone, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { metaGreeting } from './meta.ts'

/**
 * https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving. Only ids come; with the page's token the answers are
 * fetched in the notification's run. Ids are numbers beyond 2^53, which the door reads as text.
 */

const options = z.extend(signedOptions, {
  token: secretOption,
  page: z.optional(secretOption),
})
type Options = z.infer<typeof options>

const api = 'https://graph.facebook.com/v24.0'
const notice = 'meta.notified'

const id = z.union([z.number(), z.string().check(z.minLength(1), z.maxLength(64))])
const lead = z.looseObject({ leadgen_id: id, form_id: z.optional(id), created_time: z.optional(z.number()) })
const payload = z.object({
  object: z.literal('page'),
  entry: z
    .array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.json() })).check(z.maxLength(1000)) }))
    .check(z.maxLength(1000)),
})

export const metaLeadAds: Source<Options> = {
  name: 'meta-lead-ads',
  verifiedBy: schemeWords(schemes.meta),
  keyedBy: 'leadgen_id',
  types: ['lead.created', notice],
  signed: true,
  options,
  following: { types: [notice], follow },

  status: 200,
  handshake: metaGreeting,
  verify: signedBy(schemes.meta),

  async parse(request, { options: { page } }) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Meta Lead Ads')
    const changes = parsed.data.entry.flatMap(({ changes }) => changes).filter(({ field }) => field === 'leadgen')
    const leads = changes.map(({ value }) => lead.safeParse(value))
    const good = leads.flatMap(one => (one.success ? [one.data] : []))
    if (good.length === 0 || good.length < leads.length) return notFrom('Meta Lead Ads')
    return Promise.all(good.map(one => leadOf(one, page === undefined ? 'lead.created' : notice)))
  },
}

function leadOf(given: z.infer<typeof lead>, type: string) {
  const key = String(given.leadgen_id)
  const fields = given as JsonObject
  const time = isoTime(given.created_time)
  // What is fetched is the lead's; the notification must not stand before it in the same queue.
  const subject = type === notice ? `notice ${key}` : key
  return delivery({ source: 'meta-lead-ads', type, id: key, subject, time, data: fields, fields })
}

/** The answers: `field_data: [{name, values}]`. Only those who saw the form can have written them: what is fetched is what Meta keeps. */
async function follow({ fields, time }: InboundEvent, provider: Provider<Options>): Promise<Followed> {
  const id = String(fields.leadgen_id)
  const { page } = provider.endpoint.options
  if (page === undefined)
    throw new Stuck('The endpoint names no `page` token any more, so the answers of the lead cannot be fetched.')
  if (!/^\d{1,32}$/.test(id)) return { kind: 'ignored', reason: 'Meta told a lead without a number.' }
  const authorization = `Bearer ${provider.secret(page)}`
  const wanted = 'id,created_time,ad_name,campaign_name,form_id,platform,field_data'
  const answer = await provider.ask(`${api}/${id}?fields=${wanted}`, { headers: { authorization } })
  if (answer.status === 404) return { kind: 'ignored', reason: `Meta has no lead ${id}.` }
  if (answer.status !== 200 || !isObject(answer.body))
    throw new Stuck(`Meta did not tell lead ${id} (${answer.status}). ${whyNot}`)
  const given = Array.isArray(answer.body.field_data) ? answer.body.field_data : []
  const answers = given.flatMap((one): Answer[] => {
    const name = textAt(one, 'name')
    const values = isObject(one) && Array.isArray(one.values) ? one.values : []
    return name === null ? [] : [{ label: name, value: alone(values) }]
  })
  const made = await submission({
    source: 'meta-lead-ads',
    type: 'lead.created',
    id: `lead:${id}`,
    time: time ?? null,
    data: answer.body,
    answers,
  })
  return { kind: 'events', deliveries: [{ ...made, event: { ...made.event, subject: id } }] }
}

const whyNot = 'The page token may have expired, or lack leads_retrieval: store a new one and resume.'
