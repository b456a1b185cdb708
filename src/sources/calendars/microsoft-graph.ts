import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Endpoint, Inbound } from '../../model/endpoint.ts'
import type { Delivery, InboundEvent } from '../../model/event.ts'
import { type Followed, Later, type Provider, Stuck, type Subscription } from '../../model/follow.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { at, idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { verdictOnSecret } from '../proof/proofs.ts'
import { type Appointment, changeOf, guestOf, memoryOf, missingFrom, outlived } from './appointment.ts'
import { bookingOptions, bookingTypes, timesOf } from './booking.ts'

/**
 * Outlook's calendar: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks. A notification names a subscription and
 * an event, which is fetched through the gateway's `outlook` app.
 */

const options = z.strictObject({
  secret: secretOption,
  connection: z.uuid("must be the id of the gateway's connection to outlook"),
  url: z.optional(z.url({ protocol: /^https$/ })),
  ...bookingOptions,
})
type Options = z.infer<typeof options>

const notice = 'calendar.changed'
const day = 86_400_000
/** Subscriptions to Outlook's events last 10 080 minutes at most. */
const life = 6 * day
/** How far a poll looks ahead. */
const horizon = 90 * day
const pagesMost = 20

const item = z.looseObject({
  subscriptionId: z.string().check(z.minLength(1), z.maxLength(255)),
  clientState: z.nullish(z.string()),
  changeType: z.optional(z.string().check(z.maxLength(50))),
  lifecycleEvent: z.optional(z.string().check(z.maxLength(50))),
  resourceData: z.nullish(
    z.looseObject({
      id: z.string().check(z.minLength(1), z.maxLength(500)),
      '@odata.etag': z.optional(z.string().check(z.maxLength(255))),
    }),
  ),
})
const payload = z.object({ value: z.array(item).check(z.minLength(1), z.maxLength(1000)) })

