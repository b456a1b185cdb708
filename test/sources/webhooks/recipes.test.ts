import { describe, expect, it } from 'vitest'
import { readJsonc } from '../../../src/configuration/jsonc.ts'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import { openDoor } from '../../door/door.ts'

/** The recipes of docs/sources/webhook.md, as they stand there, each with a delivery as its maker documents it. */

const page = Object.values(
  import.meta.glob<string>('../../../docs/sources/webhook.md', { query: '?raw', import: 'default', eager: true }),
)[0]!
const endpoints = Object.assign(
  {},
  ...[...page.matchAll(/^```jsonc\n(.*?)^```/gms)].map(([, block]) => {
    const read = readJsonc(`{${block}}`)
    return read.ok && isObject(read.value) ? read.value.endpoints : {}
  }),
) as Record<string, JsonObject>

const secret = '0123456789abcdef0123456789abcdef'
const now = Date.UTC(2026, 10, 2, 9)
const dana = { first_name: 'Dana', last_name: 'Whitfield' }

interface Sent {
  readonly body: Json | URLSearchParams
  /** Where the recipe's sender carries the secret. */
  readonly by: 'header' | 'address' | 'body'
  readonly headers?: Record<string, string>
  readonly key: string | null
  readonly event: object
}

const recipes: Record<string, Sent> = {
  'google-ads': {
    by: 'body',
    body: {
      lead_id: 'TeSter-123',
      user_column_data: [
        { column_name: 'Nombre completo', string_value: 'Dana Whitfield', column_id: 'FULL_NAME' },
        { column_name: 'Correo', string_value: 'dana@mail.example', column_id: 'EMAIL' },
        { column_name: 'User Phone', string_value: '+12125550147', column_id: 'PHONE_NUMBER' },
        { string_value: 'Custody', column_id: 'what_is_it_about?' },
      ],
      api_version: '1.0',
      form_id: 40000000000,
      google_key: secret,
    },
    key: 'TeSter-123',
    event: {
      type: 'form.submitted',
      person: { ...dana, email: 'dana@mail.example', phone: '+12125550147' },
      fields: { 'what_is_it_about?': 'Custody' },
      data: { google_key: '$GOOGLE_ADS_KEY' },
    },
  },
  cognito: {
    by: 'address',
    body: {
      Form: { Id: '19', InternalName: 'Intake', Name: 'Intake' },
      Entry: { Number: 7, DateSubmitted: '2026-11-02T08:58:11.000Z' },
      Name: { First: 'Dana', Last: 'Whitfield', FirstAndLast: 'Dana Whitfield' },
      Email: 'dana@mail.example',
      Phone: '(212) 555-0147',
      Id: '19-7',
    },
    key: '19:7',
    event: {
      time: '2026-11-02T08:58:11.000Z',
      person: { ...dana, email: 'dana@mail.example', phone: '(212) 555-0147' },
    },
  },
  fillout: {
    by: 'header',
    body: {
      formId: 'f',
      formName: 'Intake',
      submission: {
        submissionId: 'abc',
        questions: [
          { id: 'q1', name: 'What are you called?', type: 'ShortAnswer', value: 'Dana' },
          { id: 'q2', name: 'Where do we write to?', type: 'EmailInput', value: 'dana@mail.example' },
          {
            id: 'q3',
            name: 'Papers',
            type: 'FileUpload',
            value: [{ url: 'https://files.fillout.example/a.pdf', filename: 'a.pdf' }],
          },
          { id: 'q4', name: 'What happened?', type: 'LongAnswer', value: 'A fall' },
        ],
      },
    },
    key: 'abc',
    event: { person: { email: 'dana@mail.example' }, message: 'A fall', files: [{ name: 'a.pdf' }] },
  },
  paperform: {
    by: 'address',
    body: {
      submission_id: '5f9c',
      data: [
        { title: 'Your name', type: 'text', key: 'a', value: 'Dana Whitfield' },
        { title: 'Reach you at', type: 'email', key: 'b', value: 'dana@mail.example' },
        { title: 'Number', type: 'phone', key: 'c', value: '+12125550147' },
        { title: '', type: 'text', key: 'd', value: 'unnamed' },
      ],
    },
    key: '5f9c',
    event: { person: { ...dana, email: 'dana@mail.example', phone: '+12125550147' }, fields: { d: 'unnamed' } },
  },
  wufoo: {
    by: 'body',
    body: new URLSearchParams({
      Field1: 'Dana',
      Field2: 'Whitfield',
      Field3: 'dana@mail.example',
      Field4: 'Custody',
      EntryId: '12',
      HandshakeKey: secret,
      FieldStructure: JSON.stringify({
        Fields: [
          { Title: 'Name', Type: 'shortname', ID: 'Field1', SubFields: [{ ID: 'Field1' }, { ID: 'Field2' }] },
          { Title: 'Write to me at', Type: 'email', ID: 'Field3' },
          { Title: 'Matter', Type: 'select', ID: 'Field4' },
        ],
      }),
    }),
    key: '12',
    event: { person: { ...dana, email: 'dana@mail.example' }, fields: { Matter: 'Custody' } },
  },
  wpforms: {
    by: 'header',
    body: { entry_id: 91, name: 'Dana Whitfield', email: 'dana@mail.example' },
    key: '91',
    event: { person: { ...dana, email: 'dana@mail.example' } },
  },
  fluent: {
    by: 'header',
    body: {
      names: { first_name: 'Dana', last_name: 'Whitfield' },
      email: 'dana@mail.example',
      message: 'Hello',
      __submission: { id: '8', form_id: '3' },
    },
    key: '3:8',
    event: { person: { ...dana, email: 'dana@mail.example' }, message: 'Hello' },
  },
  ninja: {
    by: 'address',
    body: { entry: '44', name: 'Dana Whitfield', email: 'dana@mail.example', message: 'Hello' },
    key: '44',
    event: { person: { ...dana, email: 'dana@mail.example' }, message: 'Hello' },
  },
  formidable: {
    by: 'address',
    body: { entry: '17', first_name: 'Dana', last_name: 'Whitfield', email: 'dana@mail.example', message: 'Hello' },
    key: '17',
    event: { person: { ...dana, email: 'dana@mail.example' }, message: 'Hello' },
  },
  forminator: {
    by: 'address',
    body: {
      name_1_first_name: 'Dana',
      name_1_last_name: 'Whitfield',
      email_1: 'dana@mail.example',
      phone_1: '2125550147',
      textarea_1: 'Hello',
      form_title: 'Intake',
    },
    key: null,
    event: { person: { ...dana, email: 'dana@mail.example', phone: '2125550147' }, message: 'Hello' },
  },
  aircall: {
    by: 'body',
    body: {
      resource: 'call',
      event: 'call.ended',
      timestamp: 1793609891,
      token: secret,
      data: {
        id: 812,
        direction: 'inbound',
        answered_at: null,
        raw_digits: '+1 212-555-0147',
        contact: { first_name: 'Dana', last_name: 'Whitfield' },
      },
    },
    key: 'call.ended:812:1793609891',
    event: {
      type: 'call.ended',
      subject: '812',
      person: { ...dana, phone: '+1 212-555-0147' },
      fields: { answered_at: null },
      data: { token: '$AIRCALL_TOKEN' },
    },
  },
  'adobe-sign': {
    by: 'address',
    headers: { 'x-adobesign-clientid': 'UB7E5BXCXY' },
    body: {
      webhookNotificationId: 'n1',
      event: 'AGREEMENT_WORKFLOW_COMPLETED',
      eventDate: '2026-11-02T08:58:11Z',
      agreement: {
        id: 'CBJ1',
        name: 'Fee agreement',
        participantSetsInfo: {
          participantSets: [
            { role: 'SENDER', memberInfos: [{ name: 'Sam Smith', email: 'sam@smith.example' }] },
            { role: 'SIGNER', memberInfos: [{ name: 'Dana Whitfield', email: 'dana@mail.example' }] },
          ],
        },
      },
    },
    key: 'n1',
    event: { type: 'AGREEMENT_WORKFLOW_COMPLETED', subject: 'CBJ1', person: { ...dana, email: 'dana@mail.example' } },
  },
  answering: {
    by: 'header',
    headers: { 'idempotency-key': 'call-77' },
    body: { name: 'Dana Whitfield', phone: '212 555 0147', message: 'Wants a divorce', type: 'new lead' },
    key: 'call-77',
    event: { type: 'call.received', person: { ...dana, phone: '212 555 0147' }, message: 'Wants a divorce' },
  },
}

