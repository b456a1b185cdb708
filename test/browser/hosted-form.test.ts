import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dev, startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'

/**
 * The hosted form in a real browser. Debian's Chromium (`apt-get install chromium`), or the one that CHROMIUM names; where there is none,
 * these are left out and everything else about the form is held to by test/forms.
 */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const token = 'browser-test-token-which-nobody-guesses'
const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

const definition = {
  title: 'Tell us about your case',
  intro: 'We answer within one working day.',
  fields: [
    { name: 'first_name', label: 'First name', required: true },
    { name: 'last_name', label: 'Last name', required: true },
    { name: 'email', label: 'E-mail', type: 'email', required: true },
    { name: 'phone', label: 'Phone', type: 'tel', help: 'Only if we may call you.' },
    {
      name: 'matter_type',
      label: 'What is it about?',
      type: 'select',
      required: true,
      options: ['Family Law', 'Personal Injury'],
    },
    { name: 'reach', label: 'How may we reach you?', type: 'radio', options: ['Phone', 'E-mail'], required: true },
    { name: 'message', label: 'What happened?', type: 'textarea' },
    { name: 'papers', label: 'Papers', type: 'file', multiple: true },
  ],
  consent: 'The firm may contact me about this.',
}

const config = {
  timezone: 'America/New_York',
  country: 'US',
  endpoints: {
    website: { source: 'form', form: definition, files: { types: ['text/plain', 'application/pdf'] } },
    plain: {
      source: 'form',
      form: { ...definition, fields: definition.fields.filter(field => field.type !== 'file') },
    },
  },
  rules: [
    {
      name: 'task',
      on: { type: 'form.submitted' },
      steps: {
        call: { create: 'tasks', with: { name: 'Call {{ person.last_name }}', assignee: 'intake@smith.example' } },
      },
    },
  ],
}

