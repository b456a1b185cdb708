import { existsSync } from 'node:fs'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, faultsOf, House } from './house.ts'

/** The pages that set a firm up, in a real browser: they can be used by everybody, and a new source comes to a saved rule without leaving. */

const house = new House()
const firm = 'smith'
const shots = process.env.SHOTS

const configuration = (rules: object[] = []) => ({
  timezone: 'America/New_York',
  country: 'US',
  endpoints: {
    website: { source: 'form', origins: ['https://smith.example'] },
    tally: { source: 'tally', secret: '$TALLY_SIGNING_SECRET' },
    calendly: { source: 'calendly', secret: '$CALENDLY_SIGNING_KEY' },
    weekly: { source: 'schedule', cron: '0 9 * * 1' },
  },
  channels: { office: { url: 'https://office.example/hook', secret: '$OFFICE_SECRET' } },
  alerts: 'office',
  rules,
})

/** Both colours and both widths; all four of them for pictures (SHOTS names a folder). */
const widths: readonly (readonly [string, BrowserContextOptions])[] = [
  ['wide', { viewport: { width: 1280, height: 900 } }],
  ['wide-dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true }],
  ['phone-dark', { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' }],
]

describe.skipIf(!existsSync(executablePath))('the pages that set a firm up', () => {
  const go = (page: Page, to: string) => page.goto(`${house.url}/console/${firm}/${to}`)
  const button = (page: Page, name: string) => page.getByRole('button', { name })

  beforeAll(async () => {
    await house.open(8870)
    await house.api('PUT', `${firm}/config`, configuration())
    await house.api('PUT', `${firm}/secrets/TALLY_SIGNING_SECRET`, 'a-secret-of-twenty-two-characters')
    await house.api('PUT', `${firm}/secrets/OFFICE_SECRET`, 'a-secret-of-twenty-two-characters')
    await house.api('POST', `${firm}/tokens`, { name: 'Ines', role: 'operator' })
    await house.api('POST', `${firm}/channels/office/test`)
    await house.api('PUT', `${firm}/config`, configuration())
  })
  afterAll(() => house.close())

  it('take a new source from its address to a saved rule in six clicks', async () => {
    await house.signedIn(async page => {
      let clicks = 0
      const click = async (name: string, within: Page | ReturnType<Page['locator']> = page) => {
        clicks++
        await within.getByRole('button', { name }).click()
      }
      await go(page, 'endpoints')
      const website = page.locator('#website')
      expect(await website.getByLabel('Address to copy').inputValue()).toBe(`${house.url}/in/${firm}/website`)
      await click('Catch the next delivery', website)
      await click('Send a test', website)
      await page.getByText('The test of website came in.').waitFor()
      clicks++
      await page.locator('#website').getByRole('link', { name: 'What was caught' }).click()
      await page.getByText('{{ fields.matter_type }}').waitFor()
      await page.getByLabel('Take fields.matter_type').check()
      await click('Write a rule with these')
      await page.getByText('A rule for website stands at the end').waitFor()
      await click('Check')
      await page.getByText('Nothing is wrong.').waitFor()
      await click('Save')
      await page.getByText('Saved.').waitFor()
      expect(clicks).toBe(6)
    })
  })

  it('say what is wrong as one writes, and undo nothing of what was written', async () => {
    await house.signedIn(async page => {
      await go(page, 'rules')
      const text = page.getByLabel('The configuration')
      const before = await text.inputValue()
      await text.fill(before.replace('"upsert"', '"upsret"'))
      await page.locator('[data-said]').getByText('upsret').first().waitFor()
      expect(await text.inputValue()).toContain('"upsret"')
    })
  })

  it('work without a script', async () => {
    await house.signedIn(
      async page => {
        await go(page, 'rules')
        await button(page, 'Check').click()
        await page.getByText('Nothing is wrong.').waitFor()
        await go(page, 'settings')
        await page.getByLabel('For whom').fill('Sam')
        await button(page, 'Make a token').click()
        await page.getByText('It is shown this once').waitFor()
      },
      { javaScriptEnabled: false },
    )
  })

  it.each(shots ? widths : widths.filter(([name]) => name === 'wide' || name === 'phone-dark'))(
    'can be used by everybody: %s',
    async (name, options) => {
      await house.signedIn(async page => {
        const found: string[] = []
        const look = async (what: string) => {
          found.push(...(await faultsOf(page)).map(fault => `${what}: ${fault}`))
          if (shots) await page.screenshot({ path: `${shots}/${what}-${name}.png`, fullPage: true })
        }
        for (const what of ['endpoints', 'endpoints/website', 'endpoints/tally', 'rules', 'settings']) {
          await go(page, what)
          await look(what.replace('/', '-'))
        }
        await go(page, 'endpoints/website')
        await button(page, 'Reveal').click()
        await page.getByText('You see what was written').waitFor()
        await look('caught-revealed')
        await go(page, 'rules')
        await page.getByLabel('Try it on an event').selectOption({ index: 1 })
        await page.getByLabel('The configuration').fill('{ "timezone": "Mars/Olympus" }')
        await button(page, 'Check').click()
        await page.getByText('Mars').first().waitFor()
        await look('rules-wrong')
        await go(page, 'rules?version=1')
        await look('rules-version')
        await go(page, 'rules')
        await page.getByLabel('Try it on an event').selectOption({ index: 1 })
        await button(page, 'Check').click()
        await page.getByText('What the event would do').waitFor()
        await look('rules-tried')
        await go(page, 'settings')
        await page.locator('summary').first().click()
        await look('settings-forget')
        expect(found).toEqual([])
      }, options)
    },
  )
})
