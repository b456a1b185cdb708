import { createExecutionContext, createScheduledController, env } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { sweep } from '../../src/sweep.ts'
import { problemOf } from './app.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

/** The Worker as it is in a fresh isolate. */
const fresh = async () => (await import('../../src/worker.ts')).default
const fetched = async (path: string, bindings: Env, init?: RequestInit<IncomingRequestCfProperties>) => {
  const worker = await fresh()
  const request = new Request<unknown, IncomingRequestCfProperties>(`https://docketed.example${path}`, init)
  return worker.fetch(request, bindings, createExecutionContext())
}

describe('the Worker', () => {
  it.each([
    ['/', 200],
    ['/healthz', 200],
    ['/schema/config.json', 200],
    ['/api/connections', 401],
    ['/in/nobody/website', 404],
    ['/favicon.ico', 404],
    ['/In/nobody/website', 404],
  ])('answers %s with %d', async (path, status) => {
    expect((await fetched(path, env)).status).toBe(status)
  })

  it('tells of a path that there is not in the one form of every refusal', async () => {
    const missing = await fetched('/no/such/path', env)
    expect(missing.status).toBe(404)
    expect(await problemOf(missing)).toMatchObject({ type: 'urn:docketed:problem:not-found', status: 404 })
  })

  it('does not start with a variable that is malformed, and names it in the log only', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const refused = await fetched('/healthz', { ...env, SETTLE_SECONDS: 'soon' as never })
    expect(refused.status).toBe(500)
    expect(JSON.stringify(await problemOf(refused))).not.toContain('SETTLE')
    expect(log).toHaveBeenCalledTimes(1)
    expect(String(log.mock.calls[0])).toContain('SETTLE_SECONDS')
  })
})

describe('an error that nobody foresaw', () => {
  const failing = () => {
    const secret = new TypeError('No such thing: maria@mail.example, xoxb-1')
    const KV = {
      get: () =>
        Promise.resolve({
          get document() {
            throw secret
          },
        }),
    } as unknown as KVNamespace
    return createApp({ ...env, KV })
  }

  it('is a 500 without details, and one line without data', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const answer = await failing().request('/?token=secret-in-query')
    expect(answer.status).toBe(500)
    const body = await problemOf(answer)
    expect(body.type).toBe('urn:docketed:problem:internal')
    expect(JSON.stringify(body)).not.toMatch(/maria|xoxb|TypeError|\.ts/)
    expect(log).toHaveBeenCalledTimes(1)
    expect(String(log.mock.calls[0])).toMatch(/^GET \/ failed: TypeError at /)
    expect(String(log.mock.calls[0])).not.toMatch(/maria|xoxb|secret-in-query|\n/)
  })

  it('of a Docket is a 503 that may be tried again, and names the firm only', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const get = () => ({ stats: () => Promise.reject(new Error('maria@mail.example')) })
    const app = createApp({ ...env, DOCKET: { idFromName: String, get } as unknown as Env['DOCKET'] })
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
    const answer = await app.request('/api/firms/smith/stats?x=secret-in-query', { headers })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await problemOf(answer)).toMatchObject({ type: 'urn:docketed:problem:docket-unreachable' })
    expect(log).toHaveBeenCalledTimes(1)
    expect(String(log.mock.calls[0])).toMatch(/^The Docket of firm smith cannot be reached: Error/)
    expect(String(log.mock.calls[0])).not.toMatch(/maria|secret-in-query/)
  })
})

describe('the sweep', () => {
  afterEach(async () => {
    for (const { name } of (await env.KV.list()).keys) await env.KV.delete(name)
  })

  /** Dockets that note who was woken. */
  function sleepers(wake: (firm: string) => Promise<unknown> = async () => true) {
    const woken: string[] = []
    const get = (firm: string) => ({
      wake: () => {
        woken.push(firm)
        return wake(firm)
      },
    })
    return { woken, DOCKET: { idFromName: String, get } as unknown as Env['DOCKET'] }
  }

  it('wakes every firm that has a configuration, however many pages that takes', async () => {
    for (const firm of ['a', 'b', 'c', 'd', 'e']) await env.KV.put(`firm:${firm}`, '{}')
    await env.KV.put('key:a:website:abc', '{}')
    await env.KV.put('connection:1', 'a')
    const pages: string[][] = []
    const list = async (options?: KVNamespaceListOptions) => {
      const page = await env.KV.list({ ...options, limit: 2 })
      pages.push(page.keys.map(({ name }) => name))
      return page
    }
    const { woken, DOCKET } = sleepers()
    await sweep({ KV: { list } as KVNamespace, DOCKET })
    expect(woken).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
  })

  it('is not stopped by a firm that fails, and says which one', async () => {
    for (const firm of ['a', 'b', 'c']) await env.KV.put(`firm:${firm}`, '{}')
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { woken, DOCKET } = sleepers(firm =>
      firm === 'b' ? Promise.reject(new Error('out of memory')) : Promise.resolve(true),
    )
    await sweep({ KV: env.KV, DOCKET })
    expect(woken).toEqual(['a', 'b', 'c'])
    expect(log.mock.calls).toEqual([['The Docket of firm b did not wake: out of memory']])
  })

  it('is what the cron trigger does, with real Dockets', async () => {
    const log = vi.spyOn(console, 'error')
    await (await fresh()).scheduled(createScheduledController(), env)
    expect(log).not.toHaveBeenCalled()
  })
})
