import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { DocketRpc } from '../../../src/model/docket-rpc.ts'

/** The clock and what is kept at providers, on the real Durable Object; Clio is answered by the sandbox (vitest.config.ts). */

const sandbox = async (method: string, path: string, body?: Json): Promise<JsonObject> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  return (await (await fetch(`http://sandbox.example/_sandbox/${path}`, init)).json()) as JsonObject
}

async function firmWith(name: string, more: JsonObject) {
  const { connection_id: connection } = await sandbox('POST', 'connections', { account: name })
  const stub = env.DOCKET.get(env.DOCKET.idFromName(name))
  const docket = stub as unknown as DocketRpc
  const config = { timezone: 'America/New_York', country: 'US', connection: connection!, rules: [], ...more }
  const webhooks = async () => {
    const records = (await sandbox('GET', `state?account=${name}`)) as Record<string, JsonObject[]>
    return (records.webhooks ?? []).map(({ model, url }) => ({ model, url }))
  }
  const save = (changed: JsonObject = {}) => docket.putConfig(name, JSON.stringify({ ...config, ...changed }), false)
  const alarm = () => runInDurableObject(stub, (_docket, state) => state.storage.getAlarm())
  return { docket, save, webhooks, alarm, name }
}

describe('a clock', () => {
  it('sets the alarm for its next tick when the configuration is saved, and none when it is gone', async () => {
    const endpoints = { yearly: { source: 'schedule', cron: '0 9 1 1 *' } }
    const { save, alarm } = await firmWith('clock1', { endpoints })
    expect(await save()).toMatchObject({ version: 1 })
    await expect.poll(async () => new Date((await alarm()) ?? 0).toISOString().slice(4)).toBe('-01-01T14:00:00.000Z')
    await save({ endpoints: { website: { source: 'form' } } })
    await expect.poll(alarm).toBeNull()
  })
})

describe("Clio's webhooks", () => {
  const url = 'https://docketed.example/in/clock2/clio'
  const endpoints = { clio: { source: 'clio', secret: '$ADDRESS', url, watch: { matter: '$MATTERS' } } }

  it('are made as soon as the secret of their address is stored', async () => {
    const { docket, save, webhooks, name } = await firmWith('clock2', { endpoints })
    await save()
    expect(await webhooks()).toEqual([])
    await docket.putSecret(name, 'ADDRESS', 'a-secret-of-our-own-0123456789')
    await expect
      .poll(webhooks)
      .toEqual([{ model: 'matter', url: `${url}/a-secret-of-our-own-0123456789?watch=matter` }])
  })
})
