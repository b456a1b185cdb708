import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blind, faultsOf, House, looks } from './house.ts'

/**
 * Every page in every state: axe finds nothing, nothing is wider than the screen, and nothing moves while it loads. SHOTS names a folder for pictures of them all, in
 * four looks, and without our script; without it each state is looked at once, by turns wide and light or narrow and dark.
 */

const house = new House()
const shots = process.env.SHOTS
const [smith, bare, lost, many] = ['smith-and-partners', 'bare', 'lost', 'many']

const on = (kind: string) => ({ on: { endpoint: 'website', type: 'form.submitted' }, if: `fields.kind == '${kind}'` })
const configuration = (connection: string, more: object = {}) => ({
  timezone: 'America/New_York',
  country: 'US',
  connection,
  endpoints: {
    website: {
      source: 'form',
      origins: ['https://smith.example'],
      form: { title: 'Your case', language: 'es', fields: [{ name: 'story', label: 'Historia', type: 'textarea' }] },
    },
    tally: { source: 'tally', secret: '$TALLY_SIGNING_SECRET' },
    calendly: { source: 'calendly', secret: '$CALENDLY_SIGNING_KEY' },
    office: {
      source: 'google-calendar',
      calendar: 'intake@smith.example',
      connection: '6bd5bf34-4b69-4f23-9fd9-6f4b2a1c7c11',
      secret: '$CHANNEL',
      url: 'https://docketed.example/in/smith/office',
    },
    weekly: { source: 'schedule', cron: '0 9 * * 1' },
  },
  channels: { office: { url: 'https://office.example/hook', secret: '$OFFICE_SECRET' } },
  alerts: 'office',
  rules: [
    { name: 'ask', ...on('odd'), steps: { stop: { park: 'Ask {{ person.first_name }} about {{ message }}' } } },
    {
      name: 'call',
      ...on('call'),
      steps: {
        call: {
          create: 'tasks',
          with: { name: 'Call {{ person.last_name }}', description: '{{ message }}', assignee: 'intake@smith.example' },
        },
      },
    },
    {
      name: 'area',
      ...on('area'),
      steps: {
        matter: {
          create: 'matters',
          with: { client: 'Maria Alvarez', description: '{{ message }}', practice_area: '{{ fields.area }}' },
        },
      },
    },
    {
      name: 'whose',
      ...on('whose'),
      steps: {
        note: {
          create: 'notes',
          with: { type: 'Contact', contact: '{{ fields.company }}', subject: 'New', detail: '{{ message }}' },
        },
      },
    },
    {
      name: 'meet',
      ...on('meet'),
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
    {
      name: 'broken',
      ...on('sum'),
      steps: {
        call: {
          create: 'tasks',
          with: { name: 'Call', assignee: 'intake@smith.example', description: '{{ string(int(fields.number) + 1) }}' },
        },
      },
    },
  ],
  ...more,
})

const ada = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@mail.example',
  phone: '(212) 555-0100',
  message: 'Please call me',
}
const long = {
  first_name: 'Wolfeschlegelsteinhausenbergerdorff-Anna-Maria-Theresia',
  message: `https://files.example/${'a-very-long-address-'.repeat(12)}\n${'He said that she said that he had never said it. '.repeat(40)}`,
}

const runs: Record<string, string> = {}
const sessions: Record<string, Awaited<ReturnType<House['session']>>> = {}

async function sent(
  name: string,
  kind: string,
  state: string,
  more: Record<string, string> = {},
  firm = smith,
): Promise<void> {
  runs[name] = await house.deliver(firm, 'website', { ...ada, kind, ...more })
  await house.reaches(firm, runs[name], state)
}

