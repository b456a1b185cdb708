import { afterEach, describe, expect, it, vi } from 'vitest'
import { sources } from '../../src/sources/index.ts'
import { openDoor } from '../door/door.ts'
import { bodyOf, type Case, cases, eventsOf, optionsOf, type Request, requestOf, secretsOf, sourceOf } from './cases.ts'

/** Every source through the door, on one delivery as its provider makes it. */

const now = Date.UTC(2026, 10, 2, 9)

const door = (one: Case, secret: string | null = secretsOf(one)[0]) =>
  openDoor({ endpoints: { hook: optionsOf(one) }, env: secret === null ? {} : { SECRET: secret }, now })

type Opened = Awaited<ReturnType<typeof door>>

const send = ({ send }: Opened, { path, headers, body }: Request) =>
  send(`hook${path}`, { method: 'POST', headers, body })

const good = (one: Case, firm: string, body = bodyOf(one), at = now) =>
  requestOf(one, body, secretsOf(one)[0], at, firm)

afterEach(() => vi.restoreAllMocks())

it('has a case for every source but those with a test of their own', () => {
  const own = [
    'form',
    'email',
    'standard-webhooks',
    'slack',
    'schedule',
    'clio',
    'google-calendar',
    'microsoft-graph',
    'acuity',
  ]
  const tested = new Set([...cases.map(sourceOf), ...own])
  expect([...sources.keys()].filter(name => !tested.has(name))).toEqual([])
})

describe.each(cases.map(one => [one.name, one] as const))('%s', (_name, one) => {
  it('becomes exactly these events', async () => {
    const opened = await door(one)
    const response = await send(opened, good(one, opened.firm))
    expect(response.status).toBe(one.answer ?? 202)
    const made = opened.docket.claims.flatMap(({ deliveries }) => deliveries)
    const expected = eventsOf(one)
    // What was taken for what is the reading's affair, and tested there.
    expect(made.map(({ event: { recognized: _, ...event } }) => event)).toEqual(expected)
    expect(expected.length).toBeGreaterThan(0)
    expect(made.map(({ key }) => key.kind)).toEqual(expected.map(() => one.key))
    expect(made.every(({ strict }) => !strict)).toBe(true)
    // The types that it says it makes, which rules are checked against.
    const { types } = sources.get(sourceOf(one))!
    expect(made.every(({ event }) => types.includes('*') || types.includes(event.type))).toBe(true)
    // Nothing that proves a request is kept with its event.
    expect(JSON.stringify(opened.docket.claims)).not.toContain(secretsOf(one)[0])
  })

  it('is the same event when it comes again', async () => {
    const opened = await door(one)
    await send(opened, good(one, opened.firm))
    const runs = opened.docket.runs.size
    const again = await send(opened, good(one, opened.firm))
    expect(again.status).toBe(one.answer ?? 202)
    expect(opened.docket.runs.size).toBe(runs)
  })

  it('is another event when it is another submission', async () => {
    const opened = await door(one)
    const [right] = secretsOf(one)
    const other = one.other ? bodyOf(one).replaceAll(...one.other) : bodyOf(one)
    await send(opened, good(one, opened.firm))
    await send(opened, requestOf(one, other, right, now, opened.firm, one.ids?.[1]))
    const [first, second] = opened.docket.claims.map(({ deliveries }) => deliveries[0]!.key.value)
    expect(second).toBeTypeOf('string')
    expect(second).not.toBe(first)
    expect(opened.docket.runs.size).toBeGreaterThan(eventsOf(one).length)
  })

  if (one.covered)
    it('is refused when one byte is changed', async () => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const opened = await door(one)
      const request = good(one, opened.firm)
      const at = Math.floor(request.body.length / 2)
      const changed = request.body[at] === 'x' ? 'y' : 'x'
      const body = request.body.slice(0, at) + changed + request.body.slice(at + 1)
      expect((await send(opened, { ...request, body })).status).toBe(sourceOf(one) === 'lawmatics' ? 429 : 401)
      expect(opened.docket.claims).toEqual([])
      expect(warn).toHaveBeenCalledOnce()
    })

  it('is refused with another secret', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const opened = await door(one, secretsOf(one)[1])
    expect((await send(opened, good(one, opened.firm))).status).toBe(sourceOf(one) === 'lawmatics' ? 429 : 401)
    expect(opened.docket.claims).toEqual([])
    expect(warn.mock.calls.flat().join()).not.toContain(secretsOf(one)[0])
  })

  it('is refused without any proof', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const opened = await door(one)
    const { headers, body } = good(one, opened.firm)
    const type = headers['content-type']!
    const response = await send(opened, {
      path: '',
      headers: { 'content-type': type },
      // Where the body is the proof, it goes without.
      body: one.name === 'dialpad' ? bodyOf(one) : body.replace('event_hash', 'hash'),
    })
    expect(response.status).toBe(sourceOf(one) === 'lawmatics' ? 429 : 401)
  })

  if (one.tolerance !== undefined)
    it('is refused when its time is too far from ours, on either side', async () => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const opened = await door(one)
      const far = one.tolerance! * 1000
      for (const at of [now - far - 1000, now + far + 1000]) {
        expect((await send(opened, good(one, opened.firm, bodyOf(one), at))).status).toBe(401)
      }
      for (const at of [now - far + 1000, now + far - 1000]) {
        expect((await send(opened, good(one, opened.firm, bodyOf(one), at))).status).toBe(one.answer ?? 202)
      }
    })

  it('waits, with a line in the log, while no secret is set', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const opened = await door(one, null)
    expect((await send(opened, good(one, opened.firm))).status).toBe(503)
    expect(opened.docket.claims).toEqual([])
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/no secret is set; SECRET is not set/))
  })
})
