import { describe, expect, it, vi } from 'vitest'
import { type Scheme, schemes } from '../../../src/sources/proof/schemes.ts'
import { refusal, verdictOf, verifySignature } from '../../../src/sources/proof/signature.ts'
import { inbound, mac } from '../../door/requests.ts'
import { type Vector, vectors } from '../vectors.ts'

const now = Date.UTC(2026, 10, 2, 9)
const seconds = now / 1000
const body = '{"event":"booking","name":"Jordan Nováková"}'
const uri = 'https://docketed.example/in/smith/hook'

/** Providers that publish no signature with its secret, signed here by their documented formula with a second HMAC. */
const documented: Vector[] = [
  {
    scheme: 'calendly',
    published: 'formula: {t}.{body}, hex',
    secret: 'calendly-signing-key',
    headers: {
      'Calendly-Webhook-Signature': `t=${seconds},v1=${mac('sha256', 'calendly-signing-key', `${seconds}.${body}`, 'hex')}`,
    },
    body,
    at: now,
  },
  {
    scheme: 'calcom',
    published: 'formula: {body}, hex',
    secret: 'cal',
    headers: { 'X-Cal-Signature-256': mac('sha256', 'cal', body, 'hex') },
    body,
  },
  {
    scheme: 'clio',
    published: 'formula: {body}, hex',
    secret: 'hook-secret',
    headers: { 'X-Hook-Signature': mac('sha256', 'hook-secret', body, 'hex') },
    body,
  },
  {
    scheme: 'acuity',
    published: 'formula: {body}, base64',
    secret: 'acuity-api-key',
    headers: { 'X-Acuity-Signature': mac('sha256', 'acuity-api-key', 'action=scheduled&id=1', 'base64') },
    body: 'action=scheduled&id=1',
  },
  {
    scheme: 'tally',
    published: 'formula: {body}, base64',
    secret: 'tally',
    headers: { 'Tally-Signature': mac('sha256', 'tally', body, 'base64') },
    body,
  },
  {
    scheme: 'zoom',
    published: 'formula: v0:{ts}:{body}, hex',
    secret: 'zoom',
    headers: {
      'x-zm-request-timestamp': String(seconds),
      'x-zm-signature': `v0=${mac('sha256', 'zoom', `v0:${seconds}:${body}`, 'hex')}`,
    },
    body,
    at: now,
  },
  {
    scheme: 'webflow',
    published: 'formula: {ts}:{body}, hex',
    secret: 'webflow',
    headers: {
      'x-webflow-timestamp': String(now),
      'x-webflow-signature': mac('sha256', 'webflow', `${now}:${body}`, 'hex'),
    },
    body,
    at: now,
  },
  {
    scheme: 'formspree',
    published: 'formula: {t}.{body}, hex',
    secret: 'formspree',
    headers: {
      'Formspree-Signature': `t=${seconds},v1=${mac('sha256', 'formspree', `${seconds}.${body}`, 'hex')}`,
    },
    body,
    at: now,
  },
  {
    scheme: 'meta',
    published: 'formula: {body}, hex',
    secret: 'app-secret',
    headers: { 'X-Hub-Signature-256': `sha256=${mac('sha256', 'app-secret', body, 'hex')}` },
    body,
  },
  {
    scheme: 'stripe',
    published: 'formula: {t}.{body}, hex, whsec_ is part of the key',
    secret: 'whsec_c3RyaXBl',
    headers: {
      'Stripe-Signature': `t=${seconds},v1=${mac('sha256', 'whsec_c3RyaXBl', `${seconds}.${body}`, 'hex')},v0=${'0'.repeat(64)}`,
    },
    body,
    at: now,
  },
  {
    scheme: 'quoLegacy',
    published: 'formula: {ms}.{body}, base64, base64 key of its documentation',
    secret: 'R2ZLM2o0bFhBNVpyUnU2NG9mYXQ1MHNyR3pvSUhIVVg=',
    headers: {
      'openphone-signature': `hmac;1;${now};${mac('sha256', 'GfK3j4lXA5ZrRu64ofat50srGzoIHHUX', `${now}.${body}`, 'base64')}`,
    },
    body,
    at: now,
  },
  {
    scheme: 'lawmatics',
    published: 'formula: {ts}.{body}, hex, whsec_ is part of the key',
    secret: 'whsec_lawmatics',
    headers: {
      'X-Lawmatics-Timestamp': String(seconds),
      'X-Lawmatics-Signature': `sha256=${mac('sha256', 'whsec_lawmatics', `${seconds}.${body}`, 'hex')}`,
    },
    body,
  },
]

