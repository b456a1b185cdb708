import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blind, faultsOf, House } from './house.ts'

/** The hosted form in a real browser; where there is none, test/forms holds to everything else about it. */

const house = new House()
const { url } = house
const firm = 'forms'
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

/** What a form calls its own parts, and a firm may call an answer. */
const ownNames = [
  { name: 'action', label: 'What have you done so far?' },
  { name: 'dataset', label: 'Which records are there?' },
]

const config = {
  timezone: 'America/New_York',
  country: 'US',
  connection: '',
  endpoints: {
    website: {
      source: 'form',
      fillSeconds: 0,
      form: { ...definition, fields: [...definition.fields, ...ownNames] },
      files: { types: ['text/plain', 'application/pdf'] },
    },
    plain: {
      source: 'form',
      fillSeconds: 0,
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

describe.skipIf(blind)('the hosted form in Chromium', () => {
  beforeAll(async () => {
    await house.open()
    await house.api('PUT', `${firm}/config`, { ...config, connection: await house.account(firm) })
  })
  afterAll(() => house.close())

  /** Runs made by what a test did. */
  async function runsOf(
    work: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<{ id: string; state: string }[]> {
    type Runs = { runs: { id: string; state: string }[] }
    const list = async () => (await house.api<Runs>('GET', `${firm}/runs?limit=200`)).runs
    const before = new Set((await list()).map(run => run.id))
    await house.browse(work, options)
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

  const thanked = (page: Page) => page.getByRole('heading', { name: 'Thank you' }).waitFor()
  const send = (page: Page) => page.getByRole('button', { name: 'Send' }).click()

  it('is filled by keyboard alone', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/forms/plain`)
      await byKeyboard(page, 'Kay')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
    const run = await house.api<{ event: { fields: object; person: object } }>(
      'GET',
      `${firm}/runs/${runs[0]!.id}?reveal=1`,
    )
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
      await page.goto(`${url}/forms/forms/website`)
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      expect(wide).toBe(false)
      const heights = (await page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([tabindex])')].map(e => e.getBoundingClientRect().height)",
      )) as number[]
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'phone.png'), fullPage: true })
      await fill(page, 'Phil')
      await send(page)
      await thanked(page)
    }, phone)
    expect(runs).toHaveLength(1)
  })

  it('is written in from the right, and its own controls are dark in the dark', async () => {
    await runsOf(
      async page => {
        await page.goto(`${url}/forms/forms/website`)
        const styles = await page.evaluate(
          "[getComputedStyle(document.documentElement).colorScheme, ...[...document.querySelectorAll('textarea')].map(field => getComputedStyle(field).unicodeBidi)]",
        )
        expect(styles).toEqual(['light dark', 'plaintext'])
      },
      { colorScheme: 'dark' },
    )
  })

  it('works without JavaScript', async () => {
    const runs = await runsOf(
      async page => {
        await page.goto(`${url}/forms/forms/website`)
        await fill(page, 'Nora')
        await send(page)
        await thanked(page)
        expect(new URL(page.url()).pathname).toBe('/forms/forms/website/thanks')
      },
      { javaScriptEnabled: false },
    )
    expect(runs).toHaveLength(1)
  })

  it.each([true, false])('a double click sends once (JavaScript: %s)', async javaScriptEnabled => {
    const runs = await runsOf(
      async page => {
        await page.goto(`${url}/forms/forms/plain`)
        await fill(page, `Dora${javaScriptEnabled}`)
        await page.getByRole('button', { name: 'Send' }).dblclick({ noWaitAfter: true })
        await thanked(page)
      },
      { javaScriptEnabled },
    )
    expect(runs).toHaveLength(1)
  })

  it('reloading the page of thanks sends nothing', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/forms/plain`)
      await fill(page, 'Rhea')
      await send(page)
      await thanked(page)
      await page.reload()
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
  })

  it('going back and sending again is the same submission', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/forms/plain`)
      await fill(page, 'Beth')
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
      await page.goto(`${url}/forms/forms/website`)
      await fill(page, 'Faye')
      await page.getByLabel('Papers').setInputFiles([
        { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear Sirs') },
        {
          name: 'scan.pdf',
          mimeType: 'application/pdf',
          buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(200_000)]),
        },
      ])
      await send(page)
      await thanked(page)
    })
    expect(runs).toHaveLength(1)
    const run = await house.api<{ event: { files: object[] } }>('GET', `${firm}/runs/${runs[0]!.id}?reveal=1`)
    expect(run.event.files).toMatchObject([
      { name: 'letter.txt', size: 9 },
      { name: 'scan.pdf', size: 200_009 },
    ])
  })

  it('says in the page what was wrong, and keeps what was written', async () => {
    const runs = await runsOf(async page => {
      await page.goto(`${url}/forms/forms/plain`)
      await send(page)
      expect(await page.evaluate("document.querySelector(':invalid') !== null")).toBe(true)
      expect(new URL(page.url()).pathname).toBe('/forms/forms/plain')
    })
    expect(runs).toEqual([])
  })

  it.each([
    ['the form', 'website', {}],
    ['the form on a phone', 'website', phone],
    ['the form in the dark', 'website', { colorScheme: 'dark' }],
    ['the page of thanks', 'plain/thanks', {}],
  ] as const)('axe finds nothing on %s', async (_, path, options) => {
    await house.browse(
      async page => {
        await page.goto(`${url}/forms/${firm}/${path}`)
        expect(await faultsOf(page)).toEqual([])
      },
      { ...options, bypassCSP: true },
    )
  })
})
