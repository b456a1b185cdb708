import { describe, expect, it } from 'vitest'
import { openDoor } from '../door/door.ts'
import { form, hook, interaction, pressed, signed, signingSecret, slashFields } from './requests.ts'
import { StandIn } from './stand-in.ts'

/** What Slack sends comes in at the door, signed; what it wants to hear goes back. */

const at = Date.UTC(2026, 10, 24, 15) / 1000

async function slackDoor(slack = new StandIn()) {
  const endpoints = { slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET', token: '$SLACK_BOT_TOKEN' } }
  const door = await openDoor({
    endpoints,
    env: { SLACK_SIGNING_SECRET: signingSecret, SLACK_BOT_TOKEN: 'xoxb-1' },
    fetch: slack.fetch,
    now: at * 1000,
  })
  const post = (body: string, type?: string, when = at, secret?: string) =>
    door.send('slack', { method: 'POST', ...signed(body, when, type, secret) })
  return { ...door, post, events: () => door.docket.claims.flatMap(claim => claim.deliveries.map(one => one.event)) }
}

describe('a slash command', () => {
  it('is on the docket, in front of the backlog, before it is answered, and only its sender sees the answer', async () => {
    const { post, docket } = await slackDoor()
    const fields = slashFields('time 1.5h 00123 call')
    const response = await post(form(fields))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ response_type: 'ephemeral', text: 'Working on it…' })
    expect(docket.claims).toMatchObject([
      {
        endpoint: 'slack',
        interactive: true,
        deliveries: [
          {
            key: { kind: 'given', value: fields.trigger_id },
            event: {
              type: 'slack.command',
              fields: { text: 'time 1.5h 00123 call' },
              data: { user: 'USAM', response_url: hook },
            },
          },
        ],
      },
    ])
  })

  it('keeps nothing of what proves nothing: no verification token', async () => {
    const { post, events } = await slackDoor()
    await post(form(slashFields('time 1h 00123 call')))
    expect(JSON.stringify(events())).not.toContain('gIkuvaNzQIHg97ATvDxqgjtO')
  })

  it('with a trigger that came before is the same run', async () => {
    const { post, docket } = await slackDoor()
    const body = form(slashFields('time 1h 00123 call'))
    await post(body)
    await post(body)
    expect(docket.runs.size).toBe(1)
  })

  it.each([
    ['another host', 'https://hooks.slack.example/commands/1'],
    ['a host that ends alike', 'https://evilhooks.slack.com/commands/1'],
    ['a host before the at sign', 'https://hooks.slack.com@evil.example/1'],
    ['no https', 'http://hooks.slack.com/commands/1'],
    ['another port', 'https://hooks.slack.com:8443/commands/1'],
    ['no address', 'commands/1'],
  ])('whose response_url is %s is refused, and nothing is recorded', async (_, url) => {
    const { post, docket } = await slackDoor()
    const response = await post(form(slashFields('time 1h 00123 call', { response_url: url })))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ type: 'urn:docketed:problem:response-url' })
    expect(docket.claims).toEqual([])
  })

  it('of an installation for the whole organisation has an organisation and perhaps no team', async () => {
    const { post, events } = await slackDoor()
    await post(
      form(slashFields('time 1h 00123', { team_id: '', enterprise_id: 'E0001', is_enterprise_install: 'true' })),
    )
    expect(events()).toMatchObject([{ data: { team: 'E0001' } }])
  })

  it('for help is answered at once and starts nothing', async () => {
    const { post, docket } = await slackDoor()
    const answer = (await (await post(form(slashFields('help')))).json()) as { response_type: string; text: string }
    expect(answer.response_type).toBe('ephemeral')
    expect(answer.text).toContain('time 1.5h 00123 call with opposing counsel')
    expect(docket.claims).toEqual([])
  })

  it.each([
    [
      'no signature',
      (sent: RequestInit) => ({ ...sent, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ],
    ['a changed body', (sent: RequestInit) => ({ ...sent, body: `${String(sent.body)}&text=x` })],
  ])('with %s is refused', async (_, change) => {
    const { send, docket } = await slackDoor()
    const sent = { method: 'POST', ...signed(form(slashFields('time 1h 00123')), at) }
    expect((await send('slack', change(sent))).status).toBe(401)
    expect(docket.claims).toEqual([])
  })

  it('signed with another secret, or more than five minutes before or behind our clock, is refused', async () => {
    const { post } = await slackDoor()
    const body = form(slashFields('time 1h 00123'))
    expect((await post(body, undefined, at, 'another')).status).toBe(401)
    for (const drift of [-301, 301]) expect((await post(body, undefined, at + drift)).status).toBe(401)
    for (const drift of [-299, 299]) expect((await post(body, undefined, at + drift)).status).toBe(200)
  })

  it.each([
    ['no command at all', 'a=1'],
    ['a field twice', `${form(slashFields('time 1h 00123'))}&text=note`],
    ['an interaction that is no JSON', 'payload=%7B'],
    ['an interaction of a kind that nobody knows', interaction({ type: 'dialog_cancellation' })],
  ])('that is %s is no event', async (_, body) => {
    const { post, docket } = await slackDoor()
    expect((await post(body)).status).toBe(400)
    expect(docket.claims).toEqual([])
  })
})

