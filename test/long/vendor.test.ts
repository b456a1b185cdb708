import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { families } from '../../src/api/metrics/families.ts'
import type { FirmSummary } from '../../src/model/registry-rpc.ts'
import { readOpenMetrics } from '../api/openmetrics.ts'
import { answers, configuration, onceEach, type Reachable, type Receipt, standing } from '../e2e/firm.ts'
import { boundless, type Runtime, startRuntime, until } from '../e2e/runtime.ts'
import { fetchReference, readByReference } from './reference-parser.ts'

/**
 * A vendor's two hundred firms on the real runtime, with the commands that the vendor types (docs/cli.md, docs/firms.md,
 * docs/rotation.md): pushed, at work while keys change, listed, one moved elsewhere, one erased. What is in Clio in the end is counted.
 */

const firms = Array.from({ length: 200 }, (_, n) => `firm-${String(n).padStart(3, '0')}`)
/** Visitors of each firm. */
const visitors = 4
const [mover, leaver] = [firms[17]!, firms[42]!]

let here: Runtime
let there: Runtime
let folder = ''
beforeAll(async () => {
  here = await startRuntime()
  there = await startRuntime({ beside: here, vars: { DATA_KEY: dataKey() } })
  folder = mkdtempSync(join(tmpdir(), 'docketed-vendor-'))
  for (const firm of firms) {
    const { endpoints, rules, ...rest } = configuration(boundless)
    const { website } = endpoints as { website: object }
    const connection = here.sandbox.connect(firm)
    const [intake] = rules as [object]
    const document = {
      ...rest,
      connection,
      endpoints: { website },
      rules: [{ ...intake, on: { type: 'form.submitted' } }],
    }
    writeFileSync(join(folder, `${firm}.jsonc`), `// ${firm}\n${JSON.stringify(document, null, 2)}\n`)
  }
})
afterAll(async () => {
  await there?.close()
  await here?.close()
  if (folder) rmSync(folder, { recursive: true })
})

const dataKey = () => randomBytes(32).toString('base64')

/** A command as it is typed: a process of its own. */
function type(at: Reachable, ...words: string[]): Promise<{ code: number; said: string; noted: string }> {
  const env = {
    ...process.env,
    DOCKETED_URL: at.url,
    DOCKETED_TOKEN: at.adminToken,
    DOCKETED_TO_TOKEN: there.adminToken,
    EXPORT_PASSPHRASE: 'a passphrase that nobody guesses',
  }
  const options = { env, cwd: folder, maxBuffer: 2 ** 26 }
  const file = join(import.meta.dirname, '../../src/tools/docketed.ts')
  return new Promise(resolve => {
    const child = execFile(process.execPath, [file, ...words], options, (_, said, noted) =>
      resolve({ code: child.exitCode ?? -1, said: said.trimEnd(), noted: noted.trimEnd() }),
    )
  })
}

async function typed(at: Reachable, ...words: string[]): Promise<string> {
  const { code, said, noted } = await type(at, ...words)
  expect([words[0], code, noted.replace(/^\d+ firms?\.$/, '')], said).toEqual([words[0], 0, ''])
  return said
}

const list = async (at: Reachable) => JSON.parse(await typed(at, 'firms', '--json')) as FirmSummary[]

/** As senders do: what is not taken is sent again. @throws on what will never be taken */
async function deliver(at: Reachable, firm: string, n: number): Promise<Receipt> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `visitor-${n}` }
  for (;;) {
    // Without a status: the connection was cut, before the answer or in it.
    const { status, text } = await fetch(`${at.url}/in/${firm}/website`, {
      method: 'POST',
      headers,
      body: JSON.stringify(answers(n)),
      signal: AbortSignal.timeout(30_000),
    })
      .then(async answer => ({ status: answer.status, text: await answer.text() }))
      .catch(() => ({ status: 0, text: '' }))
    if (status === 202) return JSON.parse(text) as Receipt
    if (status > 0 && status < 500) throw new Error(`${firm} ${n}: ${status} ${text}`)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}

/** All of them, a few at a time. */
async function each<T, R>(all: readonly T[], one: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const sender = async () => {
    for (let at = next++; at < all.length; at = next++) results[at] = await one(all[at]!, at)
  }
  await Promise.all(Array.from({ length: 8 }, sender))
  return results
}

