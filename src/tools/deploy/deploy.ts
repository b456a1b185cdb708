import { basename } from 'node:path'
import { version } from '../../version.ts'
import { type Exit, exit, Failed, type Io } from '../command.ts'
import { carryOut } from '../line.ts'
import {
  type Account,
  accountOf,
  addressIn,
  type Machine,
  type SecretName,
  secretNames,
  variableIn,
  withoutBucket,
} from './wrangler.ts'

/** `npm run deploy`: everything between an empty account and a test intake that is done; run again, an upgrade. See docs/deploying.md. */

interface Choice {
  /** Shows every step, and does none that changes anything. */
  readonly dry: boolean
  /** Where the document of the first firm is written. */
  readonly folder: string
}

/** ms between two looks, and in all. */
const every = 1000
const patience = 120_000

/** @throws Failed in words */
export async function deploy(machine: Machine, { dry, folder }: Choice): Promise<Exit> {
  const { say } = machine
  if (machine.env.WORKERS_CI) return builtByCloudflare(machine)
  const toml = machine.read('wrangler.toml')
  const account = await accountOf(machine.wrangler)
  const first = account.secrets === null
  say(first ? `A first deployment of Docketed ${version}.` : `An upgrade to Docketed ${version}.`)
  place(machine, variableIn(toml, 'JURISDICTION'), first)
  if (!account.r2)
    say(
      'This account has no R2: it is deployed without a bucket, and events come without their files (docs/documents.md).',
    )
  if (!first) await changes(machine)

  const missing = secretNames.filter(name => !account.secrets?.includes(name))
  if (dry) return plan(machine, account, missing)
  const secrets = await make(machine, missing)
  const url = await upload(machine, toml, account, secrets)
  await well(machine, url)
  const token = secrets.ADMIN_TOKEN ?? machine.env.DOCKETED_TOKEN
  if (token === undefined) {
    say('Set DOCKETED_TOKEN to the admin token to see the firms, or to go on with the first one.')
    return exit.good
  }
  const io: Io = { ...machine, env: { ...machine.env, DOCKETED_URL: url, DOCKETED_TOKEN: token } }
  const firms = await firmsOf(io, url, token)
  if (firms.length > 0) {
    say(`${firms.length} firms, as before: ${firms.slice(0, 5).join(', ')}${firms.length > 5 ? ' …' : ''}.`)
    return exit.good
  }
  return firstFirm(io, url, token, folder)
}

/**
 * Cloudflare's own builds, as behind the Deploy button, run the script `deploy` of package.json: nobody is there to ask, and the secrets were
 * asked for before. https://developers.cloudflare.com/workers/platform/deploy-buttons/
 */
async function builtByCloudflare({ wrangler, say }: Machine): Promise<Exit> {
  const { code, out } = await wrangler(['deploy'])
  if (code !== 0) throw new Failed(`Cloudflare did not take it:\n${out.trim()}`)
  say('Deployed. What comes next, on your own machine: npx docketed init, connect and push (docs/deploying.md).')
  return exit.good
}

function place({ say }: Io, jurisdiction: string | null, first: boolean): void {
  const where = jurisdiction ? `in the jurisdiction "${jurisdiction}"` : 'where Cloudflare puts them'
  if (first)
    say(
      `All objects will live ${where}. This is fixed now: changed later, every firm would seem gone. KV is not covered.`,
    )
  else say(`All objects are looked for ${where}; after the deployment /healthz tells whether they are there.`)
}

