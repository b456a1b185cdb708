import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { answers, configuration, configure, firm, standing } from '../e2e/firm.ts'
import { boundless, type Runtime, startRuntime, until } from '../e2e/runtime.ts'
import { type Load, load, type Measured } from './load.ts'

/** `npm run bench`: how fast events are acknowledged and carried out on this machine, measured against a route that does nothing. */

const form = (n: number) => new URLSearchParams(answers(n)).toString()

/** The rate after a second of warming up, which takes the numbers below `from`. */
async function measured(url: string, seconds: number): Promise<Measured> {
  const one = (from: number, options: Pick<Load, 'seconds' | 'most'>) =>
    load({ url, body: n => form(from + n), ...options })
  await one(0, { seconds: 2, most: 2000 })
  return one(10_000, { seconds, most: 20_000 })
}

async function floor(): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-floor-'))
  const port = (await freePort(26_000))!
  const url = `http://127.0.0.1:${port}`
  const dev = startDev({ port, folder, vars: {}, config: join(import.meta.dirname, 'noop.toml') })
  const answers = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(answers, ok => ok, { seconds: 60 })
  const result = await measured(`${url}/in/${firm}/website`, 6)
  await dev.kill()
  await rm(folder, { recursive: true, force: true })
  return result
}

/** Runs `work` on a Worker of its own, with a firm of that pace. */
async function withFirm<T>(
  pace: { requests: number; seconds: number },
  work: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const runtime = await startRuntime({ limit: pace })
  try {
    await configure(runtime, configuration(pace))
    return await work(runtime)
  } finally {
    await runtime.close()
  }
}

/** Takes in visitors at the usual pace of Clio, which is what a firm's Docket does meanwhile. */
const acknowledged = () =>
  withFirm({ requests: 50, seconds: 60 }, ({ url }) => measured(`${url}/in/${firm}/website`, 6))

interface Drained {
  readonly runs: number
  readonly calls: number
  readonly refused: number
  /** Seconds from the first call on Clio to the last. */
  readonly seconds: number
}

/** Sends that many visitors at once and waits until the last one's task stands in Clio. */
async function drained({ url, sandbox }: Runtime, runs: number): Promise<Drained> {
  const { failed } = await load({ url: `${url}/in/${firm}/website`, body: form, seconds: 60, most: runs })
  if (failed > 0) throw new Error(`${failed} of ${runs} were not acknowledged.`)
  await until(
    () => standing(sandbox).tasks.length,
    tasks => tasks === runs,
    { seconds: 300 },
  )
  const { entries } = sandbox.ledger
  const moments = entries.map(({ at }) => at)
  return {
    runs,
    calls: entries.length,
    refused: entries.filter(({ status }) => status === 429).length,
    seconds: (Math.max(...moments) - Math.min(...moments)) / 1000,
  }
}

// Leaving by `exit` ends the Workers that were started; a signal alone would leave them behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const say = (name: string, value: string, note: string) =>
  console.log(`${name.padEnd(34)}${value.padStart(9)}   ${note}`)
const times = (value: number) => `${value.toFixed(2)} ×`
const latency = ({ median, slow }: Measured) => `median ${median.toFixed(0)} ms, 99 % below ${slow.toFixed(0)} ms`

console.log(
  `\nOn this machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, wrangler dev; load from the same machine.\n`,
)

const nothing = await floor()
say('no-op route, requests/s', nothing.perSecond.toFixed(0), `the floor; ${latency(nothing)}`)

const acks = await acknowledged()
if (acks.failed > 0) throw new Error(`${acks.failed} of ${acks.requests} were not acknowledged.`)
say(
  'acknowledged events/s',
  acks.perSecond.toFixed(0),
  `${times(acks.perSecond / nothing.perSecond)} the floor; ${latency(acks)}`,
)

const whole = await withFirm(boundless, runtime => drained(runtime, 300))
const rate = whole.runs / whole.seconds
say(
  'whole runs/s',
  rate.toFixed(0),
  `${times(rate / nothing.perSecond)} the floor; ${(whole.calls / whole.runs).toFixed(2)} calls each`,
)

const pace = { requests: 50, seconds: 5 }
const burst = await withFirm(pace, runtime => drained(runtime, 60))
// The last of n calls can go no earlier than after every full window before it.
const least = Math.floor((burst.calls - 1) / pace.requests) * pace.seconds
say(
  'burst of 60 at 50 calls per 5 s',
  `${burst.seconds.toFixed(1)} s`,
  `${times(burst.seconds / least)} the least for its ${burst.calls} calls; ${burst.refused} times 429`,
)
say(
  'calls for one intake',
  (burst.calls / burst.runs).toFixed(2),
  'contact, matter, task; the burst shares what is looked up',
)

console.log(`
What limits them: an acknowledgement is two reads of KV, a call to the Docket and a transaction there; the Docket's one thread
also carries out what was accepted before. Whole runs are limited by their SQL and by the sandbox, in Clio by its allowance.

Not measured: Cloudflare itself (network, other isolates, replicated storage), TLS, Maton, Clio. The load generator and the
sandbox take their share of the same processors.
`)
process.exit(0)
