import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { apiOf } from '../../src/api/route.ts'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { overtakenBy } from '../../src/docket/operator/if-match.ts'
import type { SaveHow } from '../../src/model/docket-rpc.ts'
import { createApp } from '../../src/sandbox/run/app.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Io } from '../../src/tools/command.ts'
import { carryOut } from '../../src/tools/line.ts'

/** Somebody at a terminal, and the real API over Dockets that only keep documents. */

// Of workerd's Web Crypto, which Node's lacks.
Object.assign(crypto.subtle, {
  timingSafeEqual: (a: ArrayBuffer, b: ArrayBuffer) => timingSafeEqual(Buffer.from(a), Buffer.from(b)),
})

export const token = 'the-admin-token-of-forty-characters-here'

export interface Vendor {
  readonly sandbox: Sandbox
  /** Documents by firm; what a test puts in is stored. */
  readonly documents: Map<string, { version: number; text: string }>
  /** Method and path of every call on the Worker. */
  readonly calls: string[]
  /** What the firm's Docket was asked, and what it is to answer. */
  readonly runs: { id: string; state: string }[]
  readonly previewed: unknown[]
  readonly secrets: Map<string, string>
  /** Endpoints that lack one. */
  readonly lacking: { name: string; secret: string }[]
  /** What else the Docket was asked. */
  readonly acts: unknown[]
  /** What came in at `/in`. */
  readonly deliveries: Request[]
}