describe.skipIf(!existsSync(executablePath))('the hosted form in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docketed-browser-'))
  let browser: Browser
  let dev: Dev
  let close: () => Promise<unknown> | unknown
  let url = ''

  beforeAll(async () => {
    const sandbox = await serveSandbox({ port: 0 })
    close = sandbox.close
    const port = (await freePort(8900)) as number
    url = `http://127.0.0.1:${port}`
    const vars = {
      CLIO_GATEWAY_URL: `${sandbox.url}/clio`,
      MATON_CONTROL_URL: sandbox.url,
      MATON_API_KEY: sandbox.sandbox.key,
      ADMIN_TOKEN: token,
      DATA_KEY: btoa('a data key of thirty-two bytes!!'),
      SETTLE_SECONDS: '5',
    }
    dev = startDev({ port, folder, vars })
    await until(async () => (await fetch(`${url}/healthz`)).ok)
    const saved = await api('PUT', 'config', JSON.stringify(config))
    if (!saved.ok) throw new Error(await saved.text())
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ]
    browser = await chromium.launch({ executablePath, args })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await dev?.stop()
    await close?.()
    rmSync(folder, { recursive: true, force: true })
  })

  function api(method: string, path: string, body?: string): Promise<Response> {
    const headers = { authorization: `Bearer ${token}` }
    return fetch(`${url}/api/firms/smith/${path}`, { method, headers, ...(body && { body }) })
  }

  /** Runs made by what a test did. */
  async function runsOf(
    work: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<{ id: string; state: string }[]> {
    const list = async () =>
      ((await (await api('GET', 'runs?limit=200')).json()) as { runs: { id: string; state: string }[] }).runs
    const before = new Set((await list()).map(run => run.id))
    const context = await browser.newContext({ bypassCSP: false, ...options })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', error => void faults.push(String(error)))
    page.on('console', line => void (line.type() === 'error' && faults.push(line.text())))
    await work(page)
    await context.close()
    expect(faults).toEqual([])
    return (await list()).filter(run => !before.has(run.id))
  }

  /** By keyboard alone: Tab from field to field, arrows and letters to choose, Enter to send. */
  async function byKeyboard(page: Page, name: string): Promise<void> {
    await page.keyboard.press('Tab')
    await page.keyboard.type(name)
    await page.keyboard.press('Tab')
    await page.keyboard.type('Roe')
    await page.keyboard.press('Tab')
    await page.keyboard.type(`${name.toLowerCase()}@x.example`)
    await page.keyboard.press('Tab')
    await page.keyboard.type('212 555 0100')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Fam')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    await page.keyboard.type('It happened on a Monday.')
  }

  async function fill(page: Page, name: string): Promise<void> {
    await page.getByLabel('First name').fill(name)
    await page.getByLabel('Last name').fill('Roe')
    await page.getByLabel('E-mail').first().fill(`${name.toLowerCase()}@x.example`)
    await page.getByLabel('What is it about?').selectOption('Family Law')
    await page.getByLabel('Phone', { exact: true }).check()
    await page.getByLabel('The firm may contact me about this.').check()
  }

  /** Longer than a robot needs. */
  const aWhile = (page: Page) => page.waitForTimeout(2100)
  const thanked = (page: Page) => page.getByRole('heading', { name: 'Thank you' }).waitFor()
  const send = (page: Page) => page.getByRole('button', { name: 'Send' }).click()

  it('is filled by keyboard alone', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/smith/plain`)
      await byKeyboard(page, 'Kay')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await page.keyboard.press('Tab')
      await aWhile(page)
      await page.keyboard.press('Enter')
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
    const run = (await (await api('GET', `runs/${runs[0]!.id}?reveal=1`)).json()) as {
      event: { fields: object; person: object }
    }
    expect(run.event.fields).toEqual({
      first_name: 'Kay',
      last_name: 'Roe',
      email: 'kay@x.example',
      phone: '212 555 0100',
      matter_type: 'Family Law',
      reach: 'Phone',
      message: 'It happened on a Monday.',
      consent: 'yes',
    })
  })

  it('fits a phone: nothing runs off its side, controls are large enough for a thumb', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/smith/website`)
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      expect(wide).toBe(false)
      const heights = (await page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([tabindex])')].map(e => e.getBoundingClientRect().height)",
      )) as number[]
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'phone.png'), fullPage: true })
      await fill(page, 'Phil')
      await aWhile(page)
      await send(page)
      await thanked(page)
    }, phone)
    expect(runs).toHaveLength(1)
  })

  it('works without JavaScript', async () => {
    const runs = await runsOf(
      async page => {
        await page.goto(`${url}/forms/smith/website`)
        await fill(page, 'Nora')
        await aWhile(page)
        await send(page)
        await thanked(page)
        expect(new URL(page.url()).pathname).toBe('/forms/smith/website/thanks')
      },
      { javaScriptEnabled: false },
    )
    expect(runs).toHaveLength(1)
  })

  it.each([true, false])('a double click sends once (JavaScript: %s)', async javaScriptEnabled => {
    const runs = await runsOf(
      async page => {
        await page.goto(`${url}/forms/smith/plain`)
        await fill(page, `Dora${javaScriptEnabled}`)
        await aWhile(page)
        await page.getByRole('button', { name: 'Send' }).dblclick({ noWaitAfter: true })
        await thanked(page)
      },
      { javaScriptEnabled },
    )
    expect(runs).toHaveLength(1)
  })

  it('reloading the page of thanks sends nothing', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/smith/plain`)
      await fill(page, 'Rhea')
      await aWhile(page)
      await send(page)
      await thanked(page)
      await page.reload()
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
  })

  it('going back and sending again is the same submission', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/smith/plain`)
      await fill(page, 'Beth')
      await aWhile(page)
      await send(page)
      await thanked(page)
      await page.goBack()
      await page.getByLabel('First name').waitFor()
      await fill(page, 'Beth')
      await send(page)
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
  })

  it('takes two files along', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/smith/website`)
      await fill(page, 'Faye')
      await page.getByLabel('Papers').setInputFiles([
        { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear Sirs') },
        {
          name: 'scan.pdf',
          mimeType: 'application/pdf',
          buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(200_000)]),
        },
      ])
      await aWhile(page)
      await send(page)
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
    const run = (await (await api('GET', `runs/${runs[0]!.id}?reveal=1`)).json()) as { event: { files: object[] } }
    expect(run.event.files).toMatchObject([
      { name: 'letter.txt', size: 9 },
      { name: 'scan.pdf', size: 200_009 },
    ])
  })

  it('says in the page what was wrong, and keeps what was written', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/smith/plain`)
      await send(page)
      expect(await page.evaluate("document.querySelector(':invalid') !== null")).toBe(true)
      expect(new URL(page.url()).pathname).toBe('/forms/smith/plain')
    })
    expect(runs).toEqual([])
  })

  it.each([
    ['the form', 'website', {}],
    ['the form on a phone', 'website', phone],
    ['the form in the dark', 'website', { colorScheme: 'dark' }],
    ['the page of thanks', 'plain/thanks', {}],
  ] as const)('axe finds nothing on %s', async (_, path, options) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    await runsOf(
      async page => {
        await page.goto(`${url}/forms/smith/${path}`)
        await page.evaluate(axe)
        const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: unknown[] }[] }
        expect(found.violations.map(({ id, nodes }) => `${id} × ${nodes.length}`)).toEqual([])
      },
      { ...options, bypassCSP: true },
    )
  })
})

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 300; n++) {
    if (await done().catch(() => false)) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('It did not come up within a minute.')
}
