import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Problem } from '../../lib/problem.ts'
import type { Endpoint, Inbound } from '../../model/endpoint.ts'
import type { Delivery, InboundEvent } from '../../model/event.ts'
import { type Followed, type Provider, Stuck } from '../../model/follow.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom } from '../../reading/payload.ts'
import { insideOf, orByMaton, viaOption } from '../maton.ts'
import { schemeWords, signedUrlOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { fail, verdictOf, verifySignature } from '../proof/signature.ts'
import { hubspotUri, verifyHubspotLegacy } from '../proof/specials.ts'

/**
 * https://developers.hubspot.com/docs/api/webhooks. There is no webhook of a form. An app's subscriptions come as a list of
 * events (v3 or v1 signature); a workflow that a form starts sends the contact as one object (v2).
 */

const options = z.extend(signedUrlOptions, {
  version: z.optional(z.literal('v3')),
  ...viaOption,
  token: z.optional(secretOption),
})
type Options = z.infer<typeof options>

const api = 'https://api.hubapi.com/crm/v3/objects/contacts'
const notice = 'hubspot.notified'

const id = z.union([z.number(), z.string().check(z.minLength(1), z.maxLength(255))])
const change = z.looseObject({
  eventId: id,
  subscriptionId: id,
  portalId: id,
  occurredAt: z.number(),
  objectId: z.optional(id),
  subscriptionType: z.string().check(z.minLength(1), z.maxLength(255)),
  objectTypeId: z.optional(z.string()),
})
const payload = z.union([z.array(change).check(z.minLength(1), z.maxLength(100)), z.record(z.string(), z.json())])

export const hubspot: Source<Options> = {
  name: 'hubspot',
  verifiedBy: `${schemeWords(schemes.hubspotV3)}; older: SHA-256 in x-hubspot-signature (v1, v2)`,
  keyedBy:
    'portalId, subscriptionId, eventId, occurredAt and objectId; of a workflow the contact and the time of its newest form, else the answers, for ten minutes',
  types: ['form.submitted', notice, '*'],
  signed: true,
  anybody: true,
  options,
  following: { types: [notice], follow },

  unproved: ({ version, via }) =>
    version === 'v3' || via === 'maton'
      ? null
      : 'takes HubSpot\'s older signatures too, which hold no time: such a request can be sent again. Where only an app\'s subscriptions send here, say "version": "v3"',

  verify: orByMaton(verify),
  parse: (request, endpoint) => insideOf(request, endpoint.options, one => read(one, endpoint.options)),
}

async function verify(request: Inbound, { options, secrets }: Endpoint<Options>) {
  const present = secrets(options.secret)
  const uri = options.url ?? request.url.href
  const newest = request.headers.has('x-hubspot-signature-v3')
  if (!newest && options.version === 'v3')
    return verdictOf(fail({ reason: 'missing', where: 'x-hubspot-signature-v3' }))
  return verdictOf(
    newest
      ? await verifySignature(schemes.hubspotV3, request, present, hubspotUri(uri))
      : await verifyHubspotLegacy(request, present, uri),
  )
}

async function read(request: Inbound, { token, via }: Options): Promise<Delivery[] | Problem> {
  const given = readJson(request)
  if (!given.ok) return given.problem
  // The gateway may hand on one event by itself.
  const single = via === 'maton' && change.safeParse(given.value).success
  const parsed = payload.safeParse(single ? [given.value] : given.value)
  if (!parsed.success) return notFrom('HubSpot')
  if (Array.isArray(parsed.data)) return Promise.all(parsed.data.map(one => changed(one, token !== undefined)))
  const body = given.value as JsonObject
  if (via === 'maton' && !Object.hasOwn(body, 'properties') && !Object.hasOwn(body, 'vid')) return notFrom('HubSpot')
  const answers = answersOf(properties(body))
  const sent = submissionOf(body)
  return [await submission({ source: 'hubspot', id: null, ...sent, data: body, answers })]
}

/** An event of a subscription; `eventId` alone is not unique, HubSpot says. */
function changed(given: z.infer<typeof change>, fetching: boolean): Promise<Delivery> {
  const { portalId, subscriptionId, eventId, occurredAt, objectId = '', subscriptionType } = given
  const fields = given as JsonObject
  const followed = fetching && isNewContact(given)
  return delivery({
    source: 'hubspot',
    type: followed ? notice : subscriptionType,
    id: [portalId, subscriptionId, eventId, occurredAt, objectId].join(':'),
    subject: objectId === '' ? null : `${followed ? 'notice ' : ''}${portalId}:${objectId}`,
    time: isoTime(occurredAt),
    data: fields,
    fields,
  })
}

/** A contact's own subscription, or the newer one of all objects, where contacts are the type 0-1. */
const isNewContact = ({ subscriptionType, objectTypeId }: z.infer<typeof change>) =>
  subscriptionType === 'contact.creation' || (subscriptionType === 'object.creation' && objectTypeId === '0-1')

const wanted = 'firstname,lastname,email,phone,mobilephone,company,message,hs_lead_status,lifecyclestage,createdate'

async function follow({ id: key, fields, time }: InboundEvent, provider: Provider<Options>): Promise<Followed> {
  const id = String(fields.objectId)
  const { token } = provider.endpoint.options
  if (token === undefined) throw new Stuck('The endpoint names no `token` any more, so the contact cannot be fetched.')
  if (!/^\d{1,32}$/.test(id)) return { kind: 'ignored', reason: 'HubSpot told a contact without a number.' }
  const authorization = `Bearer ${provider.secret(token)}`
  const answer = await provider.ask(`${api}/${id}?properties=${wanted}`, { headers: { authorization } })
  if (answer.status === 404) return { kind: 'ignored', reason: `HubSpot has no contact ${id}.` }
  if (answer.status !== 200 || !isObject(answer.body))
    throw new Stuck(`HubSpot did not tell contact ${id} (${answer.status}).`)
  const given = Object.entries(properties(answer.body)).filter(([, value]) => value !== null && value !== '')
  const made = await submission({
    source: 'hubspot',
    type: 'contact.creation',
    id: `contact:${key}`,
    time,
    data: answer.body,
    answers: answersOf(Object.fromEntries(given)),
  })
  return { kind: 'events', deliveries: [{ ...made, event: { ...made.event, subject: `${fields.portalId}:${id}` } }] }
}

/** A workflow tells no id, but the contact's, and when its newest form was sent: HubSpot repeats a request for three days. */
function submissionOf(body: JsonObject): { key: string | null; time: string | null } {
  const contact = idAt(body, 'vid') ?? idAt(body, 'canonical-vid')
  const forms = Array.isArray(body['form-submissions']) ? body['form-submissions'] : []
  const times = forms.flatMap(one => Number(idAt(one, 'timestamp') ?? Number.NaN)).filter(Number.isSafeInteger)
  const newest = times.length > 0 ? Math.max(...times) : null
  if (contact === null || newest === null) return { key: null, time: null }
  return { key: ['workflow', idAt(body, 'portal-id') ?? '', contact, newest].join(':'), time: isoTime(newest) }
}

/** A workflow sends the contact with `properties`, each `{"value": …}`; or the values that the firm chose, by their names. */
function properties(body: JsonObject): JsonObject {
  const given = isObject(body.properties) ? body.properties : body
  const worth = (value: Json) => (isObject(value) && Object.hasOwn(value, 'value') ? value.value! : value)
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, worth(value)]))
}
