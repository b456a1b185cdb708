import { describe, expect, test } from 'vitest'
import { additions, missingItems } from '../../../src/clio/compare/merge.ts'
import type { JsonObject } from '../../../src/lib/json.ts'

const standing: JsonObject = {
  id: 7,
  type: 'Person',
  first_name: 'Ann',
  last_name: '',
  title: null,
  email_addresses: [{ id: 1, name: 'Work', address: 'Ann@x.example' }],
  phone_numbers: [{ id: 2, name: 'Work', number: '(212) 555-0100' }],
  addresses: [{ id: 3, street: '1 Main St', postal_code: '10001', country: 'United States' }],
  web_sites: [],
  company: { id: 5, etag: 'x' },
}
const added = (
  body: JsonObject,
  existing: 'fill' | 'extend' | 'replace' = 'fill',
  record = standing,
  name = 'contacts',
) => additions(body, record, existing, name, 'US')

describe('fill', () => {
  test('sets what stands blank, and nothing else', () => {
    expect(added({ first_name: 'Anna', last_name: 'Lee', title: 'Dr', prefix: 'Ms' })).toEqual({
      last_name: 'Lee',
      title: 'Dr',
      prefix: 'Ms',
    })
  })

  test('leaves a list alone in which anything stands, and fills one that is empty', () => {
    const email_addresses = [{ address: 'new@x.example' }]
    expect(added({ email_addresses })).toEqual({})
    expect(added({ email_addresses }, 'fill', { ...standing, email_addresses: [] })).toEqual({ email_addresses })
  })
})

describe('extend', () => {
  test('adds an e-mail address and a telephone that it does not have, each once', () => {
    const email_addresses = ['ann@X.example', 'new@x.example', 'NEW@x.example'].map(address => ({ address }))
    const phone_numbers = ['+12125550100', '917-555-0199', '(917) 555-0199'].map(number => ({ number }))
    expect(added({ email_addresses, phone_numbers }, 'extend')).toEqual({
      email_addresses: [{ address: 'new@x.example' }],
      phone_numbers: [{ number: '917-555-0199' }],
    })
  })

  test('a default that stands is not stolen; the first one may be', () => {
    const email_addresses = [{ name: 'Work', address: 'new@x.example', default_email: true }]
    const phone_numbers = [{ name: 'Work', number: '917-555-0199', default_number: true }]
    expect(added({ email_addresses, phone_numbers }, 'extend')).toEqual({
      email_addresses: [{ name: 'Work', address: 'new@x.example' }],
      phone_numbers: [{ name: 'Work', number: '917-555-0199' }],
    })
    const none = { id: 7, email_addresses: [], phone_numbers: null }
    expect(added({ email_addresses, phone_numbers }, 'extend', none)).toEqual({ email_addresses, phone_numbers })
  })

  test('a number that is none is known by its digits', () => {
    const record = { phone_numbers: [{ id: 1, number: '555 0100' }] }
    expect(added({ phone_numbers: [{ number: '555-0100' }] }, 'extend', record)).toEqual({})
    expect(added({ phone_numbers: [{ number: 'ask Bob' }] }, 'extend', record)).toEqual({
      phone_numbers: [{ number: 'ask Bob' }],
    })
  })

  test('a postal address is known by street and code: Clio spells the country its own way', () => {
    const home = { name: 'Home', street: '1 main st', postal_code: '10001', country: 'US' }
    const work = { name: 'Work', street: '2 Side St', postal_code: '10002', country: 'US' }
    expect(added({ addresses: [home] }, 'extend')).toEqual({})
    expect(added({ addresses: [home, work] }, 'extend')).toEqual({ addresses: [work] })
  })

  test('a reference that stands is kept', () => {
    expect(added({ company: { id: 6 } }, 'extend')).toEqual({})
    expect(added({ company: { id: 6 } }, 'extend', { ...standing, company: null })).toEqual({
      company: { id: 6 },
    })
  })
})

describe('replace', () => {
  test('changes what differs, and only that', () => {
    expect(added({ first_name: 'Anna', last_name: 'Lee', company: { id: 6 } }, 'replace')).toEqual({
      first_name: 'Anna',
      last_name: 'Lee',
      company: { id: 6 },
    })
    expect(added({ first_name: 'ann', company: { id: 5 } }, 'replace')).toEqual({})
  })

  test('a status that Clio writes with a capital is the same', () => {
    const matter = { id: 1, status: 'Open', billable: true }
    expect(added({ status: 'open', billable: true }, 'replace', matter, 'matters')).toEqual({})
    expect(added({ status: 'closed' }, 'replace', matter, 'matters')).toEqual({ status: 'closed' })
  })

  test('lists still only grow', () => {
    expect(added({ email_addresses: [{ address: 'new@x.example' }] }, 'replace')).toEqual({
      email_addresses: [{ address: 'new@x.example' }],
    })
  })
})

describe.each(['fill', 'replace'] as const)('%s never', existing => {
  test('turns a company into a person', () => {
    expect(added({ type: 'Company', first_name: 'Ann' }, existing)).toEqual({})
  })

  test('sends a key that an update does not take', () => {
    const note = { id: 1, type: 'Matter', subject: 'x', matter: null }
    expect(added({ type: 'Matter', matter: { id: 3 }, subject: 'x' }, existing, note, 'notes')).toEqual({})
  })

  test('repeats what Clio does not show, such as a list of tasks that is assigned', () => {
    const body = { task_template_list_instances: [{ task_template_list: { id: 4 } }], reset_matter_number: true }
    expect(added(body, existing, { id: 1 }, 'matters')).toEqual({})
  })
})

describe('an update adds to a list only what is not there', () => {
  const missing = (body: JsonObject, name = 'contacts') => missingItems(body, standing, name, 'US')

  test('plain values stay, lists lose what stands, and go when nothing is left', () => {
    const body = {
      first_name: 'Ann',
      email_addresses: [{ address: 'ann@x.example' }],
      web_sites: [{ address: 'https://x' }],
    }
    expect(missing(body)).toEqual({ first_name: 'Ann', web_sites: [{ address: 'https://x' }] })
  })

  test('custom field values are not told apart by what they say', () => {
    const body = { custom_field_values: [{ custom_field: { id: 5 }, value: 'true' }] }
    const record = { custom_field_values: [{ id: 'checkbox-9', field_name: 'Urgent', value: 'true' }] }
    expect(missingItems(body, record, 'contacts', 'US')).toEqual(body)
  })

  test('items with their own id change what stands, and go along', () => {
    const items = [
      { id: 1, address: 'ann@x.example', name: 'Home' },
      { id: 1, _destroy: true },
    ]
    expect(missing({ email_addresses: items })).toEqual({ email_addresses: items })
  })
})