const get = (path: string) => fetch(`${here.url}${path}`, { headers: { authorization: `Bearer ${here.adminToken}` } })

const figures: string[] = []
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await work()
  figures.push(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return result
}
afterAll(() => console.log(figures.join('\n')))

const health = async () => (await (await fetch(`${here.url}/healthz`)).json()) as { status: string; keysLeft: number }

/** Of what was acknowledged: the run of each visitor of each firm. */
const acknowledged = new Map<string, string>()

it('two hundred documents are pushed with one command; the second time nothing changes', async () => {
  const first = await timed('push of 200', () => typed(here, 'push', '--yes', folder))
  expect(first).toMatch(/200 saved, 0 as stored, 0 refused, in [\d.]+ s\.$/)
  const versions = async () => each(firms, async firm => (await get(`/api/firms/${firm}/config`)).headers.get('etag'))
  const before = await versions()
  expect(new Set(before)).toEqual(new Set(['"1"']))
  const second = await timed('push of 200 again', () => typed(here, 'push', '--yes', folder))
  expect(second).toBe('Nothing changes: 200 as stored.')
  expect(await versions()).toEqual(before)
  expect((await list(here)).map(({ id }) => id)).toEqual(firms)
})

/** Firms that wait for nobody are awake; silent ones would be woken by the cron, within two days. */
const allWrapped = () =>
  until(
    async () => {
      await fetch(`${here.url}/cdn-cgi/local/scheduled`)
      return health()
    },
    ({ keysLeft }) => keysLeft === 0,
    { every: 3000, seconds: 240 },
  )

it('each takes its visitors while the keys are changed twice, and carries each out once', async () => {
  const keys = [Buffer.alloc(32, 'docketed').toString('base64'), dataKey(), dataKey()] as const
  async function turn(by: 1 | 2): Promise<void> {
    await here.kill()
    const [DATA_KEY, DATA_KEY_OLD] = [keys[by], keys[by - 1]!]
    here.change({ DATA_KEY, DATA_KEY_OLD, ADMIN_TOKEN: randomBytes(24).toString('hex') })
    await here.start()
    const { keysLeft } = await health()
    expect(keysLeft).toBeGreaterThan(firms.length / 2)
    figures.push(`firms whose keys the new one does not wrap yet, just after rotation ${by}: ${keysLeft}`)
  }
  for (const by of [1, 2] as const) {
    // In the middle of the one visitor of each firm; the next finds every firm under the newest key.
    const deliveries = [2 * by - 2, 2 * by - 1].flatMap(n => firms.map(firm => ({ firm, n })))
    let turning = Promise.resolve()
    await timed(`${deliveries.length} visitors taken, a kill and a rotation among them`, async () => {
      await each(deliveries, async ({ firm, n }, at) => {
        if (at === firms.length / 2) turning = turn(by)
        acknowledged.set(`${firm} ${n}`, (await deliver(here, firm, n)).run)
      })
      await turning
    })
    // As docs/rotation.md has it: the key before the last goes only when it wraps nobody any more.
    await timed(`rotation ${by}: all wrapped anew, as the registry was told`, allWrapped)
  }
  const count = firms.length * visitors
  expect(new Set(acknowledged.values()).size).toBe(count)
  const tasks = () => firms.reduce((sum, firm) => sum + standing(here.sandbox, firm).tasks.length, 0)
  await timed('the rest carried out', () => until(tasks, made => made >= count, { seconds: 300 }))
  for (const firm of firms) expect([firm, standing(here.sandbox, firm)]).toEqual([firm, onceEach(visitors)])
})

