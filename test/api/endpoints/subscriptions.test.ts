import { Webhook } from 'standardwebhooks'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChannelView } from '../../../src/model/view/channel.ts'
import { eventually } from '../../eventually.ts'
import type { Taken } from '../../receiver.ts'
import { document, operator, problemOf } from '../app.ts'

// A receiver that is down is told again after five seconds.

/** Webhooks of a firm that are told what happens: signed, each fact once, again and again while nobody takes it. */

const { call, stranger } = operator()
const firm = 'outbound'
const at = (path: string) => `/api/firms/${firm}/${path}`
const secret = `whsec_${btoa('a-secret-of-twenty-four!')}`
const name = 'Maria Lopez'
const hook = (path: string, events?: string[]) => ({
  url: `https://receiver.example/${path}`,
  secret: '$HOOK',
  ...(events && { events }),
})
const configuration = () =>
  document({
    endpoints: { website: { source: 'form' } },
    channels: {
      ledger: hook('ledger', ['run.done', 'run.parked', 'run.discarded']),
      quiet: hook('quiet', ['run.undone', 'connection.lost']),
      plain: hook('plain'),
    },
    rules: [
      {
        name: 'r',
        on: { endpoint: 'website' },
        steps: { stop: { if: "fields.kind == 'odd'", park: 'Look at {{ fields.name }}' } },
      },
    ],
  })

async function submit(fields: Record<string, string>): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await stranger('POST', `/in/${firm}/website`, headers, new URLSearchParams(fields).toString())
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { run: string }).run
}

const taken = async (path: string) => (await (await fetch(`https://receiver.example/${path}`)).json()) as Taken[]
/** What the receiver took, proved as whoever has the library of Standard Webhooks does. */
const told = async (path: string) =>
  (await taken(path)).map(({ headers, body }) => ({
    headers,
    event: new Webhook(secret).verify(body, headers) as Record<string, unknown>,
  }))

let parked: string
beforeAll(async () => {
  expect((await call('PUT', at('config'), await configuration())).status).toBe(200)
  expect((await call('PUT', at('secrets/HOOK'), secret)).status).toBe(204)
  parked = await submit({ kind: 'odd', name })
  await eventually(async () => expect(await taken('ledger')).toHaveLength(1), 200)
})

describe('a webhook that subscribed', () => {
  it('is told though it was down at first, with a signature that proves it', async () => {
    const [first] = await told('ledger')
    expect(first!.headers['content-type']).toBe('application/json')
    expect(first!.event).toEqual({
      specversion: '1.0',
      id: first!.headers['webhook-id'],
      source: `/firms/${firm}`,
      type: 'run.parked',
      subject: parked,
      time: expect.stringMatching(/Z$/),
      timestamp: expect.stringMatching(/Z$/),
      data: {
        firm,
        run: parked,
        endpoint: 'website',
        type: 'form.submitted',
        code: 'by-rule',
        step: 'r/stop',
        reason: expect.stringContaining('A rule stops here'),
      },
    })
  })

  it('is not believed with another secret, or another body', async () => {
    const [{ headers, body }] = (await taken('ledger')) as [Taken]
    expect(() => new Webhook(`whsec_${btoa('another-secret-of-24-let')}`).verify(body, headers)).toThrow()
    expect(() => new Webhook(secret).verify(body.replace('parked', 'undone'), headers)).toThrow()
  })

  it('is told each fact once, and only what it asked for', async () => {
    const done = await submit({ kind: 'plain', name })
    expect((await call('POST', at(`runs/${parked}/discard`))).status).toBe(200)
    await eventually(async () => expect(await taken('ledger')).toHaveLength(3), 200)
    const facts = (await told('ledger')).map(({ event }) => `${event.type} ${event.subject}`)
    expect(facts.sort()).toEqual([`run.discarded ${parked}`, `run.done ${done}`, `run.parked ${parked}`])
    const ids = (await told('ledger')).map(({ event }) => event.id)
    expect(new Set(ids).size).toBe(3)
    expect([await taken('quiet'), await taken('plain')]).toEqual([[], []])
  })

  it('learns nothing of the client', async () => {
    expect(JSON.stringify(await taken('ledger'))).not.toMatch(/Maria|Lopez|Look at/)
  })

  it('shows how it stands with it', async () => {
    const { channels } = (await (await call('GET', at('channels'))).json()) as { channels: ChannelView[] }
    expect(channels.find(one => one.name === 'ledger')).toMatchObject({
      lastSuccessAt: expect.any(String),
      lastError: { code: 'http-503' },
      failures: 0,
      waiting: 0,
    })
  })
})

describe('a subscription', () => {
  const put = async (channel: object) => call('PUT', at('config?dry=1'), await document({ channels: { one: channel } }))

  it.each([
    ['at an address without https', { ...hook('x'), url: 'http://receiver.example/x' }],
    ['at this machine', { ...hook('x'), url: 'https://localhost/x' }],
    ['at a number', { ...hook('x'), url: 'https://10.0.0.8/x' }],
    ['at a number in other words', { ...hook('x'), url: 'https://[fd00::8]/x' }],
    ['inside of a network', { ...hook('x'), url: 'https://vault.internal/x' }],
    ['with a password in the address', { ...hook('x'), url: 'https://me:secret@receiver.example/x' }],
    ['to what never happens', hook('x', ['run.exploded'])],
    ['to nothing', hook('x', [])],
    ['with the secret itself', { ...hook('x'), secret }],
  ])('%s is refused', async (_, channel) => {
    const refused = await put(channel)
    expect([refused.status, (await problemOf(refused)).type]).toEqual([
      422,
      'urn:docketed:problem:invalid-configuration',
    ])
  })

  it('of the right form is not', async () => {
    expect((await put(hook('x', ['run.done', 'connection.mended']))).status).toBe(200)
  })
})
