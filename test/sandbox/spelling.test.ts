import { expect, test } from 'vitest'
import { startClio } from './helpers.ts'

/** What was written reads otherwise in the answer. */

test('a matter is written "pending" and answered "Pending"; the filter is lowercase', async () => {
  const clio = startClio()
  const client = { id: clio.idOf('contacts', 'Maria Alvarez') }
  const made = await clio.post('matters?fields=status,pending_date,open_date,display_number', {
    client,
    description: 'Custody',
    status: 'pending',
  })
  expect(made.data).toEqual({
    status: 'Pending',
    pending_date: '2026-10-15',
    open_date: null,
    display_number: '00003-Alvarez',
  })
  expect((await clio.get('matters?status=pending')).list).toHaveLength(1)
  expect((await clio.get('matters?status=Pending')).status).toBe(400)
  expect((await clio.post('matters', { client, description: 'Custody', status: 'Pending' })).status).toBe(422)
})

test("a task's priority is capitalised when written, lowercase in the answer; its due date is bare", async () => {
  const clio = startClio()
  const assignee = { id: clio.idOf('users', 'Sam Smith'), type: 'User' }
  const made = await clio.post('tasks?fields=priority,due_at,status,assignee{name,type}', {
    name: 'Call',
    description: 'Call back',
    priority: 'High',
    due_at: '2026-10-16T17:00:00Z',
    assignee,
  })
  expect(made.data).toEqual({
    priority: 'high',
    due_at: '2026-10-16',
    status: 'pending',
    assignee: { name: 'Sam Smith', type: 'User' },
  })
  expect((await clio.post('tasks', { name: 'Call', description: 'x', assignee, priority: 'high' })).status).toBe(422)
})

test('a calendar entry has an id that is a string, and times in UTC', async () => {
  const clio = startClio()
  const owner = { id: clio.idOf('calendars', 'Sam Smith') }
  const made = await clio.post('calendar_entries?fields=id,start_at,end_at,calendar_owner{id,name}', {
    summary: 'Consultation',
    start_at: '2026-10-20T10:00:00-04:00',
    end_at: '2026-10-20T11:00:00-04:00',
    calendar_owner: owner,
  })
  expect(made.data).toEqual({
    id: expect.stringMatching(/^\d+$/),
    start_at: '2026-10-20T14:00:00Z',
    end_at: '2026-10-20T15:00:00Z',
    calendar_owner: { ...owner, name: 'Sam Smith' },
  })
  expect((await clio.get(`calendar_entries/${made.data.id}`)).status).toBe(200)
})

test('an attendee is a Contact there, not a Person', async () => {
  const clio = startClio()
  const made = await clio.post('calendar_entries?fields=attendees{type,name}', {
    summary: 'Consultation',
    start_at: '2026-10-20T10:00:00Z',
    end_at: '2026-10-20T11:00:00Z',
    calendar_owner: { id: clio.idOf('calendars', 'Sam Smith') },
    attendees: [{ id: clio.idOf('contacts', 'Maria Alvarez'), type: 'Contact' }],
  })
  expect(made.data.attendees).toEqual([{ type: 'Contact', name: 'Maria Alvarez' }])
})

test("quantity is in seconds; the user is the token's when none is named", async () => {
  const clio = startClio()
  const made = await clio.post('activities?fields=quantity,quantity_in_hours,rounded_quantity,user{name},date,total', {
    type: 'TimeEntry',
    date: '2026-10-15',
    quantity: 1000,
    price: 360,
  })
  expect(made.data).toEqual({
    quantity: 1000,
    quantity_in_hours: 0.2778,
    rounded_quantity: 1080,
    user: { name: 'Sam Smith' },
    date: '2026-10-15',
    total: 100.01,
  })
})

test('users know their own calendar, and who_am_i is the one who connected', async () => {
  const clio = startClio()
  const me = await clio.get('users/who_am_i?fields=id,name,email,time_zone,default_calendar_id,account{name}')
  expect(me.data).toMatchObject({
    id: clio.idOf('users', 'Sam Smith'),
    email: 'sam@smith.example',
    default_calendar_id: clio.idOf('calendars', 'Sam Smith'),
    account: { name: 'Smith & Partners' },
  })
})

test('stamps are whole seconds, and the etag changes with every update', async () => {
  const clio = startClio()
  const id = clio.idOf('contacts', 'Maria Alvarez')
  const before = await clio.get(`contacts/${id}?fields=etag,created_at,updated_at`)
  clio.pass(90.5)
  const after = await clio.patch(`contacts/${id}?fields=etag,created_at,updated_at`, { title: 'Dr.' })
  expect(before.data).toMatchObject({ created_at: '2026-09-15T12:00:00Z', updated_at: '2026-09-15T12:00:00Z' })
  expect(after.data).toMatchObject({ created_at: '2026-09-15T12:00:00Z', updated_at: '2026-10-15T12:01:30Z' })
  expect(after.data.etag).not.toBe(before.data.etag)
})
