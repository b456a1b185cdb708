import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { FirmSummary, FirmsPage } from '../../src/model/registry-rpc.ts'
import { registryOf } from '../../src/platform/registry.ts'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { sweep } from '../../src/sweep.ts'
import { eventually } from '../eventually.ts'
import { document, newConnection, operator, problemOf } from './app.ts'

/** All firms, as their Dockets have reported them to the registry. */

const { call, stranger, asked, sandbox } = operator()
const put = (firm: string, body: object, query = '') => call('PUT', `/api/firms/${firm}/config${query}`, body)
const list = async (query = ''): Promise<FirmsPage> =>
  (await (await call('GET', `/api/firms${query}`)).json()) as FirmsPage
const lineOf = async (firm: string): Promise<FirmSummary | undefined> =>
  (await list('?limit=200')).firms.find(({ id }) => id === firm)

/** A rule that parks, and needs no Clio. */
const parking = {
  rules: [{ name: 'look', on: { type: 'form.submitted' }, steps: { stop: { park: 'Somebody should look' } } }],
}

/** A registry that cannot be reached. */
const unreachable = () => {
  const get = () => new Proxy({}, { get: () => () => Promise.reject(new TypeError('maria@mail.example')) })
  return { idFromName: String, get } as unknown as Env['REGISTRY']
}

afterEach(() => void vi.restoreAllMocks())

describe('the list of firms', () => {
  it('says how each stands and as of when, and wakes none', async () => {
    const one = await document(parking)
    expect((await put('listed', one)).status).toBe(200)
    expect(await lineOf('listed')).toMatchObject({ id: 'listed', connection: one.connection })
    const before = Date.now()
    expect(
      (await stranger('POST', '/in/listed/website', { 'content-type': 'application/json' }, '{"name":"Jane"}')).status,
    ).toBe(202)
    // The first report of the drain that parks it, or the one a minute later: a visit does not wait for it.
    await eventually(async () => {
      await env.DOCKET.get(env.DOCKET.idFromName('listed')).wake()
      expect(await lineOf('listed')).toMatchObject({ open: 0, parked: 1, held: 0 })
    })
    const line = (await lineOf('listed'))!
    expect(Object.keys(line)).toEqual(
      expect.arrayContaining(['id', 'open', 'parked', 'held', 'connection', 'lastEventAt', 'asOf']),
    )
    expect(Date.parse(line.lastEventAt!)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(line.asOf!)).toBeGreaterThanOrEqual(Date.parse(line.lastEventAt!))
  })

  it('says that a firm is held, also where no run waits', async () => {
    await put('idle-held', await document())
    const stands = (hold: string | null) =>
      eventually(async () => {
        await env.DOCKET.get(env.DOCKET.idFromName('idle-held')).wake()
        expect(await lineOf('idle-held')).toMatchObject({ open: 0, held: 0, hold })
      })
    await stands(null)
    expect((await call('POST', '/api/firms/idle-held/hold')).status).toBe(200)
    await stands('by-hand')
    expect((await call('POST', '/api/firms/idle-held/resume')).status).toBe(200)
    await stands(null)
  })

  it('comes in pages, by name', async () => {
    for (const firm of ['page-c', 'page-a', 'page-b']) await put(firm, await document())
    const names: string[] = []
    let cursor: string | null = 'page'
    while (cursor !== null) {
      const page = await list(`?limit=2&cursor=${cursor}`)
      expect(page.firms.length).toBeLessThanOrEqual(2)
      names.push(...page.firms.map(({ id }) => id))
      cursor = page.cursor
    }
    expect(names).toEqual(['page-a', 'page-b', 'page-c'])
  })

  it('has no firm that was only checked, or refused', async () => {
    await put('only-checked', await document(), '?dry=1')
    await put('refused', await document({ timezone: 'Moon/Base' }))
    const ids = (await list('?limit=200')).firms.map(({ id }) => id)
    expect(ids).not.toContain('only-checked')
    expect(ids).not.toContain('refused')
  })

  it.each(['?limit=0', '?limit=201', '?limit=x', '?cursor=', '?state=open', '?limit=1&limit=2'])(
    'refuses %s',
    async query => {
      const refused = await call('GET', `/api/firms${query}`)
      expect(refused.status).toBe(400)
      expect((await problemOf(refused)).type).toBe('urn:docketed:problem:malformed-query')
    },
  )

  it('is a 503 when the registry cannot be reached, without the words of the fault', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const app = createApp({ ...env, REGISTRY: unreachable() })
    const answer = await app.request('/api/firms', { headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } })
    expect(answer.status).toBe(503)
    expect((await problemOf(answer)).type).toBe('urn:docketed:problem:registry-unreachable')
    expect(String(log.mock.calls)).not.toContain('maria')
  })
})

