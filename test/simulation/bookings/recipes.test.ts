import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import { BookingFirm, firmWith, folder } from './firm.ts'
import { calendly, calendlyBody, calendlyInvitee, lastStart } from './providers.ts'

/** Every recipe, from the body that a provider sends to the records that stand in Clio. */

const names = readdirSync(folder).map(file => file.replace('.jsonc', ''))

it.each(names)('%s is a configuration without a fault', name => {
  const read = readConfiguration(JSON.stringify(firmWith(name)))
  if (!read.ok) throw new Error(JSON.stringify(read.problem, null, 1))
  expect(read.warnings).toEqual([])
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const minute = 60_000

async function withOpenMatters(world: BookingFirm, count: number): Promise<number> {
  const store = world.sandbox.account('smith')
  const client = store.insert('contacts', {
    type: 'Person',
    first_name: 'Jordan',
    last_name: 'Novak',
    email_addresses: [{ id: 5, name: 'Work', address: 'jordan@client.example', default_email: true }],
  }).id
  for (let n = 0; n < count; n++)
    store.insert('matters', {
      number: 90 + n,
      display_number: `0009${n}-Novak`,
      client: { id: client },
      status: 'open',
    })
  return Number(client)
}

const idOf = (value: Json | undefined) => (isObject(value) ? Number(value.id) : null)

describe('a booking in the calendar', () => {
  it('is made with everything that the provider told', async () => {
    const world = new BookingFirm(firmWith('booking-calendar'))
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(minute)
    const [contact] = world.stand('contacts')
    const [entry, ...more] = world.stand('calendar_entries')
    expect(more).toEqual([])
    expect(contact).toMatchObject({ first_name: 'Jordan', last_name: 'Novak' })
    expect(entry).toMatchObject({
      summary: 'Consultation: Jordan Novak',
      start_at: '2026-12-01T15:00:00Z',
      end_at: '2026-12-01T16:00:00Z',
      all_day: false,
      location: 'https://zoom.example/j/991',
      description: 'What is it about? A lease',
    })
    const attendees = entry!.attendees as JsonObject[]
    expect(attendees.map(one => [String(one.id), one.type])).toEqual([[String(contact!.id), 'Contact']])
  })

  it.each([
    [0, false],
    [1, true],
    [2, false],
  ])('with %i open matters of the client is linked: %s', async (count, linked) => {
    const world = new BookingFirm(firmWith('booking-calendar'))
    await withOpenMatters(world, count)
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(minute)
    const [entry] = world.stand('calendar_entries')
    expect(idOf(entry!.matter) !== null).toBe(linked)
    expect(world.stand('contacts')).toHaveLength(1)
  })

  it('of somebody who gave no name is made, and the contact has the address for one', async () => {
    const world = new BookingFirm(firmWith('booking-calendar'))
    const nameless = calendlyInvitee(0, { name: null, first_name: null, last_name: null })
    await world.arrives('calendly', calendlyBody('invitee.created', '2026-11-24T15:00:00Z', nameless))
    await world.passes(minute)
    expect(world.runs()).toMatchObject([{ state: 'done' }])
    expect(world.stand('contacts')).toMatchObject([{ last_name: 'jordan@client.example' }])
  })

  it('is moved and removed with the booking', async () => {
    const world = new BookingFirm(firmWith('booking-calendar'))
    for (const { body } of calendly.slice(0, 3)) await world.arrives('calendly', body)
    await world.passes(minute)
    expect(world.stand('calendar_entries').map(one => one.start_at)).toEqual([lastStart])
    await world.arrives('calendly', calendly[3]!.body)
    await world.passes(minute)
    expect(world.stand('calendar_entries')).toEqual([])
    expect(world.runs().map(run => run.state)).toEqual(['done', 'done', 'done', 'done'])
  })
})

describe('a task to prepare', () => {
  it('is due the business day before, moves with the booking, and goes with it', async () => {
    const world = new BookingFirm(firmWith('booking-preparation'))
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(minute)
    expect(world.stand('tasks')).toMatchObject([{ name: 'Prepare: Jordan Novak', due_at: '2026-11-30' }])
    await world.arrives('calendly', calendly[2]!.body)
    await world.arrives('calendly', calendly[1]!.body)
    await world.passes(minute)
    expect(world.stand('tasks').map(one => one.due_at)).toEqual(['2026-12-02'])
    await world.arrives('calendly', calendly[3]!.body)
    await world.passes(minute)
    expect(world.stand('tasks')).toEqual([])
  })
})

describe('a no-show', () => {
  it('is noted on the contact, once', async () => {
    const world = new BookingFirm(firmWith('booking-no-show'))
    const client = await withOpenMatters(world, 0)
    const body = calendlyBody('invitee_no_show.created', '2026-12-01T16:10:00.000000Z', calendlyInvitee(0))
    await world.arrives('calendly', body)
    await world.arrives('calendly', body)
    await world.passes(minute)
    expect(world.stand('notes')).toMatchObject([{ subject: 'Did not come: Consultation', date: '2026-12-01' }])
    expect(idOf(world.stand('notes')[0]!.contact)).toBe(client)
  })
})

const submitted = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const pat = { name: 'Pat Doe', email: 'pat@client.example', phone: '212 555 0199', message: 'My landlord' }

describe('a new client', () => {
  it('becomes a contact, a pending matter and a task', async () => {
    const world = new BookingFirm(firmWith('new-client-intake'))
    await world.arrives('website', submitted({ ...pat, opposing_party: 'Nobody Known' }), form)
    await world.passes(minute)
    expect(world.stand('contacts')).toMatchObject([{ first_name: 'Pat', last_name: 'Doe' }])
    expect(world.stand('matters')).toMatchObject([{ description: 'Doe: new inquiry', status: 'pending' }])
    expect(world.stand('tasks')).toMatchObject([
      { name: 'Call Pat Doe', description: 'My landlord', due_at: '2026-11-25' },
    ])
  })

  it('waits for a person when the other side is known', async () => {
    const world = new BookingFirm(firmWith('new-client-intake'))
    const [run] = await world.arrives('website', submitted({ ...pat, opposing_party: 'Maria Alvarez' }), form)
    await world.passes(minute)
    expect(world.run(run!)).toMatchObject({ state: 'parked', reason: expect.stringContaining('conflict') })
    expect(world.stand('contacts')).toEqual([])
  })
})

describe('a request for a consultation', () => {
  it('becomes a contact, a note and a task', async () => {
    const world = new BookingFirm(firmWith('consultation-request'))
    await world.arrives('website', submitted({ ...pat, 'Preferred time': 'mornings' }), form)
    await world.passes(minute)
    expect(world.stand('notes')).toMatchObject([{ subject: 'Asks for a consultation', detail: 'My landlord' }])
    expect(world.stand('tasks')).toMatchObject([
      { name: 'Make an appointment with Pat Doe', description: 'Preferred: mornings' },
    ])
  })
})
