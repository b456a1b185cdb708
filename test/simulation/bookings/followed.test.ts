import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { BookingFirm, firmWith } from './firm.ts'
import { calendly } from './providers.ts'
import { Acuity, connection, Google, Graph, vendor } from './standins.ts'

/** Calendars that tell ids only: what they point at is fetched within the run, and becomes the events of a booking. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const env = { KEY: 'acuity-api-key-0123456789', TOKEN: 'a-token-of-our-own-0123456789' }
const url = 'https://docketed.example/in/smith/calendly'

/** The calendar recipe, whose endpoint is another source. */
const config = (endpoint: JsonObject) => firmWith('booking-calendar', { endpoints: { calendly: endpoint } })
const made = (world: BookingFirm) =>
  world
    .runs()
    .filter(run => run.type.startsWith('booking.'))
    .map(run => `${run.type.slice(8)} ${run.state}`)
const entries = (world: BookingFirm) => world.stand('calendar_entries').map(one => one.start_at)
const ended = (world: BookingFirm) => world.runs().filter(run => !['done', 'ignored'].includes(run.state))

describe('Acuity', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  function firm() {
    const acuity = new Acuity()
    const world = new BookingFirm(config({ source: 'acuity', secret: '$KEY', user: '12345' }), {
      env,
      vendor: vendor({ acuity }),
    })
    const tell = async (action: string, id = '52875') => {
      await world.arrives('calendly', `action=${action}&id=${id}&calendarID=1&appointmentTypeID=57535`, form)
      await world.passes(10_000)
    }
    return { acuity, world, tell }
  }

  it('an appointment is made, moved and called off', async () => {
    const { acuity, world, tell } = firm()
    acuity.put('52875')
    await tell('scheduled')
    expect(world.stand('calendar_entries')).toMatchObject([
      {
        summary: 'Consultation: Jordan Novak',
        start_at: '2026-12-01T15:00:00Z',
        end_at: '2026-12-01T16:00:00Z',
        location: 'Office 4',
        description: 'What is it about? A lease',
      },
    ])
    acuity.put('52875', { datetime: '2026-12-02T10:00:00-0500' })
    await tell('appointment.rescheduled')
    expect(entries(world)).toEqual(['2026-12-02T15:00:00Z'])
    acuity.put('52875', { canceled: true })
    await tell('canceled')
    expect(entries(world)).toEqual([])
    expect(made(world)).toEqual(['created done', 'rescheduled done', 'canceled done'])
  })

  it('`changed` beside the others, again and again, is one event for each change', async () => {
    const { acuity, world, tell } = firm()
    acuity.put('52875')
    for (const action of ['changed', 'scheduled', 'changed', 'appointment.changed']) await tell(action)
    acuity.put('52875', { datetime: '2026-12-02T10:00:00-0500' })
    for (const action of ['changed', 'rescheduled', 'changed']) await tell(action)
    // Back to where it was is a change like any other.
    acuity.put('52875', { datetime: '2026-12-01T10:00:00-0500' })
    for (const action of ['rescheduled', 'changed']) await tell(action)
    expect(made(world)).toEqual(['created done', 'rescheduled done', 'rescheduled done'])
    expect(entries(world)).toEqual(['2026-12-01T15:00:00Z'])
  })

  it('what was called off before it was looked at is nothing', async () => {
    const { acuity, world, tell } = firm()
    acuity.put('52875', { canceled: true })
    await tell('canceled')
    await tell('scheduled')
    expect(made(world)).toEqual([])
    expect(entries(world)).toEqual([])
    expect(ended(world)).toEqual([])
  })

  it('who did not come is a no-show', async () => {
    const { acuity, world, tell } = firm()
    acuity.put('52875')
    await tell('scheduled')
    acuity.put('52875', { noShow: true })
    await tell('changed')
    expect(made(world)).toEqual(['created done', 'no_show ignored'])
  })

  it('trouble at Acuity is waited out, and a key that it does not take needs a person', async () => {
    const { acuity, world, tell } = firm()
    acuity.put('52875')
    acuity.troubles.push(500, 429, 503)
    await tell('scheduled')
    await world.passes(minute)
    expect(made(world)).toEqual(['created done'])
    acuity.troubles.push(401)
    await tell('changed')
    expect(ended(world)).toMatchObject([
      { state: 'parked', reason: expect.stringContaining('does not let us in (401)') },
    ])
    world.clerk.desk.resume(ended(world)[0]!.id, 'own')
    await world.passes(minute)
    expect(ended(world)).toEqual([])
  })

  it('an appointment that is not there ends ignored', async () => {
    const { world, tell } = firm()
    await tell('scheduled', '999')
    expect(world.runs()).toMatchObject([{ state: 'ignored', reason: expect.stringContaining('no appointment 999') }])
  })

  it('wherever the Docket dies, an appointment is one entry', async () => {
    for (let point = 0; point < 40; point++) {
      const { acuity, world } = firm()
      acuity.put('52875')
      await world.arrives('calendly', 'action=scheduled&id=52875', form)
      world.dieAtPoint(point)
      await world.passes(10 * minute)
      expect(entries(world), `dead at point ${point}`).toEqual(['2026-12-01T15:00:00Z'])
      expect(made(world), `dead at point ${point}`).toEqual(['created done'])
      world.close()
    }
  })
})

