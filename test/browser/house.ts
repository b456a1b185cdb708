import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Dev, startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { type Served, serveSandbox } from '../../src/sandbox/run/serve.ts'

/** The Worker on this machine, a sandbox behind it, and a real browser before it. */

/** Debian's Chromium (`apt-get install chromium`), or the one that CHROMIUM names. */
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const token = 'browser-test-token-which-nobody-guesses'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export class House {
  readonly #folder = mkdtempSync(join(tmpdir(), 'docketed-browser-'))
  #browser: Browser | undefined
  #dev: Dev | undefined
  sandbox: Served | undefined
  url = ''

  async open(port: number): Promise<void> {
    const sandbox = await serveSandbox()
    this.sandbox = sandbox
    const free = (await freePort(port)) as number
    this.url = `http://127.0.0.1:${free}`
    const vars = {
      CLIO_GATEWAY_URL: `${sandbox.url}/clio`,
      MATON_CONTROL_URL: sandbox.url,
      MATON_API_KEY: sandbox.sandbox.key,
      SANDBOX_URL: sandbox.url,
      ADMIN_TOKEN: token,
      DATA_KEY: btoa('a data key of thirty-two bytes!!'),
      SETTLE_SECONDS: '5',
    }
    this.#dev = startDev({ port: free, folder: this.#folder, vars })
    await until(async () => (await fetch(`${this.url}/healthz`)).ok)
    this.#browser = await chromium.launch({ executablePath, args: quiet })
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    await this.#dev?.stop()
    await this.sandbox?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A call of the API with ADMIN_TOKEN. @param path below `/api/firms` */
  async api<T>(method: string, path: string, body?: object | string): Promise<T> {
    const headers = { authorization: `Bearer ${token}` }
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const answer = await fetch(`${this.url}/api/firms/${path}`, { method, headers, ...(text && { body: text }) })
    const said = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${said}`)
    return (said === '' ? null : JSON.parse(said)) as T
  }

  /** Comes in at the door; answers the run. */
  async deliver(firm: string, endpoint: string, answers: Record<string, string>): Promise<string> {
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const init = { method: 'POST', headers, body: new URLSearchParams(answers) }
    const answer = await fetch(`${this.url}/in/${firm}/${endpoint}`, init)
    return ((await answer.json()) as { run: string }).run
  }

  async reaches(firm: string, run: string, state: string): Promise<void> {
    await until(async () => (await this.api<{ state: string }>('GET', `${firm}/runs/${run}`)).state === state)
  }

  /** Works in a browser of its own; whatever it complains about is a fault. */
  async browse(work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await this.#browser!.newContext(options)
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const faults: string[] = []
    page.on('pageerror', error => void faults.push(String(error)))
    page.on('console', line => void (line.type() === 'error' && faults.push(line.text())))
    await work(page)
    await context.close()
    // A page that answers 401, 404 or 422 is named as a failed load; that is what it is.
    expect(faults.filter(fault => !/status of 4\d\d/.test(fault))).toEqual([])
  }

  /** The same, signed in. */
  async signedIn(work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    await this.browse(async page => {
      await page.goto(`${this.url}/console`)
      await page.getByLabel('Token').fill(token)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'Firms' }).waitFor()
      await work(page)
    }, options)
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page as it stands, each rule with how often; and whether it is wider than the screen. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.waitForLoadState('load')
  await page.evaluate(axe)
  const found = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
  const named = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)} × ${nodes.length}`)
  return [...named, ...(wide ? ['wider than the screen'] : [])]
}

/** Two minutes: more calls than the pace allows wait for the next. */
export async function until(done: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 600; n++) {
    if (await done().catch(() => false)) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('It did not come to that within two minutes.')
}
