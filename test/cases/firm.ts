import { env } from 'cloudflare:test'
import { createApp } from '../../src/app.ts'
import { type Bytes, fromUtf8, utf8 } from '../../src/lib/encoding.ts'
import { isObject, type Json, type JsonObject } from '../../src/lib/json.ts'
import type { DocketRpc, RunSummary, RunView } from '../../src/model/docket-rpc.ts'
import { form, signed, slashFields } from '../slack/requests.ts'
import { cases as providers, secretsOf, sourceOf, unusual } from '../sources/cases.ts'
import steps from './steps.json'

/** A firm with a Clio of its own, and the outside world that sends to it. */

export interface CaseRequest {
  readonly via: 'form' | 'json' | 'raw' | 'slack'
  readonly endpoint?: string
  readonly fields?: Record<string, string>
  readonly body?: Json
  readonly bodyLatin1?: string
  readonly bodyBase64?: string
  readonly headers?: Record<string, string>
  readonly text?: string
  readonly user?: string
}

export interface Expectation {
  readonly state?: string | string[]
  readonly status?: number | number[]
  readonly runs?: number
  readonly reason?: string
  readonly problem?: string
  readonly made?: Record<string, Json>
  readonly changed?: Record<string, Json>
  readonly nothing?: string[]
  readonly event?: Json
  readonly events?: Json[]
  readonly reply?: string
  readonly refused?: string
  readonly warned?: string
}

export interface Case {
  readonly name: string
  readonly control?: true
  readonly why: string
  readonly seed?: { resource: string; data: JsonObject }[]
  readonly endpoints?: Record<string, JsonObject>
  readonly config?: JsonObject
  readonly on?: JsonObject
  readonly if?: string
  readonly steps?: Record<string, Json>
  readonly rules?: JsonObject[]
  readonly request: CaseRequest | CaseRequest[]
  readonly expect: Expectation | Expectation[]
}

export type Records = Record<string, JsonObject[]>

const app = createApp(env)
const host = 'https://docketed.example'
const slackSecret = '8f742231b10e8888abcd99yyyzzz85a5'

const sandbox = async (method: string, path: string, body?: Json): Promise<Json> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const text = await (await fetch(`http://sandbox.example/_sandbox/${path}`, init)).text()
  return text === '' ? null : (JSON.parse(text) as Json)
}

const website: JsonObject = { source: 'form', files: { types: ['application/pdf', 'image/*', 'text/plain'] } }