describe('Google Calendar', () => {
  async function firm(more: JsonObject = { url }) {
    let world: BookingFirm | null = null
    const google = new Google(() => world?.clock.now ?? Date.parse('2026-11-24T15:00:00Z'))
    google.put('old', { summary: 'Stood there before' })
    world = new BookingFirm(config({ source: 'google-calendar', secret: '$TOKEN', connection, ...more }), {
      env,
      vendor: vendor({ google }),
    })
    const opened = world
    await opened.passes(10_000)
    let number = 1
    const push = async (channel = google.channels.at(-1)!) => {
      await opened.arrives('calendly', '', google.push(channel, ++number))
      await opened.passes(10_000)
    }
    return { google, world: opened, push }
  }

  it('opens a channel when it is saved, and takes what stands in the calendar for known', async () => {
    const { google, world } = await firm()
    expect(google.channels).toMatchObject([{ address: url, token: env.TOKEN }])
    expect(google.channels[0]!.expiration).toBeGreaterThan(world.clock.now + 6.9 * day)
    expect(made(world)).toEqual([])
  })

  it('an event is made, moved and deleted', async () => {
    const { google, world, push } = await firm()
    google.put('a')
    google.put('b', {
      start: { dateTime: '2026-12-05T10:00:00-05:00' },
      end: { dateTime: '2026-12-05T11:00:00-05:00' },
    })
    google.put('c', { eventType: 'focusTime' })
    await push()
    expect(world.stand('calendar_entries')).toMatchObject([
      { summary: 'Consultation: Jordan Novak', start_at: '2026-12-01T15:00:00Z', location: 'https://meet.example/abc' },
      { start_at: '2026-12-05T15:00:00Z' },
    ])
    google.put('a', {
      start: { dateTime: '2026-12-02T10:00:00-05:00' },
      end: { dateTime: '2026-12-02T11:00:00-05:00' },
    })
    google.remove('b')
    await push()
    await push()
    expect(entries(world)).toEqual(['2026-12-02T15:00:00Z'])
    expect(made(world)).toEqual(['created done', 'created done', 'rescheduled done', 'canceled done'])
  })

  it.each([
    ['America/New_York', '2026-12-24T05:00:00Z', '2026-12-25T05:00:00Z'],
    ['Europe/London', '2026-12-24T00:00:00Z', '2026-12-25T00:00:00Z'],
    ['Australia/Sydney', '2026-12-23T13:00:00Z', '2026-12-24T13:00:00Z'],
  ])('an all-day event is a day of %s', async (timezone, start_at, end_at) => {
    const google = new Google(() => Date.parse('2026-11-24T15:00:00Z'))
    const whole = { ...config({ source: 'google-calendar', secret: '$TOKEN', connection }), timezone }
    const world = new BookingFirm(whole, { env, vendor: vendor({ google }) })
    await world.passes(10_000)
    google.put('x', { start: { date: '2026-12-24' }, end: { date: '2026-12-25' } })
    await world.passes(31 * minute)
    expect(world.stand('calendar_entries')).toMatchObject([{ all_day: true, start_at, end_at }])
  })

  it('is with whoever asked for it, or with a guest of another house', async () => {
    const { google, world, push } = await firm()
    const owner = { email: 'sam@smith.example', self: true }
    const [colleague, client] = [{ email: 'ann@smith.example' }, { email: 'jo@client.example', displayName: 'Jo Roe' }]
    const asks = (one: JsonObject) => ({ organizer: one, attendees: [{ ...one, organizer: true }, owner] })
    google.put('asked', asks(client))
    google.put('own', { attendees: [{ ...owner, organizer: true }, colleague, client] } as JsonObject)
    google.put('led', {
      organizer: colleague,
      attendees: [{ ...colleague, organizer: true }, owner, client],
    } as JsonObject)
    google.put('team', {
      organizer: { email: 'x@group.calendar.google.com' },
      attendees: [owner, client],
    } as JsonObject)
    await push()
    const people = world.runs().flatMap(run => (run.type === 'booking.created' ? [run.event!.person.email] : []))
    expect(people).toEqual(Array(4).fill('jo@client.example'))
    google.put('inside', asks(colleague))
    await push()
    expect(world.runs().at(-1)!.event!.person.email).toBeNull()
  })

  it('that is over and was never told of is no news, and one that its owner declines stands no longer', async () => {
    const { google, world, push } = await firm()
    google.put('past', {
      start: { dateTime: '2026-11-03T10:00:00-05:00' },
      end: { dateTime: '2026-11-03T11:00:00-05:00' },
    })
    google.put('a')
    await push()
    expect(entries(world)).toEqual(['2026-12-01T15:00:00Z'])
    const client = { email: 'jo@client.example' }
    google.put('a', { attendees: [{ email: 'sam@smith.example', self: true, responseStatus: 'declined' }, client] })
    await push()
    expect(made(world)).toEqual(['created done', 'canceled done'])
    expect(entries(world)).toEqual([])
  })

  it('with a sync token that is too old lists everything, and misses nothing', async () => {
    const { google, world, push } = await firm()
    for (const id of ['a', 'b', 'c']) google.put(id)
    await push()
    google.put('a', {
      start: { dateTime: '2026-12-02T10:00:00-05:00' },
      end: { dateTime: '2026-12-02T11:00:00-05:00' },
    })
    google.remove('b')
    google.put('d')
    google.oldest = 1000
    await push()
    expect(google.listed.slice(-4)).toEqual(expect.arrayContaining(['all']))
    expect(made(world).slice(3).sort()).toEqual(['canceled done', 'created done', 'rescheduled done'])
    expect(entries(world).sort()).toEqual(['2026-12-01T15:00:00Z', '2026-12-01T15:00:00Z', '2026-12-02T15:00:00Z'])
  })

  it('a channel is replaced before it expires, and the old one closed', async () => {
    const { google, world, push } = await firm()
    const [old] = google.channels
    await world.passes(6 * day)
    expect(google.channels).toHaveLength(2)
    expect(google.stopped).toEqual([old!.id])
    expect(google.channels[1]!.id).not.toBe(old!.id)
    google.put('a')
    await push()
    expect(made(world)).toEqual(['created done'])
  })

  it('a push of a channel that is not ours ends ignored', async () => {
    const { google, world, push } = await firm()
    const asked = google.listed.length
    await push({ ...google.channels[0]!, id: 'somebody-elses' })
    expect(world.runs().at(-1)).toMatchObject({ state: 'ignored', reason: expect.stringContaining('not ours') })
    expect(google.listed).toHaveLength(asked)
  })

  it('is polled below, so that a push which gets lost is no loss', async () => {
    const { google, world } = await firm({})
    expect(google.channels).toEqual([])
    google.put('a')
    await world.passes(31 * minute)
    expect(made(world)).toEqual(['created done'])
  })
})

