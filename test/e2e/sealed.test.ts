import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { standIn as slackStandIn } from '../bench/slack.ts'
import { form, signed } from '../slack/requests.ts'
import { rawMail } from '../sources/mail/mails.ts'
import { signature } from '../upgrade/state.ts'
import { answers, api, configuration, configure, firm, partnerSecret, type Receipt, runOf, runsOf } from './firm.ts'
import { filesBelow, spellings, traces } from './markers.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/**
 * I7 on the real runtime: a day of life with words that nobody else writes, in by every door, and then a search for them, byte by byte,
 * in everything that is on the disk.
 */

/** In answers, names, files and texts, one by one. `n` tells the doors apart. */
const marked = (n: number) => ({
  first: `Zephyrine${n}qx`,
  last: `Quillfeather${n}qx`,
  email: `zq${n}.quill@feather-mail.example`,
  phone: `+1212555017${n}`,
  ssn: `219-09-99${n}7`,
  message: `Wombat parade number ${n} at the harbour`,
  file: `Marmalade affidavit ${n} of the pelican`,
  fileName: `pelican-statement-${n}.pdf`,
  key: `heron-submission-${n}-key`,
  question: `gooseberry_question_${n}qx`,
})
type Marked = ReturnType<typeof marked>
const doors = { form: 1, json: 2, mail: 3, webhook: 4, slack: 5, corrected: 6, parked: 7, clio: 8 } as const
const who = (door: keyof typeof doors) => marked(doors[door])
/** Everything that is looked for; of the numbers the digits too, as a search has them. */
const secrets = Object.values(doors)
  .map(marked)
  .flatMap(one => [...Object.values(one), one.phone.slice(2), one.ssn.replaceAll('-', '')])

const answersOf = ({ first, last, email, phone, ssn, message, question }: Marked) => ({
  ...answers(0),
  first_name: first,
  last_name: last,
  email,
  phone,
  ssn,
  message,
  // What a field is called, the sender says too.
  [question]: 'yes',
})

let runtime: Runtime
let slack: Awaited<ReturnType<typeof slackStandIn>>
const first = Buffer.alloc(32, 'docketed').toString('base64')
const second = Buffer.alloc(32, 'another!').toString('base64')
const third = Buffer.alloc(32, 'thirdkey').toString('base64')

/** The firm that is silent from its first event on. */
const silent = 'jones'

const document = (): JsonObject => {
  const base = configuration(boundless) as { endpoints: JsonObject; rules: JsonObject[] } & JsonObject
  const [intake] = base.rules as [{ on: JsonObject; steps: JsonObject }]
  const person = (intake.steps.client as { with: JsonObject }).with
  const client = {
    ...(intake.steps.client as JsonObject),
    with: { ...person, phone_numbers: [{ name: 'Mobile', number: '{{ person.phone }}' }] },
  }
  return {
    ...base,
    endpoints: {
      ...base.endpoints,
      website: { source: 'form', files: { types: ['application/pdf'] } },
      doubt: { source: 'form' },
      leads: { source: 'email', senders: ['@service.example'] },
      slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET', token: '$SLACK_BOT_TOKEN' },
    },
    channels: { office: { url: 'https://nobody.invalid/hook', secret: '$PARTNER_SECRET' } },
    alerts: 'office',
    rules: [
      {
        name: 'new-client',
        on: {
          endpoint: ['website', 'partner', 'leads'],
          type: ['form.submitted', 'webhook.received', 'mail.received'],
        },
        steps: {
          client,
          matter: intake.steps.matter!,
          note: {
            create: 'notes',
            with: {
              type: 'Matter',
              matter: '{{ steps.matter }}',
              subject: '{{ person.last_name }}',
              detail: '{{ message }} {{ fields.ssn }}',
            },
          },
          tell: { notify: 'office', text: 'New: {{ person.first_name }} {{ person.last_name }}, {{ message }}' },
          papers: {
            each: 'files',
            create: 'documents',
            with: { parent: '{{ steps.matter }}', content: '{{ item }}' },
          },
        },
      },
      {
        name: 'doubt',
        on: { endpoint: 'doubt', type: 'form.submitted' },
        steps: {
          stop: { park: 'Nobody knows {{ person.last_name }} with {{ fields.ssn }}' },
          client: {
            create: 'contacts',
            with: { type: 'Person', first_name: '{{ person.first_name }}', last_name: '{{ person.last_name }}' },
          },
        },
      },
    ],
  }
}

