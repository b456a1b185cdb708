import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { nobody } from '../../src/model/event.ts'
import { messageOf, personOf } from '../../src/reading/person.ts'

describe('a person', () => {
  it.each([
    [
      { first_name: 'Jordan', last_name: 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [
      { firstName: 'Jordan', lastName: 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [
      { 'First name*': 'Jordan', 'Last Name:': 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [
      { fname: 'Jordan', lname: 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [
      { 'given-name': 'Jordan', 'family-name': 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [{ 'your-name': 'Jordan Novak' }, { first_name: 'Jordan', last_name: 'Novak' }],
    [{ full_name: 'Jordan Q. Novak' }, { first_name: 'Jordan Q.', last_name: 'Novak' }],
    [{ name: 'Novak, Jordan' }, { first_name: 'Jordan', last_name: 'Novak' }],
    [{ name: 'Cher' }, { first_name: 'Cher' }],
    [
      { name: 'Jordan', surname: 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [{ last_name: 'Novak' }, { last_name: 'Novak' }],
    [
      { first_name: '', name: 'Jordan Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [{ Email: 'jordan@example.com' }, { email: 'jordan@example.com' }],
    [{ 'E-mail address': 'jordan@example.com' }, { email: 'jordan@example.com' }],
    [{ 'your-email': ['jordan@example.com', ''] }, { email: 'jordan@example.com' }],
    [{ tel: '+1 555 011 0555' }, { phone: '+1 555 011 0555' }],
    [{ mobile: 5550110555 }, { phone: '5550110555' }],
    [{ phone: 'n/a', cell: '555-0110' }, { phone: '555-0110' }],
    [{ organization: 'Acme' }, { company: 'Acme' }],
    [{ name: 'N/A N/A' }, {}],
    [{ name: ['Jordan', 'Novak'] }, { first_name: 'Jordan', last_name: 'Novak' }],
    [{ phone: ['212', '555', '0143'] }, { phone: '212 555 0143' }],
    [{ phone: 'p:+12125550143' }, { phone: '+12125550143' }],
    [{ phones: [{ phone: '212-555-0143', type: 'home' }] }, { phone: '212-555-0143' }],
    [
      { 'First name <span class="req">*</span>': 'Jordan', 'Last name&nbsp;*': 'Novak' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [{ payload: { contact: { email: 'falk@mail.example' } } }, { email: 'falk@mail.example' }],
    [{ Name: { value: 'Jordan Novak' } }, { first_name: 'Jordan', last_name: 'Novak' }],
    [
      { first_name: 'Jordan', last_name: 'Novak', Suffix: 'Jr.' },
      { first_name: 'Jordan', last_name: 'Novak Jr.' },
    ],
    [
      { first_name: 'Jordan', last_name: 'Novak', "Spouse's suffix": 'Jr.', suffix: 'none' },
      { first_name: 'Jordan', last_name: 'Novak' },
    ],
    [{ name: 'Jordan 👩🏽‍⚖️ Novak 🇺🇸' }, { first_name: 'Jordan', last_name: 'Novak' }],
    [{ email: `${'x'.repeat(80)}@mail.example` }, {}],
    [
      { first_name: 'Na', last_name: 'Li' },
      { first_name: 'Na', last_name: 'Li' },
    ],
    [
      { name: 'Alison', last_name: 'Son' },
      { first_name: 'Alison', last_name: 'Son' },
    ],
    [{ email: 'Falk <falk@mail.example>' }, { email: 'falk@mail.example' }],
    [{ email: '“falk@mail.example”' }, { email: 'falk@mail.example' }],
    [{ email: 'o’dell@mail.example' }, { email: "o'dell@mail.example" }],
    [{ email: 'falk&#64;mail.example' }, { email: 'falk@mail.example' }],
    [{ email: 'falk (at) mail (dot) example' }, { email: 'falk@mail.example' }],
    [{ email: 'falk@mail.co m' }, { email: 'falk@mail.com' }],
    [{ email: 'falk@mail.example?subject=Hi' }, { email: 'falk@mail.example' }],
    [{ email: 'falk@mail.example+ola@mail.example' }, { email: 'falk@mail.example' }],
    [{ email: 'nora falk@mail.example' }, {}],
    [{ email: 'email falk@mail.example' }, { email: 'falk@mail.example' }],
    [{ phone: 'sip:+12125550143@pbx.example' }, { phone: '+12125550143' }],
    [{ phone: 'falk@mail.example 212-555-0143' }, { phone: '212-555-0143' }],
    [{ phone: '2125550143.0' }, { phone: '2125550143' }],
  ])('of %j', (fields, person) => {
    expect(personOf(fields as never)).toEqual({ ...nobody(), ...person })
  })

  it.each<JsonObject>([
    { spouse_email: 'sam@example.com', opposing_party_name: 'Sam', emergency_phone: '555-0110555' },
    { email: 'not given', phone: 'call me', company: '' },
    { email: { subject: 'x@example.com' }, name: null, phone: true },
    { constructor: 'x', email: 'two@at@example.com' },
    {},
  ])('is nobody we know in %j', fields => {
    expect(personOf(fields)).toEqual(nobody())
  })
})

describe('one box for several things', () => {
  const dana = { first_name: 'Dana', last_name: 'Whit' }

  it.each<[string, string, object]>([
    ['Email or phone', '(212) 555-0141', { phone: '(212) 555-0141' }],
    ['Email or phone', 'dana@mail.example', { email: 'dana@mail.example' }],
    ['Teléfono o correo', '212 555 0141', { phone: '212 555 0141' }],
    ['Your name and phone number', 'Dana Whit 212-555-0141', { ...dana, phone: '212-555-0141' }],
    ['Name & Email', 'Dana Whit, dana@mail.example', { ...dana, email: 'dana@mail.example' }],
    [
      'Name/Email/Phone',
      'Dana Whit dana@mail.example 2125550141',
      { ...dana, email: 'dana@mail.example', phone: '2125550141' },
    ],
    ['Name and address', 'Dana Whit, 12 Main St', {}],
    ['Email or phone of spouse', '212-555-0141', {}],
  ])('%s: %s', (label, answer, expected) => {
    expect(personOf({ [label]: answer })).toEqual({ ...nobody(), ...expected })
  })

  it('stands behind a box of its own', () => {
    const answers = { 'Email or phone': 'second@mail.example', Email: 'first@mail.example' }
    expect(personOf(answers).email).toBe('first@mail.example')
  })
})

describe('a name whose label says that the family’s stands first', () => {
  it.each([
    ['Name (Last, First)', 'Whit Dana', 'Dana', 'Whit'],
    ['Last Name, First Name', 'Whit, Dana', 'Dana', 'Whit'],
    ['Full name (Last First Middle)', 'Whit Dana Quinn', 'Dana Quinn', 'Whit'],
    ['Cognome e nome', 'Rossi Mario', 'Mario', 'Rossi'],
    ['Фамилия Имя', 'Иванов Иван', 'Иван', 'Иванов'],
    ['Apellidos y nombres', 'García López María', 'García López', 'María'],
    ['Nombre y apellido', 'María García', 'María', 'García'],
    ['First and last name', 'Dana Whit', 'Dana', 'Whit'],
  ])('%s: %s', (label, name, first_name, last_name) => {
    expect(personOf({ [label]: name })).toMatchObject({ first_name, last_name })
  })
})

describe('a number in parts', () => {
  it.each<[JsonObject, string]>([
    [{ area: '212', phone: '555-0141' }, '212 555-0141'],
    [{ phone: '5550141', areaCode: 212, ext: '7' }, '212 5550141 ext. 7'],
    [{ country_code: '44', number: '20 7946 0958' }, '+44 20 7946 0958'],
    [{ country: 'US', number: '2125550141' }, '2125550141'],
    [{ full: '(212) 555-0141', area: '212', phone: '555-0141' }, '(212) 555-0141'],
  ])('%j', (Phone, phone) => {
    expect(personOf({ Phone }).phone).toBe(phone)
  })
})

it('takes no marks of HTML into a name', () => {
  expect(personOf({ Name: '<b>Dana Whit</b>' })).toMatchObject({ first_name: 'Dana', last_name: 'Whit' })
})

it('finds the message under its usual names', () => {
  expect(messageOf({ comments: 'Hello' })).toBe('Hello')
  expect(messageOf({ 'Your message': 'Hello', comments: 'Other' })).toBe('Hello')
  expect(messageOf({ 'How can we help you?': 'Hello' })).toBe('Hello')
  expect(messageOf({ message: ' ', description: 'Hello' })).toBe('Hello')
  expect(messageOf({ subject: 'Hello' })).toBeNull()
})

describe('answers in a list', () => {
  it.each(['fields', 'answers', 'responses'])('are read by what each was asked (%s)', name => {
    const asked = (label: string, value: string | null) => ({ id: 'x1', label, type: 'text', value })
    const fields = { form: 'Intake', [name]: [asked('Your name', 'Jordan Novak'), asked('E-mail', 'jordan@x.example')] }
    expect(personOf(fields)).toEqual({
      ...nobody(),
      first_name: 'Jordan',
      last_name: 'Novak',
      email: 'jordan@x.example',
    })
  })

  it('of a questionnaire: question and answer, another person’s aside', () => {
    const answers = [
      { question: 'Emergency contact: phone', answer: '+1 212 555 0199' },
      { question: 'Phone number', answer: '+1 212 555 0101' },
      { question: 'How can we help?', answer: 'My landlord kept the deposit.' },
      { question: 'Company', answer: null },
    ]
    expect(personOf({ answers }).phone).toBe('+1 212 555 0101')
    expect(messageOf({ answers })).toBe('My landlord kept the deposit.')
  })

  it('a list of other things names nobody', () => {
    const children = [
      { name: 'Tom Novak', email: 'tom@x.example' },
      { name: 'Ann Novak', email: 'ann@x.example' },
    ]
    expect(personOf({ children, items: [{ name: 'Email marketing', value: 30 }] })).toEqual(nobody())
  })
})
