import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { type Served, serveSandbox } from '../../src/sandbox/run/serve.ts'
import { ours, type Worker as Running, startWorker } from '../bench/worker.ts'
import { standardHeaders } from '../door/requests.ts'
import { answers, api, configuration, configure, firm, partnerSecret, statsOf } from '../e2e/firm.ts'
import { filesBelow } from '../e2e/markers.ts'
import { boundless, until } from '../e2e/runtime.ts'
import { rawMail } from '../sources/mail/mails.ts'
import type { Said, Sent } from './load.ts'

/**
 * Floods and bombs against the running Worker: meanwhile the firm's `stats`, which only its Docket can answer, are there within a second,
 * nobody is answered with a 5xx, and what was accepted comes to its end.
 */

/** ms within which the figures are there. */
const patience = 1000
const probeEvery = 150

let runtime: Running & { readonly adminToken: string }
let load: Load
let clio: Served
let folderBytes = 0
/** A Worker of its own, whose firm nobody has flooded yet. */
async function begin(vars: Record<string, string> = {}): Promise<void> {
  const adminToken = 'admin-token-of-the-storms-which-nobody-guesses'
  const worker = await startWorker('Miniflare', ours, {
    CLIO_GATEWAY_URL: `${clio.url}/clio`,
    MATON_CONTROL_URL: clio.url,
    MATON_API_KEY: clio.sandbox.key,
    ADMIN_TOKEN: adminToken,
    DATA_KEY: Buffer.alloc(32, 'docketed').toString('base64'),
    SETTLE_SECONDS: '2',
    PARTNER_SECRET: partnerSecret,
    ...vars,
  })
  runtime = { ...worker, adminToken }
  load = startLoad(worker.url)
  await configure(runtime, document())
}
beforeAll(async () => {
  clio = await serveSandbox({ limit: boundless })
  await begin({ DAILY_MEGABYTES: '40' })
})
async function end(): Promise<void> {
  await load?.thread.terminate()
  await runtime?.close()
}
afterAll(async () => {
  await end()
  await clio?.close()
  console.log(`\n${table.join('\n')}\n`)
})

/** What a rule may do with the text `fields.x`: each comes to its end in a run of its own. */
const readings = {
  nothing: "{{ fields.x == '' }}",
  seconds: '{{ seconds(fields.x) }}',
  date: '{{ date(fields.x) }}',
  phone: '{{ phone(fields.x) }}',
  lower: '{{ lower(fields.x) == "" }}',
  trim: '{{ trim(fields.x) == "" }}',
  split: '{{ size(split(fields.x, "1")) }}',
  join: '{{ size(join(split(fields.x, "a"), "b")) }}',
  replace: '{{ size(replace(fields.x, "1", "2")) }}',
}

