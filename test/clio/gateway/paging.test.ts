import { describe, expect, test } from 'vitest'
import { listAll } from '../../../src/clio/gateway/paging.ts'
import type { Json } from '../../../src/lib/json.ts'
import type { Call } from '../../../src/model/call.ts'
import { Park, Refused } from '../../../src/model/intent.ts'
import type { Store } from '../../../src/sandbox/clio/store.ts'
import { startFirm } from '../clio.ts'

const people = (count: number) => (store: Store) => {
  for (let n = 1; n <= count; n++)
    store.insert('contacts', { type: 'Person', first_name: `Person ${n}`, last_name: 'Many' })
}

/** Answers pages by what is asked of it, and keeps the calls. */
function pages(answer: (call: Call) => Json) {
  const asked: Call[] = []
  const read = async (call: Call) => {
    asked.push(call)
    return answer(call)
  }
  return { asked, clio: { read } }
}

const next = (url: string) => ({ meta: { paging: { next: url } } })

test('every record, once, in as many calls as there are pages', async () => {
  const firm = startFirm({ fill: people(23) })
  const query = { fields: 'id,name,email_addresses{address}', type: 'Person', limit: '10' }
  const records = await listAll({ method: 'GET', path: 'contacts', query }, firm.clio)
  expect(new Set(records.map(one => one.id)).size).toBe(23)
  expect(firm.reads).toHaveLength(3)
  expect(records[22]).toMatchObject({ name: 'Person 23 Many', email_addresses: [] })
})

test('the next page is asked through the gateway, with all that was asked first', async () => {
  const firm = startFirm({ fill: people(3) })
  await listAll({ method: 'GET', path: 'contacts', query: { fields: 'id', type: 'Person', limit: '2' } }, firm.clio)
  expect(firm.reads[1]!.path).toBe('contacts')
  expect(firm.reads[1]!.query).toMatchObject({
    fields: 'id',
    type: 'Person',
    limit: '2',
    page_token: expect.any(String),
  })
})

test('two hundred at a time, by the cursor where Clio has one', async () => {
  const { asked, clio } = pages(() => ({ data: [] }))
  await listAll({ method: 'GET', path: 'contacts' }, clio)
  await listAll({ method: 'GET', path: 'relationships' }, clio)
  await listAll({ method: 'GET', path: 'contacts', query: { order: 'name(asc)' } }, clio)
  expect(asked.map(call => call.query)).toEqual([
    { limit: '200', order: 'id(asc)' },
    { limit: '200' },
    { limit: '200', order: 'name(asc)' },
  ])
})

test('notes of a Clio that takes their type in small letters, on every page', async () => {
  const { asked, clio } = pages(({ query = {} }) => {
    if (query.type !== 'matter') throw new Refused(400, 'type is not included in the list')
    if (query.page_token) return { data: [{ id: 2 }] }
    return { data: [{ id: 1 }], ...next('https://app.clio.com/api/v4/notes?page_token=t') }
  })
  const query = { type: 'Matter', matter_id: '7' }
  expect(await listAll({ method: 'GET', path: 'notes', query }, clio)).toEqual([{ id: 1 }, { id: 2 }])
  expect(asked.map(call => call.query?.type)).toEqual(['Matter', 'matter', 'matter'])
  await expect(listAll({ method: 'GET', path: 'contacts', query }, clio)).rejects.toThrow(Refused)
})

test('more than 10,000 records: offset pages end there, the cursor goes on', async () => {
  const firm = startFirm({ fill: people(10_050) })
  const records = await listAll({ method: 'GET', path: 'contacts', query: { fields: 'id' } }, firm.clio)
  expect(records).toHaveLength(10_050)
  const offset = { method: 'GET', path: 'contacts', query: { fields: 'id', order: 'name(asc)' } } as const
  await expect(listAll(offset, firm.clio)).rejects.toBeInstanceOf(Refused)
})

test('repeated keys survive, encoded or not', async () => {
  const url = 'https://app.clio.com/api/v4/contacts.json?ids%5B%5D=1&ids[]=2&ids[]=3&fields=id%2Cname&page_token=t'
  const { asked, clio } = pages(call => ({ data: [{ id: 1 }], ...(call.query?.page_token ? {} : next(url)) }))
  await listAll({ method: 'GET', path: 'contacts', query: { 'ids[]': ['1', '2', '3'], fields: 'id,name' } }, clio)
  expect(asked[1]!.query).toMatchObject({ 'ids[]': ['1', '2', '3'], fields: 'id,name', page_token: 't' })
})

test('a link that holds only its token loses no filter', async () => {
  const { asked, clio } = pages(call => ({
    data: [],
    ...(call.query?.page_token ? {} : next('/api/v4/contacts?page_token=t')),
  }))
  await listAll({ method: 'GET', path: 'contacts', query: { type: 'Person' } }, clio)
  expect(asked[1]!.query).toEqual({ limit: '200', order: 'id(asc)', type: 'Person', page_token: 't' })
})

describe('half a list is no list: it would say “not there” of a record that is', () => {
  test('a page that leads back to itself', async () => {
    const { asked, clio } = pages(() => ({ data: [{ id: 1 }], ...next('https://app.clio.com/x?page_token=same') }))
    await expect(listAll({ method: 'GET', path: 'contacts' }, clio)).rejects.toThrow(/never ends/)
    expect(asked).toHaveLength(2)
  })

  test('a link that is none', async () => {
    const { clio } = pages(() => ({ data: [], ...next('https://') }))
    await expect(listAll({ method: 'GET', path: 'contacts' }, clio)).rejects.toThrow(Park)
  })

  test.each<Json>([null, [], {}, { data: null }, { data: { id: 1 } }, 'text'])(
    'an answer that is no list: %j',
    async answer => {
      const { clio } = pages(() => answer)
      await expect(listAll({ method: 'GET', path: 'contacts' }, clio)).rejects.toThrow(/something else than a list/)
    },
  )

  test('a trouble on the second page is not the end', async () => {
    const firm = startFirm({ fill: people(3) })
    firm.sandbox.trouble.add({ skip: 1, action: { do: 'drop' } })
    const call = { method: 'GET', path: 'contacts', query: { limit: '2' } } as const
    await expect(listAll(call, firm.clio)).rejects.toThrow(/connection broke/)
  })
})
