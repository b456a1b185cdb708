import { env } from 'cloudflare:test'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Limits } from '../../src/door/brakes.ts'
import type { Door } from '../../src/door/route.ts'
import type { Json } from '../../src/lib/json.ts'
import { endpointOf } from '../../src/mail/address.ts'
import { receiveMail } from '../../src/mail/receive.ts'
import { openDoor } from '../door/door.ts'
import { type Mail, rawMail } from '../sources/mail/mails.ts'

/** From the raw mail to the event: whose it is, what it says, what it brings, and what becomes of one that cannot be taken. */

async function opened(options: Record<string, Json> = {}, limits: Limits = {}) {
  const door = await openDoor({ endpoints: { leads: { source: 'email', ...options } } })
  const inside: Door = {
    docket: firm =>
      firm === door.firm ? door.docket : new (door.docket.constructor as new () => typeof door.docket)(),
    kv: env.KV,
    files: env.FILES,
    env: {},
    now: () => door.clock.now,
    ...limits,
  }
  const send = async (
    raw: string | Uint8Array,
    to = `${door.firm}.leads@in.docketed.example`,
    from = 'bounce@mail.example',
  ) => {
    const bytes = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw
    let rejected: string | null = null
    await receiveMail(
      {
        from,
        to,
        raw: new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
        rawSize: bytes.length,
        setReject: reason => {
          rejected = reason
        },
      },
      inside,
    )
    return rejected as string | null
  }
  return { ...door, send, deliveries: () => door.docket.claims.flatMap(({ deliveries }) => deliveries) }
}

async function eventOf(mail: Mail, options: Record<string, Json> = {}, from?: string) {
  const door = await opened(options)
  expect(await door.send(rawMail(mail), undefined, from)).toBeNull()
  return door.deliveries()[0]!
}

afterEach(() => vi.restoreAllMocks())

describe('an address', () => {
  it.each([
    ['smith.leads@in.example', { firm: 'smith', endpoint: 'leads' }],
    ['Smith-Law.Web-Leads@IN.example', { firm: 'smith-law', endpoint: 'web-leads' }],
    ['docketed+smith.leads@firm.example', { firm: 'smith', endpoint: 'leads' }],
    ['smith@in.example', null],
    ['smith.leads.more@in.example', null],
    ['.leads@in.example', null],
    ['smith.@in.example', null],
    ['', null],
  ])('%s', (address, endpoint) => expect(endpointOf(address)).toEqual(endpoint))
})