function document(): JsonObject {
  const base = configuration(boundless) as { endpoints: JsonObject; rules: JsonObject[] } & JsonObject
  const [intake] = base.rules as [{ on: JsonObject; steps: JsonObject }]
  return {
    ...base,
    endpoints: {
      ...base.endpoints,
      website: { source: 'form', files: { types: ['application/pdf'] } },
      bombs: { source: 'form' },
      contacts: { source: 'form' },
      leads: { source: 'email', senders: ['@service.example'] },
    },
    rules: [
      { ...intake, on: { endpoint: ['website', 'partner'], type: ['form.submitted', 'webhook.received'] } },
      {
        name: 'in',
        on: { endpoint: ['contacts', 'leads'], type: ['form.submitted', 'mail.received'] },
        steps: {
          client: {
            upsert: 'contacts',
            match: ['email_addresses', 'phone_numbers'],
            with: {
              type: 'Person',
              first_name: '{{ person.first_name }}',
              last_name: '{{ person.last_name }}',
              email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
              phone_numbers: [{ name: 'Mobile', number: '{{ person.phone }}' }],
            },
          },
        },
      },
      ...Object.entries(readings).map(([name, text]) => ({
        name,
        on: { endpoint: 'bombs', type: 'form.submitted' },
        if: `fields.reading == '${name}'`,
        steps: { look: { park: `It is ${text}` } },
      })),
    ],
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly retryAfter: string | null
}

interface Load {
  readonly thread: Worker
  readonly waiting: Map<number, (said: Said) => void>
}

/** What sends, to the Worker that stands now. */
function startLoad(url: string): Load {
  const thread = new Worker(join(import.meta.dirname, 'load.ts'), { workerData: { url } })
  const waiting: Load['waiting'] = new Map()
  thread.on('message', (said: Said) => {
    waiting.get(said.id)?.(said)
    waiting.delete(said.id)
  })
  return { thread, waiting }
}

let requests = 0
async function send(path: string, { headers = {}, body }: Partial<Omit<Sent, 'id' | 'path'>>): Promise<Answer> {
  const id = ++requests
  const { status, text, retryAfter } = await new Promise<Said>(resolve => {
    load.waiting.set(id, resolve)
    load.thread.postMessage({ id, path, headers, body: body ?? '' } satisfies Sent)
  })
  const [, type = ''] = /problem:([a-z-]+)/.exec(text) ?? []
  return { status, type, retryAfter }
}

const from = (address: string) => ({ 'cf-connecting-ip': address })
const ipv4 = (n: number) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`
let sent = 0
const urlencoded = 'application/x-www-form-urlencoded'
const form = (to: string, fields: Record<string, string>, address: string) =>
  send(`/in/${firm}/${to}`, {
    headers: { 'content-type': urlencoded, 'idempotency-key': `storm-${++sent}`, ...from(address) },
    body: new URLSearchParams(fields).toString(),
  })

/** So many at once, each when one before it is answered. */
async function storm(times: number, one: (n: number) => Promise<Answer>, atOnce = 24): Promise<Answer[]> {
  const found: Answer[] = []
  let next = 0
  const worker = async () => {
    while (next < times) found.push(await one(next++))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return found
}

const table = [
  '| storm | answers | s | on disk | `stats`: times, median, longest | longest of what asks nobody | processor time of the runtime |',
  '|---|---|---|---|---|---|---|',
]
const onDisk = () => filesBelow(runtime.state).reduce((sum, file) => sum + size(file), 0)
function size(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

/** Everything that came in has come to its end. */
const settled = () =>
  until(
    () => statsOf(runtime),
    ({ counts }) => counts.accepted + counts.running + counts.waiting + counts.held === 0,
    { seconds: 240, every: 500 },
  )

interface Probed {
  readonly times: number
  readonly median: number
  readonly longest: number
}

/** @returns what ends it */
function probe(url: string, headers: Record<string, string>): () => Promise<Probed> {
  const thread = new Worker(join(import.meta.dirname, 'probe.ts'), { workerData: { url, headers, every: probeEvery } })
  return async () => {
    const said = once(thread, 'message')
    thread.postMessage('end')
    const [{ took, failed }] = (await said) as [{ took: number[]; failed: number[] }]
    await thread.terminate()
    expect(failed).toEqual([])
    const sorted = took.toSorted((a, b) => a - b)
    return { times: sorted.length, median: sorted[sorted.length >> 1] ?? 0, longest: sorted.at(-1) ?? 0 }
  }
}

const stats = () => probe(`${runtime.url}/api/firms/${firm}/stats`, { authorization: `Bearer ${runtime.adminToken}` })
/** Goes the same way, and is refused before anybody is asked: told beside it, it tells the thread of all from the Docket's own work. */
const nobody = () => probe(`${runtime.url}/in/-/-`, {})

/** The storm, and `stats` asked again and again until all that it brought has come to its end. */
async function during(what: string, work: () => Promise<Answer[]>): Promise<Answer[]> {
  folderBytes = onDisk()
  const [asked, beside] = [stats(), nobody()]
  const began = performance.now()
  const cpu = runtime.cpu() ?? 0
  const found = await work()
  await settled()
  const [docket, machine] = await Promise.all([asked(), beside()])
  const worked = (runtime.cpu() ?? 0) - cpu
  const counts = Object.entries(Object.groupBy(found, ({ status, type }) => `${status}${type && ` ${type}`}`))
    .map(([name, all = []]) => `${all.length} × ${name}`)
    .join(', ')
  const ms = (value: number) => `${value.toFixed(0)} ms`
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const grown = ((onDisk() - folderBytes) / 1e6).toFixed(1)
  const figures = `${docket.times}, ${ms(docket.median)}, ${ms(docket.longest)}`
  table.push(
    `| ${what} | ${counts} | ${seconds} | +${grown} MB | ${figures} | ${ms(machine.longest)} | ${worked.toFixed(1)} s |`,
  )
  console.log(table.at(-1))
  expect(found.filter(({ status }) => status >= 500)).toEqual([])
  for (const { status, retryAfter } of found) if (status === 429) expect(Number(retryAfter)).toBeGreaterThan(0)
  expect(docket.longest).toBeLessThan(patience)
  return found
}

/** A form as a browser sends it. */
async function encoded(form: FormData): Promise<Pick<Sent, 'headers' | 'body'>> {
  const made = new Response(form)
  const headers = { 'content-type': made.headers.get('content-type')! }
  return { headers, body: new Uint8Array(await made.arrayBuffer()) }
}

const counted = (all: readonly Answer[], status: number, type?: string) =>
  all.filter(one => one.status === status && (type === undefined || one.type === type)).length

const large = 'x'.repeat(640 * 1024)

describe('a flood', () => {
  it('of 240 forms of 640 KiB from everywhere fills no disk: the day is full', async () => {
    const found = await during('240 forms of 640 KiB, each from its own address', () =>
      storm(240, n => form('website', { ...answers(n), essay: large }, ipv4(n)), 8),
    )
    // 40 MB a day, a quarter of it kept for what comes without files.
    expect(counted(found, 202)).toBeGreaterThan(30)
    expect(counted(found, 202)).toBeLessThanOrEqual(80)
    expect(counted(found, 429)).toBe(240 - counted(found, 202))
    expect(onDisk() - folderBytes).toBeLessThan(200e6)
    // Small ones come in all the same.
    expect((await form('website', answers(1_000), ipv4(9_000))).status).toBe(202)
  })

  it('of 150 forms from one IPv6 /64 is one address: 60 come in', async () => {
    const found = await during('150 forms from one IPv6 /64', () =>
      storm(150, n => form('website', answers(2_000 + n), `2001:db8:1:2::${(n + 1).toString(16)}`)),
    )
    expect([counted(found, 202), counted(found, 429, 'too-many-requests')]).toEqual([60, 90])
  })

  const forged = (n: number, address: string) =>
    send(`/in/${firm}/partner`, {
      headers: {
        'content-type': 'application/json',
        'webhook-id': `msg_${n}`,
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': 'v1,Zm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2VkZm9=',
        ...from(address),
      },
      body: JSON.stringify(answers(n)),
    })

  it('of 600 forged signatures of one address is sent away', async () => {
    const found = await during('600 forged signatures from one address', () =>
      storm(600, n => forged(n, '203.0.113.7')),
    )
    expect(counted(found, 401)).toBeLessThan(100)
    expect(counted(found, 401) + counted(found, 429)).toBe(600)
  })

  it('of 600 forged signatures of as many addresses is refused one by one', async () => {
    const found = await during('600 forged signatures, each from its own address', () =>
      storm(600, n => forged(n, ipv4(20_000 + n))),
    )
    expect(counted(found, 401)).toBe(600)
  })

  it('at 600 firms that there are not makes none', async () => {
    const nowhere = (address: (n: number) => string) => (n: number) =>
      send(`/in/nobody-${n}/website`, {
        headers: { 'content-type': urlencoded, ...from(address(n)) },
        body: new URLSearchParams(answers(n)).toString(),
      })
    const databases = () => filesBelow(runtime.state).filter(name => name.endsWith('.sqlite')).length
    const one = await during('600 unknown firms from one address', () =>
      storm(
        600,
        nowhere(() => '203.0.113.8'),
      ),
    )
    expect(counted(one, 404)).toBeLessThan(100)
    const found = await during('600 unknown firms, each from its own address', () =>
      storm(
        600,
        nowhere(n => ipv4(30_000 + n)),
      ),
    )
    expect(counted(found, 404)).toBe(600)
    console.log(`databases on disk: ${databases()}`)
  })

  it('of bodies of 25 MB from an address that has had its share is not read', async () => {
    const body = Buffer.alloc(25 * 1024 * 1024, 'x')
    const address = '203.0.113.9'
    for (let n = 0; n < 61; n++) await form('website', { first_name: 'x' }, address)
    const found = await during('8 bodies of 25 MB from one address', () =>
      storm(
        8,
        () => send(`/in/${firm}/website`, { headers: { 'content-type': urlencoded, ...from(address) }, body }),
        2,
      ),
    )
    // Whoever goes on sending may be cut off before the answer is read.
    expect(counted(found, 429) + counted(found, 0)).toBe(8)
  })

  it('stands in what was refused, by endpoint and cause', async () => {
    const refusals = async () =>
      ((await (await api(runtime, 'GET', 'refusals')).json()) as { refusals: Refusal[] }).refusals
    const times = (all: readonly Refusal[], endpoint: string, ...codes: string[]) =>
      all.filter(one => one.endpoint === endpoint && codes.includes(one.code)).reduce((sum, one) => sum + one.times, 0)
    // What an isolate counts it tells the Docket six times a minute.
    const all = await until(refusals, seen => times(seen, 'partner', 'signature') > 600)
    expect(times(all, 'website', 'too-many-requests')).toBeGreaterThan(80)
    expect(times(all, 'website', 'day-full', 'too-much-at-once')).toBeGreaterThan(100)
  })
})

interface Refusal {
  readonly endpoint: string
  readonly code: string
  readonly times: number
}

/** Long texts that a pattern which goes back and forth takes minutes for. */
const texts: Record<string, string> = {
  '60,000 digits and a letter': `${'1'.repeat(60_000)}x`,
  '120,000 digits and a letter': `${'1'.repeat(120_000)}x`,
  'hours by the ten thousand': '1h '.repeat(40_000),
  blanks: `1${' '.repeat(120_000)}x`,
  'at signs': 'a@'.repeat(60_000),
  'dots between digits': `${'1.'.repeat(60_000)}x`,
  brackets: `+1 ${'('.repeat(60_000)}${')'.repeat(59_999)}`,
  'dates upon dates': '2026-11-27 '.repeat(12_000),
  letters: 'a'.repeat(300_000),
  lines: 'Name: x\n\n'.repeat(12_000),
}

describe('a bomb', () => {
  beforeAll(async () => {
    await end()
    await begin()
  })

  it.each(Object.keys(readings))('of long text in %s stops nobody', async reading => {
    const found = await during(`${Object.keys(texts).length} long texts, read by ${reading}`, () =>
      storm(
        Object.keys(texts).length,
        n => form('bombs', { reading, x: Object.values(texts)[n]! }, ipv4(40_000 + n)),
        4,
      ),
    )
    expect(counted(found, 202)).toBe(found.length)
  })

  it.each(['email', 'phone', 'name', 'first_name', 'last_name', 'address', 'message', 'date_of_birth', 'budget'])(
    'of long text as %s stops nobody',
    async key => {
      await during(`${Object.keys(texts).length} long texts as ${key}`, () =>
        storm(
          Object.keys(texts).length,
          n =>
            form(
              'contacts',
              { last_name: 'Vega', email: 'v@mail.example', [key]: Object.values(texts)[n]! },
              ipv4(50_000 + n),
            ),
          4,
        ),
      )
    },
  )

  it('of an answer of 3 MB is 413, not 503', async () => {
    const found = await during('an answer of 3 MB; one of 900 KB of signs that JSON escapes', async () => [
      await form('website', { ...answers(1), essay: 'x'.repeat(3_000_000) }, ipv4(60_001)),
      await form('bombs', { reading: 'nothing', x: 'x'.repeat(3_000_000) }, ipv4(60_002)),
      await form('bombs', { reading: 'nothing', x: '\u0001'.repeat(300_000) }, ipv4(60_003)),
    ])
    expect(found.slice(0, 2).map(({ status }) => status)).toEqual([413, 413])
  })

  it('of many small parts is read or refused', async () => {
    const boundary = 'b'
    const multipart = (count: number, head: string) =>
      `${`--${boundary}\r\n${head}\r\n\r\n1\r\n`.repeat(count)}--${boundary}--\r\n`
    const posted = (type: string, body: string, n: number) =>
      send(`/in/${firm}/bombs`, { headers: { 'content-type': type, ...from(ipv4(61_000 + n)) }, body })
    const deep = (open: string, close: string, depth: number) => `{"a":${open.repeat(depth)}1${close.repeat(depth)}}`
    const kinds: (() => Promise<Answer>)[] = [
      () =>
        posted(
          `multipart/form-data; boundary=${boundary}`,
          multipart(15_000, 'Content-Disposition: form-data; name="a"'),
          1,
        ),
      () => posted(`multipart/form-data; boundary=${boundary}`, `--${boundary}\r\n${'A: b\r\n'.repeat(100_000)}`, 2),
      () => posted(`multipart/form-data; boundary=${'-'.repeat(70)}`, '-'.repeat(900_000), 3),
      () => posted('application/x-www-form-urlencoded', 'a=&'.repeat(300_000), 4),
      () => posted('application/x-www-form-urlencoded', `a[b]${'[c]'.repeat(200_000)}=1`, 5),
      () => posted('application/json', deep('[', ']', 400_000), 6),
      () => posted('application/json', deep('{"a":', '}', 150_000), 7),
      () => posted('application/json', `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":1`).join(',')}}`, 8),
      () => posted('application/json', `{"a":${'1'.repeat(900_000)}}`, 9),
      () => posted('application/json', `{"a":"${'\\u0041'.repeat(150_000)}"}`, 10),
    ]
    await during('bodies of many parts, deep nesting, long numbers', () => storm(kinds.length, n => kinds[n]!(), 4))
  })

  it('of long messages that are signed, and of files of 24 MB, stops nobody', async () => {
    const message = (n: number) => {
      const body = JSON.stringify({ ...answers(7_000 + n), essay: large })
      const signed = standardHeaders(partnerSecret, `long_${n}`, Math.floor(Date.now() / 1000), body)
      return send(`/in/${firm}/partner`, { headers: { 'content-type': 'application/json', ...signed }, body })
    }
    const upload = async (n: number) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(answers(8_000 + n))) form.set(name, value)
      form.set('lease', new File(['%PDF-1.7', Buffer.alloc(24_000_000, 'x')], 'lease.pdf', { type: 'application/pdf' }))
      const { headers, body } = await encoded(form)
      return send(`/in/${firm}/website`, { headers: { ...headers, ...from(ipv4(62_000 + n)) }, body })
    }
    const messages = await during('16 signed messages of 640 KiB', () => storm(16, message, 8))
    const uploads = await during('4 forms with a file of 24 MB', () => storm(4, upload, 4))
    expect([counted(messages, 202), counted(uploads, 202)]).toEqual([16, 4])
  })

  it('in a mail is read or refused', async () => {
    const mail = (raw: string) => {
      const query = new URLSearchParams({ from: 'bounce@service.example', to: `${firm}.leads@in.example` })
      return send(`/cdn-cgi/local/email?${query}`, { body: raw })
    }
    const lead = (more: object) => rawMail({ from: 'Leads <no-reply@service.example>', text: 'Name: x', ...more })
    const id = () => ({ 'Message-ID': `<storm-${++sent}@service.example>` })
    const nested = (depth: number): string => {
      const open = Array.from(
        { length: depth },
        (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
      )
      return `From: <no-reply@service.example>\r\nMessage-ID: <deep@service.example>\r\n${open.join('')}Content-Type: text/plain\r\n\r\nx\r\n`
    }
    const all = [
      ...Object.values(texts).map(text =>
        lead({ headers: id(), text: `Name: ${text}\nEmail: ${text}\nPhone: ${text}` }),
      ),
      ...Object.values(texts).map(text => lead({ headers: { ...id(), Subject: text } })),
      lead({ headers: id(), text: `${'>\n'.repeat(99_000)}x` }),
      lead({ headers: id(), text: 'Name: x\n\n'.repeat(150_000) }),
      lead({ headers: id(), html: '<div>'.repeat(100_000) }),
      lead({ headers: id(), html: '<'.repeat(500_000) }),
      lead({ headers: id(), html: '&'.repeat(500_000) }),
      lead({ headers: id(), html: '<!--'.repeat(100_000) }),
      // Not more, here and in parts: the local platform reads a mail before the Worker has it, and both in quadratic time.
      lead({ headers: { ...id(), 'X-Long': 'a\r\n '.repeat(2_000) } }),
      lead({ headers: { ...id(), To: 'a@b.example, '.repeat(30_000) } }),
      nested(4_000),
    ]
    await during(`${all.length} mails: long texts, tags, heads, parts in parts`, () =>
      storm(all.length, n => mail(all[n]!), 3),
    )
  })
})
