import { env } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { download } from '../../../src/clio/operations/documents.ts'
import { type Bytes, concat, toHex } from '../../../src/lib/encoding.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { DocketRpc, RunView } from '../../../src/model/docket-rpc.ts'
import { sealedFrameBytes } from '../../../src/platform/frames.ts'
import { eventually } from '../../eventually.ts'

/** From the door to Clio's storage over the real R2, the real Docket and real requests; Clio is the sandbox (vitest.config.ts). */

const sandbox = async (path: string, body?: Json): Promise<JsonObject> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await fetch(`http://sandbox.example/_sandbox/${path}`, init)).json()
}

let firms = 0

/** @param spoil what becomes of the bytes of a small file on their way into the store */
async function open(files: JsonObject, spoil = (bytes: Bytes): Bytes => bytes) {
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
  const put = (key: string, bytes: Bytes) => env.FILES.put(key, spoil(bytes))
  const createMultipartUpload = (key: string) => env.FILES.createMultipartUpload(key)
  const app = createApp({
    ...env,
    FILES: { put, createMultipartUpload, delete: async () => {} } as unknown as R2Bucket,
  })
  const gateway = { url: env.CLIO_GATEWAY_URL, key: env.MATON_API_KEY, connection, timeout: 30_000, fetch }
  return {
    /** Posts a form with files; the run when it has come so far. */
    async sends(contents: readonly Bytes[], state: RunView['state'] = 'done'): Promise<RunView> {
      const body = new FormData()
      body.append('name', 'Jane Roe')
      for (const [n, bytes] of contents.entries())
        body.append('papers', new File([bytes], `paper ${n}.txt`, { type: 'text/plain' }))
      const answer = await app.request(`/in/${name}/website`, { method: 'POST', body }, env)
      expect(answer.status).toBe(202)
      const { run } = (await answer.json()) as { run: string }
      return eventually(async () => {
        const view = await docket.run(run)
        if ('code' in view) throw new Error(view.code)
        expect(view.state, view.reason ?? '').toBe(state)
        return view
      }, 100)
    },
    documents: async () => ((await sandbox(`state?account=${account}`)).documents ?? []) as JsonObject[],
    download: async (id: Json | undefined) => new Uint8Array(await (await download(String(id), gateway)).arrayBuffer()),
    kept: async () => (await env.FILES.list({ prefix: `${name}/` })).objects.map(({ key }) => key),
  }
}

const frame = (stored: Bytes, n: number) => stored.slice(n * sealedFrameBytes, (n + 1) * sealedFrameBytes)

/** Bytes that are not the same anywhere. */
function noise(length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

const hash = async (bytes: Bytes) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))

describe('a file', () => {
  it.each([
    ['1 byte', 1],
    ['5 MB', 5_000_000],
    ['25 MiB, all that may come', 26_214_400],
  ])('of %s goes from the form to Clio, byte for byte, and is kept no longer', async (_, length) => {
    const firm = await open({ types: ['text/plain'] })
    const bytes = noise(length)
    const view = await firm.sends([bytes])
    const [document] = await firm.documents()
    expect(await hash(await firm.download(document!.id))).toBe(await hash(bytes))
    expect(document).toMatchObject({ name: 'paper 0.txt', document_versions: [{ size: length, fully_uploaded: true }] })
    expect(view.steps.at(-1)!.attempts.map(({ method, outcome }) => `${method} ${outcome}`)).toEqual([
      'POST applied',
      'PUT applied',
      'PATCH applied',
    ])
    await eventually(async () => expect(await firm.kept()).toEqual([]))
  })

  it('beside others comes whole too', async () => {
    const firm = await open({ types: ['text/plain'] })
    const files = [1, 70_000, 1_000_000].map(noise)
    await firm.sends(files)
    const documents = await firm.documents()
    const hashes = await Promise.all(documents.map(async ({ id }) => hash(await firm.download(id))))
    expect(hashes).toEqual(await Promise.all(files.map(hash)))
    expect(await firm.kept()).toEqual([])
  })

  it.each<[string, (stored: Bytes) => Bytes]>([
    ['cut', stored => stored.slice(0, -1)],
    ['cut at a frame', stored => stored.slice(0, sealedFrameBytes)],
    ['longer', stored => concat(stored, stored)],
    ['gone, and another in its place', stored => noise(stored.length)],
    ['in another order', stored => concat(frame(stored, 1), frame(stored, 0), stored.slice(2 * sealedFrameBytes))],
  ])('that is %s in the store parks the run in words, and nothing of it is a document', async (_, spoil) => {
    const firm = await open({ types: ['text/plain'] }, spoil)
    const view = await firm.sends([noise(140_000)], 'parked')
    expect(view.reason).toContain('The file that is kept is not the one that came')
    expect(await firm.documents()).toMatchObject([{ document_versions: [{ fully_uploaded: false }] }])
  })

  it('shows its key to nobody: neither a view of the run nor the store holds what opens it', async () => {
    const marker = 'MARKER-of-a-clients-secret '
    const stored: string[] = []
    const firm = await open({ types: ['text/plain'] }, bytes => {
      stored.push(new TextDecoder('latin1').decode(bytes))
      return bytes
    })
    const view = await firm.sends([new TextEncoder().encode(marker.repeat(100)) as Bytes])
    expect(stored).toHaveLength(1)
    expect(stored[0]).not.toContain(marker.trim())
    expect(view.event).not.toHaveProperty('seals')
    expect(JSON.stringify(view)).not.toMatch(/[A-Za-z0-9+/]{43}=/)
  })

  it('never shows storage the gateway’s key', async () => {
    expect(await sandbox('ledger')).toMatchObject({ leaks: 0 })
  })
})
