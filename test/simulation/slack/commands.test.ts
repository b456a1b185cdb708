import { afterEach, describe, expect, it } from 'vitest'
import { form, slashFields } from '../../slack/requests.ts'
import { firmConfig, Office } from './office.ts'

/** From a line in Slack to a record in Clio, and back to who typed it. */

const offices: Office[] = []
function office(...given: ConstructorParameters<typeof Office>): Office {
  const one = new Office(...given)
  offices.push(one)
  return one
}
afterEach(() => {
  for (const one of offices.splice(0)) one.close()
})

const states = (one: Office) => one.runs().map(run => run.state)

describe('a command', () => {
  it('makes a time entry of the person who typed it, and says what it made', async () => {
    const one = office()
    const said = await one.says('time 1.5h 00001 call with opposing counsel')
    const [entry] = one.records('activities')
    const sam = one.idOf('users', 'email', 'sam@smith.example')
    const matter = one.idOf('matters', 'display_number', '00001-Alvarez')
    expect(entry).toMatchObject({
      type: 'TimeEntry',
      quantity: 5400,
      date: '2026-11-24',
      note: 'call with opposing counsel',
      user: { id: sam },
      matter: { id: matter },
    })
    expect(said.text).toBe(
      '1 h 30 min (1.5 h) on 00001-Alvarez (Maria Alvarez), Tue 24 Nov 2026: call with opposing counsel',
    )
    expect(JSON.stringify(said.blocks)).toContain(`https://app.clio.com/nc/#/matters/${matter}`)
    expect(JSON.stringify(said.blocks)).toContain(`https://app.clio.com/nc/#/activities/${entry!.id}`)
    expect(states(one)).toEqual(['done'])
  })

  it('knows a client by name, whose name then is no part of the note', async () => {
    const one = office()
    await one.says('time 90m alvarez drafted the reply yesterday')
    expect(one.records('activities')).toMatchObject([{ note: 'drafted the reply', date: '2026-11-23', quantity: 5400 }])
  })

  it('makes an expense', async () => {
    const one = office()
    expect((await one.says('expense 45.20 00001 filing fee')).text).toMatch(/^Expense of 45\.20 on 00001-Alvarez/)
    expect(one.records('activities')).toMatchObject([{ type: 'ExpenseEntry', price: 45.2, note: 'filing fee' }])
  })

  it('makes a task for a colleague who is meant in Slack', async () => {
    const one = office()
    await one.says('task "Draft reply" 00001 due friday <@UINA|ina> high')
    const ina = one.idOf('users', 'email', 'intake@smith.example')
    expect(one.records('tasks').at(-1)).toMatchObject({
      name: 'Draft reply',
      due_at: '2026-11-27',
      priority: 'High',
      assignee: { id: ina, type: 'User' },
    })
  })

  it('makes a note that says whose it is, since Clio takes the connected user for its author', async () => {
    const one = office()
    await one.says('note 00001 Prefers calls after five.')
    expect(one.records('notes')).toMatchObject([
      { detail: 'Prefers calls after five.\n\nSam Smith, from Slack', type: 'Matter' },
    ])
  })

  it('costs no more calls than it must: the list of users once, the matter, the record', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    await one.says('time 1h 00001 call again')
    const calls = one.sandbox.ledger.entries.map(({ method, path }) => `${method} ${path}`)
    expect(calls.filter(call => call !== 'GET matters')).toEqual(['GET users', 'POST activities', 'POST activities'])
    // The list of matters is read once, in the background; then the number is known here.
    expect(calls.filter(call => call === 'GET matters').length).toBeLessThanOrEqual(2)
    expect(one.slack.calls.map(call => call.method)).toEqual(['users.info'])
  })

  it('that came twice makes one record', async () => {
    const one = office()
    const body = form(slashFields('time 1h 00001 call'))
    await one.sends(body)
    await one.sends(body)
    await one.clock.run({ until: one.clock.now + 10_000 })
    await one.sends(body)
    await one.clock.run({ until: one.clock.now + 10_000 })
    expect(one.records('activities')).toHaveLength(1)
    expect(one.replies).toHaveLength(1)
  })

  it.each([
    ['time 1h 00077 call', 'No matter fits “00077”'],
    ['time 1h nobody call', 'Which matter? I looked for a client called “nobody”'],
    ['time 0h 00001 call', 'That is no time at all'],
    ['time 25h 00001 call', 'That is more than a day has'],
    ['time tomorrow 1h 00001 call', 'still to come'],
    ['task 00001 reply due yesterday', 'is past'],
    ['task 00001 reply @nobody', 'Nobody in Clio is called “nobody”'],
    ['tiem 1h 00001', 'Did you mean `time`?'],
  ])('%s: is asked back, and nothing is filed', async (typed, question) => {
    const one = office()
    const before = one.records('tasks').length
    expect((await one.says(typed)).text).toContain(question)
    expect([one.records('activities').length, one.records('tasks').length - before]).toEqual([0, 0])
    expect(states(one)).toEqual(['ignored'])
  })

  it('of somebody whom nobody knows in Clio is filed as nobody else’s', async () => {
    const one = office()
    expect((await one.says('time 1h 00001 call', { user_id: 'UOUT' })).text).toMatch(
      /pat@elsewhere\.example.*link me@firm\.example/,
    )
    one.slack.user('UBOT', 'Sam Smith', 'sam@smith.example', { is_stranger: true })
    expect((await one.says('time 1h 00001 call', { user_id: 'UBOT' })).text).toContain('I do not know who you are')
    one.slack.user('UHID', 'Sam Smith', null)
    expect((await one.says('time 1h 00001 call', { user_id: 'UHID' })).text).toContain('I do not know who you are')
    expect(one.records('activities')).toEqual([])
  })

  it('is known as soon as Slack tells who it is: a Slack that is busy is waited for, an app without its scope is not remembered', async () => {
    const one = office()
    one.slack.error = 'missing_scope'
    expect((await one.says('time 1h 00001 call')).text).toContain('I do not know who you are')
    one.slack.error = 'ratelimited'
    await one.types('time 2h 00001 call')
    await one.clock.run({ until: one.clock.now + 60_000 })
    expect(states(one)).toContain('waiting')
    one.slack.error = null
    await one.clock.run({ until: one.clock.now + 300_000 })
    await one.says('time 3h 00001 call')
    expect(one.records('activities').map(({ quantity }) => quantity)).toEqual([7200, 10_800])
  })

  it('that is longer than any command is asked back', async () => {
    const one = office()
    expect((await one.says(`note 00001 ${'word '.repeat(2000)}`)).text).toContain('That is too long for a command')
    expect(one.records('notes')).toEqual([])
  })

  it('waits for a Slack that does not answer, and loses nothing', async () => {
    const one = office()
    one.slack.silent = true
    await one.types('time 1h 00001 call')
    await one.clock.run({ until: one.clock.now + 60_000 })
    expect(states(one)).toEqual(['waiting'])
    one.slack.silent = false
    await one.clock.run({ until: one.clock.now + 300_000 })
    expect(states(one)).toEqual(['done'])
    expect(one.records('activities')).toHaveLength(1)
  })
})

