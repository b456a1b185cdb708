import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Json } from '../../src/lib/json.ts'
import { openDoor } from '../door/door.ts'
import { mac, standardHeaders } from '../door/requests.ts'
import { bodyOf, cases, optionsOf, requestOf, secretsOf } from './cases.ts'

/** What providers do each in their own way: handshakes, answers that they insist on, ids and shapes with a twist. */

const now = Date.UTC(2026, 10, 2, 9)
const secret = '0123456789abcdef0123456789abcdef'

const open = (options: Record<string, Json>, env: Record<string, string> = {}) =>
  openDoor({ endpoints: { hook: { secret: '$SECRET', ...options } }, env: { SECRET: secret, ...env }, now })

const json = { 'content-type': 'application/json' }
const post = (headers: Record<string, string>, body: string): RequestInit => ({ method: 'POST', headers, body })
const caseOf = (name: string) => cases.find(one => one.name === name)!

/** A case's delivery with another body, proved as its provider does. */
async function deliver(name: string, body = bodyOf(caseOf(name)), options: Record<string, Json> = {}) {
  const one = caseOf(name)
  const opened = await openDoor({
    endpoints: { hook: { ...optionsOf(one), ...options } },
    env: { SECRET: secretsOf(one)[0] },
    now,
  })
  const request = requestOf(one, body, secretsOf(one)[0], now, opened.firm)
  const response = await opened.send(`hook${request.path}`, post(request.headers, request.body))
  return { opened, response, deliveries: opened.docket.claims.flatMap(({ deliveries }) => deliveries) }
}

afterEach(() => vi.restoreAllMocks())

describe('Typeform', () => {
  it('is never told 404 or 410 by an endpoint that exists, since it gives up for good', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (const body of ['', '{}', '[]', 'null', bodyOf(caseOf('typeform')).replace('form_response', 'form_other')]) {
      const { response } = await deliver('typeform', body)
      expect(response.status).toBe(400)
    }
  })

  it('tells of half-filled forms, each time anew, under another type', async () => {
    const partial = bodyOf(caseOf('typeform')).replace('"form_response",', '"form_response_partial",')
    const { deliveries } = await deliver('typeform', partial)
    expect(deliveries).toMatchObject([
      { event: { type: 'form.partial' }, key: { value: 'a1b2c3d4e5f60718:01HV7X2Q9' } },
    ])
  })

  it('names a question by its reference when the title is missing', async () => {
    const { deliveries } = await deliver(
      'typeform',
      bodyOf(caseOf('typeform')).replace('"title": "Matter type"', '"title": ""'),
    )
    expect(deliveries[0]!.event.fields.matter).toBe('Custody')
  })

  it.each([
    ['{"type":"boolean","boolean":true,"field":{"id":"x"}}', true],
    ['{"type":"number","number":0,"field":{"id":"x"}}', 0],
    ['{"type":"choice","choice":{"other":"Elder law"},"field":{"id":"x"}}', 'Elder law'],
    ['{"type":"choices","choices":{"labels":["A"]},"field":{"id":"x"}}', 'A'],
    ['{"type":"choices","field":{"id":"x"}}', []],
    ['{"type":"date","date":"2026-11-02","field":{"id":"x"}}', '2026-11-02'],
    ['{"type":"constructor","field":{"id":"x"}}', null],
  ])('answers %s', async (answer, value) => {
    const body = `{"event_type":"form_response","form_response":{"token":"t","answers":[${answer}]}}`
    const { deliveries } = await deliver('typeform', body)
    expect(deliveries[0]!.event.fields).toEqual({ x: value })
  })
})

describe('Webflow', () => {
  it('is answered exactly 200, again too, with the run', async () => {
    const { response } = await deliver('webflow')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ run: 'run-1', status: 'accepted', duplicate: false })
  })

  it('may be a webhook of the dashboard, which signs nothing: then a token in the address', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const opened = await openDoor({
      endpoints: { hook: { source: 'webflow', token: '$TOKEN' } },
      env: { TOKEN: secret },
      now,
    })
    const body = bodyOf(caseOf('webflow'))
    expect((await opened.send(`hook/${secret}`, post(json, body))).status).toBe(200)
    expect((await opened.send('hook', post(json, body))).status).toBe(401)
    // A token is no licence to skip the signature of an endpoint that checks it.
    const signed = await open({ source: 'webflow' })
    expect((await signed.send(`hook/${secret}`, post(json, body))).status).toBe(401)
  })
})

