import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Door } from '../../src/door/route.ts'
import type { Json } from '../../src/lib/json.ts'
import { receiveMail } from '../../src/mail/receive.ts'
import type { InboundEvent } from '../../src/model/event.ts'
import { openDoor } from '../door/door.ts'
import { type Mail, rawMail } from '../sources/mail/mails.ts'

/** Mail as programs really write it: plug-ins that tell of a form, programs that forward and answer, encodings that nobody declared. */

async function read(mail: string | Mail, options: Record<string, Json> = {}) {
  const door = await openDoor({ endpoints: { leads: { source: 'email', ...options } } })
  const inside: Door = { docket: () => door.docket, kv: env.KV, files: env.FILES, env: {}, now: () => door.clock.now }
  const text = typeof mail === 'string' ? mail : rawMail(mail)
  // One sign a byte, as it comes over the wire.
  const raw =
    typeof mail === 'string' ? Uint8Array.from(text, sign => sign.charCodeAt(0)) : new TextEncoder().encode(text)
  const rejected: string[] = []
  await receiveMail(
    {
      from: 'bounce@mail.example',
      to: `${door.firm}.leads@in.docketed.example`,
      raw: new Blob([raw]).stream(),
      rawSize: raw.length,
      setReject: reason => rejected.push(reason),
    },
    inside,
  )
  expect(rejected).toEqual([])
  const [delivery] = door.docket.claims.flatMap(({ deliveries }) => deliveries)
  return delivery!
}

const eventOf = async (mail: string | Mail, options: Record<string, Json> = {}): Promise<InboundEvent> =>
  (await read(mail, options)).event

const lease = 'My landlord keeps the deposit.\n\nWhat can I do?'
const nora = { first_name: 'Nora', last_name: 'Falk', email: 'nora@mail.example' }
const site = 'Mill Law <wordpress@mill.example>'

