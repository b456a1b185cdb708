import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dev, startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'
import { deploy } from '../../src/tools/deploy/deploy.ts'
import { addressIn, type Machine, type Ran, withoutBucket } from '../../src/tools/deploy/wrangler.ts'
import { version } from '../../src/version.ts'

/** `npm run deploy` against a stand-in of wrangler, whose `deploy` starts the Worker on this machine with the secrets that it was given. */

const settings = `# none
[[r2_buckets]]
binding = "FILES"
bucket_name = "docketed-files"

[vars]
JURISDICTION = "eu"
`

let folder: string
let sandbox: Awaited<ReturnType<typeof serveSandbox>>
let url: string
let dev: Dev | null = null
/** What the account has. */
const account = { secrets: null as string[] | null, r2: false, loggedIn: true }
const words: string[][] = []
const lent: { name: string; text: string; mode: number }[] = []

async function wrangler(given: readonly string[]): Promise<Ran> {
  words.push([...given])
  const [what] = given
  if (what === 'whoami') return { code: 0, out: account.loggedIn ? 'You are logged in' : 'You are not authenticated.' }
  if (what === 'r2')
    return account.r2 ? { code: 0, out: '' } : { code: 1, out: 'Please enable R2 through the Dashboard. [code: 10042]' }
  if (what === 'secret')
    return account.secrets === null
      ? { code: 1, out: 'This Worker does not exist on your account. [code: 10007]' }
      : { code: 0, out: JSON.stringify(account.secrets.map(name => ({ name, type: 'secret_text' }))) }
  const file = given[given.indexOf('--secrets-file') + 1]
  if (given.includes('--secrets-file')) {
    const secrets = JSON.parse(await readFile(file!, 'utf8')) as Record<string, string>
    account.secrets = Object.keys(secrets)
    const { url: clio } = sandbox
    const vars = { CLIO_GATEWAY_URL: `${clio}/clio`, MATON_CONTROL_URL: clio, SETTLE_SECONDS: '2', ...secrets }
    dev = startDev({ port: Number(new URL(url).port), folder, vars })
  }
  return { code: 0, out: `Uploaded docketed (3 sec)\nDeployed docketed triggers\n  ${url}\n  schedule: */10 * * * *\n` }
}