describe('when it does not go smoothly', () => {
  const entries = (one: Office) => one.records('activities').length

  it('what Clio refuses needs a person, and who typed it is told so, and again when it was resumed', async () => {
    const one = office()
    one.sandbox.trouble.add({ method: 'POST', path: 'activities', times: 1, action: { do: 'fail', status: 403 } })
    const said = await one.says('time 1h 00001 call')
    expect(said.text).toMatch(
      /^Not filed yet\. This needs a person: The connected user lacks a permission .* Clio refused \(403\)/,
    )
    expect(JSON.stringify(said.blocks)).toContain('1 h on 00001-Alvarez')
    one.clerk.desk.resume(one.runs()[0]!.id, 'own')
    await one.clock.run({ until: one.clock.now + 10_000 })
    expect(one.replies.map(reply => reply.message.text)).toEqual([
      said.text,
      expect.stringMatching(/^1 h on 00001-Alvarez/),
    ])
    expect(entries(one)).toBe(1)
  })

  it('a lost connection holds it, says so once, and it is filed when the connection is back', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    const connection = one.sandbox.connections.get('21fd90f9-5935-43cd-b6c8-bde9d915ca80')!
    one.sandbox.connections.expire(connection, 401)
    const said = await one.says('time 2h 00001 another call')
    expect(said.text).toMatch(/^Not filed yet\. The connection to Clio is lost/)
    await one.clock.run({ until: one.clock.now + 120_000 })
    expect([entries(one), one.replies.length]).toEqual([1, 2])
    one.sandbox.connections.expire(connection, null)
    await one.clock.run({ until: one.clock.now + 600_000 })
    expect([entries(one), one.replies.length]).toEqual([2, 3])
  })

  it('a receipt that Slack does not take is tried five times, in less than half an hour', async () => {
    const one = office()
    one.hears = () => false
    await one.types('time 1h 00001 call')
    const typed = one.clock.now
    await one.clock.run({ until: typed + 24 * 3_600_000 })
    expect(one.replies).toHaveLength(5)
    expect(new Set(one.told.map(notice => notice.id)).size).toBe(1)
    // What it said, and the address, are not kept.
    expect(JSON.stringify(one.disk.query('select * from notices'))).not.toMatch(/Alvarez|hooks\.slack/)
  })

  it('a kill at any moment makes no second record and no second receipt', async () => {
    for (let point = 0; point < 40; point++) {
      const one = office()
      const body = form(slashFields('time 1h 00001 call'))
      one.dieAtPoint(point)
      const response = await one.sends(body)
      await one.clock.run({ until: one.clock.now + 300_000 })
      // What was not acknowledged was not recorded, or is recorded once: the person types it again.
      if (response.status !== 200) await one.sends(body)
      await one.clock.run({ until: one.clock.now + 300_000 })
      expect(entries(one), `point ${point}`).toBe(1)
      expect(new Set(one.told.map(notice => notice.id)).size, `point ${point}`).toBe(1)
    }
  })

  it('nothing that was typed, and no address for answers, is in a log', async () => {
    const one = office()
    one.slack.silent = true
    await one.types('time 1h 00001 call about the secret settlement')
    await one.clock.run({ until: one.clock.now + 60_000 })
    one.slack.silent = false
    one.hears = () => false
    await one.clock.run({ until: one.clock.now + 3_600_000 })
    expect(one.log.length).toBeGreaterThan(0)
    expect(one.log.join('\n')).not.toMatch(/settlement|hooks\.slack|xoxb|Alvarez/)
  })
})

