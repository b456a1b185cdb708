import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answers, api, configuration, configure, firm, partnerSecret, runsOf } from './firm.ts'
import { boundless, type Runtime, startRuntime } from './runtime.ts'

/** Bad input is refused in words, with a 4xx, and leaves nothing behind. */

let runtime: Runtime
beforeAll(async () => {
  runtime = await startRuntime()
  await configure(runtime, configuration(boundless))
  expect((await api(runtime, 'PUT', 'secrets/PARTNER_SECRET', partnerSecret)).status).toBe(204)
})
afterAll(() => runtime.close())

interface Sent {
  readonly to?: string
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

const json = { 'content-type': 'application/json' }
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

/** Headers of a standard webhook (https://www.standardwebhooks.com), signed here and not by the Worker's code. */
function signed(body: string, at = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const secret = Buffer.from(partnerSecret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', secret).update(`msg_1.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

const partner = `${firm}/partner`
const hour = 3_600_000
const cases: readonly (readonly [name: string, status: number, sent: Sent])[] = [
  ['malformed JSON', 400, { headers: json, body: '{"first_name": "Pat"' }],
  ['JSON that is no object', 400, { headers: json, body: '[1, 2]' }],
  ['an empty JSON body', 400, { headers: json, body: '' }],
  ['bytes that are no UTF-8', 400, { headers: json, body: Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]) }],
  ['a multipart body without its boundary', 400, { headers: { 'content-type': 'multipart/form-data' }, body: 'x' }],
  ['JSON nested a thousand levels deep', 400, { headers: json, body: `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}` }],
  ['a key __proto__ in JSON', 400, { headers: json, body: '{"a": {"__proto__": {"isAdmin": true}}}' }],
  ['a field __proto__', 400, { headers: urlencoded, body: '__proto__=1' }],
  ['too many fields', 400, { headers: urlencoded, body: Array.from({ length: 1001 }, (_, n) => `f${n}=1`).join('&') }],
  ['a key that is too long', 400, { headers: { ...urlencoded, 'idempotency-key': 'k'.repeat(256) }, body: 'a=1' }],
  ['another kind of body', 415, { headers: { 'content-type': 'application/xml' }, body: '<a/>' }],
  ['no kind of body', 415, { headers: { 'content-type': '' }, body: Uint8Array.from([1, 2, 3]) }],
  ['a body above 1 MiB', 413, { headers: urlencoded, body: `message=${'x'.repeat(1_048_577)}` }],
  ['another page', 403, { headers: { ...urlencoded, origin: 'https://elsewhere.example' }, body: 'a=1' }],
  ['an unknown endpoint', 404, { to: `${firm}/nothing`, body: 'a=1' }],
  ['an unknown firm', 404, { to: 'nobody/website', body: 'a=1' }],
  ['an endpoint with a name of JavaScript', 404, { to: `${firm}/constructor`, body: 'a=1' }],
  ['a name that no firm can have', 404, { to: '..%2Fsmith/website', body: 'a=1' }],
  ['GET', 405, { method: 'GET' }],
  ['DELETE', 405, { method: 'DELETE' }],
  ['a missing signature', 401, { to: partner, headers: json, body: '{}' }],
  ['a signature of another body', 401, { to: partner, headers: { ...json, ...signed('{}') }, body: '{"a":1}' }],
  [
    'a signature an hour old',
    401,
    { to: partner, headers: { ...json, ...signed('{}', Date.now() - hour) }, body: '{}' },
  ],
  [
    'a signature an hour ahead',
    401,
    { to: partner, headers: { ...json, ...signed('{}', Date.now() + hour) }, body: '{}' },
  ],
  ['signed, but no JSON', 400, { to: partner, headers: { ...json, ...signed('{') }, body: '{' }],
  ['signed, but XML', 400, { to: partner, headers: { 'content-type': 'text/xml', ...signed('<a/>') }, body: '<a/>' }],
]

it.each(cases)('%s: %i', async (_, status, { to = `${firm}/website`, method = 'POST', headers = {}, body }) => {
  const answer = await fetch(`${runtime.url}/in/${to}`, { method, headers, ...(body !== undefined && { body }) })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  const told = (await answer.json()) as Record<string, unknown>
  expect(told).toMatchObject({
    status,
    type: expect.stringMatching(/[a-z-]+$/),
    title: expect.stringMatching(/\w+ \w+/),
  })
  expect(String(told.detail).length).toBeGreaterThan(20)
})

it('a browser gets a page instead, in a visitor’s words', async () => {
  const headers = { ...urlencoded, accept: 'text/html', origin: 'https://elsewhere.example' }
  const answer = await fetch(`${runtime.url}/in/${firm}/website`, { method: 'POST', headers, body: 'a=1' })
  expect(answer.status).toBe(403)
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(await answer.text()).toContain('This form is not set up correctly')
})

it('nothing was recorded, and nothing reached Clio', async () => {
  expect(await runsOf(runtime)).toEqual([])
  // Clio is read for the firm's index of contacts, whatever comes in; nothing is written.
  expect(runtime.sandbox.ledger.entries.filter(({ method }) => method !== 'GET')).toEqual([])
})

it('and the next good request is taken as if nothing had been', async () => {
  const website = await fetch(`${runtime.url}/in/${firm}/website`, {
    method: 'POST',
    body: new URLSearchParams(answers(0)),
  })
  expect(website.status).toBe(202)
  const body = '{"first_name":"Pat","last_name":"Doe1","email":"pat1@mail.example"}'
  const headers = { ...json, ...signed(body) }
  expect((await fetch(`${runtime.url}/in/${partner}`, { method: 'POST', headers, body })).status).toBe(202)
  expect(await runsOf(runtime)).toHaveLength(2)
})