const rowOf = (name: keyof typeof schemes): Scheme => schemes[name]
const requestOf = (vector: Vector, changed: { body?: string; headers?: Record<string, string>; now?: number } = {}) =>
  inbound({
    method: vector.method ?? 'POST',
    headers: changed.headers ?? vector.headers,
    body: changed.body ?? vector.body,
    now: changed.now ?? vector.at ?? now,
  })
const verify = (vector: Vector, secrets = [vector.secret], changed = {}) =>
  verifySignature(rowOf(vector.scheme), requestOf(vector, changed), secrets, vector.uri)

describe.each([...vectors, ...documented])('$scheme ($published)', vector => {
  const { tolerance } = { tolerance: undefined, ...rowOf(vector.scheme).stamp }

  it('lets the signed request in', async () => {
    expect(await verify(vector)).toMatchObject({ ok: true })
  })

  it('lets it in while the secret is rotated, whichever of the two signed', async () => {
    expect(await verify(vector, ['d2hzZWNfb3RoZXI=', vector.secret])).toMatchObject({ ok: true })
    expect(await verify(vector, [vector.secret, 'd2hzZWNfb3RoZXI='])).toMatchObject({ ok: true })
  })

  it('refuses one changed byte of the body, and one byte more', async () => {
    const last = vector.body.length - 1
    const other = vector.body.slice(0, last) + String.fromCharCode(vector.body.charCodeAt(last) ^ 1)
    expect(await verify(vector, undefined, { body: other })).toEqual({ ok: false, reason: 'mismatch' })
    expect(await verify(vector, undefined, { body: `${vector.body}\n` })).toEqual({ ok: false, reason: 'mismatch' })
  })

  it('refuses another secret', async () => {
    expect(await verify(vector, ['d2hzZWNfb3RoZXI='])).toEqual({ ok: false, reason: 'mismatch' })
  })

  it('fails closed without a secret, or with an empty one', async () => {
    for (const secrets of [[], [''], ['  ', '']]) {
      expect(await verify(vector, secrets)).toEqual({ ok: false, reason: 'no-secret' })
    }
  })

  it('refuses a request with each of its headers missing or empty', async () => {
    for (const name of Object.keys(vector.headers)) {
      const { [name]: _, ...rest } = vector.headers
      expect(await verify(vector, undefined, { headers: rest })).toMatchObject({ ok: false, reason: 'missing' })
      const empty = { ...rest, [name]: '' }
      expect(await verify(vector, undefined, { headers: empty })).toMatchObject({ ok: false, reason: 'missing' })
    }
  })

  it('refuses a signature that is cut, lengthened, or in another encoding', async () => {
    const name = Object.keys(vector.headers).find(header => /signature/i.test(header))!
    const value = vector.headers[name]!.replace(/,v0=.*$/, '')
    for (const spoilt of [value.slice(0, -1), `${value}0`, `${value}=`, value.replace(/[^=,;]{20}=*$/, '!!')]) {
      const headers = { ...vector.headers, [name]: spoilt }
      expect(await verify(vector, undefined, { headers })).toMatchObject({ ok: false, reason: 'malformed' })
    }
  })

  if (tolerance !== undefined)
    it('compares the time on both sides, to the second', async () => {
      const window = tolerance * 1000
      for (const drift of [-window, window]) {
        expect(await verify(vector, undefined, { now: vector.at! + drift })).toMatchObject({ ok: true })
      }
      const old = await verify(vector, undefined, { now: vector.at! + window + 1000 })
      expect(old).toEqual({ ok: false, reason: 'too-old', seconds: tolerance + 1 })
      const early = await verify(vector, undefined, { now: vector.at! - window - 1000 })
      expect(early).toEqual({ ok: false, reason: 'from-the-future', seconds: tolerance + 1 })
    })
})

it('has a vector, published or computed, for every row', () => {
  const covered = new Set([...vectors, ...documented].map(vector => vector.scheme))
  // PandaDoc's stands in the query and has its own test below.
  expect([...covered, 'pandadoc'].sort()).toEqual(Object.keys(schemes).sort())
})

