import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

/** `npm start`, as a person would use it: from the first line it prints to Ctrl-C. */

const root = new URL('../../', import.meta.url).pathname

interface Started {
  readonly child: ChildProcess
  readonly form: string
  readonly clio: string
  readonly token: string
  output(): string
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
}

let folder: string
const started: Started[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docketed-start-'))
})
afterEach(() => {
  // Whatever a failed test left running; each is the leader of its own group.
  for (const { child } of started.splice(0)) if (child.exitCode === null) signal(child, 'SIGKILL')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, name)
  } catch {
    // It is gone already.
  }
}

/** Starts it and waits until it has said what to open, or has ended. */
async function start(env: Record<string, string>): Promise<Started> {
  const child = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    env: { ...process.env, STATE_DIR: folder, ...env },
  })
  let said = ''
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const greeted = new Promise<void>(resolve => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk
        if (said.includes('Ctrl-C')) resolve()
      })
    }
  })
  await Promise.race([greeted, ended])
  const [, form = ''] = /The form +(\S+)/.exec(said) ?? []
  const [, clio = ''] = /The sandbox +(\S+)/.exec(said) ?? []
  const [, token = ''] = /Bearer (\S+)/.exec(said) ?? []
  const one = { child, form, clio, token, output: () => said, ended }
  started.push(one)
  return one
}

/** Command lines of the processes that still name the folder or belong to one that does. */
function processes(of: ChildProcess): { pid: number; command: string }[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const all = lines.map(line => {
    const [pid = '', ppid = '', ...command] = line.trim().split(/\s+/)
    return { pid: Number(pid), ppid: Number(ppid), command: command.join(' ') }
  })
  const family = new Set([of.pid])
  for (let before = 0; before !== family.size; ) {
    before = family.size
    for (const { pid, ppid } of all) if (family.has(ppid)) family.add(pid)
  }
  return all.filter(({ pid }) => family.has(pid))
}

/** Those of them that still run. One that has ended and was not yet fetched by its parent (Z) does not. */
function alive(family: readonly { pid: number; command: string }[]): string[] {
  const running = execFileSync('ps', ['-eo', 'pid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  const pids = new Set(running.filter(line => !line.includes('Z')).map(line => Number.parseInt(line, 10)))
  return family.filter(({ pid }) => pids.has(pid)).map(({ command }) => command)
}

interface State {
  contacts: { name: string }[]
  matters: { description: string; status: string }[]
  tasks: { name: string }[]
}
const stateOf = async (clio: string) => (await (await fetch(`${clio}_sandbox/state`)).json()) as State

async function until<T>(look: () => Promise<T>, enough: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look()
    if (enough(seen)) return seen
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

interface Run {
  readonly state: string
  readonly reasonCode: string | null
}

/** Fills the page's own form and sends it as a browser does. */
async function submit(form: string, answers: Record<string, string>, times = 1): Promise<Response[]> {
  const page = await (await fetch(form)).text()
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(page) ?? []
  const [, id = ''] = /name="_id" value="([^"]+)"/.exec(page) ?? []
  const body = new URLSearchParams({ _id: id, _gotcha: '', ...answers })
  const headers = { accept: 'text/html', origin: new URL(form).origin }
  return Promise.all(
    Array.from({ length: times }, () => fetch(new URL(action, form), { method: 'POST', headers, body })),
  )
}

const ada = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@mail.example',
  phone: '',
  matter_type: 'Family Law',
  opposing_party: '',
  referral: 'Google',
  message: 'Please call me.',
}
const ports = { PORT: '21871', SANDBOX_PORT: '21891' }

/** The registry stood still for a night: what was swept last was swept yesterday. */
async function sleepOver(registry: string): Promise<void> {
  const [file] = (await readdir(registry)).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
  const ledger = new DatabaseSync(join(registry, file!))
  const { changes } = ledger
    .prepare("insert or replace into meta values ('swept', ?)")
    .run(String(Date.now() - 12 * 3_600_000))
  ledger.close()
  expect(changes).toBe(1)
}

