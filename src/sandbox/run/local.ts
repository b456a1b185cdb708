import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Sandbox } from '../sandbox.ts'
import { restore, type Snapshot, snapshotOf } from './snapshot.ts'

/** What `npm start` keeps on this machine, in one folder that git ignores. Without it everything begins anew. */

export interface Keys {
  readonly ADMIN_TOKEN: string
  /** Base64 of 32 random bytes. */
  readonly DATA_KEY: string
}

/** Made once: secrets that were stored earlier must still open. Only the owner may read the file. */
export function localKeys(folder: string): Keys {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'keys.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Keys
  const keys = { ADMIN_TOKEN: randomBytes(24).toString('base64url'), DATA_KEY: randomBytes(32).toString('base64') }
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return keys
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

/** ms between two looks whether the sandbox has changed. */
const saveEvery = 250

/**
 * Takes up what the sandbox held last time, and keeps it from now on: the Docket remembers ids across starts, so the
 * records behind them must last as long.
 * @returns saves once more and stops
 */
export function keepSandbox(sandbox: Sandbox, folder: string): () => void {
  const file = join(folder, 'sandbox.json')
  let saved = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (saved !== '') restore(sandbox, JSON.parse(saved) as Snapshot)
  const save = () => {
    const now = JSON.stringify(snapshotOf(sandbox))
    if (now !== saved) writeWhole(file, now)
    saved = now
  }
  const timer = setInterval(save, saveEvery)
  return () => {
    clearInterval(timer)
    save()
  }
}

/** The wanted port on 127.0.0.1, or else the next free one; undefined when none of twenty is. */
export async function freePort(wanted: number): Promise<number | undefined> {
  for (let port = wanted; port < wanted + 20; port += 1) if (await isFree(port)) return port
  return undefined
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
