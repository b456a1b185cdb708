import * as z from 'zod'
import { canonical, type JsonObject, sha256 } from '../../json.ts'
import { isProblem, type Problem, problem, problemResponse } from '../../problem.ts'
import { isJsonType, mediaType, readAnswers } from '../body.ts'
import type { Delivery, InboundEvent } from '../event.ts'
import { pageResponse } from '../page.ts'
import { messageOf, personOf } from '../person.ts'
import { receiptResponse, replayed } from '../receipt.ts'
import type { Endpoint, Inbound, Receipt, Source, Verdict } from '../source.ts'

/** A form of the firm's own website: plain HTML, or a script that posts it. */

const origin = z.string().refine(text => URL.parse(text)?.origin === text, {
  message: 'is an origin such as "https://smith.example": no path, no slash at the end, lower case',
})

const options = z.strictObject({
  /** Pages that may post here. A hint: browsers tell the truth, other programs need not. @default any */
  origins: z.array(origin).min(1).optional(),
  /** Where a browser goes after it posted. @default a page of thanks */
  redirect: z.url({ protocol: /^https?$/ }).optional(),
  /** A field that people do not see and leave empty. @default `_gotcha`, `bot-field`, `_honey` */
  honeypot: z.string().min(1).optional(),
})

type FormOptions = z.infer<typeof options>
type FormEndpoint = Endpoint<FormOptions>

const honeypots = ['_gotcha', 'bot-field', '_honey']
const captchas = ['cf-turnstile-response', 'h-captcha-response', 'g-recaptcha-response']

/** RFC draft-ietf-httpapi-idempotency-key-header names no limit; ids are short. */
const longestKey = 255

export const form: Source<FormOptions> = {
  name: 'form',
  verifiedBy: 'nothing but the page it comes from (Origin), which only browsers tell truthfully',
  keyedBy: 'the Idempotency-Key header; else the hidden field _id with the answers; else the answers, for ten minutes',
  types: ['form.submitted'],
  signed: false,
  options,

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
    const from = request.headers.get('origin')
    if (from === null || (endpoint.options.origins?.includes(from) ?? true)) return { ok: true }
    return { ok: false, problem: foreignOrigin }
  },

  async parse(request, endpoint) {
    const answers = await readAnswers(request)
    return answers.ok ? deliveries(request, endpoint, answers.value) : answers.problem
  },

  respond(request, endpoint, receipts) {
    if (!wantsPage(request)) return receiptResponse(endpoint.firm, receipts, cors(request, endpoint))
    return thanks(endpoint, receipts)
  },

  refuse(request, endpoint, problem) {
    if (!wantsPage(request)) {
      return problemResponse({ ...problem, headers: { ...problem.headers, ...cors(request, endpoint) } })
    }
    return pageResponse({
      status: problem.status,
      title: 'Your message was not sent',
      paragraphs: [
        `${problem.title}. ${problem.detail}`,
        'Go back with your browser: what you wrote should still be there. If it happens again, please call or write to us.',
      ],
      back: request.headers.get('referer'),
      ...(problem.headers && { headers: problem.headers }),
    })
  },
}

async function deliveries(
  request: Inbound,
  endpoint: FormEndpoint,
  answers: JsonObject,
): Promise<Delivery[] | Problem> {
  const traps = endpoint.options.honeypot === undefined ? honeypots : [endpoint.options.honeypot]
  const technical = new Set(['_id', ...traps, ...captchas])
  const fields = Object.fromEntries(Object.entries(answers).filter(([name]) => !technical.has(name)))
  const content = await sha256(canonical(fields))

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
    fields,
    person: personOf(fields),
    message: messageOf(fields),
    files: [],
    booking: null,
  }
  const filled = traps.find(name => Object.hasOwn(answers, name) && isFilled(answers[name]))
  return [
    {
      event,
      key: keyOf(header, id, content),
      content,
      strict: header !== null,
      ...(filled !== undefined && { spam: `the hidden field "${filled}" was filled in` }),
    },
  ]
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
function wantsPage(request: Inbound): boolean {
  const accept = request.headers.get('accept') ?? ''
  return accept.includes('text/html') && !accept.includes('application/json') && !isJsonType(mediaType(request))
}

/** The page after the form. 303, so that a reload does not post again (RFC 9110 §15.4.4); only ever to the configured address. */
function thanks(endpoint: FormEndpoint, receipts: readonly Receipt[]): Response {
  const { redirect } = endpoint.options
  if (redirect !== undefined) {
    const headers = { location: redirect, 'cache-control': 'no-store', ...replayed(receipts) }
    return new Response(null, { status: 303, headers })
  }
  return pageResponse({
    status: 200,
    title: 'Thank you',
    paragraphs: ['Your message has arrived. We will be in touch.'],
    headers: replayed(receipts),
  })
}
