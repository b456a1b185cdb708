import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../src/lib/json.ts'
import type { Snapshot } from '../../src/sandbox/run/snapshot.ts'
import { answers, firm, configuration as intake, partnerSecret, type Receipt } from '../e2e/firm.ts'
import { boundless } from '../e2e/runtime.ts'

/** A Worker's state as it was left behind, what had been sent to it, and how it is sent again. */

export const states = join(import.meta.dirname, 'states')

/** Stands in a kept Clio for its own address. */
export const anywhere = 'http://sandbox.example'

export interface Sent {
  readonly run: string
  readonly endpoint: string
  /** The provider's or the caller's own id of it. */
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface State {
  readonly version: number
  /** A gzipped tar of the folder. */
  readonly archive: string
  readonly sent: readonly Sent[]
  readonly clio: Snapshot
}

/** What stood in Clio, as the one at this address has it. */
export function clioAt(url: string, { clio }: State): Snapshot {
  return JSON.parse(JSON.stringify(clio).replaceAll(anywhere, url)) as Snapshot
}

export function statesKept(): State[] {
  return readdirSync(states)
    .filter(name => name.endsWith('.tar.gz'))
    .map(name => {
      const version = Number(name.replace('.tar.gz', ''))
      const around = JSON.parse(readFileSync(join(states, `${version}.json`), 'utf8')) as Pick<State, 'sent' | 'clio'>
      return { version, archive: join(states, name), ...around }
    })
    .sort((a, b) => a.version - b.version)
}

/** The intake of the end-to-end tests, and files that become documents of a matter. */
export function configuration(matter: number): JsonObject {
  const { endpoints, rules, ...rest } = intake(boundless)
  return {
    ...rest,
    endpoints: { ...(endpoints as JsonObject), papers: { source: 'form', files: { types: ['application/pdf'] } } },
    rules: [
      ...(rules as JsonObject[]).map(rule => ({
        ...rule,
        on: { ...(rule.on as JsonObject), endpoint: ['website', 'partner'] },
      })),
      {
        name: 'papers',
        on: { endpoint: 'papers', type: 'form.submitted' },
        steps: {
          papers: {
            each: 'files',
            create: 'documents',
            with: { parent: { id: String(matter), type: 'Matter' }, content: '{{ item }}' },
          },
        },
      },
    ],
  }
}

export function visitor(n: number): Omit<Sent, 'run'> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { endpoint: 'website', key: `visitor-${n}`, headers, body: new URLSearchParams(answers(n)).toString() }
}

/** The same visitor's answers, as a partner passes them on. */
export function signed(n: number): Omit<Sent, 'run'> {
  const headers = { 'content-type': 'application/json' }
  return { endpoint: 'partner', key: `msg_${n}`, headers, body: JSON.stringify(answers(n)) }
}

/** A form with one file of that name. */
export function papers(name: string): Omit<Sent, 'run'> {
  const boundary = 'a-boundary-that-nobody-writes'
  const body = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="paper"; filename="${name}.pdf"`,
    'Content-Type: application/pdf',
    '',
    `%PDF-1.4 What stands in ${name}`,
    `--${boundary}--`,
    '',
  ].join('\r\n')
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return { endpoint: 'papers', key: `papers-${name}`, headers, body }
}

/** Delivers it, for the first time or again; a partner's is signed anew, as its retries are. */
export async function send(
  url: string,
  { endpoint, key, headers, body }: Omit<Sent, 'run'>,
): Promise<{ status: number; receipt: Receipt }> {
  const proof = endpoint === 'partner' ? signature(key, body) : { 'idempotency-key': key }
  const answer = await fetch(`${url}/in/${firm}/${endpoint}`, {
    method: 'POST',
    headers: { ...headers, ...proof },
    body,
  })
  return { status: answer.status, receipt: (await answer.json()) as Receipt }
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export function signature(id: string, body: string): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1000))
  const secret = Buffer.from(partnerSecret.replace('whsec_', ''), 'base64')
  const hash = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${hash}` }
}
