import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { Unread } from '../../../src/docket/calls/trouble.ts'
import { ContactIndex } from '../../../src/docket/index/contacts.ts'
import { webVault } from '../../../src/docket/index/vault.ts'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Call, Outcome } from '../../../src/model/call.ts'

/** The index on the storage and the cryptography that it really stands on. */

const dataKey = 'ZG9ja2V0ZWQtdGVzdC1kYXRhLWtleS0zMi1ieXRlcyE='
const noon = Date.UTC(2026, 10, 2, 12)

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

interface Book {
  readonly index: ContactIndex
  readonly ledger: Ledger
  /** Calls that went, in order. */
  readonly calls: Call[]
  rows(query: string): Record<string, unknown>[]
  now: number
  /** What Clio answers, one after another; the last one for ever. */
  answers: (Outcome | ((call: Call) => Outcome))[]
  /** The object is gone, and comes again. */
  again(key?: string): ContactIndex
}

const page = (data: readonly Json[], next?: string): Outcome => ({
  kind: 'applied',
  status: 200,
  answer: {
    data: [...data],
    meta: { paging: next ? { next: `https://app.clio.com/api/v4/contacts.json?limit=200&page_token=${next}` } : {} },
  },
})
const refused = (why: 'invalid' | 'missing' | 'limit'): Outcome => ({
  kind: 'refused',
  status: 422,
  why,
  message: 'No.',
})

/** Runs within a firm's Docket of its own, with no Clio but what the test answers. */
function within(name: string, work: (book: Book) => Promise<void>): Promise<void> {
  return runInDurableObject(env.DOCKET.get(env.DOCKET.idFromName(name)), async (_docket, state) => {
    const { storage } = state
    const access = { sql: storage.sql, transactionSync: <T>(run: () => T): T => storage.transactionSync(run) }
    const ledger = new Ledger(access)
    ledger.putConfig('{}', {}, noon)
    ledger.meta.set('connection', 'one')
    const calls: Call[] = []
    const made = (key: string): ContactIndex =>
      new ContactIndex({
        storage: access,
        ledger,
        vault: webVault(key, name),
        now: () => book.now,
        country: () => 'US',
        read: async call => {
          calls.push(call)
          const at = book.now
          const answer = book.answers.length > 1 ? book.answers.shift()! : book.answers[0]!
          return { outcome: typeof answer === 'function' ? answer(call) : answer, at }
        },
      })
    const book: Book = {
      index: made(dataKey),
      ledger,
      calls,
      rows: query => storage.sql.exec(query).toArray(),
      now: noon,
      answers: [page([])],
      again: (key = dataKey) => made(key),
    }
    await work(book)
  })
}

async function filled(book: Book, ...contacts: readonly JsonObject[]): Promise<ContactIndex> {
  book.answers = [page(contacts), page([])]
  await book.index.turn(false)
  return book.index
}
const ids = (found: readonly JsonObject[] | null): Json[] | null => found?.map(one => one.id ?? null) ?? null

describe('filling', () => {
  test('before it is filled nobody is told anything, and no call is made for it', () =>
    within('fill-none', async ({ index, calls }) => {
      expect(await index.find(byEmail('ann@x.example'), noon)).toBeNull()
      expect(await index.named(noon)).toBeNull()
      expect(calls).toEqual([])
      expect(index.unfilledFrom).toBe(0)
    }))

  test('page after page, by Clio’s token, in the order of ids; another object goes on with it', () =>
    within('fill-pages', async book => {
      book.answers = [page([ann], 'two'), page([zoe])]
      await book.index.turn(false)
      expect(await book.index.find(byEmail('ann@x.example'), noon)).toBeNull()
      const index = book.again()
      await index.turn(false)
      expect(index.unfilledFrom).toBeNull()
      expect(
        book.calls.map(({ query }) => [query?.order, query?.limit, query?.page_token, query?.updated_since]),
      ).toEqual([
        ['id(asc)', '200', undefined, undefined],
        ['id(asc)', '200', 'two', undefined],
      ])
      expect(ids(await index.find(byEmail('zoe@x.example'), noon))).toEqual([8])
    }))

  test('whoever asks while a page is under way gets the same one', () =>
    within('fill-shared', async ({ index, calls }) => {
      await Promise.all([index.turn(false), index.turn(false), index.turn(true)])
      expect(calls).toHaveLength(1)
    }))

  test('a token that has run out: from the first page again', () =>
    within('fill-token', async book => {
      book.answers = [page([ann], 'two'), refused('invalid'), page([ann, zoe])]
      for (let n = 0; n < 3; n++) await book.index.turn(false)
      expect(book.calls.map(({ query }) => query?.page_token)).toEqual([undefined, 'two', undefined])
      expect(ids(await book.index.named(noon))).toEqual([7, 8])
    }))

  test.each([
    ['refuses the list', refused('invalid')],
    ['answers something else', { kind: 'applied', status: 200, answer: { data: {} } } as Outcome],
    ['leads from a page to itself', (call: Call) => page([ann], String(call.query?.page_token ?? 'one'))],
  ])('a Clio that %s is let alone for an hour, and searched', (what, answer) =>
    within(`fill-${what}`, async book => {
      book.answers = [answer]
      for (let n = 0; n < 2; n++) await book.index.turn(false)
      expect(book.index.unfilledFrom).toBe(noon + 3_600_000)
      expect(await book.index.find(byEmail('ann@x.example'), noon)).toBeNull()
    }),
  )

  test('a page that did not come is told to whoever waits for it', () =>
    within('fill-unread', async book => {
      book.answers = [{ kind: 'unknown', status: 502, message: 'Bad gateway' }]
      await expect(book.index.turn(true)).rejects.toBeInstanceOf(Unread)
      expect(book.index.unfilledFrom).toBe(0)
    }))
})

