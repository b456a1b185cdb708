import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Provider } from '../../../src/model/follow.ts'
import { sources } from '../../../src/sources/index.ts'
import { openDoor } from '../../door/door.ts'
import { standardHeaders } from '../../door/requests.ts'
import { bodyOf, cases } from '../cases.ts'
import { deliver } from '../deliver.ts'

/** Leads of which only ids come, and what is fetched with them; events that the gateway hands on. */

/** A provider that answers every request so. */
function provider(name: string, options: JsonObject, status: number, body: Json) {
  const asked: { url: string; authorization: string }[] = []
  const stand = {
    endpoint: {
      firm: 'smith',
      name: 'hook',
      options: sources.get(name)!.options.parse(options),
      secrets: () => ['a-token'],
    },
    now: 0,
    secret: () => 'a-token',
    ask: async (url: string, given: { headers?: Record<string, string> } = {}) => {
      asked.push({ url, authorization: given.headers?.authorization ?? '' })
      return { status, body }
    },
  }
  return { asked, provider: stand as unknown as Provider<never> }
}

const bodyFor = (name: string) => bodyOf(cases.find(one => one.name === name)!)

async function followed(name: string, options: JsonObject, status: number, body: Json) {
  const { deliveries } = await deliver(name, bodyFor(name), { options: options as Record<string, Json> })
  const source = sources.get(name)!
  const notice = deliveries.find(({ event }) => source.following!.types.includes(event.type))!
  const around = provider(name, { secret: '$SECRET', token: '$TOKEN', ...options }, status, body)
  return { notice, asked: around.asked, found: source.following!.follow(notice.event, around.provider) }
}

describe('a lead of Meta’s', () => {
  const field_data = [
    { name: 'full_name', values: ['Dana Whitfield'] },
    { name: 'email', values: ['dana@mail.example'] },
    { name: 'phone_number', values: ['+12125550147'] },
    { name: 'what_happened?', values: ['A fall'] },
    { name: 'areas', values: ['Injury', 'Work'] },
  ]
  const page = { page: '$TOKEN' }

  it('is fetched with the page’s token, which stands in no address', async () => {
    const { notice, asked, found } = await followed('meta-lead-ads', page, 200, { id: '1', field_data })
    expect(notice.event).toMatchObject({ type: 'meta.notified', subject: 'notice 12345678901234567890' })
    expect(await found).toMatchObject({
      kind: 'events',
      deliveries: [
        {
          key: { kind: 'given', value: 'lead:12345678901234567890' },
          event: {
            type: 'lead.created',
            subject: '12345678901234567890',
            person: { first_name: 'Dana', last_name: 'Whitfield', email: 'dana@mail.example', phone: '+12125550147' },
            fields: { 'what_happened?': 'A fall', areas: ['Injury', 'Work'] },
          },
        },
      ],
    })
    expect(asked).toEqual([
      {
        url: expect.stringMatching(/^https:\/\/graph\.facebook\.com\/v\d+\.0\/12345678901234567890\?fields=/),
        authorization: 'Bearer a-token',
      },
    ])
  })

  it('has the key of before, with the token or without', async () => {
    const [plain, fetched] = await Promise.all(
      [{}, page].map(options => deliver('meta-lead-ads', bodyFor('meta-lead-ads'), { options })),
    )
    expect(plain!.deliveries[0]!.event.type).toBe('lead.created')
    expect(fetched!.deliveries.map(({ key }) => key)).toEqual(plain!.deliveries.map(({ key }) => key))
  })

  it('that is gone is ignored; a token that does not do parks', async () => {
    expect(await (await followed('meta-lead-ads', page, 404, null)).found).toMatchObject({ kind: 'ignored' })
    await expect((await followed('meta-lead-ads', page, 400, { error: {} })).found).rejects.toThrow(
      /store a new one and resume/,
    )
  })
})

