import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The Worker on this machine: `wrangler dev` with all its children, as one thing to start and to stop. */

export interface Dev {
  /** Resolves when wrangler ends, wanted or not. */
  readonly ended: Promise<void>
  /** Ends wrangler and its children; those that do not go are killed. */
  stop(): Promise<void>
  /** Ends all of them at once, as a power cut would. */
  kill(): Promise<void>
  /** The last lines that it wrote. */
  lastWords(): string
}

export interface DevOptions {
  readonly port: number
  /** Where state and log are kept. */
  readonly folder: string
  readonly vars: Readonly<Record<string, string>>
  /** Of another Worker than this one. @default wrangler.toml */
  readonly config?: string
}

const root = join(import.meta.dirname, '../../..')

/** ms that it has to end by itself; and then, once it is killed, until nobody waits for it any more. */
const grace = 3_000

export function startDev({ port, folder, vars, config = join(root, 'wrangler.toml') }: DevOptions): Dev {
  const options = [
    ...['--config', config],
    ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
    ...['--persist-to', join(folder, 'state'), '--show-interactive-dev-session=false'],
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ]
  // A process group of its own: a signal reaches the runtime too, and Ctrl-C reaches only us, who then end it in order.
  const child = spawn(process.execPath, [join(root, 'node_modules/wrangler/bin/wrangler.js'), 'dev', ...options], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      // Nothing here needs to know where in the world we are, and no call leaves this machine.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      // It would keep the addresses of requests, which hold what was searched for.
      X_LOCAL_OBSERVABILITY: 'false',
    },
  })
  const log = join(folder, 'wrangler.log')
  keepLog(child, log)

  const ended = new Promise<void>(resolve => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  // Whatever ends this process ends the children.
  const last = () => signalGroup(child, 'SIGKILL')
  process.once('exit', last)
  void ended.then(() => process.off('exit', last))

  return {
    ended,
    async stop() {
      signalGroup(child, 'SIGTERM')
      if (await gone(child, grace)) return
      signalGroup(child, 'SIGKILL')
      await gone(child, grace)
    },
    async kill() {
      signalGroup(child, 'SIGKILL')
      await gone(child, grace)
    },
    lastWords: () => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20).join('\n'),
  }
}

/** Signals the child and all its children; 0 only asks. False when none of them is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  try {
    return process.kill(-child.pid, signal)
  } catch {
    return false
  }
}

/** True once none of the group is left; false when some are after so many ms. */
async function gone(child: ChildProcess, wait: number): Promise<boolean> {
  const deadline = Date.now() + wait
  while (signalGroup(child, 0)) {
    if (Date.now() > deadline) return false
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return true
}

/** Everything goes to the log; what is wrong is shown too. */
function keepLog(child: ChildProcess, file: string): void {
  const log = createWriteStream(file)
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', line => {
      log.write(`${line}\n`)
      if (line.includes('ERROR')) console.error(line)
    })
  }
}
