import * as z from 'zod'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Delivery } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom } from '../../reading/payload.ts'
import { schemeWords, signedUrlOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { verdictOf, verifySignature } from '../proof/signature.ts'
import { hubspotUri, verifyHubspotLegacy } from '../proof/specials.ts'

/**
 * https://developers.hubspot.com/docs/api/webhooks. There is no webhook of a form. An app's subscriptions come as a list of
 * events (v3 or v1 signature); a workflow that a form starts sends the contact as one object (v2).
 */

type Options = z.infer<typeof signedUrlOptions>

const id = z.union([z.number(), z.string().min(1).max(255)])
const change = z.looseObject({
  eventId: id,
  subscriptionId: id,
  portalId: id,
  occurredAt: z.number(),
  objectId: id.optional(),
  subscriptionType: z.string().min(1).max(255),
})
const payload = z.union([z.array(change).min(1).max(100), z.record(z.string(), z.json())])

export const hubspot: Source<Options> = {
  name: 'hubspot',
  verifiedBy: `${schemeWords(schemes.hubspotV3)}; older: SHA-256 in x-hubspot-signature (v1, v2)`,
  keyedBy:
    'portalId, subscriptionId, eventId, occurredAt and objectId; of a workflow the contact and the time of its newest form, else the answers, for ten minutes',
  types: ['form.submitted', '*'],
  signed: true,
  options: signedUrlOptions,

  async verify(request, { options, secrets }) {
    const present = secrets(options.secret)
    const uri = options.url ?? request.url.href
    const newest = request.headers.has('x-hubspot-signature-v3')
    return verdictOf(
      newest
        ? await verifySignature(schemes.hubspotV3, request, present, hubspotUri(uri))
        : await verifyHubspotLegacy(request, present, uri),
    )
  },

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('HubSpot')
    if (Array.isArray(parsed.data)) return Promise.all(parsed.data.map(changed))
    const body = read.value as JsonObject
    const answers = answersOf(properties(body))
    const sent = submissionOf(body)
    return [await submission({ source: 'hubspot', id: null, ...sent, data: body, answers })]
  },
}

/** An event of a subscription; `eventId` alone is not unique, HubSpot says. */
function changed(given: z.infer<typeof change>): Promise<Delivery> {
  const { portalId, subscriptionId, eventId, occurredAt, objectId = '', subscriptionType } = given
  const fields = given as JsonObject
  return delivery({
    source: 'hubspot',
    type: subscriptionType,
    id: [portalId, subscriptionId, eventId, occurredAt, objectId].join(':'),
    subject: objectId === '' ? null : `${portalId}:${objectId}`,
    time: isoTime(occurredAt),
    data: fields,
    fields,
  })
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
