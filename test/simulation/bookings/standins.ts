import { Hono } from 'hono'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import type { Change, Row, Store } from '../../../src/sandbox/clio/store.ts'
import type { Clock } from '../clock.ts'

/** Calendars' own APIs as far as Docketed asks them, each a small app behind its real address. State is public: tests change it. */

export const connection = '5a1d7c1e-6a0e-4f5c-9d4e-0f6f1a2b3c4d'

export class Acuity {
  readonly appointments = new Map<string, JsonObject>()
  readonly asked: string[] = []
  /** Status of the next answers, before it is well again. */
  readonly troubles: number[] = []

  readonly app = new Hono().get('/api/v1/appointments/:id', c => {
    this.asked.push(c.req.param('id'))
    const trouble = this.troubles.shift()
    if (trouble !== undefined) return c.json({ message: 'trouble' }, trouble as 500)
    const wanted = `Basic ${btoa('12345:acuity-api-key-0123456789')}`
    if (c.req.header('authorization') !== wanted) return c.json({ message: 'unauthorized' }, 401)
    const found = this.appointments.get(c.req.param('id'))
    return found ? c.json(found) : c.json({ message: 'not found' }, 404)
  })

  put(id: string, more: JsonObject = {}): void {
    this.appointments.set(id, {
      id: Number(id),
      firstName: 'Jordan',
      lastName: 'Novak',
      email: 'jordan@client.example',
      phone: '212 555 0134',
      datetime: '2026-12-01T10:00:00-0500',
      duration: '60',
      type: 'Consultation',
      location: 'Office 4',
      timezone: 'America/New_York',
      canceled: false,
      noShow: false,
      notes: '',
      forms: [{ id: 1, name: 'Intake', values: [{ name: 'What is it about?', value: 'A lease' }] }],
      ...this.appointments.get(id),
      ...more,
    })
  }
}

interface Channel {
  readonly id: string
  readonly token: string
  readonly address: string
  readonly expiration: number
}

