import { describe, expect, test } from 'vitest'
import { send, urlOf } from '../../../src/clio/gateway/gateway.ts'
import type { Call, Outcome } from '../../../src/model/call.ts'
import { startFirm } from '../clio.ts'

const get: Call = { method: 'GET', path: 'contacts' }
const post: Call = { method: 'POST', path: 'contacts', body: { type: 'Person', first_name: 'Ann' } }
const made = { data: { id: 7, etag: '"7-0001"' } }

/** Sends a call to a gateway that answers this, and keeps what it was asked. */
async function answered(call: Call, answer: () => Response | Promise<Response>, timeout = 5_000) {
  const asked: { url: string; init: RequestInit }[] = []
  const fetch = async (url: RequestInfo | URL, init: RequestInit = {}) => {
    asked.push({ url: String(url), init })
    return answer()
  }
  const connection = 'the-connection'
  const gateway = { url: 'https://gateway.example/clio', key: 'the-key', connection, timeout, fetch }
  const outcome = await send(call, gateway as Parameters<typeof send>[1])
  return { outcome, asked, headers: new Headers(asked[0]!.init.headers), init: asked[0]!.init }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const outcomeOf = async (call: Call, response: () => Response): Promise<Outcome> =>
  (await answered(call, response)).outcome

describe('the request', () => {
  test('braces and brackets are encoded, repeated keys stay repeated', () => {
    const query = { fields: 'id,matter{id}', 'ids[]': ['1', '2'], query: 'a&b=c d' }
    expect(urlOf({ method: 'GET', path: 'tasks', query }, 'https://g.example/clio')).toBe(
      'https://g.example/clio/api/v4/tasks?fields=id%2Cmatter%7Bid%7D&ids%5B%5D=1&ids%5B%5D=2&query=a%26b%3Dc+d',
    )
    expect(urlOf(get, 'https://g.example/clio')).toBe('https://g.example/clio/api/v4/contacts')
  })

  test('key and connection go with every call, the body within data', async () => {
    const { headers, init } = await answered(post, () => json(201, made))
    expect(headers.get('authorization')).toBe('Bearer the-key')
    expect(headers.get('maton-connection')).toBe('the-connection')
    expect(headers.get('content-type')).toBe('application/json')
    expect(JSON.parse(String(init.body))).toEqual({ data: post.body })
    const read = await answered(get, () => json(200, { data: [] }))
    expect(read.headers.get('maton-connection')).toBe('the-connection')
    expect(read.headers.has('content-type')).toBe(false)
    expect(read.init.body).toBeUndefined()
  })

  test('nothing is asked twice, and no redirect is followed with the key on', async () => {
    const redirect = () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.example/' } })
    const { asked, init, outcome } = await answered(post, redirect)
    expect(init.redirect).toBe('manual')
    expect(asked).toHaveLength(1)
    expect(outcome).toMatchObject({ kind: 'unknown', status: 307 })
  })

  test('a fetch that minds its this is called without one', async () => {
    function minding(this: unknown) {
      if (this !== undefined) throw new TypeError('Illegal invocation')
      return Promise.resolve(json(200, { data: [] }))
    }
    const fetch = minding as unknown as typeof globalThis.fetch
    const outcome = await send(get, { url: 'https://g.example', key: 'k', connection: 'c', timeout: 1000, fetch })
    expect(outcome.kind).toBe('applied')
  })
})

describe('what became of it', () => {
  test('a conflict: passing for what stands there, and in doubt for what is made', async () => {
    const locked = () => json(409, { error: { type: 'Conflict', message: 'locked' } })
    const remove: Call = { method: 'DELETE', path: 'documents/7' }
    expect(await outcomeOf(remove, locked)).toEqual({ kind: 'refused', status: 409, why: 'busy', message: 'locked' })
    expect(await outcomeOf(post, locked)).toMatchObject({ kind: 'unknown', status: 409 })
  })

  test.each([
    ['a list', get, 200, { data: [] }],
    ['a record', get, 200, { data: { id: 1 } }],
    ['a created record', post, 201, made],
    ['a created record with an id that is text', post, 201, { data: { id: '991-20260504' } }],
  ])('applied: %s', async (_, call, status, body) => {
    expect(await outcomeOf(call, () => json(status, body))).toEqual({ kind: 'applied', status, answer: body })
  })

  test('applied: a deletion says nothing, and its answer is null', async () => {
    const nothing = () => new Response(null, { status: 204 })
    expect(await outcomeOf({ method: 'DELETE', path: 'tasks/1' }, nothing)).toEqual({
      kind: 'applied',
      status: 204,
      answer: null,
    })
  })

  test('a download’s 303 answers where the file is', async () => {
    const seeOther = () => new Response(null, { status: 303, headers: { location: 'https://store.example/x' } })
    expect(await outcomeOf({ method: 'GET', path: 'documents/1/download' }, seeOther)).toEqual({
      kind: 'applied',
      status: 303,
      answer: { location: 'https://store.example/x' },
    })
    expect((await outcomeOf(post, seeOther)).kind).toBe('unknown')
  })

  test.each<[string, Call, () => Response]>([
    ['a page in place of JSON', post, () => new Response('<!doctype html><p>hello', { status: 200 })],
    ['half an answer', post, () => new Response('{"data":{"id":7', { status: 201 })],
    ['an empty answer to a create', post, () => new Response('', { status: 201 })],
    ['a create without an id', post, () => json(201, { data: { etag: '"x"' } })],
    ['a create that answers a list', post, () => json(200, { data: [] })],
    ['a list without data: it is no empty list', get, () => json(200, { meta: {} })],
    ['a list that is null', get, () => json(200, { data: null })],
    ['an error with a 200', get, () => json(200, { error: 'Something' })],
    ['an empty 200', get, () => new Response('', { status: 200 })],
    ['no content', get, () => new Response(null, { status: 204 })],
  ])('unknown, though 2xx: %s', async (_, call, response) => {
    const outcome = await outcomeOf(call, response)
    expect(outcome.kind).toBe('unknown')
    expect(outcome).toMatchObject({ message: expect.stringContaining('could not be read') })
  })

  test('reads a record of which only somebody else’s id was asked for', async () => {
    const call: Call = { method: 'GET', path: 'matters/991', query: { fields: 'display_number,client{name,id}' } }
    const data = { display_number: '00012-Smith', client: { name: 'Pat', id: 5 } }
    expect((await outcomeOf(call, () => json(200, { data }))).kind).toBe('applied')
  })

  test.each([
    [400, { error: { type: 'InvalidFields', message: 'no field x' } }, 'invalid', 'no field x'],
    [400, { message: 'bad request' }, 'invalid', 'bad request'],
    [400, { error: 'Missing clio connection' }, 'connection', 'Missing clio connection'],
    [400, { message: 'No active connection for app' }, 'connection', 'No active connection for app'],
    [400, { error: { type: 'ArgumentError', message: 'connection is no field' } }, 'invalid', 'connection is no field'],
    [401, { error: { type: 'Unauthorized', message: 'expired' } }, 'connection', 'expired'],
    [401, { error: 'Invalid API key' }, 'connection', 'Invalid API key'],
    [403, { error: { message: 'no scope' } }, 'forbidden', 'no scope'],
    [404, { error: { type: 'RecordNotFound', message: 'gone' } }, 'missing', 'gone'],
    [404, { error: 'Connection not found' }, 'connection', 'Connection not found'],
    [410, { error: { type: 'Gone', message: 'version' } }, 'missing', 'version'],
    [412, { error: { type: 'PreconditionFailed', message: 'stale' } }, 'changed', 'stale'],
    [423, { error: { type: 'Locked', message: 'in use' } }, 'busy', 'in use'],
    [425, { error: { type: 'TooEarly', message: 'later' } }, 'busy', 'later'],
    [422, { error: { message: 'first name is needed' } }, 'invalid', 'first name is needed'],
    [422, { message: 'at the root' }, 'invalid', 'at the root'],
    [422, {}, 'invalid', 'Answer 422 without a message.'],
  ])('refused: %i %j is %s', async (status, body, why, message) => {
    expect(await outcomeOf(post, () => json(status, body))).toEqual({ kind: 'refused', status, why, message })
  })

  test.each<[number, string]>([
    [404, '<h1>Not found</h1>'],
    [404, ''],
    [404, '{"message":"no Route matched with those values"}'],
    [404, '{"detail":"Not Found"}'],
    [404, '{"error":"Not Found"}'],
    [404, '{"error":{"code":404,"message":"Not Found"}}'],
    [410, '{"message":"Gone"}'],
    [409, '{"message":"Conflict"}'],
    [403, '<h1>Blocked</h1>'],
    [403, '{"message":"Forbidden"}'],
    [302, ''],
    [308, ''],
    [200, '{"status":"ok"}'],
    [200, ''],
    [200, '<!doctype html><title>Sign in</title>'],
  ])('a router’s %i (%s) says nothing about a record', async (status, body) => {
    const router = () => new Response(body, { status })
    for (const method of ['DELETE', 'PATCH', 'POST', 'GET'] as const)
      expect((await outcomeOf({ method, path: 'matters/1' }, router)).kind, method).toBe('unknown')
  })

  test('of a PATCH it sends the etag that it was worked out from', async () => {
    const { init } = await answered({ method: 'PATCH', path: 'tasks/1', body: {}, ifMatch: '"1-0002"' }, () =>
      json(200, { data: { id: 1 } }),
    )
    expect(new Headers(init.headers).get('if-match')).toBe('"1-0002"')
  })

  test.each([408, 499, 500, 502, 503, 504, 520])('unknown: %i, for it may have been done', async status => {
    const outcome = await outcomeOf(post, () => json(status, { error: { message: 'oh' } }))
    expect(outcome).toEqual({ kind: 'unknown', status, message: 'oh' })
    const page = await outcomeOf(post, () => new Response('<h1>oh</h1>', { status }))
    expect(page).toEqual({ kind: 'unknown', status, message: `Answer ${status} without a message.` })
  })

  test('words are cut at 500 characters', async () => {
    const outcome = await outcomeOf(post, () => json(422, { error: { message: 'x'.repeat(5000) } }))
    expect(outcome).toMatchObject({ message: 'x'.repeat(500) })
  })

  test('a connection that breaks, before or within the answer, is unknown', async () => {
    const { outcome } = await answered(post, () => Promise.reject(new TypeError('Network connection lost.')))
    expect(outcome).toEqual({ kind: 'unknown', status: null, message: 'The connection broke before an answer came.' })
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"data":'))
        controller.error(new TypeError('cut'))
      },
    })
    expect((await answered(post, () => new Response(body, { status: 201 }))).outcome.kind).toBe('unknown')
  })

  test('no answer in time is unknown', async () => {
    const firm = startFirm()
    firm.sandbox.trouble.add({ method: 'POST', action: { do: 'hang', applied: true } })
    const outcome = await send(post, { ...firm.gateway, timeout: 50 })
    expect(outcome).toEqual({ kind: 'unknown', status: null, message: 'No answer within 0.05 s.' })
  })
})

