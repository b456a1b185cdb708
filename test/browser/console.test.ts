import { existsSync } from 'node:fs'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, faultsOf, House, until } from './house.ts'

/** The console in a real browser: it can be used by everybody, and the three flows are short. */

const house = new House()
const firm = 'smith'

const rules = (assignee: string) => [
  {
    name: 'look',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'odd'",
    steps: { stop: { park: 'Ask {{ person.first_name }} first' } },
  },
  {
    name: 'task',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'call'",
    steps: {
      call: { create: 'tasks', with: { name: 'Call {{ person.last_name }}', description: '{{ message }}', assignee } },
    },
  },
  {
    name: 'area',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'area'",
    steps: {
      client: {
        upsert: 'contacts',
        match: ['email_addresses'],
        with: {
          type: 'Person',
          first_name: '{{ person.first_name }}',
          last_name: '{{ person.last_name }}',
          email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
        },
      },
      matter: {
        create: 'matters',
        with: { client: '{{ steps.client }}', description: 'New', practice_area: '{{ fields.area }}' },
      },
    },
  },
  {
    name: 'meet',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'meet'",
    steps: {
      meeting: {
        create: 'calendar_entries',
        with: {
          calendar_owner: 'sam@smith.example',
          summary: 'Meeting',
          start_at: "{{ date('+1 business day') }}",
          end_at: "{{ date('+1 business day') }}",
          all_day: true,
          send_email_notification: true,
        },
      },
    },
  },
]

const configure = (assignee: string) =>
  house.api('PUT', `${firm}/config`, {
    timezone: 'America/New_York',
    country: 'US',
    connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
    endpoints: { website: { source: 'form' } },
    rules: rules(assignee),
  })

const ada = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@mail.example', message: 'Please call me' }
const send = async (kind: string, state: string, more: Record<string, string> = {}) => {
  const run = await house.deliver(firm, 'website', { ...ada, kind, ...more })
  await house.reaches(firm, run, state)
  return run
}
const at = (path: string) => `${house.url}/console/${firm}${path}`

const runs: Record<string, string> = {}

