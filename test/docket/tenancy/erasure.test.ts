import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { registryOf } from '../../../src/platform/registry.ts'
import { document, newConnection, operator, problemOf } from '../../api/app.ts'
import { eventually } from '../../eventually.ts'

/** A firm that is erased: what goes, what stays (a tombstone), and what can be done afterwards. */

const { call, stranger } = operator()

const stubOf = (firm: string) => env.DOCKET.get(env.DOCKET.idFromName(firm))
const erase = (firm: string, confirm: string | null = firm) =>
  call('DELETE', `/api/firms/${firm}${confirm === null ? '' : `?confirm=${confirm}`}`)

/** A rule that parks, and needs no Clio: its file waits. */
const parking = {
  endpoints: { website: { source: 'form', files: { types: ['text/plain'] } } },
  rules: [{ name: 'look', on: { type: 'form.submitted' }, steps: { stop: { park: 'Somebody should look' } } }],
}

async function send(firm: string, name: string): Promise<Response> {
  const form = new FormData()
  form.set('name', name)
  form.set('paper', new File(['Maria Lopez was here'], 'paper.txt', { type: 'text/plain' }))
  const request = new Request('https://docketed.example', { method: 'POST', body: form })
  const headers = { 'content-type': request.headers.get('content-type')! }
  return stranger('POST', `/in/${firm}/website`, headers, await request.text())
}

async function kept(firm: string) {
  const tables = await runInDurableObject(stubOf(firm), (_, { storage }) =>
    storage.sql.exec("select name from sqlite_master where name not like '\\_cf%' escape '\\'").toArray(),
  )
  const keys = (await env.KV.list()).keys.map(({ name }) => name).filter(name => name.split(':')[1] === firm)
  const files = (await env.FILES.list({ prefix: `${firm}/` })).objects
  return { tables: tables.length, keys, files: files.length }
}

const erased = (firm: string) => eventually(async () => expect(await registryOf(env).tombstone(firm)).not.toBeNull())
const gone = (firm: string) =>
  eventually(async () => expect(await kept(firm)).toEqual({ tables: 0, keys: [], files: 0 }))

describe('a firm is erased', () => {
  it.each([null, '', 'smiht'])('not without its name as confirmation (%j)', async confirm => {
    expect((await call('PUT', '/api/firms/kept/config', await document())).status).toBe(200)
    const refused = await erase('kept', confirm)
    expect(refused.status).toBe(422)
    expect(await problemOf(refused)).toMatchObject({
      type: 'urn:docketed:problem:not-confirmed',
      detail: expect.stringContaining('?confirm=kept'),
    })
    expect((await call('GET', '/api/firms/kept/stats')).status).toBe(200)
  })

  it('and leaves nothing: no table, no key, no file, and a tombstone that says who and when', async () => {
    const saved = await document(parking)
    expect((await call('PUT', '/api/firms/leaving/config', saved)).status).toBe(200)
    expect((await call('PUT', '/api/firms/leaving/secrets/PARTNER', 'a-secret-of-the-partner')).status).toBe(204)
    expect((await send('leaving', 'Maria Lopez')).status).toBe(202)
    await eventually(async () => {
      const listed = (await (await call('GET', '/api/firms/leaving/runs')).json()) as { runs: { state: string }[] }
      expect(listed.runs.map(({ state }) => state)).toEqual(['parked'])
    })
    const [run] = ((await (await call('GET', '/api/firms/leaving/runs')).json()) as { runs: { id: string }[] }).runs
    expect(await kept('leaving')).toMatchObject({ keys: ['firm:leaving'], files: 1 })
    await env.KV.put('key:leaving:website:abc', '{"run":"run_1","content":"~","at":1}')
    for (let n = 0; n < 45; n++) await env.KV.put(`key:leaving:website:${n}`, '{"run":"run_1","content":"~","at":1}')

    const answer = await erase('leaving')
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { firm: 'leaving', state: 'erasing', since: expect.any(String), by: 'vendor' },
    ])
    await erased('leaving')
    await gone('leaving')
    for (const path of ['stats', 'config', 'runs', `runs/${run!.id}`, 'audit', 'config/versions'])
      expect([path, (await call('GET', `/api/firms/leaving/${path}`)).status]).toEqual([path, 404])
    expect((await erase('leaving')).status).toBe(404)
    const listed = (await (await call('GET', '/api/firms?limit=200')).json()) as { firms: { id: string }[] }
    expect(listed.firms.map(({ id }) => id)).not.toContain('leaving')
    const buried = await (await call('GET', '/api/firms?erased=1&limit=200')).json()
    expect(buried).toMatchObject({
      erased: expect.arrayContaining([{ firm: 'leaving', at: expect.stringMatching(/^20.*Z$/), by: 'vendor' }]),
    })
    // Its connection is another firm's to take.
    expect((await call('PUT', '/api/firms/heir/config', await document({}, saved.connection))).status).toBe(200)
  })

  it('and is made anew only on purpose, by the vendor', async () => {
    const saved = await document()
    await call('PUT', '/api/firms/phoenix/config', saved)
    await erase('phoenix')
    await gone('phoenix')
    const again = await document(parking)
    const refused = await call('PUT', '/api/firms/phoenix/config', again)
    expect(refused.status).toBe(404)
    expect(await problemOf(refused)).toMatchObject({
      type: 'urn:docketed:problem:firm-erased',
      detail: expect.stringContaining('?anew=1'),
    })
    expect((await call('PUT', '/api/firms/phoenix/config?anew=1&dry=1', again)).status).toBe(200)
    expect(await registryOf(env).tombstone('phoenix')).not.toBeNull()
    expect((await call('PUT', '/api/firms/phoenix/config?anew=1', again)).status).toBe(200)
    expect(await registryOf(env).tombstone('phoenix')).toBeNull()
    expect(await (await call('GET', '/api/firms/phoenix/config/versions')).json()).toMatchObject({
      versions: [{ version: 1, actor: 'vendor' }],
    })
    expect((await send('phoenix', 'Jane')).status).toBe(202)
  })

  it('by its own admin, who may not make one anew', async () => {
    await call('PUT', '/api/firms/own/config', await document())
    const made = await call('POST', '/api/firms/own/tokens', { name: 'admin', role: 'admin' })
    const authorization = `Bearer ${((await made.json()) as { token: string }).token}`
    const refused = await stranger(
      'PUT',
      '/api/firms/own/config?anew=1',
      { authorization },
      JSON.stringify(await document()),
    )
    expect(refused.status).toBe(403)
    expect((await stranger('DELETE', '/api/firms/own?confirm=own', { authorization })).status).toBe(202)
    await gone('own')
    expect((await registryOf(env).tombstone('own'))?.by).toMatch(/^token:.*\(admin\)$/)
    expect((await stranger('GET', '/api/firms/own/stats', { authorization })).status).toBe(401)
  })
})