describe('Microsoft Graph', () => {
  async function firm() {
    const graph = new Graph()
    graph.put('old')
    const world = new BookingFirm(config({ source: 'microsoft-graph', secret: '$TOKEN', connection, url }), {
      env,
      vendor: vendor({ graph }),
    })
    await world.passes(10_000)
    let etags = 0
    const notify = async (...items: JsonObject[]) => {
      await world.arrives('calendly', graph.notify([...graph.subscriptions.keys()].at(-1)!, env.TOKEN, ...items))
      await world.passes(10_000)
    }
    return { graph, world, notify, changed: (id: string, how = 'updated') => graph.changed(id, how, `W/"${++etags}"`) }
  }

  it('subscribes when it is saved, and takes what stands in the calendar for known', async () => {
    const { graph, world } = await firm()
    expect([...graph.subscriptions.values()]).toMatchObject([
      { notificationUrl: url, lifecycleNotificationUrl: url, resource: 'me/events', clientState: env.TOKEN },
    ])
    expect(made(world)).toEqual([])
  })

  it('an event is made, moved and deleted, and several in one notification', async () => {
    const { graph, world, notify, changed } = await firm()
    graph.put('a')
    graph.put('b', {
      start: { dateTime: '2026-12-05T15:00:00.0000000' },
      end: { dateTime: '2026-12-05T16:00:00.0000000' },
    })
    await notify(changed('a', 'created'), changed('b', 'created'), changed('a'))
    expect(entries(world).sort()).toEqual(['2026-12-01T15:00:00Z', '2026-12-05T15:00:00Z'])
    graph.put('a', {
      start: { dateTime: '2026-12-02T15:00:00.0000000' },
      end: { dateTime: '2026-12-02T16:00:00.0000000' },
    })
    graph.events.delete('b')
    await notify(changed('a'), changed('b', 'deleted'))
    expect(entries(world)).toEqual(['2026-12-02T15:00:00Z'])
    expect(made(world)).toHaveLength(4)
  })

  it('is told by the same id wherever it is told, so that no poll makes it again', async () => {
    const { graph, world, notify, changed } = await firm()
    graph.put('a')
    await notify(changed('a', 'created'))
    await world.passes(2 * hour)
    expect(made(world)).toEqual(['created done'])
    expect(graph.subscriptions.get('sub-1')).toMatchObject({ immutable: true })
  })

  it('stands though it is further ahead than a poll looks', async () => {
    const { graph, world, notify, changed } = await firm()
    graph.put('a', {
      start: { dateTime: '2027-05-03T15:00:00.0000000' },
      end: { dateTime: '2027-05-03T16:00:00.0000000' },
    })
    await notify(changed('a', 'created'))
    await world.passes(2 * hour)
    expect(entries(world)).toEqual(['2027-05-03T15:00:00Z'])
    graph.events.delete('a')
    await notify(changed('a', 'deleted'))
    expect(entries(world)).toEqual([])
  })

  it('of a series is each that is to come, and none twice', async () => {
    const { graph, world, notify, changed } = await firm()
    const on = (date: string) => ({
      start: { dateTime: `${date}T15:00:00.0` },
      end: { dateTime: `${date}T16:00:00.0` },
    })
    graph.put('series', { ...on('2026-12-01'), type: 'seriesMaster' })
    graph.put('first', { ...on('2026-12-01'), type: 'occurrence', seriesMasterId: 'series' })
    graph.put('second', { ...on('2026-12-08'), type: 'occurrence', seriesMasterId: 'series' })
    await notify(changed('series', 'created'))
    expect(entries(world).sort()).toEqual(['2026-12-01T15:00:00Z', '2026-12-08T15:00:00Z'])
    graph.put('second', on('2026-12-09'))
    await notify(changed('series'))
    for (const id of ['series', 'first', 'second']) graph.events.delete(id)
    await notify(changed('series', 'deleted'))
    expect(entries(world)).toEqual([])
    expect(made(world)).toHaveLength(5)
  })

  it('is with whoever asked for it, or with a guest of another house, and never with the owner', async () => {
    const { graph, world, notify, changed } = await firm()
    const who = (address: string) => ({ emailAddress: { address, name: address.split('@')[0]! } })
    const [owner, colleague, client] = ['sam@smith.example', 'ann@smith.example', 'jo@client.example'].map(who)
    // The owner is known by what they have asked for.
    graph.put('own', { isOrganizer: true, attendees: [colleague, client] } as JsonObject)
    graph.put('asked', { isOrganizer: false, organizer: client, attendees: [owner] } as JsonObject)
    graph.put('led', { isOrganizer: false, organizer: colleague, attendees: [owner, client] } as JsonObject)
    await world.passes(hour)
    await notify(...['own', 'asked', 'led'].map(id => changed(id, 'created')))
    expect(made(world)).toEqual(['created done', 'created done', 'created done'])
    const people = world.runs().flatMap(run => (run.type === 'booking.created' ? [run.event!.person.email] : []))
    expect(people).toEqual(['jo@client.example', 'jo@client.example', 'jo@client.example'])
  })

  it('that is over and was never told of is no news, and one that its owner declines stands no longer', async () => {
    const { graph, world, notify, changed } = await firm()
    graph.put('past', {
      start: { dateTime: '2026-11-03T15:00:00.0000000' },
      end: { dateTime: '2026-11-03T16:00:00.0000000' },
    })
    graph.put('a')
    await notify(changed('past'), changed('a', 'created'))
    expect(entries(world)).toEqual(['2026-12-01T15:00:00Z'])
    graph.put('a', { responseStatus: { response: 'declined' } })
    await notify(changed('a'))
    expect(made(world)).toEqual(['created done', 'canceled done'])
    expect(entries(world)).toEqual([])
  })

  it('a subscription is renewed before it expires', async () => {
    const { graph, world } = await firm()
    await world.passes(5 * day)
    expect(graph.renewed).toEqual(['sub-1'])
    expect(graph.subscriptions.size).toBe(1)
  })

  it('one that was removed is made anew, and what was missed is looked for', async () => {
    const { graph, world, notify } = await firm()
    graph.subscriptions.delete('sub-1')
    graph.put('a')
    await world.arrives('calendly', graph.notify('sub-1', env.TOKEN, { lifecycleEvent: 'subscriptionRemoved' }))
    await world.passes(minute)
    expect([...graph.subscriptions.keys()]).toEqual(['sub-2'])
    expect(made(world)).toEqual(['created done'])
    graph.events.delete('a')
    await notify({ lifecycleEvent: 'missed' })
    expect(made(world)).toEqual(['created done', 'canceled done'])
  })

  it('a notification of a subscription that is not ours ends ignored', async () => {
    const { graph, world, changed } = await firm()
    await world.arrives('calendly', graph.notify('sub-99', env.TOKEN, changed('old')))
    await world.passes(10_000)
    expect(world.runs().at(-1)).toMatchObject({ state: 'ignored', reason: expect.stringContaining('not ours') })
  })
})

