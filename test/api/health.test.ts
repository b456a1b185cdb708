import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import json from '../../package.json'
import { createApp } from '../../src/app.ts'
import { migrations } from '../../src/docket/ledger/migrations.ts'
import { health } from '../../src/health.ts'
import type { FirmsPage } from '../../src/model/registry-rpc.ts'
import { registryOf } from '../../src/platform/registry.ts'
import { keyringOf } from '../../src/platform/sealing.ts'
import { sweep, sweepEvery } from '../../src/sweep.ts'
import { version } from '../../src/version.ts'
import wrangler from '../../wrangler.toml?raw'
import { document, operator } from './app.ts'

afterEach(() => void vi.restoreAllMocks())
// Awake before it is timed: only who stays silent is to count as silent.
beforeAll(async () => void (await registryOf(env).standing()))

/** A part that fails, hangs or works, in place of the real one. */
const kv = (get: () => Promise<unknown>) => ({ get }) as unknown as KVNamespace
const dockets = (mirror: () => Promise<unknown>) =>
  ({ idFromName: () => ({}), get: () => ({ mirror }) }) as unknown as Env['DOCKET']
const broken = () => Promise.reject(new TypeError('maria@mail.example'))
const well = { kv: 'ok', docket: 'ok', key: 'ok', schema: 'ok', ledgers: 'ok', place: 'ok', files: 'ok' }
const silent = () => new Promise<never>(() => {})