describe('a form that a plug-in mails', () => {
  const row = (cells: string) => `<tr>${cells}</tr>`

  it.each<[string, Mail]>([
    [
      'Contact Form 7',
      {
        from: site,
        headers: { 'Reply-To': 'nora@mail.example' },
        text: `From: Nora Falk nora@mail.example\nSubject: My lease\n\nMessage Body:\n${lease}\n\n-- \nThis is a notification that a contact form was submitted on your website (Mill Law https://mill.example).`,
      },
    ],
    [
      'Contact Form 7, in brackets',
      {
        from: site,
        text: `From: Nora Falk <nora@mail.example>\nSubject: My lease\n\nMessage Body:\n${lease}\n\n--\nThis e-mail was sent`,
      },
    ],
    [
      'WPForms, in words',
      {
        from: site,
        text: `--- Name ---\n\nNora Falk\n\n--- Email ---\n\nnora@mail.example\n\n--- Comment or Message ---\n\n${lease}`,
      },
    ],
    [
      'WPForms, in rows',
      {
        from: site,
        text: '',
        html: `<table>${[
          ['Name', 'Nora Falk'],
          ['Email', '<a href="mailto:nora@mail.example">nora@mail.example</a>'],
          ['Comment or Message', lease.replaceAll('\n', '<br>')],
        ]
          .map(([label, value]) => row(`<td><strong>${label}</strong></td>`) + row(`<td>${value}</td>`))
          .join('')}</table>`,
      },
    ],
    [
      'Gravity Forms',
      {
        from: site,
        text: '',
        html: `<table width="99%"><tr><td><table>${[
          ['Name', 'Nora Falk'],
          ['Email', '<a href="mailto:nora@mail.example">nora@mail.example</a>'],
          ['Message', lease.replaceAll('\n', '<br />')],
        ]
          .map(
            ([label, value]) =>
              row(`<td colspan="2"><font style="font-size:12px"><strong>${label}</strong></font></td>`) +
              row(`<td width="20">&nbsp;</td><td><font>${value}</font></td>`),
          )
          .join('\n')}</table></td></tr></table>`,
      },
    ],
    [
      'Elementor',
      {
        from: site,
        text: '',
        html: `Name: Nora Falk<br>Email: nora@mail.example<br>Message: ${lease.replaceAll('\n', '<br>')}<br>---<br>Date: November 24, 2026<br>Time: 9:00 am<br>Page URL: https://mill.example/contact<br>User Agent: Mozilla/5.0<br>Remote IP: 203.0.113.7<br>Powered by: Elementor`,
      },
    ],
    [
      'Ninja Forms',
      {
        from: site,
        text: '',
        html: `<table>${row('<td>Name:</td><td>Nora Falk</td>')}${row('<td>Email:</td><td>nora@mail.example</td>')}${row(`<td>Message:</td><td>${lease.replaceAll('\n', '<br>')}</td>`)}</table>`,
      },
    ],
    [
      'Formidable',
      {
        from: site,
        text: '',
        html: `<table>${row('<th>Name</th><td>Nora Falk</td>')}${row('<th>Email</th><td>nora@mail.example</td>')}${row(`<th>Message</th><td>${lease.replaceAll('\n', '<br>')}</td>`)}</table>`,
      },
    ],
    [
      'a page that puts labels above',
      { from: site, text: `Name\nNora Falk\n\nEmail\nnora@mail.example\n\nMessage\n${lease}` },
    ],
    [
      'a page, in headings',
      {
        from: site,
        text: '',
        html: `<h4>Name</h4><p>Nora Falk</p><h4>Email Address</h4><p>nora@mail.example</p><h4>Your message</h4><p>${lease.replaceAll('\n', '<br>')}</p>`,
      },
    ],
    ['a spreadsheet’s script', { from: site, text: `Name\tNora Falk\nEmail\tnora@mail.example\nMessage:\n${lease}` }],
  ])('%s', async (_, mail) => {
    const event = await eventOf(mail)
    expect(event).toMatchObject({ person: nora, recognized: { message: expect.stringMatching(/message/i) } })
    expect(event.message).toBe(lease)
  })

  it('names nobody by the address of the site or the service that sends it', async () => {
    const text = 'Name: Nora Falk\nPhone: (212) 555-0147\nMessage: Please ring.'
    for (const from of [site, 'Leads <leads@service.example>', 'Some Directory <hello@directory.example>'])
      expect((await eventOf({ from, text })).person).toMatchObject({ ...nora, email: null, phone: '(212) 555-0147' })
    const answersTo = {
      from: 'Some Directory <hello@directory.example>',
      headers: { 'Reply-To': 'nora@mail.example' },
      text,
    }
    expect((await eventOf(answersTo)).person).toMatchObject(nora)
    expect((await eventOf({ from: 'nora falk <nora@mail.example>', text })).person).toMatchObject(nora)
  })

  it('names nobody by the firm’s own address, though answers are said to go there', async () => {
    const text = 'Name: Nora Falk\nPhone: (212) 555-0147\nMessage: Please ring.'
    const office = 'Mill Law <info@mill.example>'
    const event = await eventOf({ from: office, headers: { 'Reply-To': office }, text })
    expect(event.person).toMatchObject({ ...nora, email: null, phone: '(212) 555-0147' })
  })

  it.each([
    ['a name behind From', 'From: Nora Falk\nEmail: nora@mail.example\nPhone: (212) 555-0147\nMessage: Please ring.'],
    [
      'numbers before the labels',
      '1. Name: Nora Falk\n2. Email: nora@mail.example\n3. Phone: (212) 555-0147\n4. Message: Please ring.',
    ],
    [
      'dashes behind the labels',
      'Name - Nora Falk\nEmail - nora@mail.example\nPhone - (212) 555-0147\nMessage - Please ring.',
    ],
    [
      'where a link leads',
      'Name: Nora Falk\nEmail: nora@mail.example\nPhone: (212) 555-0147 <tel:2125550147>\nMessage: Please ring.',
    ],
  ])('is read with %s', async (_, text) => {
    const event = await eventOf({ from: 'Voice <voice-noreply@service.example>', text })
    expect(event).toMatchObject({ person: { ...nora, phone: '(212) 555-0147' }, message: 'Please ring.' })
  })

  it('keeps a message whole whose lines go on behind a colon', async () => {
    const said = 'I was hit by a car.\nnow: nothing works.\nThey said: no.\nPlease call me: soon.'
    expect((await eventOf({ from: site, text: `Name: Nora Falk\nMessage: ${said}\nCase type: Injury` })).message).toBe(
      said,
    )
    const small = { from: site, text: 'name: Nora Falk\nmessage: Help.\ncase type: Injury' }
    expect(await eventOf(small)).toMatchObject({ message: 'Help.', fields: { 'case type': 'Injury' } })
  })

  it('takes a person for one, though a service writes for them', async () => {
    const mail = {
      from: '"Nora Falk via Mill Law" <hello@directory.example>',
      headers: { 'Reply-To': 'Nora Falk <nora@mail.example>' },
    }
    expect((await eventOf(mail)).person).toMatchObject(nora)
    expect((await eventOf({ from: '"Nora Falk via Mill Law" <nora@mail.example>' })).person).toMatchObject(nora)
  })
})