describe('pandadoc', () => {
  const signature = mac('sha256', 'shared-key', body, 'hex')
  const verifyAt = (query: string, secrets = ['shared-key'], given = body) =>
    verifySignature(schemes.pandadoc, inbound({ url: `${uri}${query}`, body: given }), secrets)

  it('reads the signature from the query', async () => {
    expect(await verifyAt(`?signature=${signature}`)).toMatchObject({ ok: true })
    expect(await verifyAt(`?signature=${signature}`, ['other'])).toMatchObject({ reason: 'mismatch' })
    expect(await verifyAt(`?signature=${signature}`, undefined, `${body} `)).toMatchObject({ reason: 'mismatch' })
  })

  it('refuses none, an empty one and two', async () => {
    expect(await verifyAt('')).toMatchObject({ reason: 'missing' })
    expect(await verifyAt('?signature=')).toMatchObject({ reason: 'malformed' })
    expect(await verifyAt(`?signature=${signature}&signature=${signature}`)).toMatchObject({ reason: 'malformed' })
    expect(await verifyAt(`?signature=${signature}`, [''])).toMatchObject({ reason: 'no-secret' })
  })
})

describe('what the providers do beside the rule', () => {
  it("refuses Cal.com's word for an endpoint without a secret", async () => {
    const request = inbound({ headers: { 'x-cal-signature-256': 'no-secret-provided' }, body })
    expect(await verifySignature(schemes.calcom, request, ['no-secret-provided'])).toMatchObject({
      reason: 'malformed',
    })
  })

  it('takes whsec_ as part of the key for Stripe, and off it for Standard Webhooks', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const wrong = mac('sha256', atob(secret.slice(6)), `${seconds}.${body}`, 'hex')
    const stripe = inbound({ headers: { 'stripe-signature': `t=${seconds},v1=${wrong}` }, body, now })
    expect(await verifySignature(schemes.stripe, stripe, [secret])).toMatchObject({ reason: 'mismatch' })
    const whole = mac('sha256', secret, `m.${seconds}.${body}`, 'base64')
    const headers = { 'webhook-id': 'm', 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${whole}` }
    const standard = inbound({ headers, body, now })
    expect(await verifySignature(schemes.standardWebhooks, standard, [secret])).toMatchObject({ reason: 'mismatch' })
  })

  it('accepts the second of two v1 from Stripe, which rotates so, and refuses two from Calendly, which does not', async () => {
    const good = mac('sha256', 'key', `${seconds}.${body}`, 'hex')
    const two = `t=${seconds},v1=${'a'.repeat(64)},v1=${good}`
    const stripe = inbound({ headers: { 'stripe-signature': two }, body, now })
    expect(await verifySignature(schemes.stripe, stripe, ['key'])).toMatchObject({ ok: true, time: now })
    const calendly = inbound({ headers: { 'calendly-webhook-signature': two }, body, now })
    expect(await verifySignature(schemes.calendly, calendly, ['key'])).toMatchObject({ reason: 'malformed' })
  })

  it('never takes v0 for a signature', async () => {
    const good = mac('sha256', 'key', `${seconds}.${body}`, 'hex')
    const request = inbound({ headers: { 'stripe-signature': `t=${seconds},v0=${good}` }, body, now })
    expect(await verifySignature(schemes.stripe, request, ['key'])).toMatchObject({ reason: 'malformed' })
  })

  it.each([
    ['two times', 't=1,t=2'],
    ['no time', 'x=1'],
    ['an empty time', 't='],
    ['a time with a sign', 't=+1'],
    ['a time in exponents', 't=1e9'],
    ['a time with a fraction', 't=1.5'],
  ])('refuses %s', async (_, time) => {
    const request = inbound({ headers: { 'stripe-signature': `${time},v1=${'a'.repeat(64)}` }, body, now })
    expect(await verifySignature(schemes.stripe, request, ['key'])).toMatchObject({ reason: 'malformed' })
  })

  it('hashes a body once for each key, however many signatures a sender shows', async () => {
    const [sign, verify] = [vi.spyOn(crypto.subtle, 'sign'), vi.spyOn(crypto.subtle, 'verify')]
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': Array(1000)
        .fill(`v1,${'A'.repeat(43)}=`)
        .join(' '),
    }
    const secrets = ['a2V5IG9uZQ==', 'a2V5IHR3bw==']
    const verified = await verifySignature(schemes.standardWebhooks, inbound({ headers, body, now }), secrets)
    expect(verified).toEqual({ ok: false, reason: 'mismatch' })
    expect(sign.mock.calls.length + verify.mock.calls.length).toBe(secrets.length)
  })

  it('accepts any of several Standard Webhooks signatures and passes over v1a', async () => {
    const { headers: published, ...rest } = vectors.find(vector => vector.scheme === 'standardWebhooks')!
    const good = published['webhook-signature']!
    const several = `v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== v1,${'A'.repeat(43)}= ${good}`
    const headers = { ...published, 'webhook-signature': several }
    expect(await verify({ ...rest, headers })).toEqual({
      ok: true,
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      time: 1614265330_000,
    })
    const none = { ...published, 'webhook-signature': good.replace('v1,', 'v1a,') }
    expect(await verify({ ...rest, headers: none })).toMatchObject({ reason: 'malformed' })
  })

  it('says so when a base64 secret is none, and uses the other of two', async () => {
    const vector = vectors.find(({ scheme }) => scheme === 'standardWebhooks')!
    expect(await verify(vector, ['whsec_not base64!'])).toEqual({ ok: false, reason: 'unusable-secret' })
    expect(await verify(vector, ['whsec_'])).toEqual({ ok: false, reason: 'unusable-secret' })
    expect(await verify(vector, ['whsec_not base64!', vector.secret])).toMatchObject({ ok: true })
  })

  it('signs HubSpot and Square against the configured address, not the one that was called', async () => {
    for (const vector of vectors.filter(({ uri: registered }) => registered !== undefined)) {
      expect(await verify({ ...vector, uri })).toMatchObject({ reason: 'mismatch' })
    }
  })

  it('takes no hole from what the sender wrote', async () => {
    const id = '{body}'
    const signed = `{body}.${seconds}.${body}`
    const key = new TextEncoder().encode('0123456789abcdef0123456789abcdef')
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${mac('sha256', key, signed, 'base64')}`,
    }
    const secret = btoa('0123456789abcdef0123456789abcdef')
    expect(await verifySignature(schemes.standardWebhooks, inbound({ headers, body, now }), [secret])).toMatchObject({
      ok: true,
      id,
    })
  })

  it('signs Lawmatics’ time without comparing it, since its unit is not documented', async () => {
    const stamp = '2026-12-27T18:30:00Z'
    const headers = {
      'x-lawmatics-timestamp': stamp,
      'x-lawmatics-signature': `sha256=${mac('sha256', 'k', `${stamp}.${body}`, 'hex')}`,
    }
    expect(await verifySignature(schemes.lawmatics, inbound({ headers, body, now: 0 }), ['k'])).toMatchObject({
      ok: true,
    })
  })
})

