import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fillDemo } from './demo-runs.ts'
import { type Dev, startDev } from './dev.ts'
import { freePort, keepSandbox, localKeys, writeWhole } from './local.ts'
import { serveSandbox } from './serve.ts'

/**
 * `npm start`: the Worker on this machine with a sandbox in place of Clio, and a demonstration firm.
 * PORT and SANDBOX_PORT choose other ports than 8787 and 8788, STATE_DIR another folder than `.docketed`.
 */

const root = join(import.meta.dirname, '../../..')
const folder = resolve(root, process.env.STATE_DIR ?? '.docketed')
/** ms that the Worker has to come up. */
const patience = 60_000
/** ms between two sweeps, which `wrangler dev` does not start by itself. */
const sweepEvery = 60_000

/** What this machine does not have, or what went wrong, in words for whoever started us. */
class Trouble extends Error {}

async function portFor(what: string, wanted: number): Promise<number> {
  const port = await freePort(wanted)
  if (port === undefined) throw new Trouble(`No port from ${wanted} to ${wanted + 19} is free for ${what}.`)
  if (port !== wanted) console.log(`Port ${wanted} is taken; ${what} listens on ${port}.`)
  return port
}

const sweep = (url: string) => fetch(`${url}/cdn-cgi/local/scheduled`).catch(() => null)

/** Waits until an event could come in. */
async function ready(url: string, dev: Dev): Promise<void> {
  const deadline = Date.now() + patience
  let over = false
  void dev.ended.then(() => {
    over = true
  })
  while (!over && Date.now() < deadline) {
    // It may have been off for a night: no sweep since then is bad health.
    const swept = await sweep(url)
    const answer = swept && (await fetch(`${url}/healthz`).catch(() => null))
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Trouble(
    `The Worker did not come up. The last lines of ${join(folder, 'wrangler.log')}:\n${dev.lastWords()}`,
  )
}

/** Stores the demonstration firm when it is new, or its file was changed. What was changed by a call stays. */
async function loadDemo(url: string, token: string): Promise<void> {
  const text = readFileSync(join(import.meta.dirname, '../demo.jsonc'), 'utf8')
  const loaded = join(folder, 'demo.jsonc')
  const address = `${url}/api/firms/demo/config`
  const headers = { authorization: `Bearer ${token}` }
  const known = existsSync(loaded) && readFileSync(loaded, 'utf8') === text
  if (known && (await fetch(address, { headers })).ok) return
  const answer = await fetch(address, { method: 'PUT', headers, body: text })
  if (!answer.ok) throw new Trouble(`The configuration of the demonstration firm was refused:\n${await answer.text()}`)
  writeWhole(loaded, text)
}

function greet(url: string, clio: string, token: string): void {
  console.log(`
Docketed runs on this machine, with a sandbox in place of Clio. Nothing leaves the machine.

  The console   ${url}/console/demo#token=${token}
  The form      ${url}/
  The sandbox   ${clio}/    what now stands in its Clio
  The API       ${url}/openapi    its calls, with the header  Authorization: Bearer ${token}

The console's address carries the token behind its #, which no server is sent: press “Sign in” there.
Send an event twice, and look what became of it:

  curl ${url}/in/demo/website -H 'Idempotency-Key: try-1' -d first_name=Ada -d last_name=Lovelace -d email=ada@mail.example -d 'matter_type=Family Law' -d 'message=Please call me'
  curl ${url}/api/firms/demo/runs -H 'Authorization: Bearer ${token}'

State is kept in ${folder}; remove the folder to begin anew. Ctrl-C stops everything.
`)
}

/** Undone in the end, the last first. */
const undo: (() => unknown)[] = []

/** Starts everything; ends only with trouble. */
async function run(): Promise<never> {
  const keys = localKeys(folder)
  const sandboxPort = await portFor('the sandbox', Number(process.env.SANDBOX_PORT ?? 8788))
  const { sandbox, url: clio, close } = await serveSandbox({ port: sandboxPort })
  undo.push(close)
  undo.push(keepSandbox(sandbox, folder))

  const port = await portFor('the Worker', Number(process.env.PORT ?? 8787))
  const url = `http://127.0.0.1:${port}`
  const vars = {
    CLIO_GATEWAY_URL: `${clio}/clio`,
    MATON_CONTROL_URL: clio,
    MATON_API_KEY: sandbox.key,
    SANDBOX_URL: clio,
    SETTLE_SECONDS: '5',
    ...keys,
  }
  const dev = startDev({ port, folder, vars })
  undo.push(dev.stop)
  await ready(url, dev)
  const sweeping = setInterval(() => void sweep(url), sweepEvery)
  undo.push(() => clearInterval(sweeping))

  await loadDemo(url, keys.ADMIN_TOKEN)
  await fillDemo(url, keys.ADMIN_TOKEN)
  greet(url, clio, keys.ADMIN_TOKEN)
  await dev.ended
  throw new Trouble(`wrangler ended by itself. The last lines of ${join(folder, 'wrangler.log')}:\n${dev.lastWords()}`)
}

const asked = new Promise<void>(resolve => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
})
let code = 0
try {
  await Promise.race([asked, run()])
} catch (error) {
  code = 1
  console.error(error instanceof Trouble ? error.message : error)
}
for (const step of undo.reverse()) await step()
process.exit(code)
