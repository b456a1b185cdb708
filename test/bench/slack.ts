import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDev } from '../../src/sandbox/run/dev.ts'
import { freePort, localKeys } from '../../src/sandbox/run/local.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'

/**
 * How soon Slack has its answer, and how soon a lawyer the receipt, while Clio takes ten seconds for everything and 500 runs wait:
 * the real Worker in `wrangler dev`, the sandbox's Clio, and a stand-in for Slack. `node test/bench/slack.ts` prints one line.
 */

const backlog = 500
const commands = 100
const slow = 10_000
const signingSecret = 'a-signing-secret'

export interface SlackFigures {
  /** ms until Slack was answered. */
  readonly p50: number
  readonly p99: number
  readonly most: number
  /** ms from the first command to its receipt: who it is, which matter, the record are up to three calls of `slow` ms. */
  readonly receipt: number
}

export async function slackBench(): Promise<SlackFigures> {
  const undo: (() => unknown)[] = []
  try {
    return await measured(undo)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

async function measured(undo: (() => unknown)[]): Promise<SlackFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-bench-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const keys = localKeys(folder)
  const { sandbox, url: clio, close } = await serveSandbox({ port: (await freePort(9100))! })
  undo.push(close)
  const slack = await standIn()
  undo.push(slack.close)
  const port = (await freePort(9200))!
  const vars = {
    CLIO_GATEWAY_URL: `${clio}/clio`,
    MATON_CONTROL_URL: clio,
    MATON_API_KEY: sandbox.key,
    SLACK_API_URL: `${slack.url}/api`,
    SLACK_HOOKS_ORIGIN: slack.url,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_BOT_TOKEN: 'xoxb-1',
    ...keys,
  }
  const dev = startDev({ port, folder, vars })
  undo.push(dev.stop)
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/healthz`).catch(() => null))?.ok === true)

  const authorization = `Bearer ${keys.ADMIN_TOKEN}`
  const saved = await fetch(`${url}/api/firms/smith/config`, {
    method: 'PUT',
    headers: { authorization },
    body: config,
  })
  if (!saved.ok) throw new Error(await saved.text())
  sandbox.trouble.add({ action: { do: 'slow', ms: slow } })
  for (let n = 0; n < backlog; n += 25)
    await Promise.all(Array.from({ length: 25 }, (_, m) => fetch(`${url}/in/smith/website`, formPost(n + m))))
  await until(async () => sandbox.ledger.entries.length > 0)

  const acks: number[] = []
  for (let n = 0; n < commands; n++) acks.push(await typed(url, slack.url, n))
  const first = performance.now()
  await until(async () => slack.replies.length > 0)
  const receipt = performance.now() - first + acks.reduce((sum, ack) => sum + ack, 0)
  acks.sort((a, b) => a - b)
  const at = (share: number) => Math.round(acks[Math.min(acks.length - 1, Math.floor(acks.length * share))]!)
  return { p50: at(0.5), p99: at(0.99), most: Math.round(acks.at(-1)!), receipt: Math.round(receipt) }
}

const config = JSON.stringify({
  timezone: 'America/New_York',
  country: 'US',
  connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
  endpoints: {
    slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET', token: '$SLACK_BOT_TOKEN' },
    website: { source: 'form' },
  },
  rules: [
    {
      name: 'intake',
      on: { endpoint: 'website', type: 'form.submitted' },
      steps: {
        person: { create: 'contacts', with: { type: 'Person', first_name: 'Pat', last_name: '{{ fields.name }}' } },
      },
    },
  ],
})

const formPost = (n: number) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': `key ${n}` },
  body: `name=Doe${n}`,
})

/** One command, and the ms until it was answered. */
async function typed(url: string, slack: string, n: number): Promise<number> {
  const fields = {
    command: '/clio',
    text: 'time 1h 00001 call',
    user_id: 'USAM',
    team_id: 'T1',
    response_url: `${slack}/r/${n}`,
    trigger_id: `t${n}`,
  }
  const body = new URLSearchParams(fields).toString()
  const ts = String(Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${ts}:${body}`).digest('hex')}`
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': ts,
    'x-slack-signature': signature,
  }
  const before = performance.now()
  const response = await fetch(`${url}/in/smith/slack`, { method: 'POST', headers, body })
  await response.text()
  if (response.status !== 200) throw new Error(`The command was answered with ${response.status}.`)
  return performance.now() - before
}

async function standIn(): Promise<{ url: string; replies: string[]; close: () => void }> {
  const replies: string[] = []
  const user = { id: 'USAM', tz: 'America/New_York', profile: { real_name: 'Sam Smith', email: 'sam@smith.example' } }
  const server = createServer((request, response) => {
    request.resume()
    if (request.url?.startsWith('/r/')) replies.push(request.url)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, user }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, replies, close: () => server.close() }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 1200; n++) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('It took more than two minutes.')
}

/** The line that `npm run bench` prints. */
export function slackLine({ p50, p99, most, receipt }: SlackFigures): string {
  return `Slack, Clio taking ${slow / 1000} s, ${backlog} runs waiting: answered in ${p50} ms (p99 ${p99}, most ${most}); first receipt after ${(receipt / 1000).toFixed(1)} s (up to three calls).`
}

if (import.meta.main) console.log(slackLine(await slackBench()))