/** How the same form is sent, each time anew. */
const sendings = {
  form: () => formWithFile(who('form'), firm),
  json: () =>
    fetch(`${runtime.url}/in/${firm}/website`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': who('json').key },
      body: JSON.stringify({ ...answersOf(who('json')), paper: Buffer.from(who('json').file).toString('base64') }),
    }),
  webhook: () => {
    const { key } = who('webhook')
    const body = JSON.stringify(answersOf(who('webhook')))
    return fetch(`${runtime.url}/in/${firm}/partner`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature(key, body) },
      body,
    })
  },
  doubt: () => post('doubt', who('parked')),
  corrected: () => post('doubt', who('corrected')),
  trouble: () => post('website', who('clio')),
} satisfies Record<string, () => Promise<Response>>

const post = (endpoint: string, one: Marked) =>
  fetch(`${runtime.url}/in/${firm}/${endpoint}`, {
    method: 'POST',
    headers: { 'idempotency-key': one.key },
    body: new URLSearchParams(answersOf(one)),
  })

function formWithFile(one: Marked, of: string): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries(answersOf(one))) form.set(name, value)
  form.set('paper', new File([`%PDF-1.4 ${one.file}`], one.fileName, { type: 'application/pdf' }))
  return fetch(`${runtime.url}/in/${of}/website`, {
    method: 'POST',
    headers: { 'idempotency-key': one.key },
    body: form,
  })
}

function mail(): Promise<Response> {
  const one = who('mail')
  const raw = rawMail({
    from: 'Leads <no-reply@service.example>',
    headers: { 'Message-ID': `<${one.key}@service.example>`, Subject: `About ${one.last}` },
    text: Object.entries(answersOf(one))
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    attachments: [{ name: one.fileName, type: 'application/pdf', content: `%PDF-1.4 ${one.file}` }],
  })
  const query = new URLSearchParams({ from: 'bounce@service.example', to: `${firm}.leads@in.example` })
  return fetch(`${runtime.url}/cdn-cgi/handler/email?${query}`, { method: 'POST', body: raw })
}

/** A slash command, signed as Slack signs. */
function command(text: string): Promise<Response> {
  const { SLACK_HOOKS_ORIGIN: hooks, SLACK_SIGNING_SECRET: secret } = slack.vars
  const fields = {
    command: '/clio',
    text,
    user_id: 'USAM',
    team_id: 'T1',
    response_url: `${hooks}/r/1`,
    trigger_id: who('slack').key,
  }
  const { headers, body } = signed(form(fields), Math.floor(Date.now() / 1000), undefined, secret)
  return fetch(`${runtime.url}/in/${firm}/slack`, { method: 'POST', headers, body })
}

const receipts: Partial<Record<keyof typeof sendings, string>> = {}
async function send(door: keyof typeof sendings): Promise<string> {
  const answer = await sendings[door]()
  expect([door, answer.status]).toEqual([door, 202])
  receipts[door] = ((await answer.json()) as Receipt).run
  return receipts[door]
}

const quiet = () =>
  until(
    () => runsOf(runtime),
    all => all.every(({ state }) => ['done', 'parked', 'discarded', 'ignored'].includes(state)),
  )
const comesTo = (id: string, state: string) =>
  until(
    () => runOf(runtime, id),
    run => run.state === state,
  )
const act = async (method: string, path: string, body?: JsonObject) => {
  const answer = await api(runtime, method, path, body)
  expect([path, answer.status, answer.status < 300 ? '' : await answer.text()]).toEqual([path, answer.status, ''])
  return answer
}

