import { execFileSync } from 'node:child_process'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import type { Bytes } from '../../src/lib/encoding.ts'
import { isProblem } from '../../src/lib/problem.ts'
import type { Inbound } from '../../src/model/endpoint.ts'
import { sources } from '../../src/sources/index.ts'
import { readme } from './readme.ts'

/** The pages of docs/sources are tried: what they write down is accepted, and what they send is taken in. */

const folder = join(import.meta.dirname, '../../docs/sources')
const page = (name: string) => readFileSync(join(folder, `${name}.md`), 'utf8')
const pages = readdirSync(folder)
  .map(file => file.replace('.md', ''))
  .filter(name => name !== 'README')
const blocks = (name: string, language: string) =>
  [...page(name).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!)

const endpointsIn = (name: string) =>
  blocks(name, 'jsonc').flatMap(block => {
    const reading = readConfiguration(`{ "timezone": "America/New_York", "country": "US", ${block}, "rules": [] }`)
    if (!reading.ok) throw new Error(reading.problem.detail)
    return Object.entries(reading.configuration.endpoints)
  })

let work: string

beforeAll(() => {
  // workerd has it, Node keeps it elsewhere.
  Object.assign(crypto.subtle, {
    timingSafeEqual: (a: ArrayBuffer, b: ArrayBuffer) => timingSafeEqual(Buffer.from(a), Buffer.from(b)),
  })
  work = mkdtempSync(join(tmpdir(), 'docketed-docs-'))
  // A curl that only writes down what it was to send.
  writeFileSync(join(work, 'curl'), `#!/bin/sh\nprintf '%s\\0' "$@" > "${work}/sent"\n`, { mode: 0o755 })
})
afterAll(() => rmSync(work, { recursive: true }))

/** Runs a page's example; what its curl would send, and the secret that it used. */
function sentBy(script: string): { inbound: Inbound; secret: string } {
  const env = { ...process.env, PATH: `${work}:${process.env.PATH}` }
  const secret = execFileSync('bash', ['-euc', `${script}\nprintf %s "\${SECRET-}"`], { env, encoding: 'utf8' })
  const [, address = '', ...args] = readFileSync(join(work, 'sent'), 'utf8').split('\0').slice(0, -1)
  const url = new URL(address)
  const headers = new Headers()
  let body = ''
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1]!
    if (args[at] === '-H') headers.append(...(value.split(/:\s*(.*)/s, 2) as [string, string]))
    else if (args[at] === '--data-binary') body = value
    else throw new Error(`unexpected ${args[at]}`)
  }
  const token = url.pathname.split('/')[4] ?? null
  return {
    inbound: { method: 'POST', url, headers, body: new TextEncoder().encode(body) as Bytes, token, now: Date.now() },
    secret,
  }
}

async function taken(name: string, inbound: Inbound, secret: string) {
  const source = sources.get(name)!
  const { source: _, ...written } = endpointsIn(name)[0]![1]
  const endpoint = {
    firm: 'smith',
    name,
    options: source.options.parse(written),
    secrets: () => (secret === '' ? [] : [secret]),
  }
  const verdict = await source.verify(inbound, endpoint)
  return verdict.ok ? source.parse(inbound, endpoint) : verdict.why
}

it('the table of sources is the one that `npm run docs` makes', () => {
  expect(page('README')).toBe(readme(sources))
})

it('every source has its page, and every page its source', () => {
  expect([...pages].sort()).toEqual([...sources.keys()].sort())
})

describe.each(pages)('%s.md', name => {
  it('shows a configuration of this source that is accepted', () => {
    const endpoints = endpointsIn(name)
    expect(endpoints.length).toBeGreaterThan(0)
    expect(endpoints.every(([, endpoint]) => endpoint.source === name)).toBe(true)
  })

  const script = blocks(name, 'sh').find(text => text.includes('--data-binary'))
  if (script === undefined) return
  it('shows a request that is proved and becomes an event', async () => {
    const { inbound, secret } = sentBy(script)
    expect(inbound.url.pathname.split('/')[3]).toBe(endpointsIn(name)[0]![0])
    const made = await taken(name, inbound, secret)
    expect(isProblem(made)).toBe(false)
    expect(made).toMatchObject([{ event: { source: name } }])
  })
})

