import * as fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { openDoor } from './door.ts'
import { standardHeaders } from './requests.ts'

/** Whatever a stranger sends, the door neither fails nor falls over: an answer below 500, and a claim only with a 2xx or 303. */

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
let door: Awaited<ReturnType<typeof openDoor>>

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  door = await openDoor({
    endpoints: {
      website: { source: 'form', origins: ['https://smith.example'] },
      partner: { source: 'standard-webhooks', secret: '$PARTNER' },
    },
    env: { PARTNER: secret },
  })
})

async function answers(endpoint: string, init: RequestInit): Promise<number> {
  const before = door.docket.claims.length
  const response = await door.send(endpoint, init)
  expect(response.status).toBeGreaterThanOrEqual(200)
  expect(response.status).toBeLessThan(500)
  const type = response.headers.get('content-type')
  if (response.status >= 400) expect(type).toMatch(/^(application\/problem\+json|text\/html; charset=utf-8)$/)
  expect(door.docket.claims.length - before).toBe(response.status < 400 && response.status !== 204 ? 1 : 0)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  return response.status
}

const runs = { numRuns: 200 }
const types = fc.constantFrom(
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=xyz',
  'multipart/form-data; boundary="',
  'multipart/form-data',
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  ';;;',
)
const accepts = fc.constantFrom('text/html', 'application/json', '*/*')
const bytes = fc.uint8Array({ maxLength: 400 }).map(array => Uint8Array.from(array))
const names = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', '_id', '_gotcha', 'email', 'name', '[]', 'a[]'),
)
const json = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.constantFrom('{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '"', '{"_id":{}}'),
  fc.jsonValue().map(value => JSON.stringify({ data: value, _id: value, name: value, email: [value] })),
)

/** One change to a text: something cut out, doubled, or put in. */
const mutated = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(texts, fc.nat(), fc.nat(20), fc.constantFrom('', '%', '\0', '\r\n', '--xyz', '&', '=', '"', '\u{1f600}'))
    .map(([text, at, length, put]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place + length)
    })
const urlencodedForms = fc
  .array(fc.tuple(names, fc.string({ maxLength: 12 })), { maxLength: 6 })
  .map(pairs => new URLSearchParams(pairs).toString())
const multipartForms = fc
  .array(fc.tuple(names, fc.string({ maxLength: 12 }), fc.boolean()), { maxLength: 4 })
  .map(
    parts =>
      `${parts.map(([name, value, file]) => `--xyz\r\nContent-Disposition: form-data; name="${name}"${file ? '; filename="x"' : ''}\r\n\r\n${value}\r\n`).join('')}--xyz--\r\n`,
  )

describe('a form endpoint', () => {
  const post = (body: BodyInit, type: string, accept = '*/*') =>
    answers('website', { method: 'POST', headers: { 'content-type': type, accept }, body })

  it('answers random bytes of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, types, accepts, async (body, type, accept) => void (await post(body, type, accept))),
      runs,
    )
  })

  it('answers random JSON', async () => {
    await fc.assert(
      fc.asyncProperty(json, async body => void (await post(body, 'application/json'))),
      runs,
    )
  })

  it('answers mutilated URL-encoded forms', async () => {
    const bodies = mutated(urlencodedForms)
    const type = 'application/x-www-form-urlencoded'
    await fc.assert(
      fc.asyncProperty(bodies, accepts, async (body, accept) => void (await post(body, type, accept))),
      runs,
    )
  })

  it('answers mutilated multipart forms', async () => {
    const type = 'multipart/form-data; boundary=xyz'
    await fc.assert(
      fc.asyncProperty(mutated(multipartForms), async body => void (await post(body, type))),
      runs,
    )
  })

  it('accepts every well-formed form that names no prototype', async () => {
    const forms = urlencodedForms.filter(body => !/__proto__|_id/.test(body))
    const type = 'application/x-www-form-urlencoded'
    await fc.assert(
      fc.asyncProperty(forms, async body => void expect(await post(body, type)).toBe(202)),
      runs,
    )
  })

  it('answers odd headers', async () => {
    const text = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map(code => String.fromCharCode(code)),
      maxLength: 300,
    })
    const headers = fc.record({
      origin: text,
      accept: text,
      referer: text,
      'content-type': text,
      'idempotency-key': text,
    })
    await fc.assert(
      fc.asyncProperty(
        headers,
        async given => void (await answers('website', { method: 'POST', headers: given, body: 'a=1' })),
      ),
      runs,
    )
  })
})

describe('a signed endpoint', () => {
  it('answers random headers and bytes with 401, and records nothing', async () => {
    const text = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map(code => String.fromCharCode(code)),
      maxLength: 60,
    })
    const headers = fc.record({
      'webhook-id': text,
      'webhook-timestamp': fc.oneof(text, fc.nat().map(String)),
      'webhook-signature': fc.oneof(
        text,
        text.map(rest => `v1,${rest}`),
        fc.constant(`v1,${'A'.repeat(43)}=`),
      ),
    })
    await fc.assert(
      fc.asyncProperty(headers, bytes, async (given, body) => {
        expect(await answers('partner', { method: 'POST', headers: given, body })).toBe(401)
      }),
      runs,
    )
  })

  it('answers signed random JSON, deep, wide or odd', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(mutated(json), async body => {
        const headers = standardHeaders(secret, `msg_${++count}`, door.clock.now / 1000, body)
        expect(await answers('partner', { method: 'POST', headers, body })).toBeOneOf([202, 400])
      }),
      runs,
    )
  })
})

it('addresses of any shape are answered too', async () => {
  const segment = fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('website', '..', '%2e%2e', '%', '__proto__'))
  await fc.assert(
    fc.asyncProperty(segment, fc.constantFrom('GET', 'POST', 'OPTIONS', 'PUT'), async (path, method) => {
      const response = await door.send(encodeURI(path).replace(/[?#]/g, ''), { method })
      expect(response.status).toBeLessThan(500)
    }),
    runs,
  )
})
