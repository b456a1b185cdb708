import { isObject, type JsonObject } from '../../lib/json.ts'
import { nobody } from '../../model/event.ts'
import { filesOf } from '../../reading/linked-files.ts'
import { at, textAt } from '../../reading/payload.ts'
import { messageOf } from '../../reading/person.ts'
import { callerIn, numberIn } from '../calls/number.ts'
import { quoFiles, quoPerson, quoWords } from '../calls/quo.ts'
import { textIn, whom } from '../places.ts'
import { schemes } from '../proof/schemes.ts'
import { docusign } from '../signing/docusign.ts'
import { signerOf } from '../signing/signer.ts'
import { sourceOf, type Vendor } from '../vendor.ts'
import { square } from './square.ts'

/** Providers that sign a JSON body and keep what we need at fixed places: a row each. */

const rows: readonly Vendor[] = [
  {
    // https://docs.github.com/en/webhooks/webhook-events-and-payloads
    name: 'github',
    provider: 'GitHub',
    schemes: [schemes.github],
    key: ['@x-github-delivery'],
    type: ['@x-github-event', 'action'],
  },
  {
    // https://docs.stripe.com/api/events/object
    name: 'stripe',
    provider: 'Stripe',
    schemes: [schemes.stripe],
    maton: true,
    key: ['id'],
    type: ['type'],
    subject: 'data.object.id',
    time: 'created',
    fields: 'data.object',
    person: stripePerson,
  },
  {
    // https://docs.svix.com/receiving/verifying-payloads/how
    name: 'svix',
    provider: 'a provider that uses Svix',
    schemes: [schemes.svix, schemes.standardWebhooks],
    key: ['@svix-id|@webhook-id'],
    type: ['type|event_type|eventType'],
    time: 'timestamp',
    fields: 'data',
  },
  square,
  docusign,
  {
    // https://developers.pandadoc.com/docs/webhook-verification
    name: 'pandadoc',
    provider: 'PandaDoc',
    schemes: [schemes.pandadoc],
    status: 200,
    list: true,
    key: ['data.id', 'event', 'data.date_modified|data.status'],
    type: ['event'],
    subject: 'data.id',
    time: 'data.date_modified',
    fields: 'data',
    person: item => signerOf(at(item, 'data.recipients'), textAt(item, 'data.created_by.email')),
  },
  {
    // https://apidocs.callrail.com/#webhooks: a call does not name the kind of webhook, and comes again when it is modified.
    name: 'callrail',
    provider: 'CallRail',
    schemes: [schemes.callrail],
    key: ['resource_id|id', '#'],
    type: [],
    subject: 'resource_id|id',
    time: 'start_time|submitted_at|sent_at|timestamp',
    person: callrailPerson,
    message: 'content|form_data.message|form_data.comments|transcription|message|note',
    // The labels of a form are the site's own.
    more: item => ({
      ...(isObject(item.form_data) && { message: messageOf(item.form_data) }),
      files: filesOf({ label: '', value: item.media_urls ?? [], kind: 'file' }),
    }),
  },
  {
    // https://help.lawmatics.com/en/articles/15438485. Any 4xx but 429 ends a delivery for good, so a secret that was
    // mistyped would lose events: 429 makes it come again.
    name: 'lawmatics',
    provider: 'Lawmatics',
    schemes: [schemes.lawmatics],
    key: ['event_id'],
    type: ['event_type'],
    subject: 'data.matter_id',
    time: 'timestamp',
    fields: 'data',
    unproved: 429,
  },
  {
    // Webhooks made before 2026-03-30 sign otherwise.
    name: 'quo',
    provider: 'Quo (OpenPhone)',
    schemes: [schemes.quoLegacy, schemes.standardWebhooks],
    key: ['id'],
    type: ['type'],
    subject:
      'data.resource.callId|data.resource.id|resource.callId|resource.id|data.object.callId|data.object.id|data.context.callId',
    time: 'createdAt',
    fields: 'data.resource|resource|data.object',
    person: quoPerson,
    more: item => ({ message: quoWords(item), files: quoFiles(item) }),
  },
]

/** Each object of Stripe's names its customer elsewhere; only a customer is one itself. */
function stripePerson(item: JsonObject) {
  const object = at(item, 'data.object')
  if (isObject(object) && object.object === 'customer') return whom({ of: 'data.object' })(item)
  return payer(item)
}

const billed = [
  'customer_details',
  'billing_details',
  'charges.data.0.billing_details',
  'latest_charge.billing_details',
  'payment_method.billing_details',
  'collected_information.shipping_details',
  'shipping',
  'shipping_details',
  'customer_shipping',
]
const payer = whom({
  name: places('customer_name', ...billed.map(one => `${one}.name`), 'evidence.customer_name'),
  email: places(
    'customer_email',
    ...billed.map(one => `${one}.email`),
    'receipt_email',
    'charges.data.0.receipt_email',
    'latest_charge.receipt_email',
    'evidence.customer_email_address',
  ),
  phone: places('customer_phone', ...billed.map(one => `${one}.phone`)),
})

function places(...paths: readonly string[]): string {
  return paths.map(path => `data.object.${path}`).join('|')
}

/** `company_name` is the firm's own account there. */
function callrailPerson(item: JsonObject) {
  const answered = whom({ of: 'form_data', email: 'customer_email|email' })(item)
  const caller = callerIn(textIn(item, 'customer_name|formatted_customer_name|caller_name'))
  // A text that somebody of the firm has sent says who.
  const other = textIn(item, 'agent') === null ? 'source_number' : 'destination_number'
  const phone = numberIn(textIn(item, `customer_phone_number|caller_number|customer_phone|phone_number|${other}`))
  return { ...nobody(), ...answered, ...(told(caller) && caller), phone: phone ?? answered.phone }
}

const told = ({ last_name, first_name, company }: ReturnType<typeof callerIn>) =>
  (first_name ?? last_name ?? company) !== null

export const vendors = rows.map(sourceOf)
