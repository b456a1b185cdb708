import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Json } from '../../../src/lib/json.ts'
import { standardWebhooks } from '../../../src/sources/webhooks/standard-webhooks.ts'
import { openDoor } from '../../door/door.ts'
import { standardHeaders } from '../../door/requests.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const old = 'whsec_b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXI='
const env = { PARTNER: secret, PARTNER_OLD: old }
const open = (option: string | string[] = '$PARTNER') =>
  openDoor({ endpoints: { partner: { source: 'standard-webhooks', secret: option } }, env })
type Opened = Awaited<ReturnType<typeof open>>

function hook(
  { clock }: Opened,
  body: string,
  given: { id?: string; key?: string; drift?: number; headers?: object } = {},
) {
  const at = clock.now / 1000 + (given.drift ?? 0)
  const headers = { ...standardHeaders(given.key ?? secret, given.id ?? 'msg_1', at, body), ...given.headers }
  return { method: 'POST', headers, body }
}
async function received(payload: Json, option?: string[]) {
  const door = await open(option)
  expect((await door.send('partner', hook(door, JSON.stringify(payload)))).status).toBe(202)
  return door.docket.claims[0]!.deliveries[0]!
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('the event of a standard webhook', () => {
  it('has its type, time and answers from the envelope', async () => {
    const payload = {
      type: 'lead.created',
      timestamp: '2026-11-02T10:00:00+02:00',
      data: { name: 'Jordan Novak', email: 'jordan@example.com', message: 'Hello' },
    }
    const { event, key, strict } = await received(payload)
    expect(key).toEqual({ kind: 'given', value: 'msg_1' })
    expect(strict).toBe(false)
    expect(event).toMatchObject({
      id: 'msg_1',
      source: 'standard-webhooks',
      type: 'lead.created',
      subject: null,
      time: '2026-11-02T08:00:00.000Z',
      data: payload,
      fields: payload.data,
      person: { first_name: 'Jordan', last_name: 'Novak', email: 'jordan@example.com' },
      message: 'Hello',
    })
  })

  it('is whatever came when there is no envelope', async () => {
    const { event } = await received({ email: 'jordan@example.com', data: 'text' })
    expect(event.type).toBe('webhook.received')
    expect(event.time).toBeNull()
    expect(event.fields).toEqual({ email: 'jordan@example.com', data: 'text' })
    expect(event.person.email).toBe('jordan@example.com')
  })

  it.each([
    ['a list', [1, 2]],
    ['a text', 'hello'],
    ['nothing', null],
  ])('may be %s', async (_, payload) => {
    const { event } = await received(payload)
    expect(event).toMatchObject({ type: 'webhook.received', data: payload, fields: {} })
  })

  it.each(['yesterday', '2026-13-01T00:00:00Z', '2026-11-02T10:00:00', null])(
    'has no time when the envelope says %j: the header tells that of the delivery',
    async timestamp => {
      expect((await received({ timestamp })).event.time).toBeNull()
    },
  )

  it('keeps ids that a double would round', async () => {
    const door = await open()
    await door.send('partner', hook(door, '{"data":{"id":12345678901234567890}}'))
    expect(door.docket.claims[0]!.deliveries[0]!.event.fields).toEqual({ id: '12345678901234567890' })
  })
})

describe('the signature of a standard webhook', () => {
  it('is by the current secret or a previous one', async () => {
    const door = await open(['$PARTNER', '$PARTNER_OLD'])
    for (const [id, key] of [
      ['a', secret],
      ['b', old],
    ] as const) {
      expect((await door.send('partner', hook(door, '{}', { id, key }))).status).toBe(202)
    }
    const strict = await open()
    expect((await strict.send('partner', hook(strict, '{}', { key: old }))).status).toBe(401)
  })

  it('is one of several in the header', async () => {
    const door = await open()
    const init = hook(door, '{}')
    init.headers['webhook-signature'] = `v1,${'A'.repeat(43)}= ${init.headers['webhook-signature']}`
    expect((await door.send('partner', init)).status).toBe(202)
  })

  it('is not older than five minutes, nor newer', async () => {
    const door = await open()
    for (const [drift, status] of [
      [-300, 202],
      [300, 202],
      [-301, 401],
      [301, 401],
    ] as const) {
      expect((await door.send('partner', hook(door, '{}', { drift, id: `m${drift}` }))).status).toBe(status)
    }
  })

  it('is over the id, the time and every byte', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const door = await open()
    const good = hook(door, '{"a":1}')
    for (const spoilt of [
      { ...good, body: '{"a":2}' },
      { ...good, headers: { ...good.headers, 'webhook-id': 'msg_2' } },
      { ...good, headers: { ...good.headers, 'webhook-timestamp': String(door.clock.now / 1000 + 1) } },
      { ...good, headers: { ...good.headers, 'webhook-signature': '' } },
    ]) {
      expect((await door.send('partner', spoilt)).status).toBe(401)
    }
    expect(log).toHaveBeenCalledTimes(4)
    expect(door.docket.claims).toHaveLength(0)
  })
})

describe('a redelivery', () => {
  it('has the same webhook-id and a new signature', async () => {
    const door = await open()
    await door.send('partner', hook(door, '{"a":1}'))
    door.clock.now += 18_000_000
    const again = await door.send('partner', hook(door, '{"a":1}'))
    expect(await again.json()).toEqual({ run: 'run-1', status: 'accepted', duplicate: true })
  })
})

describe('a body', () => {
  it('that is signed but no JSON is a 400', async () => {
    const door = await open()
    expect((await door.send('partner', hook(door, 'a=1'))).status).toBe(400)
    expect((await door.send('partner', hook(door, '{"__proto__":1}'))).status).toBe(400)
    expect(door.docket.claims).toHaveLength(0)
  })

  it('is parsed only after it was verified', async () => {
    const door = await open()
    expect((await door.send('partner', hook(door, 'not JSON', { key: old }))).status).toBe(401)
  })

  it.each(['application/cloudevents+json; charset=utf-8', 'text/plain'])('may come as %s', async contentType => {
    const door = await open()
    const type = { 'content-type': contentType }
    expect((await door.send('partner', hook(door, '{}', { headers: type }))).status).toBe(202)
  })
})

describe('options', () => {
  it.each([
    [{ secret: '$PARTNER' }, true],
    [{ secret: ['$PARTNER', '$PARTNER_OLD'] }, true],
    [{}, false],
    [{ secret: [] }, false],
    [{ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, false],
    [{ secret: '$partner' }, false],
    [{ secret: '$ADMIN_TOKEN' }, false],
    [{ secret: '$PARTNER', origins: [] }, false],
  ])('%j', (options, valid) => {
    expect(standardWebhooks.options.safeParse(options).success).toBe(valid)
  })
})
