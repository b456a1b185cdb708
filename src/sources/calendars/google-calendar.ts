import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Delivery, InboundEvent } from '../../model/event.ts'
import { type Followed, Later, type Provider, Stuck, type Subscription } from '../../model/follow.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { verdictOnSecret } from '../proof/proofs.ts'
import { type Appointment, changeOf, guestOf, memoryOf, missingFrom, outlived } from './appointment.ts'
import { bookingOptions, bookingTypes, timesOf } from './booking.ts'

/**
 * https://developers.google.com/workspace/calendar/api/guides/push and /sync. A push has no body: it only says that something in the
 * calendar changed. What did is listed with the sync token of the last time; 410 means that the token is too old.
 */

const options = z.strictObject({
  secret: secretOption,
  connection: z.uuid("must be the id of the gateway's connection to google-calendar"),
  calendar: z._default(z.string().check(z.minLength(1), z.maxLength(255)), 'primary'),
  url: z.optional(z.url({ protocol: /^https$/ })),
  ...bookingOptions,
})
type Options = z.infer<typeof options>

const notice = 'calendar.changed'
const week = 7 * 86_400_000
/** Pages of one listing; a page holds 250 events. */
const pagesMost = 20

export const googleCalendar: Source<Options> = {
  name: 'google-calendar',
  verifiedBy: 'a secret of ours in x-goog-channel-token',
  keyedBy: 'the channel and the number of its message; of a booking its id and state',
  types: [...bookingTypes, notice],
  signed: false,
  copied: true,
  options,
  following: { types: [notice], follow },
  subscribing: {
    names: ({ url }) => (url === undefined ? [] : ['channel']),
    renew,
    end,
    poll: { every: 30 * 60_000, event: pollEvent },
  },

  async verify(request, { options, secrets }) {
    return verdictOnSecret(request.headers.get('x-goog-channel-token'), secrets(options.secret), 'x-goog-channel-token')
  },

  async parse(request) {
    const header = (name: string) => idAt({ value: request.headers.get(`x-goog-${name}`) }, 'value')
    const [channel, number, state] = [header('channel-id'), header('message-number'), header('resource-state')]
    if (channel === null || number === null || state === null) return notFrom('Google Calendar')
    return [await noticeOf(`${channel}:${number}`, { channel, number, state })]
  },
}

/** All notices of a calendar go one at a time: each goes on from the token that the one before left. */
const noticeOf = (id: string, fields: JsonObject): Promise<Delivery> =>
  delivery({ source: 'google-calendar', type: notice, id, subject: 'calendar', data: fields, fields })

function pollEvent(): Promise<Delivery> {
  return noticeOf(crypto.randomUUID(), { state: 'poll' })
}

async function follow({ fields }: InboundEvent, provider: Provider<Options>): Promise<Followed> {
  const channel = textAt(fields, 'channel')
  if (channel !== null && !provider.subscriptions.includes(channel))
    return { kind: 'ignored', reason: 'The push is of a channel that is not ours, or no longer.' }
  const { connection, calendar } = provider.endpoint.options
  const scope = `${connection}/${calendar}`
  const token = `sync token ${scope}`
  const sync = provider.recall(token)
  const listed = typeof sync === 'string' ? await list(provider, sync) : null
  const { items, next } = listed ?? (await list(provider, null))!
  const memory: Record<string, Json> = { [token]: next }
  // What stands in the calendar when it is first looked at is nobody's news.
  const first = sync === null
  const known = listed === null ? provider.recallAll(memoryOf(scope, '')) : new Map<string, Json>()
  const found = [...items, ...(listed === null && !first ? gone(items, known, scope, provider.now) : [])]
  const deliveries: Delivery[] = []
  for (const item of found) {
    const appointment = appointmentOf(item, provider.now)
    if (appointment === null) continue
    const name = memoryOf(scope, appointment.subject)
    const change = await changeOf('google-calendar', appointment, name, provider.recall(name), provider.now)
    Object.assign(memory, change.memory)
    if (change.delivery && !first) deliveries.push(change.delivery)
  }
  return { kind: 'events', deliveries, memory: { ...memory, ...outlived(known, provider.now) } }
}