it('takes no word of a letter for a label where no address stands below one', async () => {
  const text = 'Message\nfrom Nora\n\nPhone\nme after five.'
  expect((await eventOf({ text })).message).toBe(text)
})

describe('a letter', () => {
  it('is read in HTML where its text only says so, or is the beginning of it', async () => {
    const html =
      '<p>I was hit by a car on Monday, and the insurer refuses to pay.</p><p>Please ring 212 555 0147 soon.</p>'
    const seen = 'I was hit by a car on Monday, and the insurer refuses to pay.\n\nPlease ring 212 555 0147 soon.'
    for (const text of ['Your mail program does not show HTML. Open the letter in a browser.', 'I was hit by a car on'])
      expect((await eventOf({ text, html })).message).toBe(seen)
    expect((await eventOf({ text: 'Another text that has its own words.', html })).message).toMatch(/^Another/)
  })

  it('has the telephone of its signature', async () => {
    expect((await eventOf({ text: 'Please help.\n\nNora\nTel: 212 555 0147' })).person.phone).toBe('212 555 0147')
  })

  it('that a group hands on is of whoever wrote to the group', async () => {
    const mail = (headers: Record<string, string>) => ({
      from: `"'Nora Falk' via Intake" <intake@mill.example>`,
      headers: { Precedence: 'list', ...headers },
    })
    for (const headers of [
      { 'X-Original-From': 'Nora Falk <nora@mail.example>' },
      { 'X-Original-Sender': 'nora@mail.example' },
      { 'Reply-To': 'Nora Falk <nora@mail.example>' },
    ])
      expect((await eventOf(mail(headers))).person).toMatchObject(nora)
    expect((await eventOf(mail({ 'X-Original-Sender': 'no-reply@service.example' }))).person.first_name).toBe('Nora')
  })
})

