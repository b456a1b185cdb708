import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { BookingFirm, firmWith } from './firm.ts'
import { calcomBody, calcomBooking, lastStart } from './providers.ts'

/** What Cal.com has beside bookings that are made, moved and called off by those who booked: seats, hosts who ask for another time, moves that wait to be confirmed. */

const config = firmWith('booking-calendar', { endpoints: { calendly: { source: 'calcom', secret: '$KEY' } } })
const at = (n: number) => `2026-11-24T1${n}:00:00.000Z`

async function told(...news: readonly (readonly [trigger: string, booking: JsonObject])[]) {
  const world = new BookingFirm(config)
  for (const [n, [trigger, booking]] of news.entries()) {
    await world.arrives('calendly', calcomBody(trigger, at(n), booking))
    await world.passes(60_000)
  }
  const open = world.runs().filter(run => !['done', 'ignored'].includes(run.state))
  expect(open.map(run => `${run.type} ${run.state}: ${run.reason}`)).toEqual([])
  return {
    summaries: world.stand('calendar_entries').map(one => String(one.summary)),
    starts: world.stand('calendar_entries').map(one => one.start_at),
    world,
  }
}

const who = (name: string) => ({ name, email: `${name.toLowerCase().split(' ')[0]}@client.example`, timeZone: 'UTC' })
const [jo, al] = [who('Jo Roe'), who('Al Poe')]
const seats = (n: number, attendees: JsonObject[], more: JsonObject = {}) =>
  calcomBooking(n, { seatsPerTimeSlot: 5, attendees, ...more })
const both = ['Consultation: Al Poe', 'Consultation: Jo Roe']

describe('seats of one time', () => {
  const booked = [
    ['BOOKING_CREATED', seats(0, [jo])],
    ['BOOKING_CREATED', seats(0, [al])],
  ] as const

  it('are a booking each', async () => {
    const { summaries, world } = await told(...booked)
    expect(summaries.sort()).toEqual(both)
    expect(world.stand('contacts')).toHaveLength(2)
  })

  it('are given up and moved one by one', async () => {
    expect((await told(...booked, ['BOOKING_CANCELLED', seats(0, [jo])])).summaries).toEqual(['Consultation: Al Poe'])
    const moved = await told(...booked, ['BOOKING_RESCHEDULED', seats(1, [al])])
    expect(moved.summaries.sort()).toEqual(both)
    expect(moved.starts.sort()).toEqual(['2026-12-01T15:00:00Z', '2026-12-02T16:00:00Z'])
  })

  it('are moved and called off together by the host', async () => {
    const all = [jo, al]
    const moved = await told(...booked, ['BOOKING_RESCHEDULED', seats(1, all)])
    expect(moved.summaries.sort()).toEqual(both)
    expect(moved.starts).toEqual(['2026-12-02T16:00:00Z', '2026-12-02T16:00:00Z'])
    const off = await told(...booked, ['BOOKING_CANCELLED', seats(0, all, { responses: null })])
    expect(off.summaries).toEqual([])
  })
})

describe('a booking', () => {
  it('whose host asks for another time is the one that is booked then', async () => {
    const { starts } = await told(
      ['BOOKING_CREATED', calcomBooking(0)],
      ['BOOKING_CANCELLED', calcomBooking(0, { requestReschedule: true })],
      ['BOOKING_RESCHEDULED', calcomBooking(1)],
      ['BOOKING_RESCHEDULED', calcomBooking(2)],
    )
    expect(starts).toEqual([lastStart])
  })

  const asked = [
    ['BOOKING_CREATED', calcomBooking(0)],
    ['BOOKING_REQUESTED', calcomBooking(1)],
  ] as const

  it('whose move has to be confirmed is moved then', async () => {
    const { starts } = await told(...asked, ['BOOKING_CREATED', calcomBooking(1, { rescheduleUid: null })])
    expect(starts).toEqual(['2026-12-02T16:00:00Z'])
  })

  it('whose move is refused is off', async () => {
    expect((await told(...asked, ['BOOKING_REJECTED', calcomBooking(1, { rescheduleUid: null })])).starts).toEqual([])
  })

  it('that was only asked for stands nowhere', async () => {
    const { starts, world } = await told(
      ['BOOKING_REQUESTED', calcomBooking(0)],
      ['BOOKING_REJECTED', calcomBooking(0)],
    )
    expect([starts, world.stand('contacts')]).toEqual([[], []])
  })
})
