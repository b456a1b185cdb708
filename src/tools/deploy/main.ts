import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exit, Failed } from '../command.ts'
import { terminal } from '../terminal.ts'
import { deploy } from './deploy.ts'
import { lend } from './lend.ts'
import type { Machine, Ran } from './wrangler.ts'

/** `npm run deploy`, `npm run deploy -- --dry-run`. */

const root = join(import.meta.dirname, '../../..')

/** The `wrangler` of this project. What it asks is asked of the person. */
const wrangler = (words: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const bin = join(root, 'node_modules/wrangler/bin/wrangler.js')
    if (!existsSync(bin)) throw new Failed('There is no wrangler. Run npm install first.')
    const child = spawn(process.execPath, [bin, ...words], { cwd: root, stdio: ['inherit', 'pipe', 'pipe'] })
    let out = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => {
        out += piece
        if (words[0] === 'deploy') process.stderr.write(piece)
      })
    child.once('error', reject)
    child.once('close', code => resolve({ code: code ?? 1, out }))
  })

const machine: Machine = {
  ...terminal,
  wrangler,
  random: (bytes, as) => randomBytes(bytes).toString(as),
  read: file => readFileSync(join(root, file), 'utf8'),
  // In the project's folder: what the settings name is found from where they stand.
  lend: (name, text, work) => lend(join(root, name), text, work),
}

try {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
  process.exitCode = await deploy(machine, { dry: values['dry-run'], folder: '.' })
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause)
  process.exitCode = cause instanceof Failed ? cause.exit : exit.failed
}