describe('Jotform', () => {
  it('tells us our own address; the secret in it is not kept', async () => {
    const { opened, deliveries } = await deliver('jotform')
    expect(bodyOf(caseOf('jotform'))).toContain('0123456789abcdef0123456789abcdef')
    expect(deliveries).toHaveLength(1)
    expect(JSON.stringify(opened.docket.claims)).not.toMatch(/webhookURL|0123456789abcdef/)
  })

  it('keeps the parts of a name, whatever spaces it has', async () => {
    const body = bodyOf(caseOf('jotform')).replace(
      '"first": "Dana", "last": "Whitfield"',
      '"first": "Mary Ann", "last": "van der Berg"',
    )
    const { deliveries } = await deliver('jotform', body)
    expect(deliveries[0]!.event.person).toMatchObject({ first_name: 'Mary Ann', last_name: 'van der Berg' })
    expect(deliveries[0]!.event.fields.name).toBe('Mary Ann van der Berg')
  })

  it('calls a file what it has uploaded itself, and nothing else', async () => {
    const body = bodyOf(caseOf('jotform')).replace('"Custody"', '"https://evil.example/uploads/x.pdf"')
    const { deliveries } = await deliver('jotform', body)
    expect(deliveries[0]!.event.files.map(({ url }) => url)).toEqual([
      expect.stringContaining('www.jotform.com/uploads/'),
    ])
  })
})

describe('Gravity Forms', () => {
  it('with fields that the firm selected and named, keeps those names', async () => {
    const { deliveries } = await deliver(
      'gravity-forms',
      '{"id":"9","form_id":"3","Name":"Dana Whitfield","status":"urgent"}',
    )
    expect(deliveries).toMatchObject([
      { key: { kind: 'given', value: '3:9' }, event: { fields: { Name: 'Dana Whitfield', status: 'urgent' } } },
    ])
  })

  it('without the entry’s id is known by its answers', async () => {
    const { deliveries } = await deliver('gravity-forms', '{"Name":"Dana Whitfield"}')
    expect(deliveries[0]!.key.kind).toBe('content')
  })

  it('may label the parts of a field too', async () => {
    const opened = await open({ source: 'gravity-forms', labels: { '1.3': 'Given', '1.6': 'Family' } })
    await opened.send('hook', post({ ...json, authorization: `Bearer ${secret}` }, bodyOf(caseOf('gravity-forms'))))
    expect(opened.docket.claims[0]!.deliveries[0]!.event.fields).toMatchObject({
      Given: 'Dana',
      Family: 'Whitfield',
      2: 'dana.whitfield@example.com',
    })
  })
})

describe('Elementor', () => {
  it('does not take a second press of the button, a minute later, for a second person', async () => {
    const opened = await open({ source: 'elementor' })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = bodyOf(caseOf('elementor'))
    await opened.send(`hook/${secret}`, post(form, body))
    await opened.send(`hook/${secret}`, post(form, body.replace('9%3A01', '9%3A02')))
    expect(opened.docket.runs.size).toBe(1)
    await opened.send(`hook/${secret}`, post(form, body.replace('f0b1c1f', 'f0b1c20')))
    expect(opened.docket.runs.size).toBe(2)
  })

  it('keeps apart what its honeypot caught', async () => {
    const body = bodyOf(caseOf('elementor-advanced')).replace(
      'fields%5Btrap%5D%5Bvalue%5D=',
      'fields%5Btrap%5D%5Bvalue%5D=buy',
    )
    const { deliveries } = await deliver('elementor-advanced', body)
    expect(deliveries[0]!.spam).toBe('the honeypot was filled in')
  })
})

describe('Formspree', () => {
  it('is known by the microsecond of the submission, as long as it tries', async () => {
    const { deliveries } = await deliver('formspree')
    const later = await deliver('formspree', bodyOf(caseOf('formspree')).replace('"name": "Dana', '"name": "Ella'))
    expect(deliveries[0]!.key.kind).toBe('given')
    expect(later.deliveries[0]!.key.value).not.toBe(deliveries[0]!.key.value)
    const dateless = await deliver('formspree', '{"form":"x","submission":{"name":"Dana"}}')
    expect(dateless.deliveries[0]!.key.kind).toBe('content')
  })
})

describe('Google Forms', () => {
  it('may come from the sheet’s script, too', async () => {
    const data = {
      namedValues: { 'First Name': ['Dana'], 'Last Name': ['Whitfield'], Children: ['Ella', 'Max'], '': ['x'] },
    }
    const { deliveries } = await deliver('google-forms', JSON.stringify({ type: 'form.submitted', data }))
    expect(deliveries[0]!.event).toMatchObject({
      fields: { 'First Name': 'Dana', 'Last Name': 'Whitfield', Children: ['Ella', 'Max'] },
      person: { first_name: 'Dana', last_name: 'Whitfield' },
    })
  })
})

