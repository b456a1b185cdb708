import { describe, expect, test } from 'vitest'
import { keyOfSame, keysLike } from '../../../src/clio/people/name-keys.ts'
import { ContactIndex } from '../../../src/docket/index/contacts.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Call } from '../../../src/model/call.ts'
import type { Contacts } from '../../../src/model/intent.ts'
import { noon, page } from './clio.ts'
import { type Firm, within as withinFirm } from './kept.ts'

/** What the firm knows of its contacts without asking Clio. */

const ann: JsonObject = {
  id: 7,
  type: 'Person',
  name: 'Ann Lee',
  first_name: 'Ann',
  last_name: 'Lee',
  title: null,
  email_addresses: [{ address: 'ann@x.example' }],
  phone_numbers: [{ number: '(212) 555-0100' }],
}
const zoe: JsonObject = {
  ...ann,
  id: 8,
  name: 'Zoe Lee',
  first_name: 'Zoe',
  email_addresses: [{ address: 'zoe@x.example' }],
}
const byEmail = (address: string): JsonObject => ({ email_addresses: [{ address }] })

/** A firm that looks among its contacts. */
const intake: JsonObject = {
  timezone: 'America/New_York',
  country: 'US',
  endpoints: { website: { source: 'form' } },
  rules: [
    {
      name: 'intake',
      on: { endpoint: 'website', type: 'form.submitted' },
      steps: { conflicts: { check_conflicts: ['{{ fields.others }}'] } },
    },
  ],
}

interface Book extends Firm {
  readonly index: ContactIndex
  /** The object is gone, and comes again. */
  again(): ContactIndex
}

const within = (name: string, work: (book: Book) => Promise<void>): Promise<void> =>
  withinFirm(name, intake, firm =>
    work(
      Object.assign(firm, {
        index: new ContactIndex(firm.deps()),
        again: () => new ContactIndex(firm.deps()),
      }),
    ),
  )

async function filled(book: Book, ...contacts: readonly JsonObject[]): Promise<ContactIndex> {
  book.answers = [page(contacts), page([])]
  await book.index.sync.turn(false)
  return book.index
}
const as = (index: ContactIndex, since: number): Contacts => index.of({ acceptedAt: since, resumedAt: 0 })
const find = (index: ContactIndex, body: JsonObject, since = noon) => as(index, since).find(body)
const learn = (index: ContactIndex, id: string, call: Call) => as(index, 0).learned(id, call)
const ids = (found: readonly JsonObject[] | null): Json[] | null => found?.map(one => one.id ?? null) ?? null

describe('finding', () => {
  test('by any spelling of an address or a number', () =>
    within('find', async book => {
      const index = await filled(book, ann, zoe)
      expect(ids(await find(index, byEmail(' ANN@X.example '), noon))).toEqual([7])
      expect(ids(await find(index, { phone_numbers: [{ number: '+1 212-555-0100' }] }, noon))).toEqual([7, 8])
      expect(await find(index, byEmail('nobody@x.example'), noon)).toEqual([])
      expect(await find(index, {}, noon)).toEqual([])
    }))

  test('tells names, what stands blank, and no address that was not asked for', () =>
    within('find-told', async book => {
      const index = await filled(book, ann)
      const [found] = (await find(index, byEmail('ann@x.example'), noon))!
      expect(found).toEqual({
        id: 7,
        type: 'Person',
        name: 'Ann Lee',
        first_name: 'Ann',
        last_name: 'Lee',
        middle_name: null,
        prefix: null,
        title: null,
        date_of_birth: null,
        company: null,
        email_addresses: [{ address: 'ann@x.example' }],
        phone_numbers: [{ number: '' }],
        indexed: true,
      })
    }))

  test('those whose name is like another, and those whose name is the same', () =>
    within('find-named', async book => {
      const john = { ...ann, id: 9, name: 'John Okafor', first_name: 'John', last_name: 'Okafor' }
      const index = await filled(book, ann, john, { id: 10, type: 'Company', name: 'Lee Holdings' })
      const named = (keys: readonly string[], fits = (_: JsonObject) => true, most?: number) =>
        as(index, noon).named(keys, fits, most)
      expect(await named(keysLike('Lee, Ann'))).toEqual([
        { id: 7, type: 'Person', name: 'Ann Lee', indexed: true },
        { id: 10, type: 'Company', name: 'Lee Holdings', indexed: true },
      ])
      expect(ids(await named(keysLike('Jack Okafro')))).toEqual([9])
      expect(ids(await named([keyOfSame('LEE holdings')]))).toEqual([10])
      expect(ids(await named(keysLike('Lee'), ({ type }) => type === 'Company'))).toEqual([10])
      expect(await named(keysLike('Lee'), undefined, 1)).toHaveLength(1)
      expect(await named([])).toEqual([])
    }))

  test('under the name that stands now', () =>
    within('find-renamed', async book => {
      const index = await filled(book, ann)
      const named = async (name: string) => ids(await as(index, noon).named(keysLike(name), () => true))
      await learn(index, '7', { method: 'PATCH', path: 'contacts/7', body: { last_name: 'Okafor' } })
      expect([await named('Mr Okafor'), await named('Mr Lee')]).toEqual([[7], []])
      await learn(index, '8', { method: 'POST', path: 'contacts', body: zoe })
      await as(index, 0).forget('7')
      expect([await named('Mr Okafor'), await named('Mr Lee')]).toEqual([[], [8]])
    }))

  test('a firm whose rules never look among its contacts keeps none, and is told nothing', () =>
    within('find-unwanted', async book => {
      const index = await filled(book, ann)
      book.configure({ ...intake, rules: [] })
      expect(index.wanted).toBe(false)
      expect(await find(index, byEmail('ann@x.example'))).toBeNull()
    }))
})

