import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { download } from '../../../src/clio/operations/documents.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { RunSummary } from '../../../src/model/docket-rpc.ts'
import { document, newConnection, problemOf } from '../../api/app.ts'
import { eventually } from '../../eventually.ts'

/** Files that wait in R2 while their firm goes elsewhere: under another name they are the same, and none is another firm's. */

vi.setConfig({ testTimeout: 60_000 })

const app = createApp(env)
const vendor = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
const api = (method: string, firm: string, path: string, body?: BodyInit) =>
  app.request(`/api/firms/${firm}/${path}`, { method, headers: vendor, ...(body !== undefined && { body }) }, env)

const sandbox = async (path: string): Promise<JsonObject> =>
  (await fetch(`http://sandbox.example/_sandbox/${path}`)).json()

/** A firm that makes a document of what comes with a form, once somebody has looked. */
async function firmOf(firm: string, account: string) {
  const connection = await newConnection(account)
  const matters = (await sandbox(`state?account=${account}`)).matters as JsonObject[]
  const parent = { id: matters[0]!.id, type: 'Matter' }
  const rules = (park: boolean) => ({
    endpoints: { website: { source: 'form', files: { types: ['text/plain'] } } },
    rules: [
      {
        name: 'papers',
        on: { type: 'form.submitted' },
        steps: {
          // Of the two that come, one has been made into a document, and the other waits.
          papers: { each: 'files', create: 'documents', with: { parent, content: '{{ item }}' } },
          ...(park && { look: { park: 'Somebody should look' } }),
          again: { each: 'files', create: 'documents', with: { parent, content: '{{ item }}', name: 'again' } },
        },
      },
    ],
  })
  const config = JSON.stringify(await document(rules(true), connection))
  expect((await api('PUT', firm, 'config', config)).status).toBe(200)
  const form = new FormData()
  form.append('papers', new File(['Her words'], 'words.txt', { type: 'text/plain' }))
  expect((await app.request(`/in/${firm}/website`, { method: 'POST', body: form }, env)).status).toBe(202)
  const run = await eventually(async () => {
    const { runs } = (await (await api('GET', firm, 'runs')).json()) as { runs: RunSummary[] }
    expect(runs[0]!.state).toBe('parked')
    return runs[0]!.id
  })
  return { connection, run, without: async (to: string) => JSON.stringify(await document(rules(false), to)) }
}

const exported = async (firm: string) => (await api('GET', firm, 'export?open=1')).text()
const bring = (firm: string, file: string, connection: string) =>
  api('POST', firm, `import?connection=${connection}`, file)
const keysOf = async (firm: string) => (await env.FILES.list({ prefix: `${firm}/` })).objects.map(({ key }) => key)

describe('a firm that is brought in under another name', () => {
  it('makes documents of the files that came along, byte for byte, and keeps them no longer', async () => {
    const { run, without } = await firmOf('packed', 'packed1')
    const here = await newConnection('packed1')
    expect((await bring('unpacked', await exported('packed'), here)).status).toBe(201)
    expect(await keysOf('unpacked')).toHaveLength(1)
    expect((await api('PUT', 'unpacked', 'config', await without(here))).status).toBe(200)
    expect((await api('POST', 'unpacked', 'resume')).status).toBe(200)
    expect((await api('POST', 'unpacked', `runs/${run}/resume`)).status).toBe(200)
    const stub = env.DOCKET.get(env.DOCKET.idFromName('unpacked'))
    await eventually(async () => {
      await runInDurableObject(stub, (_, { storage }) => {
        storage.sql.exec('update runs set wake_at = 1 where wake_at > 1')
      })
      await stub.wake()
      const { runs } = (await (await api('GET', 'unpacked', 'runs')).json()) as { runs: RunSummary[] }
      expect(runs[0], runs[0]!.reason ?? '').toMatchObject({ id: run, state: 'done' })
    }, 300)
    const gateway = { url: env.CLIO_GATEWAY_URL, key: env.MATON_API_KEY, connection: here, timeout: 30_000, fetch }
    const made = (await sandbox('state?account=packed1')).documents as JsonObject[]
    const texts = await Promise.all(made.map(async ({ id }) => (await download(String(id), gateway)).text()))
    expect(texts).toEqual(['Her words', 'Her words'])
    await eventually(async () => expect(await keysOf('unpacked')).toEqual([]))
  })
})

describe('an export that names another firm’s file', () => {
  it('is refused, and the file stands', async () => {
    await firmOf('owner', 'owner1')
    const [key] = await keysOf('owner')
    await firmOf('hostile', 'hostile1')
    const [own] = await keysOf('hostile')
    const forged = (await exported('hostile')).replaceAll(own!, key!)
    for (const file of [forged, forged.replace('"firm":"hostile"', '"firm":"hostile-2"')]) {
      const refused = await bring('hostile-2', file, await newConnection('hostile1'))
      expect((await problemOf(refused)).detail).toContain('a file that is not the firm’s')
    }
    expect(await keysOf('owner')).toEqual([key])
  })

  it('in an event alone has no hold of it: replayed and erased, the file stands', async () => {
    await firmOf('owner2', 'owner3')
    const [key] = await keysOf('owner2')
    const { run } = await firmOf('sly', 'sly1')
    const [own] = await keysOf('sly')
    const lines = (await exported('sly')).split('\n')
    const file = lines.map(line => (/^\{"table":"runs"/.test(line) ? line.replaceAll(own!, key!) : line)).join('\n')
    expect(file).toContain(key)
    expect((await bring('slyer', file, await newConnection('sly1'))).status).toBe(201)
    expect((await api('POST', 'slyer', `runs/${run}/discard`)).status).toBe(200)
    const replayed = (await (await api('POST', 'slyer', `runs/${run}/replay`)).json()) as RunSummary
    for (const id of [replayed.id, run]) {
      await api('POST', 'slyer', `runs/${id}/discard`)
      await api('DELETE', 'slyer', `runs/${id}`)
    }
    expect(await keysOf('owner2')).toEqual([key])
  })
})
