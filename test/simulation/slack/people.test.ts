import { afterEach, describe, expect, it } from 'vitest'
import { interaction, sam, trigger } from '../../slack/requests.ts'
import { firmConfig, Office } from './office.ts'

/** The other commands, the forms, and who is who. */

const offices: Office[] = []
function office(...given: ConstructorParameters<typeof Office>): Office {
  const one = new Office(...given)
  offices.push(one)
  return one
}
afterEach(() => {
  for (const one of offices.splice(0)) one.close()
})

const choice = (value: string) => ({ type: 'radio_buttons', selected_option: { value } })
const words = (value: string) => ({ type: 'plain_text_input', value })

describe('contacts and matters', () => {
  it('a new contact has an e-mail address and a phone', async () => {
    const one = office()
    expect((await one.says('contact Jane Roe jane@roe.example +1 212 555 0199')).text).toBe(
      'Contact “Jane Roe”, jane@roe.example, +1 212 555 0199',
    )
    expect(one.records('contacts').at(-1)).toMatchObject({
      type: 'Person',
      first_name: 'Jane',
      last_name: 'Roe',
      email_addresses: [{ address: 'jane@roe.example' }],
    })
  })

  it('a contact whom Clio knows by the address is not made again', async () => {
    const one = office()
    const before = one.records('contacts').length
    await one.says('contact Maria Alvarez maria.alvarez@mail.example')
    expect(one.records('contacts')).toHaveLength(before)
  })

  it('a contact of a company finds the company, or makes it', async () => {
    const one = office()
    await one.says('contact Jane Roe jane@roe.example at Acme Inc.')
    const acme = one.idOf('contacts', 'name', 'Acme Inc.')
    expect(one.records('contacts').at(-1)).toMatchObject({ last_name: 'Roe', company: { id: acme } })
  })

  it('a matter is opened for a contact by the exact name, and for nobody else', async () => {
    const one = office()
    const before = one.records('matters').length
    expect((await one.says('matter open Nobody Here: Divorce')).text).toContain('No contact is called “Nobody Here”')
    expect(one.records('matters')).toHaveLength(before)
    expect((await one.says('matter open Maria Alvarez: Custody')).text).toBe('Matter for Maria Alvarez: Custody')
    expect(one.records('matters').at(-1)).toMatchObject({ description: 'Custody', status: 'open' })
  })

  it('matters are found by number and name, with a way to each', async () => {
    const one = office()
    const found = await one.says('matter alvarez')
    expect(found.text).toBe('One matter fits “alvarez”:\n00001-Alvarez (Maria Alvarez), Divorce, Open')
    expect(JSON.stringify(found.blocks)).toContain('https://app.clio.com/nc/#/matters/')
    expect((await one.says('matter nobody')).text).toBe('No matter fits “nobody”.')
  })

  it('an appointment stands in the calendar of who typed it, at the time of their clock', async () => {
    const one = office()
    expect((await one.says('event tomorrow 3pm 45m 00001 Meeting with the client')).text).toBe(
      '“Meeting with the client” on 00001-Alvarez (Maria Alvarez), Wed 25 Nov 2026, 15:00 to 15:45',
    )
    const [entry] = one.records('calendar_entries')
    expect(Date.parse(String(entry!.start_at))).toBe(Date.parse('2026-11-25T20:00:00Z'))
    expect(Date.parse(String(entry!.end_at))).toBe(Date.parse('2026-11-25T20:45:00Z'))
  })

  it('today tells the person’s own time, and nobody else’s', async () => {
    const one = office()
    expect((await one.says('today')).text).toBe('You have entered no time today.')
    await one.says('time 1.5h 00001 call')
    await one.says('time 30m 00001 email')
    await one.says('time 1h 00001 research yesterday')
    await one.says('time 8h 00001 filing', { user_id: 'UINA' })
    expect((await one.says('today')).text.split('\n')[0]).toBe('You have entered 2 h today.')
  })
})

