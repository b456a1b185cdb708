import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { BookingFirm } from '../bookings/firm.ts'
import { calendlyBody, calendlyInvitee } from '../bookings/providers.ts'
import { Google, connection as googleConnection, Synchronisation, vendor } from '../bookings/standins.ts'
import { connection, minute } from './house.ts'

const url = 'https://docketed.example/in/smith/office'
const values = {
  summary: '{{ booking.title }}',
  start_at: '{{ booking.start }}',
  end_at: '{{ booking.end }}',
}
/** Whatever is booked stands in Clio, and a cancellation is called after. */
const rulesOn = (endpoint: string): JsonObject[] => [
  {
    name: `${endpoint}-stands`,
    on: { endpoint, type: ['booking.created', 'booking.rescheduled'] },
    steps: {
      move: { if: 'links.meeting != null', update: 'calendar_entries', id: '{{ links.meeting }}', with: values },
      make: {
        if: 'links.meeting == null',
        create: 'calendar_entries',
        link: 'meeting',
        with: { ...values, calendar_owner: 'sam@smith.example' },
      },
    },
  },
  {
    name: `${endpoint}-off`,
    on: { endpoint, type: 'booking.canceled' },
    steps: {
      off: { delete: 'calendar_entries', id: '{{ links.meeting }}' },
      call: { create: 'tasks', with: { name: 'Call them', assignee: 'sam@smith.example' } },
    },
  },
]

/** A firm whose office calendar at Google is kept the same as Clio's, and which files what is booked in it. */
async function synchronised() {
  let world: BookingFirm | null = null
  const google = new Google(() => world?.clock.now ?? Date.parse('2026-11-24T15:00:00Z'))
  world = new BookingFirm(
    {
      timezone: 'America/New_York',
      country: 'US',
      connection,
      endpoints: {
        calendly: { source: 'calendly', secret: '$KEY' },
        office: { source: 'google-calendar', secret: '$TOKEN', connection: googleConnection, url },
      },
      rules: [...rulesOn('calendly'), ...rulesOn('office')],
    },
    { env: { TOKEN: 'a-token-of-our-own-0123456789' }, vendor: vendor({ google }), index: false },
  )
  const opened = world
  const sync = new Synchronisation(google, world.sandbox.account('smith'), world.clock)
  await opened.passes(10_000)
  let number = 1
  /** Google tells of what has changed, again and again. */
  const passes = async (minutes: number) => {
    for (let n = 0; n < minutes; n += 3) {
      await opened.arrives('office', '', google.push(google.channels.at(-1)!, ++number))
      await opened.passes(3 * minute)
    }
  }
  const entries = () => opened.stand('calendar_entries').map(one => `${one.summary} ${one.start_at}`)
  const bookings = () =>
    opened
      .runs()
      .filter(run => run.type.startsWith('booking.'))
      .map(run => `${run.type.slice(8)} ${run.state}`)
  return { google, world: opened, sync, passes, entries, bookings }
}

const at = (time: string, end: string) => ({
  start: { dateTime: `2026-12-0${time}:00:00-05:00` },
  end: { dateTime: `2026-12-0${end}:00:00-05:00` },
})

describe('a calendar that is kept the same as Clio’s', () => {
  it.each<[string, number, (title: string) => string]>([
    ['at once', 1000, title => title],
    ['after ten minutes', 10 * minute, title => title],
    ['with a title of its own making', 5 * minute, title => `Clio: ${title.replace('–', '-')} `],
  ])('a copy that comes %s makes nothing: one booking is one entry', async (_, late, title) => {
    const { google, world, sync, passes, entries, bookings } = await synchronised()
    Object.assign(sync, { late, title })
    google.put('a', { summary: 'Consultation – Jordan' })
    await passes(27)
    expect([entries(), sync.copies]).toEqual([['Consultation – Jordan 2026-12-01T15:00:00Z'], 1])
    expect(bookings()).toEqual(['created done', 'created ignored'])
    expect(world.runs().at(-1)!.state).not.toBe('parked')
    google.put('a', at('2T10', '2T11'))
    await passes(27)
    expect(entries()).toEqual(['Consultation – Jordan 2026-12-02T15:00:00Z'])
    google.put('a', at('1T10', '1T11'))
    await passes(27)
    expect(entries()).toEqual(['Consultation – Jordan 2026-12-01T15:00:00Z'])
    google.remove('a')
    await passes(27)
    expect([entries(), world.stand('tasks').length]).toEqual([[], 1])
    world.close()
  })

  it('nor does that of an entry that another endpoint has made, or that lasts all day', async () => {
    const { google, world, passes, entries, bookings } = await synchronised()
    await world.arrives('calendly', calendlyBody('invitee.created', '2026-11-24T15:00:00Z', calendlyInvitee(0)))
    await passes(18)
    google.put('day', { summary: 'Trial', start: { date: '2026-12-08' }, end: { date: '2026-12-09' } })
    await passes(18)
    expect(entries()).toEqual(['Consultation 2026-12-01T15:00:00Z', 'Trial 2026-12-08T05:00:00Z'])
    expect(bookings().filter(one => one === 'created done')).toHaveLength(2)
    world.close()
  })

  it('the synchronisation is faster than an answer that was lost: the copy waits, and makes nothing', async () => {
    const { google, world, sync, passes, entries, bookings } = await synchronised()
    sync.late = 1000
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    google.put('a')
    await passes(20)
    expect([entries(), bookings()]).toEqual([
      ['Consultation 2026-12-01T15:00:00Z'],
      ['created done', 'created ignored'],
    ])
    world.close()
  })

  it('two bookings of one title and time are two, whoever tells of them and when', async () => {
    const { google, world, sync, passes, entries } = await synchronised()
    await world.arrives('calendly', calendlyBody('invitee.created', '2026-11-24T15:00:00Z', calendlyInvitee(0)))
    await world.passes(10_000)
    // Somebody else's, before the copy of the first is there.
    google.put('b', { attendees: [{ email: 'alex@client.example', displayName: 'Alex' }] })
    await passes(18)
    expect([entries().length, sync.copies]).toEqual([2, 2])
    // And one that names nobody, made by hand.
    google.put('c', { attendees: [] })
    await passes(18)
    expect([entries().length, sync.copies]).toEqual([3, 3])
    world.close()
  })

  it('what is moved by hand in the copy is no echo, and an old entry has none any more', async () => {
    const { google, world, passes, bookings } = await synchronised()
    google.put('a')
    await passes(18)
    const [copy] = [...google.events.keys()].filter(id => id.startsWith('copy'))
    google.put(copy!, at('3T10', '3T11'))
    await passes(5)
    expect(bookings()).toEqual(['created done', 'created ignored', 'rescheduled done'])
    await world.passes(25 * 60 * minute)
    google.put('late', { attendees: [] })
    await passes(3)
    expect(bookings().at(-1)).toBe('created done')
    world.close()
  })
})
