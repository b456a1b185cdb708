import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { RunSummary, RunView, Stats } from '../../src/model/docket-rpc.ts'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { conforming } from '../conform.ts'
import type { Runtime } from './runtime.ts'

/** The firm of these tests, its visitors, and what became of them in Clio. */

export const firm = 'smith'
/** Base64 of 24 bytes, as Standard Webhooks wants it. */
export const partnerSecret = `whsec_${Buffer.from('a-secret-of-twenty-four!').toString('base64')}`

/** A website with an intake of three records, and a partner who signs. `task`: changes of the task that is made. */
export function configuration(pace: { requests: number; seconds: number }, task: JsonObject = {}): JsonObject {
  const person = {
    type: 'Person',
    first_name: '{{ person.first_name }}',
    last_name: '{{ person.last_name }}',
    email_addresses: [{ name: 'Work', address: '{{ person.email }}', default_email: true }],
  }
  const matter = {
    client: '{{ steps.client }}',
    status: 'pending',
    description: 'Matter of {{ person.last_name }}',
    practice_area: '{{ fields.matter_type }}',
    custom_fields: { 'Referral source': '{{ fields.referral }}' },
  }
  const call = {
    name: 'Call {{ person.last_name }}',
    description: '{{ message }}',
    priority: 'High',
    assignee: 'intake@smith.example',
    matter: '{{ steps.matter }}',
    due_at: "{{ date('+1 business day') }}",
    ...task,
  }
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection: firstConnection,
    pace,
    endpoints: {
      website: { source: 'form', origins: ['https://smith.example'] },
      thankful: { source: 'form', redirect: 'https://smith.example/thanks' },
      partner: { source: 'standard-webhooks', secret: '$PARTNER_SECRET' },
    },
    rules: [
      {
        name: 'new-client',
        on: { type: ['form.submitted', 'webhook.received'] },
        steps: {
          client: { upsert: 'contacts', match: ['email_addresses'], with: person },
          matter: { create: 'matters', with: matter },
          call: { create: 'tasks', with: call },
        },
      },
    ],
  }
}

/** All that an operator needs to know of a Worker. */
export type Reachable = Pick<Runtime, 'url' | 'adminToken'>

/** One call of the operator. */
export async function api(runtime: Reachable, method: string, path: string, body?: Json | string): Promise<Response> {
  const sent = {
    method,
    headers: { authorization: `Bearer ${runtime.adminToken}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
  const below = `/api/firms/${firm}/${path}`
  return conforming({ path: below, ...sent }, await fetch(`${runtime.url}${below}`, sent))
}

export async function configure(runtime: Reachable, document: JsonObject): Promise<void> {
  const saved = await api(runtime, 'PUT', 'config', document)
  if (!saved.ok) throw new Error(`The configuration was refused: ${await saved.text()}`)
}

/** Every run of the firm, newest first. */
export async function runsOf(runtime: Reachable): Promise<RunSummary[]> {
  const { runs } = (await (await api(runtime, 'GET', 'runs?limit=200')).json()) as { runs: RunSummary[] }
  return runs
}

export async function runOf(runtime: Runtime, id: string): Promise<RunView> {
  return (await (await api(runtime, 'GET', `runs/${id}?reveal=1`)).json()) as RunView
}

export async function statsOf(runtime: Reachable): Promise<Stats> {
  return (await (await api(runtime, 'GET', 'stats')).json()) as Stats
}

/** The answers of visitor `n`; everybody is a person of their own. */
export function answers(n: number, more: Record<string, string> = {}): Record<string, string> {
  return {
    first_name: 'Pat',
    last_name: `Doe${n}`,
    email: `pat${n}@mail.example`,
    matter_type: 'Family Law',
    referral: 'Google',
    message: `Please call me, I am number ${n}.`,
    ...more,
  }
}

export interface Receipt {
  run: string
  status: string
  duplicate: boolean
}

/** Posts a form as a script would, that reads JSON. */
export async function post(
  runtime: Runtime,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; receipt: Receipt }> {
  const answer = await fetch(`${runtime.url}/in/${firm}/website`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
  })
  return { status: answer.status, headers: answer.headers, receipt: (await answer.json()) as Receipt }
}

/** What stands in Clio of the visitors: sorted, so that a record made twice shows as such. */
export function standing(
  sandbox: Sandbox,
  account = 'smith',
): { contacts: string[]; matters: string[]; tasks: string[] } {
  const store = sandbox.account(account)
  const values = (resource: string, key: string, ours: RegExp) =>
    store
      .all(resource)
      // A Clio that writes texts otherwise wraps some of them in HTML, and writes words with capitals.
      .map(({ data }) =>
        String(data[key])
          .replace(/<[^>]*>/g, '')
          .replace('Matter Of', 'Matter of'),
      )
      .filter(value => ours.test(value))
      .sort()
  return {
    contacts: values('contacts', 'last_name', /^Doe\d+$/),
    matters: values('matters', 'description', /^Matter of Doe\d+$/),
    tasks: values('tasks', 'name', /^Call Doe\d+$/),
  }
}

/** What stands when the visitors from 0 up to `count` were served once each. */
export function onceEach(count: number): ReturnType<typeof standing> {
  const each = (word: string) => Array.from({ length: count }, (_, n) => `${word}${n}`).sort()
  return { contacts: each('Doe'), matters: each('Matter of Doe'), tasks: each('Call Doe') }
}