export function vendor(): Vendor & { readonly fetch: typeof fetch } {
  const sandbox = createSandbox()
  const plane = createApp(sandbox)
  const documents = new Map<string, { version: number; text: string }>()
  const calls: string[] = []
  const deliveries: Request[] = []
  const runs: { id: string; state: string }[] = []
  const previewed: unknown[] = []
  const secrets = new Map<string, string>()
  const lacking: { name: string; secret: string }[] = []
  const acts: unknown[] = []
  const acted = (id: string, state: string) => ({
    ...{ id, state, reason: null, reasonCode: null, endpoint: 'website', type: 'form.submitted', subject: null },
    ...{ acceptedAt: '2026-11-26T12:00:00Z', finishedAt: null },
  })
  const docket = (firm: string) => ({
    endpoints: async () => ({
      endpoints: lacking.map(({ name, secret }) => ({
        ...{ name, source: 'calendly', verifiedBy: '', keyedBy: '' },
        ...{ secrets: [{ name: secret, state: 'missing' }], faults: [`${secret} is not set`] },
      })),
    }),
    runs: async () => {
      const rest = { reason: null, endpoint: 'website', type: 'form.submitted', acceptedAt: '2026-11-26T12:00:00Z' }
      return { runs: runs.map(run => ({ ...rest, ...run })), cursor: null }
    },
    run: async (id: string, _: unknown, reveal: boolean) => ({
      ...acted(id, 'parked'),
      reason: reveal ? 'No practice area is called “Familly Law”.' : 'Clio has no record of a name that a rule writes.',
      todo: 'Write the name as Clio has it; then resume.',
      steps: [
        {
          path: 'new-client/client',
          state: 'done',
          output: { resource: 'contacts', id: '7' },
          attempts: [{ method: 'POST', path: 'contacts', outcome: 'applied', status: 201, message: null, record: '7' }],
        },
        { path: 'new-client/matter', state: 'ready', output: null, attempts: [] },
      ],
    }),
    resume: async (id: string, version: string, _: unknown, mend: object) => {
      acts.push({ resume: id, version, ...mend })
      return { ...acted(id, 'accepted'), kept: [{ step: 'r/client', resource: 'contacts', record: '7' }] }
    },
    discard: async (id: string) => {
      acts.push({ discard: id })
      return acted(id, 'discarded')
    },
    undo: async (id: string, anyway: boolean) => {
      acts.push({ undo: id, anyway })
      return acted('run_undo', 'accepted')
    },
    ask: async (write: object, key: string) => {
      acts.push({ ...write, key })
      return { ...acted('run_asked', 'accepted'), duplicate: key === 'again' }
    },
    holdFirm: async (reason: string | null) => {
      acts.push({ hold: reason })
      return {
        firm,
        state: 'held',
        code: 'by-hand',
        reason: reason ?? 'A person holds the firm.',
        since: acted('', '').acceptedAt,
      }
    },
    resumeFirm: async () => {
      acts.push({ resume: firm })
      return { firm, state: 'going', code: null, reason: null, since: null }
    },
    exportFirm: async (passphrase: string | null) => {
      acts.push({ export: firm, passphrase })
      return new Blob(['all that', ' is kept']).stream()
    },
    importFirm: async ({
      body,
      ...how
    }: {
      body: ReadableStream
      passphrase: string | null
      connection: string | null
    }) => {
      acts.push({ import: firm, text: await new Response(body).text(), ...how })
      const held = {
        firm,
        state: 'held',
        code: 'imported',
        reason: 'It was brought here.',
        since: acted('', '').acceptedAt,
      }
      return {
        ...held,
        from: 'smith',
        runs: 7,
        secrets: ['PARTNER', 'SLACK'],
        connection: how.connection ?? 'as before',
      }
    },
    learnLinks: async (links: unknown[]) => {
      acts.push({ links })
      return { links: links.length }
    },
    clio: async (call: object) => {
      acts.push(call)
      return { status: 200, answer: { data: [{ id: 7 }] } }
    },
    preview: async (body: unknown) => {
      previewed.push(body)
      const calls = [{ step: 'new-client/client', method: 'POST', path: 'contacts', body: { type: 'Person' } }]
      return { state: 'parked', rules: ['new-client'], calls, warnings: [], events: [] }
    },
    putSecret: async (_: string, name: string, value: string) => {
      secrets.set(name, value)
      return null
    },
    deleteSecret: async (_: string, name: string) => {
      secrets.delete(name)
      return null
    },
    config: async () => documents.get(firm) ?? null,
    putConfig: async (_: string, text: string, dry: boolean, __: unknown, { ifMatch = null }: SaveHow) => {
      const overtaken = overtakenBy(ifMatch, documents.get(firm)?.version ?? null)
      if (overtaken) return overtaken
      const reading = readConfiguration(text)
      if (!reading.ok) return reading.problem
      const version = (documents.get(firm)?.version ?? 0) + (dry ? 0 : 1)
      if (!dry) documents.set(firm, { version, text })
      return { version, warnings: reading.warnings }
    },
  })
  const registry = {
    firms: async (limit: number, cursor: string | null) => {
      const ids = [...documents.keys()].sort()
      const from = cursor === null ? 0 : ids.indexOf(cursor) + 1
      const page = ids.slice(from, from + limit)
      const counts = {
        open: 2,
        parked: 1,
        held: null,
        hold: 'by-hand',
        lastEventAt: null,
        asOf: new Date(-90_000).toISOString(),
      }
      return { firms: page.map(id => ({ id, ...counts })), cursor: from + limit < ids.length ? page.at(-1) : null }
    },
  }
  const unasked = async (): Promise<never> => {
    throw new Error('No test is sent here.')
  }
  const app = new Hono()
  app.post('/in/:firm/:endpoint', context => {
    deliveries.push(context.req.raw)
    return context.json({ run: 'run_1', status: 'accepted', duplicate: false }, 202)
  })
  app.route(
    '/api',
    apiOf({
      adminToken: token,
      access: null,
      admit: async () => true,
      now: Date.now,
      docket: firm => docket(firm) as never,
      registry: () => registry as never,
      trial: { demonstration: true, locate: unasked, post: unasked },
      asset: unasked,
      connections: {
        url: 'http://sandbox.example',
        key: sandbox.key,
        timeout: 5000,
        fetch: async (input, init) => plane.fetch(new Request(input as string, init as RequestInit)),
      },
    }).routes,
  )
  return {
    sandbox,
    documents,
    calls,
    deliveries,
    runs,
    previewed,
    secrets,
    lacking,
    acts,
    fetch: async (input, init) => {
      calls.push(`${init?.method ?? 'GET'} ${new URL(input as string).pathname}`)
      return app.request(input as string, init as RequestInit)
    },
  }
}

/** One command line, to its end. */
export async function type(of: { readonly fetch: typeof fetch }, line: string | string[], io: Partial<Io> = {}) {
  const said: string[] = []
  const noted: string[] = []
  const progress: string[] = []
  const code = await carryOut(typeof line === 'string' ? line.split(' ') : line, {
    fetch: of.fetch,
    env: { DOCKETED_URL: 'https://worker.example', DOCKETED_TOKEN: token },
    terminal: false,
    say: text => void said.push(text),
    note: text => void noted.push(text),
    progress: text => void progress.push(text),
    ask: async () => null,
    input: async () => '',
    sleep: async () => {},
    now: () => 0,
    ...io,
  })
  return { code, said: said.join('\n'), noted: noted.join('\n'), progress }
}
