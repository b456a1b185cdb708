import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clioAt, type Sent, send, statesKept } from '../upgrade/state.ts'
import { api, firm, onceEach, partnerSecret, runsOf, standing } from './firm.ts'
import { filesBelow, traces } from './markers.ts'
import { type Runtime, startRuntime, until } from './runtime.ts'

/** I8 on the real runtime: what an earlier version left behind when it was killed at work is opened, and goes on by itself. */

describe.each(statesKept())('a state of version $version, with calls that a kill cut off', state => {
  const { archive, sent } = state
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await startRuntime({ left: { archive, clio: url => clioAt(url, state) } })
  })
  afterAll(() => runtime.close())

  const visitors = sent.filter(({ endpoint }) => endpoint !== 'papers').length
  const runs = () => runsOf(runtime)
  const ids = sent.map(({ run }) => run).sort()
  const again = (all: readonly Sent[]) =>
    Promise.all(all.map(async one => ({ ...(await send(runtime.url, one)), expected: one.run })))

  async function expectKnown(): Promise<void> {
    for (const { status, receipt, expected } of await again(sent)) {
      expect(status).toBe(202)
      expect(receipt).toMatchObject({ run: expected, duplicate: true })
    }
    expect((await runs()).map(({ id }) => id).sort()).toEqual(ids)
  }

  it('knows every delivery at once, whatever became of its run', expectKnown)

  it('carries every run to its end, but the one that waits for a person', async () => {
    const seen = await until(runs, all => all.every(({ state }) => state === 'done' || state === 'parked'))
    const parked = seen.filter(({ state }) => state === 'parked')
    expect(parked).toHaveLength(1)
    const shown = await api(runtime, 'GET', `runs/${parked[0]!.id}?reveal=1`)
    expect(await shown.json()).toMatchObject({ reason: expect.stringContaining('Not allowed.') })
    expect((await api(runtime, 'POST', `runs/${parked[0]!.id}/resume`)).status).toBe(200)
    await until(runs, all => all.every(({ state }) => state === 'done'))
  })

  it('has made every record, and none twice', () => {
    expect(standing(runtime.sandbox)).toEqual(onceEach(visitors))
    const documents = runtime.sandbox.account('smith').all('documents')
    const names = documents.filter(({ data }) => data.deleted_at === null).map(({ data }) => data.name)
    expect(names.sort()).toEqual(['done.pdf', 'under way.pdf'])
    expect(JSON.stringify(documents)).not.toContain('"fully_uploaded":false')
    expect(runtime.sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 })
  })

  it('knows every delivery when all is done', expectKnown)

  it('leaves no word of before on the disk when the firm is exported, erased and imported: free pages and write-ahead log included', async () => {
    // Texts long enough not to stand anywhere by chance: what clients said, and the keys that were kept in clear.
    const words = sent.flatMap(({ endpoint, key }) => {
      const n = key.replace(/^\D*/, '')
      return endpoint === 'papers'
        ? [key, `What stands in ${key.replace('papers-', '')}`]
        : [`pat${n}@mail.example`, `I am number ${n}.`, ...(endpoint === 'website' ? [key] : [])]
    })
    const found = () => traces([...filesBelow(runtime.state), runtime.log], words)
    expect(found().length).toBeGreaterThan(words.length)
    const passphrase = { 'export-passphrase': 'a passphrase that nobody guesses' }
    const as = (more: Record<string, string>) => ({ authorization: `Bearer ${runtime.adminToken}`, ...more })
    const at = `${runtime.url}/api/firms/${firm}`
    const exported = await until(
      () => fetch(`${at}/export`, { headers: as(passphrase) }),
      ({ status }) => status !== 503,
    )
    expect(exported.status).toBe(200)
    const body = await exported.arrayBuffer()
    expect((await fetch(`${at}?confirm=${firm}`, { method: 'DELETE', headers: as({}) })).status).toBe(202)
    await until(
      () => api(runtime, 'GET', 'stats'),
      ({ status }) => status === 404,
    )
    const imported = await fetch(`${at}/import`, { method: 'POST', headers: as(passphrase), body })
    expect([imported.status, imported.ok ? '' : await imported.text()]).toEqual([201, ''])
    expect(found()).toEqual([])
    expect((await api(runtime, 'PUT', 'secrets/PARTNER_SECRET', partnerSecret)).status).toBe(204)
    expect((await api(runtime, 'POST', 'resume', {})).status).toBe(200)
    await expectKnown()
    // Shut down in order or not: what was in the write-ahead log only stands somewhere else then.
    await runtime.kill()
    expect(found()).toEqual([])
    await runtime.start()
    await expectKnown()
    expect(found()).toEqual([])
  })
})
