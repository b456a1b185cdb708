import { env } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import { Spacing } from '../../src/door/spacing.ts'
import { remember } from '../../src/kv/keys.ts'
import { sha256 } from '../../src/lib/json.ts'
import { problem } from '../../src/lib/problem.ts'
import type { Delivery } from '../../src/model/event.ts'
import type { Source } from '../../src/model/source.ts'
import { seal } from '../../src/platform/secrets.ts'
import { browser, openDoor, urlencoded } from './door.ts'
import { standardHeaders } from './requests.ts'

const website = { website: { source: 'form' } }
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = 'whsec_b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXI='
const partner = { partner: { source: 'standard-webhooks', secret: '$PARTNER_SECRET' } }
const hook = (
  id: string,
  at: number,
  body = '{"type":"lead.created","data":{"email":"a@example.com"}}',
  key = secret,
) => ({
  method: 'POST',
  headers: standardHeaders(key, id, at / 1000, body),
  body,
})

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('the way in', () => {
  it('is a claim in the Docket and a receipt that names the run', async () => {
    const { firm, docket, send } = await openDoor({ endpoints: website })
    const response = await send('website', urlencoded('name=Jordan+Novak'))
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ run: 'run-1', status: 'accepted', duplicate: false })
    expect(response.headers.get('location')).toBe(`/api/firms/${firm}/runs/run-1`)
    expect(response.headers.get('idempotency-replayed')).toBeNull()
    expect(docket.claims).toMatchObject([{ endpoint: 'website', version: 1, interactive: false, deliveries: [{}] }])
    expect(docket.asked).toBe(0)
  })

  it('takes long bodies one after another, and sends away whom too many are before', async () => {
    const { docket, send } = await openDoor({ endpoints: website })
    const long = (n: number) => send('website', urlencoded(`name=Visitor+${n}&essay=${'x'.repeat(900_000)}`))
    const began = performance.now()
    expect((await Promise.all([1, 2, 3].map(long))).map(({ status }) => status)).toEqual([202, 202, 202])
    expect(performance.now() - began).toBeGreaterThan(150)
    vi.spyOn(Spacing.prototype, 'wait').mockReturnValue(null)
    const refused = await long(4)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect(docket.claims).toHaveLength(3)
  })

  it('answers a redelivery with the first receipt, marked', async () => {
    const { send } = await openDoor({ endpoints: website })
    const request = urlencoded('name=Jordan', { 'idempotency-key': 'one' })
    await send('website', request)
    const again = await send('website', request)
    expect(again.status).toBe(202)
    expect(await again.json()).toEqual({ run: 'run-1', status: 'accepted', duplicate: true })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('location')).toMatch(/\/runs\/run-1$/)
  })

  it('refuses a key that comes back with other answers, in any order of the fields', async () => {
    const { docket, send } = await openDoor({ endpoints: website })
    const key = { 'idempotency-key': 'one' }
    await send('website', urlencoded('a=1&b=2', key))
    expect((await send('website', urlencoded('b=2&a=1', key))).status).toBe(202)
    const conflict = await send('website', urlencoded('a=1&b=3', key))
    expect(conflict.status).toBe(422)
    expect(conflict.headers.get('content-type')).toBe('application/problem+json')
    expect(await conflict.json()).toMatchObject({ type: 'urn:docketed:problem:idempotency-conflict', status: 422 })
    expect(docket.runs.size).toBe(1)
  })
})

/** As versions before firms had keys of their own remembered it. */
const elderKey = ({ kind, value }: Delivery['key']) => sha256(`${kind}:${value}`)

