import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SandboxOptions } from '../../src/sandbox/maton/world.ts'
import { type Dev, startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'
import { restore, type Snapshot } from '../../src/sandbox/run/snapshot.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/**
 * The Worker on the real local runtime, plain `wrangler dev` with nothing but variables, and the sandbox that it calls, in this
 * process. It can be killed as by a power cut, and started again on the state that is left.
 */
export interface Runtime {
  /** Where the Worker listens: `http://127.0.0.1:…`. */
  readonly url: string
  readonly sandbox: Sandbox
  /** Where the sandbox listens. */
  readonly clio: string
  /** Where `wrangler dev` keeps what the Worker stored. */
  readonly state: string
  readonly adminToken: string
  /** What `wrangler dev` and the Worker wrote. */
  readonly log: string
  /** Variables of the Worker as they are from its next start on; null takes one away. */
  change(vars: Readonly<Record<string, string | null>>): void
  /** Resolves when `/healthz` answers. That asks no firm's Docket for anything. */
  start(): Promise<void>
  /** SIGKILL for wrangler and the runtime, at once. */
  kill(): Promise<void>
  /** Ends both sides and removes the state. */
  close(): Promise<void>
}

export interface RuntimeOptions extends Pick<SandboxOptions, 'limit' | 'seed'> {
  /** Another Worker, whose sandbox this one calls too. @default one of its own */
  readonly beside?: Runtime
  /** More variables of the Worker. */
  readonly vars?: Readonly<Record<string, string>>
  /** Seconds from an unknown outcome until a late write would have landed. @default 2 */
  readonly settle?: number
  /** What a Worker left behind: its state as a gzipped tar, and what then stood in Clio, whose address is this one. @default nothing */
  readonly left?: { readonly archive: string; clio(url: string): Snapshot }
}

/** ms that the Worker has to come up. */
const patience = 180_000

/** Calls that no test of ours ever reaches. */
export const boundless = { requests: 10_000, seconds: 1 }

export async function startRuntime({
  settle = 2,
  limit = boundless,
  left,
  beside,
  vars: more = {},
  ...options
}: RuntimeOptions = {}): Promise<Runtime> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-e2e-'))
  const own = beside ? null : await serveSandbox({ limit, ...options })
  const { sandbox, url: clio } = own ?? { sandbox: beside!.sandbox, url: beside!.clio }
  if (left) {
    await mkdir(join(folder, 'state'))
    await promisify(execFile)('tar', ['-xzf', left.archive, '-C', join(folder, 'state')])
    restore(sandbox, left.clio(clio))
  }
  const port = await freePort(22_000 + Math.floor(Math.random() * 4000))
  if (port === undefined) throw new Error('No port is free for the Worker.')
  const url = `http://127.0.0.1:${port}`
  const vars: Record<string, string> = {
    CLIO_GATEWAY_URL: `${clio}/clio`,
    MATON_CONTROL_URL: clio,
    MATON_API_KEY: sandbox.key,
    ADMIN_TOKEN: 'admin-token-of-the-test-which-nobody-guesses',
    // Of the states in test/upgrade too: what was sealed with it must open.
    DATA_KEY: Buffer.alloc(32, 'docketed').toString('base64'),
    SETTLE_SECONDS: String(settle),
    ...more,
  }
  let dev: Dev | null = null

  const runtime: Runtime = {
    url,
    sandbox,
    clio,
    state: join(folder, 'state'),
    get adminToken() {
      return vars.ADMIN_TOKEN!
    },
    log: join(folder, 'wrangler.log'),
    change(changed) {
      for (const [name, value] of Object.entries(changed))
        if (value === null) delete vars[name]
        else vars[name] = value
    },
    async start() {
      dev = startDev({ port, folder, vars })
      const deadline = Date.now() + patience
      let over = false
      void dev.ended.then(() => {
        over = true
      })
      while (!over && Date.now() < deadline) {
        const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(30_000) }).catch(() => null)
        if (answer?.ok) return
        await new Promise(resolve => setTimeout(resolve, 100))
      }
      throw new Error(`The Worker did not come up:\n${dev.lastWords()}`)
    },
    async kill() {
      await dev?.kill()
      dev = null
    },
    async close() {
      await runtime.kill()
      await own?.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await runtime.start()
  return runtime
}

/** Looks again and again until it is enough. @throws after `seconds`, with what was seen last */
export async function until<T>(
  look: () => T | Promise<T>,
  enough: (seen: T) => boolean,
  { every = 100, seconds = 120 }: { every?: number; seconds?: number } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const seen = await look()
    if (enough(seen)) return seen
    if (Date.now() > deadline) throw new Error(`Not yet, after ${seconds} s: ${JSON.stringify(seen)}`)
    await new Promise(resolve => setTimeout(resolve, every))
  }
}
