import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/clio/gateway/connections.ts'
import { operator, problemOf } from './app.ts'

describe('connections to Clio', () => {
  it('are made, opened by a person, listed and removed', async () => {
    const { call, sandbox } = operator()
    const made = await call('POST', '/api/connections')
    expect(made.status).toBe(201)
    const pending = (await made.json()) as Connection
    expect(pending).toMatchObject({ status: 'PENDING', url: expect.stringContaining('session_token=') })
    expect(made.headers.get('location')).toBe(`/api/connections/${pending.id}`)
    expect(made.headers.get('cache-control')).toBe('no-store')

    const url = new URL(pending.url ?? '')
    sandbox.handle({ method: 'GET', path: url.pathname, query: url.searchParams, headers: {}, body: new Uint8Array() })

    const one = (await (await call('GET', `/api/connections/${pending.id}`)).json()) as Connection
    expect(one).toEqual({ ...pending, status: 'ACTIVE', url: null, updatedAt: expect.any(String) })
    const { connections } = (await (await call('GET', '/api/connections')).json()) as { connections: Connection[] }
    expect(connections).toHaveLength(2)
    expect(connections).toContainEqual(one)

    expect((await call('DELETE', `/api/connections/${pending.id}`)).status).toBe(204)
    expect((await call('GET', `/api/connections/${pending.id}`)).status).toBe(404)
  })

  it.each(['GET', 'DELETE'])('that are not known: %s answers 404', async method => {
    const { call } = operator()
    const missing = await call(method, '/api/connections/none')
    expect(missing.status).toBe(404)
    expect((await problemOf(missing)).type).toBe('urn:docketed:problem:connection-not-found')
  })

  it('are asked for by the id as it is, whatever is in it', async () => {
    const { call, asked } = operator()
    await call('DELETE', `/api/connections/${encodeURIComponent('../connections?app=clio#')}`)
    expect(asked).toEqual(['DELETE /connections/..%2Fconnections%3Fapp%3Dclio%23'])
  })
})
