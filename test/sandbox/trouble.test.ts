import { expect, test } from 'vitest'
import type { Rule } from '../../src/sandbox/trouble.ts'
import { Trouble } from '../../src/sandbox/trouble.ts'
import { type Clio, person, startClio } from './helpers.ts'

/** What goes wrong between a call and its answer. */

const ada = person('Ada', 'Byron')
const found = async (clio: Clio) => (await clio.get('contacts?query=byron')).list.length

function struck(action: Rule['action'], rule: Partial<Rule> = {}): Clio {
  const clio = startClio()
  clio.sandbox.trouble.add({ method: 'POST', path: '^contacts$', times: 1, ...rule, action })
  return clio
}

test('an answer can be lost after the work was done', async () => {
  const clio = struck({ do: 'lose' })
  await expect(clio.post('contacts', ada)).rejects.toThrow('cut off')
  expect(await found(clio)).toBe(1)
  expect(clio.sandbox.ledger.entries[0]).toMatchObject({ status: 201, trouble: 'lose' })
})

test('a connection can break before anything was done', async () => {
  const clio = struck({ do: 'drop' })
  await expect(clio.post('contacts', ada)).rejects.toThrow('cut off')
  expect(await found(clio)).toBe(0)
  expect(clio.sandbox.ledger.entries[0]).toMatchObject({ status: null, appliedAt: null, trouble: 'drop' })
})

test.each([
  [true, 1],
  [false, 0],
])('a 5xx may come when the work was done or not (done: %s)', async (applied, records) => {
  const clio = struck({ do: 'fail', status: 502, applied })
  const told = await clio.post('contacts', ada)
  expect([told.status, told.error.type]).toEqual([502, 'InternalServerError'])
  expect(await found(clio)).toBe(records)
})

test('a 5xx may be a page', async () => {
  const clio = struck({ do: 'fail', status: 503, html: true })
  const told = await clio.post('contacts', ada)
  expect(told.headers.get('content-type')).toContain('text/html')
  expect(told.text).toContain('<h1>')
})

test('a refusal can be put in: 403, with words', async () => {
  const clio = struck({ do: 'fail', status: 403, message: 'Not yours.' })
  const told = await clio.post('contacts', ada)
  expect([told.status, told.error.message]).toEqual([403, 'Not yours.'])
})

test('a record can land after its caller was cut off', async () => {
  const clio = struck({ do: 'late', ms: 5000 })
  await expect(clio.post('contacts', ada)).rejects.toThrow('cut off')
  expect(await found(clio)).toBe(0)
  clio.pass(5)
  clio.land()
  expect(await found(clio)).toBe(1)
  const [entry] = clio.sandbox.ledger.entries
  expect(entry).toMatchObject({ status: 201, trouble: 'late' })
  expect((entry?.appliedAt ?? 0) - (entry?.closedAt ?? 0)).toBe(5000)
})

test('a call can hang until its caller gives up', async () => {
  const clio = struck({ do: 'hang', applied: true })
  const impatient = new AbortController()
  const call = clio.send('POST', 'contacts', { body: JSON.stringify({ data: ada }), signal: impatient.signal })
  await expect.poll(() => clio.sandbox.ledger.inFlight).toBe(1)
  impatient.abort()
  await expect(call).rejects.toThrow()
  expect(clio.sandbox.ledger.inFlight).toBe(0)
  expect(await found(clio)).toBe(1)
})

test('calls that are slow are in flight together, and the ledger knows the peak', async () => {
  const clio = startClio()
  clio.sandbox.trouble.add({ action: { do: 'slow', ms: 30 } })
  await Promise.all([clio.get('users'), clio.get('users'), clio.get('contacts')])
  clio.sandbox.trouble.clear()
  await clio.get('users')
  expect(clio.sandbox.ledger.view()).toMatchObject({ peak: 3, inFlight: 0 })
})

test('a rule strikes what it matches, after so many, so many times', async () => {
  const clio = struck({ do: 'fail', status: 500 }, { skip: 1, times: 2 })
  const statuses: number[] = []
  for (let index = 0; index < 4; index += 1) {
    statuses.push((await clio.post('contacts', ada)).status)
    expect((await clio.get('contacts')).status).toBe(200)
  }
  expect(statuses).toEqual([201, 500, 500, 201])
})

test('chance is drawn from a seed: the same seed, the same trouble', () => {
  const draw = (seed: number) => {
    const trouble = new Trouble(seed)
    trouble.add({ chance: 0.5, action: { do: 'drop' } })
    return Array.from({ length: 64 }, () => (trouble.strike('GET', 'users') ? 1 : 0)).join('')
  }
  expect(draw(7)).toBe(draw(7))
  expect(draw(7)).not.toBe(draw(8))
  expect(draw(7)).toMatch(/(?=.*0)(?=.*1)/)
})

test('the first rule that strikes wins; cleared, nothing strikes', () => {
  const trouble = new Trouble(1)
  trouble.add({ method: 'POST', action: { do: 'drop' } }, { action: { do: 'slow', ms: 1 } })
  expect(trouble.strike('POST', 'x')?.do).toBe('drop')
  expect(trouble.strike('GET', 'x')?.do).toBe('slow')
  trouble.clear()
  expect(trouble.strike('GET', 'x')).toBeNull()
})

test('a call refused for its pace is not struck', async () => {
  const clio = startClio({ limit: { requests: 1, seconds: 60 } })
  clio.sandbox.trouble.add({ skip: 1, action: { do: 'drop' } })
  await clio.get('users')
  expect((await clio.get('users')).status).toBe(429)
})

test('the ledger keeps every call as it came', async () => {
  const clio = startClio()
  await clio.post('contacts?fields=id', ada, { 'maton-connection': '21fd90f9-5935-43cd-b6c8-bde9d915ca80' })
  expect(clio.sandbox.ledger.entries).toEqual([
    {
      n: 1,
      at: Date.parse('2026-10-15T12:00:00Z'),
      closedAt: Date.parse('2026-10-15T12:00:00Z'),
      method: 'POST',
      path: 'contacts',
      query: 'fields=id',
      body: { data: ada },
      connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
      status: 201,
      appliedAt: Date.parse('2026-10-15T12:00:00Z'),
      trouble: null,
      unknownKeys: [],
      unknownFields: [],
      unknownQuery: [],
    },
  ])
})
