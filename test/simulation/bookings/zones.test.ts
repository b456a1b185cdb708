import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { instantAt, wallClock } from '../../../src/lib/time/time.ts'
import { BookingFirm, firmWith } from './firm.ts'
import { calendlyBody, calendlyInvitee } from './providers.ts'
import { connection, Google, vendor } from './standins.ts'

/** Whatever the clocks do, a booking stands in Clio at the time that people have agreed upon. */

const minute = 60_000
/** The days on which the clocks change, forward and back. */
const changes = [
  ['America/New_York', '2027-03-14', '2027-11-07'],
  ['Europe/London', '2027-03-28', '2027-10-31'],
  ['Australia/Sydney', '2027-10-03', '2027-04-04'],
] as const
const cases = changes.flatMap(([zone, forward, back]) => [
  [zone, 'forward', forward] as const,
  [zone, 'back', back] as const,
])

const dayFrom = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

const stands = (world: BookingFirm, zone: string) =>
  world
    .stand('calendar_entries')
    .map(({ start_at, end_at }) => [
      wallClock(Date.parse(String(start_at)), zone),
      wallClock(Date.parse(String(end_at)), zone),
    ])

describe.each(cases)('in %s, when the clocks go %s', (zone, _way, date) => {
  const days = [-1, 0, 1].map(days => dayFrom(date, days))

  it('a booking of the day before, of the day and of the day after is at ten', async () => {
    for (const day of days) {
      const start = new Date(instantAt(`${day}T10:00`, zone)!).toISOString()
      const world = new BookingFirm({ ...firmWith('booking-calendar'), timezone: zone })
      await world.arrives(
        'calendly',
        calendlyBody('invitee.created', '2026-11-24T11:00:00Z', calendlyInvitee(0, {}, start)),
      )
      await world.passes(minute)
      expect(stands(world, zone)).toEqual([[`${day}T10:00:00`, `${day}T11:00:00`]])
      world.close()
    }
  })

  it('a whole day is that day, however many hours it has', async () => {
    const google = new Google(() => Date.parse('2026-11-24T15:00:00Z'))
    const endpoint: JsonObject = { source: 'google-calendar', secret: '$TOKEN', connection }
    const config = { ...firmWith('booking-calendar', { endpoints: { calendly: endpoint } }), timezone: zone }
    const world = new BookingFirm(config, {
      env: { TOKEN: 'a-token-of-our-own-0123456789' },
      vendor: vendor({ google }),
    })
    await world.passes(10_000)
    for (const day of days) google.put(day, { start: { date: day }, end: { date: dayFrom(day, 1) } })
    await world.passes(31 * minute)
    expect(stands(world, zone).sort()).toEqual(days.map(day => [`${day}T00:00:00`, `${dayFrom(day, 1)}T00:00:00`]))
    expect(world.stand('calendar_entries').every(one => one.all_day === true)).toBe(true)
  })
})
