import { describe, expect, it, vi } from 'vitest'
import {
  type ControlPlane,
  createConnection,
  getConnection,
  listConnections,
  removeConnection,
} from '../../../src/clio/gateway/connections.ts'

interface Asked {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string
}

/** A control plane that answers what it is told, one answer a call. */
function plane(...answers: (Response | Error | 'silence')[]): ControlPlane & { readonly asked: Asked[] } {
  const asked: Asked[] = []
  return {
    url: 'https://ctrl.example',
    key: 'key-1',
    timeout: 50,
    asked,
    async fetch(input, init) {
      const request = new Request(input, init)
      asked.push({ url: request.url, method: request.method, headers: request.headers, body: await request.text() })
      const answer = answers.shift()
      if (answer === undefined) throw new Error('one call too many')
      if (answer instanceof Response) return answer
      if (answer instanceof Error) throw answer
      return new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    },
  }
}

const wire = (more: object = {}) => ({
  connection_id: 'c-1',
  status: 'ACTIVE',
  creation_time: '2026-01-01T00:00:00Z',
  last_updated_time: '2026-01-02T00:00:00Z',
  url: 'https://connect.example/?session_token=tok-1',
  app: 'clio',
  method: 'OAUTH2',
  metadata: {},
  ...more,
})
const shown = {
  id: 'c-1',
  status: 'ACTIVE',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-02T00:00:00Z',
  url: null,
}

describe('the list', () => {
  it('is asked for with the key, for Clio only', async () => {
    const control = plane(Response.json({ connections: [wire(), wire({ connection_id: 'c-2', app: 'slack' })] }))
    expect(await listConnections(control)).toEqual([shown])
    expect(control.asked).toHaveLength(1)
    expect(control.asked[0]).toMatchObject({ method: 'GET', url: 'https://ctrl.example/connections?app=clio' })
    expect(control.asked[0]?.headers.get('authorization')).toBe('Bearer key-1')
  })

  it('may stand alone', async () => {
    expect(await listConnections(plane(Response.json([wire()])))).toEqual([shown])
  })

  it('may be empty', async () => {
    expect(await listConnections(plane(Response.json({ connections: [] })))).toEqual([])
  })

  it.each([{}, { connections: null }, { connections: [{}] }, 'html'])(
    'that is none (%j) is said to be unreadable',
    async body => {
      const answer = body === 'html' ? new Response('<html>') : Response.json(body)
      expect(await listConnections(plane(answer))).toMatchObject({ status: 502, code: 'gateway-unreadable' })
    },
  )
})

describe('one connection', () => {
  it.each([
    ['in `connection`', { connection: wire() }],
    ['alone', wire()],
    ['with `id`', wire({ connection_id: undefined, id: 'c-1' })],
    ['with a key more', wire({ colour: 'red' })],
    ['with a status in small letters', wire({ status: 'active' })],
  ])('is read %s', async (_, body) => {
    expect(await getConnection(plane(Response.json(body)), 'c-1')).toEqual(shown)
  })

  it('without times has none', async () => {
    const bare = { connection_id: 'c-1', status: 'FAILED' }
    const none = { createdAt: null, updatedAt: null, url: null }
    expect(await getConnection(plane(Response.json(bare)), 'c-1')).toEqual({ id: 'c-1', status: 'FAILED', ...none })
  })

  it('shows its address only while somebody has to open it', async () => {
    const url = 'https://connect.example/?session_token=tok-1'
    const seen = async (status: string) => getConnection(plane(Response.json(wire({ status }))), 'c-1')
    expect(await seen('PENDING')).toMatchObject({ url })
    expect(await seen('FAILED')).toMatchObject({ url })
    expect(await seen('ACTIVE')).toMatchObject({ url: null })
  })
})

describe('a new connection', () => {
  it('is asked for once when the answer tells the address', async () => {
    const control = plane(Response.json({ connection: wire({ status: 'PENDING' }) }))
    expect(await createConnection(control)).toMatchObject({ id: 'c-1', url: expect.stringContaining('tok-1') })
    expect(control.asked[0]).toMatchObject({
      method: 'POST',
      url: 'https://ctrl.example/connections',
      body: '{"app":"clio"}',
    })
  })

  it('is looked up when the answer tells only the id', async () => {
    const control = plane(
      Response.json({ connection_id: 'c-1' }),
      Response.json({ connection: wire({ status: 'PENDING' }) }),
    )
    expect(await createConnection(control)).toMatchObject({ id: 'c-1', url: expect.stringContaining('tok-1') })
    expect(control.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://ctrl.example/connections',
      'GET https://ctrl.example/connections/c-1',
    ])
  })

  it('is not made a second time when the answer was lost', async () => {
    const control = plane(new TypeError('cut'))
    expect(await createConnection(control)).toMatchObject({ status: 504, code: 'gateway-silent' })
    expect(control.asked).toHaveLength(1)
  })
})

describe('a removed connection', () => {
  it.each([new Response(null, { status: 204 }), Response.json({}), new Response('gone')])(
    'need not be told anything',
    async answer => {
      expect(await removeConnection(plane(answer), 'c-1')).toBeNull()
    },
  )

  it('keeps to its own path', async () => {
    const control = plane(new Response(null, { status: 204 }))
    await removeConnection(control, 'a/../b?c')
    expect(control.asked[0]?.url).toBe('https://ctrl.example/connections/a%2F..%2Fb%3Fc')
  })
})

describe('trouble', () => {
  it.each([
    [404, 404, 'connection-not-found'],
    [401, 502, 'gateway-key'],
    [400, 502, 'gateway-refused'],
    [429, 502, 'gateway-refused'],
    [500, 502, 'gateway-refused'],
  ])('status %d becomes %d %s', async (status, ours, code) => {
    const control = plane(new Response('{"error":"tok-1 key-1"}', { status }))
    const refusal = await getConnection(control, 'c-1')
    expect(refusal).toMatchObject({ status: ours, code })
    expect(JSON.stringify(refusal)).not.toMatch(/tok-1|key-1/)
  })

  it('is not walked after: a redirect would carry the key away', async () => {
    const control = plane(new Response(null, { status: 302, headers: { location: 'https://elsewhere.example' } }))
    expect(await getConnection(control, 'c-1')).toMatchObject({ code: 'gateway-refused' })
    expect(control.asked).toHaveLength(1)
  })

  it('of a gateway that says nothing ends', async () => {
    expect(await listConnections(plane('silence'))).toMatchObject({ status: 504 })
  })

  it('is never logged with the address, which carries a session', async () => {
    const logs = (['log', 'warn', 'error'] as const).map(name => vi.spyOn(console, name))
    await getConnection(plane(Response.json({ connection: wire({ status: 'PENDING' }) })), 'c-1')
    await getConnection(plane(new Error('https://connect.example/?session_token=tok-1')), 'c-1')
    for (const log of logs) expect(log).not.toHaveBeenCalled()
  })
})