describe('a new contact of HubSpot’s', () => {
  const properties = {
    firstname: 'Dana',
    lastname: 'Whitfield',
    email: 'dana@mail.example',
    phone: '',
    message: null,
    mobilephone: '+12125550147',
  }
  const token = { token: '$TOKEN' }

  it('is fetched with the app’s token', async () => {
    const { notice, asked, found } = await followed('hubspot', token, 200, { id: '7', properties })
    expect(notice.event.type).toBe('hubspot.notified')
    expect(await found).toMatchObject({
      kind: 'events',
      deliveries: [
        {
          key: { value: `contact:${notice.key.value}` },
          event: {
            type: 'contact.creation',
            person: { first_name: 'Dana', last_name: 'Whitfield', email: 'dana@mail.example', phone: '+12125550147' },
          },
        },
      ],
    })
    expect(asked[0]).toMatchObject({
      url: expect.stringContaining('https://api.hubapi.com/crm/v3/objects/contacts/'),
      authorization: 'Bearer a-token',
    })
  })

  it('has the key of before, and other events stay what they are', async () => {
    const [plain, fetched] = await Promise.all(
      [{}, token].map(options => deliver('hubspot', bodyFor('hubspot'), { options })),
    )
    expect(fetched!.deliveries.map(({ key }) => key)).toEqual(plain!.deliveries.map(({ key }) => key))
    const types = plain!.deliveries.map(({ event }) => event.type)
    expect(types).toContain('contact.creation')
    expect(fetched!.deliveries.map(({ event }) => event.type)).toEqual(
      types.map(type => (type === 'contact.creation' ? 'hubspot.notified' : type)),
    )
  })

  it('that is gone is ignored; trouble with the token parks', async () => {
    expect(await (await followed('hubspot', token, 404, null)).found).toMatchObject({ kind: 'ignored' })
    await expect((await followed('hubspot', token, 400, null)).found).rejects.toThrow(/did not tell contact/)
  })
})

describe('through the gateway', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const now = Date.UTC(2026, 10, 2, 9)

  async function send(name: string, body: string, via: boolean) {
    const options = { source: name, secret: '$SECRET', ...(via && { via: 'maton' }) }
    const opened = await openDoor({ endpoints: { hook: options }, env: { SECRET: secret }, now })
    const response = await opened.send('hook', {
      method: 'POST',
      headers: standardHeaders(secret, 'msg_1', now / 1000, body),
      body,
    })
    return { status: response.status, deliveries: opened.docket.claims.flatMap(({ deliveries }) => deliveries) }
  }

  it.each(['calendly', 'stripe', 'hubspot'])('%s is proved by its secret, and keyed as ever', async name => {
    const own = await deliver(name, bodyFor(name))
    for (const body of [
      bodyFor(name),
      `{"type":"x","data":${bodyFor(name)}}`,
      `{"id":"t","payload":${bodyFor(name)}}`,
    ]) {
      const { status, deliveries } = await send(name, body, true)
      expect(status).toBe(202)
      expect(deliveries.map(({ key, event }) => [key.value, event.type])).toEqual(
        own.deliveries.map(({ key, event }) => [key.value, event.type]),
      )
    }
  })

  it.each(['calendly', 'stripe', 'hubspot'])('%s is not, unless the endpoint says so', async name => {
    expect((await send(name, bodyFor(name), false)).status).toBe(401)
  })

  it('what is none of the provider’s is a 400', async () => {
    for (const body of ['{}', '[]', '{"data":{"a":1}}']) expect((await send('calendly', body, true)).status).toBe(400)
  })
})

describe('Zoom', () => {
  it('is told that the address is ours, and starts nothing', async () => {
    const body = { event: 'endpoint.url_validation', event_ts: 1, payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' } }
    expect(await deliver('zoom', body)).toEqual({ status: 200, deliveries: [] })
  })
})

describe('WhatsApp', () => {
  it('tells of messages, of what became of the firm’s own, and of everything else', async () => {
    const change = (field: string, value: Json) => ({ field, value })
    const changes = [
      change('messages', { messages: [{ id: 'w1', from: '12125550147', type: 'button', button: { text: 'Yes' } }] }),
      change('messages', { statuses: [{ id: 'w2', status: 'read', recipient_id: '12125550147' }] }),
      change('account_update', { event: 'x' }),
    ]
    const { deliveries } = await deliver('whatsapp', { object: 'whatsapp_business_account', entry: [{ changes }] })
    expect(deliveries).toMatchObject([
      { key: { value: 'w1' }, event: { type: 'message.received', message: 'Yes', person: { phone: '+12125550147' } } },
      { key: { value: 'w2:read' }, event: { type: 'message.read', person: { phone: '+12125550147' } } },
      { event: { type: 'whatsapp.other' } },
    ])
  })
})

describe('Clio Grow', () => {
  it('may post the lead alone, whose own token is not kept', async () => {
    const body = {
      inbox_lead_token: 'secret-of-the-inbox',
      inbox_lead: { from_first: 'Dana', from_last: 'Whitfield', from_email: 'd@mail.example', from_message: 'Hello' },
    }
    const { deliveries } = await deliver('clio-grow', body)
    expect(deliveries).toMatchObject([
      { key: { kind: 'content' }, event: { type: 'lead.created', message: 'Hello', person: { first_name: 'Dana' } } },
    ])
    expect(JSON.stringify(deliveries)).not.toContain('secret-of-the-inbox')
  })

  it('tells of other things too', async () => {
    const { deliveries } = await deliver('clio-grow', { id: 'e', type: 'grow.appointment.created', data: { id: 1 } })
    expect(deliveries[0]!.event.type).toBe('clio-grow.other')
  })
})
