import { describe, expect, test } from 'vitest'
import { additions } from '../../../src/clio/compare/merge.ts'
import { matching, wantedOf } from '../../../src/clio/people/contact.ts'
import {
  addressesOf,
  changedEntry,
  type Entry,
  entryOf,
  hashed,
  indexFields,
  isPuzzling,
  isRedacted,
  isTold,
  nameIn,
  standIn,
} from '../../../src/clio/people/index-entry.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { type Contacts, type Intent, noContacts } from '../../../src/model/intent.ts'
import { ann, type Firm, startFirm } from '../clio.ts'

/** What the firm knows of a contact without asking Clio is enough to find it, and to see what it lacks. */

type Upsert = Extract<Intent, { verb: 'upsert' }>

const hash = (text: string): string => `#${text}`
const entry = (contact: JsonObject, country = 'US'): Entry => {
  const addresses = addressesOf(contact, country)
  return entryOf(contact, addresses, addresses.map(hashed).map(hash))
}
/** The contact as far as it is told to somebody who knows this body. */
function told(contact: JsonObject, body: JsonObject, country = 'US'): JsonObject {
  const asked = new Map(addressesOf(body, country).map(address => [hash(hashed(address)), address.value]))
  return standIn('7', entry(contact, country), asked)
}

const clios: JsonObject = {
  id: 7,
  type: 'Person',
  name: 'Ann Lee',
  first_name: 'Ann',
  last_name: 'Lee',
  middle_name: null,
  prefix: '',
  title: 'Dr',
  date_of_birth: null,
  company: null,
  email_addresses: [{ address: 'Ann.Lee@mail.example' }, { address: 'second@mail.example' }],
  phone_numbers: [{ number: '(212) 555-0199' }, { number: 'ask Sam' }],
}

describe('an entry', () => {
  test('holds hashes of the addresses in their one spelling, the names, and which values stand', () => {
    expect(entry(clios)).toEqual({
      type: 'Person',
      names: { name: 'Ann Lee', first_name: 'Ann', last_name: 'Lee' },
      set: ['name', 'first_name', 'last_name', 'title'],
      emails: ['#emails:ann.lee@mail.example', '#emails:second@mail.example'],
      phones: ['#phones:+12125550199', '#phones:ask sam'],
    })
  })

  test('of a company that is linked to, and of one that is not', () => {
    expect(entry({ ...clios, company: { id: 9 } }).set).toContain('company')
    expect(entry({ ...clios, company: { id: null } }).set).not.toContain('company')
  })

  test('is the same of the body that made it as of the answer that Clio gives', () => {
    const made = entry(ann)
    const read = entry({ ...ann, id: 7, phone_numbers: [{ number: '212-555-0199' }] })
    expect(made).toEqual(read)
  })

  test('knows its name', () => {
    expect(nameIn(entry(clios))).toBe('Ann Lee')
    expect(nameIn(entry({ type: 'Company', name: 'Acme' }))).toBe('Acme')
  })

  test('after a change of ours has what was added and set, and keeps the rest', () => {
    const change = entry({ title: 'Prof', middle_name: 'B', email_addresses: [{ address: 'third@mail.example' }] })
    const after = changedEntry(entry(clios), change)
    expect(after.emails).toHaveLength(3)
    expect(after.phones).toHaveLength(2)
    expect(after.set).toEqual(['name', 'first_name', 'last_name', 'title', 'middle_name'])
    expect(after.type).toBe('Person')
  })

  test.each([
    [{ title: 'Dr' }, false],
    [{ email_addresses: [{ name: 'Work', address: 'a@x.example' }] }, false],
    [{ email_addresses: [{ id: 3, _destroy: true }] }, true],
    [{ phone_numbers: [{ id: 3, number: '2125550100' }] }, true],
    [{ title: null }, true],
    [{}, false],
  ])('cannot follow %j: %s', (body, puzzling) => expect(isPuzzling(body as JsonObject)).toBe(puzzling))
})