describe('HubSpot', () => {
  const changes = JSON.parse(bodyOf(caseOf('hubspot'))) as Record<string, Json>[]

  it('takes nothing but the newest signature, when asked to: the older ones hold no time', async () => {
    const status = async (options: Record<string, Json>) =>
      (await deliver('hubspot-workflow', undefined, options)).response.status
    expect(await status({})).toBe(202)
    expect(await status({ version: 'v3' })).toBe(401)
  })

  it('sends lists: each event is one of its own, and one that is known stays so', async () => {
    const opened = await open({ source: 'hubspot' })
    const url = `https://docketed.example/in/${opened.firm}/hook`
    const send = async (list: Json) => {
      const body = JSON.stringify(list)
      const headers = {
        ...json,
        'x-hubspot-request-timestamp': String(now),
        'x-hubspot-signature-v3': mac('sha256', secret, `POST${url}${body}${now}`, 'base64'),
      }
      return (await opened.send('hook', post(headers, body))).json()
    }
    expect(await send([changes[0]!])).toMatchObject({ run: 'run-1', duplicate: false })
    const retried = changes.map(change => ({ ...change, attemptNumber: 1 }))
    expect(await send(retried)).toMatchObject({
      runs: [
        { run: 'run-1', duplicate: true },
        { run: 'run-2', duplicate: false },
      ],
    })
  })

  it('keeps two events with the same eventId apart, which does happen', async () => {
    const { deliveries } = await deliver('hubspot')
    expect(new Set(deliveries.map(({ key }) => key.value)).size).toBe(2)
  })

  it('signs the address as it was given there, where a proxy stands before us', async () => {
    const opened = await open({ source: 'hubspot', url: 'https://hooks.smith.example/hubspot?x=%2Fy' })
    const body = JSON.stringify(changes)
    const signature = mac('sha256', secret, `POSThttps://hooks.smith.example/hubspot?x=/y${body}${now}`, 'base64')
    const headers = { ...json, 'x-hubspot-request-timestamp': String(now), 'x-hubspot-signature-v3': signature }
    expect((await opened.send('hook', post(headers, body))).status).toBe(202)
  })

  it.each(['[]', '{}x', '[{}]', '[[]]', '7', `[${'{"a":1},'.repeat(100)}{}]`])(
    'is no list of events: %s',
    async body => {
      expect((await deliver('hubspot', body)).response.status).toBe(400)
    },
  )
})

describe('Dropbox Sign', () => {
  it('is answered with the text that it waits for', async () => {
    const { response } = await deliver('dropbox-sign')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('Hello API Event Received')
  })

  it('proves its time and type only: those cannot be changed', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const one = caseOf('dropbox-sign')
    const { body, headers } = requestOf(one, bodyOf(one), secret, now, 'smith')
    const opened = await open({ source: 'dropbox-sign' })
    expect((await opened.send('hook', post(headers, body.replace('1793609891', '1793609892')))).status).toBe(401)
    expect((await opened.send('hook', post(headers, body.replace('_all_signed', '_declined')))).status).toBe(401)
  })
})

describe('Lawmatics', () => {
  it('is not told a final no for a bad signature: it comes again when the secret is mended', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const opened = await open({ source: 'lawmatics' })
    const response = await opened.send('hook', post(json, bodyOf(caseOf('lawmatics'))))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('900')
    expect(await response.json()).toMatchObject({ status: 429, type: 'urn:docketed:problem:signature' })
  })

  it('is told a final no for what can never be read', async () => {
    expect((await deliver('lawmatics', '{"event_type":"matter.converted"}')).response.status).toBe(400)
  })
})

describe('Twilio', () => {
  it.each([
    ['MessageSid=SM1&From=%2B12125550147&Body=Hi', 'message.received', 'SM1:received'],
    ['MessageSid=SM1&MessageStatus=delivered', 'message.delivered', 'SM1:delivered'],
    ['SmsSid=SM2&From=1', 'message.received', 'SM2:received'],
    ['CallSid=CA1&CallStatus=ringing&CallerName=Dana+Whitfield', 'call.ringing', 'CA1:ringing'],
    ['CallSid=CA1&CallStatus=completed', 'call.completed', 'CA1:completed'],
  ])('%s', async (body, type, key) => {
    const { response, deliveries } = await deliver('twilio', body)
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
    expect(deliveries).toMatchObject([
      { event: { type, subject: key.split(':')[0] }, key: { kind: 'given', value: key } },
    ])
  })

  it('is something else without a message or a call', async () => {
    expect((await deliver('twilio', 'AccountSid=AC1')).response.status).toBe(400)
  })
})

