import { beforeEach, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import { problem } from '../../src/lib/problem.ts'
import type { Line, Told } from '../../src/model/conversation.ts'
import { settingsOf } from '../../src/platform/settings.ts'
import { actOnAlarm, tellAlarm } from '../../src/slack/alarm.ts'
import { StandIn } from './stand-in.ts'

/** What the docket tells a channel: a cause is one message. */

const start = Date.UTC(2026, 10, 24, 15)
let now = start
let slack: StandIn
let kept: Map<string, Json>
let acted: string[]

const line = (): Line => ({
  firm: 'smith',
  now,
  settings: settingsOf({}),
  fetch: slack.fetch,
  secret: async () => 'xoxb-1',
  recall: name => (name === 'origin' ? 'https://docketed.example' : null),
  alarms: { get: key => kept.get(key) ?? null, put: (key, alarm) => void kept.set(key, alarm) },
})

beforeEach(() => {
  now = start
  slack = new StandIn()
  kept = new Map()
  acted = []
})

const told = (type: string, data: JsonObject): Told => ({ type, text: '', data: { firm: 'smith', ...data } })
const parked = (run: string, reason = 'Clio refused (422): the matter is closed.') =>
  tellAlarm(told('run.parked', { run, endpoint: 'website', reason }), 'alarms', line())

interface Button {
  text: { text: string }
  action_id: string
  value?: string
  url?: string
  accessibility_label?: string
}
const buttonsIn = (body: JsonObject): Button[] =>
  (body.blocks as unknown as { type: string; elements: Button[] }[]).flatMap(block =>
    block.type === 'actions' ? block.elements : [],
  )

const act = (action: 'resume' | 'discard', key: string, refuse: readonly string[] = []) =>
  actOnAlarm(action, key, 'Sam Smith', {
    ...line(),
    act: (wanted, run) => {
      acted.push(`${wanted} ${run}`)
      return refuse.includes(run) ? problem(409, 'wrong-state', 'It cannot be', 'It is done.') : null
    },
  })

describe('a parked run', () => {
  it('is told with its reason, in text and blocks, with what can be done about it', async () => {
    expect(await parked('run_1')).toBeNull()
    const [message] = slack.messages
    expect(message).toMatchObject({
      channel: 'alarms',
      body: { text: 'A run needs a person. Clio refused (422): the matter is closed.' },
    })
    expect(buttonsIn(message!.body).map(({ text, action_id }) => [text.text, action_id])).toEqual([
      ['Resume', 'resume'],
      ['Discard', 'discard'],
      ['Open', 'open'],
    ])
    expect(buttonsIn(message!.body)[2]!.url).toBe('https://docketed.example/console/smith/runs/run_1')
    expect(buttonsIn(message!.body)[0]!.accessibility_label).toContain('the matter is closed')
  })

  it('and fifty more for the same reason are one message that counts', async () => {
    for (let n = 0; n < 50; n++) await parked(`run_${n}`)
    expect(slack.messages).toHaveLength(1)
    expect(slack.messages[0]!.body.text).toBe(
      '50 runs need a person, all for the same reason. Clio refused (422): the matter is closed.',
    )
    expect(buttonsIn(slack.messages[0]!.body)[0]!.text.text).toBe('Resume all 50')
  })

  it('told again after Slack did not answer counts once', async () => {
    await parked('run_1')
    slack.silent = true
    expect(await parked('run_2')).not.toBeNull()
    slack.silent = false
    await parked('run_2')
    await parked('run_2')
    expect(slack.messages[0]!.body.text).toMatch(/^2 runs/)
  })

  it('for another reason is another message', async () => {
    await parked('run_1')
    await parked('run_2', 'Possible conflict of interest')
    expect(slack.messages).toHaveLength(2)
  })

  it('is told anew after a day, and when the message was deleted', async () => {
    await parked('run_1')
    now += 25 * 3_600_000
    await parked('run_2')
    expect(slack.messages).toHaveLength(2)
    slack.messages.splice(1)
    await parked('run_3')
    expect(slack.messages).toHaveLength(2)
    expect(slack.messages[1]!.body.text).toMatch(/^2 runs/)
  })

  it('is resumed by a button, with all that wait for the same, and the message says by whom', async () => {
    await parked('run_1')
    await parked('run_2')
    const key = buttonsIn(slack.messages[0]!.body)[0]!.value!
    expect((await act('resume', key)).text).toBe('Resumed: 2 runs.')
    expect(acted).toEqual(['resume run_1', 'resume run_2'])
    expect(slack.messages[0]!.body.text).toContain('Resumed: 2 runs. By Sam Smith.')
    expect(buttonsIn(slack.messages[0]!.body)).toEqual([])
    expect((await act('discard', key)).text).toBe('That was dealt with already.')
    expect(acted).toHaveLength(2)
  })

  it('that an operator dealt with meanwhile is left alone', async () => {
    await parked('run_1')
    const key = buttonsIn(slack.messages[0]!.body)[0]!.value!
    expect((await act('discard', key, ['run_1'])).text).toBe('None of these runs waits for a person any more.')
  })

  it('that parks again after it was resumed is told anew', async () => {
    await parked('run_1')
    await act('resume', buttonsIn(slack.messages[0]!.body)[0]!.value!)
    await parked('run_1')
    expect(slack.messages).toHaveLength(2)
  })

  it('of a reason with markup in it is text', async () => {
    await parked('run_1', '<!channel> & <https://evil.example|click>')
    const [{ body }] = slack.messages as unknown as [{ body: JsonObject }]
    const [section] = body.blocks as unknown as [{ text: JsonObject }]
    expect(body.text).toContain('&lt;!channel&gt; &amp; &lt;https')
    // No markup is read in plain text: it stands as it came.
    expect(section.text).toMatchObject({ type: 'plain_text', text: expect.stringContaining('<!channel> & <https') })
  })
})

describe('a lost connection', () => {
  const connection = (kind: string, reason = 'The connection to Clio is lost: 401') =>
    tellAlarm(told(`connection.${kind}`, { reason }), 'alarms', line())

  it('and its end are one message', async () => {
    await connection('lost')
    expect(slack.messages[0]!.body.text).toContain('The queue is held.')
    await connection('mended')
    expect(slack.messages).toHaveLength(1)
    expect(slack.messages[0]!.body.text).toBe('The connection to Clio was lost and is mended: the queue goes on.')
  })

  it('lost once more is a new message', async () => {
    await connection('lost')
    await connection('mended')
    await connection('lost')
    expect(slack.messages).toHaveLength(2)
  })

  it('that was mended before anybody was told of it is not told', async () => {
    expect(await connection('mended')).toBeNull()
    expect(slack.messages).toEqual([])
  })
})
