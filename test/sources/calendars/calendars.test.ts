import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Json } from '../../../src/lib/json.ts'
import { openDoor } from '../../door/door.ts'
import { mac } from '../../door/requests.ts'
import { bodyOf, optionsOf, type Request, requestOf, secretsOf, unusual } from '../cases.ts'

/** The door of calendars that tell ids only, and of Clio's own webhooks: who is let in, what is recorded, how hands are shaken. */

const now = Date.UTC(2026, 10, 2, 9)
const caseOf = (name: string) => unusual.find(one => one.name === name)!

async function open(name: string, env: Record<string, string> = {}) {
  const one = caseOf(name)
  const [right, wrong] = secretsOf(one)
  const door = await openDoor({
    endpoints: { hook: optionsOf(one) },
    env: { SECRET: right, TOKEN: 'a-token', ...env },
    now,
  })
  const request = (body = bodyOf(one), secret = right) => requestOf(one, body, secret, now, door.firm)
  const send = ({ path, headers, body }: Request) => door.send(`hook${path}`, { method: 'POST', headers, body })
  const events = () => door.docket.claims.flatMap(({ deliveries }) => deliveries.map(({ event }) => event))
  return { ...door, right, wrong, request, send, events }
}

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

describe.each(unusual.map(one => [one.name] as const))('%s', name => {
  it('lets in who proves it, and keeps no proof', async () => {
    const { send, request, docket, right } = await open(name)
    expect((await send(request())).status).toBe(202)
    expect(docket.claims).toHaveLength(1)
    expect(JSON.stringify(docket.claims)).not.toContain(right)
  })

  it('refuses who proves it with another secret, or not at all', async () => {
    const { send, request, docket, wrong } = await open(name)
    expect((await send(request(undefined, wrong))).status).toBe(401)
    const { headers, body } = request('{}')
    expect((await send({ path: '', headers: { 'content-type': headers['content-type'] ?? '' }, body })).status).toBe(
      401,
    )
    expect(docket.claims).toEqual([])
  })

  it('waits while no secret is set', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send, request, docket } = await open(name, { SECRET: '' })
    expect((await send(request())).status).toBe(503)
    expect(error).toHaveBeenCalledOnce()
    expect(docket.claims).toEqual([])
  })
})

describe('Acuity', () => {
  it('is only a notice, whatever the action is called', async () => {
    const { send, request, events } = await open('acuity')
    for (const action of ['scheduled', 'appointment.rescheduled', 'canceled', 'changed'])
      await send(request(`action=${action}&id=52875`))
    expect(events().map(({ type, subject, time }) => [type, subject, time])).toEqual(
      Array.from({ length: 4 }, () => ['acuity.notified', 'notice 52875', null]),
    )
  })

  it('an order is an event that nothing is looked up for', async () => {
    const { send, request, events } = await open('acuity')
    await send(request('action=order.completed&id=7'))
    expect(events()).toMatchObject([{ type: 'acuity.other', subject: null }])
  })

  it.each(['', 'action=scheduled', 'id=1', 'action=scheduled&id=../../me', 'action=scheduled&id=1%2F2'])(
    'refuses "%s"',
    async body => {
      const { send, request } = await open('acuity')
      expect((await send(request(body))).status).toBe(400)
    },
  )
})

describe('Google Calendar', () => {
  it('is keyed by the channel and the number of its message', async () => {
    const { send, request, events } = await open('google-calendar')
    await send(request())
    const again = (await (await send(request())).json()) as { duplicate: boolean }
    expect(again.duplicate).toBe(true)
    expect(events()[0]).toMatchObject({
      type: 'calendar.changed',
      subject: 'calendar',
      id: '6be36fb1-3b39-60d4-ddea-8258292c7a81:10',
    })
  })

  it('refuses a push that lacks its headers', async () => {
    const { send, request } = await open('google-calendar')
    const { 'x-goog-message-number': _, ...headers } = request().headers
    expect((await send({ ...request(), headers })).status).toBe(400)
  })
})