describe('Meta Lead Ads', () => {
  const opened = () => open({ source: 'meta-lead-ads', token: '$TOKEN' }, { TOKEN: 'our-verify-token' })
  const query = (token: string, mode = 'subscribe') =>
    `hook?hub.mode=${mode}&hub.verify_token=${token}&hub.challenge=%3Cb%3E1158201444`

  it('gets its challenge back as plain text', async () => {
    const response = await (await opened()).send(query('our-verify-token'), { method: 'GET' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await response.text()).toBe('<b>1158201444')
  })

  it.each([query('another'), query(''), query('our-verify-token', 'unsubscribe'), 'hook'])(
    'but not for %s',
    async path => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      expect((await (await opened()).send(path, { method: 'GET' })).status).toBe(405)
    },
  )

  it('passes over changes of other kinds, and is no lead without one', async () => {
    const change = (field: string, value: Json) =>
      JSON.stringify({
        object: 'page',
        entry: [
          {
            changes: [
              { field, value },
              { field: 'feed', value: {} },
            ],
          },
        ],
      })
    expect((await deliver('meta-lead-ads', change('leadgen', { leadgen_id: 5 }))).deliveries).toMatchObject([
      { key: { value: '5' } },
    ])
    expect((await deliver('meta-lead-ads', change('mention', {}))).response.status).toBe(400)
    expect((await deliver('meta-lead-ads', change('leadgen', {}))).response.status).toBe(400)
  })
})

describe('RingCentral', () => {
  it('gets its validation token back, and nothing starts', async () => {
    const opened = await open({ source: 'ringcentral' })
    const response = await opened.send('hook', post({ ...json, 'validation-token': 'f3ca-1' }, ''))
    expect(response.status).toBe(200)
    expect(response.headers.get('validation-token')).toBe('f3ca-1')
    expect(opened.docket.claims).toEqual([])
  })
})

describe('Quo', () => {
  it('may be of a webhook made before 2026-03-30, which signs otherwise', async () => {
    const key = 'c2VjcmV0IG9mIDI0IGJ5dGVzISEh'
    const opened = await open({ source: 'quo' }, { SECRET: key })
    const body = bodyOf(caseOf('quo'))
    const bytes = Uint8Array.from(atob(key), char => char.charCodeAt(0))
    const headers = {
      ...json,
      'openphone-signature': `hmac;1;${now};${mac('sha256', bytes, `${now}.${body}`, 'base64')}`,
    }
    expect((await opened.send('hook', post(headers, body))).status).toBe(202)
  })
})

describe('CallRail', () => {
  it('sends a call again when it was modified: that is another event of the same call', async () => {
    const body = bodyOf(caseOf('callrail'))
    const first = (await deliver('callrail', body)).deliveries[0]!
    const modified = (await deliver('callrail', body.replace('"93"', '"94"'))).deliveries[0]!
    expect(modified.key.value).not.toBe(first.key.value)
    expect(modified.event.subject).toBe(first.event.subject)
  })
})

describe('Svix', () => {
  it('may name its headers as Standard Webhooks do', async () => {
    const own = secretsOf(caseOf('svix'))[0]
    const opened = await open({ source: 'svix' }, { SECRET: own })
    const body = bodyOf(caseOf('svix'))
    expect((await opened.send('hook', post(standardHeaders(own, 'msg_3c', now / 1000, body), body))).status).toBe(202)
    expect(opened.docket.claims[0]!.deliveries[0]!.key.value).toBe('msg_3c')
  })
})

describe('a provider that keeps things at fixed places', () => {
  it.each([
    [
      'stripe',
      '{"id":"evt_1"}',
      { event: { type: 'stripe.received', subject: null, time: null }, key: { value: 'evt_1' } },
    ],
    ['square', '{"event_id":"e","type":7}', { event: { type: '7' } }],
    [
      'docusign',
      '{"event":"envelope-sent","data":{"envelopeId":"e"},"generatedDateTime":"t"}',
      { event: { time: null } },
    ],
  ])('%s may leave out what is not its key', async (name, body, expected) => {
    expect((await deliver(name, body)).deliveries).toMatchObject([expected])
  })

  it.each([
    ['stripe', '{}'],
    ['stripe', '{"id":{}}'],
    ['stripe', `{"id":"${'x'.repeat(256)}"}`],
    ['stripe', '[]'],
    ['stripe', 'not json'],
    ['pandadoc', '{}'],
    ['pandadoc', '[]'],
    ['pandadoc', '[{"event":"e","data":{"id":"1","status":"s"}},7]'],
    ['docusign', '{"event":"e","data":null}'],
  ])('%s is refused without its key: %s', async (name, body) => {
    const { response, deliveries } = await deliver(name, body)
    expect(response.status).toBe(400)
    expect(deliveries).toEqual([])
  })

  it('rotates its secret as it likes', async () => {
    const opened = await open({ source: 'stripe', secret: ['$NEW', '$SECRET'] }, { NEW: 'ffffffffffffffff' })
    const one = caseOf('stripe')
    for (const key of [secret, 'ffffffffffffffff']) {
      const { headers, body } = requestOf(one, bodyOf(one), key, now, opened.firm)
      expect((await opened.send('hook', post(headers, body))).status).toBe(202)
    }
  })
})