describe('npm start', () => {
  it('takes a form to Clio once, and on Ctrl-C leaves nothing behind', async () => {
    const { child, form, clio, token, ended, output } = await start(ports)
    expect(form).toBe('http://127.0.0.1:21871/')
    expect(clio).toBe('http://127.0.0.1:21891/')
    // Quiet: its own words only, none of wrangler's.
    expect(output()).not.toMatch(/wrangler:|WARNING|ERROR/)

    for (const answer of await submit(form, ada, 3)) {
      expect(answer.status).toBe(200)
      const thanks = await answer.text()
      expect(thanks).toContain('Thank you')
      expect(thanks).toMatch(/href="\/console\/demo\/runs\/run_\w+"/)
    }
    const address = new URL(/The console +(\S+)/.exec(output())?.[1] ?? '')
    expect([address.pathname, address.hash]).toEqual(['/console/demo', `#token=${token}`])
    const seen = await until(
      () => stateOf(clio),
      ({ tasks }) => tasks.some(({ name }) => name === 'Call Ada Lovelace'),
    )
    expect(seen.contacts.filter(({ name }) => name === 'Ada Lovelace')).toHaveLength(1)
    expect(seen.matters.filter(({ description }) => description === 'Family Law: Lovelace')).toHaveLength(1)
    expect(seen.tasks.filter(({ name }) => name === 'Call Ada Lovelace')).toHaveLength(1)

    const headers = { authorization: `Bearer ${token}` }
    const runs = `${form}api/firms/demo/runs`
    const look = async () => ((await (await fetch(runs, { headers })).json()) as { runs: Run[] }).runs
    const all = await until(look, ([newest]) => newest?.state === 'done')
    // Its own of every kind, and one of ours.
    expect(all.map(({ state, reasonCode }) => reasonCode ?? state).toSorted()).toEqual(
      ['done', 'done', 'done', 'by-rule', 'unknown-name', 'behind-subject', 'no-rule', 'spam'].toSorted(),
    )
    expect((await fetch(runs)).status).toBe(401)

    const family = processes(child)
    expect(family.map(({ command }) => command).join('\n')).toMatch(/workerd/)
    signal(child, 'SIGINT')
    expect(await ended).toBe(0)
    expect(alive(family)).toEqual([])
    await expect(fetch(form)).rejects.toThrow()
    await expect(fetch(clio)).rejects.toThrow()
  })

  it('goes on where it was, after a night too: keys, runs and Clio alike', async () => {
    await sleepOver(join(folder, 'state/v3/do/docketed-Registry'))
    expect((await stat(join(folder, 'keys.json'))).mode & 0o777).toBe(0o600)
    const before = await readFile(join(folder, 'keys.json'), 'utf8')
    const { child, form, clio, token, ended } = await start(ports)
    expect(JSON.parse(before)).toMatchObject({ ADMIN_TOKEN: token })
    expect((await stateOf(clio)).contacts.filter(({ name }) => name === 'Ada Lovelace')).toHaveLength(1)
    const config = await fetch(`${form}api/firms/demo/config`, { headers: { authorization: `Bearer ${token}` } })
    expect(config.headers.get('x-config-version')).toBe('1')

    await submit(form, { ...ada, matter_type: 'Employment' })
    const seen = await until(
      () => stateOf(clio),
      ({ matters }) => matters.some(({ description }) => description.startsWith('Employment')),
    )
    expect(seen.contacts.filter(({ name }) => name === 'Ada Lovelace')).toHaveLength(1)
    signal(child, 'SIGTERM')
    expect(await ended).toBe(0)
  })

  it('takes the next port when one is taken, and says so', async () => {
    const taken: Server[] = []
    for (const port of Object.values(ports)) {
      taken.push(
        await new Promise(resolve => {
          const server = createServer().listen(Number(port), '127.0.0.1', () => resolve(server))
        }),
      )
    }
    const { child, form, clio, ended, output } = await start(ports)
    expect(output()).toContain('Port 21871 is taken; the Worker listens on 21872.')
    expect(output()).toContain('Port 21891 is taken; the sandbox listens on 21892.')
    expect([form, clio]).toEqual(['http://127.0.0.1:21872/', 'http://127.0.0.1:21892/'])
    expect((await fetch(`${form}healthz`)).status).toBe(200)
    signal(child, 'SIGINT')
    expect(await ended).toBe(0)
    for (const server of taken) server.close()
  })

  it('says so and ends with 1 when wrangler dies', async () => {
    const { child, ended, output } = await start(ports)
    const family = processes(child)
    const wrangler = family.find(({ command }) => command.includes('wrangler.js dev'))
    expect(wrangler).toBeDefined()
    process.kill(wrangler!.pid, 'SIGKILL')
    expect(await ended).toBe(1)
    expect(output()).toContain('wrangler ended by itself')
    expect(alive(family)).toEqual([])
  })

  it('does not wait for the Worker to come up when it is told to stop', async () => {
    const child = spawn('npm', ['start'], {
      cwd: root,
      detached: true,
      env: { ...process.env, STATE_DIR: folder, ...ports },
    })
    const ended = new Promise<number | null>(resolve => child.once('close', resolve))
    await until(
      async () => processes(child),
      family => family.some(({ command }) => command.includes('wrangler.js dev')),
    )
    const family = processes(child)
    signal(child, 'SIGINT')
    expect(await ended).toBe(0)
    expect(alive(family)).toEqual([])
  })
})