describe('what is forwarded', () => {
  const forwarded = (from: string, text: string) =>
    `---------- Forwarded message ---------\nFrom: ${from}\nDate: Mon, Nov 23, 2026\nSubject: A notice\nTo: x\n\n${text}`
  const landlord = forwarded('Lou Pike <lou@pike.example>', 'You are out.\nPhone: 212 555 0199')
  const letter = 'My landlord sent me this on Friday. Can you help me? Nora Falk'
  const client = 'Nora Falk <nora.falk@gmail.com>'
  const eml = (from: string, text: string, boundary: string) => ({
    name: `${boundary}.eml`,
    type: 'message/rfc822',
    content: rawMail({ boundary, from, text, headers: { Subject: 'A notice' } }),
  })

  it('below a letter, from a mailbox as anybody has one, is not of whom the letter is about', async () => {
    const inText = await eventOf({
      from: client,
      headers: { Subject: 'Fwd: A notice' },
      text: `${letter}\n\n${landlord}`,
    })
    const attached = await eventOf({
      from: client,
      headers: { Subject: 'Fwd: A notice' },
      text: letter,
      attachments: [eml('Lou Pike <lou@pike.example>', 'You are out.\nPhone: 212 555 0199', 'notice')],
    })
    for (const event of [inText, attached])
      expect(event).toMatchObject({
        person: { ...nora, email: 'nora.falk@gmail.com', phone: null },
        message: `${letter}\n\nFrom: Lou Pike <lou@pike.example>\n\nYou are out.\nPhone: 212 555 0199`,
        fields: { Subject: 'Fwd: A notice' },
      })
  })

  it('by one who may send, or without a letter, is of whom it is from', async () => {
    const proved = { from: client, text: `${letter}\n\n${landlord}`, proof: 'dkim=pass header.d=gmail.com' }
    for (const event of [
      await eventOf(proved, { senders: ['nora.falk@gmail.com'] }),
      await eventOf({ from: client, text: `FYI\n\n${landlord}` }),
    ])
      expect(event.person).toMatchObject({ first_name: 'Lou', email: 'lou@pike.example', phone: '212 555 0199' })
  })

  it('from one colleague to another is of whom the first had it from, and never the colleague’s', async () => {
    const inner = forwarded('Nora Falk <nora@mail.example>', 'My landlord keeps the deposit.')
    const text = `Please open.\n\n${forwarded('Ann Mill <ann@mill.example>', `For Sam.\n\n${inner}`)}`
    expect(await eventOf({ from: 'Sam <sam@mill.example>', text })).toMatchObject({
      person: nora,
      message: 'Please open.\n\nFor Sam.\n\nMy landlord keeps the deposit.',
    })
    const own = { from: 'Sam <sam@mill.example>', text: forwarded('Ann Mill <ann@mill.example>', 'Shall we?') }
    expect((await eventOf(own, { senders: ['@mill.example'] })).person.email).toBeNull()
    const service = forwarded('Directory <no-reply@service.example>', 'Name: Nora Falk\nPhone: 212 555 0147')
    expect((await eventOf({ from: 'Sam <sam@mill.example>', text: service })).person).toMatchObject({
      ...nora,
      email: null,
    })
  })

  it('is read though it is quoted, or names its writer without an address', async () => {
    const quoted =
      'Begin forwarded message:\n\n> From: Nora Falk <nora@mail.example>\n> Subject: lease\n> Date: x\n> To: y\n>\n> My landlord\n> keeps the deposit.'
    expect(await eventOf({ from: 'Sam <sam@mill.example>', text: quoted })).toMatchObject({
      person: nora,
      message: 'My landlord\nkeeps the deposit.',
    })
    const known = 'From: Nora Falk\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Sam\nSubject: lease\n\nPlease ring.'
    expect((await eventOf({ from: 'Sam <sam@mill.example>', text: known })).person).toMatchObject({
      ...nora,
      email: null,
    })
  })

  it('names the mails of which only the first is read, and files that hold nothing', async () => {
    const attachments = [
      eml('Nora Falk <nora@mail.example>', 'One', 'first'),
      eml('Otto Pike <otto@pike.example>', 'Two', 'second'),
      { name: 'scan.pdf', type: 'application/pdf', content: '' },
    ]
    const event = await eventOf({ from: 'Sam <sam@mill.example>', text: 'See', attachments })
    expect(event).toMatchObject({ person: nora, message: 'See\n\nOne' })
    expect(event.fields['Attachments not taken']).toEqual(['second.eml', 'scan.pdf'])
  })
})