describe('what cannot be subscribed to', () => {
  it('is tried again, tells the operator, and is made when it can be', async () => {
    const google = new Google(() => 0)
    let open = false
    const all = vendor({ google })
    const world = new BookingFirm(config({ source: 'google-calendar', secret: '$TOKEN', connection, url }), {
      env,
      vendor: async request => (open ? all(request) : new Response('{}', { status: 503 })),
    })
    await world.passes(5 * minute)
    expect(google.channels).toEqual([])
    expect(world.log.join()).toContain('channel could not be subscribed to: gateway.maton.ai answered 503')
    open = true
    await world.passes(10 * minute)
    expect(google.channels).toHaveLength(1)
  })

  it('for want of a secret is tried as soon as one is stored', async () => {
    const google = new Google(() => 0)
    const held: Record<string, string> = {}
    const endpoint = { source: 'google-calendar', secret: '$TOKEN', connection, url }
    const world = new BookingFirm(config(endpoint), { env: held, vendor: vendor({ google }) })
    await world.passes(20 * minute)
    expect(google.channels).toEqual([])
    expect(world.log.join()).toContain("Endpoint 'calendly': TOKEN is not set")
    Object.assign(held, env)
    // The World hands its Docket a copy of what the Worker has.
    world.kill()
    world.restart(0)
    await world.passes(1)
    world.clerk.secretStored()
    await world.passes(10_000)
    expect(google.channels).toHaveLength(1)
  })

  it('and does not answer keeps nobody waiting', async () => {
    const endpoints = {
      calendly: { source: 'calendly', secret: '$KEY' },
      calendar: { source: 'google-calendar', secret: '$TOKEN', connection, url },
    }
    const never = new Promise<Response>(() => {})
    const world = new BookingFirm(firmWith('booking-calendar', { endpoints }), { env, vendor: () => never })
    await world.arrives('calendly', calendly[0]!.body)
    await world.passes(10_000)
    expect(made(world)).toEqual(['created done'])
  })
})
