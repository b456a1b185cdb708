import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contract } from '../../../src/clio/contract/index.ts'
import { compose } from '../../../src/clio/names/compose.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { Park } from '../../../src/model/intent.ts'
import { ann, type Firm, startFirm } from '../clio.ts'

const made = (firm: Firm, resource: string, values: JsonObject) => compose(resource, 'create', values, firm.clio)
/** The message with which a create parks before any write. */
async function parked(resource: string, values: JsonObject, firm = startFirm()): Promise<string> {
  const words = await firm.parked({ verb: 'create', resource, with: values })
  expect(firm.writes()).toEqual([])
  return words
}

describe('names become ids', () => {
  test('a matter: client, practice area, stage of it, attorneys', async () => {
    const firm = startFirm()
    const body = await made(firm, 'matters', {
      // The stage is written before the practice area that it depends on.
      matter_stage: 'Engaged',
      practice_area: 'Family Law',
      client: 'Maria Alvarez',
      description: 'Divorce',
      responsible_attorney: 'sam@smith.example',
      originating_attorney: 'Ina Take',
      group: 'Litigation',
      status: 'OPEN',
    })
    expect(body).toEqual({
      matter_stage: { id: firm.idOf('matter_stages', 'Engaged') },
      practice_area: { id: firm.idOf('practice_areas', 'Family Law') },
      client: { id: firm.idOf('contacts', 'Maria Alvarez') },
      description: 'Divorce',
      responsible_attorney: { id: firm.idOf('users', 'sam@smith.example') },
      originating_attorney: { id: firm.idOf('users', 'intake@smith.example') },
      group: { id: firm.idOf('groups', 'Litigation') },
      status: 'open',
    })
  })

  test('a stage of that name in another practice area is not taken', async () => {
    const values = { client: 1, description: 'x', matter_stage: 'Engaged', practice_area: 'Immigration' }
    expect(await parked('matters', values)).toMatch(/no matter stage in Clio is called “Engaged”/)
  })

  test('a task: the matter by display number, the assignee a user unless it says otherwise', async () => {
    const firm = startFirm()
    const task = (assignee: Json) => made(firm, 'tasks', { name: 'Call', assignee, matter: '00001-Alvarez' })
    const user = { id: firm.idOf('users', 'intake@smith.example'), type: 'User' }
    const maria = { id: firm.idOf('contacts', 'Maria Alvarez'), type: 'Contact' }
    expect(await task('intake@smith.example')).toEqual({
      name: 'Call',
      description: 'Call',
      assignee: user,
      matter: { id: firm.idOf('matters', '00001-Alvarez') },
    })
    expect((await task({ name: 'Ina Take' })).assignee).toEqual(user)
    expect((await task({ name: 'Maria Alvarez', type: 'contact' })).assignee).toEqual(maria)
    expect((await task({ id: maria.id, type: 'Contact' })).assignee).toEqual(maria)
  })

  test('what a step made is of its own resource, whatever its type is called', async () => {
    const firm = startFirm()
    const step = (id: number, more: JsonObject) => ({ id, etag: '"x"', created: true, ...more })
    const task = (assignee: Json) => made(firm, 'tasks', { name: 'Call', assignee })
    expect((await task(step(7, { resource: 'contacts' }))).assignee).toEqual({ id: 7, type: 'Contact' })
    expect((await task(step(7, { resource: 'users' }))).assignee).toEqual({ id: 7, type: 'User' })
    // A contact that was found says of itself that it is a person.
    expect((await task({ id: 7, type: 'Person', found: true })).assignee).toEqual({ id: 7, type: 'Contact' })
    const document = (parent: Json) => made(firm, 'documents', { name: 'x', parent })
    expect((await document(step(7, { resource: 'folders' }))).parent).toEqual({ id: 7, type: 'Folder' })
    expect((await document(step(7, { resource: 'matters' }))).parent).toEqual({ id: 7, type: 'Matter' })
  })

  test('a record of the wrong kind is never filed under its id', async () => {
    const client = { id: 7, resource: 'contacts', created: true }
    expect(await parked('tasks', { name: 'x', assignee: 'Ina Take', matter: client })).toBe(
      'tasks.matter wants a record of matters, not of contacts.',
    )
    expect(await parked('tasks', { name: 'x', assignee: { id: 7, resource: 'matters' } })).toBe(
      'tasks.assignee wants a record of users or contacts, not of matters.',
    )
    expect(await parked('folders', { name: 'x', parent: { id: 7, type: 'Person2' } })).toMatch(/wants a record of/)
  })

  test('a calendar entry: the owner’s own calendar, by the user’s e-mail; attendees of two kinds', async () => {
    const firm = startFirm()
    const own = firm.record('users', firm.idOf('users', 'sam@smith.example')).default_calendar_id!
    const body = await made(firm, 'calendar_entries', {
      summary: 'Meeting',
      start_at: '2026-11-02T10:00',
      end_at: '2026-11-02T11:00:00-05:00',
      calendar_owner: 'sam@smith.example',
      attendees: ['Maria Alvarez', { name: 'Ina Take', type: 'Calendar' }],
      calendar_entry_event_type: 'Consultation',
    })
    expect(body).toMatchObject({
      start_at: '2026-11-02T15:00:00Z',
      end_at: '2026-11-02T16:00:00Z',
      calendar_owner: { id: own },
      attendees: [
        { id: firm.idOf('contacts', 'Maria Alvarez'), type: 'Contact' },
        { id: firm.record('users', firm.idOf('users', 'intake@smith.example')).default_calendar_id, type: 'Calendar' },
      ],
    })
  })

  test('a calendar entry of a user, as the gateway’s samples write it: the user’s own calendar, never one of the same number', async () => {
    const firm = startFirm()
    const user = firm.idOf('users', 'sam@smith.example')
    const times = { summary: 'Meeting', start_at: '2026-11-02T10:00', end_at: '2026-11-02T11:00' }
    const body = await made(firm, 'calendar_entries', { ...times, calendar_owner: { id: user, type: 'User' } })
    expect(body.calendar_owner).toEqual({ id: firm.record('users', user).default_calendar_id })
    expect(await parked('calendar_entries', { ...times, calendar_owner: { id: 999_999, type: 'User' } })).toMatch(
      /names user 999999, whom Clio does not know/,
    )
  })

  test('a document: its parent a matter, or what is said; a category by name', async () => {
    const firm = startFirm()
    const body = (parent: Json) => made(firm, 'documents', { name: 'Will', parent, document_category: 'Evidence' })
    expect(await body('00001-Alvarez')).toEqual({
      name: 'Will',
      parent: { id: firm.idOf('matters', '00001-Alvarez'), type: 'Matter' },
      document_category: { id: firm.idOf('document_categories', 'Evidence') },
    })
    const maria = firm.idOf('contacts', 'Maria Alvarez')
    expect((await body({ name: 'Maria Alvarez', type: 'Contact' })).parent).toEqual({ id: maria, type: 'Contact' })
  })

  test('ids that stand alone, and lists of tasks', async () => {
    const firm = startFirm()
    const body = await made(firm, 'matters', {
      client: 'Maria Alvarez',
      description: 'x',
      task_template_list_instances: [{ task_template_list: 'New family matter', assignee_id: 'sam@smith.example' }],
    })
    expect(body.task_template_list_instances).toEqual([
      {
        task_template_list: { id: firm.idOf('task_template_lists', 'New family matter') },
        assignee_id: firm.idOf('users', 'sam@smith.example'),
      },
    ])
  })
})

