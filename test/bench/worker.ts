import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as workerOptions } from 'wrangler'
import { startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { build } from '../bundle/build.ts'
import { until } from '../e2e/runtime.ts'
import { cpuSeconds, descendants, memory } from './processes.ts'

/** Where a Worker is tried: under `wrangler dev`, or on Miniflare alone, without the proxy that wrangler puts before it. */
export type Place = 'wrangler dev' | 'Miniflare'

export interface Worker {
  readonly url: string
  /** Where what it stores is kept. */
  readonly state: string
  /** Seconds of processor time that the runtime has used so far; null where the system does not tell. */
  cpu(): number | null
  /** Bytes of memory that the runtime has; null where the system does not tell. */
  memory(): number | null
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
export const ours = join(root, 'wrangler.toml')
export const noop = join(import.meta.dirname, 'workers/noop.toml')
export const store = join(import.meta.dirname, 'workers/store.toml')
export const bareClaim = join(import.meta.dirname, 'workers/claim.toml')

/** @param config the wrangler.toml of the Worker. Resolves when `/healthz` answers; state is kept on disk, and gone after `close`. */
export async function startWorker(place: Place, config: string, vars: Record<string, string> = {}): Promise<Worker> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-bench-'))
  const before = new Set(descendants())
  const start = place === 'wrangler dev' ? underWrangler : onMiniflare
  const { url, stop } = await start(config, vars, folder)
  const answers = () =>
    fetch(`${url}/healthz`, { signal: AbortSignal.timeout(10_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(answers, ok => ok, { seconds: 60 })
  const runtime = descendants()
    .filter(({ pid, name }) => name === 'workerd' && ![...before].some(one => one.pid === pid))
    .map(({ pid }) => pid)
  return {
    url,
    state: join(folder, 'state'),
    cpu: () => (runtime.length === 0 ? null : cpuSeconds(runtime)),
    memory: () => (runtime.length === 0 ? null : memory(runtime)),
    async close() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Started {
  readonly url: string
  stop(): Promise<void>
}

async function underWrangler(config: string, vars: Record<string, string>, folder: string): Promise<Started> {
  const port = await freePort(26_000 + Math.floor(Math.random() * 2000))
  if (port === undefined) throw new Error('No port is free for the Worker.')
  const dev = startDev({ port, folder, vars, config })
  return { url: `http://127.0.0.1:${port}`, stop: () => dev.kill() }
}

/** What wrangler would deploy, with the bindings that it reads from the configuration. */
async function onMiniflare(config: string, vars: Record<string, string>, folder: string): Promise<Started> {
  const { script } = await build({ config })
  // Rules for files beside the script: the bundle has none.
  const { modulesRules: _, ...worker } = quietly(() => workerOptions(config)).workerOptions
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      ...worker,
      script,
      modules: true,
      bindings: { ...(worker.bindings as Record<string, string>), ...vars },
      host: '127.0.0.1',
      port: 0,
      cf: false,
      // Mail and the cron come in at addresses of its own, as under wrangler.
      unsafeTriggerHandlers: true,
      resourcePersistencePath: join(folder, 'state'),
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: () => {},
    }),
  )
  const { origin } = await runtime.ready
  return { url: origin, stop: () => runtime.dispose() }
}

/** wrangler warns of secrets that stand in no file: they are given beside it. */
function quietly<T>(work: () => T): T {
  const { warn, log } = console
  console.warn = console.log = () => {}
  try {
    return work()
  } finally {
    Object.assign(console, { warn, log })
  }
}

/** Bytes by which the runtime's memory grows at the most while something is done. */
export async function growth({ memory }: Pick<Worker, 'memory'>, work: () => Promise<unknown>): Promise<number> {
  const floor = memory() ?? Number.NaN
  let most = floor
  const look = setInterval(() => {
    most = Math.max(most, memory() ?? Number.NaN)
  }, 20)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return most - floor
}
