import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { type InboundEvent, nobody, type Person } from '../../src/model/event.ts'
import { submission } from '../../src/reading/answers.ts'
import { delivery } from '../../src/reading/delivery.ts'
import { linesOf } from '../../src/reading/fields.ts'
import { reread, toldIn } from '../../src/reading/recognized.ts'

const nora: Person = {
  ...nobody(),
  first_name: 'Nora',
  last_name: 'Falk',
  email: 'nora@mail.example',
  phone: '+12125550147',
}

describe('what a source tells by itself', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'stands in answers under labels that ask for it',
      { full_name: 'Nora Falk', email: 'nora@mail.example', phone: '+1 212 555 0147' },
      { first_name: 'full_name', last_name: 'full_name', email: 'email', phone: 'phone' },
    ],
    ['in parts', { first: 'Nora', last: 'Falk' }, { first_name: 'first', last_name: 'last' }],
    [
      'within others',
      { customer: { email: 'nora@mail.example', name: 'Nora Falk' } },
      { email: 'customer.email', first_name: 'customer.name', last_name: 'customer.name' },
    ],
    ['an address under any label', { Where: 'Nora <nora@mail.example>' }, { email: 'Where' }],
    ['a number under any label', { From: 'whatsapp:+12125550147' }, { phone: 'From' }],
    ['the better label before the first', { by: 'nora@mail.example', email: 'nora@mail.example' }, { email: 'email' }],
    ['a name under no other label', { street: 'Falk', document: 'Nora' }, {}],
    ['nobody else’s answer', { 'spouse e-mail': 'nora@mail.example' }, {}],
    ['no other answer', { email: 'ola@mail.example', phone: '2125550100' }, {}],
  ])('%s', (_, fields, recognized) => expect(toldIn(fields, nora, null)).toEqual(recognized))

  it('tells a message by what it says', () => {
    expect(toldIn({ body: 'Call me', id: '7' }, nobody(), 'Call me')).toEqual({ message: 'body' })
  })
})

async function told(fields: JsonObject, person = nora, message: string | null = null): Promise<InboundEvent> {
  const { event } = await delivery({ source: 'x', type: 'x.y', id: '1', data: fields, fields, person, message })
  return event
}

describe('a corrected answer', () => {
  it('changes what the source took from it', async () => {
    const fields = { From: '+12125550147', profile: { name: 'Nora Falk' }, Body: 'Call me' }
    const event = await told(fields, nora, 'Call me')
    const read = reread(event, { From: '+12125550100', profile: { name: 'Nora van der Falk' }, Body: 'Write me' })
    expect(read).toEqual({
      person: { ...nora, phone: '+12125550100', last_name: 'van der Falk' },
      message: 'Write me',
    })
  })

  it('changes what a service said of its kind, whatever its label', async () => {
    const { event } = await submission({
      source: 'typeform',
      id: '1',
      time: null,
      data: {},
      answers: [
        { label: 'Where may we write?', value: 'nora@mial.example', kind: 'email' },
        { label: 'Who are you?', value: 'Nora', kind: 'name' },
        { label: 'Nice to meet you. What now?', value: 'Call', kind: 'message' },
      ],
    })
    expect(event.person).toMatchObject({ first_name: 'Nora', last_name: null, email: 'nora@mial.example' })
    const fields = { ...event.fields, 'Where may we write?': 'nora@mail.example', 'Who are you?': 'Nora Falk' }
    expect(reread(event, fields)).toMatchObject({
      person: { first_name: 'Nora', last_name: 'Falk', email: 'nora@mail.example' },
      message: 'Call',
    })
  })

  it('that is none any more takes it away; a box for the first name alone gives no last one', async () => {
    const event = await told({ email: 'nora@mail.example', first_name: 'Nora' }, { ...nora, last_name: null })
    const { person } = reread(event, { email: 'none', first_name: 'Nora Maria' })
    expect(person).toMatchObject({ email: null, first_name: 'Nora Maria', last_name: null })
  })

  it('of a booking stands in its message too', async () => {
    const fields = { 'What is it about?': 'Lease', Email: 'nora@mail.example' }
    const event = await told(fields, nora, linesOf(fields))
    const read = reread(event, { ...fields, 'What is it about?': 'A will' })
    expect(read.message).toBe('What is it about? A will\nEmail: nora@mail.example')
  })

  it('leaves what no answer says, and events of earlier versions are read by their labels', async () => {
    const event = await told({ From: '+12125550147' })
    expect(reread(event, { From: '+12125550147', note: 'x' }).person).toEqual(nora)
    const { recognized: _, ...earlier } = await told({ email: 'nora@mail.example' })
    expect(reread(earlier, { email: 'ola@mail.example' }).person.email).toBe('ola@mail.example')
  })
})
