import { describe, expect, test } from 'vitest'
import { matching, namesAgree, spellings, wantedOf } from '../../../src/clio/people/contact.ts'
import { plainPhone } from '../../../src/clio/people/telephone.ts'
import type { JsonObject } from '../../../src/lib/json.ts'

const bothKeys = ['email_addresses', 'phone_numbers']

/** `Ann Lee <a@x.example> 212…`: name, an address in angles, a number; `Acme Inc (company)`. */
function contact(text: string, id = 1): JsonObject {
  const [, email] = /<([^>]*)>/.exec(text) ?? []
  const [, phone] = /\[([^\]]*)\]/.exec(text) ?? []
  const name = text.replace(/<[^>]*>|\[[^\]]*\]|\(company\)/g, '').trim()
  const [first = '', ...rest] = name.split(' ')
  const named = text.includes('(company)')
    ? { type: 'Company', name }
    : { type: 'Person', first_name: first, last_name: rest.join(' ') }
  return {
    id,
    ...named,
    email_addresses: email ? [{ id: 11, name: 'Work', address: email }] : [],
    phone_numbers: phone ? [{ id: 12, name: 'Work', number: phone }] : [],
  }
}

function same(wanted: string, standing: string, country = 'US'): boolean {
  const body = contact(wanted)
  return matching(wantedOf(body, bothKeys, country), [contact(standing, 7)], country).length === 1
}

describe('the same contact', () => {
  test.each([
    // An e-mail address decides.
    ['Ann Lee <ann@x.example>', 'Ann Lee <ann@x.example>'],
    ['Ann Lee <ANN@X.example>', 'Ann Lee <ann@x.Example>'],
    ['Ann Lee < ann@x.example >', 'Ann Lee <ann@x.example>'],
    ['Ann Lee <ann@x.example>', 'Annabel Lee-Jones <ann@x.example>'],
    ['Ann Lee <ann@x.example> [212 555 0100]', 'Ann Lee <ann@x.example> [917 555 0199]'],
    ['Acme Inc <hi@acme.example> (company)', 'ACME Incorporated <hi@acme.example> (company)'],
    // A telephone, with an agreeing name, however it is written.
    ['Ann Lee [2125550100]', 'Ann Lee [(212) 555-0100]'],
    ['Ann Lee [2125550100]', 'Ann Lee [212-555-0100]'],
    ['Ann Lee [2125550100]', 'Ann Lee [212.555.0100]'],
    ['Ann Lee [2125550100]', 'Ann Lee [212 555 0100]'],
    ['Ann Lee [2125550100]', 'Ann Lee [+12125550100]'],
    ['Ann Lee [2125550100]', 'Ann Lee [+1 (212) 555-0100]'],
    ['Ann Lee [2125550100]', 'Ann Lee [1-212-555-0100]'],
    ['Ann Lee [212-555-0100 ext. 5]', 'Ann Lee [212-555-0100]'],
    ['Ann Lee [020 7946 0958]', 'Ann Lee [+44 20 7946 0958]', 'GB'],
    ['Ann Lee [0412 345 678]', 'Ann Lee [+61412345678]', 'AU'],
    ['Ann Lee [06 12 34 56 78]', 'Ann Lee [+33612345678]', 'FR'],
    ['Ann Lee [+44 20 7946 0958]', 'Ann Lee [+442079460958]', 'US'],
    // Names agree in any order, without accents, with initials.
    ['Ann Lee [2125550100]', 'Lee Ann [2125550100]'],
    ['ann lee [2125550100]', 'ANN LEE [2125550100]'],
    ['José Núñez [2125550100]', 'Jose Nunez [2125550100]'],
    ['A. Lee [2125550100]', 'Ann Lee [2125550100]'],
    ['Ann Lee [2125550100]', 'A Lee [2125550100]'],
    ['Ann Lee [2125550100]', 'Ann B. Lee [2125550100]'],
    ['A. Ann Lee [2125550100]', 'Ann Adams Lee [2125550100]'],
    ['Dr. Ann Lee [2125550100]', 'Ann Lee [2125550100]'],
    ["Ann O'Brien [2125550100]", 'Ann O’Brien [2125550100]'],
    ["Ann O'Brien [2125550100]", 'Ann OBrien [2125550100]'],
    ['Ann Smith-Jones [2125550100]', 'Ann Smith Jones [2125550100]'],
    ['Ann [2125550100]', 'Ann [2125550100]'],
    ['Ann Lee Jr. [2125550100]', 'Ann Lee, Jr [2125550100]'],
    ['Smith & Sons (company) [2125550100]', 'SMITH AND SONS (company) [2125550100]'],
    ['Acme, Inc. (company) [2125550100]', 'Acme Inc (company) [2125550100]'],
  ] as [string, string, string?][])('%s · %s', (wanted, standing, country = 'US') => {
    expect(same(wanted, standing, country)).toBe(true)
  })
})