describe('several matters', () => {
  function twice(): Office {
    const one = office()
    const account = one.sandbox.account('smith')
    const maria = one.idOf('contacts', 'last_name', 'Alvarez')
    account.insert('matters', {
      number: 3,
      display_number: '00003-Alvarez',
      client: { id: maria },
      description: 'Custody',
      status: 'open',
    })
    return one
  }

  it('are a question, not a guess; the choice carries the same words out, once', async () => {
    const one = twice()
    const asked = await one.says('time 1.5h alvarez call with counsel')
    expect(asked.text).toContain('Several matters fit “alvarez”')
    expect(one.records('activities')).toEqual([])
    const select = (
      asked.blocks as { type: string; block_id: string; elements: { options: { value: string }[] }[] }[]
    )[1]!
    const option = select.elements[0]!.options[1]!
    for (let n = 0; n < 2; n++) {
      await one.presses({
        type: 'static_select',
        action_id: 'choose',
        block_id: select.block_id,
        selected_option: option,
      })
      await one.clock.run({ until: one.clock.now + 20_000 })
    }
    expect(one.records('activities')).toMatchObject([{ quantity: 5400, note: 'call with counsel' }])
    expect(one.replies.at(-1)!.message.text).toMatch(/^1 h 30 min \(1\.5 h\) on 0000\d-Alvarez/)
  })

  it('are nobody else’s to choose', async () => {
    const one = twice()
    const asked = await one.says('time 1h alvarez call')
    const select = (asked.blocks as { block_id: string; elements: { options: { value: string }[] }[] }[])[1]!
    const option = select.elements[0]!.options[0]!
    await one.presses(
      { action_id: 'choose', block_id: select.block_id, selected_option: option },
      { user: { id: 'UINA' } },
    )
    await one.clock.run({ until: one.clock.now + 20_000 })
    expect(one.records('activities')).toEqual([])
  })
})

describe('undo', () => {
  async function undone(one: Office, more: object = {}): Promise<string> {
    const [run] = one.runs()
    await one.presses({ type: 'button', action_id: 'undo', value: run!.id }, more)
    await one.clock.run({ until: one.clock.now + 20_000 })
    return one.replies.at(-1)!.message.text
  }

  it('takes back exactly what was made, once, and says so', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    await one.says('time 2h 00001 another call')
    expect(await undone(one)).toBe(
      'Taken back, and no longer in Clio: 1 h on 00001-Alvarez (Maria Alvarez), Tue 24 Nov 2026: call',
    )
    expect(one.records('activities')).toMatchObject([{ quantity: 7200 }])
    const replies = one.replies.length
    await undone(one)
    expect(one.replies).toHaveLength(replies)
    expect(one.sandbox.ledger.entries.filter(entry => entry.method === 'DELETE')).toHaveLength(1)
  })

  it('is for ten minutes', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    await one.clock.run({ until: one.clock.now + 10 * 60_000 })
    expect(await undone(one)).toContain('The 10 minutes are over')
    expect(one.records('activities')).toHaveLength(1)
  })

  it('is for who filed it', async () => {
    const one = office()
    await one.says('time 1h 00001 call')
    expect(await undone(one, { user: { id: 'UINA' } })).toContain('Only who filed it')
    expect(one.records('activities')).toHaveLength(1)
  })
})

describe('a backlog', () => {
  it('of 500 runs does not hold a command up: it takes the time of its own calls', async () => {
    const rules = [
      {
        name: 'intake',
        on: { endpoint: 'website', type: 'form.submitted' },
        steps: {
          person: { create: 'contacts', with: { type: 'Person', first_name: 'Pat', last_name: '{{ fields.name }}' } },
        },
      },
    ]
    const one = office(firmConfig({ rules }), { latency: [1000, 2000] })
    for (let n = 0; n < 500; n++) one.deliver('website', { fields: { name: `Doe${n}` } }, `key ${n}`)
    await one.clock.run({ until: one.clock.now + 200_000 })
    const typed = one.clock.now
    await one.types('time 1h 00001 call')
    let told = Number.POSITIVE_INFINITY
    const look = () => {
      if (one.replies.length > 0) told = Math.min(told, one.clock.now)
    }
    await one.clock.run({ until: typed + 60_000, check: look })
    // Three calls of at most two seconds; and one second that a slot may be away.
    expect(told - typed).toBeLessThan(8000)
    expect(one.runs().filter(run => run.state !== 'done').length).toBeGreaterThan(200)
  })
})
