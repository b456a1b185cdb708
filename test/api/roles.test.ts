import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../src/api/routes.ts'
import { type FirmRole, includes, type Role } from '../../src/model/access.ts'
import type { Stats } from '../../src/model/docket-rpc.ts'
import { document, newConnection, operator, problemOf } from './app.ts'

/** Who may make which call: every row of the table, by everybody that there is. A new call cannot be forgotten here. */

const { call, stranger } = operator()
const firm = 'matrix'
const tokens: Partial<Record<FirmRole | 'other', string>> = {}

/** A token of a firm, with a role. */
async function token(of: string, role: FirmRole): Promise<string> {
  const made = await call('POST', `/api/firms/${of}/tokens`, { name: role, role })
  expect(made.status).toBe(201)
  return ((await made.json()) as { token: string }).token
}

const as = (shown: string | undefined, method: string, path: string, body?: string) =>
  stranger(method, path, shown === undefined ? {} : { authorization: `Bearer ${shown}` }, body)

beforeAll(async () => {
  for (const one of [firm, 'matrix-other'])
    expect((await call('PUT', `/api/firms/${one}/config`, await document())).status).toBe(200)
  for (const role of ['viewer', 'operator', 'admin'] as const) tokens[role] = await token(firm, role)
  tokens.other = await token('matrix-other', 'admin')
})

/** Something that is there wherever one is asked for; nothing is changed by it that another row needs. */
const pathOf = (path: string) =>
  `/api${path.replace(':firm', firm).replace(':id', 'nobody').replace(':name', 'NOBODY_HAS_IT').replace(':path{.+}', 'users/who_am_i')}`
/** A body that every call refuses, when it gets so far. */
const body = '{"nonsense":true}'

const rows = routes.map(({ method, path, role }) => ({ method, path, role }))

describe.each(rows)('$method $path', ({ method, path, role }) => {
  const ask = (shown: string | undefined) => as(shown, method, pathOf(path), method === 'GET' ? undefined : body)
  const firms = path.includes(':firm')

  it('lets in nobody without a token', async () => {
    const { status } = await ask(undefined)
    expect(status).toBe(role === 'anybody' ? 200 : 401)
  })

  it.each(['viewer', 'operator', 'admin'] as const)('lets in a %s as far as the table says', async who => {
    const answer = await ask(tokens[who])
    if (role === 'anybody') expect(answer.status).toBe(200)
    else if (includes(who, role)) expect([401, 403]).not.toContain(answer.status)
    else expect([answer.status, (await problemOf(answer)).type]).toEqual([403, 'urn:docketed:problem:role'])
  })

  it('is not there for another firm’s admin', async () => {
    const answer = await ask(tokens.other)
    expect(answer.status).toBe(role === 'anybody' ? 200 : firms ? 404 : 403)
    if (role !== 'anybody' && firms) expect((await problemOf(answer)).type).toBe('urn:docketed:problem:not-found')
  })

  it('lets in the vendor', async () => {
    expect([401, 403]).not.toContain((await ask(env.ADMIN_TOKEN)).status)
  })
})

describe('the table', () => {
  it('names no call twice', () => {
    const calls = routes.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(calls).size).toBe(calls.length)
  })

  it('gives whatever changes something to nobody below an operator', () => {
    const changing = routes.filter(({ method }) => method !== 'GET')
    for (const { path, role } of changing) expect(includes(role as Role, 'operator'), path).toBe(true)
  })
})

describe('a firm’s token', () => {
  it('is shown once, and kept only as its hash', async () => {
    const listed = await (await call('GET', `/api/firms/${firm}/tokens`)).text()
    expect(listed).not.toContain(tokens.viewer)
    expect(listed).toContain('"role":"viewer"')
  })

  it('ends when it is removed', async () => {
    const made = await call('POST', `/api/firms/${firm}/tokens`, { name: 'gone', role: 'viewer' })
    const { id, token: shown } = (await made.json()) as { id: string; token: string }
    expect((await as(shown, 'GET', `/api/firms/${firm}/stats`)).status).toBe(200)
    expect((await as(tokens.admin, 'DELETE', `/api/firms/${firm}/tokens/${id}`)).status).toBe(204)
    expect((await as(shown, 'GET', `/api/firms/${firm}/stats`)).status).toBe(401)
  })

  it('with a letter changed is no token', async () => {
    const wrong = `${tokens.admin!.slice(0, -1)}${tokens.admin!.endsWith('A') ? 'B' : 'A'}`
    expect((await as(wrong, 'GET', `/api/firms/${firm}/stats`)).status).toBe(401)
  })

  it.each([
    [{ name: 'x', role: 'vendor' }],
    [{ name: '', role: 'viewer' }],
    [{ name: 'Vendor ', role: 'admin' }],
    [{ name: 'ven\u200bdor', role: 'admin' }],
    [{ name: 'ｖendor\u2060', role: 'admin' }],
    [{ name: 'Docketed', role: 'admin' }],
    [{ email: 'nobody', role: 'viewer' }],
    [{ name: 'x', email: 'ines@smith.example', role: 'viewer' }],
    [{ role: 'viewer' }],
  ])('cannot be made of %j', async wrong => {
    expect((await call('POST', `/api/firms/${firm}/tokens`, wrong)).status).toBe(400)
  })

  it('can say what an agent may do with it', async () => {
    const made = await call('POST', `/api/firms/${firm}/tokens`, { name: 'agent', role: 'operator', agent: 'propose' })
    expect(await made.json()).toMatchObject({ role: 'operator', agent: 'propose' })
  })
})