describe('another contact', () => {
  test.each([
    // Dots and tags are the provider's business: two mailboxes elsewhere.
    ['Ann Lee <ann.lee@x.example>', 'Ann Lee <annlee@x.example>'],
    ['Ann Lee <ann+legal@x.example>', 'Ann Lee <ann@x.example>'],
    // Clio's search finds pieces of addresses.
    ['Ann Lee <ann@x.example>', 'Joann Lee <joann@x.example>'],
    ['Ann Lee <ann@x.example>', 'Ann Lee <ann@x.example.org>'],
    ['Ann Lee <n/a>', 'Ann Lee <n/a>'],
    ['Ann Lee <>', 'Ann Lee <>'],
    // A household or an office shares a telephone.
    ['Ann Lee [2125550100]', 'John Lee [2125550100]'],
    ['Ann Lee [2125550100]', 'Ann Smith [2125550100]'],
    ['Ann [2125550100]', 'Ann Lee [2125550100]'],
    ['Lee [2125550100]', 'Ann Lee [2125550100]'],
    ['John Lee [2125550100]', 'John Lee Jr. [2125550100]'],
    ['John Lee Sr [2125550100]', 'John Lee Jr [2125550100]'],
    ['John Lee III [2125550100]', 'John Lee [2125550100]'],
    ['Ann B. Lee [2125550100]', 'Ann C. Lee [2125550100]'],
    ['Acme LLC (company) [2125550100]', 'Acme Holdings LLC (company) [2125550100]'],
    // A name alone, or with another number.
    ['Ann Lee', 'Ann Lee'],
    ['Ann Lee [2125550100]', 'Ann Lee [2125550101]'],
    ['Ann Lee [2125550100]', 'Ann Lee'],
    ['Ann Lee [5550100]', 'Ann Lee [5550100]'],
    ['Ann Lee [none]', 'Ann Lee [none]'],
    // A company is no person.
    ['Ann Lee <ann@x.example>', 'Ann Lee <ann@x.example> (company)'],
    ['Ann Lee <ann@x.example> (company)', 'Ann Lee <ann@x.example>'],
    ['Ann Lee [2125550100]', 'Ann Lee [2125550100] (company)'],
  ])('%s · %s', (wanted, standing) => {
    expect(same(wanted, standing)).toBe(false)
  })

  test('one whose addresses Clio does not show to us', () => {
    const { email_addresses: _, phone_numbers: __, ...redacted } = contact('Ann Lee <ann@x.example> [2125550100]')
    const wanted = wantedOf(contact('Ann Lee <ann@x.example> [2125550100]'), bothKeys, 'US')
    expect(matching(wanted, [redacted], 'US')).toEqual([])
    expect(matching(wanted, [{ ...redacted, email_addresses: null, phone_numbers: null }], 'US')).toEqual([])
  })
})