export const microsoftGraph: Source<Options> = {
  name: 'microsoft-graph',
  verifiedBy: 'a secret of ours in the clientState of every notification',
  keyedBy: 'the subscription, the event, the change and the etag; of a booking its id and state',
  types: [...bookingTypes, notice],
  signed: false,
  copied: true,
  options,
  following: { types: [notice], follow },
  subscribing: {
    names: ({ url }) => (url === undefined ? [] : ['subscription']),
    renew,
    end,
    poll: { every: 30 * 60_000, event: pollEvent },
  },

  /** Echoed as text that no browser takes for HTML; a token of Microsoft's has no angle brackets. */
  async handshake(request) {
    const token = request.method === 'POST' ? request.url.searchParams.get('validationToken') : null
    if (token === null) return null
    const text = token.slice(0, 1024).replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    return new Response(text, { headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' } })
  },

  async verify(request, endpoint) {
    const read = readJson(request)
    const parsed = payload.safeParse(read.ok ? read.value : null)
    const secrets = endpoint.secrets(endpoint.options.secret)
    const states = parsed.success ? new Set(parsed.data.value.map(one => one.clientState ?? '')) : new Set([''])
    for (const state of states) {
      const verdict = await verdictOnSecret(state, secrets, 'clientState')
      if (!verdict.ok) return verdict
    }
    return { ok: true }
  },

  parse,
}

async function parse(request: Inbound, _endpoint: Endpoint<Options>) {
  const read = readJson(request)
  if (!read.ok) return read.problem
  const parsed = payload.safeParse(read.value)
  if (!parsed.success) return notFrom('Microsoft Graph')
  return Promise.all(parsed.data.value.map(one => noticeOf(one)))
}

/** What proves the notification is not kept with it. */
function noticeOf({
  subscriptionId,
  changeType,
  lifecycleEvent,
  resourceData,
}: z.infer<typeof item>): Promise<Delivery> {
  const id = resourceData?.id ?? null
  const fields = {
    subscription: subscriptionId,
    change: changeType ?? null,
    lifecycle: lifecycleEvent ?? null,
    event: id,
  }
  // Microsoft gives what happens to a subscription no id; each time is a reason to look.
  const key = [subscriptionId, id, changeType, resourceData?.['@odata.etag']].join(':')
  return delivery({
    source: 'microsoft-graph',
    type: notice,
    id: lifecycleEvent || id === null ? crypto.randomUUID() : key,
    subject: id === null ? 'calendar' : `notice ${id}`,
    data: fields,
    fields,
  })
}

function pollEvent(): Promise<Delivery> {
  const fields = { lifecycle: 'poll' }
  return delivery({
    source: 'microsoft-graph',
    type: notice,
    id: crypto.randomUUID(),
    subject: 'calendar',
    data: fields,
    fields,
  })
}

async function follow({ fields }: InboundEvent, provider: Provider<Options>): Promise<Followed> {
  const subscription = textAt(fields, 'subscription')
  if (subscription !== null && !provider.subscriptions.includes(subscription))
    return { kind: 'ignored', reason: 'The notification is of a subscription that is not ours, or no longer.' }
  const lifecycle = textAt(fields, 'lifecycle')
  const id = textAt(fields, 'event')
  if (lifecycle === null && id !== null) return changed(id, textAt(fields, 'change') === 'deleted', provider)
  const looked = await look(provider)
  // `missed` asks for a look only; the others for a subscription that is valid again.
  return lifecycle === 'poll' || lifecycle === 'missed' ? looked : { ...looked, renew: ['subscription'] }
}

/** What ids a subscription tells. */
const immutable = 'immutable'
const headers = { prefer: 'outlook.timezone="UTC", IdType="ImmutableId"' }
const read = (provider: Provider<Options>, path: string) =>
  provider.app('outlook', provider.endpoint.options.connection, `v1.0/me/${path}`, { headers })

/** Of a series, the notification names the whole; what is to come of it stands in the list. */
async function changed(id: string, deleted: boolean, provider: Provider<Options>): Promise<Followed> {
  const scope = provider.endpoint.options.connection
  const answer = deleted ? null : await read(provider, `events/${encodeURIComponent(id)}`)
  const gone = answer === null || answer.status === 404
  if (!gone && (answer.status !== 200 || !isObject(answer.body)))
    throw new Stuck(`Outlook did not tell the event (${answer.status}).`)
  const given = gone ? { id, isCancelled: true } : (answer.body as JsonObject)
  if (given.type === 'seriesMaster' || (gone && provider.recall(memoryOf(scope, id)) === null)) return look(provider)
  const own = ownerIn([given]) ?? (provider.recall(owner(scope)) as string | null)
  const appointment = appointmentOf(idAt(given, 'id') ?? id, given, own, provider.now)
  const name = memoryOf(scope, appointment.subject)
  const change = await changeOf('microsoft-graph', appointment, name, provider.recall(name), provider.now)
  return { kind: 'events', deliveries: change.delivery ? [change.delivery] : [], memory: change.memory }
}

const owner = (scope: string) => `owner ${scope}`

/** The address of the calendar's owner, by what they have asked for. */
const ownerIn = (items: readonly JsonObject[]): string | null =>
  textAt(
    items.find(one => one.isOrganizer === true),
    'organizer.emailAddress.address',
  )

/** Everything to come, against what is remembered: for the first time only to remember it. */
async function look(provider: Provider<Options>): Promise<Extract<Followed, { kind: 'events' }>> {
  const scope = provider.endpoint.options.connection
  const looked = `looked ${scope}`
  const first = provider.recall(looked) === null
  const known = provider.recallAll(memoryOf(scope, ''))
  const items = await list(provider)
  const missing = first
    ? []
    : missingFrom(new Set(items.map(one => String(one.id))), known, scope, provider.now, horizon)
  const found = [...items, ...missing.map(id => ({ id, isCancelled: true }))]
  const own = ownerIn(items) ?? (provider.recall(owner(scope)) as string | null)
  const memory: Record<string, Json> = { [looked]: true, [owner(scope)]: own, ...outlived(known, provider.now) }
  const deliveries: Delivery[] = []
  for (const one of found) {
    const id = idAt(one, 'id') ?? ''
    const name = memoryOf(scope, id)
    const appointment = appointmentOf(id, one, own, provider.now)
    const change = await changeOf('microsoft-graph', appointment, name, known.get(name) ?? null, provider.now)
    Object.assign(memory, change.memory)
    if (change.delivery && !first) deliveries.push(change.delivery)
  }
  return { kind: 'events', deliveries, memory }
}

async function list(provider: Provider<Options>): Promise<JsonObject[]> {
  const items: JsonObject[] = []
  const span = {
    startDateTime: new Date(provider.now).toISOString(),
    endDateTime: new Date(provider.now + horizon).toISOString(),
  }
  for (let page = 0; page < pagesMost; page++) {
    const query = new URLSearchParams({ ...span, $top: '100', $skip: String(items.length) })
    const { status, body } = await read(provider, `calendarView?${query}`)
    if (status !== 200 || !isObject(body) || !Array.isArray(body.value))
      throw new Stuck(`Outlook did not list the calendar (${status}).`)
    items.push(...body.value.filter(isObject).filter(one => idAt(one, 'id') !== null))
    if (body['@odata.nextLink'] === undefined || body.value.length === 0) return items
  }
  throw new Stuck(`The calendar has more than ${pagesMost * 100} events to come.`)
}

function appointmentOf(id: string, given: JsonObject, own: string | null, now: number): Appointment {
  const all = Array.isArray(given.attendees) ? given.attendees.filter(isObject) : []
  const host = named(isObject(given.organizer) ? given.organizer : {})
  const mine = given.isOrganizer !== false
  const invited = all.filter(one => one.type !== 'resource').map(named)
  const edge = (name: string) => textAt(given, `${name}.dateTime`)
  const when =
    given.isAllDay === true
      ? { start: edge('start')?.slice(0, 10) ?? null, end: edge('end')?.slice(0, 10) ?? null, all_day: true }
      : timesOf(utc(edge('start')), utc(edge('end')))
  const booking = {
    ...when,
    title: textAt(given, 'subject'),
    timezone: textAt(given, 'originalStartTimeZone'),
    location: textAt(given, 'onlineMeeting.joinUrl') ?? textAt(given, 'location.displayName'),
  }
  const person = { ...guestOf(mine ? host.email : own, mine ? null : host, invited) }
  const preview = textAt(given, 'bodyPreview')
  return {
    subject: id,
    time: isoTime(textAt(given, 'lastModifiedDateTime') ?? undefined) ?? new Date(now).toISOString(),
    data: given,
    person,
    answers: preview === null ? [] : [{ label: 'Description', value: preview }],
    booking,
    state: { ...booking, person, preview },
    status: given.isCancelled === true || at(given, 'responseStatus.response') === 'declined' ? 'canceled' : 'stands',
  }
}

const named = (one: JsonObject) => ({
  name: textAt(one, 'emailAddress.name'),
  email: textAt(one, 'emailAddress.address'),
})

/** Asked for in UTC, times come without an offset: `2026-12-01T15:00:00.0000000`. */
const utc = (time: string | null) => time?.replace(/(\.\d{1,9})?Z?$/, 'Z')

async function end({ id }: Subscription, { app, endpoint }: Provider<Options>): Promise<void> {
  const path = `v1.0/subscriptions/${encodeURIComponent(id)}`
  const { status } = await app('outlook', endpoint.options.connection, path, { method: 'DELETE' })
  if (status !== 204 && status !== 404) throw new Later(`Microsoft did not end the subscription (${status}).`)
}

async function renew(_name: string, standing: Subscription | null, provider: Provider<Options>): Promise<Subscription> {
  const { options } = provider.endpoint
  const expiresAt = provider.now + life
  const expirationDateTime = new Date(expiresAt).toISOString()
  const ask = (path: string, method: 'POST' | 'PATCH', body: Json) =>
    provider.app('outlook', options.connection, `v1.0/${path}`, { method, body, headers })
  // One that was made without our header tells other ids than the calendar does.
  if (standing?.data === immutable) {
    const { status } = await ask(`subscriptions/${encodeURIComponent(standing.id)}`, 'PATCH', { expirationDateTime })
    if (status === 200) return { ...standing, expiresAt }
    if (status !== 404) throw new Later(`Microsoft did not renew the subscription (${status}).`)
  } else if (standing) await end(standing, provider)
  const url = options.url ?? ''
  const wanted = {
    changeType: 'created,updated,deleted',
    notificationUrl: url,
    lifecycleNotificationUrl: url,
    resource: 'me/events',
    expirationDateTime,
    clientState: provider.secret(options.secret),
  }
  const { status, body } = await ask('subscriptions', 'POST', wanted)
  const id = isObject(body) ? idAt(body, 'id') : null
  if (status !== 201 || id === null) throw new Stuck(`Microsoft made no subscription (${status}).`)
  return { id, expiresAt, data: immutable }
}