describe('a connection belongs to one firm', () => {
  it('of two that save it at once', async () => {
    const shared = await document()
    const answers = await Promise.all(['race-a', 'race-b'].map(firm => put(firm, shared)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
  })

  it('in capitals too', async () => {
    expect((await put('letters', await document({}, firstConnection))).status).toBe(200)
    expect(firstConnection.toUpperCase()).not.toBe(firstConnection)
    const refused = await put('capital', await document({}, firstConnection.toUpperCase()))
    expect(refused.status).toBe(422)
    expect((await problemOf(refused)).errors).toEqual([{ path: 'connection', message: 'belongs to firm letters' }])
  })

  it('and is stored in small letters, however it was written', async () => {
    const connection = await newConnection()
    expect((await put('shouting', await document({}, connection.toUpperCase()))).status).toBe(200)
    const stats = (await (await call('GET', '/api/firms/shouting/stats')).json()) as { connection: { id: string } }
    expect(stats.connection.id).toBe(connection)
  })

  it.each(['', '?dry=1'])('that the gateway knows, or it is refused (%j)', async query => {
    const refused = await put('unknown', await document({}, crypto.randomUUID()), query)
    expect(refused.status).toBe(422)
    expect(await problemOf(refused)).toMatchObject({
      type: 'urn:docketed:problem:connection-unknown',
      detail: expect.stringContaining('docketed connect'),
      errors: [{ path: 'connection', message: 'is not known to the gateway' }],
    })
    expect((await call('GET', '/api/firms/unknown/config')).status).toBe(404)
  })

  it('until the firm has another', async () => {
    const first = await taken('mover')
    expect((await put('mover', await document())).status).toBe(200)
    expect((await put('follower', await document({}, first))).status).toBe(200)
  })

  it('and is not removed while it does', async () => {
    const connection = await taken('in-use')
    for (const id of [connection, connection.toUpperCase()]) {
      const refused = await call('DELETE', `/api/connections/${id}`)
      expect(refused.status).toBe(409)
      expect(await problemOf(refused)).toMatchObject({
        type: 'urn:docketed:problem:connection-in-use',
        detail: expect.stringContaining('in-use'),
      })
    }
    expect(asked.filter(line => line.startsWith('DELETE'))).toEqual([])
  })

  it('and one that was removed belongs to none', async () => {
    const { id } = sandbox.connections.add({ id: crypto.randomUUID() })
    expect((await call('DELETE', `/api/connections/${id}`)).status).toBe(204)
    expect(await registryOf(env).take('late', id, false)).toMatchObject({ code: 'connection-removed' })
  })

  it('and one that the gateway did not remove can be taken', async () => {
    const id = 'never-heard-of'
    expect((await call('DELETE', `/api/connections/${id}`)).status).toBe(404)
    expect(await registryOf(env).take('late', id, true)).toBeNull()
  })
})

/** A connection that this firm has. */
async function taken(firm: string): Promise<string> {
  const connection = await newConnection()
  expect((await put(firm, await document({}, connection))).status).toBe(200)
  return connection
}

describe('an alarm that is lost', () => {
  const stubOf = (firm: string) => env.DOCKET.get(env.DOCKET.idFromName(firm))
  /** The platform forgets what alarms this object sets, until what is answered is called. */
  const forgetful = (firm: string) =>
    runInDurableObject(stubOf(firm), (_, { storage }) => {
      const value = storage.setAlarm.bind(storage)
      Object.defineProperty(storage, 'setAlarm', { value: async () => {}, configurable: true })
      return () => void Object.defineProperty(storage, 'setAlarm', { value, configurable: true })
    })
  /** As if so much time had passed for the registry. */
  const later = (ms: number) =>
    runInDurableObject(env.REGISTRY.get(env.REGISTRY.idFromName('registry')), (_, { storage }) => {
      storage.sql.exec('update firms set wake_by = wake_by - ?1, visit_by = visit_by - ?1', ms)
    })
  const minutes = 60_000

  /** A firm that is idle, and known to be. */
  async function idle(firm: string): Promise<void> {
    await put(firm, await document(parking))
    await eventually(async () => expect((await lineOf(firm))?.asOf).not.toBeNull())
  }

  async function sends(firm: string) {
    const headers = { 'content-type': 'application/json' }
    const answer = await stranger('POST', `/in/${firm}/website`, headers, '{"name":"Jane"}')
    expect(answer.status).toBe(202)
    const { run } = (await answer.json()) as { run: string }
    return async () => {
      const view = (await (await call('GET', `/api/firms/${firm}/runs/${run}`)).json()) as { state: string }
      return view.state
    }
  }

  it('of an event is found at the next sweep, though its Docket never drained', async () => {
    await idle('forgotten')
    const remember = await forgetful('forgotten')
    const state = await sends('forgotten')
    await sweep(env)
    expect(await state()).toBe('accepted')
    await later(3 * minutes)
    await runInDurableObject(stubOf('forgotten'), remember)
    await sweep(env)
    await eventually(async () => expect(await state()).toBe('parked'))
  })

  it('and whose telling is lost too, delays its event until the visit, and fails nothing', async () => {
    await idle('deaf')
    const remember = await forgetful('deaf')
    await runInDurableObject(stubOf('deaf'), docket =>
      Object.assign(docket, { env: { ...env, REGISTRY: unreachable() } }),
    )
    const state = await sends('deaf')
    await later(10 * minutes)
    await sweep(env)
    expect(await state()).toBe('accepted')
    await later(2 * 1440 * minutes)
    await runInDurableObject(stubOf('deaf'), remember)
    await sweep(env)
    await eventually(async () => expect(await state()).toBe('parked'))
  })
})
