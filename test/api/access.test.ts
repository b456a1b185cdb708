import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { apiOf } from '../../src/api/route.ts'
import { operator, problemOf } from './app.ts'

const { call, stranger } = operator()
const paths = [
  '/api/firms',
  '/api/firms/smith/config',
  '/api/firms/smith/runs',
  '/api/connections',
  '/api/firms/smith/stats',
  '/api/no/such',
]

describe('who may call', () => {
  it.each(paths)('refuses %s without a token, and says which it wants', async path => {
    const refused = await stranger('GET', path)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="docketed"')
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(await problemOf(refused)).toMatchObject({ type: 'urn:docketed:problem:unauthorized', status: 401 })
  })

  it.each([
    ['another token', 'Bearer nope'],
    ['the beginning of it', `Bearer ${env.ADMIN_TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${env.ADMIN_TOKEN}x`],
    ['the token twice', `Bearer ${env.ADMIN_TOKEN} ${env.ADMIN_TOKEN}`],
  ])('refuses %s as invalid', async (_, authorization) => {
    const refused = await stranger('GET', '/api/connections', { authorization })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe(
      authorization.split(' ').length === 2
        ? 'Bearer realm="docketed", error="invalid_token"'
        : 'Bearer realm="docketed"',
    )
  })

  it.each([
    ['another scheme', `Basic ${env.ADMIN_TOKEN}`],
    ['the token alone', env.ADMIN_TOKEN],
    ['an empty token', 'Bearer '],
  ])('refuses %s', async (_, authorization) => {
    expect((await stranger('GET', '/api/connections', { authorization })).status).toBe(401)
  })

  it('takes the scheme in any case (RFC 9110 §11.1)', async () => {
    const authorization = `bearer ${env.ADMIN_TOKEN}`
    expect((await stranger('GET', '/api/connections', { authorization })).status).toBe(200)
  })

  it('does not look at a token in the query, where logs would keep it', async () => {
    expect((await stranger('GET', `/api/connections?token=${env.ADMIN_TOKEN}`)).status).toBe(401)
  })

  it('does nothing before it knows who calls', async () => {
    const { stranger, asked } = operator()
    await stranger('POST', '/api/connections')
    expect(asked).toEqual([])
  })

  it.each([undefined, ''])('stays shut when the Worker has no token (%j)', async adminToken => {
    const nothing = () => {
      throw new Error('was asked')
    }
    const plane = { url: '', key: '', timeout: 1, fetch: nothing as unknown as typeof fetch }
    const { routes: app } = apiOf({
      adminToken,
      access: null,
      admit: async () => true,
      now: Date.now,
      docket: nothing,
      registry: nothing,
      connections: plane,
      trial: { demonstration: false, locate: nothing, post: nothing },
      asset: nothing,
    })
    for (const authorization of ['Bearer ', 'Bearer undefined', 'Bearer x']) {
      const refused = await app.request('/connections', { headers: { authorization } })
      expect(refused.status).toBe(503)
      expect((await problemOf(refused)).detail).toContain('wrangler secret put ADMIN_TOKEN')
    }
  })
})

describe('what is asked for wrongly', () => {
  it.each(['/api', '/api/', '/api/firms/smith/config/', '/api/firms/smith/runs/r/explode'])(
    'answers %s with 404',
    async path => {
      const missing = await call('GET', path)
      expect(missing.status).toBe(404)
      expect((await problemOf(missing)).type).toBe('urn:docketed:problem:not-found')
    },
  )

  it.each(['Smith', 'smith%2Fjones', '-smith', 'smith_x', 'a'.repeat(64), '%3Ahealth', '..%2f'])(
    'knows no firm of the name %s',
    async firm => {
      expect((await call('GET', `/api/firms/${firm}/stats`)).status).toBe(404)
    },
  )

  it.each([
    ['GET', '/api/firms/smith', 'DELETE, OPTIONS'],
    ['DELETE', '/api/firms/smith/config', 'GET, PUT, HEAD, OPTIONS'],
    ['GET', '/api/firms/smith/secrets/A', 'PUT, DELETE, OPTIONS'],
    ['POST', '/api/firms/smith/runs', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/firms/smith/runs/r/resume', 'POST, OPTIONS'],
    ['GET', '/api/firms/smith/runs/r/replay', 'POST, OPTIONS'],
    ['GET', '/api/firms/smith/runs/r/discard', 'POST, OPTIONS'],
    ['GET', '/api/firms/smith/runs/r/undo', 'POST, OPTIONS'],
    ['GET', '/api/firms/smith/preview', 'POST, OPTIONS'],
    ['PATCH', '/api/firms/smith/stats', 'GET, HEAD, OPTIONS'],
    ['POST', '/api/firms', 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/connections', 'GET, POST, HEAD, OPTIONS'],
    ['POST', '/api/connections/x', 'GET, DELETE, HEAD, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
  ])('answers %s %s with 405 and what it takes', async (method, path, allow) => {
    const refused = await call(method, path)
    expect(refused.status).toBe(405)
    expect(refused.headers.get('allow')).toBe(allow)
    expect((await problemOf(refused)).detail).toContain(allow)

    const asked = await call('OPTIONS', path)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('allow')).toBe(allow)
  })

  it('answers HEAD as GET, without a body', async () => {
    const head = await call('HEAD', '/api/connections')
    expect(head.status).toBe(200)
    expect(head.headers.get('content-type')).toBe('application/json')
    expect(await head.text()).toBe('')
  })
})