it('no key of before is left: DATA_KEY_OLD is taken away, and every firm knows its visitors', async () => {
  await here.kill()
  here.change({ DATA_KEY_OLD: null })
  await here.start()
  expect(await health()).toMatchObject({ status: 'ok', keysLeft: 0 })
  const again = await timed(`${acknowledged.size} deliveries again`, () =>
    each([...acknowledged], async ([who, run]) => {
      const [firm, n] = who.split(' ') as [string, string]
      return [await deliver(here, firm, Number(n)), { run, status: 'accepted', duplicate: true }] as const
    }),
  )
  for (const [receipt, expected] of again) expect(receipt).toEqual(expected)
  for (const firm of firms) expect([firm, standing(here.sandbox, firm)]).toEqual([firm, onceEach(visitors)])
  const runs = await each(firms, async firm => {
    const { runs } = (await (await get(`/api/firms/${firm}/runs`)).json()) as { runs: { id: string; state: string }[] }
    return runs.map(({ id, state }) => `${id} ${state}`).sort()
  })
  const expected = (firm: string) =>
    Array.from({ length: visitors }, (_, n) => `${acknowledged.get(`${firm} ${n}`)} done`).sort()
  expect(runs).toEqual(firms.map(expected))
})

it('all are listed, with nothing open', async () => {
  const all = await until(
    () => list(here),
    seen => seen.every(({ open }) => open === 0),
    { every: 2000, seconds: 150 },
  )
  expect(all.map(({ id, open, parked, held }) => ({ id, open, parked, held }))).toEqual(
    firms.map(id => ({ id, open: 0, parked: 0, held: 0 })),
  )
  const metrics = await (await get('/metrics')).text()
  const done = [...metrics.matchAll(/^docketed_done_total\{firm="([^"]+)"\} (\d+)$/gm)]
  expect(done.map(([, firm, count]) => [firm, Number(count)])).toEqual(firms.map(firm => [firm, visitors]))
})

it('what a monitoring system reads of all of them is what the reference parser reads', async () => {
  const text = await (await get('/metrics')).text()
  const parser = join(folder, 'python')
  fetchReference(parser)
  const read = readByReference(text, parser)
  expect(read.map(([name]) => name)).toEqual(families.map(({ name }) => name))
  const ours = [...readOpenMetrics(text)].map(([name, { type, unit, help, samples }]) => [
    ...[name, type, unit, help],
    samples.map(({ labels, value }) => [type === 'counter' ? `${name}_total` : name, labels, value]),
  ])
  expect(ours).toEqual(read)
  expect(() => readByReference(text.replace('# EOF\n', ''), parser)).toThrow('Missing # EOF')
})

it('one moves elsewhere: what was delivered here is a duplicate there, and what is new is done there', async () => {
  const file = join(folder, 'moved.docketed')
  const said = await timed('move', () => typed(here, 'move', mover, file, '--to', there.url, '--yes'))
  expect(said).toContain(`with ${visitors} runs. It is held`)
  expect(readFileSync(file, 'latin1')).not.toContain('Doe')
  for (let n = 0; n < visitors; n++) {
    const run = acknowledged.get(`${mover} ${n}`)!
    expect(await deliver(there, mover, n)).toEqual({ run, status: 'accepted', duplicate: true })
  }
  expect((await deliver(there, mover, visitors)).duplicate).toBe(false)
  await typed(there, 'hold', mover, '--end', '--yes')
  const count = visitors + 1
  await until(
    () => standing(here.sandbox, mover).tasks.length,
    tasks => tasks >= count,
  )
  expect(standing(here.sandbox, mover)).toEqual(onceEach(count))
  expect((await list(there)).map(({ id }) => id)).toEqual([mover])
})

it('one is erased: nobody knows it any more, its records stay in Clio, and the others go on', async () => {
  expect(await typed(here, 'erase', leaver, '--yes')).toContain('is being erased')
  await until(
    async () => (await list(here)).map(({ id }) => id),
    ids => !ids.includes(leaver),
  )
  expect((await list(here)).map(({ id }) => id)).toEqual(firms.filter(firm => firm !== leaver))
  expect((await type(here, 'runs', leaver)).code).toBe(3)
  await expect(deliver(here, leaver, 0)).rejects.toThrow('404')
  expect(standing(here.sandbox, leaver)).toEqual(onceEach(visitors))

  const [neighbour] = firms.filter(firm => firm !== leaver && firm !== mover)
  expect((await deliver(here, neighbour!, visitors)).duplicate).toBe(false)
  await until(
    () => standing(here.sandbox, neighbour).tasks.length,
    tasks => tasks > visitors,
  )
  const count = (firm: string) => visitors + Number(firm === neighbour || firm === mover)
  for (const firm of firms) expect([firm, standing(here.sandbox, firm)]).toEqual([firm, onceEach(count(firm))])
})
