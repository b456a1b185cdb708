import { expect, it } from 'vitest'
import { amendedEvent } from '../../../src/docket/run/amend.ts'
import { nobody } from '../../../src/model/event.ts'
import { delivery } from '../../../src/reading/delivery.ts'

it('a corrected answer changes the person whom the source has told from it; a corrected person comes first', async () => {
  const fields = { From: '+12125550147', ProfileName: 'Nora Falk', Body: 'Call me' }
  const person = { ...nobody(), first_name: 'Nora', last_name: 'Falk', phone: '+12125550147' }
  const { event } = await delivery({
    source: 'twilio',
    type: 'message.received',
    id: '1',
    data: fields,
    fields,
    person,
  })
  expect(event.recognized).toMatchObject({ phone: 'From' })
  expect(amendedEvent(event, { From: '+12125550100' })).toMatchObject({
    person: { ...person, phone: '+12125550100' },
    data: { From: '+12125550100' },
  })
  expect(amendedEvent(event, { From: '+12125550100', 'person.phone': null }).person.phone).toBeNull()
})

it('a corrected answer with brackets changes the list that it is a part of', async () => {
  const data = { 'areas[0]': 'Wills', 'areas[1]': 'Trusts' }
  const { event } = await delivery({ source: 'form', type: 'form.submitted', id: '1', data, fields: data })
  expect(amendedEvent(event, { 'areas[1]': 'Deeds' }).fields.areas).toEqual(['Wills', 'Deeds'])
  expect(amendedEvent(event, { areas: 'Deeds' }).fields.areas).toBe('Deeds')
})