describe('what it tells', () => {
  test('are the addresses that somebody asks for, and that there are others', () => {
    const { email_addresses: emails, phone_numbers: phones } = told(clios, ann)
    expect(emails).toEqual([{ address: 'ann.lee@mail.example' }, { address: '' }])
    expect(phones).toEqual([{ number: '+12125550199' }, { number: '' }])
  })

  test.each([
    ['the same address', {}, {}],
    ['another spelling', { email_addresses: [{ name: 'Home', address: ' ANN.LEE@MAIL.example ' }] }, {}],
    [
      'a new address: it is no default, for there is one',
      { email_addresses: [{ name: 'Home', address: 'new@mail.example', default_email: true }] },
      { email_addresses: [{ name: 'Home', address: 'new@mail.example' }] },
    ],
    ['a number in another spelling', { phone_numbers: [{ name: 'Work', number: '1-212-555-0199' }] }, {}],
    ['a number that is none', { phone_numbers: [{ name: 'Work', number: 'Ask Sam' }] }, {}],
    ['a blank value', { middle_name: 'B' }, { middle_name: 'B' }],
    ['a value that stands', { title: 'Prof' }, {}],
    ['another name', { first_name: 'Anna' }, {}],
    ['a company', { company: { id: 9 } }, { company: { id: 9 } }],
  ] as const)('is enough to see what is lacking: %s', (_what, more, lacks) => {
    const body = { ...ann, ...(more as unknown as JsonObject) }
    expect(additions(body, told(clios, body), 'extend', 'contacts', 'US')).toEqual(lacks)
  })

  test('is enough to match by, as by what Clio answers', () => {
    const match = (body: JsonObject) =>
      matching(wantedOf(body, ['email_addresses', 'phone_numbers'], 'US'), [told(clios, body)], 'US').length
    expect(match(ann)).toBe(1)
    expect(match({ ...ann, email_addresses: [] })).toBe(1)
    // A telephone counts with an agreeing name only.
    expect(match({ ...ann, email_addresses: [], first_name: 'Zoe' })).toBe(0)
    expect(match({ ...ann, type: 'Company', name: 'Lee' })).toBe(0)
    expect(match({ ...ann, email_addresses: [{ address: 'other@mail.example' }], phone_numbers: [] })).toBe(0)
  })

  test('is not that two blank addresses are one', () => {
    const body = { ...ann, email_addresses: [{ address: '' }], phone_numbers: [{ number: '' }] }
    expect(addressesOf(body, 'US')).toEqual([])
  })

  test.each([
    ['type', true],
    ['first_name', true],
    ['name', true],
    ['title', false],
    ['date_of_birth', false],
  ])('contacts can be told apart by %s without Clio: %s', (key, is) => expect(isTold(key)).toBe(is))
})

describe('a redacted contact', () => {
  test.each([
    [{ ...clios, email_addresses: null }, false, true],
    [{ ...clios, phone_numbers: undefined }, false, true],
    [{ ...clios, email_addresses: [], phone_numbers: [] }, true, true],
    // It never had an address, as far as anybody knows.
    [{ ...clios, email_addresses: [], phone_numbers: [] }, false, false],
    // Somebody took the address away.
    [{ ...clios, email_addresses: [] }, true, false],
    [clios, true, false],
  ])('%#', (contact, known, is) => expect(isRedacted(contact as JsonObject, known)).toBe(is))
})