describe('Microsoft Graph', () => {
  const handshake = async (token: string) => {
    const { app, firm } = await open('microsoft-graph')
    const address = `https://docketed.example/in/${firm}/hook?validationToken=${encodeURIComponent(token)}`
    return app.request(address, { method: 'POST', headers: { 'content-type': 'text/plain' } })
  }

  it('gets its validation token back as text', async () => {
    const token = 'Validation: Testing client application reachability for subscription Request-Id: 2c6a/+='
    const response = await handshake(token)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await response.text()).toBe(token)
  })

  it('gets no HTML back, whoever asks for it', async () => {
    const response = await handshake('<script>alert(1)</script>')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await response.text()).toBe('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('is an event for every item', async () => {
    const { send, request, events } = await open('microsoft-graph')
    await send(request())
    expect(events()).toMatchObject([
      { type: 'calendar.changed', subject: 'notice AAMkjZQ=', fields: { change: 'created', lifecycle: null } },
      { type: 'calendar.changed', subject: 'calendar', fields: { lifecycle: 'missed' } },
    ])
  })

  it('is refused when one item of many has another clientState', async () => {
    const { send, request, docket, wrong } = await open('microsoft-graph')
    const body = bodyOf(caseOf('microsoft-graph')).replace('{state}', wrong)
    expect((await send(request(body))).status).toBe(401)
    expect(docket.claims).toEqual([])
  })
})

describe('Clio', () => {
  const shake = (secret: string, watch = 'matter') => ({
    path: `/${secret}?watch=${watch}`,
    headers: { 'x-hook-secret': 'clio-brought-this-secret' },
    body: '',
  })

  it('gets its secret back once it is kept, under the name that the endpoint gives', async () => {
    const { send, right, docket, firm } = await open('clio')
    const response = await send(shake(right, 'task'))
    expect(response.status).toBe(200)
    expect(response.headers.get('x-hook-secret')).toBe('clio-brought-this-secret')
    expect(docket.kept).toEqual([[firm, 'HOOK', 'clio-brought-this-secret']])
    expect(docket.claims).toEqual([])
  })

  it('does not when the address is not the one that it was given', async () => {
    const { send, wrong, right, docket } = await open('clio')
    expect((await send(shake(wrong))).status).toBe(401)
    expect((await send(shake(right, 'bill'))).status).toBe(400)
    expect((await send({ ...shake(right), headers: { 'x-hook-secret': 'short' } })).status).toBe(400)
    expect(docket.kept).toEqual([])
  })

  it('is told to try again when the secret cannot be kept', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send, right, docket } = await open('clio')
    docket.broken = new Error('gone')
    expect((await send(shake(right))).status).toBe(503)
  })

  it('names the matter that opened', async () => {
    const { send, request, events } = await open('clio')
    await send(request())
    expect(events()).toMatchObject([
      {
        type: 'matter.opened',
        subject: 'matter 14103',
        id: '77:matter_opened:14103:"14ce-0003"',
        fields: { display_number: '00012-Novak' },
      },
    ])
  })

  it('is refused with a signature of another model’s secret', async () => {
    const { send, request, right } = await open('clio', { HOOK: 'of-the-tasks-0123456789' })
    const task = { ...request(), path: `/${right}?watch=task` }
    expect((await send(task)).status).toBe(401)
    const headers = { ...task.headers, 'x-hook-signature': mac('sha256', 'of-the-tasks-0123456789', task.body, 'hex') }
    expect((await send({ ...task, headers })).status).toBe(202)
  })

  it('a completed task is an event of its own beside the change', async () => {
    const { send, right, events } = await open('clio', { HOOK: 'of-the-tasks-0123456789' })
    const tell = (etag: string, more: Record<string, Json>) => {
      const body = JSON.stringify({ data: { id: 5, etag, ...more }, meta: { event: 'updated', webhook_id: 78 } })
      const signature = mac('sha256', 'of-the-tasks-0123456789', body, 'hex')
      return send({ path: `/${right}?watch=task`, headers: { 'x-hook-signature': signature }, body })
    }
    const complete = { status: 'complete', completed_at: '2026-11-02T08:00:00Z' }
    await tell('1', { status: 'pending', completed_at: null })
    await tell('2', complete)
    await tell('3', { ...complete, name: 'Renamed' })
    expect(events().map(({ type, id }) => `${type} ${id}`)).toEqual([
      'task.updated 78:updated:5:1',
      'task.updated 78:updated:5:2',
      'task.completed 78:completed:5:2026-11-02T08:00:00Z',
      'task.updated 78:updated:5:3',
      'task.completed 78:completed:5:2026-11-02T08:00:00Z',
    ])
  })
})