describe('keys in KV', () => {
  const delivery = async (door: Awaited<ReturnType<typeof openDoor>>) => door.docket.claims[0]!.deliveries[0]!

  it('answer a redelivery without waking the Docket', async () => {
    const door = await openDoor({ endpoints: website })
    const request = urlencoded('name=Jordan', { 'idempotency-key': 'one' })
    await door.send('website', request)
    const { key, content } = await delivery(door)
    await remember(env.KV, door.firm, 'website', await elderKey(key), { run: 'run-1', content })
    door.docket.broken = new Error('asleep')
    door.clock.now += 365 * 86_400_000
    const again = await door.send('website', request)
    expect(await again.json()).toEqual({ run: 'run-1', status: 'accepted', duplicate: true })
    const changed = await door.send('website', urlencoded('name=Other', { 'idempotency-key': 'one' }))
    expect(changed.status).toBe(422)
  })

  it('are not looked for where the answers alone are the key: the Docket has the ten minutes', async () => {
    const kv = { get: vi.fn(async (name: string) => env.KV.get(name, 'json')) as unknown as KVNamespace['get'] }
    const door = await openDoor({ endpoints: website, kv })
    await door.send('website', urlencoded('name=Jordan'))
    await door.send('website', urlencoded('name=Jordan'))
    expect(door.docket.claims).toHaveLength(2)
    expect(vi.mocked(kv.get).mock.calls.filter(([name]) => String(name).startsWith('key:'))).toEqual([])
  })

  it('that cannot be read leave the Docket to decide', async () => {
    const kv = { get: (async () => Promise.reject(new Error('KV is down'))) as unknown as KVNamespace['get'] }
    const { docket, send } = await openDoor({ endpoints: website, kv })
    expect((await send('website', urlencoded('name=Jordan', { 'idempotency-key': 'one' }))).status).toBe(202)
    expect(docket.claims).toHaveLength(1)
  })
})

describe('a configuration that KV does not have yet', () => {
  it('is asked of the Docket: a new endpoint is found', async () => {
    const { docket, mirror, send } = await openDoor({ endpoints: website })
    docket.newest = mirror(2, { ...website, intake: { source: 'form' } })
    expect((await send('intake', urlencoded('a=1'))).status).toBe(202)
    expect(docket.claims[0]).toMatchObject({ endpoint: 'intake', version: 2 })
    expect(docket.asked).toBe(1)
  })

  it('is asked of the Docket: a new firm is found', async () => {
    const { firm, docket, send } = await openDoor({ endpoints: website })
    await env.KV.delete(`firm:${firm}`)
    expect((await send('website', urlencoded('a=1'))).status).toBe(202)
    expect(docket.asked).toBe(1)
  })

  it('is asked of the Docket: a new secret is used', async () => {
    const { docket, mirror, clock, send } = await openDoor({
      endpoints: partner,
      env: { PARTNER_SECRET: secret, PARTNER_NEW: other },
    })
    docket.newest = mirror(2, { partner: { source: 'standard-webhooks', secret: ['$PARTNER_NEW'] } })
    expect((await send('partner', hook('m1', clock.now, undefined, other))).status).toBe(202)
    expect(docket.asked).toBe(1)
  })

  it('is asked once: what the Docket does not know either is refused', async () => {
    const { docket, send } = await openDoor({ endpoints: website })
    const response = await send('nowhere', urlencoded('a=1'))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:endpoint-not-found' })
    expect(docket.asked).toBe(1)
    expect(docket.claims).toHaveLength(0)
  })

  it('is told by a stale claim: verified again with the newer one, then claimed', async () => {
    const { docket, mirror, clock, send } = await openDoor({
      endpoints: partner,
      env: { PARTNER_SECRET: secret, PARTNER_BOTH: secret },
    })
    docket.newest = mirror(2, { partner: { source: 'standard-webhooks', secret: '$PARTNER_BOTH' } })
    expect((await send('partner', hook('m1', clock.now))).status).toBe(202)
    expect(docket.claims).toMatchObject([{ version: 2 }])
  })

  it('no longer lets in what the newer one refuses: a secret that was taken away, an endpoint that is gone', async () => {
    const { docket, mirror, clock, send } = await openDoor({
      endpoints: { ...partner, ...website },
      env: { PARTNER_SECRET: secret, PARTNER_NEW: other },
    })
    docket.newest = mirror(2, { partner: { source: 'standard-webhooks', secret: '$PARTNER_NEW' } })
    expect((await send('partner', hook('m1', clock.now))).status).toBe(401)
    expect((await send('website', urlencoded('a=1'))).status).toBe(404)
    expect(docket.claims).toHaveLength(0)
  })

  it('that changes all the time is a 503, so that the sender comes again', async () => {
    const { docket, mirror, send } = await openDoor({ endpoints: website })
    docket.claim = async () => ({ kind: 'stale', mirror: mirror(9, website) })
    const response = await send('website', urlencoded('a=1'))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
  })
})

