import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../src/lib/json.ts'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'

/** A stand-in for Slack, a firm whose lawyers type there, and what they type. */

const signingSecret = 'a-signing-secret'

export interface Slack {
  readonly vars: Record<string, string>
  /** Receipts that came to a `response_url`. */
  readonly replies: readonly string[]
  /** One command at a Worker. @returns ms until it was answered @throws when it was refused */
  typed(worker: string, n: number): Promise<number>
  close(): void
}

export async function standIn(): Promise<Slack> {
  const replies: string[] = []
  const user = { id: 'USAM', tz: 'America/New_York', profile: { real_name: 'Sam Smith', email: 'sam@smith.example' } }
  const server = createServer((request, response) => {
    request.resume()
    if (request.url?.startsWith('/r/')) replies.push(request.url)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, user }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    vars: {
      SLACK_API_URL: `${url}/api`,
      SLACK_HOOKS_ORIGIN: url,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_BOT_TOKEN: 'xoxb-1',
    },
    replies,
    typed: (worker, n) => typed(worker, url, n),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Besides a website whose intake is one person. */
export function office(pace: { requests: number; seconds: number }): JsonObject {
  const person = {
    create: 'contacts',
    with: { type: 'Person', first_name: 'Pat', last_name: '{{ person.last_name }}' },
  }
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection: firstConnection,
    pace,
    endpoints: {
      slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET', token: '$SLACK_BOT_TOKEN' },
      website: { source: 'form' },
    },
    rules: [{ name: 'intake', on: { endpoint: 'website', type: 'form.submitted' }, steps: { person } }],
  }
}

async function typed(worker: string, slack: string, n: number): Promise<number> {
  const body = new URLSearchParams({
    command: '/clio',
    text: 'time 1h 00001 call',
    user_id: 'USAM',
    team_id: 'T1',
    response_url: `${slack}/r/${n}`,
    trigger_id: `t${n}`,
  }).toString()
  const ts = String(Math.floor(Date.now() / 1000))
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': ts,
    'x-slack-signature': `v0=${createHmac('sha256', signingSecret).update(`v0:${ts}:${body}`).digest('hex')}`,
  }
  const before = performance.now()
  const response = await fetch(`${worker}/in/smith/slack`, { method: 'POST', headers, body })
  await response.text()
  if (response.status !== 200) throw new Error(`The command was answered with ${response.status}.`)
  return performance.now() - before
}