describe('the answer to a failure', () => {
  it('is one plain 401, whatever the reason', () => {
    const reasons = [
      refusal({ reason: 'missing', where: 'x-slack-signature' }),
      refusal({ reason: 'malformed', where: 'x-slack-signature' }),
      refusal({ reason: 'mismatch' }),
      refusal({ reason: 'too-old', seconds: 301 }),
      refusal({ reason: 'from-the-future', seconds: 301 }),
    ]
    expect(new Set(reasons.map(reason => JSON.stringify(reason))).size).toBe(1)
    expect(reasons[0]).toMatchObject({ status: 401, code: 'signature', headers: { 'www-authenticate': 'Signature' } })
  })

  it('is a 503 that providers retry when the secret is what is wrong', () => {
    expect(refusal({ reason: 'no-secret' })).toMatchObject({ status: 503, code: 'secret-missing' })
    expect(refusal({ reason: 'unusable-secret' })).toMatchObject({ status: 503, code: 'secret-malformed' })
  })

  it('tells the log the reason in words', () => {
    const why = (failure: Parameters<typeof refusal>[0]) => verdictOf({ ok: false, ...failure })
    expect(why({ reason: 'too-old', seconds: 400.4 })).toMatchObject({ why: 'the signature is 400 s old' })
    expect(why({ reason: 'from-the-future', seconds: 400 })).toMatchObject({
      why: expect.stringContaining('400 s ahead'),
    })
    expect(why({ reason: 'missing', where: 'signature' })).toMatchObject({ why: 'signature is missing' })
    expect(why({ reason: 'mismatch' })).toMatchObject({ why: expect.stringContaining('another secret') })
    expect(verdictOf({ ok: true, id: null, time: null })).toEqual({ ok: true })
  })
})