async function open(name: string) {
  const options = endpoints[name]!
  const own = String(options.secret).slice(1)
  return openDoor({ endpoints: { hook: options }, env: { [own]: secret }, now })
}

function request({ body, by, headers = {} }: Sent): [path: string, init: RequestInit] {
  const form = body instanceof URLSearchParams
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  return [
    by === 'address' ? `hook/${secret}` : 'hook',
    {
      method: 'POST',
      headers: { 'content-type': type, ...(by === 'header' && { authorization: `Bearer ${secret}` }), ...headers },
      body: form ? String(body) : JSON.stringify(body),
    },
  ]
}

describe.each(Object.entries(recipes))('%s', (name, sent) => {
  it('becomes an event', async () => {
    const opened = await open(name)
    const response = await opened.send(...request(sent))
    expect(response.ok).toBe(true)
    const [{ key, event }] = opened.docket.claims[0]!.deliveries as [(typeof opened.docket.claims)[0]['deliveries'][0]]
    expect(event).toMatchObject(sent.event)
    expect(key.kind).toBe(sent.key === null ? 'content' : 'given')
    if (sent.key !== null) expect(key.value).toBe(sent.key)
    expect(JSON.stringify(opened.docket.claims)).not.toContain(secret)
  })

  it('is refused with another secret', async () => {
    const opened = await open(name)
    const [path, init] = request(sent)
    const wrong = (text: string) => text.replaceAll(secret, 'f'.repeat(32))
    const headers = Object.fromEntries(
      Object.entries(init.headers as Record<string, string>).map(([k, v]) => [k, wrong(v)]),
    )
    const response = await opened.send(wrong(path), { ...init, headers, body: wrong(String(init.body)) })
    expect(response.status).toBe(401)
    expect(opened.docket.claims).toEqual([])
  })
})