describe('an answer', () => {
  const head =
    'From: Sam Mill <sam@mill.example>\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Nora Falk\nSubject: Your lease\n\nShall we talk?'

  it.each([
    ['Gmail', 'Yes, please.\n\nOn Tue, Nov 24, 2026 at 9:00 AM Sam Mill <sam@mill.example> wrote:\n\n> Shall we talk?'],
    [
      'Gmail, broken where it is long',
      'Yes, please.\n\nOn Tue, Nov 24, 2026 at 9:00 AM Sam Mill of Mill Law\n<sam@mill.example> wrote:\n\n> Shall we talk?',
    ],
    ['Outlook', `Yes, please.\n\n________________________________\n${head}`],
    ['Outlook, without a rule', `Yes, please.\n\n${head}`],
    ['an older Outlook', `Yes, please.\n\n-----Original Message-----\n${head}`],
    [
      'Portuguese',
      'Yes, please.\n\nEm ter., 24 de nov. de 2026 às 09:00, Sam <sam@mill.example> escreveu:\n> Shall we?',
    ],
    ['Polish', 'Yes, please.\n\nW dniu 24.11.2026 o 09:00, Sam napisał(a):\n> Shall we?'],
  ])('of %s is what was written now, by whom it is from', async (_, text) => {
    const event = await eventOf({ from: 'Nora Falk <nora@mail.example>', headers: { Subject: 'RE: Your lease' }, text })
    expect(event).toMatchObject({ person: nora, message: 'Yes, please.' })
  })

  it('is no sentence of a letter', async () => {
    const text = 'On Monday my landlord wrote:\nYou must leave.\n\nNora'
    expect((await eventOf({ text })).message).toBe(text)
  })

  it.each(['FW: My lease', 'My lease'])('is not what was forwarded: %s', async Subject => {
    const text =
      'Please open.\n\nFrom: Nora Falk <nora@mail.example>\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Sam\nSubject: My lease\n\nMy landlord keeps the deposit.'
    const event = await eventOf({ from: 'Sam <sam@mill.example>', headers: { Subject }, text })
    expect(event).toMatchObject({
      person: nora,
      message: 'Please open.\n\nMy landlord keeps the deposit.',
      fields: { Subject: 'My lease' },
    })
  })

  it('that is forwarded as an attachment, of a service, is of whom answers go to', async () => {
    const inner = rawMail({
      boundary: 'inner',
      from: 'Directory <no-reply@service.example>',
      headers: { 'Reply-To': 'Nora Falk <nora@mail.example>' },
      text: 'A lead',
    })
    const attachments = [{ name: 'lead.eml', type: 'message/rfc822', content: inner }]
    expect((await eventOf({ from: 'Sam <sam@mill.example>', text: 'See', attachments })).person).toMatchObject(nora)
  })
})

describe('what nobody wrote', () => {
  it.each<[string, Mail]>([
    ['an absence', { headers: { Subject: 'Automatic reply: Your lease', 'Auto-Submitted': 'auto-generated' } }],
    ['an absence in German', { headers: { Subject: 'Abwesenheitsnotiz: Ihre Anfrage' } }],
    ['an old program that answers', { headers: { Precedence: 'auto_reply' } }],
    ['a mail that came back', { from: 'Mail Delivery Subsystem <mailer-daemon@mail.example>' }],
    ['one that could not be brought', { headers: { Subject: 'Undeliverable: Your lease' } }],
    ['an absence in Spanish', { headers: { Subject: 'Fuera de la oficina: Su consulta' } }],
    ['an absence in French', { headers: { Subject: 'Absence du bureau' } }],
    ['one that says for whom it could not be brought', { headers: { 'X-Failed-Recipients': 'x@mail.example' } }],
    ['a newsletter', { headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } }],
    ['a mailing', { headers: { Precedence: 'bulk' } }],
  ])('%s is kept apart', async (_, mail) => expect((await read(mail)).spam).toMatch(/automatic|mailing/))

  it('an answer to an invitation is kept apart', async () => {
    const answer = { name: 'invite.ics', type: 'text/calendar; method=REPLY', content: 'BEGIN:VCALENDAR' }
    expect((await read({ attachments: [answer] })).spam).toMatch(/automatic/)
    const asked = { ...answer, type: 'text/calendar; method=REQUEST' }
    expect((await read({ attachments: [asked] })).spam).toBeUndefined()
  })

  it.each<[string, Mail, Record<string, Json>]>([
    ['a letter about goods that never came', { headers: { Subject: 'Undelivered furniture, need a lawyer' } }, {}],
    ['a letter about letters', { headers: { Subject: 'Returned mail and a missing check' } }, {}],
    ['a mailing list of the firm’s own', { headers: { 'List-Id': '<intake.mill.example>', Precedence: 'list' } }, {}],
    [
      'a service’s notification',
      { from: 'x@service.example', headers: { Precedence: 'bulk' } },
      { senders: ['@service.example'] },
    ],
    ['a notification of a program', { headers: { 'Auto-Submitted': 'auto-generated' } }, {}],
  ])('%s is not', async (_, mail, options) => expect((await read(mail, options)).spam).toBeUndefined())
})

