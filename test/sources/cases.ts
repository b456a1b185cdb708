import { createHash } from 'node:crypto'
import type { Json } from '../../src/lib/json.ts'
import type { InboundEvent } from '../../src/model/event.ts'
import { mac, standardHeaders } from '../door/requests.ts'

/** One delivery a source, from raw bytes to event: a body, how its provider proves it, and the events it becomes. */

export interface Request {
  /** What follows `/in/{firm}/hook`: a token, a query. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

export interface Case {
  /** The fixture's name; the source's too, unless `source` says otherwise. */
  readonly name: string
  readonly source?: string
  readonly options?: Record<string, Json>
  /** The proof covers the body (true), or only who sends (false). */
  readonly covered: boolean
  /** Seconds that the provider's time may be off; left out: it has none. */
  readonly tolerance?: number
  /** A text of the body, and what stands there in another delivery. */
  readonly other?: readonly [from: string, to: string]
  /** For providers whose id stands in a header: that of a delivery, and of another. */
  readonly ids?: readonly [one: string, other: string]
  readonly key: 'given' | 'content'
  /** @default 202 */
  readonly answer?: number
  readonly secrets?: readonly [right: string, wrong: string]
  /** @param at ms since the epoch @param id of `ids`, or '' */
  sign(body: string, secret: string, at: number, path: string, id: string): Partial<Request>
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const multipart = { 'content-type': 'multipart/form-data; boundary=----docketed' }
const whsec: readonly [string, string] = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXI=',
]
const seconds = (at: number) => String(Math.floor(at / 1000))
const address = (path: string) => `https://docketed.example${path}`

/** A signature over the body alone. */
const plain =
  (name: string, encoding: 'hex' | 'base64', { prefix = '', type = json, hash = 'sha256' as 'sha256' | 'sha1' } = {}) =>
  (body: string, secret: string): Partial<Request> => ({
    headers: { ...type, [name]: prefix + mac(hash, secret, body, encoding) },
  })

const paired = (name: string) => (body: string, secret: string, at: number) => ({
  headers: { ...json, [name]: `t=${seconds(at)},v1=${mac('sha256', secret, `${seconds(at)}.${body}`, 'hex')}` },
})

const standard = (body: string, secret: string, at: number, _path: string, id: string) => ({
  headers: standardHeaders(secret, id || 'msg_1', Number(seconds(at)), body),
})

const carried = (type: Record<string, string>) => (_body: string, secret: string) => ({
  headers: { ...type, authorization: `Bearer ${secret}` },
})

const inAddress = (type: Record<string, string>) => (_body: string, secret: string) => ({
  path: `/${secret}`,
  headers: type,
})

const base64url = (text: string) => Buffer.from(text).toString('base64url')