describe('the rate', () => {
  const rate = { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1791806400' }
  const read = { limit: 50, remaining: 0, resetAt: 1_791_806_400_000 }

  test('is read of good answers, of refusals and of troubles', async () => {
    expect(await outcomeOf(get, () => json(200, { data: [] }, rate))).toMatchObject({ rate: read })
    expect(await outcomeOf(get, () => json(422, {}, rate))).toMatchObject({ rate: read })
    expect(await outcomeOf(get, () => json(502, {}, rate))).toMatchObject({ rate: read })
  })

  test.each([[{}], [{ 'x-ratelimit-limit': '50' }], [{ ...rate, 'x-ratelimit-remaining': 'many' }]])(
    'is left out when it is not whole: %j',
    async headers => {
      expect(await outcomeOf(get, () => json(200, { data: [] }, headers))).not.toHaveProperty('rate')
    },
  )

  test.each([
    ['30', 30_000],
    ['1.5', 1500],
  ])('Retry-After: %s seconds', async (seconds, retryAfter) => {
    const outcome = await outcomeOf(get, () => json(429, { error: 'slow' }, { 'retry-after': seconds }))
    expect(outcome).toEqual({ kind: 'refused', status: 429, why: 'limit', message: 'slow', retryAfter })
  })

  test.each(['31536000', new Date(Date.now() + 365 * 86_400_000).toUTCString()])(
    'Retry-After: %s is believed for a quarter of an hour',
    async value => {
      const outcome = await outcomeOf(get, () => json(429, {}, { 'retry-after': value }))
      expect(outcome).toMatchObject({ retryAfter: 15 * 60_000 })
    },
  )

  test('Retry-After: an HTTP date', async () => {
    const later = new Date(Date.now() + 60_000).toUTCString()
    const outcome = await outcomeOf(get, () => json(429, {}, { 'retry-after': later }))
    const { retryAfter = 0 } = outcome as { retryAfter?: number }
    expect(retryAfter).toBeGreaterThan(50_000)
    expect(retryAfter).toBeLessThanOrEqual(60_000)
    const past = await outcomeOf(get, () => json(429, {}, { 'retry-after': 'Tue, 01 Jan 2019 00:00:00 GMT' }))
    expect(past).not.toHaveProperty('retryAfter')
  })

  test.each(['', 'soon', '-5x', '0', '-5', '120, 120', 'Fri, 31 Dec 1999 23:59:59 GMT'])(
    'Retry-After: nothing to be made of “%s”',
    async value => {
      expect(await outcomeOf(get, () => json(429, {}, { 'retry-after': value }))).not.toHaveProperty('retryAfter')
    },
  )
})
