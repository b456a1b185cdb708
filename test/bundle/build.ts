import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

/** A Worker as `wrangler deploy` would send it; nothing is sent. */
export interface Bundle {
  readonly script: string
  readonly bytes: number
  readonly gzipped: number
  /** Files that went in, relative to the repository. */
  readonly inputs: readonly string[]
  /** Bytes that each of them has in the script, minified. */
  readonly parts: Readonly<Record<string, number>>
}

const root = new URL('../../', import.meta.url).pathname

export interface BuildOptions {
  /** Relative to the repository. @default what the configuration names */
  readonly entry?: string
  /** A wrangler.toml. @default ours */
  readonly config?: string
}

export async function build({ entry, config = join(root, 'wrangler.toml') }: BuildOptions = {}): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-bundle-'))
  const metafile = join(folder, 'meta.json')
  try {
    const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
    const options = ['--config', config, '--dry-run', '--outdir', folder, '--metafile', metafile]
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error', WRANGLER_WRITE_LOGS: 'false' }
    const run = [wrangler, 'deploy', ...(entry === undefined ? [] : [entry]), ...options]
    await promisify(execFile)(process.execPath, run, { cwd: root, env })
    const meta = JSON.parse(await readFile(metafile, 'utf8')) as {
      inputs: Record<string, unknown>
      outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
    }
    const made = (await readdir(folder)).find(file => file.endsWith('.js'))
    const script = await readFile(join(folder, made!))
    return {
      script: script.toString(),
      bytes: script.length,
      gzipped: gzipSync(script).length,
      inputs: Object.keys(meta.inputs),
      parts: Object.fromEntries(
        Object.values(meta.outputs).flatMap(({ inputs }) =>
          Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]),
        ),
      ),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