describe.skipIf(blind)('every page, in every state', () => {
  beforeAll(async () => {
    await house.open()
    await house.api('PUT', `${smith}/config`, configuration(await house.account('looks')))
    await house.api('PUT', `${bare}/config`, {
      ...configuration(await house.account('bare')),
      endpoints: {},
      channels: {},
      alerts: undefined,
      rules: [],
    })
    await house.api('PUT', `${many}/config`, configuration(await house.account('many')))
    const gone = await house.account('lost')
    await house.api('PUT', `${lost}/config`, configuration(gone))
    await house.clio('POST', `connections/${gone}/expire`)
    await house.clio('POST', 'records', {
      account: 'looks',
      resource: 'contacts',
      count: 3,
      data: { type: 'Company', name: 'Acme' },
    })
    await house.api('POST', `${smith}/channels/office/test`)
    await house.api('PUT', `${smith}/secrets/TALLY_SIGNING_SECRET`, 'a-secret-of-twenty-two-characters')
    for (const [name, role] of [
      ['Vera Viewer', 'viewer'],
      ['Otto Operator', 'operator'],
      ['Ada Admin', 'admin'],
    ] as const) {
      const { token } = await house.api<{ token: string }>('POST', `${smith}/tokens`, { name, role })
      sessions[role] = await house.session(token)
    }
    await house.api('POST', `${smith}/tokens`, {
      email: 'a.person.with.a.long.address@a-law-firm-with-a-long-name.example',
      role: 'viewer',
    })
    await house.api('POST', `${smith}/endpoints/website/catch`, {})
    await sent('caught', 'call', 'parked')
    await sent('done', 'call', 'done')
    await sent('parked', 'odd', 'parked')
    await sent('long', 'odd', 'parked', long)
    await sent('named', 'area', 'parked', { area: 'Maritime Law' })
    await sent('whose', 'whose', 'parked', { company: 'Acme' })
    await sent('sum', 'sum', 'parked', { number: 'three' })
    await sent('spam', 'call', 'spam', { _gotcha: 'x' })
    await sent('ignored', 'nothing', 'ignored')
    await sent('met', 'meet', 'done')
    await sent('held', 'call', 'held', {}, lost)
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        house.deliver(many, 'website', { ...ada, kind: n % 3 ? 'nothing' : 'odd', last_name: `No. ${n}` }),
      ),
    )
  }, 120_000)
  afterAll(() => house.close())

  const at = (firm: string, path = '') => `${house.url}/console/${firm}${path}`
  const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click()
  const fill = (label: string, text: string) => (page: Page) => page.getByLabel(label).fill(text)
  type Scene = readonly [name: string, address: () => string, ...acts: ((page: Page) => Promise<unknown>)[]]

  const scenes: readonly Scene[] = [
    ['firms', () => `${house.url}/console`],
    ['firms-none', () => `${house.url}/console?q=zz`],
    ['overview', () => at(smith)],
    ['overview-bare', () => at(bare)],
    ['overview-lost', () => at(lost)],
    ['overview-many', () => at(many)],
    ['overview-resumed', () => at(smith, '?did=resume&n=3&not=1')],
    ['runs', () => at(smith, '/runs')],
    ['runs-bare', () => at(bare, '/runs')],
    ['runs-many', () => at(many, '/runs')],
    ['runs-none', () => at(smith, '/runs?q=nobody')],
    ['runs-wrong', () => at(smith, '/runs?state=nonsense')],
    ['run-none', () => at(smith, '/runs/run_nobody')],
    ...['done', 'parked', 'long', 'named', 'whose', 'sum', 'spam', 'ignored', 'met', 'caught'].map(
      (name): Scene => [`run-${name}`, () => at(smith, `/runs/${runs[name]}`)],
    ),
    ['run-held', () => at(lost, `/runs/${runs.held}`)],
    ...['long', 'whose', 'named', 'sum'].map(
      (name): Scene => [`run-${name}-revealed`, () => at(smith, `/runs/${runs[name]}`), press('Reveal')],
    ),
    ['run-long-correcting', () => at(smith, `/runs/${runs.long}`), press('Correct answers…')],
    [
      'run-parked-unchanged',
      () => at(smith, `/runs/${runs.parked}`),
      press('Correct answers…'),
      press('Save and resume'),
    ],
    ['undo', () => at(smith, `/runs/${runs.met}/undo`)],
    ['endpoints', () => at(smith, '/endpoints')],
    ['endpoints-bare', () => at(bare, '/endpoints')],
    ['endpoints-tested', () => at(smith, '/endpoints'), press('Send a test')],
    ['endpoint-caught', () => at(smith, '/endpoints/website')],
    ['endpoint-caught-revealed', () => at(smith, '/endpoints/website'), press('Reveal')],
    ['endpoint-empty', () => at(smith, '/endpoints/tally')],
    ['rules', () => at(smith, '/rules')],
    ['rules-new-firm', () => `${house.url}/console/a-new-firm/rules`],
    ['rules-from-run', () => at(smith, `/rules?run=${runs.named}`)],
    [
      'rules-wrong',
      () => at(smith, '/rules'),
      fill('The configuration', '{\n  "timezone": "Mars/Olympus",\n  "country": "Utopia"\n}'),
      press('Check'),
    ],
    [
      'rules-no-json',
      () => at(smith, '/rules'),
      fill('The configuration', '{\n  "timezone": nonsense\n}'),
      press('Check'),
    ],
    ['settings', () => at(smith, '/settings')],
    ['settings-bare', () => at(bare, '/settings')],
    ['settings-token', () => at(smith, '/settings'), fill('Whose token', 'Kim'), press('Make a token')],
    ['settings-deaf', () => at(smith, '/settings'), press('Send a test')],
    ['keys', () => at(smith, '/runs'), page => page.waitForLoadState('load').then(() => page.keyboard.press('?'))],
  ]
  const outside: readonly Scene[] = [
    ['front', () => house.url],
    ['nowhere', () => `${house.url}/nowhere`],
    ['thanks', () => `${house.url}/thanks/run_1`],
    ['sign-in', () => `${house.url}/console`],
    ['sign-in-wrong', () => `${house.url}/console`, fill('Token', 'dkt_nobody'), press('Sign in')],
    ['sign-in-deep', () => at(smith, '/runs')],
    ['form-es', () => `${house.url}/forms/${smith}/website`],
    ['form-none', () => `${house.url}/forms/${smith}/nobody`],
  ]
  const lesser: readonly Scene[] = [
    ['overview', () => at(smith)],
    ['run-parked', () => at(smith, `/runs/${runs.parked}`)],
    ['settings', () => at(smith, '/settings')],
    ['endpoints', () => at(smith, '/endpoints')],
  ]

  async function look(page: Page, what: string, [name, address, ...acts]: Scene): Promise<string[]> {
    await page.goto(address())
    for (const act of acts) await act(page)
    await page.waitForLoadState('load')
    const moved = Number(await page.evaluate(shifted))
    if (shots) await page.screenshot({ path: `${shots}/${name}-${what}.png`, fullPage: true })
    await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    if (shots && (await page.locator('details').count()) > 0)
      await page.screenshot({ path: `${shots}/${name}-open-${what}.png`, fullPage: true })
    const faults = await faultsOf(page)
    return [...faults, ...(moved > 0 ? [`moves by ${moved}`] : [])].map(fault => `${name}: ${fault}`)
  }

  /** How far things moved since the page began, by themselves. */
  const shifted = `new Promise(told => {
    const all = new PerformanceObserver(() => {})
    all.observe({ type: 'layout-shift', buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() =>
      told(all.takeRecords().reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0))))
  })`

  const scriptless = 'without-script'
  const all = [...Object.entries(looks), [scriptless, looks.wide!] as const]
  it.each(shots ? all : all.filter(([what]) => what === 'wide' || what === 'phone-dark'))(
    '%s',
    async (what, options) => {
      const found: string[] = []
      const bypassed = { ...options, bypassCSP: true }
      let turn = what === 'wide' ? 1 : 0
      const lookAt = async (page: Page, list: readonly Scene[], prefix = '') => {
        // Axe itself is a script, so only ours is away.
        if (what === scriptless) await page.route('**/console.js', route => route.fulfill({ body: '' }))
        for (const [name, ...rest] of list)
          if (name === 'keys' && what === scriptless) continue
          else if (shots || turn++ % 2 === 0) found.push(...(await look(page, what, [`${prefix}${name}`, ...rest])))
      }
      await house.browse(page => lookAt(page, outside), bypassed)
      await house.signedIn(page => lookAt(page, scenes), bypassed)
      for (const role of ['viewer', 'operator'])
        await house.browse(page => lookAt(page, lesser, `${role}-`), { ...bypassed, storageState: sessions[role]! })
      expect(found).toEqual([])
    },
    600_000,
  )

  it('what has the focus is seen, in the order of the page, and one gets past the bar', async () => {
    await house.signedIn(async page => {
      for (const path of ['', '/runs', `/runs/${runs.parked}`, '/endpoints', '/rules', '/settings']) {
        await page.goto(at(smith, path))
        await page.waitForLoadState('load')
        await page.keyboard.press('Tab')
        expect(await page.evaluate('document.activeElement.textContent'), path).toBe('Skip to the content')
        const unseen: string[] = []
        let before = -1
        for (let n = 0; n < 40; n++) {
          await page.keyboard.press('Tab')
          const {
            at: place,
            seen,
            what,
          } = (await page.evaluate(`(() => {
            const one = document.activeElement
            const style = getComputedStyle(one)
            const box = one.getBoundingClientRect()
            return {
              at: [...document.querySelectorAll('*')].indexOf(one),
              seen: one === document.body || (style.outlineStyle !== 'none' && box.width > 0 && box.bottom > 0 && box.top < innerHeight),
              what: one.outerHTML.slice(0, 90),
            }
          })()`)) as { at: number; seen: boolean; what: string }
          if (place <= before) break
          before = place
          if (!seen) unseen.push(what)
        }
        expect(unseen, path).toEqual([])
      }
    })
  })
})