/** What runs now, and what will. */
async function changes({ say, ...io }: Machine): Promise<void> {
  const url = io.env.DOCKETED_URL?.replace(/\/+$/, '')
  if (url === undefined) return say('Set DOCKETED_URL to the address of the Worker to see what an upgrade changes.')
  const answer = await io.fetch(`${url}/healthz`).catch(() => null)
  const now = (await answer?.json().catch(() => null)) as { version?: string; ledger?: number } | null | undefined
  if (!now) throw new Failed(`Nothing answers at ${url}. Is that the address of your Worker?`)
  const newest = newestIn(io.read('src/docket/ledger/migrations.ts'))
  say(now.version === undefined ? 'What runs there is older than 0.2.0.' : `Version: ${now.version} → ${version}.`)
  if (now.ledger === undefined)
    return say(`Migrations: every firm's database is brought up to ${newest} when it is next awake.`)
  if (now.ledger > newest)
    throw new Failed(
      `What runs there knows databases of version ${now.ledger}, this code ${newest} only: firms would stand still. Deploy that version or a newer one.`,
    )
  const ahead = Array.from({ length: newest - now.ledger }, (_, n) => now.ledger! + n + 1)
  say(
    ahead.length === 0
      ? 'Migrations: none.'
      : `Migrations ahead: ${ahead.join(', ')}. Each firm's database is brought up when it is next awake; the version before cannot read it then.`,
  )
}