describe('who is who', () => {
  it('a link is confirmed once, with a code that only that person reads in Clio', async () => {
    const one = office()
    one.slack.user('UHID', 'Sam S.', null)
    const own = { user_id: 'UHID' }
    expect((await one.says('link nobody@smith.example', own)).text).toContain('Nobody in Clio has')
    const asked = await one.says('link sam@smith.example', own)
    expect(asked.text).toContain('A task with a code is waiting for you in Clio')
    const task = one.records('tasks').at(-1)!
    expect(task).toMatchObject({
      permission: 'private',
      assignee: { id: one.idOf('users', 'email', 'sam@smith.example') },
    })
    const code = /\d{8}/.exec(String(task.name))![0]
    expect(JSON.stringify(asked)).not.toContain(code)
    expect((await one.says('time 1h 00001 call', own)).text).toContain('I do not know who you are')
    expect((await one.says(`link ${code === '00000000' ? '00000001' : '00000000'}`, own)).text).toBe(
      'That is not the code. It stands in a task in Clio that is assigned to you.',
    )
    expect((await one.says(`link ${code}`, own)).text).toContain('From now on you are Sam Smith')
    expect(one.records('tasks').at(-1)).toMatchObject({ status: 'complete' })
    await one.says('time 1h 00001 call', own)
    expect(one.records('activities')).toMatchObject([{ user: { id: one.idOf('users', 'email', 'sam@smith.example') } }])
  })

  it('a code is good for an hour, for five tries, and for who asked for it', async () => {
    const one = office()
    one.slack.user('UHID', 'Sam S.', null)
    one.slack.user('UEVE', 'Eve', null)
    const own = { user_id: 'UHID' }
    await one.says('link sam@smith.example', own)
    const code = /\d{8}/.exec(String(one.records('tasks').at(-1)!.name))![0]
    expect((await one.says(`link ${code}`, { user_id: 'UEVE' })).text).toContain('No code is open for you')
    const wrong = code === '11111111' ? '22222222' : '11111111'
    for (let n = 0; n < 5; n++) await one.says(`link ${wrong}`, own)
    expect((await one.says(`link ${code}`, own)).text).toContain('No code is open for you')
    await one.says('link sam@smith.example', own)
    const next = /\d{8}/.exec(String(one.records('tasks').at(-1)!.name))![0]
    await one.clock.run({ until: one.clock.now + 61 * 60_000 })
    expect((await one.says(`link ${next}`, own)).text).toContain('No code is open for you')
  })
})

