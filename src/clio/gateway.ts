import { isObject, type Json } from '../json.ts'
import type { Call, Outcome, RateHeaders } from './call.ts'

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

/** Longest message of Clio's that is kept. */
const messageLength = 500

/**
 * One HTTP call on Clio, one outcome; never throws, never repeats. Redirects are not followed with the key on: a 303 is
 * answered as `{location}`. Answers: 2xx `applied`; 4xx `refused`; everything else may have been done: `unknown`.
 * @source Maton's gateway reference; Clio's rate limits, https://docs.developers.clio.com/api-docs/clio-manage/rate-limits/
 */
export async function send(call: Call, gateway: Gateway): Promise<Outcome> {
  let response: Response
  let text: string
  try {
    response = await gateway.fetch(urlOf(call, gateway.url), {
      method: call.method,
      headers: {
        authorization: `Bearer ${gateway.key}`,
        'maton-connection': gateway.connection,
        accept: 'application/json',
        ...(call.body && { 'content-type': 'application/json' }),
      },
      ...(call.body && { body: JSON.stringify({ data: call.body }) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(gateway.timeout),
    })
    text = await response.text()
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError'
    const message = timedOut
      ? `No answer within ${gateway.timeout / 1000} s.`
      : 'The connection broke before an answer came.'
    return { kind: 'unknown', status: null, message }
  }
  return outcomeOf(call, response, text)
}

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
  if (status === 303)
    return { kind: 'applied', status, answer: { location: headers.get('location') ?? '' }, ...withRate }
  const answer = parsed(text)
  if (status >= 200 && status < 300) {
    if (answer !== undefined) return { kind: 'applied', status, answer, ...withRate }
    return { kind: 'unknown', status, message: `Answer ${status} could not be read.`, ...withRate }
  }
  const message = messageOf(answer) ?? `Answer ${status} without a message.`
  if (status >= 300 && status < 400) {
    const words = `${call.method} ${call.path} was answered with a redirect (${status}), which is not followed.`
    return { kind: 'refused', status, why: 'invalid', message: words, ...withRate }
  }
  if (status === 429) {
    const retryAfter = retryAfterOf(headers)
    return { kind: 'refused', status, why: 'limit', message, ...(retryAfter !== null && { retryAfter }), ...withRate }
  }
  if (status >= 400 && status < 500)
    return { kind: 'refused', status, why: whyOf(status, answer), message, ...withRate }
  return { kind: 'unknown', status, message, ...withRate }
}

/** A 400 in any other shape than Clio's `{"error":{"type",…}}` comes from the gateway itself: it has no connection. */
function whyOf(status: number, answer: Json | undefined): 'connection' | 'forbidden' | 'missing' | 'invalid' {
  if (status === 401) return 'connection'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'missing'
  if (status === 400 && !(isObject(answer) && isObject(answer.error))) return 'connection'
  return 'invalid'
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

/** ms, from seconds or an HTTP date (RFC 9110 §10.2.3); null when absent or unreadable. */
function retryAfterOf(headers: Headers): number | null {
  const value = headers.get('retry-after')
  if (!value) return null
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}