describe('a mail', () => {
  it('that somebody wrote is theirs, with all that they wrote', async () => {
    const { event, key } = await eventOf({ text: 'I was hit by a car.\r\n\r\nPlease ring: after five.\r\n\r\nDana' })
    expect(key).toEqual({ kind: 'given', value: 'm1@mail.example' })
    expect(event).toMatchObject({
      source: 'email',
      type: 'mail.received',
      id: 'm1@mail.example',
      time: '2026-11-02T08:58:11.000Z',
      person: { first_name: 'Dana', last_name: 'Whitfield', email: 'dana@mail.example' },
      message: 'I was hit by a car.\n\nPlease ring: after five.\n\nDana',
      fields: { Subject: 'A question' },
      data: { authentication: { dkim: 'pass', proved: true } },
    })
  })

  it('of a service is about whom its lines tell', async () => {
    const text =
      'You have a new lead.\nName: Jane Roe\nEmail: jane@roe.example\nPhone: (212) 555-0147\nPractice area: Custody\nMessage: He took\nthe children.\n\nReply soon!'
    const { event } = await eventOf(
      { from: 'Leads <no-reply@service.example>', text },
      { senders: ['@service.example'] },
    )
    expect(event).toMatchObject({
      person: { first_name: 'Jane', last_name: 'Roe', email: 'jane@roe.example', phone: '(212) 555-0147' },
      fields: { 'Practice area': 'Custody', Subject: 'A question' },
      message: 'He took\nthe children.\n\nReply soon!',
    })
  })

  it('of a service that knows where answers go is theirs', async () => {
    const mail = {
      from: 'Leads <leads@service.example>',
      headers: { 'Reply-To': 'Jane Roe <jane@roe.example>' },
      text: 'Call me',
    }
    const { event } = await eventOf(mail, { senders: ['leads@service.example'] })
    expect(event.person).toMatchObject({ first_name: 'Jane', last_name: 'Roe', email: 'jane@roe.example' })
    const nobody = await eventOf(
      { from: 'Leads <leads@service.example>', text: 'A lead' },
      { senders: ['leads@service.example'] },
    )
    expect(nobody.event.person).toMatchObject({ first_name: null, email: null })
  })

  it('in HTML only is read as people see it', async () => {
    const html =
      '<table><tr><td>Name</td><td>Jane Roe</td></tr><tr><td>E-mail</td><td>jane@roe.example</td></tr></table>'
    const { event } = await eventOf({ text: '', html })
    expect(event).toMatchObject({
      person: { first_name: 'Jane', email: 'jane@roe.example' },
      fields: { Name: 'Jane Roe' },
    })
  })

  it('whose text only points at its HTML is read from that', async () => {
    const html = '<p>Name: Jane Roe</p><p>Email: jane@roe.example</p><p>Phone: 212 555 0147</p>'
    const { event } = await eventOf({ text: 'Please view this mail in a browser.', html })
    expect(event.person).toMatchObject({ first_name: 'Jane', email: 'jane@roe.example', phone: '212 555 0147' })
  })

  it('that a colleague forwards is of whom it is from', async () => {
    const text =
      'Please open.\n\n---------- Forwarded message ---------\nFrom: Jane Roe <jane@roe.example>\nDate: Mon\nSubject: My lease\nTo: <office@smith.example>\n\nMy landlord keeps the deposit.'
    const { event } = await eventOf({ from: 'Sam <sam@smith.example>', text }, { senders: ['@smith.example'] })
    expect(event).toMatchObject({
      person: { first_name: 'Jane', last_name: 'Roe', email: 'jane@roe.example' },
      message: 'Please open.\n\nMy landlord keeps the deposit.',
      fields: { Subject: 'My lease' },
    })
  })

  it('that is forwarded as an attachment is read too, with what it brings', async () => {
    const inner = rawMail({
      boundary: 'inner',
      from: 'Jane Roe <jane@roe.example>',
      headers: { Subject: 'My lease' },
      text: 'My landlord keeps the deposit.',
      attachments: [{ name: 'lease.pdf', type: 'application/pdf', content: '%PDF-1.7' }],
    })
    const attachments = [{ name: 'lease.eml', type: 'message/rfc822', content: inner }]
    const { event } = await eventOf({ from: 'Sam <sam@smith.example>', text: 'See below', attachments })
    expect(event).toMatchObject({
      person: { first_name: 'Jane', email: 'jane@roe.example' },
      message: 'See below\n\nMy landlord keeps the deposit.',
      files: [{ name: 'lease.pdf', content_type: 'application/pdf', key: expect.any(String) }],
    })
  })

  it('brings its attachments, but no program and no logo, and says what it left', async () => {
    const attachments = [
      { name: 'summons.pdf', type: 'application/pdf', content: '%PDF-1.7' },
      { name: 'setup.exe', type: 'application/x-msdownload', content: 'MZ' },
      { name: 'fake.pdf', type: 'application/pdf', content: 'MZ' },
      { name: 'logo.png', type: 'image/png', content: 'x', disposition: 'inline', id: 'logo' },
      {
        name: 'photo.gif',
        type: 'image/gif',
        content: `GIF89a${'x'.repeat(30_000)}`,
        disposition: 'inline',
        id: 'photo',
      },
      { name: '../notes.txt', type: 'text/plain', content: 'x' },
    ]
    const { event } = await eventOf({ text: 'See', html: '<img src="cid:logo">See', attachments })
    expect(event.files.map(({ name }) => name)).toEqual(['summons.pdf', 'photo.gif', 'notes.txt'])
    expect(event.fields['Attachments not taken']).toEqual(['setup.exe', 'fake.pdf'])
  })

  it('that answers by itself, or came back, is kept apart', async () => {
    expect((await eventOf({ headers: { 'Auto-Submitted': 'auto-replied' } })).spam).toMatch(/automatic/)
    expect((await eventOf({}, {}, '')).spam).toMatch(/automatic/)
    expect((await eventOf({ headers: { 'Auto-Submitted': 'auto-generated' } })).spam).toBeUndefined()
  })

  it('that comes twice is one event, under its Message-ID; without one under what it says', async () => {
    const door = await opened()
    await door.send(rawMail())
    await door.send(rawMail({ text: 'Hello, changed on the way' }))
    expect(door.docket.runs.size).toBe(1)
    const none = { headers: { 'Message-ID': '' } }
    await door.send(rawMail({ ...none, text: 'a' }))
    await door.send(rawMail({ ...none, text: 'a' }))
    await door.send(rawMail({ ...none, text: 'b' }))
    expect(door.docket.runs.size).toBe(3)
    expect(door.deliveries().at(-1)!.key.kind).toBe('content')
  })
})

