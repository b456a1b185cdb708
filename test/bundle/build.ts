import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

/** The Worker as `wrangler deploy` would send it; nothing is sent. */
export interface Bundle {
  readonly bytes: number
  readonly gzipped: number
  /** Files that went in, relative to the repository. */
  readonly inputs: readonly string[]
}

const root = new URL('../../', import.meta.url).pathname

/** @param entry relative to the repository; @default the Worker */
export async function build(entry = 'src/worker.ts'): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-bundle-'))
  const metafile = join(folder, 'meta.json')
  try {
    const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
    const options = ['deploy', entry, '--dry-run', '--outdir', folder, '--metafile', metafile]
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error', WRANGLER_WRITE_LOGS: 'false' }
    await promisify(execFile)(process.execPath, [wrangler, ...options], { cwd: root, env })
    const meta = JSON.parse(await readFile(metafile, 'utf8')) as { inputs: Record<string, unknown> }
    const script = await readFile(join(folder, `${entry.split('/').at(-1)?.replace(/\.ts$/, '')}.js`))
    return { bytes: script.length, gzipped: gzipSync(script).length, inputs: Object.keys(meta.inputs) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
