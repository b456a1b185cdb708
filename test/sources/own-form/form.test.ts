import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery } from '../../../src/model/event.ts'
import { form } from '../../../src/sources/own-form/form.ts'
import { browser, openDoor, urlencoded } from '../../door/door.ts'

const site = 'https://smith.example'
const open = (options: Record<string, string | string[]> = {}) =>
  openDoor({ endpoints: { website: { source: 'form', ...options } } })

/** What the Docket was given for one form. */
async function received(body: string, headers: Record<string, string> = {}, options = {}): Promise<Delivery> {
  const { docket, send } = await open(options)
  const response = await send('website', urlencoded(body, headers))
  expect(response.status).toBe(202)
  return docket.claims[0]!.deliveries[0]!
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('the event of a form', () => {
  const body =
    'name=Jordan+Novak&email=rowan.duarte%40example.com&phone=%2B1+555+011+0555&practice_area=Family&message=Line+one%0D%0ALine+two&services=Divorce&services=Custody&website=&cf-turnstile-response=XXXX.DUMMY.TOKEN.XXXX'

  it('holds the answers, the person and the message', async () => {
    const { event, spam } = await received(body)
    const fields = {
      name: 'Jordan Novak',
      email: 'rowan.duarte@example.com',
      phone: '+1 555 011 0555',
      practice_area: 'Family',
      message: 'Line one\nLine two',
      services: ['Divorce', 'Custody'],
      website: '',
    }
    expect(event).toEqual({
      recognized: { first_name: 'name', last_name: 'name', email: 'email', phone: 'phone', message: 'message' },
      id: null,
      source: 'form',
      type: 'form.submitted',
      subject: null,
      follows: null,
      time: null,
      data: { ...fields, 'cf-turnstile-response': 'XXXX.DUMMY.TOKEN.XXXX' },
      fields,
      person: {
        first_name: 'Jordan',
        last_name: 'Novak',
        email: 'rowan.duarte@example.com',
        phone: '+1 555 011 0555',
        company: null,
      },
      message: 'Line one\nLine two',
      files: [],
      booking: null,
    })
    expect(spam).toBeUndefined()
  })

  it('leaves technical fields out of the answers', async () => {
    const { event } = await received('a=1&_id=x&_gotcha=&h-captcha-response=t&g-recaptcha-response=t')
    expect(event.fields).toEqual({ a: '1' })
  })
})

describe('the key of a form', () => {
  it('is the header Idempotency-Key, and then other answers are refused', async () => {
    const { event, key, strict } = await received('a=1&_id=page', { 'idempotency-key': 'k-1' })
    expect(key).toEqual({ kind: 'given', value: 'k-1' })
    expect(strict).toBe(true)
    expect(event.id).toBe('page')
    expect((await received('a=1', { 'idempotency-key': 'k-1' })).event.id).toBe('k-1')
  })

  it('is else _id with the answers: a static page gives every visitor the same one', async () => {
    const one = await received('a=1&_id=page')
    const two = await received('a=2&_id=page')
    expect(one.key).toEqual({ kind: 'given', value: `page:${one.content}` })
    expect(two.key.value).not.toBe(one.key.value)
    expect(one.strict).toBe(false)
    expect(one.event.id).toBe('page')
  })

  it('gives each submission its own subject, so that a parked one holds up nobody else', async () => {
    const one = await received('a=1&_id=page')
    const two = await received('a=2&_id=page')
    expect(one.event.subject).toMatch(/^page-[0-9a-f]{12}$/)
    expect(two.event.subject).not.toBe(one.event.subject)
    expect((await received('_id=page&a=1')).event.subject).toBe(one.event.subject)
  })

  it('is else the answers alone, whatever their order, their captcha and the way they were sent', async () => {
    const one = await received('a=1&b=x%0D%0Ay&cf-turnstile-response=1')
    expect(one.key).toEqual({ kind: 'content', value: one.content })
    const two = await received('b=x%0Ay+&a=1&cf-turnstile-response=2')
    expect(two.key).toEqual(one.key)
    const { docket, send } = await open()
    const headers = { 'content-type': 'application/json' }
    await send('website', { method: 'POST', headers, body: '{"b":"x\\ny","a":"1"}' })
    expect(docket.claims[0]!.deliveries[0]!.key).toEqual(one.key)
  })

  it('counts an empty _id as none, and refuses one that is no text, or endless', async () => {
    expect((await received('a=1&_id=')).key.kind).toBe('content')
    const { docket, send } = await open()
    const long = 'x'.repeat(256)
    const refused = [
      await send('website', urlencoded('a=1&_id=1&_id=2')),
      await send('website', urlencoded(`a=1&_id=${long}`)),
      await send('website', urlencoded('a=1', { 'idempotency-key': long })),
      await send('website', urlencoded('a=1', { 'idempotency-key': '' })),
    ]
    for (const response of refused) {
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:idempotency-key' })
    }
    expect(docket.claims).toHaveLength(0)
  })
})

describe('a honeypot', () => {
  it.each(['_gotcha', 'bot-field', '_honey'])('%s marks spam, and the answer is that of a success', async name => {
    const { docket, send } = await open()
    const spam = await send('website', urlencoded(`a=1&${name}=buy`))
    expect(spam.status).toBe(202)
    expect(await spam.json()).toEqual({ run: 'run-1', status: 'accepted', duplicate: false })
    expect(docket.claims[0]!.deliveries[0]).toMatchObject({
      spam: `the hidden field "${name}" was filled in`,
      event: { fields: { a: '1' } },
    })
  })

  it('can have a name of its own; then the usual ones are plain fields', async () => {
    const options = { honeypot: 'website' }
    expect((await received('a=1&website=x', {}, options)).spam).toContain('"website"')
    expect((await received('a=1&website=', {}, options)).spam).toBeUndefined()
    const plain = await received('a=1&_gotcha=x', {}, options)
    expect(plain.spam).toBeUndefined()
    expect(plain.event.fields).toEqual({ a: '1', _gotcha: 'x' })
  })

  it('left empty in JSON is empty too', async () => {
    const { docket, send } = await open()
    const body = JSON.stringify({ a: 1, _gotcha: null, 'bot-field': false, _honey: [''] })
    await send('website', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect(docket.claims[0]!.deliveries[0]!.spam).toBeUndefined()
  })
})

describe('a browser', () => {
  it('gets a page of thanks', async () => {
    const { send } = await open()
    const response = await send('website', browser('name=Jordan'))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    )
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const html = await response.text()
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('<meta name="viewport"')
    expect(html).toContain('<h1>Thank you</h1>')
  })

  it('is sent on with 303 to the configured page, and never to one that the form names', async () => {
    const { send } = await open({ redirect: `${site}/thanks` })
    const response = await send(
      'website',
      browser('name=Jordan&_redirect=https://evil.example&_next=https://evil.example'),
    )
    expect([response.status, response.headers.get('location')]).toEqual([303, `${site}/thanks`])
    const plain = await (await open()).send('website', browser('name=Jordan&_redirect=https://evil.example'))
    expect([plain.status, plain.headers.get('location')]).toEqual([200, null])
  })

  it('gets the same answer when it sends the form twice, and when a robot filled the trap', async () => {
    const { docket, send } = await open()
    const pages = []
    for (const body of ['name=Jordan', 'name=Jordan', 'name=Jordan&_gotcha=x']) {
      pages.push(await (await send('website', browser(body))).text())
    }
    expect(new Set(pages).size).toBe(1)
    expect(docket.runs.size).toBe(1)
  })

  it('gets a refusal as a page: the right status, words, and a way back', async () => {
    const { docket, send } = await open()
    const response = await send('website', browser('__proto__=1', { referer: `${site}/contact?a=1&b=2` }))
    expect(response.status).toBe(400)
    const html = await response.text()
    expect(html).toContain('<h1>Your message was not sent</h1>')
    expect(html).toContain('href="https://smith.example/contact?a=1&amp;b=2">Back to smith.example</a>')
    expect(docket.claims).toHaveLength(0)
  })

  it('gets nothing into the page that it sent', async () => {
    const { send } = await open()
    for (const referer of ['javascript:alert(1)', 'https://x.example/"><script>alert(1)</script>', 'not an address']) {
      const html = await (await send('website', browser('__proto__=1', { referer }))).text()
      expect(html).not.toMatch(/<script|javascript:|not an address/)
    }
  })

  it('that opens the address gets a page too', async () => {
    const { send } = await open()
    const response = await send('website', { method: 'GET', headers: { accept: 'text/html' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([405, 'text/html; charset=utf-8'])
    expect(response.headers.get('allow')).toBe('POST')
  })

  it('with multipart/form-data is a browser as well', async () => {
    const { docket, send } = await open()
    const body = new FormData()
    body.append('name', 'Jordan Novak')
    const response = await send('website', { method: 'POST', headers: { accept: 'text/html' }, body })
    expect(response.status).toBe(200)
    expect(docket.claims[0]!.deliveries[0]!.event.person.last_name).toBe('Novak')
  })
})

describe('a script', () => {
  it.each([
    ['asks for JSON', browser('a=1', { accept: 'application/json, text/html' })],
    [
      'sends JSON',
      { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/html' }, body: '{"a":1}' },
    ],
    ['asks for nothing', urlencoded('a=1')],
    ['asks for anything', urlencoded('a=1', { accept: '*/*' })],
  ])('that %s gets the JSON receipt, even with a redirect configured', async (_, init) => {
    const { send } = await open({ redirect: `${site}/thanks` })
    const response = await send('website', init as RequestInit)
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ run: 'run-1' })
  })

  it('gets refusals as problems', async () => {
    const { send } = await open()
    const response = await send('website', { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' })
    expect(response.status).toBe(415)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('accept-post')).toContain('multipart/form-data')
  })
})

describe('origins', () => {
  const origins = { origins: [site, 'https://www.smith.example'] }
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  })

  it('that are configured may post and read the answer, refusals included', async () => {
    const { send } = await open(origins)
    for (const body of ['a=1', '__proto__=1']) {
      const response = await send('website', urlencoded(body, { origin: site }))
      expect(response.headers.get('access-control-allow-origin')).toBe(site)
      expect(response.headers.get('access-control-expose-headers')).toBe('location, idempotency-replayed')
      expect(response.headers.get('vary')).toBe('Origin')
    }
  })

  it('pass the preflight', async () => {
    const { send } = await open(origins)
    const response = await send('website', preflight('https://www.smith.example'))
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://www.smith.example')
    expect(response.headers.get('access-control-allow-methods')).toBe('POST')
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type, idempotency-key')
  })

  it.each(['https://evil.example', 'http://smith.example', 'https://smith.example.evil.example', 'null'])(
    'other than those are refused: %s',
    async origin => {
      const { docket, send } = await open(origins)
      const response = await send('website', urlencoded('a=1', { origin }))
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:origin' })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      const asked = await send('website', preflight(origin))
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, null])
      expect(docket.claims).toHaveLength(0)
    },
  )

  it('are a hint: a program that names none may post', async () => {
    const { send } = await open(origins)
    expect((await send('website', urlencoded('a=1'))).status).toBe(202)
  })

  it('that are not configured get no CORS headers at all', async () => {
    const { send } = await open()
    for (const init of [urlencoded('a=1', { origin: site }), preflight(site)]) {
      const response = await send('website', init)
      expect(response.ok).toBe(true)
      expect([...response.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('options', () => {
  it.each([
    [{}, true],
    [{ origins: [site], redirect: `${site}/thanks?x=1`, honeypot: 'fax' }, true],
    [{ origins: [`${site}/`] }, false],
    [{ origins: ['smith.example'] }, false],
    [{ origins: ['*'] }, false],
    [{ origins: [] }, false],
    [{ redirect: 'javascript:alert(1)' }, false],
    [{ redirect: '/thanks' }, false],
    [{ honeypot: '' }, false],
    [{ colour: 'blue' }, false],
  ])('%j', (options, valid) => {
    expect(form.options.safeParse(options).success).toBe(valid)
  })
})
