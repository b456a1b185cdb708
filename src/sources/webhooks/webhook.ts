import * as z from 'zod/mini'
import { isObject, type Json } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { localInstant } from '../../lib/time/time.ts'
import type { Inbound } from '../../model/endpoint.ts'
import type { Booking, Delivery, InboundEvent, Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { answersOf, fieldsOf, submission } from '../../reading/answers.ts'
import { mediaType, parseJson, type Read, readAnswers, readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { receiptResponse } from '../../reading/receipt.ts'
import { echoed, greeted, greeting, handshakeOption } from '../proof/handshake.ts'
import { headerName, sharedWords, signedBy, verdictOnSecret, verifyShared } from '../proof/proofs.ts'
import { schemeOf, signature } from '../proof/signature-option.ts'
import { answersBy, answersOption } from './answers.ts'
import { expression, reader } from './mapping.ts'

/** Whatever else can send JSON or a form. What proves it, and where its key, type and person stand, is configuration. */

const pathOption = z
  .string()
  .check(z.regex(/^[\w-]+(\.[\w-]+){0,9}$/, 'must be a path in the body, such as google_key or data.token'))

const options = z
  .strictObject({
    secret: secretOption,
    /** The header that carries the secret. @default `Authorization: Bearer …`, or the last part of the address */
    header: z.optional(headerName),
    /** Where in the body the secret stands; it is not kept. */
    secretAt: z.optional(pathOption),
    /** How the sender signs with the secret, instead of sending it. */
    signature: z.optional(signature),
    /** What makes two deliveries the same. @default the header Idempotency-Key, else the body, for ten minutes */
    key: z.optional(expression),
    /** @default `webhook.received` */
    type: z.optional(expression),
    subject: z.optional(expression),
    time: z.optional(expression),
    /** The list of events that a request brings, by expression; `body` is one of them then. @default the body is one */
    events: z.optional(expression),
    /** An object, by expression. @default the body */
    fields: z.optional(expression),
    /** Instead, a list of questions and answers. */
    answers: z.optional(answersOption),
    /** Each part by its expression. @default by the names of the fields */
    person: z.optional(
      z.strictObject({
        /** A whole name. */
        name: z.optional(expression),
        first_name: z.optional(expression),
        last_name: z.optional(expression),
        email: z.optional(expression),
        phone: z.optional(expression),
        company: z.optional(expression),
      }),
    ),
    message: z.optional(expression),
    /** Addresses of files, or objects with a name and a url. */
    files: z.optional(expression),
    booking: z.optional(
      z.strictObject({
        /** @default the subject */
        id: z.optional(expression),
        title: z.optional(expression),
        start: expression,
        end: z.optional(expression),
        timezone: z.optional(expression),
        location: z.optional(expression),
      }),
    ),
    /** How the service makes sure that the address is ours. @default it does not */
    handshake: z.optional(handshakeOption),
  })
  .check(
    z.refine(given => given.header === undefined || given.signature === undefined, {
      message: "has either 'header', which carries the secret, or 'signature', which is made with it",
    }),
    z.refine(given => given.secretAt === undefined || (given.header ?? given.signature) === undefined, {
      message: "has one of 'secretAt', 'header' and 'signature': where the secret stands, or what is made with it",
    }),
    z.refine(given => given.fields === undefined || given.answers === undefined, {
      message: "has either 'fields' or 'answers'",
    }),
  )
type Options = z.infer<typeof options>

export const webhook: Source<Options> = {
  name: 'webhook',
  verifiedBy: `${sharedWords}, or in the body; or any HMAC that the endpoint describes`,
  keyedBy: "the endpoint's expression 'key'; else the Idempotency-Key header; else the body, for ten minutes",
  types: ['*'],
  signed: false,
  signs: given => given.signature !== undefined,
  options,

  async handshake(request, { options: given }) {
    return greeting(given.handshake, request)
  },

  async verify(request, endpoint) {
    const { signature: given, secretAt, secret } = endpoint.options
    if (given !== undefined) return signedBy(schemeOf(given))(request, endpoint)
    if (secretAt === undefined) return verifyShared(request, endpoint)
    const read = await bodyOf(request)
    return verdictOnSecret(
      read.ok ? textAt(read.value, secretAt) : null,
      endpoint.secrets(secret),
      `${secretAt} in the body`,
    )
  },

  async answer(request, endpoint) {
    if (endpoint.options.handshake === undefined) return null
    const read = await bodyOf(request)
    return read.ok ? greeted(endpoint.options.handshake, read.value, endpoint.secrets(endpoint.options.secret)) : null
  },

  async parse(request, { options: given }) {
    const read = await bodyOf(request)
    if (!read.ok) return read.problem
    const body =
      given.secretAt === undefined ? read.value : without(read.value, given.secretAt, [given.secret].flat()[0]!)
    const items = itemsOf(given, request, body)
    if (isProblem(items)) return items
    const several = items.length > 1
    const whole: Json = 'keyed' in read ? (read.keyed as Json) : body
    const keyed = (item: Json): Json => (item === read.value ? whole : item)
    return Promise.all(items.map((item, n) => mapped(given, request, item, several ? `:${n}` : '', keyed(item))))
  },

  respond(request, endpoint, receipts) {
    const headers = echoed(endpoint.options.handshake, request)
    return headers === null ? null : receiptResponse(endpoint.firm, receipts, headers, 200)
  },
}

async function bodyOf(request: Inbound): Promise<Read<Json>> {
  const form = ['application/x-www-form-urlencoded', 'multipart/form-data'].includes(mediaType(request))
  if (!form) return readJson(request)
  const read = await readAnswers(request)
  return read.ok ? { ...read, value: Object.fromEntries(Object.entries(read.value).map(unfolded)) } : read
}

/** A field of a form may hold JSON: `payload={"lead": …}`. */
function unfolded([name, value]: [string, Json]): [string, Json] {
  const whole = typeof value === 'string' && /^\{/.test(value) ? parseJson(value) : undefined
  return [name, isObject(whole ?? null) ? whole! : value]
}

/** The body with the name of the secret where its value stood. */
function without(body: Json, path: string, name: string): Json {
  if (!isObject(body)) return body
  const [key = '', ...more] = path.split('.')
  if (!Object.hasOwn(body, key)) return body
  return { ...body, [key]: more.length === 0 ? name : without(body[key]!, more.join('.'), name) }
}

const most = 100

/**
 * What the request brings. A body that is a list of objects is so many events, unless an expression of the endpoint reads the
 * list as a whole (`body[0].id`).
 */
function itemsOf(given: Options, request: Inbound, body: Json): readonly Json[] | Problem {
  if (given.events !== undefined) {
    const list = reader(request, body)(given.events)
    return Array.isArray(list) && list.length > 0 && list.length <= most ? list : noEvents
  }
  if (!Array.isArray(body) || JSON.stringify(given).includes('body[')) return [body]
  return body.length > 0 && body.length <= most && body.every(isObject) ? body : noList
}

const noEvents = problem(
  400,
  'unexpected-payload',
  'The body brings no events',
  `'events' of this endpoint names a list of 1 to ${most}, and the body has none there. Nothing was recorded; compare the expression with what the sender sends.`,
)

const noList = problem(
  400,
  'unexpected-payload',
  'The list in the body brings no events',
  `The body is a list, and not one of 1 to ${most} objects. Nothing was recorded; send an object for each event, or name in 'events' where they stand.`,
)

/**
 * @param part tells the events of one request apart where the sender's key is that of the request
 * @param keyed what a key is hashed from where nothing better names the event
 */
async function mapped(given: Options, request: Inbound, body: Json, part: string, keyed: Json): Promise<Delivery> {
  const value = reader(request, body)
  const text = (expression: string | undefined) => textAt({ text: value(expression) }, 'text')
  const key = idAt({ key: value(given.key) }, 'key')
  const header = idAt({ header: request.headers.get('idempotency-key') }, 'header')
  const told = await readIn(given, value, body)
  const subject = idAt({ subject: value(given.subject) }, 'subject')
  const made = await delivery({
    source: 'webhook',
    type: idAt({ type: value(given.type) }, 'type') ?? 'webhook.received',
    id: key ?? (header === null ? null : `${header}${part}`),
    subject: subject ?? (given.booking?.id === undefined ? null : idAt({ id: value(given.booking.id) }, 'id')),
    time: isoTime(value(given.time)),
    data: body,
    fields: told.fields,
    person: personBy(given.person ?? {}, told.person, text),
    message: given.message === undefined ? told.message : text(given.message),
    files: told.files,
    unread: told.unread ?? [],
    booking: given.booking === undefined ? null : bookingBy(given.booking, key ?? subject ?? '', value),
    content: keyed,
    // Where expressions say who it is, the labels do not.
    ...(given.person === undefined &&
      given.message === undefined &&
      told.recognized && { recognized: told.recognized }),
  })
  return { ...made, strict: key === null && header !== null }
}

/** What answers tell, whichever way they come. */
async function readIn(given: Options, value: (text: string | undefined) => Json, body: Json): Promise<InboundEvent> {
  const own = given.fields === undefined ? body : value(given.fields)
  const plain = isObject(own) ? own : {}
  const answers =
    given.answers === undefined ? answersOf(plain) : answersBy(given.answers, value(given.answers.list), body)
  const files = given.files === undefined ? [] : [value(given.files)].flat()
  const named = files.map(file => ({ label: '', value: file, kind: 'file' as const }))
  const { event } = await submission({
    source: 'webhook',
    id: null,
    time: null,
    data: null,
    answers: [...answers, ...named],
  })
  return { ...event, fields: given.answers === undefined ? plain : fieldsOf(answers) }
}

function personBy(
  { name, ...given }: NonNullable<Options['person']>,
  told: Person,
  text: (expression: string | undefined) => string | null,
): Person {
  const parts = Object.entries(given).flatMap(([part, expression]) =>
    expression === undefined ? [] : [[part, text(expression)] as const],
  )
  const whole = name === undefined ? null : personOf({ name: text(name) ?? '' })
  return {
    ...told,
    ...(whole && { first_name: whole.first_name, last_name: whole.last_name }),
    ...Object.fromEntries(parts),
  }
}

function bookingBy(
  given: NonNullable<Options['booking']>,
  subject: string,
  value: (text: string | undefined) => Json,
): Booking {
  const text = (expression: string | undefined) => textAt({ text: value(expression) }, 'text')
  const day = (expression: string | undefined) => /^\d{4}-\d{2}-\d{2}$/.exec(text(expression) ?? '')?.[0] ?? null
  const timezone = text(given.timezone)
  const instant = (expression: string | undefined) => {
    const local = localInstant(text(expression) ?? '', timezone ?? '')
    return local === null ? isoTime(value(expression)) : new Date(local).toISOString()
  }
  const start = day(given.start) ?? instant(given.start)
  const all_day = day(given.start) !== null
  const end = (all_day ? day(given.end) : null) ?? instant(given.end)
  const seconds = all_day ? Number.NaN : (Date.parse(end ?? '') - Date.parse(start ?? '')) / 1000
  return {
    id: text(given.id) ?? subject,
    title: text(given.title),
    start,
    end,
    timezone,
    location: text(given.location),
    all_day,
    seconds: seconds >= 0 ? Math.round(seconds) : null,
  }
}
