import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blind, Hand, House, until } from './house.ts'

/** The console in a real browser: the three flows are short, and it works without a mouse and without a script. */

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
    name: 'whose',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'whose'",
    steps: {
      note: {
        create: 'notes',
        with: { type: 'Contact', contact: '{{ fields.company }}', subject: 'New', detail: '{{ fields.company }}' },
      },
    },
  },
  {
    name: 'note',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'note'",
    steps: {
      note: {
        create: 'notes',
        with: { type: 'Matter', matter: '00001-Alvarez', subject: 'New', detail: '{{ message }}' },
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
    connection,
    endpoints: { website: { source: 'form' } },
    rules: rules(assignee),
  })
let connection = ''

const ada = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@mail.example', message: 'Please call me' }
const send = async (kind: string, state: string, more: Record<string, string> = {}) => {
  const run = await house.deliver(firm, 'website', { ...ada, kind, ...more })
  await house.reaches(firm, run, state)
  return run
}
const at = (path: string) => `${house.url}/console/${firm}${path}`

const runs: Record<string, string> = {}

describe.skipIf(blind)('the console in Chromium', () => {
  beforeAll(async () => {
    await house.open()
    connection = await house.account('smith')
    await configure('intake@smith.example')
    runs.done = await send('area', 'done', { area: 'Family Law' })
    runs.parked = await send('odd', 'parked')
  }, 120_000)
  afterAll(() => house.close())

  it('an alarm’s link leads to the run; its rule is mended and the run resumed in three clicks', async () => {
    await configure('nobody-in-clio@smith.example')
    const run = await send('call', 'parked', { email: 'clicks@mail.example' })
    await house.signedIn(async page => {
      const hand = new Hand(page)
      // *Open* in Slack.
      hand.clicks++
      await page.goto(at(`/runs/${run}`))
      await page.getByText('What to do.').waitFor()
      await hand.click(page.getByRole('link', { name: 'The rules…' }))
      // What Clio does not know is named with its line, and stands marked in the text: one writes over it.
      await page.getByRole('link', { name: /^Line \d+, column \d+$/ }).waitFor()
      await page.locator('textarea:focus').waitFor()
      await hand.type('intake@smith.example')
      await hand.click(page.getByRole('button', { name: 'Save and resume the run' }))
      await page.getByText('Resumed.').waitFor()
      // It says itself that it is done.
      await page.locator('.head .chip.done').waitFor()
      await page.getByRole('link', { name: /task \d+/ }).waitFor()
      expect([hand.clicks, hand.keys]).toEqual([3, 'intake@smith.example'.length])
    })
  })

  describe('the record that is meant', () => {
    const twins = (name: string) =>
      house.clio('POST', 'records', {
        account: 'smith',
        resource: 'contacts',
        count: 2,
        data: { type: 'Company', name },
      })

    it.each([
      ['with a script', true],
      ['without any', false],
    ])(
      'is chosen between those that Clio has, in two clicks, with nothing revealed: %s',
      async (_, javaScriptEnabled) => {
        const name = `Acme ${javaScriptEnabled}`
        await twins(name)
        const run = await send('whose', 'parked', { company: name })
        await house.signedIn(
          async page => {
            const hand = new Hand(page)
            await page.goto(at(`/runs/${run}`))
            const choice = page.getByRole('group', { name: /Which record does step whose\/note mean/ })
            expect(await choice.getByRole('radio').count()).toBe(2)
            const link = choice.getByRole('link', { name: /^contact \d+/ }).last()
            const id = /\d+/.exec(await link.innerText())![0]
            expect(await choice.innerText()).not.toContain(name)
            await hand.click(choice.getByRole('radio').last())
            await hand.click(page.getByRole('button', { name: 'Choose it and resume' }))
            await page.getByText('The record is chosen').waitFor()
            await house.reaches(firm, run, 'done')
            const { notes } = await house.clio<{ notes: { contact?: { id: number }; detail: string }[] }>(
              'GET',
              'state?account=smith',
            )
            expect(notes.filter(note => note.detail === name).map(note => String(note.contact?.id))).toEqual([id])
            expect(hand.clicks).toBe(2)
          },
          { javaScriptEnabled },
        )
      },
    )

    it('of a call whose answer was lost is none of those that are there: that is said, and the call sent again', async () => {
      const notes = async () =>
        (await house.clio<{ notes?: { detail: string }[] }>('GET', 'state?account=smith')).notes ?? []
      const about = async () => (await notes()).filter(note => note.detail.includes('back on Monday')).length
      const { matters } = await house.clio<{ matters: { id: number; display_number: string }[] }>(
        'GET',
        'state?account=smith',
      )
      const { id } = matters.find(matter => matter.display_number === '00001-Alvarez')!
      const data = { type: 'Matter', matter: { id }, subject: 'New', detail: 'Yes. Please call me back on Monday' }
      await house.clio('POST', 'records', { account: 'smith', resource: 'notes', count: 1, data })
      await house.clio('POST', 'trouble', { method: 'POST', path: '^notes$', times: 1, action: { do: 'drop' } })
      const run = await send('note', 'parked', { message: 'Please call me back on Monday' })
      expect(await about()).toBe(1)
      await house.signedIn(async page => {
        const hand = new Hand(page)
        await page.goto(at(`/runs/${run}`))
        await hand.click(page.getByRole('radio', { name: 'None of these: send it again' }))
        await hand.click(page.getByRole('button', { name: 'Choose it and resume' }))
        await page.getByText('The record is chosen').waitFor()
        expect(hand.clicks).toBe(2)
      })
      await house.reaches(firm, run, 'done')
      expect(await about()).toBe(2)
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
      await page.goto(at(`/runs/${runs.done}#token=${house.token}`))
      expect(page.url()).not.toContain('token')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText(runs.done!).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.goto(at(''))
      await page.getByLabel('Token').waitFor()
    })
  })

  it('is used by keys alone, from wherever one is', async () => {
    await house.signedIn(async page => {
      await page.goto(at(''))
      await page.waitForLoadState('load')
      await page.keyboard.press('5')
      await page.waitForURL(at('/settings'))
      await page.waitForLoadState('load')
      await page.keyboard.press('/')
      await page.waitForURL(at('/runs'))
      await page.locator('[data-search]:focus').waitFor()
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

  it('asks for the page again, and sends nothing, when one goes back to what was revealed', async () => {
    await house.signedIn(async page => {
      await page.goto(at(`/runs/${runs.done}`))
      await page.getByRole('button', { name: 'Reveal' }).click()
      await page.getByText('You see what was written').waitFor()
      // The script comes behind the page.
      await page.waitForLoadState('load')
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByRole('heading', { name: 'Who did what' }).waitFor()
      await page.goBack()
      await page.getByText(runs.done!).waitFor()
      expect(await page.getByText('You see what was written').count()).toBe(0)
    })
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

  it('says that nothing new comes, to whoever is signed out or is not answered', async () => {
    await house.signedIn(async page => {
      await page.goto(`${house.url}/console/${firm}`)
      await page.route('**/console/**', route => route.fulfill({ status: 429 }))
      const alert = page.getByRole('alert')
      await alert.getByText('The page could not be read again').waitFor()
      await page.unroute('**/console/**')
      await alert.waitFor({ state: 'detached' })
      await page.context().clearCookies()
      await alert.getByText('You are signed out').waitFor()
      await alert.getByRole('link', { name: 'Load it again' }).click()
      await page.getByLabel('Token').waitFor()
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

  describe('forty runs that are parked by one wrong name', () => {
    async function parked(name: string, many: number, mended: boolean) {
      const connection = await house.account(name)
      const config = (assignee: string) => ({
        timezone: 'America/New_York',
        country: 'US',
        connection,
        endpoints: { website: { source: 'form' } },
        rules: rules(assignee),
      })
      await house.api('PUT', `${name}/config`, config('typo@smith.example'))
      const all = await Promise.all(
        Array.from({ length: many }, (_, n) =>
          house.deliver(name, 'website', { ...ada, kind: 'call', message: String(n) }),
        ),
      )
      for (const run of all) await house.reaches(name, run, 'parked')
      if (mended) await house.api('PUT', `${name}/config`, config('intake@smith.example'))
      return async () => {
        for (const run of all) await house.reaches(name, run, 'done')
        const { tasks } = await house.clio<{ tasks: { name: string }[] }>('GET', `state?account=${name}`)
        expect(tasks.filter(task => task.name === 'Call Lovelace')).toHaveLength(many)
      }
    }

    it('are found, mended and resumed by the pages, in four clicks', async () => {
      const done = await parked('forty', 40, false)
      await house.signedIn(async page => {
        const hand = new Hand(page)
        await page.goto(`${house.url}/console/forty`)
        const card = page.locator('article', { hasText: 'Clio has no record of a name that a rule writes' })
        await hand.click(card.getByRole('link', { name: 'Show all 40' }))
        await hand.click(page.locator('tbody tr a').first())
        await hand.click(page.getByRole('link', { name: 'The rules…' }))
        await page.locator('textarea:focus').waitFor()
        await hand.type('intake@smith.example')
        await hand.click(page.getByRole('button', { name: 'Save and resume all 40' }))
        await page.getByText('Resumed: 40 runs.').waitFor()
        expect([hand.clicks, hand.keys]).toEqual([4, 'intake@smith.example'.length])
      })
      await done()
    })

    it('are resumed with one key, once the rule is mended', async () => {
      const done = await parked('five', 5, true)
      await house.signedIn(async page => {
        const hand = new Hand(page)
        await page.goto(`${house.url}/console/five`)
        await page.waitForLoadState('load')
        await hand.press('r')
        await page.getByText('Resumed: 5 runs.').waitFor()
        expect([hand.clicks, hand.keys]).toEqual([0, 1])
      })
      await done()
    })

    it('are resumed with one click where no script runs', async () => {
      const done = await parked('four', 4, true)
      await house.signedIn(
        async page => {
          const hand = new Hand(page)
          await page.goto(`${house.url}/console/four`)
          await hand.click(page.getByRole('button', { name: 'Resume all 4' }))
          await page.getByText('Resumed: 4 runs.').waitFor()
          expect(hand.clicks).toBe(1)
        },
        { javaScriptEnabled: false },
      )
      await done()
    })
  })
})

async function signIn(): Promise<string> {
  const body = new URLSearchParams({ token: house.token })
  let cookie = ''
  await until(async () => {
    const answer = await fetch(`${house.url}/console/sign-in`, { method: 'POST', body, redirect: 'manual' })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return cookie !== ''
  })
  return cookie
}