/** RFC 7519, HS256. */
function jwt(secret: string, claims: string): string {
  const token = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(claims)}`
  const signature = mac('sha256', secret, token, 'base64').replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  return `${token}.${signature}`
}

const unsigned = { covered: false } as const
const signed = { covered: true, key: 'given' } as const

export const cases: readonly Case[] = [
  {
    name: 'typeform',
    ...signed,
    other: ['a1b2c3d4', 'ffffffff'],
    sign: plain('typeform-signature', 'base64', { prefix: 'sha256=' }),
  },
  {
    name: 'jotform',
    ...unsigned,
    key: 'given',
    other: ['6100200300400500600', '6100200300400500601'],
    sign: inAddress(multipart),
  },
  {
    name: 'tally',
    ...signed,
    other: ['submissionId": "r9Xw2', 'submissionId": "r9Xw3'],
    sign: plain('tally-signature', 'base64'),
  },
  {
    name: 'webflow',
    ...signed,
    tolerance: 300,
    answer: 200,
    other: ['6321ca84', '6321ca85'],
    sign: (body, secret, at) => ({
      headers: {
        ...json,
        'x-webflow-timestamp': String(at),
        'x-webflow-signature': mac('sha256', secret, `${at}:${body}`, 'hex'),
      },
    }),
  },
  {
    name: 'gravity-forms',
    ...unsigned,
    key: 'given',
    options: { labels: { 3: 'Phone', 4: 'Matter type', 5: 'Message', 8: 'Court papers file' } },
    other: ['"217"', '"218"'],
    sign: carried(json),
  },
  { name: 'contact-form-7', ...unsigned, key: 'content', other: ['after five', 'after six'], sign: carried(json) },
  { name: 'elementor', ...unsigned, key: 'content', other: ['five', 'six'], sign: inAddress(form) },
  {
    name: 'elementor-advanced',
    source: 'elementor',
    ...unsigned,
    key: 'content',
    other: ['five', 'six'],
    sign: inAddress(form),
  },
  {
    name: 'netlify',
    ...signed,
    other: ['"5231110b5803540aeb000019"', '"5231110b5803540aeb00001a"'],
    sign: (body, secret) => {
      const claims = { iss: 'netlify', sha256: createHash('sha256').update(body).digest('hex') }
      return { headers: { ...json, 'x-webhook-signature': jwt(secret, JSON.stringify(claims)) } }
    },
  },
  {
    name: 'formspree',
    ...signed,
    tolerance: 300,
    other: ['11.123456', '11.123457'],
    sign: paired('formspree-signature'),
  },
  {
    name: 'formstack',
    ...signed,
    other: ['5531596821', '5531596822'],
    sign: plain('x-fs-signature', 'hex', { prefix: 'sha256=', type: form }),
  },
  {
    name: 'google-forms',
    ...signed,
    secrets: whsec,
    tolerance: 300,
    ids: ['resp-2_ABaOnuc', 'resp-2_ABaOnud'],
    sign: standard,
  },
  {
    name: 'hubspot',
    ...signed,
    tolerance: 300,
    other: ['"occurredAt": 1793609891000', '"occurredAt": 1793609891001'],
    sign: (body, secret, at, path) => ({
      headers: {
        ...json,
        'x-hubspot-request-timestamp': String(at),
        'x-hubspot-signature-v3': mac('sha256', secret, `POST${address(path)}${body}${at}`, 'base64'),
      },
    }),
  },
  {
    name: 'hubspot-workflow',
    source: 'hubspot',
    ...signed,
    key: 'content',
    other: ['after five', 'after six'],
    sign: (body, secret, _at, path) => ({
      headers: {
        ...json,
        'x-hubspot-signature-version': 'v2',
        'x-hubspot-signature': createHash('sha256')
          .update(`${secret}POST${address(path)}${body}`)
          .digest('hex'),
      },
    }),
  },
  {
    name: 'github',
    ...signed,
    ids: ['72d3162e-cc78-11e3-81ab-4c9367dc0958', '72d3162e-cc78-11e3-81ab-4c9367dc0959'],
    sign: (body, secret, _at, _path, id) => ({
      headers: {
        ...json,
        'x-github-event': 'issues',
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${mac('sha256', secret, body, 'hex')}`,
      },
    }),
  },
  {
    name: 'stripe',
    ...signed,
    tolerance: 300,
    other: ['evt_1PqXyZ', 'evt_1PqXyA'],
    secrets: ['whsec_test_secret', 'whsec_other'],
    sign: paired('stripe-signature'),
  },
  {
    name: 'svix',
    ...signed,
    secrets: whsec,
    tolerance: 300,
    ids: ['msg_2b', 'msg_2c'],
    sign: (body, secret, at, _path, id) => {
      const headers = Object.entries(standardHeaders(secret, id, Number(seconds(at)), body))
      return { headers: Object.fromEntries(headers.map(([name, value]) => [name.replace('webhook-', 'svix-'), value])) }
    },
  },
  {
    name: 'square',
    ...signed,
    other: ['13b867cf', '13b867d0'],
    sign: (body, secret, _at, path) => ({
      headers: { ...json, 'x-square-hmacsha256-signature': mac('sha256', secret, address(path) + body, 'base64') },
    }),
  },
  {
    name: 'docusign',
    ...signed,
    answer: 200,
    other: ['e5b0c1aa', 'e5b0c1ab'],
    sign: plain('x-docusign-signature-1', 'base64'),
  },
  {
    name: 'pandadoc',
    ...signed,
    answer: 200,
    other: ['msFYAct', 'msFYAcu'],
    sign: (body, secret) => ({ path: `?signature=${mac('sha256', secret, body, 'hex')}`, headers: json }),
  },
  { name: 'callrail', ...signed, other: ['CAL815', 'CAL816'], sign: plain('signature', 'base64', { hash: 'sha1' }) },
  {
    name: 'lawmatics',
    ...signed,
    other: ['fpg_602e9296', 'fpg_602e9297'],
    sign: (body, secret, at) => ({
      headers: {
        ...json,
        'x-lawmatics-timestamp': seconds(at),
        'x-lawmatics-signature': `sha256=${mac('sha256', secret, `${seconds(at)}.${body}`, 'hex')}`,
      },
    }),
  },
  {
    name: 'quo',
    ...signed,
    secrets: whsec,
    tolerance: 300,
    other: ['EVc67ec9', 'EVc67eca'],
    sign: standard,
  },
  {
    name: 'dropbox-sign',
    ...unsigned,
    key: 'given',
    answer: 200,
    other: ['fa5c8a0b', 'fa5c8a0c'],
    sign: (body, secret) => {
      const [, time, type] = /event_time": "(\d*)", "event_type": "(\w*)"/.exec(body) ?? []
      return { headers: multipart, body: body.replace('{hash}', mac('sha256', secret, `${time}${type}`, 'hex')) }
    },
  },
  {
    name: 'twilio',
    ...signed,
    answer: 204,
    other: ['SM5ef8732', 'SM5ef8733'],
    sign: (body, secret, _at, path) => {
      const pairs = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1)).map(pair => pair.join(''))
      return {
        headers: { ...form, 'x-twilio-signature': mac('sha1', secret, address(path) + pairs.join(''), 'base64') },
      }
    },
  },
  {
    name: 'meta-lead-ads',
    ...signed,
    answer: 200,
    options: { token: '$TOKEN' },
    other: ['12345678901234567890', '12345678901234567892'],
    sign: plain('x-hub-signature-256', 'hex', { prefix: 'sha256=' }),
  },
  {
    name: 'ringcentral',
    ...unsigned,
    key: 'given',
    answer: 200,
    other: ['a1c6e3d0', 'a1c6e3d1'],
    sign: (_body, secret) => ({ headers: { ...json, 'verification-token': secret } }),
  },
  {
    name: 'zoom',
    ...signed,
    answer: 200,
    tolerance: 300,
    other: ['7018317023722949162', '7018317023722949163'],
    sign: (body, secret, at) => ({
      headers: {
        ...json,
        'x-zm-request-timestamp': seconds(at),
        'x-zm-signature': `v0=${mac('sha256', secret, `v0:${seconds(at)}:${body}`, 'hex')}`,
      },
    }),
  },
  {
    name: 'dialpad',
    ...signed,
    other: ['5432109876', '5432109877'],
    sign: (body, secret) => ({ headers: json, body: jwt(secret, body) }),
  },
  {
    name: 'whatsapp',
    ...signed,
    answer: 200,
    options: { token: '$TOKEN' },
    other: ['wamid.HBgLMTIxMjU1NTAxNDc', 'wamid.HBgLMTIxMjU1NTAxNDd'],
    sign: plain('x-hub-signature-256', 'hex', { prefix: 'sha256=' }),
  },
  { name: 'clio-grow', ...unsigned, key: 'given', other: ['evt_5kq', 'evt_5kr'], sign: carried(json) },
  {
    name: 'calendly',
    ...signed,
    tolerance: 180,
    other: ['/invitees/AAAAAAAAAAAAAAAA', '/invitees/BBBBBBBBBBBBBBBB'],
    sign: paired('calendly-webhook-signature'),
  },
  {
    name: 'calcom',
    ...signed,
    other: ['bFJeNb2uX8ANpT3JL5EfXw', 'bFJeNb2uX8ANpT3JL5EfXx'],
    sign: plain('x-cal-signature-256', 'hex'),
  },
  {
    name: 'webhook',
    ...unsigned,
    key: 'given',
    options: {
      key: "string(body.lead.ref) + ':' + body.kind",
      type: 'body.kind',
      subject: 'body.lead.ref',
      time: 'body.at',
      fields: 'body.answers',
      person: {
        first_name: 'body.lead.given',
        last_name: 'body.lead.family',
        email: 'body.lead.contact.mail',
        phone: 'body.lead.contact.tel',
      },
    },
    other: ['77120345', '77120346'],
    sign: carried(json),
  },
]