describe('values take Clio’s types', () => {
  const time = { type: 'TimeEntry', date: '2026-10-15' }
  test.each<[Json, number]>([
    ['1h 30m', 5400],
    ['90m', 5400],
    ['1:30', 5400],
    ['1.5h', 5400],
    [5400, 5400],
  ])('a time entry’s quantity %j is %i seconds', async (quantity, seconds) => {
    expect(await made(startFirm(), 'activities', { quantity, ...time })).toMatchObject({ quantity: seconds })
  })

  test.each(['2', '1.5', '5400'])('a time entry’s quantity “%s” has no unit: two of what?', async quantity => {
    expect(await parked('activities', { ...time, quantity })).toMatch(/wants a duration with its unit/)
  })

  test('an expense’s quantity is a number, whichever stands first', async () => {
    const expense = { type: 'expenseentry', date: '2026-10-15', price: '1,250.50' }
    expect(await made(startFirm(), 'activities', { quantity: '2', ...expense })).toEqual({
      quantity: 2,
      type: 'ExpenseEntry',
      date: '2026-10-15',
      price: 1250.5,
    })
    expect(await parked('activities', { ...expense, quantity: '2 hours' })).toMatch(/quantity wants a number/)
  })

  test('how long a task takes is a duration too', async () => {
    const firm = startFirm()
    expect(await made(firm, 'tasks', { name: 'x', assignee: 'Ina Take', time_estimated: '45 min' })).toMatchObject({
      time_estimated: 2700,
    })
  })

  test('a task is due on the firm’s day, and its description is its name unless it has one', async () => {
    const firm = startFirm()
    const task = { name: 'Call', assignee: 'Ina Take', due_at: '2026-10-16T02:00:00Z', priority: 'high' }
    expect(await made(firm, 'tasks', task)).toMatchObject({
      due_at: '2026-10-15',
      priority: 'High',
      description: 'Call',
    })
    expect(await made(firm, 'tasks', { ...task, description: 'Now' })).toMatchObject({ description: 'Now' })
  })

  test('one value where Clio wants a list is a list of one', async () => {
    const body = await made(startFirm(), 'contacts', { ...ann, email_addresses: { address: 'a@x.example' } })
    expect(body.email_addresses).toEqual([{ address: 'a@x.example' }])
  })

  test('a person’s name is made of its parts', async () => {
    expect(await made(startFirm(), 'contacts', { ...ann, name: 'Somebody' })).not.toHaveProperty('name')
    expect(await made(startFirm(), 'contacts', { type: 'Company', name: 'Acme' })).toEqual({
      type: 'Company',
      name: 'Acme',
    })
  })

  test('nothing becomes the word “null”', async () => {
    const body = await made(startFirm(), 'contacts', { ...ann, title: null, prefix: ' ', email_addresses: [null, ''] })
    expect(body).toEqual({ ...ann, email_addresses: [] })
  })
})