describe.skipIf(!existsSync(executablePath))('the console in Chromium', () => {
  beforeAll(async () => {
    await house.open(8930)
    await configure('intake@smith.example')
    runs.done = await send('area', 'done', { area: 'Family Law' })
    runs.parked = await send('odd', 'parked')
    runs.named = await send('area', 'parked', { area: 'Maritime Law', email: 'bob@mail.example' })
    runs.spam = await send('call', 'spam', { _gotcha: 'x' })
    runs.ignored = await send('nothing', 'ignored')
    runs.met = await send('meet', 'done')
  }, 120_000)
  afterAll(() => house.close())

  const looks: readonly (readonly [string, BrowserContextOptions])[] = [
    ['light', { viewport: { width: 1200, height: 900 } }],
    ['dark', { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' }],
    ['light, on a phone', { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true }],
    [
      'dark, on a phone',
      { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true, colorScheme: 'dark' },
    ],
  ]

  it.each(looks)(
    'axe finds nothing on any page: %s',
    async (_, look) => {
      await house.browse(
        async page => {
          for (const path of ['/', '/nowhere', '/thanks/run_1', '/console', at('/runs').slice(house.url.length)]) {
            await page.goto(house.url + path)
            expect(await faultsOf(page), path).toEqual([])
          }
        },
        { ...look, bypassCSP: true },
      )
      await house.signedIn(
        async page => {
          const parked = [`/runs/${runs.parked}`, `/runs/${runs.named}`]
          const others = [runs.done, runs.spam, runs.ignored].map(run => `/runs/${run}`)
          const paths = [
            '',
            '?did=resume&n=3&not=1',
            '/runs',
            '/runs?state=nonsense',
            '/runs?q=nobody',
            `/runs/${runs.done}/undo`,
          ]
          expect(await faultsOf(page), 'firms').toEqual([])
          for (const path of [...paths, ...parked, ...others, '/runs/run_nobody']) {
            await page.goto(at(path))
            await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
            expect(await faultsOf(page), path).toEqual([])
          }
          for (const path of parked) {
            await page.goto(at(path))
            await page.getByRole('button', { name: 'Reveal' }).click()
            expect(await faultsOf(page), `${path} revealed`).toEqual([])
            await page.getByRole('button', { name: 'Correct answers…' }).click()
            expect(await faultsOf(page), `${path} to be corrected`).toEqual([])
            await page.getByRole('button', { name: 'Save and resume' }).click()
            expect(await faultsOf(page), `${path} refused`).toEqual([])
          }
          await page.goto(at('/runs'))
          await page.keyboard.press('?')
          expect(await faultsOf(page), 'keys').toEqual([])
        },
        { ...look, bypassCSP: true },
      )
    },
    180_000,
  )

  it('an alarm’s link leads to the run: there, mended and resumed in three clicks', async () => {
    await configure('nobody-in-clio@smith.example')
    const run = await send('call', 'parked', { email: 'clicks@mail.example' })
    await house.signedIn(async page => {
      // One: *Open* in Slack.
      await page.goto(at(`/runs/${run}`))
      await page.getByText('What to do.').waitFor()
      // Two: which name it is. It is mended where rules are.
      await page.getByRole('button', { name: 'Reveal' }).click()
      await page.getByText('nobody-in-clio@smith.example').first().waitFor()
      await configure('intake@smith.example')
      // Three.
      await page.getByRole('button', { name: 'Resume' }).click()
      await page.getByText('Resumed.').waitFor()
      // It says itself that it is done.
      await page.locator('.head .chip.done').waitFor()
      await page.getByRole('link', { name: /task \d+/ }).waitFor()
    })
  })

  it.each([
    ['with a script', true],
    ['without any', false],
  ])('a visitor’s wrong answer is corrected, %s', async (_, javaScriptEnabled) => {
    const run = await send('area', 'parked', { area: 'Familly Law', email: `eve-${javaScriptEnabled}@mail.example` })
    await house.signedIn(
      async page => {
        await page.goto(at(`/runs/${run}`))
        await page.getByRole('button', { name: 'Correct answers…' }).click()
        await page.getByLabel('area', { exact: true }).fill('Family Law')
        await page.getByRole('button', { name: 'Save and resume' }).click()
        await page.getByText('Corrected and resumed').waitFor()
        await house.reaches(firm, run, 'done')
        await page.goto(at(`/runs/${run}`))
        await page
          .getByRole('link', { name: /matter \d+/ })
          .first()
          .waitFor()
      },
      { javaScriptEnabled },
    )
  })

  it('an undo lists first what goes and what stays', async () => {
    const run = await send('meet', 'done')
    await house.signedIn(
      async page => {
        await page.goto(at(`/runs/${run}`))
        await page.getByRole('link', { name: 'Undo…' }).click()
        await page.getByText(/calendar entry \d+.*deleted/).waitFor()
        await page.getByText('were told by e-mail').waitFor()
        await page.getByRole('button', { name: 'Undo the rest' }).click()
        await page.getByText('This run takes it back').waitFor()
        await page.goto(at(`/runs/${run}`))
        await page.getByText('undone by').waitFor()
      },
      { javaScriptEnabled: false },
    )
  })

  it('goes on to the page that was asked for, once one is signed in', async () => {
    await house.browse(async page => {
      await page.goto(at(`/runs/${runs.done}#token=browser-test-token-which-nobody-guesses`))
      expect(page.url()).not.toContain('token')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText(runs.done!).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.goto(at(''))
      await page.getByLabel('Token').waitFor()
    })
  })

  it('is used by keys alone', async () => {
    await house.signedIn(async page => {
      await page.goto(at('/runs'))
      await page.keyboard.press('/')
      await page.keyboard.type(runs.parked!)
      await page.keyboard.press('Enter')
      await page.waitForURL(/q=run_/)
      await page.waitForLoadState('load')
      await page.keyboard.press('j')
      await page.keyboard.press('k')
      await page.keyboard.press('Enter')
      await page.waitForURL(at(`/runs/${runs.parked}`))
      // The script comes behind the page.
      await page.waitForLoadState('load')
      await page.keyboard.press('?')
      await page.getByRole('dialog').getByText('resume').waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('v')
      await page.getByText('You see what was written').waitFor()
      await page.waitForLoadState('load')
      await page.keyboard.press('r')
      await page.getByText('Resumed.').waitFor()
    })
    await house.reaches(firm, runs.parked!, 'done')
  })

  it('shows what is new by itself, and moves nothing that one reads', async () => {
    await house.signedIn(async page => {
      await page.goto(at('/runs'))
      await page.evaluate(`
        window.shift = 0
        new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value }).observe({ type: 'layout-shift', buffered: true })`)
      expect(await page.evaluate('window.shift')).toBeLessThan(0.02)
      const run = await send('nothing', 'ignored')
      await page.locator(`[data-row="${run}"]`).waitFor()
    })
  })

  it('shows each page soon', async () => {
    const cookie = await signIn()
    for (const path of ['', '/runs', `/runs/${runs.done}`]) {
      const times: number[] = []
      for (let n = 0; n < 11; n++) {
        const before = performance.now()
        const answer = await fetch(at(path), { headers: { cookie } })
        await answer.text()
        times.push(performance.now() - before)
        expect(answer.status).toBe(200)
      }
      const median = times.toSorted((a, b) => a - b)[5]!
      console.log(`/console/${firm}${path.replace(/run_.*/, '{id}')}: ${median.toFixed(0)} ms`)
      // 100 are meant; a machine that does something else besides takes longer.
      expect(median).toBeLessThan(400)
    }
  })

  // Last: it uses up the pace.
  it.each([
    ['forty', 40, 'with a script', true],
    ['five', 5, 'without any', false],
  ] as const)(
    'one wrong name in %s runs (%d) is one button, %s',
    async (_, many, _how, javaScriptEnabled) => {
      await configure('typo@smith.example')
      const all = await Promise.all(
        Array.from({ length: many }, (_unused, n) =>
          house.deliver(firm, 'website', { ...ada, kind: 'call', message: `${n} ${javaScriptEnabled}` }),
        ),
      )
      for (const run of all) await house.reaches(firm, run, 'parked')
      const { reasons } = await house.api<{ reasons: Record<string, number> }>('GET', `${firm}/stats`)
      await house.signedIn(
        async page => {
          await page.goto(at(''))
          const card = page.locator('article', { hasText: 'Clio has no record of a name that a rule writes' })
          await configure('intake@smith.example')
          await card.getByRole('button', { name: `Resume all ${reasons['unknown-name']}` }).click()
          await page.getByText(`Resumed: ${reasons['unknown-name']} runs.`).waitFor()
        },
        { javaScriptEnabled },
      )
      for (const run of all) await house.reaches(firm, run, 'done')
    },
    180_000,
  )
})

async function signIn(): Promise<string> {
  const body = new URLSearchParams({ token: 'browser-test-token-which-nobody-guesses' })
  let cookie = ''
  await until(async () => {
    const answer = await fetch(`${house.url}/console/sign-in`, { method: 'POST', body, redirect: 'manual' })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return cookie !== ''
  })
  return cookie
}
