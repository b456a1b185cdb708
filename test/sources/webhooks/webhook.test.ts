import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import type { Json } from '../../../src/lib/json.ts'
import { openDoor } from '../../door/door.ts'
import { mac } from '../../door/requests.ts'

/** The generic source: any proof, any payload, by configuration. */

const secret = '0123456789abcdef0123456789abcdef'
const now = Date.UTC(2026, 10, 2, 9)
const body = JSON.stringify({ id: 7, lead: { email: 'dana@example.com', name: 'Dana Whitfield' } })

const open = (options: Record<string, Json> = {}, env: Record<string, string> = { SECRET: secret }) =>
  openDoor({ endpoints: { hook: { source: 'webhook', secret: '$SECRET', ...options } }, env, now })

const post = (headers: Record<string, string> = {}, text = body): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: text,
})
const bearer = { authorization: `Bearer ${secret}` }
const status = async (opened: Awaited<ReturnType<typeof open>>, init: RequestInit, path = '') =>
  (await opened.send(`hook${path}`, init)).status

const first = async (options: Record<string, Json>, init = post(bearer)) => {
  const opened = await open(options)
  expect(await status(opened, init)).toBe(202)
  return opened.docket.claims[0]!.deliveries[0]!
}

afterEach(() => vi.restoreAllMocks())

describe('a secret that the request carries', () => {
  it('is a bearer token, in any case of the word', async () => {
    const opened = await open()
    expect(await status(opened, post(bearer))).toBe(202)
    expect(await status(opened, post({ authorization: `bearer  ${secret}` }))).toBe(202)
    expect(await status(opened, post({ authorization: secret }))).toBe(202)
  })

  it('is the value of a header that the endpoint names, in any case', async () => {
    const opened = await open({ header: 'X-Api-Key' })
    expect(await status(opened, post({ 'x-api-key': secret }))).toBe(202)
    expect(await status(opened, post({ 'X-API-KEY': secret }))).toBe(202)
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await status(opened, post(bearer))).toBe(401)
  })

  it('is the last part of the address, for those that can set no header', async () => {
    const opened = await open()
    expect(await status(opened, post(), `/${secret}`)).toBe(202)
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await status(opened, post(), `/${secret.slice(1)}`)).toBe(401)
    expect(await status(opened, post(), `?token=${secret}`)).toBe(401)
  })

  it('may be one of several while it is changed', async () => {
    const env = { NEW: 'ffffffffffffffffffffffffffffffff', OLD: secret }
    const opened = await open({ secret: ['$NEW', '$OLD'] }, env)
    for (const one of Object.values(env))
      expect(await status(opened, post({ authorization: `Bearer ${one}` }))).toBe(202)
  })

  it('is refused in words that help, and without a hint', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const opened = await open()
    const response = await opened.send('hook', post({ authorization: `Bearer ${secret}x` }))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:secret' })
    expect(warn.mock.calls.flat().join()).not.toContain(secret)
  })

  it('has 128 bits at least: a short one is as good as none', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const opened = await open({}, { SECRET: 'hunter2' })
    const response = await opened.send('hook', post({ authorization: 'Bearer hunter2' }))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:secret-weak' })
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/too short to be safe$/))
  })
})

