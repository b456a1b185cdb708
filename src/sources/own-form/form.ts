import * as z from 'zod/mini'
import { canonical, type JsonObject, sha256 } from '../../lib/json.ts'
import { isProblem, type Problem, problem, problemResponse } from '../../lib/problem.ts'
import type { Endpoint, Inbound, Receipt, Verdict } from '../../model/endpoint.ts'
import { type Delivery, type InboundEvent, notTaken } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { type Form, isJsonType, mediaType, readForm } from '../../reading/body/body.ts'
import { fileOptions } from '../../reading/body/uploads.ts'
import { readFields } from '../../reading/fields.ts'
import { keyedFiles } from '../../reading/keys.ts'
import { recognize } from '../../reading/person.ts'
import { receiptResponse, replayed } from '../../reading/receipt.ts'
import { captchaOption, captchaSpam, captchas } from './captcha.ts'
import { formDefinition, madeAt, oneTimeId, trap } from './form-definition.ts'
import { pageResponse } from './page.ts'
import { languageOf, visitorWords, wordsForVisitors } from './words.ts'

/** A form of the firm's own website: plain HTML, or a script that posts it. */

const origin = z.string().check(
  z.refine(text => URL.parse(text)?.origin === text, {
    message: 'must be an origin such as "https://smith.example": no path, no slash at the end, lower case',
  }),
)

const options = z.strictObject({
  /** Pages that may post here. A hint: browsers tell the truth, other programs need not. @default any */
  origins: z.optional(z.array(origin).check(z.minLength(1))),
  /** Where a browser goes after it posted. @default a page of thanks */
  redirect: z.optional(z.url({ protocol: /^https?$/ })),
  /** A field that people do not see and leave empty. @default `_gotcha`, `bot-field`, `_honey` */
  honeypot: z.optional(z.string().check(z.minLength(1))),
  /** The hosted form: `GET /forms/{firm}/{endpoint}`. */
  form: z.optional(formDefinition),
  /** A bot check that every submission has to pass; one that does not is kept apart as spam. */
  captcha: z.optional(captchaOption),
  /** Seconds that nobody needs less of to fill the hosted form in. */
  fillSeconds: z._default(z.number().check(z.gte(0), z.lte(60)), 2),
  /** Which files may come with it. @default none */
  files: z.optional(fileOptions),
})

export type FormOptions = z.infer<typeof options>
type FormEndpoint = Endpoint<FormOptions>

const honeypots = [trap, 'bot-field', '_honey']
const tokens = Object.values(captchas).map(service => service.field)

/** Bytes of a form besides its files. */
const room = 1_048_576

/** RFC draft-ietf-httpapi-idempotency-key-header names no limit; ids are short. */
const longestKey = 255

