import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { BookingFirm, firmWith } from './firm.ts'
import { calendly, calendlyBody, calendlyInvitee, calendlyReplaced, permutations } from './providers.ts'

/** Moments before and behind a booking: set with it, moved with it, gone with it, each once. */

const day = 86_400_000
const times = ['1 day before at 9:00', '2 hours before', '30 minutes after end']

function config(timezone = 'America/New_York', reminders = times): JsonObject {
  return {
    timezone,
    country: 'US',
    connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
    endpoints: { calendly: { source: 'calendly', secret: '$KEY', reminders } },
    rules: [
      {
        name: 'remind',
        on: { endpoint: 'calendly', type: 'booking.reminder' },
        steps: {
          task: {
            create: 'tasks',
            with: { name: '{{ fields.reminder }}: {{ person.last_name }}', assignee: 'sam@smith.example' },
          },
        },
      },
    ],
  }
}

const reminded = (world: BookingFirm) =>
  world
    .runs()
    .filter(run => run.type === 'booking.reminder')
    .map(run => [run.event!.fields.reminder, new Date(run.acceptedAt).toISOString().slice(0, 16)])

const booked = (start: string) =>
  calendlyBody('invitee.created', '2026-11-24T11:00:00.000Z', calendlyInvitee(0, {}, start))

describe('reminders of a booking', () => {
  it('come when they are due, with the booking and which of them it is', async () => {
    const world = new BookingFirm(config())
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(14 * day)
    expect(reminded(world)).toEqual([
      ['1 day before at 9:00', '2026-11-30T14:00'],
      ['2 hours before', '2026-12-01T13:00'],
      ['30 minutes after end', '2026-12-01T16:30'],
    ])
    expect(world.stand('tasks').map(one => one.name)).toEqual(times.map(time => `${time}: Novak`))
    expect(world.runs().at(-1)!.event!.booking).toMatchObject({ title: 'Consultation', seconds: 3600 })
  })

  it('that are past when the booking is made do not come', async () => {
    const world = new BookingFirm(config())
    await world.arrives('calendly', booked('2026-11-24T18:00:00Z'))
    await world.passes(2 * day)
    expect(reminded(world).map(([which]) => which)).toEqual(['2 hours before', '30 minutes after end'])
  })

  it('move with it and go with it, in whatever order the news come', async () => {
    for (const news of permutations(calendly.slice(0, 3))) {
      const world = new BookingFirm(config('America/New_York', ['2 hours before']))
      for (const { body } of [...news, ...calendlyReplaced]) {
        await world.arrives('calendly', body)
        await world.passes(2000)
      }
      await world.passes(14 * day)
      expect(reminded(world), news.map(({ name }) => name).join()).toEqual([['2 hours before', '2026-12-03T15:30']])
      world.close()
    }
    for (const news of permutations(calendly)) {
      const world = new BookingFirm(config('America/New_York', ['2 hours before']))
      for (const { body } of news) await world.arrives('calendly', body)
      await world.passes(14 * day)
      expect(reminded(world), news.map(({ name }) => name).join()).toEqual([])
      world.close()
    }
  })

  it('come once, wherever the Docket dies', async () => {
    for (let point = 0; point < 40; point += 1) {
      const world = new BookingFirm(config('America/New_York', ['2 hours before']))
      await world.arrives('calendly', calendly[0]!.body)
      await world.clock.run({ until: Date.parse('2026-12-01T12:59:00Z') })
      world.dieAtPoint(point)
      await world.passes(day)
      expect(reminded(world), `dead at point ${point}`).toHaveLength(1)
      expect(world.stand('tasks'), `dead at point ${point}`).toHaveLength(1)
      world.close()
    }
  })

  it.each([
    ['America/New_York', '2027-03-14T15:00:00Z', '2027-03-13T14:00', '2027-03-15T15:00:00Z', '2027-03-14T13:00'],
    ['Europe/London', '2027-03-28T10:00:00Z', '2027-03-27T09:00', '2027-03-29T10:00:00Z', '2027-03-28T08:00'],
    ['Australia/Sydney', '2027-04-04T01:00:00Z', '2027-04-02T22:00', '2027-04-05T01:00:00Z', '2027-04-03T23:00'],
  ])(
    'the day before at 9:00 is 9:00 in %s on either side of a change',
    async (zone, first, firstAt, second, secondAt) => {
      for (const [start, at] of [
        [first, firstAt],
        [second, secondAt],
      ] as const) {
        const world = new BookingFirm(config(zone, ['1 day before at 9:00']))
        await world.arrives('calendly', booked(start))
        await world.clock.run({ until: Date.parse(start) })
        expect(reminded(world)).toEqual([['1 day before at 9:00', at]])
        world.close()
      }
    },
  )

  it('that the firm no longer wants do not come', async () => {
    const world = new BookingFirm(config())
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(1000)
    world.configure(config('America/New_York', ['2 hours before']))
    await world.passes(14 * day)
    expect(reminded(world).map(([which]) => which)).toEqual(['2 hours before'])
  })
})

describe('the time of a meeting', () => {
  const matter = (world: BookingFirm) => {
    const store = world.sandbox.account('smith')
    const client = store.insert('contacts', {
      type: 'Person',
      first_name: 'Jordan',
      last_name: 'Novak',
      email_addresses: [{ id: 5, name: 'Work', address: 'jordan@client.example', default_email: true }],
    }).id
    return store.insert('matters', { number: 9, display_number: '00009-Novak', client: { id: client }, status: 'open' })
      .id
  }

  it('is entered on the open matter when it is over', async () => {
    const world = new BookingFirm(firmWith('booking-time-entry'))
    const id = matter(world)
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(14 * day)
    expect(world.stand('activities')).toMatchObject([
      { type: 'TimeEntry', date: '2026-12-01', quantity: 3600, matter: { id } },
    ])
  })

  it('is not when it was called off', async () => {
    const world = new BookingFirm(firmWith('booking-time-entry'))
    matter(world)
    for (const { body } of calendly) await world.arrives('calendly', body)
    await world.passes(14 * day)
    expect(world.stand('activities')).toEqual([])
  })
})
