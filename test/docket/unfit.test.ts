import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { migrations } from '../../src/docket/ledger/migrations.ts'
import { newConnection, problemOf } from '../api/app.ts'
import { eventually } from '../eventually.ts'

/** I8: a database that this code cannot use is left as it is; the door, the API and health say so, and a newer deployment goes on. */

afterEach(() => void vi.restoreAllMocks())

const newest = migrations.at(-1)!.id
const app = createApp(env)
const send = (method: string, path: string, body?: object) =>
  app.request(
    path,
    {
      method,
      headers: { authorization: `Bearer ${env.ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    },
    env,
  )

let firms = 0
async function firm(): Promise<string> {
  const name = `unfit-${++firms}`
  const config = {
    timezone: 'America/New_York',
    country: 'US',
    connection: await newConnection(),
    endpoints: { website: { source: 'form' } },
    rules: [],
  }
  expect((await send('PUT', `/api/firms/${name}/config`, config)).status).toBe(200)
  return name
}

/** The database says that it is of another version, and the object is made anew. */
async function becomes(name: string, version: number): Promise<void> {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(name))
  await runInDurableObject(stub, async (_: unknown, state) => {
    state.storage.sql.exec("update meta set value = ? where key = 'schema'", String(version))
    await state.storage.sync()
    state.abort()
  }).catch(() => {})
}

const runs = async (name: string) => {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(name))
  return runInDurableObject(
    stub,
    (_: unknown, state) => state.storage.sql.exec('select count(*) as n from runs').one().n,
  )
}

const post = (name: string) => send('POST', `/in/${name}/website`, { name: 'Jane' })

describe('a docket that a newer version wrote', () => {
  it('takes nothing in, and loses nothing: 503, come again', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const name = await firm()
    await becomes(name, newest + 1)
    const refused = await post(name)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('300')
    expect(await runs(name)).toBe(0)
  })

  it('says why to the operator, whatever is asked', async () => {
    const name = await firm()
    await becomes(name, newest + 1)
    const config = { timezone: 'UTC', country: 'US', endpoints: {}, rules: [] }
    for (const answer of [
      await send('GET', `/api/firms/${name}/runs`),
      await send('GET', `/api/firms/${name}/stats`),
      await send('GET', `/api/firms/${name}/config`),
      await send('PUT', `/api/firms/${name}/config`, config),
    ]) {
      expect(answer.status).toBe(503)
      expect(await problemOf(answer)).toMatchObject({ type: expect.stringContaining('ledger-newer') })
    }
  })

  it('is a fault of the deployment, which health tells', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const name = await firm()
    await becomes(name, newest + 1)
    await env.DOCKET.get(env.DOCKET.idFromName(name)).wake()
    await eventually(async () => {
      const health = await send('GET', '/healthz')
      expect(health.status).toBe(503)
      expect(await health.json()).toMatchObject({ checks: { docket: 'ok', schema: 'failing' } })
    })
    await becomes(name, newest)
    await env.DOCKET.get(env.DOCKET.idFromName(name)).wake()
    await eventually(async () => expect((await send('GET', '/healthz')).status).toBe(200))
  })

  it('goes on as if nothing had been when the newer version is back', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const name = await firm()
    expect((await post(name)).status).toBe(202)
    await becomes(name, newest + 1)
    expect((await post(name)).status).toBe(503)
    await becomes(name, newest)
    const again = await post(name)
    expect(again.status).toBe(202)
    expect(await again.json()).toMatchObject({ duplicate: true })
  })
})
