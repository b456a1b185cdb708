import { isObject, type Json } from '../../lib/json.ts'
import type { Call, Outcome, RateHeaders } from '../../model/call.ts'
import { fieldsAsked } from '../contract/fields.ts'

/** Where calls go and with whose authority. */
export interface Gateway {
  /** `CLIO_GATEWAY_URL`, without a slash at its end. */
  readonly url: string
  /** `MATON_API_KEY`. */
  readonly key: string
  /** The Maton connection of the firm; always sent, for without it Maton takes the oldest one of the account. */
  readonly connection: string
  /** ms until a call without an answer counts as unknown. */
  readonly timeout: number
  readonly fetch: typeof fetch
}

/** Longest that a `Retry-After` is believed (ms); then Clio is asked again. */
export const longestWait = 15 * 60_000
/** Longest message of Clio's that is kept. */
const messageLength = 500

/**
 * One HTTP call on Clio, one outcome; never throws, never repeats. Redirects are not followed with the key on: a GET's 303 is
 * answered as `{location}`. Answers: 2xx that can be read `applied`; 4xx `refused`; everything else may have been done: `unknown`, as
 * is what some router on the way says of a record, in a shape that is not Clio's.
 * @source Maton's gateway reference; Clio's rate limits, https://docs.developers.clio.com/api-docs/clio-manage/rate-limits/
 */
export async function send(call: Call, gateway: Gateway): Promise<Outcome> {
  const { fetch } = gateway
  const signal = AbortSignal.timeout(gateway.timeout)
  let response: Response
  let text: string
  try {
    response = await fetch(urlOf(call, gateway.url), {
      method: call.method,
      headers: {
        authorization: `Bearer ${gateway.key}`,
        'maton-connection': gateway.connection,
        accept: 'application/json',
        ...(call.body && { 'content-type': 'application/json' }),
        ...(call.ifMatch !== undefined && { 'if-match': call.ifMatch }),
      },
      ...(call.body && { body: JSON.stringify({ data: call.body }) }),
      redirect: 'manual',
      signal,
    })
    text = await response.text()
  } catch {
    const message = signal.aborted
      ? `No answer within ${gateway.timeout / 1000} s.`
      : 'The connection broke before an answer came.'
    return { kind: 'unknown', status: null, message }
  }
  return outcomeOf(call, response, text)
}

/** The address of a call, its query percent-encoded (`fields=id,client%7Bid%7D`). */
export function urlOf(call: Call, base: string): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(call.query ?? {})) {
    for (const one of typeof value === 'string' ? [value] : value) query.append(key, one)
  }
  const search = query.toString()
  return `${base}/api/v4/${call.path}${search && `?${search}`}`
}

function outcomeOf(call: Call, response: Response, text: string): Outcome {
  const { status, headers } = response
  const rate = rateOf(headers)
  const withRate = rate && { rate }
  const answer = parsed(text)
  const message = messageOf(answer) ?? `Answer ${status} without a message.`
  const refused = (why: Why, words = message) => ({
    kind: 'refused' as const,
    status,
    why,
    message: words,
    ...withRate,
  })
  const unknown = (words = message): Outcome => ({ kind: 'unknown', status, message: words, ...withRate })

  if (status >= 200 && status < 300) {
    return readable(call, status, answer)
      ? { kind: 'applied', status, answer: answer ?? null, ...withRate }
      : unknown(`Answer ${status} could not be read.`)
  }
  if (status === 303 && call.method === 'GET')
    return { kind: 'applied', status, answer: { location: headers.get('location') ?? '' }, ...withRate }
  if (status >= 300 && status < 400)
    return unknown(`${call.method} ${call.path} was answered with a redirect (${status}), which is not followed.`)
  if (status === 429) {
    const retryAfter = retryAfterOf(headers)
    return { ...refused('limit'), ...(retryAfter !== null && { retryAfter }) }
  }
  if (status < 400 || status >= 500) return unknown()
  const why = whyOf(call, status, answer, message)
  return why === null ? unknown() : refused(why)
}

type Why = Extract<Outcome, { kind: 'refused' }>['why']

/**
 * Clio answers `{"data": …}`: a list, or a record with its id, which is the one that was asked for or changed; a DELETE with 204. Anything
 * else with a 2xx may be a router's, or hide a record, or a list that is not empty.
 */
function readable({ method, path, query = {} }: Call, status: number, answer: Json | undefined): boolean {
  if (status === 204) return method === 'PATCH' || method === 'DELETE'
  const data = isObject(answer) ? answer.data : undefined
  const [, id] = /\/(\d+)$/.exec(path) ?? []
  if (method === 'GET') {
    const asked = typeof query.fields !== 'string' || fieldsAsked(query.fields).has('id')
    if (Array.isArray(data)) return id === undefined
    return isObject(data) && query.limit === undefined && (id === undefined || !asked || String(data.id) === id)
  }
  if (!isObject(data) || (typeof data.id !== 'number' && typeof data.id !== 'string')) return false
  return method === 'POST' || id === undefined || String(data.id) === id
}

/** Passing trouble of Clio's own: locked, in use, too early. */
const busy: ReadonlySet<number> = new Set([409, 421, 423, 425])
/** Some router's word for a timeout: the call may have been done. */
const timedOut: ReadonlySet<number> = new Set([408, 499])

/**
 * Why a call was refused; null: by nobody who knows the record. Clio says `{"error":{"type","message"}}`: taken from a router, "not found"
 * would make a DELETE done. A 400 or 404 in another shape that speaks of a connection is the gateway's own: it has none.
 */
function whyOf({ method }: Call, status: number, answer: Json | undefined, message: string): Why | null {
  const error = isObject(answer) ? answer.error : undefined
  const clio = isObject(error) && typeof error.type === 'string' && typeof error.message === 'string'
  const connection = isObject(answer) && !isObject(error) && /connection/i.test(message)
  if (status === 401 || ((status === 400 || status === 404) && connection)) return 'connection'
  if (timedOut.has(status)) return null
  if (status === 404 || status === 410) return clio ? 'missing' : null
  // Of what is made Clio knows no conflict: somebody on the way may have sent it twice.
  if (status === 409 && method === 'POST') return null
  if (busy.has(status)) return clio ? 'busy' : null
  if (status === 403) return error === undefined ? null : 'forbidden'
  return status === 412 ? 'changed' : 'invalid'
}

function parsed(text: string): Json | undefined {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Clio puts its words in `error.message`; some answers and the gateway put them at the root. */
function messageOf(answer: Json | undefined): string | null {
  if (!isObject(answer)) return null
  for (const words of [isObject(answer.error) ? answer.error.message : answer.error, answer.message]) {
    if (typeof words === 'string' && words !== '') return words.slice(0, messageLength)
  }
  return null
}

function rateOf(headers: Headers): RateHeaders | undefined {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map(name => headers.get(`x-ratelimit-${name}`))
  if (!limit || !remaining || !reset) return undefined
  const rate = { limit: Number(limit), remaining: Number(remaining), resetAt: Number(reset) * 1000 }
  return Object.values(rate).every(Number.isFinite) ? rate : undefined
}

/** ms, from seconds or an HTTP date (RFC 9110 §10.2.3), no more than `longestWait`; null when absent, unreadable, or over: then it says nothing. */
function retryAfterOf(headers: Headers): number | null {
  const value = headers.get('retry-after')
  if (!value) return null
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return seconds > 0 ? Math.min(longestWait, seconds * 1000) : null
}
