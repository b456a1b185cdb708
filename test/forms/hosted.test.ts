import { env } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { formRoutes } from '../../src/forms/route.ts'
import type { Json } from '../../src/lib/json.ts'
import { formDefinition } from '../../src/sources/own-form/form-definition.ts'
import { browser, openDoor, urlencoded } from '../door/door.ts'

/** The hosted form (`form` of an endpoint): the page, what it posts, and what keeps robots apart. */

const definition = {
  title: 'Tell us about your case',
  intro: 'We answer within a day.',
  fields: [
    { name: 'first_name', label: 'First name', required: true },
    { name: 'email', label: 'E-mail', type: 'email', required: true, help: 'We never pass it on.' },
    { name: 'matter_type', label: 'What is it about?', type: 'select', options: ['Family Law', 'Personal Injury'] },
    { name: 'reach', label: 'How may we reach you?', type: 'radio', options: ['Phone', 'E-mail'], required: true },
    { name: 'topics', label: 'Topics', type: 'checkbox', options: ['Custody', 'Support'] },
    { name: 'message', label: 'What happened?', type: 'textarea' },
  ],
  consent: 'You may contact me.',
}

async function hosted(options: Record<string, Json> = {}, form: Json = definition) {
  const door = await openDoor({
    endpoints: { website: { source: 'form', form, ...options } },
    env: { CAPTCHA: 'captcha-secret' },
  })
  let left = 3
  const admitRefused = async () => left-- > 0
  const app = formRoutes({ docket: () => door.docket, kv: env.KV, env: {}, now: () => door.clock.now, admitRefused })
  const ask = (path: string, headers = {}) =>
    Promise.resolve(app.request(`https://docketed.example/forms/${path}`, { headers }))
  const get = (path: string) => ask(`${door.firm}/${path}`)
  return { ...door, ask, get }
}

/** The hidden fields of a page, as a browser would post them. */
async function hiddenOf(response: Response): Promise<Record<string, string>> {
  const html = await response.text()
  return Object.fromEntries(
    [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
  )
}

afterEach(() => vi.restoreAllMocks())

describe('the page', () => {
  it('has a label for every field, autofill words, and says what is optional', async () => {
    const html = await (await (await hosted()).get('website')).text()
    for (const { name, label } of definition.fields) {
      expect(html).toContain(label)
      expect(html).toMatch(new RegExp(`name="${name}"`))
    }
    expect(html).toContain('<label for="f-first_name">First name</label>')
    expect(html).toContain('id="f-email" name="email" required aria-describedby="f-email-help" autocomplete="email"')
    expect(html).toContain('<legend>How may we reach you?</legend>')
    expect(html).toContain('What happened? <span class="mark">(optional)</span>')
    expect(html).toContain('<html lang="en">')
  })

  it('posts to the door, works without a script, and every page has an id of its own', async () => {
    const { firm, get } = await hosted()
    const response = await get('website')
    expect(await response.clone().text()).toContain(`<form method="post" action="/in/${firm}/website"`)
    const [one, other] = [await hiddenOf(response), await hiddenOf(await get('website'))]
    expect(one._id).toMatch(/^[0-9a-f-]{36}$/)
    expect(one._id).not.toBe(other._id)
  })

  it('loads nothing from anywhere, and may be framed by the configured origins only', async () => {
    const { get } = await hosted({ origins: ['https://smith.example'], redirect: 'https://smith.example/thanks' })
    const policy = (await get('website')).headers.get('content-security-policy')!
    expect(policy).toMatch(/default-src 'none'/)
    expect(policy).toContain("frame-ancestors 'self' https://smith.example;")
    expect(policy).toMatch(/form-action 'self' https:\/\/smith.example/)
    expect(policy).not.toMatch(/unsafe/)
  })

  it.each([
    ['nothing without files', {}, definition.fields, "'none'"],
    ['its own door alone with files', {}, [{ name: 'lease', label: 'Lease', type: 'file' }], 'DOOR'],
    [
      'its own door and its service with both',
      { sitekey: 'k' },
      [{ name: 'lease', label: 'Lease', type: 'file' }],
      'DOOR https://challenges.cloudflare.com',
    ],
    ['its service with a bot check', { sitekey: 'k' }, definition.fields, 'https://challenges.cloudflare.com'],
  ])('lets scripts reach %s, so that none gets to the console', async (_, check, fields, reached) => {
    const captcha = { kind: 'turnstile', secret: '$CAPTCHA', ...check }
    const { get, firm } = await hosted('sitekey' in check ? { captcha } : {}, { ...definition, fields } as Json)
    const policy = (await get('website')).headers.get('content-security-policy')!
    expect(
      /connect-src ([^;]*)/.exec(policy)?.[1]?.replace(`https://docketed.example/in/${firm}/website`, 'DOOR'),
    ).toBe(reached)
  })

  it('that is not there wakes no Docket for an address that has asked too often, nor under a name that none can have', async () => {
    const { ask, docket, firm } = await hosted()
    const from = { 'cf-connecting-ip': '192.0.2.7' }
    for (const name of ['%3Ahealth', 'A'.repeat(600), '..%2Fsmith', '__proto__'])
      expect((await ask(`${name}/website`, from)).status).toBe(404)
    expect(docket.asked).toBe(0)
    const answers = []
    for (let n = 0; n < 5; n++) answers.push((await ask(`${firm}/nothing-${n}`, from)).status)
    expect(answers).toEqual([404, 404, 404, 429, 429])
    expect(docket.asked).toBe(3)
  })

  it('escapes what the firm wrote', async () => {
    const evil = '<script>alert(1)</script>"'
    const { get } = await hosted(
      {},
      {
        title: evil,
        intro: evil,
        fields: [{ name: 'a', label: evil, type: 'select', options: [evil], help: evil }],
        consent: evil,
        submit: evil,
      },
    )
    expect(await (await get('website')).text()).not.toContain('<script>alert')
  })

  it.each(['es', 'fr', 'de', 'pt'] as const)('speaks %s', async language => {
    const { get } = await hosted({}, { ...definition, language })
    const html = await (await get('website')).text()
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).not.toContain('(optional)')
  })

  it('is not there for an endpoint without one, nor for a firm that does not exist', async () => {
    const { get } = await hosted({ form: undefined as never })
    expect((await get('website')).status).toBe(404)
    expect((await get('elsewhere')).status).toBe(404)
  })

  it.each([
    ['a select without options', { title: 'T', fields: [{ name: 'a', label: 'A', type: 'select' }] }],
    [
      'a name twice',
      {
        title: 'T',
        fields: [
          { name: 'a', label: 'A' },
          { name: 'a', label: 'B' },
        ],
      },
    ],
    ['a hidden name', { title: 'T', fields: [{ name: '_id', label: 'A' }] }],
    ['no fields', { title: 'T', fields: [] }],
    ['an unknown key', { title: 'T', fields: [{ name: 'a', label: 'A' }], colour: 'red' }],
  ])('is refused when saved: %s', (_, form) => {
    expect(formDefinition.safeParse(form).success).toBe(false)
  })
})

