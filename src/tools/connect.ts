import { applyEdits, modify } from 'jsonc-parser'

/**
 * `npm run connect -- https://your.worker firm`: makes a connection to Clio, shows the page where somebody signs in, waits until it is
 * active, and writes its id into the firm's configuration. The admin token is read from ADMIN_TOKEN.
 */

export interface Connecting {
  /** Of the Worker, without a slash at its end. */
  readonly url: string
  readonly token: string
  readonly firm: string
  readonly fetch: typeof fetch
  /** Lines for the operator. */
  say(line: string): void
  /** Shown while waiting; called twice a second or so. */
  spin(): void
  sleep(ms: number): Promise<void>
}

/** What went wrong, in words for the operator. */
export class Failed extends Error {}

const pollEvery = 2000
/** ms that somebody has to sign in. */
const patience = 15 * 60_000

interface Connection {
  readonly id: string
  readonly status: string
  readonly url: string | null
}

/** Answers the connection's id. @throws Failed */
export async function connect(deps: Connecting): Promise<string> {
  const before = await configOf(deps)
  const made = await api<Connection>(deps, 'POST', '/api/connections')
  if (made.url) {
    // The address carries a session token: it is for this pair of eyes and is kept nowhere.
    deps.say('Open this page, and sign in to Clio as the user in whose name records are to be filed:')
    deps.say(`\n  ${made.url}\n`)
  }
  await active(deps, made)
  deps.say(`Connection ${made.id} is active.`)
  if (before === null) {
    deps.say(`Firm ${deps.firm} has no configuration yet. Write into it:  "connection": "${made.id}"`)
    return made.id
  }
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2 } }
  const text = applyEdits(before, modify(before, ['connection'], made.id, options))
  await api(deps, 'PUT', `/api/firms/${deps.firm}/config`, text)
  deps.say(`It stands in the configuration of firm ${deps.firm}, and is used from now on.`)
  return made.id
}

async function active(deps: Connecting, made: Connection): Promise<void> {
  for (let waited = 0; waited < patience; waited += pollEvery) {
    const now = await api<Connection>(deps, 'GET', `/api/connections/${encodeURIComponent(made.id)}`)
    if (now.status === 'ACTIVE') return
    if (now.status === 'FAILED') throw new Failed('Signing in failed. Run this again for a new page.')
    for (let part = 0; part < pollEvery; part += 500) {
      deps.spin()
      await deps.sleep(500)
    }
  }
  throw new Failed(`Nobody signed in within ${patience / 60_000} minutes. Run this again for a new page.`)
}

/** The firm's document as it was written, comments and all; null when it has none. */
async function configOf(deps: Connecting): Promise<string | null> {
  const response = await ask(deps, 'GET', `/api/firms/${deps.firm}/config`)
  if (response.status === 404) return null
  return (await checked(response)).text()
}

async function api<T>(deps: Connecting, method: string, path: string, body?: string): Promise<T> {
  return (await checked(await ask(deps, method, path, body))).json() as Promise<T>
}

async function ask(deps: Connecting, method: string, path: string, body?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${deps.token}` }
  try {
    return await deps.fetch(`${deps.url}${path}`, { method, headers, ...(body !== undefined && { body }) })
  } catch {
    throw new Failed(`Nothing answers at ${deps.url}. Is that the address of your Worker?`)
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string }
  throw new Failed(`${problem.title ?? `Answer ${response.status}`}. ${problem.detail ?? ''}`.trim())
}

async function main(): Promise<void> {
  const [url, firm] = process.argv.slice(2)
  const token = process.env.ADMIN_TOKEN
  if (!url || !firm || !token || !URL.canParse(url)) {
    throw new Failed('Usage: ADMIN_TOKEN=… npm run connect -- https://docketed.your-name.workers.dev your-firm')
  }
  const frames = ['|', '/', '-', '\\']
  let turn = 0
  const clear = () => void (process.stderr.isTTY && process.stderr.write('\r\u001b[K'))
  await connect({
    url: url.replace(/\/+$/, ''),
    token,
    firm,
    fetch,
    say: line => {
      clear()
      console.log(line)
    },
    spin: () =>
      void (process.stderr.isTTY && process.stderr.write(`\r${frames[turn++ % 4]} waiting for the sign-in …`)),
    sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  })
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Failed ? error.message : error)
    process.exitCode = 1
  })
}
