import { expect, test } from 'vitest'
import { isObject } from '../../src/lib/json.ts'
import { type Clio, person, startClio } from './helpers.ts'

const addresses = async (clio: Clio, id: unknown) =>
  (await clio.get(`contacts/${id}?fields=email_addresses{id,address,primary}`)).data.email_addresses as {
    id: number
    address: string
    primary: boolean
  }[]

test('unknown keys are dropped with a 201, and only the ledger tells', async () => {
  const clio = startClio()
  const made = await clio.post('contacts', {
    ...person('Ada', 'Byron'),
    nickname: 'A.',
    addresses: [{ name: 'Home', street: '1 Elm', state: 'NY' }],
  })
  expect(made.status).toBe(201)
  expect(JSON.stringify(clio.sandbox.records().contacts)).not.toContain('nickname')
  expect(clio.sandbox.ledger.entries.at(-1)?.unknownKeys).toEqual(['nickname', 'addresses.state'])
  expect(clio.sandbox.ledger.view().unknown.keys).toBe(2)
})

test('a PATCH with an item without id appends it: repeated, it makes a duplicate', async () => {
  const clio = startClio()
  const { data } = await clio.post('contacts', person('Ada', 'Byron', 'ada@one.example'))
  const patch = { email_addresses: [{ name: 'Work', address: 'ada@two.example' }] }
  await clio.patch(`contacts/${data.id}`, patch)
  await clio.patch(`contacts/${data.id}`, patch)
  expect((await addresses(clio, data.id)).map(({ address }) => address)).toEqual([
    'ada@one.example',
    'ada@two.example',
    'ada@two.example',
  ])
})

test('an item with its id is updated, with _destroy removed, an empty list changes nothing', async () => {
  const clio = startClio()
  const { data } = await clio.post('contacts', person('Ada', 'Byron', 'ada@one.example'))
  const [first] = await addresses(clio, data.id)
  await clio.patch(`contacts/${data.id}`, { email_addresses: [{ id: first?.id, address: 'ada@new.example' }] } as never)
  expect(await addresses(clio, data.id)).toEqual([{ id: first?.id, address: 'ada@new.example', primary: true }])
  await clio.patch(`contacts/${data.id}`, { email_addresses: [] })
  expect(await addresses(clio, data.id)).toHaveLength(1)
  await clio.patch(`contacts/${data.id}`, { email_addresses: [{ id: first?.id, _destroy: true }] } as never)
  expect(await addresses(clio, data.id)).toEqual([])
})

test('an item whose id is not there is not found', async () => {
  const clio = startClio()
  const id = clio.idOf('contacts', 'Maria Alvarez')
  expect((await clio.patch(`contacts/${id}`, { email_addresses: [{ id: 1, address: 'x@y.example' }] })).status).toBe(
    404,
  )
})

test('there is one primary address: the one that was last made the default', async () => {
  const clio = startClio()
  const { data } = await clio.post('contacts', person('Ada', 'Byron', 'ada@one.example'))
  await clio.patch(`contacts/${data.id}`, {
    email_addresses: [{ name: 'Home', address: 'ada@two.example', default_email: true }],
  })
  const told = await clio.get(`contacts/${data.id}?fields=primary_email_address`)
  expect(told.data.primary_email_address).toBe('ada@two.example')
})

test.each([
  ['a required key left out', 'tasks', { description: 'x', assignee: { id: 1, type: 'User' } }],
  ['a required key empty', 'practice_areas', { name: '' }],
  ['a required key inside an object left out', 'matters', { description: 'x', client: {} }],
  ['a word that is not in the enum', 'contacts', { type: 'Human', first_name: 'Ada' }],
  ['a text where a number belongs', 'activities', { type: 'TimeEntry', date: '2026-01-01', quantity: 'an hour' }],
  ['a date that does not exist', 'activities', { type: 'TimeEntry', date: '2026-02-30' }],
  ['a date as people write it', 'activities', { type: 'TimeEntry', date: '10/15/2026' }],
  [
    'an object where a list belongs',
    'contacts',
    { type: 'Person', first_name: 'A', email_addresses: { address: 'a' } },
  ],
  ['a list where an object belongs', 'contacts', { type: 'Person', first_name: 'A', company: [1] }],
  ['a person without any name', 'contacts', { type: 'Person' }],
])('%s is refused in one sentence', async (_what, resource, data) => {
  const clio = startClio()
  const told = await clio.post(resource, data)
  expect(told.status).toBe(422)
  expect(told.error).toEqual({ type: 'ArgumentError', message: expect.stringMatching(/./) })
})

test('a person needs a first or a last name, and Clio says so', async () => {
  const told = await startClio().post('contacts', { type: 'Person', title: 'Dr.' })
  expect(told.error.message).toBe('At least one of first name or last name must be provided')
})

test('task statuses beyond pending and complete need Advanced Tasks', async () => {
  const data = (clio: Clio) => ({
    name: 'Call',
    description: 'x',
    status: 'in_progress',
    assignee: { id: clio.idOf('users', 'Sam Smith'), type: 'User' },
  })
  const plain = startClio()
  const told = await plain.post('tasks', data(plain))
  expect(told.status).toBe(422)
  expect(told.error.message).toBe('status must be one of ["complete","pending"]')
  const advanced = startClio({ behaviour: { advancedTasks: true } })
  expect((await advanced.post('tasks', data(advanced))).status).toBe(201)
})

test('a reference to a record that is not there is not found', async () => {
  const clio = startClio()
  const told = await clio.post('matters', { client: { id: 99 }, description: 'x' })
  expect(told.status).toBe(404)
  expect(told.error.type).toBe('RecordNotFound')
})

