import { env, runInDurableObject } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { families } from '../../src/api/metrics/families.ts'
import { contentType } from '../../src/api/metrics/metrics.ts'
import { registryOf } from '../../src/platform/registry.ts'
import { eventually } from '../eventually.ts'
import { document, operator, problemOf } from './app.ts'
import { readOpenMetrics } from './openmetrics.ts'

/** What a monitoring system reads of all firms. */

const { call, stranger } = operator()
/** Not `text()`: workerd does not know the type for text, and warns. */
const textOf = async (answer: Response) => new TextDecoder().decode(await answer.arrayBuffer())
const metrics = async (query = '') => readOpenMetrics(await textOf(await call('GET', `/metrics${query}`)))
const sampleOf = async (name: string, labels: Record<string, string>) =>
  (await metrics()).get(name)?.samples.find(one => JSON.stringify(one.labels) === JSON.stringify(labels))?.value

const stub = (firm: string) => env.DOCKET.get(env.DOCKET.idFromName(firm))
const told = (firm: string) => stub(firm).wake()
const send = (firm: string, name: string, key: string) => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  return stranger('POST', `/in/${firm}/website`, headers, JSON.stringify({ name }))
}
const parking = {
  rules: [
    { name: 'look', on: { type: 'form.submitted' }, if: "fields.name == 'Jane'", steps: { stop: { park: 'Look' } } },
  ],
}

beforeAll(async () => {
  expect((await call('PUT', '/api/firms/measured/config', await document(parking))).status).toBe(200)
})

describe('/metrics', () => {
  it('is OpenMetrics, with each family’s type and help, and never cached', async () => {
    const answer = await call('GET', '/metrics')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(contentType)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const read = readOpenMetrics(await textOf(answer))
    expect([...read.keys()]).toEqual(families.map(({ name }) => name))
    for (const [name, { help, unit, type }] of read) {
      expect(help, name).toMatch(/\w.*\.$/)
      expect(unit, name).toBe(/_(seconds|ratio)$/.exec(name)?.[1] ?? null)
      expect(['counter', 'gauge']).toContain(type)
    }
  })

  it('is the vendor’s alone', async () => {
    expect((await stranger('GET', '/metrics')).status).toBe(401)
    const made = await call('POST', '/api/firms/measured/tokens', { name: 'admin', role: 'admin' })
    const { token } = (await made.json()) as { token: string }
    const refused = await stranger('GET', '/metrics', { authorization: `Bearer ${token}` })
    expect([refused.status, (await problemOf(refused)).type]).toEqual([403, 'urn:docketed:problem:role'])
    expect((await call('POST', '/metrics')).status).toBe(405)
  })

  it('counts what came in, what became of it, what was sent twice, and what was sent away', async () => {
    expect((await send('measured', 'Jane', 'one')).status).toBe(202)
    expect((await send('measured', 'Ann', 'two')).status).toBe(202)
    expect((await send('measured', 'Jane', 'one')).status).toBe(202)
    expect((await send('measured', 'Eve', 'one')).status).toBe(422)
    await eventually(async () => {
      await told('measured')
      const firm = { firm: 'measured' }
      expect(await sampleOf('docketed_accepted', firm)).toBe(2)
      expect(await sampleOf('docketed_ignored', firm)).toBe(1)
      expect(await sampleOf('docketed_duplicates', firm)).toBe(1)
      expect(await sampleOf('docketed_refused', firm)).toBe(1)
      expect(await sampleOf('docketed_parked', firm)).toBe(1)
      expect(await sampleOf('docketed_parked_by_reason', { ...firm, code: 'by-rule' })).toBe(1)
      expect(await sampleOf('docketed_oldest_open_seconds', firm)).toBe(0)
      expect(await sampleOf('docketed_report_age_seconds', firm)).toBeLessThan(30)
    })
  })

  it('counts a duplicate that KV knew too, which its Docket was not asked about', async () => {
    await eventually(async () => expect((await env.KV.list()).keys.length).toBeGreaterThan(1))
    const before = (await sampleOf('docketed_duplicates', { firm: 'measured' })) ?? 0
    expect((await send('measured', 'Ann', 'two')).status).toBe(202)
    await eventually(async () => {
      await told('measured')
      expect(await sampleOf('docketed_duplicates', { firm: 'measured' })).toBe(before + 1)
    })
  })

  it('never counts down: neither when runs are forgotten, nor when the object begins anew', async () => {
    const counts = async () => {
      await told('measured')
      const all = await metrics()
      return [...all].filter(([, { type }]) => type === 'counter').map(([name, { samples }]) => [name, samples])
    }
    const before = await counts()
    await runInDurableObject(stub('measured'), (_, { storage }) => {
      storage.sql.exec("delete from runs where state = 'ignored'")
      storage.sql.exec('delete from attempts')
      storage.sql.exec('delete from refusals')
    })
    expect(await counts()).toEqual(before)
  })

  it('says nothing of any client', async () => {
    const text = await textOf(await call('GET', '/metrics'))
    expect(text).toContain('firm="measured"')
    expect(text).not.toMatch(/jane|ann\b|website/i)
  })

  it('is bounded, and read in spans of names where there are more firms', async () => {
    const report = { open: 0, parked: 0, held: 0, connection: null, lastEventAt: null, nextWake: null, visited: false }
    const registry = registryOf(env)
    for (let n = 0; n < 1003; n++)
      await registry.report({
        ...report,
        firm: `many-${String(n).padStart(4, '0')}`,
        keys: null,
        unfit: null,
        figures: null,
      })
    const shown = async (query: string) => {
      const all = await metrics(query)
      const firms = all.get('docketed_open')!.samples.map(({ labels }) => labels.firm)
      return [firms.length, firms.at(-1), all.get('docketed_firms_left_out')!.samples[0]?.value]
    }
    expect(await shown('?from=many-&to=many.')).toEqual([1000, 'many-0999', 3])
    expect(await shown('?from=many-1000&to=many.')).toEqual([3, 'many-1002', 0])
    expect((await metrics()).get('docketed_firms')!.samples[0]!.value).toBeGreaterThan(1003)
    expect((await call('GET', '/metrics?firm=smith')).status).toBe(400)
  })
})

describe('the reader of this test', () => {
  it.each([
    ['no end', '# TYPE a gauge\na 1\n'],
    ['something behind the end', '# TYPE a gauge\n# EOF\na 1\n'],
    ['a sample of another family', '# TYPE a gauge\nb 1\n# EOF\n'],
    ['a counter without _total', '# TYPE a counter\na 1\n# EOF\n'],
    ['a family twice', '# TYPE a gauge\n# TYPE b gauge\n# TYPE a gauge\n# EOF\n'],
    ['a series twice', '# TYPE a gauge\na{b="1"} 1\na{b="1"} 2\n# EOF\n'],
    ['a unit that is not in the name', '# TYPE a gauge\n# UNIT a seconds\n# EOF\n'],
    ['an empty line', '# TYPE a gauge\n\n# EOF\n'],
    ['a value that is none', '# TYPE a gauge\na null\n# EOF\n'],
  ])('refuses %s', (_, text) => {
    expect(() => readOpenMetrics(text)).toThrow()
  })
})