describe('handshakes', () => {
  it('ssl_check is answered without a signature', async () => {
    const { send } = await slackDoor()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await send('slack', { method: 'POST', headers, body: 'token=something&ssl_check=1' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it('ssl_check is no way around the signature', async () => {
    const { send, docket } = await slackDoor()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const body of [
      `ssl_check=1&${form(slashFields('time 1h 00123'))}`,
      `ssl_check=1&${interaction(pressed({ action_id: 'undo' }))}`,
    ])
      expect((await send('slack', { method: 'POST', headers, body })).status).toBe(401)
    expect(docket.claims).toEqual([])
  })

  it('url_verification gives its challenge back, when it is signed', async () => {
    const { post, send } = await slackDoor()
    const body = JSON.stringify({ token: 't', challenge: '7aZcuz6cRj9r', type: 'url_verification' })
    expect(await (await post(body, 'application/json')).text()).toBe('7aZcuz6cRj9r')
    const unsigned = await send('slack', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect(unsigned.status).toBe(401)
  })
})

describe('buttons', () => {
  it('an undo counts once, however often it is pressed', async () => {
    const { post, docket, events } = await slackDoor()
    const undo = () => post(interaction(pressed({ type: 'button', action_id: 'undo', value: 'run_1' })))
    expect((await undo()).status).toBe(200)
    await undo()
    expect(docket.runs.size).toBe(1)
    expect(events()[0]).toMatchObject({ type: 'slack.action', fields: { action: 'undo', run: 'run_1' } })
  })

  it('a chosen matter goes back to the run that asked, once', async () => {
    const { post, docket, events } = await slackDoor()
    const choose = (matter: number) =>
      post(
        interaction(
          pressed({
            action_id: 'choose',
            block_id: 'choose:run_1',
            selected_option: { value: JSON.stringify([matter, 'roe']) },
          }),
        ),
      )
    await choose(7)
    await choose(8)
    expect(docket.runs.size).toBe(1)
    expect(events()[0]).toMatchObject({
      type: 'slack.command',
      fields: { from: 'run_1', chosen: { matter: 7, name: 'roe' } },
    })
  })

  it('whose response_url is another host is refused', async () => {
    const { post, docket } = await slackDoor()
    const body = interaction(pressed({ action_id: 'undo', value: 'run_1' }, { response_url: 'https://evil.example/x' }))
    expect((await post(body)).status).toBe(400)
    expect(docket.claims).toEqual([])
  })
})

describe('interactions', () => {
  const who = { user: { id: 'USAM' }, team: { id: 'T0001' } }

  it('a search is answered at once with what is known, and starts nothing', async () => {
    const { post, docket } = await slackDoor()
    docket.matters = [{ id: 7, number: '00007-Roe', client: 'Jane Roe', description: 'Divorce', status: 'Open' }]
    const response = await post(interaction({ type: 'block_suggestion', ...who, action_id: 'matter', value: 'roe' }))
    expect(await response.json()).toEqual({
      options: [
        {
          text: { type: 'plain_text', text: '00007-Roe (Jane Roe)', emoji: false },
          value: '[7,"00007-Roe"]',
          description: { type: 'plain_text', text: 'Divorce', emoji: false },
        },
      ],
    })
    expect(docket.claims).toEqual([])
  })

  it('a search of an installation for the whole organisation has no team', async () => {
    const { post } = await slackDoor()
    const body = {
      type: 'block_suggestion',
      user: { id: 'USAM' },
      team: null,
      enterprise: { id: 'E1' },
      action_id: 'matter',
      value: 'r',
    }
    expect((await post(interaction(body))).status).toBe(200)
  })

  it('a form that was closed, a choice within a form and a followed link start nothing', async () => {
    const { post, docket } = await slackDoor()
    for (const body of [
      { type: 'view_closed', ...who, view: { id: 'V1' } },
      pressed({ action_id: 'matter' }, { view: { id: 'V1' } }),
      pressed({ action_id: 'open', url: 'https://docketed.example' }),
    ])
      expect((await post(interaction(body))).status).toBe(200)
    expect(docket.claims).toEqual([])
  })

  it.each([
    ['a bare command', () => form(slashFields('  ')), 'entry'],
    ['intake', () => form(slashFields('intake')), 'intake'],
    ['a shortcut', () => interaction({ type: 'shortcut', ...who, trigger_id: 'T', callback_id: 'intake' }), 'intake'],
    [
      'a message’s shortcut',
      () =>
        interaction({
          type: 'message_action',
          ...who,
          trigger_id: 'T',
          callback_id: 'file',
          response_url: hook,
          message: { text: 'Hi' },
        }),
      'file',
    ],
  ])('%s opens a form with the bot’s token', async (_, body, name) => {
    const slack = new StandIn()
    const { post, docket } = await slackDoor(slack)
    const response = await post(body())
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(slack.calls).toMatchObject([
      { method: 'views.open', token: 'xoxb-1', body: { view: { callback_id: name } } },
    ])
    expect(docket.claims).toEqual([])
  })

  it('a form that was sent counts once, by its view and state', async () => {
    const { post, docket, events } = await slackDoor()
    const view = {
      id: 'V1',
      hash: '1.a',
      callback_id: 'entry',
      private_metadata: JSON.stringify({ response_url: hook }),
      state: { values: { kind: { kind: { type: 'radio_buttons', selected_option: { value: 'note' } } } } },
    }
    const sent = () => post(interaction({ type: 'view_submission', ...who, view }))
    const response = await sent()
    expect([response.status, await response.text()]).toEqual([200, ''])
    await sent()
    expect(docket.runs.size).toBe(1)
    expect(docket.claims[0]!.deliveries[0]!.key).toEqual({ kind: 'given', value: 'V1:1.a' })
    expect(events()[0]).toMatchObject({ type: 'slack.command', data: { response_url: hook, replace: false } })
  })

  it('a form that carries another address is refused', async () => {
    const { post, docket } = await slackDoor()
    const view = {
      id: 'V1',
      hash: 'h',
      callback_id: 'entry',
      private_metadata: '{"response_url":"https://evil.example"}',
    }
    expect((await post(interaction({ type: 'view_submission', ...who, view }))).status).toBe(400)
    expect(docket.claims).toEqual([])
  })
})

describe('events', () => {
  it('are events of the firm’s own rules, by their ids, and can never pass for a command', async () => {
    const { post, events, docket } = await slackDoor()
    const body = JSON.stringify({
      type: 'event_callback',
      event_id: 'Ev1',
      event_time: 1_795_532_400,
      event: { type: 'command', text: 'time 1h 00123' },
    })
    expect((await post(body, 'application/json')).status).toBe(200)
    await post(body, 'application/json')
    expect(docket.runs.size).toBe(1)
    expect(events()[0]).toMatchObject({ id: 'Ev1', type: 'slack.event.command', time: '2026-11-24T15:00:00.000Z' })
  })
})
