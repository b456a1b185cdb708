/** How each provider signs a request, as data. `signature.ts` is the one reader of these rows. */

/** Where a request carries its signature, and in which spelling. Header names are in lower case. */
export type Carrier =
  /** The header is the signature, after a fixed prefix. */
  | { readonly form: 'plain'; readonly header: string; readonly prefix?: string }
  /** `t=1531420618,v1=…`; unknown keys (Stripe's `v0`) are passed over. `several`: the provider repeats `v1` while keys rotate. */
  | { readonly form: 'pairs'; readonly header: string; readonly several?: true }
  /** `v1,… v1,…`: one signature for each key in use; other versions (`v1a`, Ed25519) are passed over. */
  | { readonly form: 'list'; readonly header: string }
  /** `X-DocuSign-Signature-1`, `-2` …: one header for each active key. */
  | { readonly form: 'numbered'; readonly header: string }
  /** `hmac;1;1639710054089;…` */
  | { readonly form: 'semicolons'; readonly header: string }
  /** A parameter of the URL's query. */
  | { readonly form: 'query'; readonly parameter: string }

export interface Stamp {
  /** Left out: the timestamp stands in the signature's header. */
  readonly header?: string
  readonly unit: 's' | 'ms'
  /** Seconds that the provider's clock may be before or behind ours. Left out: it is signed, but not compared. */
  readonly tolerance?: number
}

export interface Scheme {
  readonly carrier: Carrier
  readonly hash: 'SHA-256' | 'SHA-1'
  readonly encoding: 'hex' | 'base64'
  /** How the secret's text becomes the key: its own UTF-8 bytes, or base64 decoded (after a prefix, when there is one). */
  readonly key: 'utf8' | 'base64'
  readonly keyPrefix?: string
  /** The signed bytes, with the holes `{id}` `{ts}` `{method}` `{uri}` `{body}`. `{uri}` is the address that the provider was given. */
  readonly signed: string
  readonly idHeader?: string
  readonly stamp?: Stamp
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md; Svix only names its headers otherwise. */
const standard = (prefix: 'webhook' | 'svix'): Scheme => ({
  carrier: { form: 'list', header: `${prefix}-signature` },
  hash: 'SHA-256',
  encoding: 'base64',
  key: 'base64',
  keyPrefix: 'whsec_',
  signed: '{id}.{ts}.{body}',
  idHeader: `${prefix}-id`,
  stamp: { header: `${prefix}-timestamp`, unit: 's', tolerance: 300 },
})

/** HMAC-SHA256 over the body alone, keyed with the secret's own text: the commonest row. */
const plain = (header: string, encoding: 'hex' | 'base64', prefix?: string): Scheme => ({
  carrier: { form: 'plain', header, ...(prefix && { prefix }) },
  hash: 'SHA-256',
  encoding,
  key: 'utf8',
  signed: '{body}',
})

/** Stripe's form, which others have taken over: `t=…,v1=…` over `{t}.{body}`. The key is the whole text, `whsec_` included. */
const paired = (header: string, tolerance: number, several?: true): Scheme => ({
  carrier: { form: 'pairs', header, ...(several && { several }) },
  hash: 'SHA-256',
  encoding: 'hex',
  key: 'utf8',
  signed: '{ts}.{body}',
  stamp: { unit: 's', tolerance },
})

export const schemes = {
  // https://docs.slack.dev/authentication/verifying-requests-from-slack
  slack: {
    ...plain('x-slack-signature', 'hex', 'v0='),
    signed: 'v0:{ts}:{body}',
    stamp: { header: 'x-slack-request-timestamp', unit: 's', tolerance: 300 },
  },
  // https://developers.zoom.us/docs/api/webhooks/#verify-with-zooms-header: Slack's formula, other headers
  zoom: {
    ...plain('x-zm-signature', 'hex', 'v0='),
    signed: 'v0:{ts}:{body}',
    stamp: { header: 'x-zm-request-timestamp', unit: 's', tolerance: 300 },
  },
  // The vendor's sample allows three minutes: https://developer.calendly.com/api-docs (webhook signatures)
  calendly: paired('calendly-webhook-signature', 180),
  // Without a secret Cal.com sends the literal `no-secret-provided`, which is no hexadecimal number.
  calcom: plain('x-cal-signature-256', 'hex'),
  // Keyed with the account's API key: https://developers.acuityscheduling.com/docs/webhooks
  acuity: plain('x-acuity-signature', 'base64'),
  typeform: plain('typeform-signature', 'base64', 'sha256='),
  tally: plain('tally-signature', 'base64'),
  webflow: {
    ...plain('x-webflow-signature', 'hex'),
    signed: '{ts}:{body}',
    stamp: { header: 'x-webflow-timestamp', unit: 'ms', tolerance: 300 },
  },
  formspree: paired('formspree-signature', 300),
  // Hexadecimal; FastSpring sends the same header in base64.
  formstack: plain('x-fs-signature', 'hex', 'sha256='),
  hubspotV3: {
    ...plain('x-hubspot-signature-v3', 'base64'),
    signed: '{method}{uri}{body}{ts}',
    stamp: { header: 'x-hubspot-request-timestamp', unit: 'ms', tolerance: 300 },
  },
  standardWebhooks: standard('webhook'),
  svix: standard('svix'),
  github: plain('x-hub-signature-256', 'hex', 'sha256='),
  meta: plain('x-hub-signature-256', 'hex', 'sha256='),
  // https://docs.stripe.com/webhooks/signature: five minutes; two `v1` while a secret is rolled
  stripe: paired('stripe-signature', 300, true),
  square: { ...plain('x-square-hmacsha256-signature', 'base64'), signed: '{uri}{body}' },
  docusign: {
    ...plain('', 'base64'),
    carrier: { form: 'numbered', header: 'x-docusign-signature-' },
  },
  // https://developers.pandadoc.com/docs/webhook-verification
  pandadoc: { ...plain('', 'hex'), carrier: { form: 'query', parameter: 'signature' } },
  // Older OpenPhone webhooks; newer ones are Standard Webhooks.
  quoLegacy: {
    ...plain('', 'base64'),
    carrier: { form: 'semicolons', header: 'openphone-signature' },
    key: 'base64',
    signed: '{ts}.{body}',
    stamp: { unit: 'ms', tolerance: 300 },
  },
  // https://docs.developers.clio.com/api-docs/clio-manage/webhooks/: the key is what the handshake brought.
  clio: plain('x-hook-signature', 'hex'),
  // SHA-1: https://apidocs.callrail.com (webhook security)
  callrail: { ...plain('signature', 'base64'), hash: 'SHA-1' },
  // The help page names no unit for the time, and a 4xx ends a delivery for good: signed, not compared. The key includes `whsec_`.
  lawmatics: {
    ...plain('x-lawmatics-signature', 'hex', 'sha256='),
    signed: '{ts}.{body}',
    stamp: { header: 'x-lawmatics-timestamp', unit: 's' },
  },
} as const satisfies Record<string, Scheme>