describe('an upsert with an index', () => {
  /** An index in plain text, of what the test says stands in Clio. */
  function withIndex(firm: Firm, rows: Map<string, JsonObject>): string[] {
    const forgotten: string[] = []
    const contacts: Contacts = {
      ...noContacts,
      find: async body => {
        const wanted = new Set(addressesOf(body, 'US').map(hashed))
        const has = (row: JsonObject) => addressesOf(row, 'US').some(address => wanted.has(hashed(address)))
        return [...rows].filter(([, row]) => has(row)).map(([id, row]) => ({ ...told(row, body), id: Number(id) }))
      },
      named: async () =>
        [...rows].map(([id, row]) => ({ id: Number(id), type: row.type!, name: nameIn(entry(row)), indexed: true })),
      learned: async (id, call) => void rows.set(id, { ...rows.get(id), ...call.body }),
      forget: async id => {
        forgotten.push(id)
        rows.delete(id)
      },
    }
    Object.assign(firm.clio, { contacts })
    return forgotten
  }
  const upsert = (values: JsonObject, more: Partial<Upsert> = {}): Upsert => ({
    verb: 'upsert',
    resource: 'contacts',
    match: ['email_addresses', 'phone_numbers'],
    existing: 'fill',
    several: 'park',
    with: values,
    ...more,
  })

  async function known(
    values: JsonObject = ann,
  ): Promise<{ firm: Firm; rows: Map<string, JsonObject>; id: string; forgotten: string[] }> {
    const firm = startFirm()
    const made = await firm.create('contacts', values)
    const rows = new Map([[String(made.id), { ...values }]])
    const forgotten = withIndex(firm, rows)
    firm.reads.length = 0
    return { firm, rows, id: String(made.id), forgotten }
  }

  test('of somebody unknown makes the contact without asking anything, and knows it from then on', async () => {
    const firm = startFirm()
    const rows = new Map<string, JsonObject>()
    withIndex(firm, rows)
    const { id, created } = await firm.done(upsert(ann))
    expect(created).toBe(true)
    expect(await firm.done(upsert(ann))).toMatchObject({ id, created: false })
    expect(firm.reads).toEqual([])
    expect([...rows.keys()]).toEqual([String(id)])
  })

  test('of somebody known with nothing new makes no call at all', async () => {
    const { firm, id } = await known()
    expect(String((await firm.done(upsert(ann))).id)).toBe(id)
    expect(firm.reads).toEqual([])
    expect(firm.writes()).toHaveLength(1)
  })

  test('fills in what stands blank, with one call', async () => {
    const { firm, id } = await known()
    await firm.done(upsert({ ...ann, title: 'Dr' }))
    expect(firm.reads).toEqual([])
    expect(firm.record('contacts', Number(id)).title).toBe('Dr')
  })

  test('reads the record for what the index does not know', async () => {
    const { firm, id } = await known()
    await firm.done(upsert({ ...ann, custom_fields: { 'Preferred language': 'French' } }))
    expect(firm.reads.filter(({ path }) => path === `contacts/${id}`)).toHaveLength(1)
  })

  test('reads the record when values are to be replaced', async () => {
    const { firm, id } = await known()
    await firm.done(upsert({ ...ann, first_name: 'Anna' }, { existing: 'replace' }))
    expect(firm.reads.map(({ path }) => path)).toEqual([`contacts/${id}`])
    expect(firm.record('contacts', Number(id)).first_name).toBe('Anna')
  })

  test('of one that is gone: forgotten and made anew', async () => {
    const { firm, id, forgotten } = await known()
    const { sandbox } = firm
    sandbox.account('smith').remove(sandbox.account('smith').get('contacts', Number(id))!)
    const made = await firm.done(upsert({ ...ann, title: 'Dr' }))
    expect(made).toMatchObject({ created: true })
    expect(forgotten).toEqual([id])
  })

  test('of one that is gone, found out when it is read: forgotten and made anew', async () => {
    const { firm, id, forgotten } = await known()
    const { sandbox } = firm
    sandbox.account('smith').remove(sandbox.account('smith').get('contacts', Number(id))!)
    expect(await firm.done(upsert(ann, { existing: 'replace' }))).toMatchObject({ created: true })
    expect(forgotten).toEqual([id])
  })

  test('asks Clio by other keys that the index does not have', async () => {
    const { firm } = await known({ ...ann, title: 'Dr' })
    await firm.done(upsert({ ...ann, title: 'Dr' }, { match: ['email_addresses', 'title'] }))
    expect(firm.reads.map(({ query }) => query?.query)).toEqual(['ann.lee@mail.example'])
  })

  test('of a person and the company: both known by name and address, and linked, with no look-up', async () => {
    const { firm } = await known({ type: 'Company', name: 'Acme LLC' })
    const { id: company } = await firm.done(upsert({ type: 'Company', name: 'acme llc' }, { match: ['name'] }))
    const { id: person } = await firm.done(upsert({ ...ann, company: { id: company!, resource: 'contacts' } }))
    expect(firm.record('contacts', person).company).toEqual({ id: company })
    expect(firm.reads).toEqual([])
  })

  test('a company that is named and not known to Clio parks, and says so', async () => {
    const { firm } = await known({ type: 'Company', name: 'Acme LLC' })
    expect(await firm.done(upsert({ ...ann, company: 'Acme LLC' }))).toMatchObject({ created: true })
    expect(await firm.parked(upsert({ ...ann, company: 'Zenith' }))).toContain('no contact in Clio is called “Zenith”')
  })
})

test('the fields that are read are Clio’s own', async () => {
  const firm = startFirm()
  const answer = (await firm.clio.read({
    method: 'GET',
    path: 'contacts',
    query: { fields: indexFields, order: 'id(asc)' },
  })) as JsonObject
  expect((answer.data as JsonObject[]).map(one => Object.keys(one).length)).toEqual([12, 12, 12])
})