describe('finding', () => {
  test('by any spelling of an address or a number', () =>
    within('find', async book => {
      const index = await filled(book, ann, zoe)
      expect(ids(await index.find(byEmail(' ANN@X.example '), noon))).toEqual([7])
      expect(ids(await index.find({ phone_numbers: [{ number: '+1 212-555-0100' }] }, noon))).toEqual([7, 8])
      expect(await index.find(byEmail('nobody@x.example'), noon)).toEqual([])
      expect(await index.find({}, noon)).toEqual([])
    }))

  test('tells names, what stands blank, and no address that was not asked for', () =>
    within('find-told', async book => {
      const index = await filled(book, ann)
      const [found] = (await index.find(byEmail('ann@x.example'), noon))!
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

  test('everybody by name', () =>
    within('find-named', async book => {
      const index = await filled(book, ann, { id: 9, type: 'Company', name: 'Acme' })
      expect(await index.named(noon)).toMatchObject([
        { id: 7, type: 'Person', name: 'Ann Lee' },
        { id: 9, type: 'Company', name: 'Acme' },
      ])
      await index.learned('10', { method: 'POST', path: 'contacts', body: zoe })
      await index.forget('9')
      expect((await index.named(noon))?.map(one => one.name)).toEqual(['Ann Lee', 'Zoe Lee'])
    }))
})

describe('news', () => {
  test('are asked for once for all who came before, from where the last news began, less the clocks’ difference', () =>
    within('news', async book => {
      const index = await filled(book, ann)
      book.now += 60_000
      const since = book.now - 1000
      const found = await Promise.all(Array.from({ length: 20 }, () => index.find(byEmail('ann@x.example'), since)))
      expect(found.map(ids)).toEqual(Array(20).fill([7]))
      expect(book.calls).toHaveLength(2)
      expect(book.calls[1]!.query?.updated_since).toBe(new Date(noon - 120_000).toISOString())
    }))

  test('are asked for again by who came after they were', () =>
    within('news-again', async book => {
      const index = await filled(book, ann)
      await index.find(byEmail('ann@x.example'), book.now)
      expect(book.calls).toHaveLength(1)
      await index.find(byEmail('ann@x.example'), ++book.now)
      expect(book.calls).toHaveLength(2)
    }))

  test('are no news after ten minutes', () =>
    within('news-old', async book => {
      const index = await filled(book, ann)
      book.now += 10 * 60_000 + 1
      await index.find(byEmail('ann@x.example'), noon)
      expect(book.calls).toHaveLength(2)
    }))

  test('replace what was known', () =>
    within('news-replace', async book => {
      const index = await filled(book, ann)
      book.answers = [page([{ ...ann, ...byEmail('new@x.example') }])]
      book.now++
      expect(await index.find(byEmail('ann@x.example'), book.now)).toEqual([])
      expect(ids(await index.find(byEmail('new@x.example'), book.now))).toEqual([7])
    }))

  test('of a redacted contact take nothing away', () =>
    within('news-redacted', async book => {
      const index = await filled(book, ann)
      book.answers = [
        page([{ ...ann, name: null, first_name: null, last_name: null, email_addresses: null, phone_numbers: null }]),
      ]
      book.now++
      expect(await index.find(byEmail('ann@x.example'), book.now)).toMatchObject([{ id: 7, first_name: 'Ann' }])
    }))

  test('that were read before we changed the contact do not undo what we know', () =>
    within('news-late', async book => {
      const index = await filled(book, ann)
      book.now++
      book.answers = [
        () => {
          // While the page is on its way.
          book.now += 5000
          void index.learned('7', { method: 'PATCH', path: 'contacts/7', body: byEmail('more@x.example') })
          return page([ann])
        },
        page([]),
      ]
      await index.find(byEmail('ann@x.example'), book.now)
      expect(ids(await index.find(byEmail('more@x.example'), noon))).toEqual([7])
    }))
})

describe('what we did ourselves', () => {
  const post = (body: JsonObject): Call => ({ method: 'POST', path: 'contacts', body })
  const patch = (body: JsonObject): Call => ({ method: 'PATCH', path: 'contacts/7', body })

  test('a contact that we made is known at once', () =>
    within('own-made', async book => {
      const index = await filled(book)
      await index.learned('7', post(ann))
      expect(await index.find(byEmail('ann@x.example'), noon)).toMatchObject([{ id: 7, first_name: 'Ann' }])
      expect(book.calls).toHaveLength(1)
    }))

  test('what we added is known beside what stands', () =>
    within('own-added', async book => {
      const index = await filled(book, ann)
      await index.learned('7', patch({ title: 'Dr', phone_numbers: [{ number: '917 555 0100' }] }))
      const [found] = (await index.find({ phone_numbers: [{ number: '+19175550100' }] }, noon))!
      expect(found).toMatchObject({ title: true, first_name: 'Ann', email_addresses: [{}], phone_numbers: [{}, {}] })
    }))

  test('of a contact that it does not know a change tells too little', () =>
    within('own-unknown', async book => {
      const index = await filled(book)
      await index.learned('7', patch(byEmail('ann@x.example')))
      expect(await index.find(byEmail('ann@x.example'), noon)).toEqual([])
    }))

  test('a change that it cannot follow makes it ask', () =>
    within('own-puzzling', async book => {
      const index = await filled(book, ann)
      await index.learned('7', patch({ email_addresses: [{ id: 3, _destroy: true }] }))
      book.now++
      book.answers = [page([{ ...ann, email_addresses: [] }])]
      expect(await index.find(byEmail('ann@x.example'), noon)).toEqual([])
      expect(book.calls).toHaveLength(2)
    }))

  test('twenty changes of one contact at once: none is lost', () =>
    within('own-many', async book => {
      const index = await filled(book, ann)
      const addresses = Array.from({ length: 20 }, (_, n) => `ann${n}@x.example`)
      await Promise.all(addresses.map(address => index.learned('7', patch(byEmail(address)))))
      for (const address of addresses) expect(ids(await index.find(byEmail(address), noon))).toEqual([7])
    }))

  test('what is gone is forgotten', () =>
    within('own-gone', async book => {
      const index = await filled(book, ann, zoe)
      await index.forget('7')
      expect(ids(await index.find({ phone_numbers: [{ number: '2125550100' }] }, noon))).toEqual([8])
      expect(book.rows('select * from contact_keys')).toHaveLength(2)
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
      expect(book.rows('select * from contact_keys')).toHaveLength(4)
    }))

  test('is the same hash for the same firm and key, whatever runtime made it', async () => {
    const vault = webVault(dataKey, 'smith')
    expect(await vault.hash('emails:ann@x.example')).toBe('58FTR6xeIg5I2wctPnt5pO3vMrtVf53YFJiyFvEJQdA=')
    expect(await webVault(dataKey, 'jones').hash('emails:ann@x.example')).not.toBe(
      '58FTR6xeIg5I2wctPnt5pO3vMrtVf53YFJiyFvEJQdA=',
    )
  })

  test('under another key it is dropped, and filled anew', () =>
    within('rotated', async book => {
      await filled(book, ann)
      const index = book.again('YW5vdGhlci10ZXN0LWRhdGEta2V5LTMyLWJ5dGVzISE=')
      expect(await index.find(byEmail('ann@x.example'), noon)).toBeNull()
      expect(book.rows('select * from contacts')).toEqual([])
      expect(index.unfilledFrom).toBe(0)
      book.answers = [page([ann])]
      await index.turn(false)
      expect(ids(await index.find(byEmail('ann@x.example'), noon))).toEqual([7])
    }))

  test('of another connection it is dropped', () =>
    within('reconnected', async book => {
      const index = await filled(book, ann)
      book.ledger.meta.set('connection', 'two')
      expect(await index.find(byEmail('ann@x.example'), noon)).toBeNull()
      expect(book.rows('select * from contact_keys')).toEqual([])
    }))
})
