import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/lib/json.ts'
import { deliver, eventOf } from './deliver.ts'

/** Bodies as vendors really send them: whom they are about, what was said, which deliveries are one event. */

const form = (fields: Record<string, string>) => new URLSearchParams(fields)
const dana = { first_name: 'Dana', last_name: 'Whitfield' }

describe('Formstack', () => {
  const base = { FormID: '1', UniqueID: '2' }
  const json = { headers: { 'content-type': 'application/json' } }

  it.each<[string, string, string, string]>([
    ['first = Dana\nlast = Whitfield', 'Dana', 'Whitfield', 'Dana Whitfield'],
    [
      'prefix = Ms.\nfirst = Dana\nmiddle = Q\nlast = Whitfield\nsuffix = ',
      'Dana',
      'Whitfield',
      'Ms. Dana Q Whitfield',
    ],
    ['first = Mary Ann\r\nlast = van der Berg', 'Mary Ann', 'van der Berg', 'Mary Ann van der Berg'],
    ['last = Whitfield\nfirst = Dana', 'Dana', 'Whitfield', 'Dana Whitfield'],
    ['First = Dana\nLast=Whitfield', 'Dana', 'Whitfield', 'Dana Whitfield'],
  ])('reads a name of lines: %j', async (name, first_name, last_name, whole) => {
    const { person, fields } = await eventOf('formstack', form({ ...base, Name: name }))
    expect(person).toMatchObject({ first_name, last_name })
    expect(fields.Name).toBe(whole)
  })

  it.each(['first = Dana\nand then = she left', 'first come = first served', 'The last = one', 'first = '])(
    'takes no other text for a name: %j',
    async text => {
      const { fields, person } = await eventOf('formstack', form({ ...base, Story: text }))
      expect(fields.Story).toBe(text.trim())
      expect(person).toMatchObject({ first_name: null, last_name: null })
    },
  )

  it('reads a name of an object, and answers with the type of their field', async () => {
    const body = {
      ...base,
      Client: { value: { first: 'Dana', last: 'Whitfield' }, field_type: 'name' },
      'Reach me at': { value: 'dana@mail.example', field_type: 'email' },
      'Best number': { value: '(212) 555-0147', field_type: 'phone' },
      'What happened': { value: 'A fall', field_type: 'textarea' },
      Evil: { value: 'x', field_type: 'constructor' },
    }
    const { person, message, fields } = await eventOf('formstack', body, json)
    expect(person).toMatchObject({ ...dana, email: 'dana@mail.example', phone: '(212) 555-0147' })
    expect(message).toBe('A fall')
    expect(fields).toMatchObject({ Client: 'Dana Whitfield', 'Reach me at': 'dana@mail.example', Evil: 'x' })
  })

  it('keeps an object that is no name as it is', async () => {
    const { fields } = await eventOf('formstack', { ...base, Address: { city: 'Albany', zip: '12207' } }, json)
    expect(fields.Address).toEqual({ city: 'Albany', zip: '12207' })
  })
})

