import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from '../../bundle/build.ts'
import { gate } from '../../bundle/size.ts'
import { duration, median } from '../figures.ts'
import { atMost, type Part } from '../part.ts'
import { noop, ours } from '../worker.ts'

const root = join(import.meta.dirname, '../../..')
const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[]
  readonly samples: readonly number[]
  /** µs before each sample. */
  readonly timeDeltas: readonly number[]
}

/** ms that the runtime computes until the Worker's modules are evaluated. */
async function startUp(config: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-startup-'))
  const [worker, profile] = [join(folder, 'worker.bundle'), join(folder, 'startup.cpuprofile')]
  try {
    await wrangler('deploy', '--config', config, '--dry-run', '--outfile', worker)
    await wrangler('check', 'startup', '--worker', worker, '--outfile', profile)
    return busy(JSON.parse(await readFile(profile, 'utf8')) as Profile)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function wrangler(...options: string[]): Promise<void> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_WRITE_LOGS: 'false' }
  const script = join(root, 'node_modules/wrangler/bin/wrangler.js')
  await promisify(execFile)(process.execPath, [script, ...options], { cwd: root, env })
}

function busy({ nodes, samples, timeDeltas }: Profile): number {
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id))
  return samples.reduce((sum, id, at) => (idle.has(id) ? sum : sum + (timeDeltas[at] ?? 0)), 0) / 1000
}

export const size: Part = {
  name: 'size',
  about: 'how large the Worker is, and how long it takes to start',
  async run({ short }) {
    const { bytes, gzipped } = await build()
    const starts: number[] = []
    const floors: number[] = []
    for (let n = 0; n < (short ? 2 : 5); n++) {
      starts.push(await startUp(ours))
      floors.push(await startUp(noop))
    }
    const aim = atMost(gzipped, gate, kib(gate))
    return [
      {
        what: 'size as it is deployed, gzipped',
        figure: kib(gzipped),
        ratio: `${kib(bytes)} before`,
        aim,
      },
      {
        what: 'start-up, computing',
        figure: duration(median(starts)),
        ratio: `${duration(median(floors))} for the no-op`,
      },
    ]
  },
}
