import { expect, test } from 'vitest'
import { everything } from '../../src/clio/contract/all.ts'
import { filterOf } from '../../src/sandbox/clio/read/filters.ts'
import { type Clio, person, startClio } from './helpers.ts'

function fill(clio: Clio, count: number): void {
  const store = clio.sandbox.account('smith')
  for (let index = 0; index < count; index += 1) store.insert('practice_areas', { name: `Area ${index}` })
}

/** Follows pages as a caller of the gateway must: only the token, never the URL. */
async function follow(clio: Clio, query: string): Promise<number[]> {
  const sizes: number[] = []
  let token = ''
  for (;;) {
    const page = await clio.get(`practice_areas?${query}${token}`)
    sizes.push(page.list.length)
    const { next } = page.meta.paging
    if (next === undefined) return sizes
    token = `&page_token=${encodeURIComponent(new URL(next).searchParams.get('page_token') ?? '')}`
  }
}

test("the next page's link is absolute, on Clio's own host", async () => {
  const clio = startClio()
  const { meta } = await clio.get('contacts?fields=id,name&limit=2')
  expect(meta.records).toBe(3)
  const next = new URL(meta.paging.next ?? '')
  expect(next.origin + next.pathname).toBe('https://app.clio.com/api/v4/contacts')
  expect(next.searchParams.get('fields')).toBe('id,name')
  expect(next.searchParams.get('page_token')).toMatch(/./)
})

test('200 on a page unless asked for fewer; every page is served', async () => {
  const clio = startClio()
  fill(clio, 493)
  expect(await follow(clio, '')).toEqual([200, 200, 100])
  expect(await follow(clio, 'limit=150&order=id(asc)')).toEqual([150, 150, 150, 50])
})

test.each(['0', '201', 'many'])('limit=%s is refused', async limit => {
  expect((await startClio().get(`contacts?limit=${limit}`)).status).toBe(400)
})

test('offset pages end at 10,000 records with 422; order=id(asc) goes on', async () => {
  const clio = startClio()
  fill(clio, 10_200)
  let token = ''
  for (let page = 0; page < 50; page += 1) {
    const { meta, status } = await clio.get(`practice_areas?limit=200${token}`)
    expect(status).toBe(200)
    token = `&page_token=${encodeURIComponent(new URL(meta.paging.next ?? '').searchParams.get('page_token') ?? '')}`
  }
  expect((await clio.get(`practice_areas?limit=200${token}`)).status).toBe(422)
  const sizes = await follow(clio, 'order=id(asc)')
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_207)
})

test('cursor pages miss nothing that comes while they are read', async () => {
  const clio = startClio()
  fill(clio, 10)
  const first = await clio.get('practice_areas?limit=10&order=id(asc)')
  fill(clio, 5)
  const token = new URL(first.meta.paging.next ?? '').searchParams.get('page_token') ?? ''
  const second = await clio.get(`practice_areas?limit=200&order=id(asc)&page_token=${encodeURIComponent(token)}`)
  expect(first.list.length + second.list.length).toBe(7 + 15)
})

test('a token that was made up is refused', async () => {
  expect((await startClio().get('contacts?page_token=abc')).status).toBe(400)
})

test('order is by what the contract allows', async () => {
  const clio = startClio()
  const names = (await clio.get('contacts?fields=name&order=name(desc)')).list.map(({ name }) => name)
  expect(names).toEqual(['Maria Alvarez', 'John Okafor', 'Harbor Freight Partners'])
  expect((await clio.get('contacts?order=shoe_size(asc)')).status).toBe(400)
})

test.each([
  ['name', 'contacts', 'alvar', 'Maria Alvarez'],
  ['e-mail', 'contacts', 'okafor@mail', 'John Okafor'],
  ['company', 'contacts', 'harbor', 'Harbor Freight Partners'],
  ['phone as it is written', 'contacts', '(212) 555-0143', 'Maria Alvarez'],
])('query finds a contact by %s', async (_what, resource, query, name) => {
  const told = await startClio().get(`${resource}?fields=name&query=${encodeURIComponent(query)}`)
  expect(told.list).toEqual([{ name }])
})

test('query is literal: the same phone written otherwise is not found', async () => {
  for (const spelling of ['2125550143', '212-555-0143', '+12125550143']) {
    expect((await startClio().get(`contacts?query=${encodeURIComponent(spelling)}`)).list).toEqual([])
  }
})

test('query finds matters by number, description and client, but not by their reference', async () => {
  const clio = startClio()
  await clio.patch(`matters/${clio.idOf('matters', '00001-Alvarez')}`, { client_reference: 'REF-77' })
  for (const query of ['00001', 'divorce', 'maria']) {
    expect((await clio.get(`matters?query=${query}`)).list).toHaveLength(1)
  }
  expect((await clio.get('matters?query=REF-77')).list).toEqual([])
})

test('query finds tasks by name and description, notes by subject and detail', async () => {
  const clio = startClio()
  const contact = { id: clio.idOf('contacts', 'Maria Alvarez') }
  await clio.post('notes', { type: 'Contact', subject: 'First call', detail: 'Wants custody', contact })
  expect((await clio.get('tasks?query=two%20years')).list).toHaveLength(1)
  expect((await clio.get('notes?type=Contact&query=custody')).list).toHaveLength(1)
  expect((await clio.get('notes?type=Contact&query=other')).list).toHaveLength(0)
})