describe('a person is asked before anything is written', () => {
  test.each<[string, string, JsonObject, RegExp]>([
    [
      'a required key that came out empty',
      'tasks',
      { assignee: 'Ina Take' },
      /tasks cannot be created: description, name came out empty/,
    ],
    ['a required key that is blank', 'tasks', { name: '', assignee: 'Ina Take' }, /description, name came out empty/],
    [
      'a required record',
      'matters',
      { description: 'x', client: null },
      /matters cannot be created: client came out empty/,
    ],
    [
      'a client who was not found',
      'matters',
      { description: 'x', client: { found: false, id: null } },
      /matters.client wants a record/,
    ],
    ['a person without a name', 'contacts', { type: 'Person' }, /first_name or last_name is needed/],
    [
      'a person with a name in one piece',
      'contacts',
      { type: 'Person', name: 'Ann Lee' },
      /first_name or last_name is needed/,
    ],
    ['a company without one', 'contacts', { type: 'Company' }, /name is needed/],
    ['a note of a matter without one', 'notes', { type: 'Matter', subject: 'x' }, /matter is needed/],
    ['a key that Clio does not have', 'contacts', { ...ann, nickname: 'x' }, /contacts.nickname: Clio has no such key/],
    [
      'a key within',
      'contacts',
      { ...ann, addresses: [{ state: 'NY' }] },
      /contacts.addresses.state: Clio has no such key/,
    ],
    [
      'a word that Clio does not know',
      'contacts',
      { type: 'Human', name: 'x' },
      /contacts.type wants one of Person, Company/,
    ],
    [
      'text where an object belongs',
      'contacts',
      { ...ann, addresses: 'here' },
      /contacts.addresses wants an object with city, .*, name\.$/,
    ],
    [
      'custom fields where there are none',
      'tasks',
      { name: 'x', assignee: 'Ina Take', custom_fields: { a: 1 } },
      /only matters and contacts/,
    ],
    [
      'an id where an object belongs',
      'reminders',
      { notification_method: 1 },
      /notification_method wants an object with id\.$/,
    ],
    ['custom fields that are no object', 'contacts', { ...ann, custom_fields: 'red' }, /custom_fields wants an object/],
  ])('%s', async (_, resource, values, words) => {
    expect(await parked(resource, values)).toMatch(words)
  })

  test('what Clio does not let anybody do', async () => {
    const firm = startFirm()
    await expect(compose('users', 'create', {}, firm.clio)).rejects.toThrow('Clio does not let anybody create users.')
    await expect(compose('spaceships', 'create', {}, firm.clio)).rejects.toThrow(Park)
  })
})

test('whatever a rule makes, it is written in Clio’s shape, or a person is asked; nothing else is thrown', async () => {
  const firm = startFirm()
  const writable = Object.entries(contract).filter(([, resource]) => resource.create)
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('Ina Take', '2026-10-15', 7, 'yes'),
  ) as fc.Arbitrary<Json>
  const body = fc
    .constantFrom(...writable)
    .chain(([name, { create = {} }]) =>
      fc.tuple(
        fc.constant(name),
        fc.dictionary(fc.constantFrom(...Object.keys(create).map(key => key.replace('!', '')), 'custom_fields'), value),
      ),
    )
  await fc.assert(
    fc.asyncProperty(body, async ([name, values]) => {
      try {
        await compose(name, 'create', values, firm.clio)
      } catch (error) {
        if (!(error instanceof Park)) throw error
      }
    }),
    { numRuns: 300 },
  )
})