describe('a firm that is mistyped', () => {
  it('has no stats', async () => {
    expect((await call('GET', '/api/firms/smiht/stats')).status).toBe(404)
  })
})

describe('the Worker’s secrets', () => {
  const named = async (secret: string) => document({ endpoints: { calls: { source: 'twilio', secret } } })
  const put = (shown: string | undefined, text: object) =>
    as(shown, 'PUT', `/api/firms/${firm}/config`, JSON.stringify(text))

  it('are not a firm’s to name, though the Worker has one of that name', async () => {
    const refused = await put(tokens.admin, await named('$FUZZ_RUNS'))
    expect(refused.status).toBe(422)
    expect(await problemOf(refused)).toMatchObject({
      type: 'urn:docketed:problem:foreign-secret',
      errors: [{ path: 'endpoints.calls.secret' }],
    })
  })

  it('nor does one become it when the firm’s own of that name is forgotten', async () => {
    const path = `/api/firms/${firm}/secrets/FUZZ_RUNS`
    expect((await as(tokens.admin, 'PUT', path, 'a-secret-of-the-firm-itself')).status).toBe(204)
    expect((await put(tokens.admin, await named('$FUZZ_RUNS'))).status).toBe(200)
    expect((await as(tokens.admin, 'DELETE', path)).status).toBe(204)
    const answer = await stranger('POST', `/in/${firm}/calls`, {}, 'From=1')
    expect(answer.status).toBe(503)
  })

  it('are handed out by the vendor, who names them', async () => {
    expect((await put(env.ADMIN_TOKEN, await named('$FUZZ_RUNS'))).status).toBe(200)
    expect((await put(tokens.admin, await named('$FUZZ_RUNS'))).status).toBe(200)
  })

  it.each(['$CLIO_GATEWAY_URL', '$SETTLE_SECONDS', '$DATA_KEY_OLD'])('%s is nobody’s secret', async name => {
    expect((await put(env.ADMIN_TOKEN, await named(name))).status).toBe(422)
  })

  it.each(['x', 'fifteen-letters'])('“%s” is too short for one', async value => {
    const refused = await call('PUT', `/api/firms/${firm}/secrets/SHORT`, value)
    expect([refused.status, (await problemOf(refused)).type]).toEqual([422, 'urn:docketed:problem:secret-too-short'])
  })
})

describe('connections', () => {
  const put = async (shown: string | undefined, text: object, query = '') => {
    const answer = await as(shown, 'PUT', `/api/firms/${firm}/config${query}`, JSON.stringify(text))
    return { status: answer.status, said: await answer.text() }
  }
  const stands = async () => (await (await call('GET', `/api/firms/${firm}/stats`)).json()) as Stats

  it('of other firms are told to the vendor only: not whose one is, nor that there is one', async () => {
    const other = ((await (await call('GET', '/api/firms/matrix-other/stats')).json()) as Stats).connection.id!
    const taken = await document({}, other)
    expect((await put(env.ADMIN_TOKEN, taken)).said).toContain('matrix-other')
    const refused = await put(tokens.admin, taken)
    const unknown = await put(tokens.admin, await document({}, crypto.randomUUID()))
    expect([refused.status, refused.said]).toEqual([422, unknown.said])
    expect(refused.said).not.toMatch(/matrix-other|belongs/)
  })

  it('left out by the firm’s own people are the one that it has, never one that happens to be free', async () => {
    await newConnection()
    const { id } = (await stands()).connection
    const { connection: _, ...without } = await document({}, id!)
    expect(await put(tokens.admin, without, '?dry=1')).toMatchObject({ status: 200 })
    expect((await put(env.ADMIN_TOKEN, without, '?dry=1')).status).toBe(422)
  })

  it('to calendars are named by the vendor first, and kept by the firm’s own people', async () => {
    const { id } = (await stands()).connection
    expect((await as(tokens.admin, 'PUT', `/api/firms/${firm}/secrets/PUSH`, 'p'.repeat(32))).status).toBe(204)
    const own = '21fd90f9-5935-43cd-b6c8-bde9d915ca81'
    const watching = (connection: string) =>
      document({ endpoints: { desk: { source: 'google-calendar', secret: '$PUSH', connection } } }, id!)
    const refused = await put(tokens.admin, await watching(own))
    expect([refused.status, JSON.parse(refused.said)]).toEqual([
      422,
      expect.objectContaining({
        type: 'urn:docketed:problem:foreign-connection',
        errors: [expect.objectContaining({ path: 'endpoints.desk.connection' })],
      }),
    ])
    expect((await put(env.ADMIN_TOKEN, await watching(own))).status).toBe(200)
    expect((await put(tokens.admin, await watching(own.toUpperCase()))).status).toBe(200)
    expect((await put(tokens.admin, await watching(crypto.randomUUID()))).status).toBe(422)
  })
})
