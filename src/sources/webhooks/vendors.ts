import { schemes } from '../proof/schemes.ts'
import { sourceOf, type Vendor } from './vendor.ts'

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
    key: ['id'],
    type: ['type'],
    subject: 'data.object.id',
    time: 'created',
    fields: 'data.object',
    person: 'data.object.customer_details|data.object.billing_details',
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
    person: 'data',
  },
  {
    // https://developer.squareup.com/docs/webhooks/overview
    name: 'square',
    provider: 'Square',
    schemes: [schemes.square],
    key: ['event_id'],
    type: ['type'],
    subject: 'data.id',
    time: 'created_at',
    fields: 'data.object',
  },
  {
    // https://developers.docusign.com/platform/webhooks/connect/ (JSON SIM)
    name: 'docusign',
    provider: 'DocuSign Connect',
    schemes: [schemes.docusign],
    key: ['data.envelopeId', 'event', 'generatedDateTime'],
    type: ['event'],
    subject: 'data.envelopeId',
    time: 'generatedDateTime',
    fields: 'data',
    person: 'data.envelopeSummary.recipients.signers.0',
  },
  {
    // https://developers.pandadoc.com/docs/webhook-verification
    name: 'pandadoc',
    provider: 'PandaDoc',
    schemes: [schemes.pandadoc],
    list: true,
    key: ['data.id', 'event', 'data.date_modified|data.status'],
    type: ['event'],
    subject: 'data.id',
    time: 'data.date_modified',
    fields: 'data',
    person: 'data.recipients.0',
  },
  {
    // https://apidocs.callrail.com/#webhooks: a call does not name the kind of webhook, and comes again when it is modified.
    name: 'callrail',
    provider: 'CallRail',
    schemes: [schemes.callrail],
    key: ['resource_id|id', '#'],
    type: [],
    subject: 'resource_id|id',
    person: '.',
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
    // https://www.quo.com/docs (formerly OpenPhone); webhooks made before 2026-03-30 sign otherwise.
    name: 'quo',
    provider: 'Quo (OpenPhone)',
    schemes: [schemes.quoLegacy, schemes.standardWebhooks],
    key: ['id'],
    type: ['type'],
    subject: 'data.object.id',
    time: 'createdAt',
    fields: 'data.object',
  },
]

export const vendors = rows.map(sourceOf)