describe('among several', () => {
  const among = (wanted: string, ...standing: string[]) =>
    matching(
      wantedOf(contact(wanted), bothKeys, 'US'),
      standing.map((text, at) => contact(text, at + 1)),
      'US',
    ).map(one => one.id)

  test('two people at one address: the one of that name', () => {
    expect(among('Jane Lee <lee@x.example>', 'John Lee <lee@x.example>', 'Jane Lee <lee@x.example>')).toEqual([2])
  })

  test('two of that name, or none of it, stay two', () => {
    expect(among('Jane Lee <lee@x.example>', 'Jane Lee <lee@x.example>', 'J Lee <lee@x.example>')).toEqual([1, 2])
    expect(among('Ann Fox <lee@x.example>', 'John Lee <lee@x.example>', 'Jane Lee <lee@x.example>')).toEqual([1, 2])
  })

  test('whoever has the address goes before whoever has the telephone', () => {
    const wanted = 'Ann Lee <ann@x.example> [2125550100]'
    expect(among(wanted, 'Ann Lee [2125550100]', 'Ann Lee <ann@x.example>')).toEqual([2])
  })

  test('a record that two pages show is one', () => {
    const one = contact('Ann Lee <ann@x.example>')
    expect(matching(wantedOf(one, bothKeys, 'US'), [one, { ...one }], 'US')).toHaveLength(1)
  })
})

describe('only the keys that a rule matches by', () => {
  const body = contact('Ann Lee <ann@x.example> [2125550100]')
  test.each([
    [['email_addresses'], ['ann@x.example'], []],
    [['phone_numbers'], [], ['+12125550100']],
    [bothKeys, ['ann@x.example'], ['+12125550100']],
  ])('%j', (match, emails, phones) => {
    expect(wantedOf(body, match, 'US')).toEqual({ type: 'Person', name: 'Ann Lee', emails, phones })
  })

  test('each once, and none that is none', () => {
    const addresses = ['a@x.example', 'A@x.example', 'none', ''].map(address => ({ address }))
    const numbers = ['212-555-0100', '(212) 555-0100', '12', 'none'].map(number => ({ number }))
    const wanted = wantedOf({ name: 'A', email_addresses: addresses, phone_numbers: numbers }, bothKeys, 'US')
    expect(wanted).toMatchObject({ emails: ['a@x.example'], phones: ['+12125550100'] })
  })
})

describe('how to search for a number', () => {
  const written = [
    '(212) 555-0100',
    '212-555-0100',
    '(212)555-0100',
    '+1 212-555-0100',
    '1-212-555-0100',
    '212.555.0100',
    '212 555 0100',
    '+1 212 555 0100',
    '2125550100',
    '+12125550100',
  ]
  test.each(written)('a contact with %s is found by one of four pieces', number => {
    const pieces = spellings('+12125550100', 'US')
    expect(pieces).toHaveLength(4)
    expect(pieces.some(piece => number.includes(piece))).toBe(true)
  })

  test.each([
    ['020 7946 0958', 'GB', ['7946-0958', '2079460958', '7946 0958', '7946.0958']],
    ['06 12 34 56 78', 'FR', ['06-12-34-56-78', '612345678', '06 12 34 56 78', '06.12.34.56.78']],
    ['0412 345 678', 'AU', ['0412-345-678', '412345678', '0412 345 678', '0412.345.678']],
    ['212-555-0100 ext. 5', 'US', ['555-0100', '2125550100', '555 0100', '555.0100']],
  ])('%s in %s', (phone, country, pieces) => {
    expect(spellings(phone, country)).toEqual(pieces)
  })

  test('what is no number is not searched for', () => {
    expect(spellings('none', 'US')).toEqual([])
    expect(spellings('12', 'US')).toEqual([])
    expect(plainPhone('', 'US')).toBeNull()
  })
})

test('names agree both ways round', () => {
  for (const [a, b] of [
    ['Ann Lee', 'A. Lee'],
    ['Ann Lee', 'Ann B Lee'],
    ['John Lee', 'John Lee Jr'],
    ['', 'Ann'],
    ['', ''],
  ] as const)
    expect(namesAgree(a, b)).toBe(namesAgree(b, a))
  expect(namesAgree('', '')).toBe(false)
})