describe('/healthz', () => {
  it('says that the ways of an event are open, to anybody', async () => {
    const { stranger } = operator()
    const answer = await stranger('GET', '/healthz')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({ status: 'ok', checks: { ...well, sweep: 'unseen' }, keysLeft: 0 })
  })

  it('answers HEAD, which watchers like', async () => {
    expect((await operator().stranger('HEAD', '/healthz')).status).toBe(200)
  })

  it('asked by a flood is felt twice a second, and not once for each', async () => {
    const asked = vi.fn(() => Promise.resolve(null))
    const app = createApp({ ...env, KV: kv(asked) })
    for (let n = 0; n < 20; n++) expect((await app.request('/healthz')).status).toBe(200)
    expect(asked.mock.calls.length).toBeLessThan(10)
  })

  it('writes nothing, anywhere', async () => {
    await operator().stranger('GET', '/healthz')
    expect((await env.KV.list()).keys).toEqual([])
    const stub = env.DOCKET.get(env.DOCKET.idFromName(':health'))
    const tables = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec("select name from sqlite_master where name not like '\\_cf%' escape '\\'").toArray(),
    )
    expect(tables).toEqual([])
  })

  it.each([
    ['KV fails', { KV: kv(broken), DOCKET: env.DOCKET }, { kv: 'failing', docket: 'ok' }],
    ['KV is silent', { KV: kv(silent), DOCKET: env.DOCKET }, { kv: 'failing', docket: 'ok' }],
    ['a Docket fails', { KV: env.KV, DOCKET: dockets(broken) }, { kv: 'ok', docket: 'failing' }],
    ['a Docket is silent', { KV: env.KV, DOCKET: dockets(silent) }, { kv: 'ok', docket: 'failing' }],
    ['both fail', { KV: kv(broken), DOCKET: dockets(broken) }, { kv: 'failing', docket: 'failing' }],
  ])('fails when %s, and names the part', async (_, parts, checks) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { REGISTRY, FILES } = env
    const found = await health({ ...parts, REGISTRY, FILES, DATA_KEY: env.DATA_KEY }, 500)
    expect(found).toMatchObject({ status: 'failing', checks: { ...well, sweep: 'unseen', ...checks }, keysLeft: 0 })
    expect(log).toHaveBeenCalledTimes(Object.values(checks).filter(check => check === 'failing').length)
    expect(log.mock.calls.join()).not.toContain('maria')
  })

  it('is a 503 then, without a word why', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const app = createApp({ ...env, KV: kv(broken) })
    const answer = await app.request('/healthz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      status: 'failing',
      checks: { ...well, sweep: 'unseen', kv: 'failing' },
      keysLeft: 0,
    })
  })

  it.each([
    ['newer', { schema: 'failing' }],
    ['failed', { ledgers: 'failing' }],
    ['locked', { key: 'failing' }],
  ] as const)('tells apart why a firm’s database cannot be used: %s', async (unfit, checks) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const firm = {
      firm: 'unwell',
      open: 0,
      parked: 0,
      held: 0,
      connection: null,
      lastEventAt: null,
      nextWake: null,
      visited: true,
      keys: null,
      figures: null,
    }
    await registryOf(env).report({ ...firm, unfit })
    expect((await health(env)).checks).toEqual({ ...well, sweep: 'unseen', ...checks })
    await registryOf(env).report({ ...firm, unfit: null })
    expect((await health(env)).status).toBe('ok')
  })

  it('counts the firms whose keys another DATA_KEY wraps, which are no failure', async () => {
    const left = async () => (await health(env)).keysLeft
    const firm = { firm: 'rotated', open: 0, parked: 0, held: 0, connection: null, lastEventAt: null, nextWake: null }
    const said = { ...firm, visited: true, figures: null, unfit: null }
    const before = (await left())!
    const { mark } = keyringOf(env)!
    await registryOf(env).report({ ...said, keys: 'another' })
    expect(await health(env)).toMatchObject({ status: 'ok', keysLeft: before + 1 })
    const { call } = operator()
    const listed = async (query: string) =>
      (await (await call('GET', `/api/firms?limit=200${query}`)).json()) as FirmsPage
    // The list counts as the check does, and names them.
    const { firms, keysLeft } = await listed('')
    expect(keysLeft).toBe(await left())
    expect(firms.filter(({ rewrapped }) => !rewrapped)).toHaveLength(keysLeft)
    const named = (await listed('&rewrapped=0')).firms.map(({ id }) => id)
    expect(named).toContain('rotated')
    expect(named).toHaveLength(keysLeft)
    expect((await listed('&rewrapped=1')).firms).toHaveLength(firms.length - keysLeft)
    await registryOf(env).report({ ...said, keys: mark })
    expect(await left()).toBe(before)
  })

  it('tells that DATA_KEY is another one, though no firm has woken since', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { call } = operator()
    // The first by name is looked at.
    expect((await call('PUT', '/api/firms/a-first/config', await document())).status).toBe(200)
    expect((await health(env)).checks.key).toBe('ok')
    const other = btoa(String.fromCharCode(...new Uint8Array(32).fill(7)))
    expect((await health({ ...env, DATA_KEY: other })).checks).toEqual({ ...well, sweep: 'unseen', key: 'failing' })
    expect((await health({ ...env, DATA_KEY: 'short' })).checks.key).toBe('failing')
    expect(log.mock.calls.join()).not.toContain(other)
    const rotating = { ...env, DATA_KEY: other, DATA_KEY_OLD: env.DATA_KEY }
    expect((await health(rotating)).checks.key).toBe('ok')
  })

  it('tells that the cron is silent, once it was heard', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    await sweep(env)
    expect((await health(env)).checks).toEqual({ ...well, sweep: 'ok' })
    const late = Date.now() + 3 * sweepEvery + 1000
    expect(await health(env, 5000, late)).toMatchObject({ status: 'failing', checks: { ...well, sweep: 'failing' } })
  })

  it('says which version it is, as package.json does, and which databases it knows', async () => {
    expect(await health(env)).toMatchObject({ version, ledger: migrations.at(-1)!.id })
    expect(version).toBe(json.version)
  })

  it('says that there is no bucket for files, which alone fails nothing', async () => {
    const { FILES: _, ...without } = env
    expect(await health(without)).toMatchObject({ status: 'ok', checks: { files: 'none' } })
  })

  it('tells that a firm which KV knows has an empty Docket: its objects are looked for elsewhere', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { call } = operator()
    expect((await call('PUT', '/api/firms/a-first/config', await document())).status).toBe(200)
    expect((await health(env)).checks.place).toBe('ok')
    // The local runtime knows no jurisdictions: other Dockets stand in for those of another.
    const elsewhere = {
      idFromName: (name: string) => env.DOCKET.idFromName(`elsewhere ${name}`),
      get: (id: DurableObjectId) => env.DOCKET.get(id),
    } as unknown as Env['DOCKET']
    expect(await health({ ...env, DOCKET: elsewhere })).toMatchObject({
      status: 'ok',
      checks: { docket: 'ok', place: 'failing' },
    })
    expect(log.mock.calls.join()).toContain('JURISDICTION')
  })

  it('knows how often the cron comes', async () => {
    const [, minutes] = /^\*\/(\d+) \* \* \* \*$/.exec(wrangler.match(/^crons = \["(.*)"\]$/m)![1]!)!
    expect(sweepEvery).toBe(Number(minutes) * 60_000)
  })
})