describe('secrets', () => {
  const dataKey = 'ZG9ja2V0ZWQtdGVzdC1kYXRhLWtleS0zMi1ieXRlcyE='

  it("are the firm's own, sealed, before the Worker's", async () => {
    const firm = 'sealed-firm'
    const { send, clock } = await openDoor({
      firm,
      endpoints: partner,
      secrets: { PARTNER_SECRET: await seal(dataKey, firm, 'PARTNER_SECRET', secret) },
      env: { DATA_KEY: dataKey, PARTNER_SECRET: other },
    })
    expect((await send('partner', hook('m1', clock.now))).status).toBe(202)
    expect((await send('partner', hook('m2', clock.now, undefined, other))).status).toBe(401)
  })

  it('that are missing fail closed, and the log names them without a value', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { firm, docket, send, clock } = await openDoor({
      endpoints: { partner: { source: 'standard-webhooks', secret: ['$PARTNER_A', '$PARTNER_B'] } },
    })
    const response = await send('partner', hook('m1', clock.now))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:secret-missing' })
    expect(log.mock.calls).toEqual([
      [`Endpoint ${firm}/partner refused a request: no secret is set; PARTNER_A is not set; PARTNER_B is not set`],
    ])
    expect(docket.claims).toHaveLength(0)
  })

  it("are never the operator's own", async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const operators = { ADMIN_TOKEN: secret, MATON_API_KEY: secret, DATA_KEY: dataKey }
    for (const name of ['ADMIN_TOKEN', 'MATON_API_KEY', 'DATA_KEY']) {
      const { send, clock } = await openDoor({
        endpoints: { partner: { source: 'standard-webhooks', secret: `$${name}` } },
        env: operators,
      })
      expect((await send('partner', hook('m1', clock.now))).status).toBe(503)
    }
  })

  it('that do not open are as good as missing, and the log tells why', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const sealed = await seal(dataKey, 'elsewhere', 'PARTNER_SECRET', secret)
    const moved = await openDoor({
      endpoints: partner,
      secrets: { PARTNER_SECRET: sealed },
      env: { DATA_KEY: dataKey },
    })
    expect((await moved.send('partner', hook('m1', moved.clock.now))).status).toBe(503)
    expect(log.mock.calls[0]![0]).toContain('does not open with this DATA_KEY')
    const keyless = await openDoor({
      endpoints: partner,
      secrets: { PARTNER_SECRET: sealed },
      env: { DATA_KEY: 'short' },
    })
    expect((await keyless.send('partner', hook('m1', keyless.clock.now))).status).toBe(503)
    expect(log.mock.calls[1]![0]).toContain('DATA_KEY must be the base64 of 32 random bytes')
    expect(log).toHaveBeenCalledTimes(2)
  })
})

