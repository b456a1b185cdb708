import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clioAt, type Sent, send, statesKept } from '../upgrade/state.ts'
import { api, onceEach, runsOf, standing } from './firm.ts'
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
    const seen = await until(runs, all => all.every(({ state }) => state === 'done' || state === 'parked'), {
      seconds: 90,
    })
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
})
