import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { readJsonc } from '../../../src/configuration/jsonc.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { RunSummary } from '../../../src/model/docket-rpc.ts'
import recipe from '../../../src/rules/recipes/booking-calendar.jsonc?raw'
import { schemes } from '../../../src/sources/proof/schemes.ts'
import { sign } from '../../../src/sources/proof/sign.ts'
import { document, newConnection, operator } from '../../api/app.ts'
import { eventually } from '../../eventually.ts'
import { calendlyBody, calendlyInvitee } from '../../simulation/bookings/providers.ts'

/** A booking that is moved and called off where its entry was not made: by the firm's docket of before, or by another tool. */

const { call, stranger } = operator()
const secret = 'a-signing-key-of-calendly'
const clioApi = 'https://gateway.maton.ai/clio/api/v4'

async function clio<T>(connection: string, method: string, path: string, body?: JsonObject): Promise<T> {
  const headers = { authorization: `Bearer ${env.MATON_API_KEY}`, 'maton-connection': connection }
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
  const answer = await fetch(`${clioApi}/${path}`, init)
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { data: T }).data
}
const entries = (connection: string) =>
  clio<{ id: number; start_at: string }[]>(connection, 'GET', 'calendar_entries.json?fields=id,start_at')

/** The recipe as it is documented. */
async function firmOf(firm: string, connection: string): Promise<void> {
  const read = readJsonc(recipe)
  if (!read.ok) throw new Error('The recipe is no JSON.')
  const saved = await call('PUT', `/api/firms/${firm}/config`, await document(read.value as JsonObject, connection))
  expect(saved.status).toBe(200)
  await storeSecret(firm)
}
const storeSecret = async (firm: string) =>
  expect((await call('PUT', `/api/firms/${firm}/secrets/CALENDLY_SIGNING_KEY`, secret)).status).toBe(204)

const [monday, tuesday] = ['2026-12-07T15:00:00Z', '2026-12-08T16:00:00Z'] as const
/** Calendly's invitees of one booking: the second is the first, moved. */
const news = {
  booked: calendlyBody('invitee.created', '2026-11-24T11:00:00.000Z', calendlyInvitee(0, {}, monday)),
  moved: calendlyBody('invitee.created', '2026-11-24T12:00:00.000Z', calendlyInvitee(1, {}, tuesday)),
  calledOff: calendlyBody('invitee.canceled', '2026-11-24T13:00:00.000Z', calendlyInvitee(1, {}, tuesday)),
  calledOffUnmoved: calendlyBody('invitee.canceled', '2026-11-24T13:00:00.000Z', calendlyInvitee(0, {}, monday)),
}

/** Delivers it, and waits until its run is done. */
async function tell(firm: string, body: string): Promise<void> {
  const uri = `https://docketed.example/in/${firm}/calendly`
  const { headers } = sign(schemes.calendly, { secret, body, uri, now: Date.now(), id: 'unused' })
  const json = { 'content-type': 'application/json', ...headers }
  const taken = await stranger('POST', `/in/${firm}/calendly`, json, body)
  expect(taken.status).toBe(202)
  const { run } = (await taken.json()) as { run: string }
  await eventually(async () => {
    const { state, reason } = (await (await call('GET', `/api/firms/${firm}/runs/${run}`)).json()) as RunSummary
    expect([state, reason]).toEqual(['done', null])
  })
}

const sealing = { 'export-passphrase': 'correct horse battery staple' }

/** Held, exported, brought in under the other name with the other connection, and let go on. */
async function move(firm: string, to: string, connection: string): Promise<void> {
  await call('POST', `/api/firms/${firm}/hold`, { reason: 'It moves' })
  const file = await (await call('GET', `/api/firms/${firm}/export`, undefined, sealing)).arrayBuffer()
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}`, ...sealing }
  const path = `/api/firms/${to}/import?connection=${connection}`
  expect((await createApp(env).request(path, { method: 'POST', headers, body: file }, env)).status).toBe(201)
  await storeSecret(to)
  expect((await call('POST', `/api/firms/${to}/resume`)).status).toBe(200)
}

describe('a booking whose entry was made where the firm was before', () => {
  it('is moved and called off where it is now: that entry and no other', async () => {
    const [before, now] = [await newConnection('calendara'), await newConnection('calendara')]
    await firmOf('calendar-before', before)
    await tell('calendar-before', news.booked)
    const [made, ...more] = await entries(before)
    expect([made!.start_at, more]).toEqual([monday, []])
    await move('calendar-before', 'calendar-now', now)

    await tell('calendar-now', news.moved)
    expect(await entries(now)).toEqual([{ ...made, start_at: tuesday }])
    await tell('calendar-now', news.calledOff)
    expect(await entries(now)).toEqual([])
  })

  it('is called off where it is now, without having been moved', async () => {
    const [before, now] = [await newConnection('calendarb'), await newConnection('calendarb')]
    await firmOf('office-before', before)
    await tell('office-before', news.booked)
    expect(await entries(before)).toHaveLength(1)
    await move('office-before', 'office-now', now)
    await tell('office-now', news.calledOffUnmoved)
    expect(await entries(now)).toEqual([])
    // And its first news, told again, makes none.
    const uri = 'https://docketed.example/in/office-now/calendly'
    const { headers } = sign(schemes.calendly, { secret, body: news.booked, uri, now: Date.now(), id: 'unused' })
    const json = { 'content-type': 'application/json', ...headers }
    const again = await stranger('POST', '/in/office-now/calendly', json, news.booked)
    expect(await again.json()).toMatchObject({ duplicate: true })
    expect(await entries(now)).toEqual([])
  })
})

describe('a booking whose entry another tool made', () => {
  it('is moved and called off as that entry, once the firm was told of it', async () => {
    const connection = await newConnection('calendarc')
    await firmOf('changing', connection)
    const users = 'users.json?fields=id,email,default_calendar_id'
    const all = await clio<{ email: string; default_calendar_id: number }[]>(connection, 'GET', users)
    const { default_calendar_id } = all.find(({ email }) => email === 'sam@smith.example')!
    const { id } = await clio<{ id: number }>(connection, 'POST', 'calendar_entries.json?fields=id', {
      data: {
        summary: 'Consultation',
        start_at: monday,
        end_at: '2026-12-07T16:00:00Z',
        calendar_owner: { id: default_calendar_id },
      },
    })
    const { uri } = calendlyInvitee(0)
    const link = { endpoint: 'calendly', subject: String(uri), link: 'meeting', resource: 'calendar_entries', id }
    const told = await call('POST', '/api/firms/changing/links', { links: [link] })
    expect(await told.json()).toEqual({ links: 1 })

    await tell('changing', news.moved)
    expect(await entries(connection)).toEqual([{ id, start_at: tuesday }])
    await tell('changing', news.calledOff)
    expect(await entries(connection)).toEqual([])
    const { links } = await runInDurableObject(env.DOCKET.get(env.DOCKET.idFromName('changing')), (_, { storage }) => ({
      links: storage.sql.exec('select name from links').toArray(),
    }))
    expect(links).toHaveLength(0)
  })
})
