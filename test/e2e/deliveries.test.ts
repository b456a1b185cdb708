import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answers, configuration, configure, onceEach, post, runsOf, standing } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** However often an event is delivered, it is one run (I6). */

let runtime: Runtime
beforeAll(async () => {
  runtime = await startRuntime()
  await configure(runtime, configuration(boundless))
})
afterAll(() => runtime.close())

const twenty = <T>(one: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 20 }, one))
const key = { 'idempotency-key': 'delivery-0' }
const allDone = () =>
  until(
    () => runsOf(runtime),
    runs => runs.every(({ state }) => state === 'done'),
  )

/** How many idempotency keys stand in KV. */
async function keysInKv(): Promise<number> {
  const folder = join(runtime.state, 'v3/kv/miniflare-KVNamespaceObject')
  const files = (await readdir(folder)).filter(name => name.endsWith('.sqlite') && !name.startsWith('metadata'))
  return files.reduce((sum, file) => {
    const database = new DatabaseSync(join(folder, file), { readOnly: true })
    const row = database.prepare("select count(*) as n from _mf_entries where key like 'key:%'").get()
    database.close()
    return sum + Number(row?.n)
  }, 0)
}

it('twenty identical deliveries at once are one run, and exactly one of them was the first', async () => {
  const delivered = await twenty(() => post(runtime, answers(0), key))
  expect(delivered.map(({ status }) => status)).toEqual(Array(20).fill(202))
  expect(new Set(delivered.map(({ receipt }) => receipt.run)).size).toBe(1)
  const first = delivered.filter(({ receipt }) => !receipt.duplicate)
  expect(first).toHaveLength(1)
  for (const { headers, receipt } of delivered) {
    expect(headers.get('location')).toBe(`/api/firms/smith/runs/${receipt.run}`)
    expect(headers.get('idempotency-replayed')).toBe(receipt.duplicate ? 'true' : null)
  }
  expect(await allDone()).toHaveLength(1)
  expect(standing(runtime.sandbox)).toEqual(onceEach(1))
})

it('after the run has ended they get the same receipt, and nothing happens', async () => {
  const [run] = await runsOf(runtime)
  const calls = runtime.sandbox.ledger.entries.length
  for (const { status, receipt } of await twenty(() => post(runtime, answers(0), key))) {
    expect(status).toBe(202)
    expect(receipt).toEqual({ run: run!.id, status: 'accepted', duplicate: true })
  }
  expect(await runsOf(runtime)).toHaveLength(1)
  expect(runtime.sandbox.ledger.entries).toHaveLength(calls)
})

it('the same key with other answers is refused, while the run is known to KV and while it is not', async () => {
  const fresh = { 'idempotency-key': 'delivery-1' }
  const { receipt } = await post(runtime, answers(1), fresh)
  for (const headers of [key, fresh]) {
    const other = await post(runtime, answers(0, { message: 'Something else.' }), headers)
    expect(other.status).toBe(422)
    expect(other.receipt).toMatchObject({ type: expect.stringContaining('idempotency-conflict') })
  }
  await allDone()
  expect((await post(runtime, answers(1), fresh)).receipt).toMatchObject({ run: receipt.run, duplicate: true })
})

it('the order of the answers and the space around them make no other event', async () => {
  const turned = Object.fromEntries(Object.entries(answers(0)).reverse())
  const again = await post(runtime, { ...turned, first_name: ' Pat ' }, key)
  expect(again.receipt.duplicate).toBe(true)
})

it('two visitors of a static page have the same _id and other answers: two runs, and each only once', async () => {
  const visit = (n: number) => post(runtime, { _id: 'the-id-of-the-page', ...answers(n) })
  const delivered = await Promise.all([visit(2), visit(3), visit(2), visit(3)])
  expect(new Set(delivered.map(({ receipt }) => receipt.run)).size).toBe(2)
  expect(delivered.filter(({ receipt }) => !receipt.duplicate)).toHaveLength(2)
  expect(await allDone()).toHaveLength(4)
  expect(standing(runtime.sandbox)).toEqual(onceEach(4))
})

it('without any id, equal answers within minutes are one event', async () => {
  const delivered = await twenty(() => post(runtime, answers(4)))
  expect(new Set(delivered.map(({ receipt }) => receipt.run)).size).toBe(1)
  expect(delivered.filter(({ receipt }) => !receipt.duplicate)).toHaveLength(1)
  await allDone()
  expect(standing(runtime.sandbox)).toEqual(onceEach(5))
})

it('what has ended is answered from KV alone: even when the Docket itself is gone', async () => {
  const first = (await runsOf(runtime)).at(-1)!
  // All but that of the visitor who had none.
  await until(keysInKv, count => count === 4)
  await runtime.kill()
  await rm(join(runtime.state, 'v3/do/docketed-Docket'), { recursive: true })
  await runtime.start()
  const again = await post(runtime, answers(0), key)
  expect(again.receipt).toEqual({ run: first.id, status: 'accepted', duplicate: true })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  // Anything new needs the Docket, which knows of no firm any more.
  expect((await post(runtime, answers(9))).status).toBe(404)
})
