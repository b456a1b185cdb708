import { env } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { download } from '../../../src/clio/operations/documents.ts'
import { toHex } from '../../../src/lib/encoding.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { DocketRpc, RunView } from '../../../src/model/docket-rpc.ts'

/** From the door to Clio's storage over the real R2, the real Docket and real requests; Clio is the sandbox (vitest.config.ts). */

vi.setConfig({ testTimeout: 60_000 })

const sandbox = async (path: string, body?: Json): Promise<JsonObject> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await fetch(`http://sandbox.example/_sandbox/${path}`, init)).json()
}

let firms = 0

async function open(files: JsonObject) {
  const name = `documents-${++firms}`
  const account = `documents${firms}`
  const { connection_id: connection } = (await sandbox('connections', { account })) as { connection_id: string }
  const matters = (await sandbox(`state?account=${account}`)).matters as JsonObject[]
  const docket = env.DOCKET.get(env.DOCKET.idFromName(name)) as unknown as DocketRpc
  const parent = { id: matters[0]!.id ?? null, type: 'Matter' }
  const config = {
    timezone: 'America/New_York',
    country: 'US',
    connection,
    endpoints: { website: { source: 'form', files } },
    rules: [
      {
        name: 'papers',
        on: { endpoint: 'website', type: 'form.submitted' },
        steps: { papers: { each: 'files', create: 'documents', with: { parent, content: '{{ item }}' } } },
      },
    ],
  }
  expect(await docket.putConfig(name, JSON.stringify(config), false)).toMatchObject({ version: 1 })
  const app = createApp(env)
  const gateway = { url: env.CLIO_GATEWAY_URL, key: env.MATON_API_KEY, connection, timeout: 30_000, fetch }
  return {
    /** Posts a form with files; the run when it has ended. */
    async sends(...contents: Uint8Array<ArrayBuffer>[]): Promise<RunView> {
      const body = new FormData()
      body.append('name', 'Jane Roe')
      for (const [n, bytes] of contents.entries())
        body.append('papers', new File([bytes], `paper ${n}.txt`, { type: 'text/plain' }))
      const answer = await app.request(`/in/${name}/website`, { method: 'POST', body }, env)
      expect(answer.status).toBe(202)
      const { run } = (await answer.json()) as { run: string }
      return vi.waitFor(
        async () => {
          const view = await docket.run(run)
          if ('code' in view) throw new Error(view.code)
          expect(view.state, view.reason ?? '').toBe('done')
          return view
        },
        { timeout: 40_000, interval: 100 },
      )
    },
    documents: async () => ((await sandbox(`state?account=${account}`)).documents ?? []) as JsonObject[],
    download: async (id: Json | undefined) => new Uint8Array(await (await download(String(id), gateway)).arrayBuffer()),
    kept: async () => (await env.FILES.list({ prefix: `${name}/` })).objects.map(({ key }) => key),
  }
}

/** Bytes that are not the same anywhere. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

const hash = async (bytes: Uint8Array<ArrayBuffer>) =>
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))

describe('a file', () => {
  it.each([
    ['1 byte', 1],
    ['5 MB', 5_000_000],
    ['25 MiB, all that may come', 26_214_400],
  ])('of %s goes from the form to Clio, byte for byte, and is kept no longer', async (_, length) => {
    const firm = await open({ types: ['text/plain'] })
    const bytes = noise(length)
    const view = await firm.sends(bytes)
    const [document] = await firm.documents()
    expect(await hash(await firm.download(document!.id))).toBe(await hash(bytes))
    expect(document).toMatchObject({ name: 'paper 0.txt', document_versions: [{ size: length, fully_uploaded: true }] })
    expect(view.steps.at(-1)!.attempts.map(({ method, outcome }) => `${method} ${outcome}`)).toEqual([
      'POST applied',
      'PUT applied',
      'PATCH applied',
    ])
    await vi.waitFor(async () => expect(await firm.kept()).toEqual([]))
  })

  it('beside others comes whole too', async () => {
    const firm = await open({ types: ['text/plain'] })
    const files = [1, 70_000, 1_000_000].map(noise)
    await firm.sends(...files)
    const documents = await firm.documents()
    const hashes = await Promise.all(documents.map(async ({ id }) => hash(await firm.download(id))))
    expect(hashes).toEqual(await Promise.all(files.map(hash)))
    expect(await firm.kept()).toEqual([])
  })

  it('never shows storage the gateway’s key', async () => {
    expect(await sandbox('ledger')).toMatchObject({ leaks: 0 })
  })
})