describe('encodings', () => {
  const mail = (head: string, body: string) => `To: x@y.example\r\nMessage-ID: <1@x>\r\n${head}\r\n\r\n${body}`

  it.each([
    [
      'Latin-1 that nobody declared',
      'From: J\xfcrgen M\xfcller <j@mail.example>\r\nSubject: Gr\xfc\xdfe',
      'Ren\xe9 \x96 hier',
    ],
    [
      'Latin-1 that says UTF-8',
      'From: =?utf-8?Q?J=FCrgen_M=FCller?= <j@mail.example>\r\nSubject: =?utf-8?Q?Gr=FC=DFe?=\r\nContent-Type: text/plain; charset=utf-8',
      'Ren\xe9 \x96 hier',
    ],
    [
      'UTF-8 in a header',
      'From: J\xc3\xbcrgen M\xc3\xbcller <j@mail.example>\r\nSubject: Gr\xc3\xbc\xc3\x9fe\r\nContent-Type: text/plain; charset=windows-1252',
      'Ren\xe9 \x96 hier',
    ],
    [
      'words of two encodings',
      'From: =?iso-8859-1?Q?J=FCrgen?= =?utf-8?B?IE3DvGxsZXI=?= <j@mail.example>\r\nSubject: =?utf-8?Q?Gr=C3=BC?=\r\n =?utf-8?Q?=C3=9Fe?=',
      'Ren\xc3\xa9 \xe2\x80\x93 hier',
    ],
    [
      'a name in quotes, family first',
      'From: "=?utf-8?B?TcO8bGxlciwgSsO8cmdlbg==?=" <j@mail.example>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: text/plain; charset=us-ascii',
      'Ren\xe9 \x96 hier',
    ],
  ])('%s', async (_, head, body) => {
    const { person, message, fields } = await eventOf(mail(head, body))
    expect(person).toMatchObject({ first_name: 'Jürgen', last_name: 'Müller', email: 'j@mail.example' })
    expect(message).toBe('René – hier')
    expect(fields.Subject).toBe('Grüße')
  })

  it('of Japan and China', async () => {
    const japan = mail('From: a@mail.example\r\nContent-Type: text/plain; charset=iso-2022-jp', '\x1b$B$3$s\x1b(B')
    expect((await eventOf(japan)).message).toBe('こん')
    const china = mail('From: a@mail.example\r\nContent-Type: text/plain; charset=gb2312', '\xd5\xc5\xc8\xfd')
    expect((await eventOf(china)).message).toBe('张三')
  })

  it('never make a sign for what could not be read', async () => {
    const broken = mail('From: a@mail.example\r\nContent-Type: text/plain; charset=gb2312', '\xd5\xff\xff x')
    expect(JSON.stringify(await eventOf(broken))).not.toContain('\ufffd')
  })
})

describe('a sender', () => {
  it.each([
    ['that is missing', 'Subject: x'],
    ['that is a group', 'From: undisclosed-recipients:;\r\nSubject: x'],
    ['that is no address', 'From: nobody\r\nSubject: x'],
  ])('%s makes nobody of it, and the letter is kept', async (_, head) => {
    const event = await eventOf(`${head}\r\nMessage-ID: <1@x>\r\n\r\nPlease ring 212 555 0147`)
    expect(event).toMatchObject({ person: { first_name: null, email: null }, message: 'Please ring 212 555 0147' })
  })
})