describe('forms', () => {
  it('the bare command opens one at once, with its trigger, and starts nothing', async () => {
    const one = office()
    const response = await one.types('', { trigger_id: 'T1' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(one.slack.views).toMatchObject([{ trigger_id: 'T1', view: { type: 'modal', callback_id: 'entry' } }])
    expect(one.runs()).toEqual([])
  })

  it('a form that Slack will not open is explained, and nothing is lost', async () => {
    const one = office()
    one.slack.error = 'expired_trigger_id'
    const response = await one.types('intake')
    expect(((await response.json()) as { text: string }).text).toContain('expired_trigger_id')
  })

  it('time that is entered in the form is what was typed', async () => {
    const one = office()
    const matter = one.idOf('matters', 'display_number', '00001-Alvarez')
    const option = { selected_option: { value: JSON.stringify([matter, '00001-Alvarez']) } }
    const said = await one.fills('entry', {
      kind: choice('time'),
      matter: { type: 'external_select', ...option },
      duration: words('1:30'),
      text: words('call with counsel'),
      date: { type: 'datepicker', selected_date: '2026-11-23' },
    })
    expect(said.text).toBe('1 h 30 min (1.5 h) on 00001-Alvarez (Maria Alvarez), Mon 23 Nov 2026: call with counsel')
    expect(one.records('activities')).toMatchObject([{ quantity: 5400, date: '2026-11-23', matter: { id: matter } }])
    expect(one.replies.at(-1)).toMatchObject({ replace: false })
  })

  it.each([
    ['no duration', null],
    ['no duration that anybody can read', 'long'],
    ['no time at all', '0h'],
    ['more than a day', '25h'],
  ])('time with %s stays open and says why', async (_, duration) => {
    const one = office()
    const view = {
      id: 'V1',
      hash: 'h',
      callback_id: 'entry',
      state: {
        values: {
          kind: { kind: choice('time') },
          duration: { duration: { type: 'plain_text_input', value: duration } },
        },
      },
    }
    const response = await one.sends(interaction({ type: 'view_submission', ...sam, view }))
    expect(await response.json()).toMatchObject({ response_action: 'errors', errors: { duration: expect.any(String) } })
    expect(one.runs()).toEqual([])
  })

  it('sent twice, it is one record', async () => {
    const one = office()
    const matter = one.idOf('matters', 'display_number', '00001-Alvarez')
    const option = { selected_option: { value: JSON.stringify([matter, '00001-Alvarez']) } }
    const values = {
      kind: choice('note'),
      matter: { type: 'external_select', ...option },
      text: words('Prefers e-mail.'),
    }
    await one.fills('entry', values, { id: 'VX' })
    await one.fills('entry', values, { id: 'VX' }).catch(() => {})
    expect(one.records('notes')).toHaveLength(1)
  })

  it('a new client is a contact and a pending matter, of who took the call', async () => {
    const one = office()
    const said = await one.fills('intake', {
      first: words('Jane'),
      last: words('Roe'),
      email: { type: 'email_text_input', value: 'jane@roe.example' },
      phone: words(''),
      description: words('Slip and fall'),
    })
    expect(said.text).toBe('New client “Jane Roe”, with a pending matter: Slip and fall')
    const client = one.idOf('contacts', 'last_name', 'Roe')
    expect(one.records('matters').at(-1)).toMatchObject({
      client: { id: client },
      status: 'pending',
      description: 'Slip and fall',
    })
  })

  it('a message is filed as a note, a task or a communication', async () => {
    const one = office()
    await one.sends(
      interaction({
        type: 'message_action',
        ...sam,
        callback_id: 'file',
        trigger_id: trigger(),
        response_url: 'https://hooks.slack.com/app/T0001/3/x',
        message: { type: 'message', user: 'UINA', ts: '1700000000.000100', text: 'The &lt;client&gt; agreed.' },
        channel: { id: 'C1', name: 'cases' },
      }),
    )
    const view = one.slack.views[0]!.view as {
      callback_id: string
      blocks: { block_id: string; element: { initial_value?: string } }[]
    }
    expect(view.callback_id).toBe('file')
    expect(view.blocks.find(block => block.block_id === 'text')!.element.initial_value).toBe('The <client> agreed.')
    const matter = one.idOf('matters', 'display_number', '00001-Alvarez')
    const option = { selected_option: { value: JSON.stringify([matter, '00001-Alvarez']) } }
    for (const kind of ['note', 'task', 'communication'])
      await one.fills('file', {
        kind: choice(kind),
        matter: { type: 'external_select', ...option },
        text: words('The client agreed.'),
      })
    expect(one.records('notes')).toMatchObject([{ subject: 'The client agreed' }])
    expect(one.records('tasks').at(-1)).toMatchObject({ name: 'The client agreed.', matter: { id: matter } })
    expect(one.records('communications')).toMatchObject([{ type: 'EmailCommunication', matter: { id: matter } }])
  })

  it('a message that is longer than a form holds says so', async () => {
    const one = office()
    const opened = async (text: string) => {
      const message = { type: 'message', user: 'UINA', ts: '1700000000.000100', text }
      const response_url = 'https://hooks.slack.com/app/T0001/3/x'
      const from = { ...sam, callback_id: 'file', trigger_id: trigger(), response_url, message }
      await one.sends(interaction({ type: 'message_action', ...from }))
      return JSON.stringify(one.slack.views.at(-1))
    }
    expect(await opened('short')).not.toContain('The message is longer')
    expect(await opened('word '.repeat(1000))).toContain('The message is longer: only its first 3000 characters')
  })

  it('opened where there is no answering, the receipt is a direct message', async () => {
    const one = office()
    const matter = one.idOf('matters', 'display_number', '00001-Alvarez')
    const option = { selected_option: { value: JSON.stringify([matter, '00001-Alvarez']) } }
    const values = {
      kind: choice('note'),
      matter: { type: 'external_select', ...option },
      text: words('Prefers e-mail.'),
    }
    await one.fills('entry', values, { private_metadata: '{"response_url":null}' })
    expect(one.replies.at(-1)).toMatchObject({ url: null, user: 'USAM' })
  })
})

describe('the search in a form', () => {
  const search = async (one: Office, value: string, user = sam.user.id) => {
    const who = { ...sam, user: { ...sam.user, id: user } }
    const answer = one.sends(interaction({ type: 'block_suggestion', ...who, action_id: 'matter', value }))
    await one.clock.run({ until: one.clock.now + 2000 })
    const response = await answer
    return ((await response.json()) as { options: { text: { text: string }; value: string }[] }).options
  }

  it('finds matters by number, client and description, without a call on Clio', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    await one.clock.run({ until: one.clock.now + 60_000 })
    const calls = one.sandbox.ledger.entries.length
    for (const typed of ['1', '00001', 'alv', 'maria', 'divorce', 'ALVAREZ div'])
      expect((await search(one, typed)).map(option => option.text.text)).toContain('00001-Alvarez (Maria Alvarez)')
    expect(await search(one, 'nobody')).toEqual([])
    expect(one.sandbox.ledger.entries).toHaveLength(calls)
  })

  it('fills the list when it is first used, and reads what changed when it is old', async () => {
    const one = office()
    // Who it is that types is looked up before, and the list may be there by then.
    await search(one, 'alv')
    await one.clock.run({ until: one.clock.now + 5000 })
    expect(await search(one, 'alv')).toHaveLength(1)
    const maria = one.idOf('contacts', 'last_name', 'Alvarez')
    await one.clock.run({ until: one.clock.now + 11 * 60_000 })
    one.sandbox.account('smith').insert('matters', {
      number: 3,
      display_number: '00003-Alvarez',
      client: { id: maria },
      description: 'Custody',
      status: 'open',
    })
    await search(one, 'alv')
    await one.clock.run({ until: one.clock.now + 5000 })
    expect(await search(one, 'alv')).toHaveLength(2)
    const asked = one.sandbox.ledger.entries.filter(entry => entry.path === 'matters')
    expect(JSON.stringify(asked.at(-1))).toContain('updated_since')
  })

  it('finds nothing for a guest of the workspace, nor for whoever nobody can tell of', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    one.slack.user('UEXT', 'Ext Stranger', 'sam@smith.example', { is_stranger: true })
    for (const guest of ['UOUT', 'UEXT', 'UNOBODY']) expect(await search(one, 'alv', guest)).toEqual([])
    expect(await search(one, 'alv', 'UINA')).toHaveLength(1)
    one.slack.silent = true
    one.slack.user('UNEW', 'Sam Again', 'sam@smith.example')
    expect(await search(one, 'alv', 'UNEW')).toEqual([])
  })

  it('keeps no client’s name in plain text', async () => {
    const one = office()
    await search(one, 'alv')
    await one.clock.run({ until: one.clock.now + 5000 })
    const kept = JSON.stringify(one.disk.query('select * from matters'))
    expect(kept.length).toBeGreaterThan(100)
    expect(kept).not.toMatch(/alvarez|okafor|divorce/i)
  })

  it('of a firm without Slack costs nothing', async () => {
    const one = office(firmConfig({ endpoints: { website: { source: 'form' } } }))
    await one.clerk.wake()
    await one.clock.run({ until: one.clock.now + 3_600_000 })
    expect(one.sandbox.ledger.entries).toEqual([])
  })
})