test('query can be late to see a new record, created_since is not', async () => {
  const clio = startClio({ behaviour: { indexDelay: 30_000 } })
  clio.pass(60)
  await clio.post('contacts', person('Ada', 'Byron'))
  expect((await clio.get('contacts?query=byron')).list).toHaveLength(0)
  expect((await clio.get('contacts?created_since=2026-10-15T12:01:00Z')).list).toHaveLength(1)
  clio.pass(30)
  expect((await clio.get('contacts?query=byron')).list).toHaveLength(1)
})

test('created_since and updated_since', async () => {
  const clio = startClio()
  clio.pass(60)
  await clio.post('contacts', person('Ada', 'Byron'))
  await clio.patch(`contacts/${clio.idOf('contacts', 'John Okafor')}`, { title: 'Dr.' })
  const since = '2026-10-15T12:00:30Z'
  expect((await clio.get(`contacts?created_since=${since}`)).list).toHaveLength(1)
  expect((await clio.get(`contacts?updated_since=${since}`)).list).toHaveLength(2)
  expect((await clio.get('contacts?created_since=yesterday')).status).toBe(400)
})

test('ids[] are alternatives; a reference filters by its id', async () => {
  const clio = startClio()
  const [maria, john] = [clio.idOf('contacts', 'Maria Alvarez'), clio.idOf('contacts', 'John Okafor')]
  expect((await clio.get(`contacts?ids[]=${maria}&ids[]=${john}`)).list).toHaveLength(2)
  expect((await clio.get(`matters?client_id=${john}&fields=description`)).list).toEqual([{ description: 'Will' }])
  expect((await clio.get(`tasks?client_id=${maria}`)).list).toHaveLength(1)
  expect((await clio.get(`tasks?client_id=${john}`)).list).toHaveLength(0)
})

test('external properties find the entry that carries them', async () => {
  const clio = startClio()
  const entry = (value: string) => ({
    summary: value,
    start_at: '2026-10-20T10:00:00Z',
    end_at: '2026-10-20T11:00:00Z',
    calendar_owner: { id: clio.idOf('calendars', 'Sam Smith') },
    external_properties: [{ name: 'docketed', value }],
  })
  await clio.post('calendar_entries', entry('one'))
  await clio.post('calendar_entries', entry('two'))
  const query = 'external_property_name=docketed&external_property_value=two'
  expect((await clio.get(`calendar_entries?fields=summary&${query}`)).list).toEqual([{ summary: 'two' }])
})

test('a calendar shows what overlaps from and to; start_date is ignored, silently', async () => {
  const clio = startClio()
  const owner = { id: clio.idOf('calendars', 'Sam Smith') }
  for (const day of ['20', '21', '22']) {
    const [start_at, end_at] = [`2026-10-${day}T10:00:00Z`, `2026-10-${day}T11:00:00Z`]
    await clio.post('calendar_entries', { summary: day, start_at, end_at, calendar_owner: owner })
  }
  const span = 'from=2026-10-20T10:30:00Z&to=2026-10-21T12:00:00Z'
  const told = await clio.get(`calendar_entries?fields=summary&${span}`)
  expect(told.list.map(({ summary }) => summary)).toEqual(['20', '21'])
  expect((await clio.get('calendar_entries?start_date=2026-10-22')).list).toHaveLength(3)
  expect(clio.sandbox.ledger.entries.at(-1)?.unknownQuery).toEqual(['start_date'])
})

test('notes are listed by their type, which is required', async () => {
  const clio = startClio()
  const told = await clio.get('notes')
  expect(told.status).toBe(400)
  expect(told.error.message).toContain('type')
  expect((await clio.get('notes?type=Matter')).status).toBe(200)
})

test('a query parameter that Clio does not know is ignored, and counted', async () => {
  const clio = startClio()
  expect((await clio.get('contacts?q=alvarez')).list).toHaveLength(3)
  expect(clio.sandbox.ledger.view().unknown.query).toBe(1)
})

test('dates with an operator in front, due dates with bounds', async () => {
  const clio = startClio()
  expect((await clio.get('matters?open_date[]=%3E%3D2026-01-12&open_date[]=%3C2026-02-01')).list).toHaveLength(2)
  expect((await clio.get('matters?open_date[]=%3E2026-01-12')).list).toHaveLength(0)
  expect((await clio.get('tasks?due_at_from=2026-02-01&due_at_to=2026-02-03')).list).toHaveLength(1)
  expect((await clio.get('tasks?due_at_from=2026-02-03')).list).toHaveLength(0)
})

test('lists below one record', async () => {
  const clio = startClio()
  const maria = clio.idOf('contacts', 'Maria Alvarez')
  const matter = clio.idOf('matters', '00001-Alvarez')
  const mail = await clio.get(`contacts/${maria}/email_addresses?fields=address`)
  expect(mail.list).toEqual([{ address: 'maria.alvarez@mail.example' }])
  expect((await clio.get(`matters/${matter}/client?fields=name`)).data).toEqual({ name: 'Maria Alvarez' })
  await clio.post('relationships', {
    contact: { id: clio.idOf('contacts', 'John Okafor') },
    matter: { id: matter },
    description: 'Witness',
  })
  const related = await clio.get(`matters/${matter}/related_contacts?fields=name`)
  expect(related.list).toEqual([{ name: 'John Okafor' }])
  expect((await clio.get('contacts/1/email_addresses')).status).toBe(404)
})

test('every filter that a lookup or a name search relies on really filters', () => {
  for (const [name, resource] of Object.entries(everything)) {
    const keys = [...Object.keys(resource.lookup?.query ?? {}), ...Object.keys(resource.names?.query ?? {})]
    for (const key of keys.filter(each => !['query', 'order', 'limit'].includes(each))) {
      expect(filterOf(resource, key), `${name}?${key}`).toBeDefined()
    }
  }
})