describe('refusals', () => {
  it.each([
    ['a bad firm name', '/in/Smith/website', 404],
    ['a firm name with an underscore', '/in/smith_co/website', 404],
    ['a name that every object has', '/in/smith/constructor', 404],
    ['a name that is too long', `/in/smith/${'a'.repeat(64)}`, 404],
    ['a broken percent-encoding', '/in/smith/%ZZ', 404],
    ['a path that goes on', '/in/smith/website/token/more', 404],
    ['no endpoint', '/in/smith', 404],
  ])('of %s', async (_, path, status) => {
    const { app, docket } = await openDoor({ firm: 'smith', endpoints: website })
    expect((await app.request(`https://docketed.example${path}`, urlencoded('a=1'))).status).toBe(status)
    expect(docket.claims).toHaveLength(0)
  })

  it('of methods name those that are allowed', async () => {
    const { send } = await openDoor({ endpoints: website })
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD']) {
      const response = await send('website', { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('POST, GET, OPTIONS')
    }
    const get = await send('website', { method: 'GET' })
    expect(get.status).toBe(405)
    expect(get.headers.get('allow')).toBe('POST')
  })

  it('say more than a row of the Docket holds: refused for good, at the very edge', async () => {
    const { docket, send } = await openDoor({ endpoints: website })
    const sent = async (length: number) => (await send('website', urlencoded(`a=${'x'.repeat(length)}`))).status
    expect(await sent(600_000)).toBe(202)
    const size = (event: unknown) => new TextEncoder().encode(JSON.stringify(event)).byteLength
    const stored = size(docket.claims[0]!.deliveries[0]!.event)
    // How often the event says what was sent: so much longer a text may be.
    const copies = Math.round(stored / 600_000)
    const most = 600_000 + Math.floor((1_900_000 - stored) / copies)
    expect([await sent(most - 1), await sent(most + 2)]).toEqual([202, 413])
  })

  it('of too many bytes come by Content-Length, and by counting where it is absent', async () => {
    const { docket, send } = await openDoor({ endpoints: website })
    const limit = 1_048_576
    expect((await send('website', urlencoded(`a=${'x'.repeat(600_000)}`))).status).toBe(202)
    const told = await send('website', urlencoded('a=1', { 'content-length': String(limit + 1) }))
    expect(told.status).toBe(413)
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(65_536).fill(97))
      },
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const counted = await send('website', { method: 'POST', headers, body: endless, duplex: 'half' } as RequestInit)
    expect(counted.status).toBe(413)
    expect(pulled).toBeLessThan(20)
    expect(docket.claims).toHaveLength(1)
  })

  it('of a body whose sender went away', async () => {
    const { send } = await openDoor({ endpoints: website })
    const cut = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array([97]))
        controller.error(new Error('gone'))
      },
    })
    const response = await send('website', { method: 'POST', body: cut, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(400)
  })

  it('of a forged request are plain outside and told in the log', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { firm, docket, send, clock } = await openDoor({ endpoints: partner, env: { PARTNER_SECRET: secret } })
    const response = await send('partner', hook('m1', clock.now - 400_000))
    expect(response.status).toBe(401)
    expect(await response.text()).not.toMatch(/400|old/)
    expect(log.mock.calls).toEqual([[`Endpoint ${firm}/partner refused a request: the signature is 400 s old`]])
    expect(docket.claims).toHaveLength(0)
  })

  it('never quote what was sent', async () => {
    const written = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')].map(spy => spy.mockImplementation(() => {}))
    const { send, docket, clock } = await openDoor({ endpoints: { ...website, ...partner } })
    docket.broken = new Error('could not store {"name":"Jordan Novak"}')
    const answers = [
      await send('website', urlencoded('name=Jordan+Novak')),
      await send('website', urlencoded('name=Jordan+Novak%')),
      await send('partner', hook('Novak', clock.now, '{"name":"Novak"}')),
    ]
    const said = (await Promise.all(answers.map(response => response.text()))).join('\n')
    expect(said + JSON.stringify(written.map(spy => spy.mock.calls))).not.toContain('Novak')
  })

  it('are 503 while the Docket cannot be reached, so that the sender comes again', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { firm, docket, send } = await openDoor({ endpoints: website })
    docket.broken = new TypeError('Network connection lost.')
    for (const endpoint of ['website', 'nowhere']) {
      const response = await send(endpoint, urlencoded('a=1'))
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('5')
      expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:docket-unreachable' })
    }
    expect(log.mock.calls[0]![0]).toContain(`firm ${firm} cannot be reached (TypeError)`)
  })

  it('are a page to whoever sent a form by hand, also where no endpoint words it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { docket, send } = await openDoor({ endpoints: website })
    const read = async (endpoint: string, headers: Record<string, string> = {}) => {
      const response = await send(endpoint, browser('name=Jordan', headers))
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      return [response.status, await response.text()] as const
    }
    const [lost, nowhere] = await read('webform')
    expect([lost, nowhere]).toEqual([404, expect.stringContaining('This form is not set up correctly')])
    docket.broken = new TypeError('Network connection lost.')
    const [failing, later] = await read('website', { 'accept-language': 'de' })
    expect([failing, later]).toEqual([503, expect.stringContaining('konnte gerade nicht angenommen werden')])
    expect((await send('webform', { headers: { accept: 'text/html' } })).headers.get('content-type')).toBe(
      'application/problem+json',
    )
  })

  it('of an endpoint that this Worker does not know how to serve are its own fault', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = await openDoor({ endpoints: { fax: { source: 'fax' }, odd: { source: 'form', colour: 'blue' } } })
    for (const endpoint of ['fax', 'odd']) expect((await send(endpoint, urlencoded('a=1'))).status).toBe(503)
    expect(log).toHaveBeenCalledTimes(2)
  })
})