it('every recipe of the page is tried', () => {
  const others = ['partner', 'zapier', 'make', 'n8n']
  expect(
    Object.keys(endpoints)
      .filter(name => !others.includes(name))
      .sort(),
  ).toEqual(Object.keys(recipes).sort())
})

describe('a service that asks whether the address is ours', () => {
  it('Adobe Acrobat Sign gets its client id back, to GET and to every event', async () => {
    const opened = await open('adobe-sign')
    const headers = { 'x-adobesign-clientid': 'UB7E5BXCXY' }
    const asked = await opened.send(`hook/${secret}`, { method: 'GET', headers })
    expect([asked.status, asked.headers.get('x-adobesign-clientid')]).toEqual([200, 'UB7E5BXCXY'])
    const told = await opened.send(...request(recipes['adobe-sign']!))
    expect([told.status, told.headers.get('x-adobesign-clientid')]).toEqual([200, 'UB7E5BXCXY'])
    expect((await opened.send(`hook/${secret}`, { method: 'GET' })).status).toBe(405)
  })

  const other = (handshake: Json, options: JsonObject = {}) =>
    openDoor({
      endpoints: { hook: { source: 'webhook', secret: '$S', handshake, ...options } },
      env: { S: secret },
      now,
    })
  const bearer = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }

  it('by a challenge in the address or in the body', async () => {
    const opened = await other({ challenge: 'hub.challenge' })
    const asked = await opened.send('hook?hub.challenge=%3Cb%3E42', { method: 'GET' })
    expect([asked.status, await asked.text(), asked.headers.get('content-type')]).toEqual([200, '<b>42', 'text/plain'])
    expect((await opened.send('hook', { method: 'GET' })).status).toBe(405)
    const posting = await other({ challenge: 'challenge' })
    const posted = await posting.send('hook', { method: 'POST', headers: bearer, body: '{"challenge":"abc"}' })
    expect(await posted.json()).toEqual({ challenge: 'abc' })
    expect(posting.docket.claims).toEqual([])
    expect(
      (
        await posting.send('hook', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"challenge":"abc"}',
        })
      ).status,
    ).toBe(401)
  })

  it('as Zoom does', async () => {
    const opened = await other('zoom')
    const body = '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}'
    const response = await opened.send('hook', { method: 'POST', headers: bearer, body })
    expect(await response.json()).toEqual({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })
})

