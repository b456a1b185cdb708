import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { from } from './checkout.ts'
import { anywhere, configuration, papers, type Sent, send, signed, states, visitor } from './state.ts'

/**
 * Keeps what a Worker leaves behind on the real local runtime when it is killed at work: `node test/upgrade/keep-state.ts N [checkout]`
 * writes `states/N.tar.gz`, the folder as `wrangler dev` had it, and `states/N.json`, what was sent and what then stood in Clio.
 * Number 1 was made of commit 4c7b05d: see freeze.ts.
 */

const { positionals } = parseArgs({ allowPositionals: true })
const [number, place = join(import.meta.dirname, '../..')] = positionals
if (!/^\d+$/.test(number ?? '')) throw new Error('Which version? node test/upgrade/keep-state.ts N [checkout]')
const checkout = resolve(place)

const { startRuntime, until } = await from<typeof import('../e2e/runtime.ts')>(checkout, 'test/e2e/runtime.ts')
const { api, configure, partnerSecret, runsOf } = await from<typeof import('../e2e/firm.ts')>(
  checkout,
  'test/e2e/firm.ts',
)
const { snapshotOf } = await from<typeof import('../../src/sandbox/run/snapshot.ts')>(
  checkout,
  'src/sandbox/run/snapshot.ts',
  'src/sandbox/snapshot.ts',
)

// What is not known to be done or not is still waited for when the Worker dies.
const runtime = await startRuntime({ settle: 30 })
try {
  const { sandbox } = runtime
  await configure(runtime, configuration(Number(sandbox.account('smith').all('matters')[0]!.id)))
  const stored = await api(runtime, 'PUT', 'secrets/PARTNER_SECRET', partnerSecret)
  if (!stored.ok) throw new Error(await stored.text())

  const sent: Sent[] = []
  async function comes(one: Omit<Sent, 'run'>): Promise<void> {
    const { status, receipt } = await send(runtime.url, one)
    if (status !== 202 || receipt.duplicate) throw new Error(`${status} ${JSON.stringify(receipt)}`)
    sent.push({ ...one, run: receipt.run })
  }
  const stateOf = async (state: string) => (await runsOf(runtime)).filter(run => run.state === state).length
  const ended = (state: string, count: number) =>
    until(
      () => stateOf(state),
      seen => seen >= count,
    )

  for (let n = 0; n < 4; n++) await comes(visitor(n))
  await comes(signed(4))
  await comes(papers('done'))
  await ended('done', 6)
  const { trouble } = sandbox
  trouble.add({
    method: 'POST',
    path: '^matters',
    times: 1,
    action: { do: 'fail', status: 403, message: 'Not allowed.' },
  })
  await comes(visitor(5))
  await ended('parked', 1)
  trouble.add({ method: 'POST', path: '^contacts', times: 2, action: { do: 'lose' } })
  await comes(visitor(6))
  await comes(visitor(7))
  await ended('waiting', 2)
  trouble.add({ method: 'PUT', path: '^_storage$', times: 1, action: { do: 'hang' } })
  await comes(papers('under way'))
  trouble.add({ method: 'POST', path: '^(matters|tasks)', action: { do: 'slow', ms: 1500 } })
  for (let n = 8; n < 17; n++) await comes(visitor(n))
  // Matters that stand already, of which the Docket has not heard: it may make none of them again.
  const unheard = () => sandbox.ledger.entries.filter(one => one.path === 'matters' && one.appliedAt && !one.closedAt)
  await until(unheard, seen => seen.length >= 3, { every: 5 })
  await runtime.kill()
  await until(
    () => sandbox.ledger.inFlight,
    flying => flying === 0,
  )

  mkdirSync(states, { recursive: true })
  const archive = join(states, `${number}.tar.gz`)
  // What the Worker itself stored, as the kill left it; the indexes of the write-ahead logs are made anew.
  const kept = ['v3/do', 'v3/kv', 'v3/r2']
  execFileSync('tar', ['-czf', archive, '--owner=0', '--group=0', '--exclude=*-shm', '-C', runtime.state, ...kept])
  const lines = (values: readonly unknown[]) => `[\n  ${values.map(one => JSON.stringify(one)).join(',\n  ')}\n]`
  // Where its storage stands is another place next time.
  const clio = JSON.stringify(snapshotOf(sandbox)).replaceAll(sandbox.origin, anywhere)
  const around = `{\n"sent": ${lines(sent)},\n"clio": ${clio}\n}\n`
  writeFileSync(join(states, `${number}.json`), around)
  console.log(execFileSync('ls', ['-l', states], { encoding: 'utf8' }))
} finally {
  await runtime.close()
}