/** Sources whose events only say where to look, or come in more than one way: their own tests say what they make, all else holds for them too. */
export const unusual: readonly Case[] = [
  {
    name: 'acuity',
    ...signed,
    options: { user: '12345' },
    other: ['52875', '52876'],
    sign: plain('x-acuity-signature', 'base64', { type: form }),
  },
  {
    name: 'google-calendar',
    ...unsigned,
    key: 'given',
    options: { connection: '5a1d7c1e-6a0e-4f5c-9d4e-0f6f1a2b3c4d' },
    other: ['', ''],
    sign: (_body, secret) => ({
      headers: {
        'x-goog-channel-id': '6be36fb1-3b39-60d4-ddea-8258292c7a81',
        'x-goog-channel-token': secret,
        'x-goog-message-number': '10',
        'x-goog-resource-state': 'exists',
      },
    }),
  },
  {
    name: 'microsoft-graph',
    ...unsigned,
    key: 'given',
    options: { connection: '5a1d7c1e-6a0e-4f5c-9d4e-0f6f1a2b3c4d' },
    other: ['jZQ=', 'jZR='],
    sign: (body, secret) => ({ headers: json, body: body.replaceAll('{state}', secret) }),
  },
  {
    name: 'clio',
    ...signed,
    options: { url: 'https://docketed.example/in/smith/hook', watch: { matter: '$TOKEN', task: '$HOOK' } },
    other: ['14ce-0003', '14ce-0004'],
    sign: (body, secret) => ({
      path: `/${secret}?watch=matter`,
      headers: { ...json, 'x-hook-signature': mac('sha256', 'a-token', body, 'hex') },
    }),
  },
]

export const sourceOf = (one: Case): string => one.source ?? one.name
export const secretsOf = (one: Case): readonly [string, string] =>
  one.secrets ?? ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']
export const optionsOf = (one: Case): Record<string, Json> => ({
  source: sourceOf(one),
  secret: '$SECRET',
  ...one.options,
})

/** @param firm the address is `/in/{firm}/hook` */
export function requestOf(
  one: Case,
  body: string,
  secret: string,
  at: number,
  firm: string,
  id = one.ids?.[0] ?? '',
): Request {
  return { path: '', headers: {}, body, ...one.sign(body, secret, at, `/in/${firm}/hook`, id) }
}

const bodies = import.meta.glob<string>('./fixtures/sources/*.body', { query: '?raw', import: 'default', eager: true })
const events = import.meta.glob<InboundEvent[]>('./fixtures/sources/*.json', { import: 'default', eager: true })

export const bodyOf = (one: Case): string => bodies[`./fixtures/sources/${one.name}.body`] ?? ''
export const eventsOf = (one: Case): InboundEvent[] => events[`./fixtures/sources/${one.name}.json`] ?? []