describe('what it posts', () => {
  const answers = 'first_name=Jane&email=jane%40x.example&reach=Phone&consent=yes'

  it('goes to the page of thanks by a 303, so that a reload sends nothing', async () => {
    const { firm, send, get, docket, clock } = await hosted()
    const hidden = await hiddenOf(await get('website'))
    clock.now += 5000
    const response = await send('website', browser(`${new URLSearchParams(hidden)}&${answers}`))
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`/forms/${firm}/website/thanks`)
    expect(await (await get('website/thanks')).text()).toContain('Your message has arrived')
    const [delivery] = docket.claims[0]!.deliveries
    expect(delivery!.event.fields).toEqual({
      first_name: 'Jane',
      email: 'jane@x.example',
      reach: 'Phone',
      consent: 'yes',
    })
    expect(delivery!.spam).toBeUndefined()
  })

  it('twice from one page is one submission; from two pages, two', async () => {
    const { send, get, docket, clock } = await hosted()
    const [one, other] = [await hiddenOf(await get('website')), await hiddenOf(await get('website'))]
    clock.now += 5000
    for (const hidden of [one, one, other]) await send('website', browser(`${new URLSearchParams(hidden)}&${answers}`))
    expect(docket.runs.size).toBe(2)
  })

  it('is kept apart when nobody could have filled it in that fast, or the trap is filled', async () => {
    const { send, get, docket, clock } = await hosted()
    const hidden = await hiddenOf(await get('website'))
    clock.now += 1500
    expect((await send('website', browser(`${new URLSearchParams(hidden)}&${answers}`))).status).toBe(303)
    clock.now += 5000
    await send('website', browser(`${new URLSearchParams(hidden)}&${answers}&_gotcha=x`))
    const spam = docket.claims.map(claim => claim.deliveries[0]!.spam)
    expect(spam).toEqual(['the form was filled in within 2 seconds', 'the hidden field "_gotcha" was filled in'])
  })
})