/** Types the command; a person signs in to Clio when asked to. */
async function run(
  dry = false,
  env: Record<string, string> = {},
  answers: string[] = [],
  outside: typeof fetch = fetch,
) {
  const said: string[] = []
  const noted: string[] = []
  words.length = 0
  const machine: Machine = {
    fetch: outside,
    env,
    terminal: false,
    say: line => void said.push(line),
    note: line => void noted.push(line),
    progress: () => {},
    ask: async question => {
      noted.push(question)
      return answers.shift() ?? ''
    },
    input: async () => '',
    sleep: async ms => {
      for (const one of sandbox.sandbox.connections.all())
        if (one.status === 'PENDING') sandbox.sandbox.connections.activate(one, 'smith')
      await new Promise(resolve => setTimeout(resolve, Math.min(ms, 250)))
    },
    now: Date.now,
    wrangler,
    random: (bytes, as) => Buffer.alloc(bytes, 'random').toString(as),
    read: file => (file === 'wrangler.toml' ? settings : readFileSync(file, 'utf8')),
    lend: async (name, text, work) => {
      const { writeFile } = await import('node:fs/promises')
      const file = join(folder, name)
      await writeFile(file, text, { mode: 0o600 })
      lent.push({ name, text, mode: (await stat(file)).mode & 0o777 })
      try {
        return await work(file)
      } finally {
        await rm(file)
      }
    },
  }
  const code = await deploy(machine, { dry, folder }).catch((error: Error) => {
    noted.push(error.message)
    return 'failed' as const
  })
  return { code, said: said.join('\n'), noted: noted.join('\n') }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docketed-deploy-'))
  sandbox = await serveSandbox({})
  // A new account at the gateway has no connection yet.
  for (const { id } of sandbox.sandbox.connections.all()) sandbox.sandbox.connections.remove(id)
  url = `http://127.0.0.1:${await freePort(27_000 + Math.floor(Math.random() * 1000))}`
})
afterAll(async () => {
  await dev?.kill()
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

describe('npm run deploy', () => {
  it('says who has to log in first', async () => {
    account.loggedIn = false
    expect(await run()).toMatchObject({ code: 'failed', noted: expect.stringContaining('npx wrangler login') })
    account.loggedIn = true
  })

  it('only deploys where Cloudflare builds, as behind the Deploy button: nobody can be asked there', async () => {
    const { code, said, noted } = await run(false, { WORKERS_CI: '1' })
    expect([code, noted, words]).toEqual([0, '', [['deploy']]])
    expect(said).toContain('npx docketed init')
  })

  it('shows every step with --dry-run, and does none', async () => {
    const { code, said } = await run(true)
    expect(code).toBe(0)
    expect(words.map(([what]) => what)).toEqual(['whoami', 'secret', 'r2'])
    expect(said).toContain('A first deployment')
    expect(said).toContain('This account has no R2')
    expect(said).toContain('in the jurisdiction "eu"')
    for (const step of ['ask for MATON_API_KEY', 'make DATA_KEY', '--secrets-file', 'connect', 'a test intake'])
      expect(said).toContain(step)
  })

  it('goes from nothing to a test intake that is done', async () => {
    const answers = [
      sandbox.sandbox.key,
      'smith',
      'America/New_York',
      'US',
      'https://smith.example',
      'intake@smith.example',
      'y',
    ]
    const { code, said, noted } = await run(false, {}, answers)
    expect([code, noted]).toEqual([0, expect.stringContaining('Your API key of Maton')])
    const token = Buffer.alloc(32, 'random').toString('hex')
    expect(said.split(token)).toHaveLength(2)
    expect(said).toMatch(/session_token=/)
    expect(said).toContain('The test intake is done')
    expect(said).toContain('new-client/matter  done')
    // The settings without the bucket; the secrets for nobody else, and gone.
    expect(words.at(-1)).toContain('--config')
    expect(lent.map(({ name, mode }) => [name, mode])).toEqual([
      ['.docketed.secrets.json', 0o600],
      ['wrangler.without-r2.toml', 0o600],
    ])
    expect(lent[1]!.text).not.toContain('FILES')
    for (const { name } of lent) await expect(stat(join(folder, name))).rejects.toThrow()
    expect(await readFile(join(folder, 'smith.jsonc'), 'utf8')).toMatch(/"connection": "[\w-]{36}"/)
  })

  it('says which migrations lie ahead, and refuses what could not read the databases', async () => {
    const runs = (ledger: number) => async () => Response.json({ version: '0.1.9', ledger, status: 'ok' })
    const before = await run(true, { DOCKETED_URL: url }, [], runs(7))
    expect(before.said).toContain(`Version: 0.1.9 → ${version}.`)
    expect(before.said).toMatch(/Migrations ahead: 8, 9/)
    const newer = await run(true, { DOCKETED_URL: url }, [], runs(99))
    expect(newer).toMatchObject({ code: 'failed', noted: expect.stringContaining('databases of version 99') })
  })

  it('run again it is an upgrade: nothing is asked, and it says what changes', async () => {
    const { code, said, noted } = await run(false, {
      DOCKETED_URL: url,
      DOCKETED_TOKEN: Buffer.alloc(32, 'random').toString('hex'),
    })
    expect([code, noted]).toEqual([0, ''])
    expect(said).toContain(`Version: ${version} → ${version}.`)
    expect(said).toContain('Migrations: none.')
    expect(said).toContain('1 firms, as before: smith.')
    expect(words.at(-1)).not.toContain('--secrets-file')
  })
})

describe('what wrangler says', () => {
  it('names the address, a domain of one’s own first', () => {
    expect(addressIn('Deployed\n  https://d.a.workers.dev\n  schedule: * * * * *')).toBe('https://d.a.workers.dev')
    expect(addressIn('  https://d.a.workers.dev\n  intake.smith.example (custom domain)')).toBe(
      'https://intake.smith.example',
    )
    expect(addressIn('Nothing')).toBeNull()
  })

  it('needs no bucket: the project’s own settings lose those lines and no others', async () => {
    const toml = await readFile('wrangler.toml', 'utf8')
    const left = withoutBucket(toml).split('\n')
    expect(toml.split('\n').filter(line => !left.includes(line))).toEqual([
      '[[r2_buckets]]',
      'binding = "FILES"',
      'bucket_name = "docketed-files"',
    ])
  })
})
