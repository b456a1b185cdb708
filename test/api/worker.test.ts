import { createExecutionContext, createScheduledController, env } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { registryOf } from '../../src/platform/registry.ts'
import { sweep } from '../../src/sweep.ts'
import worker from '../../src/worker.ts'
import { eventually } from '../eventually.ts'
import { problemOf } from './app.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const fetched = async (path: string, { from = worker, bindings = env } = {}) => {
  const request = new Request<unknown, IncomingRequestCfProperties>(`https://docketed.example${path}`)
  return from.fetch(request, bindings, createExecutionContext())
}

describe('the Worker', () => {
  it.each([
    ['/', 200],
    ['/healthz', 200],
    ['/api/connections', 401],
    ['/in/nobody/website', 404],
    ['/favicon.ico', 404],
    ['/In/nobody/website', 404],
  ])('answers %s with %d', async (path, status) => {
    expect((await fetched(path)).status).toBe(status)
  })

  it('tells of a path that there is not in the one form of every refusal', async () => {
    const missing = await fetched('/no/such/path')
    expect(missing.status).toBe(404)
    expect(await problemOf(missing)).toMatchObject({ type: 'urn:docketed:problem:not-found', status: 404 })
  })

  it('does not start with a variable that is malformed, and names it in the log only', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    // As it is in a fresh isolate.
    vi.resetModules()
    const { default: from } = await import('../../src/worker.ts')
    const refused = await fetched('/healthz', { from, bindings: { ...env, SETTLE_SECONDS: 'soon' as never } })
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
    return createApp({ ...env, KV, SANDBOX_URL: 'http://127.0.0.1:9' } as Env)
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
  /** A registry that names these firms as overdue, and Dockets that note who was woken. */
  function sleepers(overdue: readonly string[], wake: (firm: string) => Promise<unknown> = async () => true) {
    const woken: string[] = []
    const asked: number[] = []
    const named = {
      overdue: async (most: number) => {
        asked.push(most)
        return overdue.slice(0, most)
      },
    }
    const docket = (firm: string) => ({
      wake: () => {
        woken.push(firm)
        return wake(firm)
      },
    })
    const bindings = {
      REGISTRY: { idFromName: String, get: () => named } as unknown as Env['REGISTRY'],
      DOCKET: { idFromName: String, get: docket } as unknown as Env['DOCKET'],
    }
    return { woken, asked, bindings }
  }

  it('wakes who is overdue, forty at most: what is more than fifty subrequests the Free plan cuts off', async () => {
    const firms = Array.from({ length: 60 }, (_, n) => `firm-${n}`)
    const { woken, asked, bindings } = sleepers(firms)
    await sweep(bindings)
    expect(woken).toEqual(firms.slice(0, 40))
    expect(asked).toEqual([40])
  })

  it('is not stopped by a firm that fails or hangs, and says which one failed, without the words of the fault', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { promise: hanging, resolve: go } = Promise.withResolvers<void>()
    const { woken, bindings } = sleepers(['a', 'b', 'c'], firm => {
      if (firm === 'a') return hanging
      return firm === 'b' ? Promise.reject(new RangeError('maria@mail.example')) : Promise.resolve(true)
    })
    const swept = sweep(bindings)
    await eventually(() => expect(woken).toEqual(['a', 'b', 'c']))
    go()
    await swept
    expect(log.mock.calls).toEqual([[expect.stringContaining('The Docket of firm b did not wake: RangeError')]])
    expect(log.mock.calls.join()).not.toContain('maria@mail.example')
  })

  it('says so when the registry cannot be asked, without the words of the fault', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { bindings } = sleepers([])
    const get = () => ({ overdue: () => Promise.reject(new Error('maria@mail.example')) })
    await sweep({ ...bindings, REGISTRY: { idFromName: String, get } as unknown as Env['REGISTRY'] })
    expect(String(log.mock.calls)).toMatch(/^The registry cannot be asked whom to wake: Error/)
    expect(String(log.mock.calls)).not.toContain('maria')
  })

  it('is what the cron trigger does, with the real registry and real Dockets', async () => {
    await env.KV.put('firm:of-before', '{}')
    const log = vi.spyOn(console, 'error')
    // The Worker's module was read anew, above: the test runtime lets objects of before go at the first call on them.
    await registryOf(env)
      .firms(1, null)
      .catch(() => {})
    await worker.scheduled(createScheduledController(), env)
    expect(log).not.toHaveBeenCalled()
    await eventually(async () => {
      // Other files' firms may stand in the same KV.
      const { firms } = await registryOf(env).firms(200, null)
      const found = firms.find(one => one.id === 'of-before')
      expect(found).toMatchObject({ open: 0, asOf: expect.any(String) })
    })
    await env.KV.delete('firm:of-before')
  })
})