/** Google Calendar behind the gateway. Every change gets a number; a sync token is the number of the last one that was told. */
export class Google {
  readonly events = new Map<string, JsonObject & { changed: number }>()
  readonly channels: Channel[] = []
  readonly stopped: string[] = []
  readonly listed: string[] = []
  #changes = 0
  /** Tokens below this one are too old. */
  oldest = 0
  #resource = 0
  readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  readonly app = new Hono()
    .basePath('/google-calendar/calendar/v3')
    .use(async (c, next) => {
      if (c.req.header('maton-connection') !== connection) return c.json({ error: 'no connection' }, 400)
      return next()
    })
    .get('/calendars/:id/events', c => {
      const { syncToken, timeMin, pageToken } = c.req.query()
      this.listed.push(syncToken ?? 'all')
      if (syncToken !== undefined && Number(syncToken) < this.oldest) return c.json({ error: { code: 410 } }, 410)
      const all = [...this.events.values()].filter(one =>
        syncToken === undefined
          ? one.status !== 'cancelled' && this.#end(one) > Date.parse(timeMin ?? '')
          : one.changed > Number(syncToken),
      )
      // Two events a page, so that paging is met with.
      const from = Number(pageToken ?? 0)
      const items = all.slice(from, from + 2).map(({ changed, ...event }) => ({ ...event, etag: `"${changed}"` }))
      const more = from + 2 < all.length
      return c.json({
        items,
        ...(more ? { nextPageToken: String(from + 2) } : { nextSyncToken: String(this.#changes) }),
      })
    })
    .post('/calendars/:id/events/watch', async c => {
      const wanted = (await c.req.json()) as JsonObject
      const channel = {
        id: String(wanted.id),
        token: String(wanted.token),
        address: String(wanted.address),
        expiration: Number(wanted.expiration),
      }
      this.channels.push(channel)
      return c.json({
        id: channel.id,
        resourceId: `resource ${++this.#resource}`,
        expiration: String(channel.expiration),
      })
    })
    .post('/channels/stop', async c => {
      const { id } = (await c.req.json()) as JsonObject
      this.stopped.push(String(id))
      return c.body(null, 204)
    })

  #end(event: JsonObject): number {
    const end = isObject(event.end) ? event.end : {}
    return Date.parse(String(end.dateTime ?? end.date))
  }

  put(id: string, more: JsonObject = {}): void {
    this.events.set(id, {
      id,
      status: 'confirmed',
      summary: 'Consultation',
      description: 'A lease',
      start: { dateTime: '2026-12-01T10:00:00-05:00', timeZone: 'America/New_York' },
      end: { dateTime: '2026-12-01T11:00:00-05:00', timeZone: 'America/New_York' },
      hangoutLink: 'https://meet.example/abc',
      organizer: { email: 'sam@smith.example', self: true },
      attendees: [
        { email: 'sam@smith.example', self: true, organizer: true },
        { email: 'jordan@client.example', displayName: 'Jordan Novak' },
      ],
      ...this.events.get(id),
      updated: new Date(this.now()).toISOString(),
      ...more,
      changed: ++this.#changes,
    })
  }

  /** Google tells only the id of what was deleted. */
  remove(id: string): void {
    this.events.set(id, { id, status: 'cancelled', changed: ++this.#changes })
  }

  /** Headers of the push that a channel gets. */
  push(channel: Channel, number: number, state = 'exists'): Record<string, string> {
    return {
      'x-goog-channel-id': channel.id,
      'x-goog-channel-token': channel.token,
      'x-goog-message-number': String(number),
      'x-goog-resource-state': state,
    }
  }
}

export class Graph {
  readonly events = new Map<string, JsonObject>()
  readonly subscriptions = new Map<string, JsonObject>()
  readonly renewed: string[] = []
  #ids = 0

  readonly app = new Hono()
    .basePath('/outlook/v1.0')
    .use(async (c, next) => {
      if (c.req.header('maton-connection') !== connection) return c.json({ error: 'no connection' }, 400)
      return next()
    })
    .get('/me/events/:id', c => {
      const found = this.events.get(c.req.param('id').replace(/^old:/, ''))
      return found ? c.json(found) : c.json({ error: { code: 'ErrorItemNotFound' } }, 404)
    })
    .get('/me/calendarView', c => {
      const skip = Number(c.req.query('$skip') ?? 0)
      const [from, to] = [c.req.query('startDateTime')!, c.req.query('endDateTime')!]
      const edge = (one: JsonObject, name: string) => String((one[name] as JsonObject).dateTime)
      const all = [...this.events.values()].filter(
        one => one.type !== 'seriesMaster' && edge(one, 'start') < to && edge(one, 'end') > from,
      )
      const value = all.slice(skip, skip + 2)
      return c.json({ value, ...(skip + 2 < all.length && { '@odata.nextLink': 'https://graph.example/next' }) })
    })
    .post('/subscriptions', async c => {
      const id = `sub-${++this.#ids}`
      const immutable = c.req.header('prefer')?.includes('IdType="ImmutableId"') === true
      this.subscriptions.set(id, { ...((await c.req.json()) as JsonObject), id, immutable })
      return c.json({ id }, 201)
    })
    .delete('/subscriptions/:id', c => c.body(null, this.subscriptions.delete(c.req.param('id')) ? 204 : 404))
    .patch('/subscriptions/:id', async c => {
      const id = c.req.param('id')
      const before = this.subscriptions.get(id)
      if (!before) return c.json({ error: { code: 'ResourceNotFound' } }, 404)
      this.renewed.push(id)
      this.subscriptions.set(id, { ...before, ...((await c.req.json()) as JsonObject) })
      return c.json({ id })
    })

  put(id: string, more: JsonObject = {}): void {
    this.events.set(id, {
      id,
      subject: 'Consultation',
      bodyPreview: 'A lease',
      isAllDay: false,
      isCancelled: false,
      start: { dateTime: '2026-12-01T15:00:00.0000000', timeZone: 'UTC' },
      end: { dateTime: '2026-12-01T16:00:00.0000000', timeZone: 'UTC' },
      originalStartTimeZone: 'Eastern Standard Time',
      location: { displayName: 'Office 4' },
      organizer: { emailAddress: { address: 'sam@smith.example', name: 'Sam Smith' } },
      attendees: [{ type: 'required', emailAddress: { address: 'jordan@client.example', name: 'Jordan Novak' } }],
      lastModifiedDateTime: '2026-11-24T15:00:00Z',
      ...this.events.get(id),
      ...more,
    })
  }

  /** The body of a notification; `items` are parts of what Microsoft sends. */
  notify(subscription: string, clientState: string, ...items: JsonObject[]): string {
    const value = items.map((one): Json => ({ subscriptionId: subscription, clientState, tenantId: 'tenant', ...one }))
    return JSON.stringify({ value })
  }

  changed(of: string, changeType: string, etag: string): JsonObject {
    // Who subscribes without asking for ids that stay gets others than the calendar lists.
    const id = [...this.subscriptions.values()].at(-1)?.immutable === false ? `old:${of}` : of
    return { changeType, resource: `Users/x/Events/${id}`, resourceData: { '@odata.etag': etag, id } }
  }
}

/** Every request that leaves Docketed and is no call on Clio, by its host. */
export function vendor(hosts: { acuity?: Acuity; google?: Google; graph?: Graph }) {
  return async (request: Request): Promise<Response> => {
    const { host, pathname } = new URL(request.url)
    if (host === 'acuityscheduling.com' && hosts.acuity) return hosts.acuity.app.fetch(request)
    if (pathname.startsWith('/google-calendar/') && hosts.google) return hosts.google.app.fetch(request)
    if (pathname.startsWith('/outlook/') && hosts.graph) return hosts.graph.app.fetch(request)
    return new Response('nobody', { status: 502 })
  }
}

/** Keeps a calendar of Google's the same as Clio's: what is made, changed or removed there is so here, under an id of its own, a while later. */
export class Synchronisation {
  /** ms that it takes. */
  late = 5 * 60_000
  /** What it makes of a title. */
  title: (title: string) => string = title => title
  readonly #google: Google
  readonly #copies = new Set<string>()

  constructor(google: Google, store: Store, clock: Clock) {
    this.#google = google
    store.watch = ({ event, row }) => {
      if (row.resource !== 'calendar_entries') return
      clock.in(this.late, () => this.#toGoogle(event, row))
    }
  }

  /** How many copies of Clio's entries Google has got. */
  get copies(): number {
    return this.#copies.size
  }

  #toGoogle(event: Change['event'], { id, data }: Row): void {
    const copy = `copy-of-${id}`
    this.#copies.add(copy)
    if (event === 'deleted') {
      this.#google.remove(copy)
      return
    }
    const [start, end] = [data.start_at, data.end_at].map(at =>
      data.all_day === true ? { date: String(at).slice(0, 10) } : { dateTime: at ?? null },
    )
    const title = this.title(String(data.summary))
    this.#google.put(copy, {
      summary: title,
      description: '',
      start: start!,
      end: end!,
      attendees: [],
      hangoutLink: null,
    })
  }
}
