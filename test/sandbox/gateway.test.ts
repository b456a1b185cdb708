import { expect, test } from 'vitest'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { person, startClio } from './helpers.ts'

/** Keys, connections and limits: what stands between a caller and Clio. */

test("a wrong Maton key is 401 in Maton's shape, not Clio's", async () => {
  const clio = startClio()
  for (const authorization of ['Bearer wrong', '']) {
    const told = await clio.get('users', { authorization })
    expect(told.status).toBe(401)
    expect(told.error).toEqual(expect.any(String))
    expect(told.headers.get('x-ratelimit-limit')).toBeNull()
  }
})

test('no connection is 400: an unknown one, a pending one, none at all', async () => {
  const clio = startClio()
  const pending = clio.sandbox.connections.add().id
  for (const id of ['nobody', pending]) {
    const told = await clio.get('users', { 'maton-connection': id })
    expect(told.status).toBe(400)
    expect(told.error).toEqual(expect.any(String))
  }
  clio.sandbox.connections.remove(firstConnection)
  expect((await clio.get('users')).status).toBe(400)
})

test('Maton-Connection chooses the account; without it, the oldest active one is meant', async () => {
  const clio = startClio()
  const jones = clio.sandbox.connect('jones')
  await clio.post('contacts', person('Ada', 'Byron'), { 'maton-connection': jones })
  const query = 'contacts?query=byron'
  expect((await clio.get(query, { 'maton-connection': jones })).list).toHaveLength(1)
  expect((await clio.get(query)).list).toHaveLength(0)
  expect((await clio.get(query, { 'maton-connection': firstConnection })).list).toHaveLength(0)
})

test('an expired grant is 401 in Clio’s shape, or 500 in Maton’s; mended, all is well', async () => {
  const clio = startClio()
  const connection = clio.sandbox.connections.get(firstConnection)
  if (!connection) throw new Error('no connection')
  clio.sandbox.connections.expire(connection, 401)
  const told = await clio.post('contacts', person('Ada', 'Byron'))
  expect([told.status, told.error.type]).toEqual([401, 'Unauthorized'])
  clio.sandbox.connections.expire(connection, 500)
  expect((await clio.get('users')).status).toBe(500)
  clio.sandbox.connections.expire(connection, null)
  expect((await clio.get('contacts?query=byron')).list).toEqual([])
})

test('every answer of Clio tells the limit, what remains and when', async () => {
  const clio = startClio({ limit: { requests: 50, seconds: 60 } })
  const first = await clio.get('users')
  clio.pass(10)
  const second = await clio.get('users/0')
  expect(second.status).toBe(404)
  const rate = ['limit', 'remaining', 'reset'].map(name => second.headers.get(`x-ratelimit-${name}`))
  expect(rate).toEqual(['50', '48', String(Date.parse('2026-10-15T12:01:00Z') / 1000)])
  expect(first.headers.get('x-ratelimit-remaining')).toBe('49')
})

test('beyond the limit 429 with Retry-After, and nothing is done; the window slides', async () => {
  const clio = startClio({ limit: { requests: 2, seconds: 5 } })
  await clio.get('users')
  clio.pass(3)
  await clio.get('users')
  const told = await clio.post('contacts', person('Ada', 'Byron'))
  expect([told.status, told.headers.get('retry-after'), told.error.type]).toEqual([429, '2', 'RateLimited'])
  clio.pass(2)
  expect((await clio.get('contacts?query=byron')).list).toEqual([])
  expect((await clio.get('users')).status).toBe(429)
  clio.pass(3)
  expect((await clio.get('users')).status).toBe(200)
})

test('each connection has a limit of its own', async () => {
  const clio = startClio({ limit: { requests: 1, seconds: 60 } })
  const jones = clio.sandbox.connect('jones')
  expect((await clio.get('users')).status).toBe(200)
  expect((await clio.get('users', { 'maton-connection': jones })).status).toBe(200)
  expect((await clio.get('users')).status).toBe(429)
})

test("Maton's own limit spans all connections, and its 429 has none of Clio's headers", async () => {
  const clio = startClio({ maton: { requests: 2, seconds: 1 } })
  const jones = clio.sandbox.connect('jones')
  await clio.get('users')
  await clio.get('users', { 'maton-connection': jones })
  const told = await clio.get('users')
  expect(told.status).toBe(429)
  expect(told.headers.get('retry-after')).toBeNull()
  expect(told.headers.get('x-ratelimit-limit')).toBeNull()
  clio.pass(1)
  expect((await clio.get('users')).status).toBe(200)
})

test('a connection is made in the control plane, and finished by opening its url', async () => {
  const clio = startClio()
  const app = JSON.stringify({ app: 'clio' })
  const made = await clio.send('POST', '/connections', { body: app })
  const { connection_id: id, status, url } = made.data.connection as Record<string, string>
  expect(status).toBe('PENDING')
  expect(url).toContain('session_token=')
  expect((await clio.get('users', { 'maton-connection': id ?? '' })).status).toBe(400)

  const opened = await clio.send('GET', `${new URL(url ?? '').pathname}${new URL(url ?? '').search}`)
  expect(opened.status).toBe(200)
  expect((await clio.get('users', { 'maton-connection': id ?? '' })).status).toBe(200)
  const got = await clio.send('GET', `/connections/${id}`)
  expect(got.data.connection).toMatchObject({ connection_id: id, status: 'ACTIVE', app: 'clio', method: 'OAUTH2' })

  expect((await clio.send('DELETE', `/connections/${id}`)).status).toBe(200)
  expect((await clio.send('GET', `/connections/${id}`)).status).toBe(404)
})

test('connections are listed by app and status, for the right key only', async () => {
  const clio = startClio()
  clio.sandbox.connections.add()
  clio.sandbox.connections.add({ app: 'slack', status: 'ACTIVE' })
  const ids = async (query: string) =>
    ((await clio.send('GET', `/connections${query}`)).data.connections as { connection_id: string }[]).length
  expect(await ids('')).toBe(3)
  expect(await ids('?app=clio')).toBe(2)
  expect(await ids('?app=clio&status=ACTIVE')).toBe(1)
  expect((await clio.send('GET', '/connections', { headers: { authorization: 'Bearer no' } })).status).toBe(401)
})