/** Every event since the token, or all to come without one; null when the token is too old. */
async function list(
  provider: Provider<Options>,
  sync: string | null,
): Promise<{ items: JsonObject[]; next: string } | null> {
  const items: JsonObject[] = []
  let page: string | null = null
  for (let count = 0; count < pagesMost; count++) {
    const query = new URLSearchParams({ maxResults: '250', singleEvents: 'true', showDeleted: 'true' })
    if (sync !== null) query.set('syncToken', sync)
    else query.set('timeMin', new Date(provider.now).toISOString())
    if (page !== null) query.set('pageToken', page)
    const { status, body } = await call(provider, `events?${query}`)
    if (status === 410 && sync !== null) return null
    if (status !== 200 || !isObject(body)) throw new Stuck(`Google did not list the calendar (${status}).`)
    items.push(...(Array.isArray(body.items) ? body.items.filter(isObject) : []))
    const next = textAt(body, 'nextSyncToken')
    if (next !== null) return { items, next }
    page = textAt(body, 'nextPageToken')
    if (page === null) throw new Later('Google sent a list without an end.')
  }
  throw new Stuck(`The calendar has more than ${pagesMost * 250} events to come.`)
}

const call = (provider: Provider<Options>, path: string, body?: Json) => {
  const { connection, calendar } = provider.endpoint.options
  const whole = `calendar/v3/calendars/${encodeURIComponent(calendar)}/${path}`
  return provider.app('google-calendar', connection, whole, body === undefined ? {} : { method: 'POST', body })
}

/** Marks in the calendar that nobody meets at. */
const marks = ['workingLocation', 'outOfOffice', 'focusTime', 'birthday']

/** Deleted while nobody looked. */
function gone(
  items: readonly JsonObject[],
  known: ReadonlyMap<string, Json>,
  scope: string,
  now: number,
): JsonObject[] {
  const listed = new Set(items.map(item => String(item.id)))
  return missingFrom(listed, known, scope, now).map(id => ({ id, status: 'cancelled' }))
}

function appointmentOf(item: JsonObject, now: number): Appointment | null {
  const id = idAt(item, 'id')
  if (id === null || marks.includes(textAt(item, 'eventType') ?? '')) return null
  const all = Array.isArray(item.attendees) ? item.attendees.filter(isObject) : []
  const me = all.find(one => one.self === true)
  const { organizer } = item
  const host = isObject(organizer) && organizer.self !== true ? named(organizer) : null
  // A calendar of a team asks for its own meetings.
  const asks = host?.email?.endsWith('calendar.google.com') ? null : host
  const own = textAt(me ?? organizer, 'email')
  const invited = all.filter(one => one.self !== true && one.organizer !== true && one.resource !== true)
  const day = textAt(item, 'start.date')
  const when =
    day === null
      ? timesOf(at(item, 'start'), at(item, 'end'))
      : { start: day, end: textAt(item, 'end.date'), all_day: true }
  const booking = {
    ...when,
    title: textAt(item, 'summary'),
    timezone: textAt(item, 'start.timeZone'),
    location: textAt(item, 'hangoutLink') ?? textAt(item, 'location'),
  }
  const person = { ...guestOf(own, asks, invited.map(named)) }
  const description = textAt(item, 'description')
  return {
    subject: id,
    time: isoTime(textAt(item, 'updated') ?? undefined) ?? new Date(now).toISOString(),
    data: item,
    person,
    answers: description === null ? [] : [{ label: 'Description', value: description }],
    booking,
    state: { ...booking, person, description },
    status: item.status === 'cancelled' || me?.responseStatus === 'declined' ? 'canceled' : 'stands',
  }
}

const named = (one: JsonObject) => ({ name: textAt(one, 'displayName'), email: textAt(one, 'email') })

const at = (item: JsonObject, edge: string) => textAt(item, `${edge}.dateTime`) ?? undefined

/** A channel that is closed already is a 404, which is as good. */
async function end({ id, data }: Subscription, { app, endpoint }: Provider<Options>): Promise<void> {
  if (!isObject(data)) return
  const body = { id, resourceId: data.resource ?? null }
  await app('google-calendar', endpoint.options.connection, 'calendar/v3/channels/stop', { method: 'POST', body })
}

/** A channel cannot be made to last longer: a new one is opened, then the old one closed. */
async function renew(_name: string, standing: Subscription | null, provider: Provider<Options>): Promise<Subscription> {
  const { options } = provider.endpoint
  const expiresAt = provider.now + week
  const id = crypto.randomUUID()
  const wanted = {
    id,
    type: 'web_hook',
    address: options.url ?? '',
    token: provider.secret(options.secret),
    expiration: expiresAt,
  }
  const { status, body } = await call(provider, 'events/watch', wanted)
  if (status !== 200 || !isObject(body)) throw new Stuck(`Google opened no channel (${status}).`)
  if (standing) await end(standing, provider)
  return { id, expiresAt: Number(body.expiration) || expiresAt, data: { resource: textAt(body, 'resourceId') } }
}