export const form: Source<FormOptions> = {
  name: 'form',
  verifiedBy: 'nothing but the page it comes from (Origin), which only browsers tell truthfully',
  keyedBy: 'the Idempotency-Key header; else the hidden field _id with the answers; else the answers, for ten minutes',
  types: ['form.submitted'],
  signed: false,
  anybody: true,
  options,
  brings: ({ form, files }) => ({
    ...(form && { fields: [...form.fields.map(({ name }) => name), 'consent'] }),
    files: files !== undefined,
  }),
  takes: ({ files }) => files,
  bodyLimit: ({ files }) => files && files.maxBytes + room,

  async handshake(request, endpoint) {
    if (request.method !== 'OPTIONS') return null
    const headers: Record<string, string> = { allow: 'POST, OPTIONS', ...cors(request, endpoint) }
    if ('access-control-allow-origin' in headers) {
      headers['access-control-allow-methods'] = 'POST'
      headers['access-control-allow-headers'] = 'content-type, idempotency-key'
      headers['access-control-max-age'] = '86400'
    }
    return new Response(null, { status: 204, headers })
  },

  async verify(request, endpoint): Promise<Verdict> {
    const { captcha, form, origins } = endpoint.options
    if (captcha !== undefined && endpoint.secrets(captcha.secret).length === 0) {
      return { ok: false, problem: noSecret, why: 'the bot check has no secret' }
    }
    const from = request.headers.get('origin')
    // The hosted form stands on the Worker's own address.
    const own = form !== undefined && from === request.url.origin
    if (from === null || own || (origins?.includes(from) ?? true)) return { ok: true }
    return { ok: false, problem: foreignOrigin }
  },

  async parse(request, endpoint) {
    const form = await readForm(request, endpoint.options.files)
    return form.ok ? deliveries(request, endpoint, form.value) : form.problem
  },

  respond(request, endpoint, receipts) {
    if (!wantsPage(request)) return receiptResponse(endpoint.firm, receipts, cors(request, endpoint))
    return thanks(request, endpoint, receipts)
  },

  refuse(request, endpoint, problem) {
    const { files, form } = endpoint.options
    if (wantsPage(request)) return refusedPage(request.headers, problem, endpoint.options)
    // The hosted form's own script shows the words to whoever fills it in; other programs are somebody's to mend.
    const own = form !== undefined && request.headers.get('origin') === request.url.origin
    const headers = { ...problem.headers, ...cors(request, endpoint) }
    const detail = wordsForVisitors(problem, files, languageOf(form, request.headers))
    return problemResponse({ ...problem, ...(own && { detail }), headers })
  },
}

/**
 * What a visitor reads whose form was refused.
 * @param options of the endpoint; left out: nobody knows it
 */
export function refusedPage(
  asked: Headers,
  problem: Problem,
  { files, form, origins }: Partial<FormOptions> = {},
): Response {
  const language = languageOf(form, asked)
  const words = wordsForVisitors(problem, files, language)
  const nowhere = problem.code === 'method-not-allowed'
  return pageResponse({
    status: problem.status,
    language,
    title: nowhere ? words : visitorWords[language].unsent,
    paragraphs: [...(nowhere ? [] : [words]), visitorWords[language].again],
    back: asked.get('referer'),
    frames: origins,
    ...(problem.headers && { headers: problem.headers }),
  })
}

async function deliveries(
  request: Inbound,
  endpoint: FormEndpoint,
  { answers, files, empty, keyed }: Form,
): Promise<Delivery[] | Problem> {
  const traps = endpoint.options.honeypot === undefined ? honeypots : [endpoint.options.honeypot]
  const technical = new Set([oneTimeId, madeAt, ...traps, ...tokens])
  const asked = (all: JsonObject) => Object.fromEntries(Object.entries(all).filter(([name]) => !technical.has(name)))
  const fields = readFields(asked(answers))
  const content = await contentOf(asked(keyed.answers), keyed.files)
  const { person, message, recognized } = recognize(fields)

  const header = request.headers.get('idempotency-key')
  const id = idOf(answers)
  if (isProblem(id)) return id
  if (header !== null && (header === '' || header.length > longestKey)) return badKey('The header Idempotency-Key')

  const event: InboundEvent = {
    id: id ?? header,
    source: 'form',
    type: 'form.submitted',
    // One submission is one subject. Not `_id` alone: a static page gives every visitor the same one, and a run that
    // is parked would hold up all the others.
    subject: id === null ? null : `${id}-${content.slice(0, 12)}`,
    follows: null,
    time: null,
    data: answers,
    fields: { ...fields, ...(empty.length > 0 && { [notTaken]: empty }) },
    person,
    message,
    recognized,
    files: files.map(({ file }) => file),
    booking: null,
  }
  const nothing = files.length + empty.length === 0 && !Object.values(fields).some(isFilled)
  const spam = nothing ? 'nothing was filled in' : await spamIn(request, endpoint, answers, traps)
  return [
    {
      event,
      key: keyOf(header, id, content),
      content,
      strict: header !== null,
      ...(files.length > 0 && { contents: files.map(({ content }) => content) }),
      ...(spam !== null && { spam }),
    },
  ]
}