describe('Jotform', () => {
  const body = (answers: Json) => {
    const fields = Object.entries({ formID: '1', submissionID: '61', rawRequest: JSON.stringify(answers) })
    const parts = fields.map(([name, value]) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    return `------docketed\r\n${parts.join('------docketed\r\n')}------docketed--\r\n`
  }

  it.each<[Json, Json]>([
    [{ month: '3', day: '5', year: '2026' }, '2026-03-05'],
    [{ month: '3', day: '5', year: '2026', hour: '10', min: '05', ampm: 'PM' }, '2026-03-05T22:05'],
    [{ month: '3', day: '5', year: '2026', hour: '12', min: '00', ampm: 'AM' }, '2026-03-05T00:00'],
    [{ month: '12', day: '05', year: '2026', hour: '17', min: '30' }, '2026-12-05T17:30'],
    [{ month: '3', day: '5', year: '2026', timeInput: '09:15', ampm: 'AM' }, '2026-03-05T09:15'],
    [{ month: '3', day: '5', year: '2026', timeInput: '09:15' }, '2026-03-05T09:15'],
    [{ month: '3', day: '5', year: '2026', hour: '', min: '', ampm: '' }, '2026-03-05'],
    [{ hourSelect: '1' }, { hourSelect: '1' }],
    [
      { month: '', day: '', year: '' },
      { month: '', day: '', year: '' },
    ],
  ])('loses no part of a date: %j', async (when, read) => {
    expect((await eventOf('jotform', body({ q5_when: when }))).fields.when).toEqual(read)
  })
})

describe('forms with names that a program made', () => {
  it('Contact Form 7 tells the type of a field in them', async () => {
    const { person, message } = await eventOf('contact-form-7', {
      'text-12': 'Custody',
      'email-97': 'dana@mail.example',
      'tel-620': '212 555 0147',
      'textarea-3': 'After five, please',
      'constructor-1': 'x',
    })
    expect(person).toMatchObject({ email: 'dana@mail.example', phone: '212 555 0147' })
    expect(message).toBe('After five, please')
  })

  it('Contact Form 7 with two addresses says not whose they are, so neither is taken', async () => {
    const { person } = await eventOf('contact-form-7', { 'email-1': 'a@x.example', 'email-2': 'b@x.example' })
    expect(person.email).toBeNull()
  })

  it('Elementor writes "No Label" and the id', async () => {
    const fields = {
      'No Label email_1616': 'dana@mail.example',
      'No Label tel': '212 555 0147',
      'No Label textarea_2': 'Hello',
    }
    const { person, message, fields: read } = await eventOf('elementor', form(fields))
    expect(person).toMatchObject({ email: 'dana@mail.example', phone: '212 555 0147' })
    expect(message).toBe('Hello')
    expect(read).toHaveProperty('email_1616', 'dana@mail.example')
  })

  it('Elementor joins the addresses of several files with commas', async () => {
    const pdf = 'https://smith.example/wp-content/uploads/elementor/forms'
    const { files } = await eventOf('elementor', form({ 'Upload documents': `${pdf}/a.pdf , ${pdf}/b,c.pdf` }))
    expect(files.map(({ name }) => name)).toEqual(['a.pdf', 'b,c.pdf'])
  })

  it('Gravity Forms writes the list of uploads as text', async () => {
    const url = (name: string) => `https:\\/\\/smith.example\\/wp-content\\/uploads\\/${name}`
    const options = { labels: { 8: 'Court papers file', 9: 'Story' } }
    const body = { id: '41', form_id: '3', 8: `["${url('r.pdf')}","${url('s.jpg')}"]`, 9: '["no", "list"]' }
    const { files, fields } = await eventOf('gravity-forms', body, { options })
    expect(files.map(({ name }) => name)).toEqual(['r.pdf', 's.jpg'])
    expect(fields.Story).toBe('["no", "list"]')
    const one = await eventOf('gravity-forms', { id: '42', form_id: '3', 8: `["${url('r.pdf')}"]` }, { options })
    expect(one.files).toMatchObject([{ name: 'r.pdf', url: 'https://smith.example/wp-content/uploads/r.pdf' }])
  })
})

describe('HubSpot workflows', () => {
  const body = (more: Record<string, Json> = {}, at = 1795190400000, vid = 101): Json => ({
    vid,
    'portal-id': 99,
    properties: {
      firstname: { value: 'Dana' },
      lastname: { value: 'Whitfield' },
      email: { value: 'd@mail.example' },
      ...more,
    },
    'form-submissions': [
      { 'conversion-id': 'c0', timestamp: 1700000000000 },
      { 'conversion-id': 'c1', timestamp: at },
    ],
  })
  const key = async (given: Json) => (await deliver('hubspot-workflow', given)).deliveries[0]!.key

  it('are known by the contact and its newest form, whatever else HubSpot changes', async () => {
    const first = await key(body())
    expect(first).toEqual({ kind: 'given', value: 'workflow:99:101:1795190400000' })
    expect(await key(body({ hs_analytics_num_page_views: { value: '4' } }))).toEqual(first)
    expect(await key(body({}, 1795190460000))).not.toEqual(first)
    expect(await key(body({}, undefined, 102))).not.toEqual(first)
  })

  it('without a form are known by what they tell', async () => {
    expect(await key({ firstname: 'Dana' })).toMatchObject({ kind: 'content' })
    expect(await key({ vid: 5, 'form-submissions': [{ timestamp: 'x' }] })).toMatchObject({ kind: 'content' })
  })
})

describe('Twilio', () => {
  const call = { AccountSid: 'AC0', CallSid: 'CA1', From: '+12125550147', To: '+12125550100', Direction: 'inbound' }
  const ended = { ...call, CallStatus: 'completed' }
  const url = 'https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE1'

  it.each<[string, Record<string, string>, string, string]>([
    ['the end of a call', { ...ended, CallDuration: '41' }, 'call.completed', 'CA1:completed'],
    [
      'the end of one that was recorded as a whole',
      { ...ended, CallDuration: '41', RecordingSid: 'RE1', RecordingUrl: url },
      'call.completed',
      'CA1:completed',
    ],
    ['a recording', { ...ended, RecordingSid: 'RE1', RecordingUrl: url }, 'call.recorded', 'CA1:recording:RE1'],
    ['another', { ...ended, RecordingSid: 'RE2', RecordingUrl: url }, 'call.recorded', 'CA1:recording:RE2'],
    [
      'a recording’s own callback',
      { CallSid: 'CA1', RecordingSid: 'RE1', RecordingStatus: 'completed', RecordingUrl: url },
      'call.recorded',
      'CA1:recording:RE1',
    ],
    [
      'one that has begun',
      { CallSid: 'CA1', RecordingSid: 'RE1', RecordingStatus: 'in-progress' },
      'call.recording.in-progress',
      'CA1:recording:RE1:in-progress:',
    ],
    [
      'the words of a recording',
      {
        ...ended,
        RecordingSid: 'RE1',
        TranscriptionSid: 'TR1',
        TranscriptionStatus: 'completed',
        TranscriptionText: 'Hi',
      },
      'call.transcribed',
      'CA1:transcription:TR1',
    ],
    [
      'words that nobody could read',
      { ...ended, TranscriptionSid: 'TR1', TranscriptionStatus: 'failed' },
      'call.transcription.failed',
      'CA1:transcription:TR1:failed:',
    ],
    [
      'words while people speak',
      { CallSid: 'CA1', TranscriptionSid: 'GT1', TranscriptionEvent: 'transcription-content', SequenceId: '7' },
      'call.transcription.transcription-content',
      'CA1:transcription:GT1:transcription-content:7',
    ],
  ])('tells %s', async (_, body, type, key) => {
    const { deliveries } = await deliver('twilio', form(body))
    expect(deliveries).toMatchObject([{ event: { type, subject: 'CA1' }, key: { kind: 'given', value: key } }])
  })

  it('tells the words of a voicemail as the message', async () => {
    const { message } = await eventOf(
      'twilio',
      form({ ...ended, TranscriptionSid: 'TR1', TranscriptionText: 'It is about a lease' }),
    )
    expect(message).toBe('It is about a lease')
  })

  it.each<[string, Record<string, string>, Json]>([
    ['who rang', { ...ended }, { phone: '+12125550147', first_name: null }],
    ['whom the firm rang', { ...ended, Direction: 'outbound-api' }, { phone: '+12125550100' }],
    ['whom the firm rang through a trunk', { ...ended, Direction: 'outbound-dial' }, { phone: '+12125550100' }],
    [
      'who wrote',
      { MessageSid: 'SM1', SmsStatus: 'received', From: '+12125550147', To: '+1' },
      { phone: '+12125550147' },
    ],
    [
      'whom the firm wrote to',
      { MessageSid: 'SM1', MessageStatus: 'delivered', From: '+1212', To: '+12125550147' },
      { phone: '+12125550147' },
    ],
    [
      'who wrote on WhatsApp',
      { SmsSid: 'SM1', From: 'whatsapp:+12125550147', ProfileName: 'Dana Whitfield' },
      { phone: '+12125550147', ...dana },
    ],
    ['a number of a SIP phone', { ...ended, From: 'sip:+12125550147@smith.example' }, { phone: '+12125550147' }],
    ['no withheld number', { ...ended, From: 'anonymous' }, { phone: null }],
    ['no number that spells ANONYMOUS', { ...ended, From: '+266696687' }, { phone: null }],
    ['no number that spells RESTRICTED', { ...ended, From: '+7378742833' }, { phone: null }],
    ['no name of a program', { ...ended, From: 'client:dana_w' }, { phone: null }],
    ['a caller id in capitals', { ...ended, CallerName: 'WHITFIELD DANA' }, dana],
    ['one with an initial', { ...ended, CallerName: 'WHITFIELD DANA Q' }, { last_name: 'Whitfield' }],
    ['a caller id as people write it', { ...ended, CallerName: 'Dana Whitfield' }, dana],
    ['O’Brien', { ...ended, CallerName: "O'BRIEN KATE" }, { first_name: 'Kate', last_name: "O'Brien" }],
    [
      'a business',
      { ...ended, CallerName: 'ACME PLUMBING' },
      { first_name: null, last_name: null, company: 'Acme Plumbing' },
    ],
    ...[
      'WIRELESS CALLER',
      'ALBANY NY',
      'UNKNOWN',
      'Toll Free Call',
      'V12345678901234',
      '+12125550147',
      'Private Number',
    ].map((name): [string, Record<string, string>, Json] => [
      `nobody called ${name}`,
      { ...ended, CallerName: name },
      { first_name: null, last_name: null, company: null },
    ]),
  ])('tells %s', async (_, body, person) => {
    expect((await eventOf('twilio', form(body))).person).toMatchObject(person as object)
  })
})

describe('Quo', () => {
  const event = (type: string, data: Json, more: Record<string, Json> = {}): Json => ({
    id: `EV${type}`,
    apiVersion: '2026-03-30',
    createdAt: '2026-11-02T08:58:11.557Z',
    type,
    ...(data === null ? {} : { data }),
    ...more,
  })
  const context = { participants: { external: ['+12125550147'], workspace: ['+12125550100'] } }

  it('tells of a call: the other side, and whether it was answered', async () => {
    const resource = { id: 'AC1', direction: 'incoming', answeredAt: '2026-11-02T08:50:05.000Z' }
    const { person, fields, subject } = await eventOf('quo', event('call.completed', { context, resource }))
    expect(person.phone).toBe('+12125550147')
    expect(fields.answeredAt).toBe('2026-11-02T08:50:05.000Z')
    expect(subject).toBe('AC1')
  })

  it('tells of a message, in and out', async () => {
    const resource = { id: 'MM1', direction: 'incoming', text: 'Can I come in tomorrow?' }
    const inward = { senderIdentifier: '+12125550147', recipientIdentifiers: ['+12125550100'] }
    const outward = { senderIdentifier: '+12125550100', recipientIdentifiers: ['+12125550147'] }
    expect(await eventOf('quo', event('message.received', { context: inward, resource }))).toMatchObject({
      message: 'Can I come in tomorrow?',
      person: { phone: '+12125550147' },
      subject: 'MM1',
    })
    const sent = { ...resource, direction: 'outgoing' }
    expect((await eventOf('quo', event('message.delivered', { context: outward, resource: sent }))).person.phone).toBe(
      '+12125550147',
    )
  })

  it('tells the words of a voicemail, about its call', async () => {
    const resource = { id: 'VM1', callId: 'AC1', transcript: 'It is about a lease' }
    const told = await eventOf('quo', event('voicemail.transcribed', { context, resource }))
    expect(told).toMatchObject({ message: 'It is about a lease', subject: 'AC1', person: { phone: '+12125550147' } })
  })

  it('reads a resource that stands at the root', async () => {
    const resource = { id: 'MM2', direction: 'incoming', text: 'Hello' }
    const body = event('message.received', null, { context: { senderIdentifier: '+12125550147' }, resource })
    expect(await eventOf('quo', body)).toMatchObject({
      message: 'Hello',
      subject: 'MM2',
      person: { phone: '+12125550147' },
    })
  })

  it.each<[string, Json, string | null]>([
    [
      'incoming',
      { id: 'AC', from: '+12125550147', to: '+12125550100', direction: 'incoming', body: 'Hi' },
      '+12125550147',
    ],
    [
      'outgoing',
      { id: 'AC', from: '+12125550100', to: ['+12125550147'], direction: 'outgoing', body: 'Hi' },
      '+12125550147',
    ],
    [
      'outgoing, with participants only',
      { id: 'AC', direction: 'outgoing', participants: ['+1212555', '+12125550100'] },
      null,
    ],
    ['from a withheld number', { id: 'AC', from: 'Anonymous', direction: 'incoming' }, null],
  ])('reads the older shape: %s', async (_, object, phone) => {
    const { person } = await eventOf('quo', event('message.received', { object }))
    expect(person.phone).toBe(phone)
  })
})

describe('PandaDoc, DocuSign and Dropbox Sign', () => {
  const client = { email: 'dana@mail.example', first_name: 'Dana', last_name: 'Whitfield', recipient_type: 'SIGNER' }
  const lawyer = { email: 'sam@smith.example', first_name: 'Sam', last_name: 'Attorney', recipient_type: 'CC' }
  const signer = { ...lawyer, recipient_type: 'SIGNER' }
  const pandadoc = async (recipients: Json, by = 'sam@smith.example') =>
    (await eventOf('pandadoc', [{ event: 'x', data: { id: 'p', status: 's', created_by: { email: by }, recipients } }]))
      .person.email

  it.each<[string, Json, string | null]>([
    ['a copy goes to the firm, first', [lawyer, client], 'dana@mail.example'],
    ['the firm signs too, first', [signer, client], 'dana@mail.example'],
    ['a colleague of the sender signs too', [{ ...signer, email: 'kim@smith.example' }, client], 'dana@mail.example'],
    [
      'the role says who is the client',
      [
        { ...client, email: 'co@x.example', role: 'Witness' },
        { ...client, role: 'Client' },
      ],
      'dana@mail.example',
    ],
    [
      'the order of signing decides',
      [
        { ...client, email: 'b@x.example', signing_order: 2 },
        { ...client, signing_order: 1 },
      ],
      'dana@mail.example',
    ],
    ['only the firm signs', [signer, { ...client, recipient_type: 'CC' }], 'sam@smith.example'],
    ['nobody signs', [lawyer], null],
    ['there is nobody', [], null],
    ['there is no list', null, null],
  ])('the client is the one who signs: %s', async (_, recipients, email) => {
    expect(await pandadoc(recipients)).toBe(email)
  })

  it('two private addresses of one provider are two people', async () => {
    const other = { ...client, email: 'dana.whitfield@gmail.com' }
    expect(await pandadoc([other], 'sam.solo@gmail.com')).toBe('dana.whitfield@gmail.com')
  })

  const envelope = (summary: Json): Json => ({
    event: 'envelope-completed',
    generatedDateTime: '2026-11-02T08:58:11.0000000Z',
    data: { envelopeId: 'e1', ...(summary === null ? {} : { envelopeSummary: summary }) },
  })
  const signers = [
    { name: 'Sam Smith', email: 'sam@smith.example', routingOrder: '1' },
    { name: 'Dana Whitfield', email: 'dana@mail.example', routingOrder: '2' },
  ]

  it('DocuSign: the firm that sent it is not its client, and copies are none', async () => {
    const sender = { email: 'office@smith.example' }
    const summary = { sender, recipients: { signers, carbonCopies: [{ email: 'x@y.example' }] } }
    expect((await eventOf('docusign', envelope(summary))).person).toMatchObject({ ...dana, email: 'dana@mail.example' })
    expect((await eventOf('docusign', envelope(null))).person.email).toBeNull()
  })

  it('DocuSign: documents become files, and their bytes are not kept with the event', async () => {
    const pdf = btoa('%PDF-1.7 signed')
    const envelopeDocuments = [
      { documentId: '1', name: 'Fee agreement.docx', type: 'content', PDFBytes: pdf },
      { documentId: '2', name: '../../etc/passwd', type: 'content', PDFBytes: pdf },
      { documentId: 'certificate', name: 'Summary', type: 'summary', PDFBytes: pdf },
      { documentId: '3', name: 'Empty', PDFBytes: '' },
    ]
    const { status, deliveries } = await deliver('docusign', envelope({ recipients: { signers }, envelopeDocuments }))
    expect(status).toBe(200)
    const [{ event }] = deliveries as [(typeof deliveries)[number]]
    expect(event.files).toMatchObject([
      { name: 'Fee agreement.pdf', content_type: 'application/pdf', size: 15, key: expect.any(String) },
      { name: 'passwd.pdf' },
      { name: 'Certificate of completion.pdf' },
    ])
    expect(JSON.stringify(event)).not.toContain(pdf)
    expect(event.data).toMatchObject({
      data: { envelopeSummary: { envelopeDocuments: [{ name: 'Fee agreement.docx' }, {}, {}, {}] } },
    })
  })

  it('DocuSign: takes several megabytes of them', async () => {
    const PDFBytes = btoa(`%PDF-1.7 ${'x'.repeat(3_000_000)}`)
    const { status } = await deliver(
      'docusign',
      envelope({ envelopeDocuments: [{ documentId: '1', name: 'Scan', PDFBytes }] }),
    )
    expect(status).toBe(200)
  })
})

describe('Stripe', () => {
  const event = (type: string, object: Json): Json => ({
    id: `evt_${type}`,
    type,
    created: 1793609891,
    data: { object },
  })
  const who = { ...dana, email: 'dana@mail.example', phone: '+12125550147' }
  const told = { name: 'Dana Whitfield', email: 'dana@mail.example', phone: '+12125550147' }
  const nobodys = { name: null, email: null, phone: null }

  it.each<[string, Json]>([
    ['checkout.session.completed', { object: 'checkout.session', customer_details: told }],
    [
      'invoice.paid',
      {
        object: 'invoice',
        account_name: 'Smith Law',
        customer_name: told.name,
        customer_email: told.email,
        customer_phone: told.phone,
      },
    ],
    [
      'invoice.payment_failed',
      {
        object: 'invoice',
        customer_email: told.email,
        customer_name: told.name,
        customer_phone: told.phone,
        customer_shipping: nobodys,
      },
    ],
    ['customer.created', { object: 'customer', ...told }],
    ['customer.updated', { object: 'customer', ...told, shipping: null }],
    ['charge.succeeded', { object: 'charge', billing_details: told }],
    [
      'charge.refunded',
      {
        object: 'charge',
        billing_details: nobodys,
        receipt_email: told.email,
        shipping: { name: told.name, phone: told.phone },
      },
    ],
    [
      'payment_intent.succeeded',
      { object: 'payment_intent', receipt_email: told.email, shipping: { name: told.name, phone: told.phone } },
    ],
    [
      'payment_intent.succeeded',
      { object: 'payment_intent', receipt_email: null, charges: { data: [{ billing_details: told }] } },
    ],
    ['payment_intent.succeeded', { object: 'payment_intent', latest_charge: { billing_details: told } }],
    ['payment_method.attached', { object: 'payment_method', billing_details: told }],
  ])('tells whose %s it is', async (type, object) => {
    expect((await eventOf('stripe', event(type, object))).person).toMatchObject(who)
  })

  it.each<[string, Json]>([
    ['product.created', { object: 'product', name: 'Retainer' }],
    ['account.updated', { object: 'account', email: 'office@smith.example' }],
    ['customer.subscription.created', { object: 'subscription', name: 'Plan' }],
    ['customer.deleted', 'gone'],
  ])('knows nobody of %s', async (type, object) => {
    expect((await eventOf('stripe', event(type, object))).person).toMatchObject({
      first_name: null,
      last_name: null,
      email: null,
    })
  })
})

describe('Square', () => {
  const event = (type: string, object: Json): Json => ({
    event_id: `e-${type}`,
    type,
    created_at: '2026-11-02T08:58:11Z',
    data: { id: 'b1:1', object },
  })

  it('tells who gets an invoice, and who paid', async () => {
    const recipient = {
      given_name: 'Dana',
      family_name: 'Whitfield',
      email_address: 'd@mail.example',
      phone_number: '+12125550147',
    }
    const invoice = { invoice: { id: 'i', primary_recipient: recipient } }
    expect((await eventOf('square', event('invoice.payment_made', invoice))).person).toMatchObject({
      ...dana,
      email: 'd@mail.example',
    })
    const payment = {
      payment: {
        buyer_email_address: 'd@mail.example',
        billing_address: { first_name: 'Dana', last_name: 'Whitfield' },
      },
    }
    expect((await eventOf('square', event('payment.updated', payment))).person).toMatchObject({
      ...dana,
      email: 'd@mail.example',
    })
    expect((await eventOf('square', event('customer.created', { customer: recipient }))).person).toMatchObject(dana)
  })

  const booking = (more: Record<string, Json> = {}) => ({
    booking: {
      id: 'b1',
      status: 'ACCEPTED',
      start_at: '2026-12-01T15:00:00Z',
      customer_note: 'About a lease',
      appointment_segments: [{ duration_minutes: 30 }, { duration_minutes: 15 }],
      ...more,
    },
  })

  it('tells of a booking as calendars do', async () => {
    expect(await eventOf('square', event('booking.created', booking()))).toMatchObject({
      type: 'booking.created',
      subject: 'b1',
      message: 'About a lease',
      booking: { id: 'b1', start: '2026-12-01T15:00:00.000Z', end: '2026-12-01T15:45:00.000Z', seconds: 2700 },
    })
  })

  it.each([
    ['ACCEPTED', 'booking.rescheduled'],
    ['CANCELLED_BY_CUSTOMER', 'booking.canceled'],
    ['CANCELLED_BY_SELLER', 'booking.canceled'],
    ['NO_SHOW', 'booking.no_show'],
    ['constructor', 'booking.rescheduled'],
  ])('a change to %s is %s', async (status, type) => {
    expect((await eventOf('square', event('booking.updated', booking({ status })))).type).toBe(type)
  })

  it('a booking without a length has no end', async () => {
    const { booking: told } = await eventOf('square', event('booking.created', booking({ appointment_segments: null })))
    expect(told).toMatchObject({ end: null, seconds: null })
  })
})

describe('CallRail', () => {
  const call = {
    id: 'CAL1',
    company_name: 'Smith Law',
    customer_name: 'WHITFIELD DANA',
    customer_phone_number: '+12125550147',
  }

  it('files not the agency for the client’s company, and knows when it was', async () => {
    const told = await eventOf('callrail', {
      ...call,
      start_time: '2026-11-20T10:00:00.000-05:00',
      transcription: 'A fall',
    })
    expect(told).toMatchObject({
      person: { ...dana, company: null, phone: '+12125550147' },
      time: '2026-11-20T15:00:00.000Z',
      message: 'A fall',
    })
  })

  it('reads the answers of a form', async () => {
    const form_data = { name: 'Dana Whitfield', email: 'd@mail.example', message: 'Hello' }
    const told = await eventOf('callrail', { id: 'FRM1', company_name: 'Smith Law', form_data })
    expect(told).toMatchObject({ person: { ...dana, email: 'd@mail.example', company: null }, message: 'Hello' })
  })
})

describe('RingCentral', () => {
  const event = (of: string, body: Json): Json => ({
    uuid: 'u1',
    event: `/restapi/v1.0/account/1/extension/2/${of}`,
    body,
  })
  const ours = { phoneNumber: '+12125550100', name: 'Smith Law' }
  const theirs = { phoneNumber: '+12125550147', name: 'WHITFIELD DANA' }

  it('tells who rang, or whom the firm rang', async () => {
    const party = { direction: 'Inbound', from: theirs, to: ours, missedCall: true }
    const told = await eventOf(
      'ringcentral',
      event('telephony/sessions', { telephonySessionId: 's-1', parties: [party] }),
    )
    expect(told).toMatchObject({ type: 'sessions', subject: 's-1', person: { ...dana, phone: '+12125550147' } })
    const out = { direction: 'Outbound', from: ours, to: theirs }
    expect((await eventOf('ringcentral', event('telephony/sessions', { parties: [out] }))).person.phone).toBe(
      '+12125550147',
    )
  })

  it('tells who wrote, and what', async () => {
    const body = { id: 5, type: 'SMS', direction: 'Inbound', subject: 'May I come by?', from: theirs, to: [ours] }
    const told = await eventOf('ringcentral', event('message-store/instant', body))
    expect(told).toMatchObject({ message: 'May I come by?', person: { phone: '+12125550147' } })
  })
})

describe('Calendly and Cal.com', () => {
  const calendly = async (location: Json, more: Record<string, Json> = {}) =>
    (
      await eventOf('calendly', {
        event: 'invitee.created',
        created_at: '2026-11-02T08:58:11.000000Z',
        payload: {
          uri: 'https://api.calendly.com/i/1',
          name: 'Dana Whitfield',
          email: 'd@mail.example',
          scheduled_event: { location },
          ...more,
        },
      })
    ).person.phone

  it('Calendly: the place of a call that the firm makes is the invitee’s number; every other one is not', async () => {
    expect(await calendly({ type: 'outbound_call', location: '+1 212-555-0147' })).toBe('+1 212-555-0147')
    expect(await calendly({ type: 'inbound_call', location: '+1 212-555-0100' })).toBeNull()
    expect(await calendly({ type: 'physical', location: 'Suite 4, 12 Elm St, Albany 12207' })).toBeNull()
    expect(await calendly({ type: 'custom', location: '212 555 0100' })).toBeNull()
    expect(await calendly({ type: 'outbound_call', location: '1 212' }, { text_reminder_number: '+12125550147' })).toBe(
      '+12125550147',
    )
  })

  const calcom = (payload: Record<string, Json>, triggerEvent = 'BOOKING_CREATED') =>
    eventOf('calcom', { triggerEvent, createdAt: '2026-11-02T08:58:11.000Z', payload: { uid: 'u1', ...payload } })
  const attendee = { name: 'Dana Whitfield', email: 'd@mail.example' }

  it.each<[string, Record<string, Json>, string | null]>([
    ['their own field', { responses: { attendeePhoneNumber: { value: '+12125550147' } } }, '+12125550147'],
    ['the attendee', { attendees: [{ ...attendee, phoneNumber: '+12125550147' }] }, '+12125550147'],
    [
      'the place',
      { responses: { location: { value: { value: 'phone', optionValue: '+12125550147' } } } },
      '+12125550147',
    ],
    [
      'the place, told once',
      { location: '+12125550147', responses: { location: { value: { value: 'phone', optionValue: '' } } } },
      '+12125550147',
    ],
    ['a question', { responses: { phone: { label: 'phone', value: '+12125550147' } } }, '+12125550147'],
    ['a reminder', { responses: { smsReminderNumber: { value: '+12125550147' } } }, '+12125550147'],
    [
      'not the organiser’s number',
      { location: '+12125550100', responses: { location: { value: { value: 'userPhone', optionValue: '' } } } },
      null,
    ],
    [
      'not an address',
      { location: '12 Elm St, 12207', responses: { location: { value: { value: 'inPerson', optionValue: '' } } } },
      null,
    ],
  ])('Cal.com: the number is from %s', async (_, payload, phone) => {
    expect((await calcom({ attendees: [attendee], ...payload })).person.phone).toBe(phone)
  })

  it.each([
    ['12125550143@sms.cal.com', null],
    ['12125550143@SMS.CAL.COM', null],
    ['sms@cal.case.example', 'sms@cal.case.example'],
    ['dana@sms.cal.com.example', 'dana@sms.cal.com.example'],
  ])('Cal.com: of %s the address is %s', async (email, read) => {
    expect((await calcom({ attendees: [{ ...attendee, email }] })).person.email).toBe(read)
  })

  it('Cal.com: older bookings have custom inputs', async () => {
    const { fields } = await calcom({ attendees: [attendee], customInputs: { 'What is it about?': 'A lease' } })
    expect(fields).toEqual({ 'What is it about?': 'A lease' })
  })

  it('Cal.com: a name in parts, without an attendee', async () => {
    const responses = {
      name: { value: { firstName: 'Dana', lastName: 'Whitfield' } },
      email: { value: 'd@mail.example' },
    }
    expect((await calcom({ responses })).person).toMatchObject({ ...dana, email: 'd@mail.example' })
  })

  it('Cal.com: a routing form is a form', async () => {
    const responses = {
      Name: { value: 'Dana Whitfield' },
      'Your email': { value: 'd@mail.example' },
      Area: { value: 'opt1', response: 'Custody' },
    }
    const told = await calcom({ formId: 'f1', formName: 'Intake', responses }, 'FORM_SUBMITTED')
    expect(told).toMatchObject({
      type: 'form.submitted',
      person: { ...dana, email: 'd@mail.example' },
      fields: { Area: 'Custody' },
    })
  })
})