test("a calendar's owner is a calendar: a user's id is none", async () => {
  const clio = startClio()
  const entry = { summary: 'x', start_at: '2026-10-20T10:00:00Z', end_at: '2026-10-20T11:00:00Z' }
  const user = clio.idOf('users', 'Sam Smith')
  expect((await clio.post('calendar_entries', { ...entry, calendar_owner: { id: user } })).status).toBe(404)
})

test('creating a calendar entry with a matter can be refused; linking it afterwards works', async () => {
  const clio = startClio({ behaviour: { refuseCalendarMatter: true } })
  const matter = { id: clio.idOf('matters', '00001-Alvarez') }
  const entry = {
    summary: 'x',
    start_at: '2026-10-20T10:00:00Z',
    end_at: '2026-10-20T11:00:00Z',
    calendar_owner: { id: clio.idOf('calendars', 'Sam Smith') },
  }
  expect((await clio.post('calendar_entries', { ...entry, matter })).status).toBe(404)
  const { data } = await clio.post('calendar_entries', entry)
  const linked = await clio.patch(`calendar_entries/${data.id}?fields=matter{id}`, { matter })
  expect(linked.data).toEqual({ matter })
})

test('a note needs the record that its type names', async () => {
  const clio = startClio()
  const contact = { id: clio.idOf('contacts', 'Maria Alvarez') }
  expect((await clio.post('notes', { type: 'Contact', subject: 'x', contact })).status).toBe(201)
  expect((await clio.post('notes', { type: 'Matter', subject: 'x', contact })).status).toBe(422)
})

test('a stale If-Match is refused, a fresh one is not', async () => {
  const clio = startClio()
  const path = `contacts/${clio.idOf('contacts', 'Maria Alvarez')}`
  const { data } = await clio.get(path)
  expect((await clio.patch(path, { title: 'Dr.' }, { 'if-match': String(data.etag) })).status).toBe(200)
  const stale = await clio.patch(path, { title: 'Prof.' }, { 'if-match': String(data.etag) })
  expect(stale.status).toBe(412)
  expect((await clio.get(`${path}?fields=title`)).data.title).toBe('Dr.')
})

test('If-None-Match on what has not changed is 304', async () => {
  const clio = startClio()
  const path = `contacts/${clio.idOf('contacts', 'Maria Alvarez')}`
  const etag = (await clio.get(path)).headers.get('etag') ?? ''
  expect((await clio.get(path, { 'if-none-match': etag })).status).toBe(304)
  expect((await clio.get(path, { 'if-none-match': '"other"' })).status).toBe(200)
})

test('a client with an open matter cannot be deleted; once it is closed, she can', async () => {
  const clio = startClio()
  const id = clio.idOf('contacts', 'Maria Alvarez')
  expect((await clio.delete(`contacts/${id}`)).status).toBe(422)
  await clio.patch(`matters/${clio.idOf('matters', '00001-Alvarez')}`, { status: 'closed' })
  expect((await clio.delete(`contacts/${id}`)).status).toBe(204)
  expect((await clio.delete(`contacts/${id}`)).status).toBe(404)
  expect((await clio.get(`contacts/${id}`)).status).toBe(404)
})

test('a body that is no JSON, or has no data, is refused', async () => {
  const clio = startClio()
  for (const body of ['{', '[]', '{"type":"Person"}', '']) {
    expect((await clio.send('POST', 'contacts', { body })).status).toBe(400)
  }
})

test('what Clio does not have is not found: no such path, no such verb', async () => {
  const clio = startClio()
  expect((await clio.get('clients')).status).toBe(404)
  expect((await clio.post('users', { name: 'x' })).status).toBe(404)
  expect((await clio.post('bills', { name: 'x' })).status).toBe(404)
})

test('an API version that was retired is gone; a good answer tells its version', async () => {
  const clio = startClio()
  expect((await clio.get('users', { 'x-api-version': '3.0.0' })).status).toBe(410)
  const told = await clio.get(`users/${clio.idOf('users', 'Sam Smith')}`, { 'x-api-version': '4.0.9' })
  expect(told.headers.get('x-api-version')).toBe('4.0.9')
})

test('one timer at a time: another stops the first, and its time goes to its activity', async () => {
  const clio = startClio()
  const activity = async () =>
    (await clio.post('activities', { type: 'TimeEntry', date: '2026-10-15' })).data.id ?? null
  const [first, second] = [await activity(), await activity()]
  expect((await clio.get('timer')).status).toBe(404)
  await clio.post('timer', { activity: { id: first } })
  clio.pass(90)
  expect((await clio.get('timer?fields=elapsed_time,activity{id}')).data).toEqual({
    elapsed_time: 90,
    activity: { id: first },
  })
  await clio.post('timer', { activity: { id: second } })
  expect((await clio.get(`activities/${first}?fields=quantity`)).data.quantity).toBe(90)
  expect((await clio.delete('timer')).status).toBe(204)
  expect((await clio.get('timer')).status).toBe(404)
})

test('an update touches only what it names', async () => {
  const clio = startClio()
  const id = clio.idOf('matters', '00001-Alvarez')
  const fields = 'fields=description,status,client{id},custom_field_values{value}'
  const before = (await clio.get(`matters/${id}?${fields}`)).data
  await clio.patch(`matters/${id}`, { client_reference: 'R-1' })
  expect((await clio.get(`matters/${id}?${fields}`)).data).toEqual(before)
  expect(isObject(before.client)).toBe(true)
})

test('what create requires cannot be emptied by an update', async () => {
  const clio = startClio()
  const id = clio.idOf('matters', '00001-Alvarez')
  expect((await clio.patch(`matters/${id}`, { description: null })).status).toBe(422)
})