/** Why a submission looks like a robot's; it is kept, apart, for somebody to look at. */
async function spamIn(
  request: Inbound,
  endpoint: FormEndpoint,
  answers: JsonObject,
  traps: readonly string[],
): Promise<string | null> {
  const filled = traps.find(name => Object.hasOwn(answers, name) && isFilled(answers[name]))
  if (filled !== undefined) return `the hidden field "${filled}" was filled in`
  const { captcha, fillSeconds } = endpoint.options
  const made = typeof answers[madeAt] === 'string' ? Number.parseInt(answers[madeAt], 36) : Number.NaN
  if (request.now - made < fillSeconds * 1000) return `the form was filled in within ${fillSeconds} seconds`
  if (captcha === undefined) return null
  const [secret] = endpoint.secrets(captcha.secret)
  const token = answers[captchas[captcha.kind].field]
  const address = request.headers.get('cf-connecting-ip')
  return captchaSpam(captcha, typeof token === 'string' ? token : '', secret ?? '', address, (...call) =>
    fetch(...call),
  )
}

/** The same answers with another file are another form. */
async function contentOf(fields: JsonObject, files: Form['keyed']['files']): Promise<string> {
  return sha256(canonical(files.length === 0 ? fields : { fields, files: await keyedFiles(files) }))
}

function keyOf(header: string | null, id: string | null, content: string): Delivery['key'] {
  if (header !== null) return { kind: 'given', value: header }
  return id === null ? { kind: 'content', value: content } : { kind: 'given', value: `${id}:${content}` }
}

function idOf(answers: JsonObject): string | null | Problem {
  const id = Object.hasOwn(answers, '_id') ? answers._id : null
  if (id === null || id === '') return null
  const text = typeof id === 'string' || typeof id === 'number' ? String(id) : ''
  return text === '' || text.length > longestKey ? badKey('The field _id') : text
}

/** JSON posts may hold `false`, `null` or `[]`; a list of empty texts is empty. */
function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isFilled) : value !== '' && value !== null && value !== false
}

const badKey = (what: string): Problem =>
  problem(
    400,
    'idempotency-key',
    'The key of the request cannot be used',
    `${what} must be one text of 1 to ${longestKey} characters. Nothing was recorded; send it again with such a key or without.`,
  )

const noSecret = problem(
  503,
  'secret-missing',
  'This form cannot be used yet',
  'The operator has to store the secret of its bot check.',
)

const foreignOrigin = problem(
  403,
  'origin',
  'This page may not post here',
  'The form was posted from a web page that is not among the origins of this endpoint. The operator adds the page to `origins`.',
)

/** Allows a script on one of the configured pages to read the answer. Without a list nothing is said, so no script may. */
function cors(request: Inbound, endpoint: FormEndpoint): Record<string, string> {
  const { origins } = endpoint.options
  if (origins === undefined) return {}
  const from = request.headers.get('origin')
  if (from === null || !origins.includes(from)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': from,
    'access-control-expose-headers': 'location, idempotency-replayed',
  }
}

/** A browser that sent the form itself, and not a script in its name. */
export function wantsPage(request: Pick<Inbound, 'headers'>): boolean {
  const accept = request.headers.get('accept') ?? ''
  return accept.includes('text/html') && !accept.includes('application/json') && !isJsonType(mediaType(request))
}

/** The page after the form. 303, so that a reload does not post again (RFC 9110 §15.4.4); only ever to the configured address. */
function thanks({ headers: asked }: Inbound, endpoint: FormEndpoint, receipts: readonly Receipt[]): Response {
  const { redirect, form, origins } = endpoint.options
  const page = form === undefined ? undefined : `/forms/${endpoint.firm}/${endpoint.name}/thanks`
  const location = redirect ?? page
  if (location !== undefined) {
    const headers = { location, 'cache-control': 'no-store', ...replayed(receipts) }
    return new Response(null, { status: 303, headers })
  }
  const language = languageOf(form, asked)
  const { title, text } = visitorWords[language].thanks
  return pageResponse({
    status: 200,
    language,
    title,
    paragraphs: [text],
    frames: origins,
    headers: replayed(receipts),
  })
}
