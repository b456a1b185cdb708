import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blind, Hand, House } from './house.ts'

/** The pages that set a firm up, in a real browser: they can be used by everybody, and a new source comes to a saved rule without leaving. */

const house = new House()
const firm = 'setting'

let connection = ''

const configuration = (rules: object[] = []) => ({
  timezone: 'America/New_York',
  country: 'US',
  connection,
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

describe.skipIf(blind)('the pages that set a firm up', () => {
  const go = (page: Page, to: string) => page.goto(`${house.url}/console/${firm}/${to}`)
  const button = (page: Page, name: string) => page.getByRole('button', { name })

  beforeAll(async () => {
    await house.open()
    connection = await house.account(firm)
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
      const hand = new Hand(page)
      await go(page, 'endpoints')
      const website = page.locator('#website')
      expect(await website.locator('[data-copy]').inputValue()).toBe(`${house.url}/in/${firm}/website`)
      await hand.click(website.getByRole('button', { name: 'Catch the next delivery' }))
      await hand.click(website.getByRole('button', { name: 'Send a test' }))
      await page.getByText('The test of website came in.').waitFor()
      await hand.click(page.locator('#website').getByRole('link', { name: 'What was caught' }))
      await page.getByText('{{ fields.matter_type }}').waitFor()
      expect(await page.getByLabel('Take fields.matter_type').isChecked()).toBe(true)
      await hand.click(button(page, 'Write a rule with these'))
      await page.getByText('A rule for website stands at the end').waitFor()
      await hand.click(button(page, 'Check'))
      await page.getByText('Nothing is wrong.').waitFor()
      await hand.click(button(page, 'Save'))
      await page.getByText('Saved.').waitFor()
      expect([hand.clicks, hand.keys]).toEqual([6, 0])
    })
  })

  it('copy an address, and what is shown once, with one click; without a script it is selected whole', async () => {
    const permissions = ['clipboard-read', 'clipboard-write']
    await house.signedIn(
      async page => {
        const copied = () => page.evaluate('navigator.clipboard.readText()')
        await go(page, 'endpoints')
        await page.locator('#website').getByRole('button', { name: 'Copy Address' }).click()
        await page.getByRole('button', { name: 'Copy Address' }).getByText('Copied').waitFor()
        expect(await copied()).toBe(`${house.url}/in/${firm}/website`)
        await go(page, 'settings')
        await page.getByLabel('Whose token').fill('Kim')
        await button(page, 'Make a token').click()
        await page.getByText('It is shown this once').waitFor()
        const token = await page.locator('.note input[data-copy]').inputValue()
        await page.getByRole('button', { name: 'Copy Token' }).click()
        expect([await copied(), token.slice(0, 12)]).toEqual([token, 'dkt_setting_'])
      },
      { permissions },
    )
    await house.signedIn(
      async page => {
        await go(page, 'endpoints')
        const field = page.locator('#website [data-copy]')
        expect([
          await field.getAttribute('readonly'),
          await page.evaluate("getComputedStyle(document.querySelector('#website [data-copy]')).userSelect"),
        ]).toEqual(['', 'all'])
        expect(await page.getByRole('button', { name: 'Copy Address' }).count()).toBe(0)
      },
      { javaScriptEnabled: false },
    )
  })

  it('say what is wrong as one writes, and undo nothing of what was written', async () => {
    await house.signedIn(async page => {
      await go(page, 'rules')
      const text = page.getByLabel('The configuration')
      const before = await text.inputValue()
      await text.fill(before.replace('"upsert"', '"upsret"'))
      const said = page.locator('[data-said]')
      await said.getByText('upsret').first().waitFor()
      expect(await text.inputValue()).toContain('"upsret"')
      // A fault leads to its line, and what is to be written anew is marked.
      await said
        .getByRole('link', { name: /^Line \d+, column \d+$/ })
        .first()
        .click()
      expect(await page.evaluate('String(getSelection())')).toContain('contacts')
      await page
        .getByText(/^Line \d+, column \d+$/)
        .last()
        .waitFor()
    })
  })

  it('keep what was not saved, for whoever went elsewhere or was signed out meanwhile', async () => {
    await house.signedIn(async page => {
      await go(page, 'rules')
      const text = page.getByLabel('The configuration')
      const stored = await text.inputValue()
      const written = `// Of Kim.\n${stored}`
      await text.fill(written)
      await page.context().clearCookies()
      await button(page, 'Save').click()
      await page.getByText('Your session has ended').waitFor()
      await page.getByLabel('Token').fill(house.token)
      await button(page, 'Sign in').click()
      expect(await text.inputValue()).toBe(stored)
      await button(page, 'Bring it back').click()
      expect(await text.inputValue()).toBe(written)
      // Checked, it is not saved yet.
      await button(page, 'Check').click()
      await page.getByText('Nothing is wrong.').waitFor()
      await go(page, 'rules')
      await button(page, 'Bring it back').click()
      await button(page, 'Save').click()
      await page.getByText('Saved.').waitFor()
      await go(page, 'rules')
      expect([await text.inputValue(), await button(page, 'Bring it back').count()]).toEqual([written, 0])
    })
  })

  it('never bring back over what somebody else has saved since', async () => {
    await house.signedIn(async page => {
      await go(page, 'rules')
      await page.getByLabel('The configuration').fill(JSON.stringify(configuration()))
      await house.api('PUT', `${firm}/config`, { ...configuration(), country: 'CA' })
      await go(page, 'rules')
      await button(page, 'Bring it back').click()
      await button(page, 'Save').click()
      await page.getByText('Somebody else saved the configuration since you opened it.').waitFor()
    })
  })

  it('give the firm as a file more than once', async () => {
    await house.signedIn(async page => {
      await go(page, 'settings')
      await page.getByText('Export…').click()
      for (let n = 0; n < 2; n++) {
        await page.getByLabel('Passphrase').fill('a passphrase for the export')
        const [file] = await Promise.all([page.waitForEvent('download'), button(page, `Export ${firm}`).click()])
        expect(file.suggestedFilename()).toBe(`${firm}.docketed`)
      }
    })
  })

  it('work without a script', async () => {
    await house.signedIn(
      async page => {
        await go(page, 'rules')
        await button(page, 'Check').click()
        await page.getByText('Nothing is wrong.').waitFor()
        await go(page, 'settings')
        await page.getByLabel('Whose token').fill('Sam')
        await button(page, 'Make a token').click()
        await page.getByText('It is shown this once').waitFor()
      },
      { javaScriptEnabled: false },
    )
  })
})