describe('a source', () => {
  const delivery = (id: string) => ({
    event: { id } as never,
    key: { kind: 'given' as const, value: id },
    content: id,
    strict: false,
  })
  const echo: Source<{ colour: string }> = {
    name: 'echo',
    verifiedBy: 'nothing',
    keyedBy: 'the words of the body',
    types: ['echo'],
    signed: false,
    interactive: true,
    maxBytes: 20,
    options: z.strictObject({ colour: z.string() }),
    handshake: async request => {
      const challenge = request.url.searchParams.get('challenge')
      return challenge === null ? null : new Response(challenge)
    },
    verify: async request => {
      if (request.token === 'secret') return { ok: true }
      return { ok: false, problem: problem(401, 'token', 'No', 'The token is wrong.') }
    },
    parse: async request => {
      const words = new TextDecoder().decode(request.body).split(' ')
      if (words.includes('bug')) throw new Error('Novak')
      return words.filter(word => word !== '').map(delivery)
    },
    respond: (request, endpoint) => (request.headers.has('plain') ? new Response(endpoint.options.colour) : null),
    refuse: (request, _endpoint, refused) =>
      request.headers.has('plain') ? new Response(refused.code, { status: 200 }) : null,
  }
  const open = () =>
    openDoor({
      endpoints: { echo: { source: 'echo', colour: 'blue' } },
      sources: new Map([['echo', echo as Source<unknown>]]),
    })
  const post = (body: string, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers })

  it('answers a handshake before anything is verified, by GET or POST', async () => {
    const { send, docket } = await open()
    for (const method of ['GET', 'POST']) {
      const response = await send('echo?challenge=abc', { method })
      expect([response.status, await response.text()]).toEqual([200, 'abc'])
    }
    expect(docket.asked).toBe(0)
    expect((await send('echo', { method: 'GET' })).status).toBe(405)
  })

  it('makes several events of one request, and each has its receipt', async () => {
    const { docket, send } = await open()
    const response = await send('echo/secret', post('one two'))
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      runs: [
        { run: 'run-1', status: 'accepted', duplicate: false },
        { run: 'run-2', status: 'accepted', duplicate: false },
      ],
    })
    expect(docket.claims).toMatchObject([{ interactive: true }])
    const some = await send('echo/secret', post('two three'))
    expect(some.headers.get('idempotency-replayed')).toBeNull()
    const all = await send('echo/secret', post('one three'))
    expect(all.headers.get('idempotency-replayed')).toBe('true')
  })

  it('may find no event in a request: that is no fault, and nothing is claimed', async () => {
    const { docket, send } = await open()
    const response = await send('echo/secret', post(''))
    expect([response.status, await response.json()]).toEqual([202, { runs: [] }])
    expect(docket.claims).toHaveLength(0)
  })

  it('answers and refuses in its own form, where it has one', async () => {
    const { send } = await open()
    expect(await (await send('echo/secret', post('one', { plain: '1' }))).text()).toBe('blue')
    expect(await (await send('echo/wrong', post('one', { plain: '1' }))).text()).toBe('token')
    expect(await (await send('echo/secret', post('x'.repeat(21), { plain: '1' }))).text()).toBe('too-large')
    expect((await send('echo/wrong', post('one'))).status).toBe(401)
    expect((await send('echo', post('one'))).status).toBe(401)
  })

  it('has its own limit of bytes', async () => {
    const { send } = await open()
    expect((await send('echo/secret', post('x'.repeat(20)))).status).toBe(202)
    expect((await send('echo/secret', post('x'.repeat(21)))).status).toBe(413)
  })

  it('says nothing to OPTIONS unless it wants to', async () => {
    const { send } = await open()
    const response = await send('echo', { method: 'OPTIONS' })
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST'])
  })

  it('that fails is a 500 without its words, and the log says where', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = await open()
    const response = await send('echo/secret', post('bug'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('Novak')
    expect(log.mock.calls[0]![0]).toMatch(/^The door failed: Error at .*parse/)
    expect(JSON.stringify(log.mock.calls)).not.toContain('Novak')
  })
})