describe('news', () => {
  test('replace what was known', () =>
    within('news-replace', async book => {
      const index = await filled(book, ann)
      book.answers = [page([{ ...ann, ...byEmail('new@x.example') }])]
      book.now++
      expect(await find(index, byEmail('ann@x.example'), book.now)).toEqual([])
      expect(ids(await find(index, byEmail('new@x.example'), book.now))).toEqual([7])
    }))

  test('of a redacted contact take nothing away', () =>
    within('news-redacted', async book => {
      const index = await filled(book, ann)
      book.answers = [
        page([{ ...ann, name: null, first_name: null, last_name: null, email_addresses: null, phone_numbers: null }]),
      ]
      book.now++
      expect(await find(index, byEmail('ann@x.example'), book.now)).toMatchObject([{ id: 7, first_name: 'Ann' }])
    }))

  test('that were read before we changed the contact do not undo what we know', () =>
    within('news-late', async book => {
      const index = await filled(book, ann)
      book.now++
      book.answers = [
        () => {
          // While the page is on its way.
          book.now += 5000
          void learn(index, '7', { method: 'PATCH', path: 'contacts/7', body: byEmail('more@x.example') })
          return page([ann])
        },
        page([]),
      ]
      await find(index, byEmail('ann@x.example'), book.now)
      expect(ids(await find(index, byEmail('more@x.example'), noon))).toEqual([7])
    }))
})

describe('what we did ourselves', () => {
  const post = (body: JsonObject): Call => ({ method: 'POST', path: 'contacts', body })
  const patch = (body: JsonObject): Call => ({ method: 'PATCH', path: 'contacts/7', body })

  test('a contact that we made is known at once', () =>
    within('own-made', async book => {
      const index = await filled(book)
      await learn(index, '7', post(ann))
      expect(await find(index, byEmail('ann@x.example'), noon)).toMatchObject([{ id: 7, first_name: 'Ann' }])
      expect(book.calls).toHaveLength(1)
    }))

  test('what we added is known beside what stands', () =>
    within('own-added', async book => {
      const index = await filled(book, ann)
      await learn(index, '7', patch({ title: 'Dr', phone_numbers: [{ number: '917 555 0100' }] }))
      const [found] = (await find(index, { phone_numbers: [{ number: '+19175550100' }] }, noon))!
      expect(found).toMatchObject({ title: true, first_name: 'Ann', email_addresses: [{}], phone_numbers: [{}, {}] })
    }))

  test('of a contact that it does not know a change tells too little', () =>
    within('own-unknown', async book => {
      const index = await filled(book)
      await learn(index, '7', patch(byEmail('ann@x.example')))
      expect(await find(index, byEmail('ann@x.example'), noon)).toEqual([])
    }))

  test('a change that it cannot follow makes it ask', () =>
    within('own-puzzling', async book => {
      const index = await filled(book, ann)
      await learn(index, '7', patch({ email_addresses: [{ id: 3, _destroy: true }] }))
      book.now++
      book.answers = [page([{ ...ann, email_addresses: [] }])]
      expect(await find(index, byEmail('ann@x.example'), noon)).toEqual([])
      expect(book.calls).toHaveLength(2)
    }))

  test('twenty changes of one contact at once: none is lost', () =>
    within('own-many', async book => {
      const index = await filled(book, ann)
      const addresses = Array.from({ length: 20 }, (_, n) => `ann${n}@x.example`)
      await Promise.all(addresses.map(address => learn(index, '7', patch(byEmail(address)))))
      for (const address of addresses) expect(ids(await find(index, byEmail(address), noon))).toEqual([7])
    }))

  test('what is gone is forgotten', () =>
    within('own-gone', async book => {
      const index = await filled(book, ann, zoe)
      await as(index, 0).forget('7')
      expect(ids(await find(index, { phone_numbers: [{ number: '2125550100' }] }, noon))).toEqual([8])
      // Two addresses and three words of a name.
      expect(book.rows('select * from contact_keys')).toHaveLength(5)
    }))
})

describe('what stands in storage', () => {
  test('is no address, number or name', () =>
    within('plain', async book => {
      await filled(book, ann, zoe)
      const kept = JSON.stringify(
        ['contacts', 'contact_keys', 'meta'].map(table => book.rows(`select * from ${table}`)),
      )
      for (const text of ['ann@', 'x.example', '5550100', '555-0100', 'Ann', 'Lee"', 'Zoe'])
        expect(kept.includes(text), text).toBe(false)
      expect(book.rows('select * from contact_keys')).toHaveLength(10)
    }))

  test('of another connection it is dropped', () =>
    within('reconnected', async book => {
      const index = await filled(book, ann)
      book.ledger.meta.set('connection', 'two')
      expect(await find(index, byEmail('ann@x.example'), noon)).toBeNull()
      expect(book.rows('select * from contact_keys')).toEqual([])
    }))
})
