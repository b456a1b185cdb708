import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { tell } from '../../src/docket/notices/tell.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import { World } from './world.ts'

vi.mock('../../src/sources/index.ts', async original => {
  const { sources } = await original<typeof import('../../src/sources/index.ts')>()
  const { sms } = await import('./sms.ts')
  return { sources: new Map([...sources, [sms.name, sms]]) }
})

/** A place where people talk that no file of the Docket has heard of: its source alone makes it one. */

const config = (more: JsonObject = {}): JsonObject => ({
  timezone: 'America/New_York',
  country: 'US',
  connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
  endpoints: { phone: { source: 'sms', key: '$SMS_KEY' }, website: { source: 'form' } },
  rules: [],
  ...more,
})

const worlds: World[] = []
function world(more: JsonObject = {}, env: Record<string, string> = {}): World {
  const made = new World({ config: config(more), env })
  worlds.push(made)
  return made
}
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

let texts = 0
async function says(one: World, text: string, patience = 10_000): Promise<string> {
  const event = { source: 'sms', type: 'sms.text', data: { from: '+12125550143' }, fields: { text } }
  const run = one.deliver('phone', event, `text-${++texts}`, true)!
  await one.clock.run({ until: one.clock.now + patience })
  return run
}
const replies = (one: World) => one.told.map(({ type, channel, data }) => [type, channel, data])
const reply = (text: string) => ['sms.reply', 'phone', { to: '+12125550143', text }]
const tasks = (one: World) =>
  one.sandbox
    .account('smith')
    .all('tasks')
    .map(row => row.data.name)
    .filter(name => name === 'Call back')

describe('what is said through a source of any name', () => {
  it('is carried out by the rules that it brings, and told when it is done', async () => {
    const one = world()
    const run = await says(one, 'task Call back')
    expect(one.run(run)).toMatchObject({ state: 'done', event: { type: 'sms.task' } })
    expect(tasks(one)).toEqual(['Call back'])
    expect(replies(one)).toEqual([reply('done')])
  })

  it('is seen by the firm’s own rules too, as it was heard', async () => {
    const rules = [{ name: 'mine', on: { type: 'sms.task' }, steps: { stop: { park: 'Look at {{ fields.name }}' } } }]
    const one = world({ rules })
    expect(one.run(await says(one, 'task Call back'))).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining('Call back'),
    })
  })

  it('is answered at once where nothing has to be done, and asked back where it is not clear', async () => {
    const one = world()
    expect(one.run(await says(one, 'count'))).toMatchObject({ state: 'done' })
    expect(one.run(await says(one, 'hmm'))).toMatchObject({ state: 'ignored', reason: 'Asked back.' })
    expect(replies(one)).toEqual([reply('0 tasks'), reply('What?')])
  })

  it('is remembered together with what came of it', async () => {
    const one = world()
    await says(one, 'task One')
    await says(one, 'task Two')
    await says(one, 'count')
    expect(replies(one).at(-1)).toEqual(reply('2 tasks'))
    expect(one.disk.query("select key from meta where key like 'sms:%'")).toEqual([{ key: 'sms:tasks' }])
  })

  it('finds the firm’s matters', async () => {
    const one = world()
    await says(one, 'matter 00001')
    expect(replies(one)).toEqual([reply(expect.stringContaining('00001') as unknown as string)])
  })

  it('can take back what an earlier run made', async () => {
    const one = world()
    const run = await says(one, 'task Call back')
    await says(one, `undo ${run}`)
    expect(tasks(one)).toEqual([])
    expect(replies(one)).toEqual([reply('done'), reply('taking back 1'), reply('undone')])
    await says(one, 'undo run_none')
    expect(replies(one).at(-1)).toEqual(reply('unknown-run'))
  })

  it('waits when its provider does not answer, and has its endpoint’s secret', async () => {
    const one = world()
    expect(one.run(await says(one, 'wait'))).toMatchObject({
      state: 'waiting',
      reason: 'Trying again after: Nobody answers.',
    })
    const other = world({}, { SMS_KEY: 'k' })
    expect(other.run(await says(other, 'wait'))).toMatchObject({ state: 'done' })
  })

  it('is answered with its own patience', async () => {
    const one = world()
    one.hears = () => false
    await says(one, 'count', 3_600_000)
    expect(one.told).toHaveLength(2)
    expect(one.log).toEqual([expect.stringContaining('given up')])
  })
})

describe('telling through it', () => {
  async function sent(one: World, type: string, channel: string, data: JsonObject): Promise<unknown[]> {
    const asked: unknown[] = []
    const outside: typeof fetch = async (_, init) => {
      asked.push([new Headers(init?.headers).get('authorization'), JSON.parse(String(init?.body))])
      return new Response('ok')
    }
    const { ledger } = one.clerk
    const notice = { id: 'n', type, channel, data, at: one.clock.now, tries: 0 }
    const deps = { ledger, firm: 'smith', env: { SMS_KEY: 'k' }, fetch: outside, now: one.clock.now }
    expect(await tell(notice, one.clerk.newest()!, deps)).toBeNull()
    return asked
  }

  it('a reply goes the way of the conversation, with the secret of the endpoint', async () => {
    expect(await sent(world(), 'sms.reply', 'phone', { to: '+1', text: 'Hi' })).toEqual([
      ['Bearer k', { to: '+1', text: 'Hi' }],
    ])
  })

  it('a channel is one that the configuration names, or what people call it', async () => {
    const one = world({ channels: { office: { sms: '+12125550100' } } })
    expect(await sent(one, 'notify', 'office', { text: 'New' })).toEqual([
      [null, { to: '+12125550100', text: '1: New' }],
    ])
    expect(await sent(one, 'notify', '+1999', { text: 'New' })).toEqual([[null, { to: '+1999', text: '2: New' }]])
    expect(one.disk.query("select key from cache where key like 'sms:%'")).toEqual([{ key: 'sms:alarm:notify' }])
  })

  it('an endpoint that cannot write to channels makes no channel', () => {
    const endpoints = { phone: { source: 'sms' } }
    const read = readConfiguration(JSON.stringify(config({ endpoints, alerts: 'office' })))
    expect(read).toMatchObject({ ok: false, problem: { errors: [{ path: 'alerts' }] } })
  })
})
