import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

/** Something that takes a form and makes a contact of it in the Clio that stands in: one call, with the same header and body for all. */

export interface Place {
  /** Its own, with its state; what was installed stands below it. */
  readonly folder: string
  readonly port: number
  /** Where contacts are made. */
  readonly contacts: string
  /** What each call carries. */
  readonly headers: Readonly<Record<string, string>>
  /** The origin of the Clio that stands in, and its key. */
  readonly clio: { readonly url: string; readonly key: string }
}

export interface Running {
  /** Where the URL-encoded form is posted. */
  readonly form: string
  /** Ends it and its children at once, as a power cut would. */
  kill(): Promise<void>
}

export interface Peer {
  readonly name: string
  /** From npm, into a folder of its own: nothing of it is in this repository. */
  readonly packages: readonly string[]
  /** The header by which it knows a delivery again; null: it has none. */
  readonly idHeader: string | null
  /** For the first time, or again on the state that is left. */
  start(place: Place): Promise<Running>
}

/** The contact that a form becomes, as text for scripts: `answers` is what came in. */
export const contactOf = `{ data: { type: 'Person', first_name: answers.first_name, last_name: answers.last_name, email_addresses: [{ name: 'Work', address: answers.email }] } }`

/** Installs what the peer needs, without its scripts. */
export async function install(peer: Peer, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  if (peer.packages.length > 0)
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...peer.packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
}

/** A process with its children, and what it writes in a file of the folder. */
export function run(folder: string, command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: folder, detached: true, env: { ...process.env, ...env }, stdio: 'pipe' })
  const log = createWriteStream(join(folder, 'log.txt'), { flags: 'a' })
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false })
  const last = () => signal(child)
  process.once('exit', last)
  return {
    async kill() {
      process.off('exit', last)
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise(resolve => child.once('exit', resolve))
      signal(child)
      await gone
    },
  }
}

function signal(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** Resolves when something listens there. @throws after a minute and a half */
export async function listens(port: number): Promise<void> {
  const deadline = Date.now() + 90_000
  while (Date.now() < deadline) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`Nothing listens on ${port}.`)
}