/** A record that somebody made in Clio by hand. */
async function planted({ resource, data }: { resource: string; data: JsonObject }, connection: string): Promise<void> {
  const made = await fetch(`${env.CLIO_GATEWAY_URL}/api/v4/${resource}.json?fields=id`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${env.MATON_API_KEY}`,
      'maton-connection': connection,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ data }),
  })
  if (!made.ok) throw new Error(`The seed was refused: ${made.status} ${await made.text()}`)
  await made.text()
}

let firms = 0

export interface Firm {
  readonly name: string
  readonly docket: DocketRpc
  readonly saved: { readonly refused: string | null; readonly warnings: string }
  /** What stands in Clio. */
  records(): Promise<Records>
  send(request: CaseRequest): Promise<Response>
  runs(): Promise<RunView[]>
  /** The last runs as a list shows them: less to ask for. */
  listed(): Promise<readonly RunSummary[]>
  /** What Slack was told of this firm's commands. */
  replies(): Promise<string>
}

export async function firmOf(one: Case): Promise<Firm> {
  const name = `case-${++firms}-${crypto.randomUUID().slice(0, 8)}`
  const account = name.replaceAll('-', '_')
  const { connection_id } = (await sandbox('POST', 'connections', { account })) as { connection_id: string }
  for (const seed of one.seed ?? []) await planted(seed, connection_id)
  const docket = env.DOCKET.get(env.DOCKET.idFromName(name)) as unknown as DocketRpc
  const requests = [one.request].flat()
  const endpoints: Record<string, JsonObject> = { website, ...one.endpoints }
  for (const { endpoint, via } of requests) {
    const wanted = via === 'slack' ? 'slack' : endpoint
    if (wanted !== undefined && !Object.hasOwn(endpoints, wanted)) endpoints[wanted] = doorOf(wanted)
  }
  const document = {
    timezone: 'America/New_York',
    country: 'US',
    connection: connection_id,
    ...one.config,
    endpoints,
    rules: rulesOf(one),
  }
  const answer = await docket.putConfig(name, JSON.stringify(document), false)
  const refused = 'code' in answer ? JSON.stringify(answer) : null
  const warnings = 'code' in answer ? '' : JSON.stringify(answer.warnings)
  const wanted = JSON.stringify(document)
  for (const source of new Set(Object.values(endpoints).map(each => String(each.source))))
    if (wanted.includes(`"$${secretName(source)}"`)) await docket.putSecret(name, secretName(source), secretFor(source))
  const listed = async () => {
    const page = await docket.runs({ limit: 50 })
    if ('code' in page) throw new Error(page.code)
    return page.runs
  }
  const hook = `https://hooks.slack.com/commands/${name}`
  return {
    name,
    docket,
    saved: { refused, warnings },
    records: async () => (await sandbox('GET', `state?account=${account}`)) as Records,
    replies: async () => (await fetch(`http://slack.example/?hook=${encodeURIComponent(hook)}`)).text(),
    listed,
    runs: async () => {
      const views = await Promise.all((await listed()).map(run => docket.run(run.id)))
      return views.filter(view => !('code' in view)).reverse() as RunView[]
    },
    send: async request => {
      const endpoint = request.via === 'slack' ? 'slack' : (request.endpoint ?? 'website')
      const source = String(endpoints[endpoint]?.source)
      const sent = proved(source, `/in/${name}/${endpoint}`, request, hook)
      return app.request(
        `${host}/in/${name}/${endpoint}${sent.path}`,
        { method: 'POST', headers: sent.headers, body: sent.body },
        env,
      )
    },
  }
}

/** An endpoint for a provider, with what its source needs. */
function doorOf(source: string): JsonObject {
  if (source === 'slack') return { source, secret: '$SLACK_SECRET', token: '$SLACK_SECRET' }
  if (source === 'form') return website
  // What hands on forms of all kinds.
  if (source === 'zapier') return { source: 'webhook', secret: '$WEBHOOK_SECRET', type: "'form.submitted'" }
  const known = [...providers, ...unusual].find(each => sourceOf(each) === aliasOf(source))
  return {
    source: aliasOf(source),
    secret: `$${secretName(aliasOf(source))}`,
    ...(source !== 'webhook' && known?.options),
  }
}

/** Short words for sources with long names. */
const aliases: Readonly<Record<string, string>> = {
  cf7: 'contact-form-7',
  gravity: 'gravity-forms',
}
const aliasOf = (source: string): string => aliases[source] ?? source

const secretName = (source: string): string => `${source.toUpperCase().replaceAll('-', '_')}_SECRET`

function secretFor(source: string): string {
  if (source === 'slack') return slackSecret
  const known = [...providers, ...unusual].find(each => sourceOf(each) === source)
  return known ? secretsOf(known)[0] : '0123456789abcdef0123456789abcdef'
}

const submitted = { endpoint: 'website', type: 'form.submitted' }

function rulesOf(one: Case): JsonObject[] {
  const rules: JsonObject[] = one.rules ?? [
    {
      name: 'rule',
      on: one.on ?? submitted,
      ...(one.if !== undefined && { if: one.if }),
      steps: one.steps ?? { client: 'upsert-person' },
    },
  ]
  if (one.rules === undefined && one.steps === undefined && [one.request].flat()[0]!.via === 'slack') return []
  return rules.map(rule => ({
    ...rule,
    on: rule.on ?? submitted,
    steps: Object.fromEntries(
      Object.entries(isObject(rule.steps) ? rule.steps : {}).map(([key, step]) => [
        key,
        typeof step === 'string' ? structuredClone((steps as unknown as JsonObject)[step] ?? null) : step,
      ]),
    ),
  }))
}

/** A request as its sender makes it, with its proof. */
function proved(source: string, path: string, request: CaseRequest, hook: string) {
  const now = Date.now()
  if (request.via === 'slack') {
    const fields = slashFields(request.text ?? '', {
      response_url: hook,
      trigger_id: `1.2.${crypto.randomUUID()}`,
      ...(request.user !== undefined && { user_id: request.user }),
    })
    const { headers, body } = signed(form(fields), Math.floor(now / 1000))
    return { path: '', headers, body }
  }
  const body = bytesOf(request)
  const type = { form: 'application/x-www-form-urlencoded', json: 'application/json', raw: '' }[request.via]
  const own = { ...(type !== '' && { 'content-type': type }), ...request.headers }
  const candidates = [...providers, ...unusual].filter(each => sourceOf(each) === source)
  // HubSpot signs what a workflow sends otherwise than what an app does.
  const known =
    source === 'hubspot' && !Array.isArray(request.body)
      ? candidates.find(({ name }) => name === 'hubspot-workflow')
      : candidates[0]
  if (!known || source === 'form') return { path: '', headers: own, body }
  const text = fromUtf8(body) ?? ''
  const id = known.ids ? crypto.randomUUID() : ''
  const made = known.sign(text, secretFor(source), now, path, id)
  const { 'content-type': _, ...proof } = made.headers ?? {}
  return { path: made.path ?? '', headers: { ...proof, ...own }, body: made.body ?? body }
}

let words = 0
/** Another one each time, of letters only: nothing in it can be read as a number. */
const uniqueWord = () => `unique${[...String(++words)].map(digit => 'abcdefghij'[Number(digit)]).join('')}`

function bytesOf({ fields, body, bodyLatin1, bodyBase64 }: CaseRequest): Bytes {
  const unique = (text: string) => text.replaceAll('$UNIQUE', () => uniqueWord())
  if (fields) return utf8(new URLSearchParams(fields).toString())
  if (bodyBase64 !== undefined) return Uint8Array.from(atob(bodyBase64), char => char.charCodeAt(0))
  if (bodyLatin1 !== undefined) return Uint8Array.from(unique(bodyLatin1), char => char.charCodeAt(0))
  return utf8(unique(typeof body === 'string' ? body : JSON.stringify(body)))
}