describe('a signature that the endpoint describes', () => {
  const at = String(now / 1000)
  const key = Uint8Array.from(atob('c2VjcmV0IG9mIDI0IGJ5dGVzISEh'), char => char.charCodeAt(0))

  it.each<[string, Record<string, Json>, Record<string, string>, string?]>([
    ['the body, hexadecimal', { header: 'X-Signature' }, { 'x-signature': mac('sha256', secret, body, 'hex') }],
    [
      'a prefix and base64',
      { header: 'x-sig', prefix: 'sha256=', encoding: 'base64' },
      { 'x-sig': `sha256=${mac('sha256', secret, body, 'base64')}` },
    ],
    ['SHA-1', { header: 'x-sig', hash: 'SHA-1' }, { 'x-sig': mac('sha1', secret, body, 'hex') }],
    [
      'a template with method, address and time in ms',
      {
        header: 'x-sig',
        signed: '{method}:{uri}:{ts}:{body}',
        timestamp: { header: 'x-time', unit: 'ms', tolerance: 60 },
      },
      { 'x-time': String(now), 'x-sig': mac('sha256', secret, `POST:ADDRESS:${now}:${body}`, 'hex') },
    ],
    [
      'time and signature in one header',
      { header: 'x-sig', timestamp: {} },
      { 'x-sig': `t=${at},v1=${mac('sha256', secret, `${at}.${body}`, 'hex')}` },
    ],
    [
      'a key in base64 and an id',
      {
        header: 'x-sig',
        encoding: 'base64',
        key: 'base64',
        id: 'x-id',
        signed: '{id}.{ts}.{body}',
        timestamp: { header: 'x-time' },
      },
      { 'x-id': 'm1', 'x-time': at, 'x-sig': mac('sha256', key, `m1.${at}.${body}`, 'base64') },
      'whsec_c2VjcmV0IG9mIDI0IGJ5dGVzISEh',
    ],
  ])('may be over %s', async (_, signature, headers, own = secret) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const opened = await open({ signature }, { SECRET: own })
    const address = `https://docketed.example/in/${opened.firm}/hook`
    const signed = JSON.stringify(headers).includes('x-time') && String(signature.signed).includes('{uri}')
    const sent = signed
      ? { ...headers, 'x-sig': mac('sha256', secret, `POST:${address}:${now}:${body}`, 'hex') }
      : headers
    expect(await status(opened, post(sent))).toBe(202)
    expect(await status(opened, post(sent, body.replace('7', '8')))).toBe(401)
    expect(await status(opened, post({}))).toBe(401)
    expect(await status(opened, post({}), `/${own}`)).toBe(401)
    if (signature.timestamp === undefined) return
    opened.clock.now = now + 301_000
    expect(await status(opened, post(sent))).toBe(401)
    opened.clock.now = now - 301_000
    expect(await status(opened, post(sent))).toBe(401)
  })

  it.each<[string, Record<string, Json>, string]>([
    [
      'a hole that does not exist',
      { header: 'x-sig', signed: '{time}.{body}' },
      'has no {time}: it may hold {id} {ts} {method} {uri} {body}',
    ],
    ['no body', { header: 'x-sig', signed: '{method}' }, 'leaves out {body}: anybody could change it'],
    [
      'a timestamp that proves nothing',
      { header: 'x-sig', signed: '{body}', timestamp: { header: 'x-time' } },
      'leaves out {ts}, so the timestamp proves nothing',
    ],
    ['a time that nobody sends', { header: 'x-sig', signed: '{ts}.{body}' }, "is missing: 'signed' holds {ts}"],
    ['an id that is not signed', { header: 'x-sig', id: 'x-id' }, "and {id} in 'signed' go together"],
    [
      'a prefix where there can be none',
      { header: 'x-sig', prefix: 'v1=', timestamp: {} },
      "does not go with a header that reads 't=…,v1=…'",
    ],
    ['a header that is none', { header: 'x sig' }, 'must be the name of a header, such as "x-docketed-secret"'],
  ])('is refused when saved with %s', (_, signature, message) => {
    expect(refused({ signature })).toContain(message)
  })
})

/** What is said about an endpoint with these options, when it is saved. */
function refused(options: Record<string, Json>): string[] {
  const endpoints = { hook: { source: 'webhook', secret: '$SECRET', ...options } }
  const reading = readConfiguration(
    JSON.stringify({ timezone: 'America/New_York', country: 'US', endpoints, rules: [] }),
  )
  return reading.ok ? [] : (reading.problem.errors ?? []).map(({ message }) => message)
}

describe('options that cancel each other or say nothing', () => {
  it.each<[Record<string, Json>, RegExp]>([
    [{ header: 'x-key', signature: { header: 'x-sig' } }, /either 'header'.* or 'signature'/],
    [{ key: 'body.' }, /no expression over 'body' and 'headers': the expression ends too early/],
    [{ key: 'fields.id' }, /there is no 'fields': an expression begins with body, headers/],
    [{ type: 'lead.created' }, /there is no 'lead'/],
    [{ person: { mail: 'body.mail' } }, /did you mean 'email'/],
    [{ secret: 'hunter2' }, /must be the name of a secret/],
  ])('%j', (options, message) => {
    expect(refused(options).join('\n')).toMatch(message)
  })
})

describe('what a rule may do with it', () => {
  const replacing = (options: Record<string, Json>) => {
    const steps = {
      client: {
        upsert: 'contacts',
        match: ['email_addresses'],
        existing: 'replace',
        with: {
          type: 'Person',
          first_name: '{{ person.first_name }}',
          last_name: 'X',
          email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
        },
      },
    }
    const document = {
      timezone: 'America/New_York',
      country: 'US',
      endpoints: { hook: { secret: '$SECRET', ...options } },
      rules: [{ name: 'r', on: { endpoint: 'hook', type: 'form.submitted' }, steps }],
    }
    return readConfiguration(JSON.stringify(document)).ok
  }

  it('is to replace what stands in Clio only when no stranger writes it', () => {
    expect(replacing({ source: 'webhook' })).toBe(false)
    expect(replacing({ source: 'webhook', signature: { header: 'x-sig' } })).toBe(true)
    // Anybody on the internet writes a form's answers, whoever signs them.
    expect(replacing({ source: 'webflow' })).toBe(false)
    expect(replacing({ source: 'webflow', secret: undefined as never, token: '$TOKEN' })).toBe(false)
    expect(replacing({ source: 'jotform' })).toBe(false)
    expect(replacing({ source: 'typeform' })).toBe(false)
  })
})