const expectNoTrace = () => expect(traces([...filesBelow(runtime.state), runtime.log], secrets)).toEqual([])

async function restartWith(vars: Record<string, string | null>): Promise<void> {
  await runtime.kill()
  // The log of each life is searched, and then written over.
  expectNoTrace()
  runtime.change(vars)
  await runtime.start()
}

/** A firm with one run, which then is silent. */
async function configureSilent(): Promise<void> {
  const made = await fetch(`${runtime.clio}/_sandbox/connections`, { method: 'POST', body: '{"account":"smith"}' })
  const { connection_id: connection } = (await made.json()) as { connection_id: string }
  const saved = await fetch(`${runtime.url}/api/firms/${silent}/config`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${runtime.adminToken}` },
    body: JSON.stringify({ ...document(), connection }),
  })
  expect([saved.status, saved.ok ? '' : await saved.text()]).toEqual([200, ''])
  expect((await formWithFile(marked(9), silent)).status).toBe(202)
}

/** Days go by, of which the registry knows: nobody was visited for two of them. The cron comes, as on the platform. */
async function sweepDaysLater(): Promise<void> {
  await runtime.kill()
  for (const file of filesBelow(join(runtime.state, 'v3/do/docketed-Registry')).filter(name =>
    name.endsWith('.sqlite'),
  )) {
    const database = new DatabaseSync(file)
    const [table] = database.prepare("select 1 from sqlite_master where name = 'firms'").all()
    if (table) database.exec('update firms set visit_by = 0')
    database.close()
  }
  await runtime.start()
  const left = async () => ((await (await fetch(`${runtime.url}/healthz`)).json()) as { keysLeft: number }).keysLeft
  expect(await left()).toBeGreaterThan(0)
  expect((await fetch(`${runtime.url}/cdn-cgi/handler/scheduled`)).status).toBe(200)
  await until(left, count => count === 0)
}

beforeAll(async () => {
  slack = await slackStandIn()
  runtime = await startRuntime({ vars: { ...slack.vars, PARTNER_SECRET: partnerSecret } })
  await configure(runtime, document())
})
afterAll(async () => {
  await runtime.close()
  slack.close()
})

describe('the search', () => {
  it('finds each word in every spelling, wherever it begins', () => {
    const folder = mkdtempSync(join(tmpdir(), 'docketed-search-'))
    const [word] = secrets as [string]
    const around = ['', 'x', 'xy'].map(before => `${before}${word}zzz`)
    const written = [
      `${around[0]}`,
      word.toLowerCase(),
      Buffer.from(word, 'utf16le'),
      Buffer.from(word, 'utf16le').swap16(),
      Buffer.from(word).toString('hex'),
      ...around.map(text => Buffer.from(text).toString('base64')),
    ]
    for (const [at, bytes] of written.entries()) writeFileSync(join(folder, String(at)), bytes)
    const found = traces(filesBelow(folder), [word])
    for (const at of written.keys())
      expect(found.some(line => line.startsWith(`${join(folder, String(at))}:`))).toBe(true)
    expect(spellings(word).size).toBeGreaterThan(10)
    rmSync(folder, { recursive: true })
  })
})

describe('a day of life', () => {
  it('brings words in by every door, and all of them to Clio', async () => {
    for (const door of ['form', 'json', 'webhook'] as const) await send(door)
    expect((await mail()).status).toBe(200)
    expect((await command(`note 00001 ${who('slack').message} ${who('slack').ssn}`)).status).toBe(200)
    const seen = await quiet()
    expect(seen.map(({ state, endpoint }) => `${endpoint} ${state}`).sort()).toEqual([
      'leads done',
      'partner done',
      'slack done',
      'website done',
      'website done',
    ])
    const clio = JSON.stringify(runtime.sandbox.records())
    for (const door of ['form', 'json', 'mail', 'webhook', 'slack'] as const) expect(clio).toContain(who(door).message)
    expect(runtime.sandbox.account('smith').all('documents')).toHaveLength(2)
    expectNoTrace()
  })

  it('parks, with words of a client and of Clio in the reason', async () => {
    const { last, ssn } = who('clio')
    const message = `${last} with ${ssn} may not be written.`
    runtime.sandbox.trouble.add({
      method: 'POST',
      path: '^notes',
      times: 1,
      action: { do: 'fail', status: 403, message },
    })
    expect((await comesTo(await send('trouble'), 'parked')).reason).toContain(ssn)
    expect((await comesTo(await send('doubt'), 'parked')).reason).toContain(who('parked').ssn)
    expectNoTrace()
  })

  it('goes on with corrected answers, takes back what was made, and erases', async () => {
    await act('POST', `runs/${receipts.trouble}/resume`)
    await comesTo(receipts.trouble!, 'done')
    const id = receipts.doubt!
    const { first: name, message } = who('corrected')
    const { question } = who('parked')
    await act('POST', `runs/${id}/resume`, {
      answers: { 'person.first_name': name, message, [question]: 'no' },
      skip: ['doubt/stop'],
    })
    await comesTo(id, 'done')
    expect(JSON.stringify(runtime.sandbox.records())).toContain(name)
    const undone = (await (await act('POST', `runs/${id}/undo`, { anyway: true })).json()) as { id: string }
    await comesTo(undone.id, 'done')
    await act('DELETE', `runs/${receipts.json}`)
    await act('POST', 'erase', { email: who('webhook').email })
    await act('GET', `runs?q=${who('form').last}`)
    await act('POST', 'preview', { endpoint: 'website', fields: answersOf(who('form')) })
    expectNoTrace()
  })

  it('holds its queue with words of Clio in the reason', async () => {
    const { last, message } = who('clio')
    const words = `${last}: ${message}`
    runtime.sandbox.trouble.add({ path: '.*', times: 1000, action: { do: 'fail', status: 401, message: words } })
    await send('corrected')
    const stands = async () => (await (await api(runtime, 'GET', 'stats')).json()) as { connection: JsonObject }
    const { connection } = await until(stands, stats => stats.connection.state === 'held')
    expect(JSON.stringify(connection)).toContain(last)
    expectNoTrace()
    runtime.sandbox.trouble.clear()
  })
})

describe('what the firm’s own people write', () => {
  it('is kept no more openly: the reason of a hold, what they correct', async () => {
    const { last, ssn } = who('parked')
    const reason = `${last} (${ssn}) has called off`
    expect(await (await act('POST', 'hold', { reason })).json()).toMatchObject({ reason })
    expect(await (await api(runtime, 'GET', 'stats')).json()).toMatchObject({ connection: { reason } })
    expectNoTrace()
    await act('POST', 'resume', {})
    const { entries } = (await (await api(runtime, 'GET', 'audit?limit=200')).json()) as { entries: JsonObject[] }
    const [resumed] = entries.filter(
      ({ run, detail }) => run === receipts.doubt && String(detail).startsWith('corrected'),
    )
    expect(resumed!.detail).toContain('person.first_name, message, 1 answer that no rule names; skipped doubt/stop')
    expectNoTrace()
  })
})

describe('DATA_KEY rotated twice', () => {
  it('opens, with a firm that was silent through both, and knows every delivery', async () => {
    await configureSilent()
    await restartWith({ DATA_KEY: second, DATA_KEY_OLD: first })
    await sweepDaysLater()
    await restartWith({ DATA_KEY: third, DATA_KEY_OLD: second })
    await sweepDaysLater()
    await restartWith({ DATA_KEY: third, DATA_KEY_OLD: null })
    for (const door of ['form', 'json', 'webhook', 'trouble', 'doubt'] as const) {
      const again = await sendings[door]()
      expect([door, await again.json()]).toMatchObject([door, { run: receipts[door], duplicate: true }])
    }
    const there = await formWithFile(marked(9), silent)
    expect(await there.json()).toMatchObject({ duplicate: true })
    expect(await (await fetch(`${runtime.url}/healthz`)).json()).toMatchObject({ checks: { key: 'ok', ledgers: 'ok' } })
    expectNoTrace()
  })
})
