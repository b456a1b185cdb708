import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { health } from '../../src/health.ts'
import { operator } from './app.ts'

afterEach(() => void vi.restoreAllMocks())

/** A part that fails, hangs or works, in place of the real one. */
const kv = (get: () => Promise<unknown>) => ({ get }) as unknown as KVNamespace
const dockets = (mirror: () => Promise<unknown>) =>
  ({ idFromName: () => ({}), get: () => ({ mirror }) }) as unknown as Env['DOCKET']
const broken = () => Promise.reject(new TypeError('maria@mail.example'))
const silent = () => new Promise<never>(() => {})

describe('/healthz', () => {
  it('says that the ways of an event are open, to anybody', async () => {
    const { stranger } = operator()
    const answer = await stranger('GET', '/healthz')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toEqual({ status: 'ok', checks: { kv: 'ok', docket: 'ok', ledgers: 'ok', key: 'ok' } })
  })

  it('answers HEAD, which watchers like', async () => {
    expect((await operator().stranger('HEAD', '/healthz')).status).toBe(200)
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
    const { REGISTRY } = env
    const found = await health({ ...parts, REGISTRY, DATA_KEY: env.DATA_KEY }, 100)
    expect(found).toEqual({ status: 'failing', checks: { ...checks, ledgers: 'ok', key: 'ok' } })
    expect(log).toHaveBeenCalledTimes(Object.values(checks).filter(check => check === 'failing').length)
    expect(log.mock.calls.join()).not.toContain('maria')
  })

  it('is a 503 then, without a word why', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const app = createApp({ ...env, KV: kv(broken) })
    const answer = await app.request('/healthz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      status: 'failing',
      checks: { kv: 'failing', docket: 'ok', ledgers: 'ok', key: 'ok' },
    })
  })
})
