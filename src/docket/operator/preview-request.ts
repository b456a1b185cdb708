import * as z from 'zod/mini'
import { readConfiguration } from '../../configuration/configuration.ts'
import { type StoredConfiguration, storedConfiguration } from '../../configuration/stored.ts'
import { utf8 } from '../../lib/encoding.ts'
import { remarksOf } from '../../lib/issues.ts'
import type { Json, JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { type Caller, includes } from '../../model/access.ts'
import type { Mirror } from '../../model/docket-rpc.ts'
import type { Inbound } from '../../model/endpoint.ts'
import { agentsEndpoint, type Delivery, type InboundEvent, withoutSeals } from '../../model/event.ts'
import { askedWrite } from '../../model/rule.ts'
import { readFields } from '../../reading/fields.ts'
import { recognize } from '../../reading/person.ts'
import { sources } from '../../sources/index.ts'
import { locate } from '../../sources/locate.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { amendedRun } from '../run/amend.ts'
import { eventOfWrite } from './asked.ts'
import { notAgain } from './refusals.ts'
import { unknownEndpoint } from './setup/endpoints.ts'

/** What a preview is asked of, and what it is worked out from. */

const json = z.json() as z.ZodMiniType<Json>
const object = z.record(z.string(), json) as z.ZodMiniType<JsonObject>
const word = z.optional(z.nullable(z.string()))

const person = z.strictObject({ first_name: word, last_name: word, email: word, phone: word, company: word })
const booking = z.strictObject({
  id: z._default(z.string(), ''),
  title: z._default(word, null),
  start: z._default(word, null),
  end: z._default(word, null),
  timezone: z._default(word, null),
  location: z._default(word, null),
  all_day: z._default(z.boolean(), false),
  seconds: z._default(z.nullable(z.number()), null),
})
const file = z.strictObject({
  name: z.string(),
  content_type: z._default(z.string(), 'application/octet-stream'),
  size: z._default(z.number(), 0),
  field: z.exactOptional(z.string()),
  url: z.exactOptional(z.string()),
})

const eventKeys = {
  type: z.optional(z.string().check(z.minLength(1))),
  subject: z._default(z.nullable(z.string()), null),
  time: z._default(z.nullable(z.string()), null),
  fields: z._default(object, {}),
  data: z.optional(json),
  person: z.optional(person),
  message: word,
  booking: z._default(z.nullable(booking), null),
  files: z._default(z.array(file), []),
}
const eventShape = z.strictObject(eventKeys)

const common = {
  endpoint: z.optional(z.string().check(z.minLength(1))),
  /** An unsaved document, as text or as JSON. */
  config: z.optional(z.union([z.string(), object])),
  /** Reads Clio, so that names become ids and searches find what there is. */
  names: z._default(z.boolean(), false),
  /** What is said of people as its kind and length: nothing is revealed, and nothing is noted. */
  masked: z._default(z.boolean(), false),
}
const request = z.strictObject({
  ...common,
  /** A delivery as the provider sends it: text, or JSON. */
  body: z.optional(json),
  /** Headers of that delivery. */
  headers: z.optional(z.record(z.string(), z.string())),
  event: z.optional(eventShape),
  /** A write with no rule. */
  write: z.optional(askedWrite),
  /** A past run, whose event is taken. */
  run: z.optional(z.string().check(z.minLength(1))),
})
/** The form of before: the event's keys at the top. */
const before = z.strictObject({ ...common, ...eventKeys })

export interface Previewed {
  readonly configuration: StoredConfiguration
  readonly endpoint: string
  readonly names: boolean
  readonly masked: boolean
  readonly events: readonly {
    readonly event: InboundEvent
    readonly spam: string | null
    /** The run that it would replay. */
    readonly replayOf: string | null
    /** Somebody wrote the event by hand: earlier events of its subject are made up too. */
    readonly madeUp: boolean
  }[]
}

export interface RequestDeps {
  readonly ledger: Ledger
  readonly firm: string
  /** The Worker's bindings, where secrets are looked up by name. */
  readonly env: object
  readonly newest: StoredConfiguration
  now(): number
  readonly by: Caller
}

/** Nothing that is not understood is passed over. */
export async function previewed(body: Json, deps: RequestDeps): Promise<Previewed | Problem> {
  const asked = read(body)
  if (isProblem(asked)) return asked
  if (asked.config !== undefined && !includes(deps.by.role, 'admin')) return adminsOnly
  const document = documentOf(asked.config, deps)
  if (isProblem(document)) return document
  const past = asked.run === undefined ? null : deps.ledger.runs.get(asked.run)
  if (asked.run !== undefined && !past)
    return problem(404, 'unknown-run', 'No such run', `The firm has no run ${asked.run}.`)
  const gone = past && notAgain(past)
  if (gone) return gone
  const { configuration } = document
  const event = past && amendedRun(past).event
  const alone = asked.write ? eventOfWrite(asked.write, deps.by) : past?.kind === 'asked' ? event : null
  if (alone && isProblem(alone)) return alone
  if (alone) {
    const events = [{ event: alone, spam: null, replayOf: past?.id ?? null, madeUp: false }]
    return { configuration, endpoint: agentsEndpoint, names: asked.names, masked: asked.masked, events }
  }
  const endpoint = asked.endpoint ?? past?.endpoint ?? ''
  const source = sources.get(configuration.endpoints[endpoint]?.source ?? '')
  if (!source) return unknownEndpoint(endpoint, configuration)
  const made = { configuration, endpoint, names: asked.names, masked: asked.masked }
  if (past) {
    const replayed = { event: withoutSeals(event!), spam: null, replayOf: past.id, madeUp: false }
    return { ...made, events: [replayed] }
  }
  if (asked.body === undefined) {
    const event = eventOf(asked.event ?? eventShape.parse({}), source.name, source.types[0] ?? '')
    return { ...made, events: [{ event, spam: null, replayOf: null, madeUp: event.subject === null }] }
  }
  const deliveries = await delivered(asked.body, asked.headers ?? {}, endpoint, document.mirror, deps)
  if (isProblem(deliveries)) return deliveries
  const events = deliveries.map(({ event, spam, contents }) => ({
    event: contents ? { ...event, files: event.files.map(one => ({ ...one, key: 'preview' })) } : event,
    spam: spam ?? null,
    replayOf: null,
    madeUp: false,
  }))
  return { ...made, events }
}

type Asked = z.infer<typeof request>

function read(body: Json): Asked | Problem {
  const old =
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    !['event', 'body', 'run', 'write'].some(key => key in body)
  const shape: z.ZodMiniType<Asked | z.infer<typeof before>> = old ? before : request
  const parsed = shape.safeParse(body)
  if (!parsed.success) {
    const errors = remarksOf(parsed.error, shape, body)
    return problem(
      400,
      'bad-preview',
      'The preview cannot be read',
      "Nothing was changed; fix the entries in 'errors'.",
      {
        errors,
      },
    )
  }
  if (!old) {
    const asked = parsed.data as Asked
    const given = [asked.body, asked.event, asked.run, asked.write].filter(one => one !== undefined)
    return given.length === 1 ? asked : oneOnly
  }
  const { endpoint, config, names, masked, ...event } = parsed.data as z.infer<typeof before>
  return { endpoint, config, names, masked, event }
}

const oneOnly = problem(
  400,
  'bad-preview',
  'The preview cannot be read',
  'Say one of "body" (a delivery as the provider sends it), "event", "run" (a past run) and "write", not several.',
)

const adminsOnly = problem(
  403,
  'role',
  'Your role does not allow this',
  'A configuration that is not saved may name any secret of the firm, so only an admin previews one. Leave "config" out.',
)

interface Document {
  readonly configuration: StoredConfiguration
  /** As the door would read it. */
  readonly mirror: Mirror
}

function documentOf(config: Asked['config'], { ledger, newest }: RequestDeps): Document | Problem {
  const mirror = ledger.configs.mirror() ?? { version: 0, document: {}, secrets: {} }
  if (config === undefined) return { configuration: newest, mirror }
  const saved = readConfiguration(typeof config === 'string' ? config : JSON.stringify(config))
  if (!saved.ok) return saved.problem
  return { configuration: storedConfiguration(saved.document), mirror: { ...mirror, document: saved.document } }
}

/** What the endpoint's own reading makes of a delivery. Nobody has to prove where it comes from: nothing is done. */
async function delivered(
  body: Json,
  headers: Readonly<Record<string, string>>,
  name: string,
  mirror: Mirror,
  { firm, env, newest, now }: RequestDeps,
): Promise<readonly Delivery[] | Problem> {
  const located = await locate(mirror, firm, name, env, sources)
  if (typeof located === 'string') return unknownEndpoint(name, newest)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const given = new Headers(headers)
  if (!given.has('content-type')) given.set('content-type', typeOf(body, text))
  const inbound: Inbound = {
    method: 'POST',
    url: new URL(`https://preview.invalid/in/${firm}/${name}`),
    headers: given,
    body: utf8(text),
    token: null,
    now: now(),
  }
  // A bot check would ask its service about a visitor who is not there.
  const { captcha: _, ...options } = located.endpoint.options as JsonObject
  return located.source.parse(inbound, { ...located.endpoint, options })
}

const typeOf = (body: Json, text: string): string =>
  typeof body !== 'string' || /^\s*[[{]/.test(text) ? 'application/json' : 'application/x-www-form-urlencoded'

function eventOf(given: z.infer<typeof eventShape>, source: string, type: string): InboundEvent {
  const fields = readFields(given.fields)
  const found = recognize(fields)
  const said = Object.fromEntries(Object.entries(given.person ?? {}).map(([key, value]) => [key, value ?? null]))
  return {
    id: null,
    source,
    type: given.type ?? type,
    subject: given.subject,
    follows: null,
    time: given.time,
    data: given.data ?? given.fields,
    fields,
    person: { ...found.person, ...said },
    message: given.message ?? found.message,
    recognized: found.recognized,
    files: given.files.map(one => (one.url === undefined ? { ...one, key: 'preview' } : one)),
    booking: given.booking,
  }
}