describe('who may send', () => {
  const senders = { senders: ['leads@service.example', '@partner.example'] }

  it.each<[string, Mail, boolean]>([
    ['an allowed address', { from: 'leads@service.example' }, true],
    [
      'an allowed address in other letters',
      { from: 'Leads <LEADS@Service.example>', proof: 'dkim=pass header.d=service.example' },
      true,
    ],
    ['anybody of an allowed domain', { from: 'x@partner.example' }, true],
    ['another address of a domain', { from: 'other@service.example' }, false],
    ['a domain that only ends so', { from: 'x@evilpartner.example' }, false],
    ['an allowed address without a proof', { from: 'leads@service.example', proof: '' }, false],
    [
      'an allowed address that failed',
      {
        from: 'leads@service.example',
        proof: 'dkim=fail header.d=service.example; spf=fail smtp.mailfrom=leads@service.example',
      },
      false,
    ],
    [
      'an allowed address, proved for another domain',
      { from: 'leads@service.example', proof: 'dkim=pass header.d=evil.example' },
      false,
    ],
    [
      'two senders',
      { from: 'leads@service.example', headers: { From: ['leads@service.example', 'evil@evil.example'] } },
      false,
    ],
    [
      'a proof that the sender wrote',
      {
        from: 'leads@service.example',
        headers: {
          'Authentication-Results': [
            'mx.cloudflare.net; dkim=fail header.d=service.example',
            'mx.cloudflare.net; dkim=pass header.d=service.example',
          ],
        },
      },
      false,
    ],
  ])('%s', async (_, mail, taken) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const door = await opened(senders)
    expect((await door.send(rawMail(mail))) === null).toBe(taken)
    expect(door.deliveries()).toHaveLength(taken ? 1 : 0)
    expect(warn.mock.calls.flat().join()).not.toContain('service.example')
  })

  it('is everybody where no senders are named, and the event says what was proved', async () => {
    const { event } = await eventOf({ proof: '' })
    expect(event.data).toMatchObject({ authentication: { dkim: 'none', spf: 'none', dmarc: 'none', proved: false } })
  })

  it('is nobody by a web request, whatever it says', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const door = await openDoor({ endpoints: { leads: { source: 'email' } } })
    const response = await door.app.request(`https://docketed.example/in/${door.firm}/leads`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: rawMail(),
    })
    expect(response.status).toBe(404)
    expect(door.docket.claims).toEqual([])
  })
})

describe('what cannot be taken', () => {
  it('is refused for good when it never can be', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const door = await opened()
    expect(await door.send(rawMail(), 'nobody@in.docketed.example')).toMatch(/no such address/)
    expect(await door.send(rawMail(), `${door.firm}.other@in.docketed.example`)).toMatch(/no such address/)
    expect(await door.send('', undefined)).toMatch(/does not take/)
  })

  it('is tried again when the Docket cannot be reached: the handler throws', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const door = await opened()
    door.docket.broken = new Error('gone')
    await expect(door.send(rawMail())).rejects.toThrow(/tried again/)
    door.docket.broken = null
    expect(await door.send(rawMail())).toBeNull()
    expect(door.docket.runs.size).toBe(1)
  })
})

it('stands whatever mail it is sent', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  const door = await opened()
  const good = rawMail({
    html: '<p>Name: x</p>',
    attachments: [{ name: 'a.pdf', type: 'application/pdf', content: '%PDF-' }],
  })
  const mutated = fc
    .tuple(
      fc.nat(good.length),
      fc.nat(60),
      fc.constantFrom('', '\0', '\r\n\r\n', '--mix', '=?utf-8?B?', '"', '<', ';', '\u{1f600}', 'x'.repeat(500)),
    )
    .map(([at, length, put]) => good.slice(0, at) + put + good.slice(at + length))
  const mails = fc.oneof(
    mutated,
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom('', '\r\n', 'a', 'From: \r\n\r\n', '--mix\r\n'.repeat(2000)),
  )
  let taken = 0
  await fc.assert(
    fc.asyncProperty(mails, async raw => {
      if ((await door.send(raw)) === null) taken++
    }),
    { numRuns: Number((env as { FUZZ_RUNS?: string }).FUZZ_RUNS ?? 300) },
  )
  expect(taken).toBeGreaterThan(50)
  expect(error).not.toHaveBeenCalled()
  expect(() => structuredClone(door.docket.claims)).not.toThrow()
})

describe('a flood of mail', () => {
  const senders = {
    'that no sender is named of': '',
    'of an address that is longer than any of the internet': `${'x'.repeat(80)}@mail.example`,
    'of one that begins like this machine': '127.0.0.1@mail.example',
    'of any other': 'bounce@mail.example',
  }

  it.each(Object.entries(senders))('%s has a brake of its own', async (_, from) => {
    const asked = new Set<string>()
    const admit = async (key: string) => asked.add(key).size > 1
    const door = await opened({}, { admit, admitLarge: admit })
    await expect(door.send(rawMail({ text: 'Hello' }), undefined, from)).rejects.toThrow('429')
    expect(asked.size).toBe(1)
  })

  it('to addresses that there are not is sent away, and wakes no Docket any more', async () => {
    let left = 3
    const { send, docket, firm } = await opened({}, { admitRefused: async () => left-- > 0 })
    const to = `${firm}.nobody@in.docketed.example`
    for (let n = 0; n < 4; n++) expect(await send(rawMail({ text: 'Hello' }), to)).toContain('no such address')
    const { asked } = docket
    await expect(send(rawMail({ text: 'Hello' }), to)).rejects.toThrow('429')
    expect(docket.asked).toBe(asked)
  })
})