describe('a request that brings several events', () => {
  const send = async (options: JsonObject, body: Json, headers: Record<string, string> = {}) => {
    const opened = await openDoor({
      endpoints: { hook: { source: 'webhook', secret: '$S', ...options } },
      env: { S: secret },
      now,
    })
    const init = {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }
    const { status } = await opened.send('hook', init)
    const again = await opened.send('hook', init)
    return {
      status,
      again: again.headers.get('idempotency-replayed'),
      runs: opened.docket.runs.size,
      deliveries: opened.docket.claims[0]?.deliveries ?? [],
    }
  }
  const two = [
    { id: 1, email: 'a@x.example' },
    { id: 2, email: 'b@x.example' },
  ]

  it('from the list that `events` names', async () => {
    const { deliveries, again } = await send({ events: 'body.leads', key: 'string(body.id)' }, { leads: two })
    expect(deliveries.map(({ key, event }) => [key.value, event.person.email])).toEqual([
      ['1', 'a@x.example'],
      ['2', 'b@x.example'],
    ])
    expect(again).toBe('true')
  })

  it('or from a body that is a list', async () => {
    const { deliveries, runs, again } = await send({}, two)
    expect(deliveries.map(({ event }) => event.person.email)).toEqual(['a@x.example', 'b@x.example'])
    expect([runs, again]).toEqual([2, 'true'])
    const keyed = await send({}, two, { 'idempotency-key': 'k' })
    expect(keyed.deliveries.map(({ key }) => key.value)).toEqual(['k:0', 'k:1'])
  })

  it('but not where an expression reads the list as a whole', async () => {
    const { deliveries } = await send({ key: 'string(body[0].id)' }, two)
    expect(deliveries).toMatchObject([{ key: { value: '1' } }])
  })

  it.each([[{}], [{ leads: [] }], [{ leads: 'x' }], [{ leads: Array.from({ length: 101 }, (_, id) => ({ id })) }]])(
    'and a 400 for %j',
    async body => {
      expect((await send({ events: 'body.leads' }, body as Json)).status).toBe(400)
    },
  )
})

it('a booking is one as calendars tell theirs', async () => {
  const booking = {
    start: 'body.starts',
    end: 'body.ends',
    title: 'body.service',
    id: 'body.ref',
    timezone: 'body.zone',
  }
  const options = { source: 'webhook', secret: '$S', type: "'booking.created'", booking, person: { name: 'body.who' } }
  const opened = await openDoor({ endpoints: { hook: options }, env: { S: secret }, now })
  const send = (body: Json) =>
    opened.send('hook', {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await send({
    ref: 'b1',
    who: 'Dana Whitfield',
    starts: '2026-12-01T10:00:00-05:00',
    ends: '2026-12-01T10:30:00-05:00',
    service: 'First talk',
  })
  await send({ ref: 'b2', starts: '2026-12-02' })
  const [starts, ends] = ['2026-12-03 10:00:00', '2026-12-03T10:45']
  await send({ ref: 'b3', starts, ends, zone: 'America/New_York' })
  await send({ ref: 'b4', starts: `${starts} UTC`, ends: '2026-12-03T10:45:00.000-0000', zone: 'Nowhere/At all' })
  await send({ ref: 'b5', starts, ends, zone: 'Nowhere/At all' })
  expect(opened.docket.claims.map(({ deliveries }) => deliveries[0]!.event)).toMatchObject([
    {
      type: 'booking.created',
      subject: 'b1',
      person: dana,
      booking: { id: 'b1', title: 'First talk', start: '2026-12-01T15:00:00.000Z', seconds: 1800, all_day: false },
    },
    { subject: 'b2', booking: { start: '2026-12-02', all_day: true, seconds: null } },
    { booking: { start: '2026-12-03T15:00:00.000Z', end: '2026-12-03T15:45:00.000Z', timezone: 'America/New_York' } },
    { booking: { start: '2026-12-03T10:00:00.000Z', seconds: 2700 } },
    { booking: { start: null, end: null } },
  ])
})