describe('a bot check', () => {
  const options = {
    captcha: { kind: 'turnstile', secret: '$CAPTCHA', sitekey: '1x00000000000000000000AA', hostname: 'smith.example' },
  }
  const post = 'email=jane%40x.example&cf-turnstile-response=XXXX.DUMMY.TOKEN.XXXX'

  /** The service, as it answers. */
  function service(...answers: (Record<string, unknown> | Error)[]) {
    const asked: URLSearchParams[] = []
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
      asked.push(init?.body as URLSearchParams)
      const next = answers.shift()
      if (next === undefined || next instanceof Error) throw next ?? new TypeError('down')
      return Response.json(next)
    })
    return asked
  }

  async function spamOf(body: string, ...answers: (Record<string, unknown> | Error)[]) {
    const { send, docket } = await hosted(options)
    const asked = service(...answers)
    const response = await send('website', urlencoded(body, { 'cf-connecting-ip': '203.0.113.7' }))
    expect(response.status).toBe(202)
    return { spam: docket.claims[0]!.deliveries[0]!.spam, asked, event: docket.claims[0]!.deliveries[0]!.event }
  }

  it('that is passed lets it through; the token is no answer of the form', async () => {
    const { spam, asked, event } = await spamOf(post, { success: true, hostname: 'smith.example' })
    expect(spam).toBeUndefined()
    expect(Object.fromEntries(asked[0]!)).toMatchObject({
      secret: 'captcha-secret',
      response: 'XXXX.DUMMY.TOKEN.XXXX',
      remoteip: '203.0.113.7',
    })
    expect(event.fields).toEqual({ email: 'jane@x.example' })
  })

  it.each([
    ['is not passed', post, { success: false, 'error-codes': ['invalid-input-response'] }],
    ['was spent already', post, { success: false, 'error-codes': ['timeout-or-duplicate'] }],
    ['was passed elsewhere', post, { success: true, hostname: 'evil.example' }],
    ['is left out', 'email=jane%40x.example', { success: true }],
    [
      'is answered with nonsense of 5,000 letters',
      `email=a%40b.example&cf-turnstile-response=${'x'.repeat(5000)}`,
      { success: true },
    ],
  ])('that %s keeps it apart, and loses nothing', async (_, body, answer) => {
    const { spam } = await spamOf(body, answer)
    expect(spam).toMatch(/^the bot check/)
  })

  it('whose service is down is asked twice with one key, and then lets it through', async () => {
    const { spam, asked } = await spamOf(post, new TypeError('down'), {
      success: false,
      'error-codes': ['internal-error'],
    })
    expect(spam).toBeUndefined()
    expect(asked).toHaveLength(2)
    expect(asked[0]!.get('idempotency_key')).toBe(asked[1]!.get('idempotency_key'))
  })

  it('that refuses our own secret lets it through and tells the operator', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { spam } = await spamOf(post, { success: false, 'error-codes': ['invalid-input-secret'] })
    expect(spam).toBeUndefined()
    expect(said).toHaveBeenCalledOnce()
    expect(String(said.mock.calls[0])).not.toContain('captcha-secret')
  })

  it('of reCAPTCHA counts by its score', async () => {
    const { send, docket } = await hosted({ captcha: { kind: 'recaptcha', secret: '$CAPTCHA' } })
    service({ success: true, score: 0.1 })
    await send('website', urlencoded('email=a%40b.example&g-recaptcha-response=t'))
    expect(docket.claims[0]!.deliveries[0]!.spam).toMatch(/robot/)
  })

  it('without its secret is 503, never accepted', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send, docket } = await hosted({ captcha: { kind: 'hcaptcha', secret: '$NOT_STORED' } })
    const response = await send('website', urlencoded('email=a%40b.example'))
    expect(response.status).toBe(503)
    expect(docket.claims).toEqual([])
  })
})

describe('a flood', () => {
  it('from one address is 429 with a time to wait; another address, and this machine, go on', async () => {
    let left = 2
    const { send, docket } = await openDoor({
      endpoints: { website: { source: 'form' } },
      admit: async key => !key.endsWith('/203.0.113.7') || left-- > 0,
    })
    const from = (address: string, n: number) => send('website', urlencoded(`n=${n}`, { 'cf-connecting-ip': address }))
    const answers = [await from('203.0.113.7', 1), await from('203.0.113.7', 2), await from('203.0.113.7', 3)]
    expect(answers.map(answer => answer.status)).toEqual([202, 202, 429])
    expect(answers[2]!.headers.get('retry-after')).toBe('60')
    expect((await from('198.51.100.1', 4)).status).toBe(202)
    expect((await from('127.0.0.1', 5)).status).toBe(202)
    expect(docket.runs.size).toBe(4)
  })

  it('a limiter that fails costs nobody a message', async () => {
    const { send } = await openDoor({
      endpoints: { website: { source: 'form' } },
      admit: () => Promise.reject(new Error('down')),
    })
    expect((await send('website', urlencoded('n=1', { 'cf-connecting-ip': '203.0.113.7' }))).status).toBe(202)
  })

  it('the binding limits an address to 60 in a minute', async () => {
    const key = crypto.randomUUID()
    const answers = []
    for (let n = 0; n < 61; n++) answers.push((await env.DOOR_LIMIT.limit({ key })).success)
    expect(answers.slice(0, 60).every(Boolean)).toBe(true)
    expect(answers[60]).toBe(false)
  })
})
