import { isObject, type Json, type JsonObject } from '../../lib/json.ts'

/** Single calls on a firm's Clio, through the gateway, seen as they come: nothing is smoothed over. */

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** null where it is no JSON. */
  readonly json: Json
  /** The one record, or an empty object. */
  readonly data: JsonObject
  readonly list: readonly JsonObject[]
}

export interface Sending {
  readonly query?: Readonly<Record<string, string>>
  readonly data?: JsonObject
  readonly headers?: Readonly<Record<string, string>>
}

export interface Clinic {
  call(method: string, path: string, sending?: Sending): Promise<Answer>
  sleep(ms: number): Promise<void>
  now(): number
}

export interface Access {
  /** Of the gateway, without a slash at its end. */
  readonly url: string
  readonly key: string
  readonly connection: string
  readonly fetch: typeof fetch
}

/** Calls in Clio's form. Rejects when no answer comes. */
export function caller({ url, key, connection, fetch }: Access): Clinic['call'] {
  return async (method, path, { query = {}, data, headers = {} } = {}) => {
    const search = new URLSearchParams(query).toString()
    const response = await fetch(`${url}/api/v4/${path}.json${search === '' ? '' : `?${search}`}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'maton-connection': connection,
        accept: 'application/json',
        ...(data && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(data && { body: JSON.stringify({ data }) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
    })
    const json = parsed(await response.text())
    const inner = isObject(json) ? json.data : null
    return {
      status: response.status,
      headers: response.headers,
      json,
      data: isObject(inner) ? inner : {},
      list: Array.isArray(inner) ? inner.filter(isObject) : [],
    }
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
