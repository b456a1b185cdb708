import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { carryOut } from '../../src/tools/line.ts'
import { answers, api, configuration, configure, firm, type Reachable, type Receipt, runsOf, statsOf } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** A firm moves from one Worker to another, by the commands that a vendor types. */

let here: Runtime
let there: Runtime
let folder = ''
beforeAll(async () => {
  here = await startRuntime()
  there = await startRuntime({ beside: here })
  folder = mkdtempSync(join(tmpdir(), 'docketed-move-'))
})
afterAll(async () => {
  await there?.close()
  await here?.close()
  if (folder) rmSync(folder, { recursive: true })
})

async function type(runtime: Runtime, line: string) {
  const said: string[] = []
  const note = (text: string) => void said.push(text)
  const code = await carryOut(line.split(' '), {
    fetch,
    env: {
      DOCKETED_URL: runtime.url,
      DOCKETED_TOKEN: runtime.adminToken,
      DOCKETED_TO_TOKEN: there.adminToken,
      EXPORT_PASSPHRASE: 'a passphrase that nobody guesses',
    },
    terminal: false,
    say: note,
    note,
    progress: () => {},
    ask: async () => null,
    input: async () => '',
    sleep: async () => {},
    now: Date.now,
  })
  return { code, said: said.join('\n') }
}

async function deliver(runtime: Reachable, n: number): Promise<Receipt> {
  const answer = await fetch(`${runtime.url}/in/${firm}/website`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `visitor-${n}`, origin: 'https://smith.example' },
    body: JSON.stringify(answers(n, n === 2 ? { matter_type: 'No such area' } : {})),
  })
  expect(answer.status).toBe(202)
  return (await answer.json()) as Receipt
}

it('with its runs: what was delivered before is a duplicate there, what was parked goes on there, and here nothing is left', async () => {
  await configure(here, configuration(boundless))
  const first = await deliver(here, 1)
  await deliver(here, 2)
  await until(
    () => statsOf(here),
    ({ counts }) => counts.done === 1 && counts.parked === 1,
  )

  const file = join(folder, 'smith.docketed')
  expect((await type(here, `move ${firm} ${file} --to ${there.url}`)).code).toBe(2)
  const moved = await type(here, `move ${firm} ${file} --to ${there.url} --yes`)
  expect([moved.code, moved.said]).toEqual([0, expect.stringContaining('with 2 runs. It is held')])
  expect(readFileSync(file, 'latin1')).not.toContain('Doe1')
  expect((await statsOf(here)).connection.code).toBe('by-hand')
  expect((await statsOf(there)).connection.code).toBe('imported')

  expect(await deliver(there, 1)).toEqual({ run: first.run, status: 'accepted', duplicate: true })
  expect((await deliver(there, 3)).duplicate).toBe(false)
  expect((await type(there, `hold ${firm} --end --yes`)).code).toBe(0)
  await until(
    () => statsOf(there),
    ({ counts }) => counts.done === 2,
  )
  const parked = (await runsOf(there)).find(({ state }) => state === 'parked')!
  const mended = await api(there, 'POST', `runs/${parked.id}/resume`, { answers: { matter_type: 'Family Law' } })
  expect(mended.status).toBe(200)
  await until(
    () => statsOf(there),
    ({ counts }) => counts.done === 3,
  )
  const names = JSON.stringify(there.sandbox.records())
  for (const n of [2, 3]) expect(names).toContain(`Doe${n}`)

  expect((await type(here, `erase ${firm} --yes`)).code).toBe(0)
  await until(
    () => api(here, 'GET', 'stats'),
    answer => answer.status === 404,
  )
  const { said } = await type(here, 'firms --json')
  expect(JSON.parse(said)).toEqual([])
})