/** The number of the newest migration. The tools import nothing of the Docket; its list is read as a text. */
const newestIn = (list: string) => Math.max(0, ...[...list.matchAll(/\{ id: (\d+),/g)].map(([, id]) => Number(id)))

/** Every step that would be done. */
function plan({ say }: Io, { r2, secrets }: Account, missing: readonly SecretName[]): Exit {
  const steps = [
    ...missing.map(name => (name === 'MATON_API_KEY' ? `ask for ${name}` : `make ${name}, and show it once`)),
    `wrangler deploy${missing.length > 0 ? ' --secrets-file …' : ''}${r2 ? '' : ' --config …, which is wrangler.toml without the bucket'}`,
    'wait until /healthz is well',
    ...(secrets === null
      ? [
          'docketed init: five questions, and the document of the first firm',
          'docketed connect: prints a page to sign in to Clio, waits, and writes the connection into it',
          'docketed push: stores it',
          'docketed send: a test intake, after a question; waits until it is done, and shows it',
        ]
      : ['say which firms there are; with none, go on with the first one']),
  ]
  say('A dry run: nothing was changed. What would be done:')
  steps.forEach((step, at) => void say(`  ${at + 1}. ${step}`))
  return exit.good
}

/** The secrets that are missing, asked for or made. */
async function make(machine: Machine, missing: readonly SecretName[]): Promise<Partial<Record<SecretName, string>>> {
  const { say, env, ask, random } = machine
  const secrets: Partial<Record<SecretName, string>> = {}
  if (missing.includes('MATON_API_KEY')) {
    const key = env.MATON_API_KEY ?? (await ask('Your API key of Maton: '))
    if (!key?.trim()) throw new Failed('Nobody gave the API key of Maton. Set MATON_API_KEY.', exit.usage)
    secrets.MATON_API_KEY = key.trim()
  }
  if (missing.includes('ADMIN_TOKEN')) secrets.ADMIN_TOKEN = random(32, 'hex')
  if (missing.includes('DATA_KEY')) secrets.DATA_KEY = random(32, 'base64')
  const made = (['ADMIN_TOKEN', 'DATA_KEY'] as const).filter(name => secrets[name] !== undefined)
  if (made.length > 0) {
    say('Made just now, and shown this once. Keep them: without DATA_KEY nothing that is stored opens.')
    for (const name of made) say(`  ${name}=${secrets[name]}`)
  }
  return secrets
}

/** Deploys, and answers the address. */
async function upload(machine: Machine, toml: string, { r2 }: Account, secrets: object): Promise<string> {
  const { wrangler, lend, say, env } = machine
  say('Deploying …')
  const go = async (words: readonly string[]) => {
    const { code, out } = await wrangler(['deploy', ...words])
    if (code !== 0) throw new Failed(`Cloudflare did not take it. Run this again when it is mended:\n${out.trim()}`)
    const url = addressIn(out) ?? env.DOCKETED_URL?.replace(/\/+$/, '')
    if (!url) throw new Failed('It is deployed, but no address was printed. Set DOCKETED_URL and run this again.')
    return url
  }
  const settled = (words: readonly string[]) =>
    r2 ? go(words) : lend('wrangler.without-r2.toml', withoutBucket(toml), file => go([...words, '--config', file]))
  return Object.keys(secrets).length === 0
    ? settled([])
    : lend('.docketed.secrets.json', JSON.stringify(secrets), file => settled(['--secrets-file', file]))
}

/** A new address takes a moment until it answers. @throws Failed with the parts that fail */
async function well({ fetch, say, sleep }: Io, url: string): Promise<void> {
  let words = 'nothing answers'
  for (let waited = 0; waited < patience; waited += every) {
    const answer = await fetch(`${url}/healthz`).catch(() => null)
    const found = (await answer?.json().catch(() => null)) as { checks?: Record<string, string> } | null | undefined
    if (answer?.ok) return say(`${url} is deployed and well.`)
    if (found?.checks) {
      const failing = Object.entries(found.checks).filter(([, state]) => state === 'failing')
      words = `failing: ${failing.map(([part]) => part).join(', ')}; see docs/monitoring.md`
    }
    await sleep(every)
  }
  throw new Failed(`${url} is deployed, and not well: ${words}.`)
}

async function firmsOf({ fetch }: Io, url: string, token: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/firms?limit=200`, { headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok)
    throw new Failed(`The firms could not be listed (${answer.status}). Is DOCKETED_TOKEN the admin token?`)
  return ((await answer.json()) as { firms: { id: string }[] }).firms.map(({ id }) => id)
}

/** From an empty deployment to a test intake that is done. */
async function firstFirm(io: Io, url: string, token: string, folder: string): Promise<Exit> {
  const { say } = io
  const file = await initiated(io, folder)
  if (file === null) return exit.bad
  const firm = basename(file, '.jsonc')
  for (const words of [
    // A firm is stored with its connection: without one, or with another firm's, it is refused.
    ['connect', firm, file],
    ['push', file, '--yes'],
  ]) {
    const code = await carryOut(words, io)
    if (code !== exit.good) return code
  }
  const wanted = await io.ask('Send a test intake? It makes a contact, a matter and a task in Clio. [y/N] ')
  if (!/^y(es)?$/i.test(wanted?.trim() ?? '')) {
    say(`When you like:  npx docketed send ${firm} website`)
    return exit.good
  }
  const sent: string[] = []
  const code = await carryOut(['send', firm, 'website', '--json'], { ...io, say: line => void sent.push(line) })
  if (code !== exit.good) return code
  const { answer } = JSON.parse(sent.join('\n')) as { answer: string }
  return done(io, url, token, firm, (JSON.parse(answer) as { run: string }).run)
}

/** `docketed init`, and the file that it wrote. */
async function initiated(io: Io, folder: string): Promise<string | null> {
  const said: string[] = []
  const code = await carryOut(['init', folder, '--json'], { ...io, say: line => void said.push(line) })
  return code === exit.good ? (JSON.parse(said.join('\n')) as { file: string }).file : null
}

interface Seen {
  readonly state: string
  readonly reason: string | null
  readonly steps: readonly { readonly path: string; readonly state: string }[]
}

async function done({ fetch, say, sleep }: Io, url: string, token: string, firm: string, run: string): Promise<Exit> {
  for (let waited = 0; waited < patience; waited += every) {
    const address = `${url}/api/firms/${firm}/runs/${run}`
    const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } }).catch(() => null)
    const seen = answer?.ok ? ((await answer.json()) as Seen) : null
    if (seen && ['done', 'parked', 'held', 'ignored'].includes(seen.state)) {
      say(`The test intake is ${seen.state}${seen.reason ? `: ${seen.reason}` : '.'}`)
      for (const { path, state } of seen.steps) say(`  ${path}  ${state}`)
      say(`Look at it:  ${url}/console/${firm}/runs/${run}`)
      if (seen.state === 'done') say(`Take back what it made:  npx docketed undo ${firm} ${run}`)
      return seen.state === 'done' ? exit.good : exit.bad
    }
    await sleep(every)
  }
  throw new Failed(`The test intake is not done yet. Look at it:  ${url}/console/${firm}/runs/${run}`)
}