describe('while it is erased', () => {
  const hooks = async (connection: string) => {
    const headers = { authorization: `Bearer ${env.MATON_API_KEY}`, 'maton-connection': connection }
    const listed = await fetch('https://gateway.maton.ai/clio/api/v4/webhooks.json?fields=id', { headers })
    return ((await listed.json()) as { data: unknown[] }).data.length
  }
  const sandbox = (connection: string, change: 'expire' | 'mend') =>
    fetch(`http://sandbox.example/_sandbox/connections/${connection}/${change}`, { method: 'POST' })

  it('takes no event, says so at the door, and goes on until what stands at providers is ended', async () => {
    const [firm, connection] = ['watching', await newConnection()]
    const clio = {
      source: 'clio',
      secret: '$CLIO_ADDRESS',
      url: `https://docketed.example/in/${firm}/clio`,
      watch: { matter: '$CLIO_MATTER_HOOK' },
    }
    const endpoints = { website: { source: 'form' }, clio }
    expect((await call('PUT', `/api/firms/${firm}/config`, await document({ endpoints }, connection))).status).toBe(200)
    await call('PUT', `/api/firms/${firm}/secrets/CLIO_ADDRESS`, 'a-secret-in-the-address')
    await eventually(async () => expect(await hooks(connection)).toBe(1))

    // Nobody is let in at Clio: the webhook cannot be ended yet.
    await sandbox(connection, 'expire')
    expect((await erase(firm)).status).toBe(202)
    const json = { 'content-type': 'application/json' }
    const refused = await stranger('POST', `/in/${firm}/website`, json, '{"name":"Jo"}')
    expect([refused.status, (await problemOf(refused)).type]).toEqual([410, 'urn:docketed:problem:firm-erasing'])
    const asked = await call('GET', `/api/firms/${firm}/stats`)
    expect([asked.status, (await problemOf(asked)).type]).toEqual([410, 'urn:docketed:problem:firm-erasing'])
    expect((await erase(firm)).status).toBe(202)

    // The alarm is lost; the sweep finds it.
    await sandbox(connection, 'mend')
    await runInDurableObject(stubOf(firm), (_, { storage }) => storage.deleteAlarm())
    await stubOf(firm).wake()
    await gone(firm)
    expect(await hooks(connection)).toBe(0)
    expect((await stranger('POST', `/in/${firm}/website`, json, '{"name":"Jo"}')).status).toBe(404)
  })
})
