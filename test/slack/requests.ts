import { createHmac } from 'node:crypto'

/** Requests as Slack makes them, signed with a second implementation of HMAC. */

export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'

export interface Sent {
  readonly headers: Record<string, string>
  readonly body: string
}

/** @param at seconds since the epoch */
export function signed(
  body: string,
  at: number,
  type = 'application/x-www-form-urlencoded',
  secret = signingSecret,
): Sent {
  const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')
  return {
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${signature}`,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    },
    body,
  }
}

let triggers = 0
export const trigger = () => `13345224609.738474920.${String(++triggers).padStart(32, '0')}`

export const hook = 'https://hooks.slack.com/commands/T0001/1/aBcDeF'

export function slashFields(text: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    token: 'gIkuvaNzQIHg97ATvDxqgjtO',
    team_id: 'T0001',
    team_domain: 'smith',
    channel_id: 'C2147483705',
    channel_name: 'cases',
    user_id: 'USAM',
    user_name: 'sam',
    command: '/clio',
    text,
    response_url: hook,
    trigger_id: trigger(),
    api_app_id: 'A123456',
    is_enterprise_install: 'false',
    ...more,
  }
}

export const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()

/** The body of an interaction: one field with JSON. */
export const interaction = (payload: object): string => form({ payload: JSON.stringify(payload) })

export const sam = { user: { id: 'USAM', username: 'sam', team_id: 'T0001' }, team: { id: 'T0001', domain: 'smith' } }

export function pressed(action: object, more: object = {}): object {
  return {
    type: 'block_actions',
    ...sam,
    api_app_id: 'A123456',
    container: { type: 'message', is_ephemeral: true },
    trigger_id: trigger(),
    response_url: 'https://hooks.slack.com/actions/T0001/2/gHiJkL',
    actions: [{ block_id: 'b', ...action }],
    ...more,
  }
}
