import { isObject, type Json } from '../../lib/json.ts'
import type { Call, Outcome, RateHeaders } from '../../model/call.ts'

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
 * One HTTP call on Clio, one outcome; never throws, never repeats. Redirects are not followed with the key on: a GET's 303 is
 * answered as `{location}`. Answers: 2xx that can be read `applied`; 4xx `refused`; everything else may have been done: `unknown`.
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
  if (status >= 300 && status < 400) {
    const words = `${call.method} ${call.path} was answered with a redirect (${status}), which is not followed.`
    // "See other" follows work that was done (RFC 9110 §15.4.4).
    return status === 303 ? unknown(words) : refused('invalid', words)
  }
  if (status === 429) {
    const retryAfter = retryAfterOf(headers)
    return { ...refused('limit'), ...(retryAfter !== null && { retryAfter }) }
  }
  // 408 is some proxy's timeout. A 404 that nobody can read is no word of Clio's about a record: taken for one, a DELETE would be done.
  const vague = status === 408 || (status === 404 && answer === undefined)
  if (status < 400 || status >= 500 || vague) return unknown()
  return refused(whyOf(status, answer, message))
}

type Why = Extract<Outcome, { kind: 'refused' }>['why']

/** Clio answers `{"data": …}`, and a create with the record's id. Anything else with a 2xx may hide a record, or a list that is not empty. */
function readable({ method }: Call, status: number, answer: Json | undefined): boolean {
  if (method === 'DELETE' || method === 'PUT') return answer !== undefined
  if (status === 204) return method === 'PATCH'
  if (!isObject(answer)) return false
  const { data } = answer
  if (method === 'POST') return isObject(data) && (typeof data.id === 'number' || typeof data.id === 'string')
  return isObject(data) || Array.isArray(data)
}

/**
 * A 400 or 404 in another shape than Clio's `{"error":{"type",…}}` that speaks of a connection is the gateway's own: it has none.
 * Other words at the root may be Clio's as well, about this one call.
 */
function whyOf(status: number, answer: Json | undefined, message: string): Why {
  const own = isObject(answer) && !isObject(answer.error) && /connection/i.test(message)
  if (status === 401 || ((status === 400 || status === 404) && own)) return 'connection'
  if (status === 403) return 'forbidden'
  return status === 404 || status === 410 ? 'missing' : 'invalid'
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
