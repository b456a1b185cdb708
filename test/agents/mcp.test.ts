import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import { document, operator } from '../api/app.ts'

/** The protocol to the letter; the official clients speak it in test/e2e/agents.test.ts. */

const { call } = operator()
const app = createApp(env)
const meta = (version: string) => ({ 'io.modelcontextprotocol/protocolVersion': version })
let token = ''

/** A POST of a message as it stands. */
const post = (body: unknown, headers: Record<string, string> = {}) =>
  app.request(
    'http://docketed.example/mcp',
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    env,
  )
const ask = (method: string, params?: object, headers: Record<string, string> = {}) =>
  post({ jsonrpc: '2.0', id: 7, method, ...(params && { params }) }, headers)
const read = async (answer: Response | Promise<Response>) => (await (await answer).json()) as JsonObject

/** A request of the revision without a handshake. */
const now = (method: string, params: JsonObject = {}, headers: Record<string, string> = {}, version = '2026-07-28') =>
  ask(
    method,
    { ...params, _meta: meta(version) },
    { 'mcp-protocol-version': version, 'mcp-method': method, ...headers },
  )

beforeAll(async () => {
  expect((await call('PUT', '/api/firms/spoken/config', await document())).status).toBe(200)
  const made = await call('POST', '/api/firms/spoken/tokens', { name: 'agent', role: 'viewer', agent: 'read' })
  token = ((await made.json()) as { token: string }).token
})

describe('who may ask', () => {
  it('is nobody without a token', async () => {
    const answer = await app.request('/mcp', { method: 'POST', body: '{}' }, env)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="docketed"'])
  })

  it('is no page of another address, whatever token it has found', async () => {
    expect((await ask('ping', {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await ask('ping', {}, { origin: 'null' })).status).toBe(403)
    expect((await ask('ping', {}, { origin: 'http://docketed.example' })).status).toBe(200)
  })

  it.each(['GET', 'DELETE', 'PUT'])('has no stream and no session: %s', async method => {
    const answer = await app.request('/mcp', { method, headers: { authorization: `Bearer ${token}` } }, env)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})

describe('a version', () => {
  it.each(['2025-11-25', '2025-06-18', '2025-03-26'])('%s is agreed on', async protocolVersion => {
    const { result } = await read(ask('initialize', { protocolVersion, capabilities: {} }))
    expect(result).toMatchObject({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'docketed' } })
    expect((await ask('ping', {}, { 'mcp-protocol-version': protocolVersion })).status).toBe(200)
  })

  it('that nobody knows is answered with the newest of the handshake', async () => {
    const { result } = await read(ask('initialize', { protocolVersion: '1999-01-01' }))
    expect(result).toMatchObject({ protocolVersion: '2025-11-25' })
  })

  it('that is not spoken is refused, with those that are', async () => {
    for (const answer of [
      await ask('ping', {}, { 'mcp-protocol-version': '1999-01-01' }),
      await now('ping', {}, {}, '2099-01-01'),
    ]) {
      expect(answer.status).toBe(400)
      expect((await read(answer)).error).toMatchObject({
        code: -32022,
        data: { supported: expect.arrayContaining(['2026-07-28', '2025-11-25']) },
      })
    }
  })

  it('without a handshake tells who answers in every result', async () => {
    const { result } = await read(now('server/discover'))
    expect(result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'docketed' } },
    })
    const tools = await read(now('tools/list'))
    expect(tools.result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' })
  })

  it('whose headers say something else than the body is refused', async () => {
    const stats = { name: 'stats', arguments: {} }
    for (const wrong of [
      await now('ping', {}, { 'mcp-method': 'tools/list' }),
      await now('ping', {}, { 'mcp-protocol-version': '2025-11-25' }),
      await now('tools/call', stats),
      await now('tools/call', stats, { 'mcp-name': 'clio_write' }),
    ]) {
      expect([wrong.status, ((await read(wrong)).error as JsonObject).code]).toEqual([400, -32020])
    }
    expect((await now('tools/call', stats, { 'mcp-name': 'stats' })).status).toBe(200)
  })
})

describe('a message', () => {
  it.each([
    ['no JSON', 'nonsense', 400, -32700],
    ['no JSON-RPC', { id: 1, method: 'ping' }, 400, -32600],
    ['an id that is none', { jsonrpc: '2.0', id: null, method: 'ping' }, 400, -32600],
    ['an empty batch', [], 400, -32600],
    ['a method that there is not', { jsonrpc: '2.0', id: 1, method: 'resources/list' }, 200, -32601],
    ['a tool that there is not', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'rm' } }, 200, -32602],
  ])('%s', async (_, message, status, code) => {
    const answer = await post(message)
    expect([answer.status, ((await read(answer)).error as JsonObject).code]).toEqual([status, code])
  })

  it('that is not JSON by its own word is not read', async () => {
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('that wants no answer gets none', async () => {
    const answer = await post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([answer.status, await answer.text()]).toEqual([202, ''])
    expect((await post({ jsonrpc: '2.0', id: 1, result: {} })).status).toBe(202)
  })

  it('of several is answered as several', async () => {
    const answer = await post([
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
    ])
    expect(((await answer.json()) as JsonObject[]).map(({ id }) => id)).toEqual([1, 2])
  })

  it('to a method of the other revisions is a 404 without a handshake', async () => {
    expect((await now('initialize')).status).toBe(404)
    expect(((await read(ask('server/discover'))).error as JsonObject).code).toBe(-32601)
  })
})

describe('a tool', () => {
  const told = async (name: string, given: JsonObject = {}) => {
    const { result } = await read(ask('tools/call', { name, arguments: given }))
    const { content, isError = false } = result as { content: { text: string }[]; isError?: boolean }
    return { isError, said: JSON.parse(content[0]!.text) as JsonObject }
  }

  it('is listed with hints for whoever asks people before it is used', async () => {
    const { result } = await read(ask('tools/list'))
    const { tools } = result as { tools: { name: string; annotations: JsonObject }[] }
    expect(tools.every(({ annotations }) => annotations.readOnlyHint === true)).toBe(true)
  })

  it('describes a resource of Clio in a few hundred characters', async () => {
    const { said } = await told('describe_resource', { resource: 'tasks' })
    expect(said).toMatchObject({ can: ['list', 'read one', 'create', 'update', 'delete'], create: { 'name!': 'text' } })
    expect(JSON.stringify(said).length).toBeLessThan(1500)
    const filters = await told('describe_resource', { resource: 'tasks', part: 'filters' })
    expect(filters.said).toMatchObject({ filters: { matter_id: 'integer' }, order: expect.any(Array) })
    expect((await told('describe_resource')).said.resources).toContain('matters')
  })

  it('says which argument does not fit', async () => {
    const { isError, said } = await told('list_runs', { limit: 500, stat: 'parked' })
    expect(isError).toBe(true)
    expect(said.error).toMatchObject({ code: 'bad-arguments', errors: expect.any(Array) })
    expect(JSON.stringify(said)).toContain("did you mean 'state'")
  })

  it('that its token has not is refused, though it knows the name', async () => {
    const { isError, said } = await told('clio_read', { path: 'matters' })
    expect([isError, (said.error as JsonObject).code]).toEqual([true, 'role'])
  })
})
