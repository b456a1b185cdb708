import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect, inject } from 'vitest'

/** What stands for all these tests (`setup.ts`), as one file of them sees it. */

const standing = inject('standing')
/** There is no browser on this machine: what it would show is left out. */
export const blind = standing === null
const { url, sandbox, browser: listens, token } = standing ?? { url: '', sandbox: '', browser: '', token: '' }

type State = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

export class House {
  #browser: Browser | undefined
  /** The vendor's session. */
  #session: State | undefined
  readonly url = url
  readonly token = token

  async open(): Promise<void> {
    await until(async () => (await fetch(`${url}/healthz`)).ok)
    this.#browser = await chromium.connect(listens)
  }

  async close(): Promise<void> {
    await this.#browser?.close()
  }

  /** A Clio of its own, and so a pace of its own. @returns the connection */
  async account(name: string): Promise<string> {
    const init = { method: 'POST', body: JSON.stringify({ account: name }) }
    const answer = await fetch(`${sandbox}/_sandbox/connections`, init)
    return ((await answer.json()) as { connection_id: string }).connection_id
  }

  /** What a Clio is made to do, or has: the sandbox's own address. @param path below `/_sandbox/` */
  async clio<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${sandbox}/_sandbox/${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }

  /** A call of the API with ADMIN_TOKEN. @param path below `/api/firms` */
  async api<T>(method: string, path: string, body?: object | string): Promise<T> {
    const headers = { authorization: `Bearer ${token}` }
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const answer = await fetch(`${url}/api/firms/${path}`, { method, headers, ...(text && { body: text }) })
    const said = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${said}`)
    return (said === '' ? null : JSON.parse(said)) as T
  }

  /** Comes in at the door; answers the run. */
  async deliver(firm: string, endpoint: string, answers: Record<string, string>): Promise<string> {
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const init = { method: 'POST', headers, body: new URLSearchParams(answers) }
    const answer = await fetch(`${url}/in/${firm}/${endpoint}`, init)
    return ((await answer.json()) as { run: string }).run
  }

  async reaches(firm: string, run: string, state: string): Promise<void> {
    await until(async () => (await this.api<{ state: string }>('GET', `${firm}/runs/${run}`)).state === state)
  }

  /** Works in a window of its own; whatever it complains about is a fault. */
  async browse(work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await this.#browser!.newContext(options)
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const faults: string[] = []
    page.on('pageerror', error => void faults.push(String(error)))
    page.on('console', line => void (line.type() === 'error' && faults.push(line.text())))
    try {
      await work(page)
    } finally {
      await context.close()
    }
    // A page that answers 400 to 499 is named as a failed load; that is what it is.
    expect(faults.filter(fault => !/status of 4\d\d/.test(fault))).toEqual([])
  }

  /** The same, signed in as the vendor. */
  async signedIn(work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    this.#session ??= await this.session(token)
    await this.browse(work, { ...options, storageState: this.#session })
  }

  /** What a browser keeps of somebody who signs in. */
  async session(token: string): Promise<State> {
    const context = await this.#browser!.newContext()
    const page = await context.newPage()
    await page.goto(`${url}/console`)
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    const state = await context.storageState()
    await context.close()
    return state
  }
}

/** Counts what a person does: each click, and each key. */
export class Hand {
  readonly #page: Page
  clicks = 0
  keys = 0

  constructor(page: Page) {
    this.#page = page
  }

  async click(what: ReturnType<Page['locator']>): Promise<void> {
    this.clicks++
    await what.click()
  }

  async type(text: string): Promise<void> {
    this.keys += text.length
    await this.#page.keyboard.type(text)
  }

  async press(key: string): Promise<void> {
    this.keys++
    await this.#page.keyboard.press(key)
  }
}

/** Wide and narrow, light and dark. */
export const looks: Readonly<Record<string, BrowserContextOptions>> = {
  wide: { viewport: { width: 1200, height: 900 } },
  'wide-dark': { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true },
  'phone-dark': { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true, colorScheme: 'dark' },
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
  for (let n = 0; n < 1200; n++) {
    if (await done().catch(() => false)) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('It did not come to that within two minutes.')
}