describe('the Apps Script for Google Forms', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

  /** Google's services, as far as the script uses them: https://developers.google.com/apps-script/reference */
  async function run(call: (script: Record<string, (event: unknown) => void>) => void, answers: number[]) {
    const sent: { url: string; headers: Record<string, string>; payload: string }[] = []
    const context = {
      PropertiesService: { getScriptProperties: () => ({ getProperty: () => secret }) },
      Utilities: {
        base64Decode: (text: string) => [...Buffer.from(text, 'base64')],
        base64Encode: (bytes: number[]) => Buffer.from(bytes).toString('base64'),
        newBlob: (text: string) => ({ getBytes: () => [...Buffer.from(text)] }),
        computeHmacSha256Signature: (value: number[], key: number[]) => [
          ...createHmac('sha256', Buffer.from(key)).update(Buffer.from(value)).digest(),
        ],
        sleep: () => {},
      },
      UrlFetchApp: {
        fetch: (url: string, options: { headers: Record<string, string>; payload: string }) => {
          sent.push({ url, ...options })
          return { getResponseCode: () => answers.shift() ?? 202, getContentText: () => 'no' }
        },
      },
    }
    const script = runInNewContext(`${blocks('google-forms', 'js').join('\n')}; ({ onResponse, onRow })`, context)
    call(script)
    return sent
  }

  const item = (title: string, type: string, value: unknown) => ({
    getItem: () => ({ getTitle: () => title, getType: () => type }),
    getResponse: () => value,
  })
  const response = {
    getId: () => '2_ABaOnuc-1',
    getTimestamp: () => new Date('2026-11-02T08:58:11Z'),
    getRespondentEmail: () => 'dana@example.com',
    getItemResponses: () => [item('What is your name?', 'TEXT', 'Dana Whitfield'), item('Größe?', 'TEXT', '1,80 m')],
  }
  const event = { response, source: { getTitle: () => 'New clients' } }

  const inboundOf = ({ headers, payload }: { headers: Record<string, string>; payload: string }): Inbound => ({
    method: 'POST',
    url: new URL('https://docketed.example/in/smith/google-forms'),
    headers: new Headers({ 'content-type': 'application/json', ...headers }),
    body: new TextEncoder().encode(payload) as Bytes,
    token: null,
    now: Date.now(),
  })

  it('signs what this source accepts', async () => {
    const [sent] = await run(({ onResponse }) => onResponse!(event), [])
    const made = await taken('google-forms', inboundOf(sent!), secret)
    expect(made).toMatchObject([
      {
        key: { kind: 'given', value: '2_ABaOnuc-1' },
        event: {
          time: '2026-11-02T08:58:11.000Z',
          fields: { 'Größe?': '1,80 m' },
          person: { first_name: 'Dana', email: 'dana@example.com' },
        },
      },
    ])
  })

  it('of a sheet gives each row a key of its own', async () => {
    const range = {
      getRow: () => 17,
      getSheet: () => ({ getSheetId: () => 0, getParent: () => ({ getId: () => 'sheet' }) }),
    }
    const [sent] = await run(({ onRow }) => onRow!({ range, namedValues: { 'First Name': ['Dana'] } }), [])
    const made = await taken('google-forms', inboundOf(sent!), secret)
    expect(made).toMatchObject([{ key: { value: 'sheet-0-17' }, event: { person: { first_name: 'Dana' } } }])
  })

  it('tries again while we are away, under the same id, and fails visibly when we refuse', async () => {
    const sent = await run(({ onResponse }) => onResponse!(event), [503, 500, 202])
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill('2_ABaOnuc-1'))
    await expect(run(({ onResponse }) => onResponse!(event), [401])).rejects.toThrow(/answered 401/)
    await expect(run(({ onResponse }) => onResponse!(event), [503, 503, 503, 503, 503])).rejects.toThrow(/answered 503/)
  })
})