describe('where things stand in the payload', () => {
  it('is said by expressions', async () => {
    const { event, key } = await first(
      {
        key: "'lead-' + string(body.id)",
        type: "'lead.created'",
        subject: 'body.id',
        time: "headers['x-sent-at']",
        fields: 'body.lead',
        person: { company: "'Acme'" },
        message: "'By ' + body.lead.name",
      },
      post({ ...bearer, 'x-sent-at': '2026-11-02T08:00:00-05:00' }),
    )
    expect(key).toEqual({ kind: 'given', value: 'lead-7' })
    expect(event).toMatchObject({
      id: 'lead-7',
      type: 'lead.created',
      subject: '7',
      time: '2026-11-02T13:00:00.000Z',
      fields: { email: 'dana@example.com', name: 'Dana Whitfield' },
      person: { first_name: 'Dana', last_name: 'Whitfield', email: 'dana@example.com', company: 'Acme' },
      message: 'By Dana Whitfield',
    })
  })

  it('is guessed otherwise', async () => {
    const { event, key, strict } = await first(
      {},
      post(bearer, '{"name":"Dana Whitfield","email":"dana@example.com","message":"Hello"}'),
    )
    expect(key.kind).toBe('content')
    expect(strict).toBe(false)
    expect(event).toMatchObject({
      id: null,
      type: 'webhook.received',
      subject: null,
      time: null,
      person: { first_name: 'Dana', last_name: 'Whitfield', email: 'dana@example.com' },
      message: 'Hello',
    })
  })

  it.each<[Json, string | null]>([
    ['2026-11-02T08:00:00Z', '2026-11-02T08:00:00.000Z'],
    [1793609891, '2026-11-02T08:58:11.000Z'],
    [1793609891000, '2026-11-02T08:58:11.000Z'],
    ['1793609891', '2026-11-02T08:58:11.000Z'],
    ['2026-11-02 08:00', null],
    ['2026-11-02T08:00:00', null],
    [1e300, null],
    [-1e18, null],
    [true, null],
    [null, null],
  ])('time %j is %j', async (at, time) => {
    const { event } = await first({ time: 'body.at' }, post(bearer, JSON.stringify({ at })))
    expect(event.time).toBe(time)
  })

  it('reads JSON in a field of a form, as services send it that can send forms only', async () => {
    const body = new URLSearchParams({ payload: '{"lead":{"id":7,"email":"falk@mail.example"}}', page: '1' }).toString()
    const headers = { ...bearer, 'content-type': 'application/x-www-form-urlencoded' }
    const { event, key } = await first({ key: 'body.payload.lead.id' }, post(headers, body))
    expect(key).toEqual({ kind: 'given', value: '7' })
    expect(event.person.email).toBe('falk@mail.example')
  })

  it('does not lose an event whose payload is otherwise than the expressions expect', async () => {
    const { event, key } = await first(
      {
        key: 'body.id + 1',
        type: 'body.lead',
        fields: "body.lead.split(',')",
        person: { email: 'body.lead.email * 2' },
      },
      post(bearer, '{"id":"seven","lead":{"email":"x"}}'),
    )
    expect(key.kind).toBe('content')
    expect(event).toMatchObject({ type: 'webhook.received', fields: {}, person: { email: null } })
  })

  it('is never where the secret stands', async () => {
    const { event } = await first({ type: 'headers.authorization' })
    expect(event.type).toBe('webhook.received')
  })

  it.each<[string, RequestInit, Json]>([
    ['a list of one', post(bearer, '[{"a":1}]'), { a: 1 }],
    ['a form', post({ ...bearer, 'content-type': 'application/x-www-form-urlencoded' }, 'a=1&b=2'), { a: '1', b: '2' }],
    ['JSON by any name', post({ ...bearer, 'content-type': 'text/plain' }, '{"a":1}'), { a: 1 }],
    ['a large number', post(bearer, '{"id":12345678901234567890}'), { id: '12345678901234567890' }],
  ])('may be %s', async (_, init, data) => {
    expect((await first({}, init)).event.data).toEqual(data)
  })

  it('is nowhere in what is neither', async () => {
    const opened = await open()
    expect(await status(opened, post({ ...bearer, 'content-type': 'application/xml' }, '<a/>'))).toBe(400)
    expect(opened.docket.claims).toEqual([])
  })
})

describe('without a key of its own', () => {
  it('the sender’s Idempotency-Key is it, and other content under it is refused', async () => {
    const opened = await open()
    const keyed = { ...bearer, 'idempotency-key': 'one' }
    expect(await status(opened, post(keyed))).toBe(202)
    expect(await (await opened.send('hook', post(keyed))).json()).toMatchObject({ duplicate: true })
    expect(await status(opened, post(keyed, '{"id":8}'))).toBe(422)
  })

  it('the whole body is it, whatever the order of its keys, for ten minutes', async () => {
    const opened = await open({ fields: 'body.lead' })
    const send = async (text: string) => (await opened.send('hook', post(bearer, text))).json()
    await send('{"id":1,"lead":{"a":1,"b":2}}')
    expect(await send('{"lead":{"b":2,"a":1},"id":1}')).toMatchObject({ duplicate: true })
    expect(await send('{"id":2,"lead":{"a":1,"b":2}}')).toMatchObject({ duplicate: false })
    expect(opened.docket.claims[0]!.deliveries[0]!.key.kind).toBe('content')
  })
})
