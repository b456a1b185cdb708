import type { Json, JsonObject } from '../lib/json.ts'

/** One HTTP call on Clio through the gateway. `path` is below `/api/v4/`, without `.json`. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  readonly path: string
  /** Repeatable keys end in `[]` and hold several values. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  /** What stands in `{"data": …}`. */
  readonly body?: JsonObject
  /** Of a PATCH, the etag of the record that it was worked out from: another one is refused (412), and read again. */
  readonly ifMatch?: string
  /** Set: a file is brought to Clio's storage, which is no part of its API. */
  readonly upload?: Upload
}

/** For a PATCH that was worked out from a record with this etag; where an answer told none, it goes as it is. */
export function ifUnchanged(etag: Json | undefined): Pick<Call, 'ifMatch'> {
  return typeof etag === 'string' ? { ifMatch: etag } : {}
}

export interface Upload {
  /** Id of the document. */
  readonly document: string
  /** The version that waits for the bytes; null: not known, the latest. */
  readonly version: string | null
  readonly file: Content
}

/** A file: bytes that are kept under `key`, or that stand at `url`. */
export interface Content {
  readonly name: string
  readonly content_type: string
  readonly size: number
  readonly key?: string
  readonly url?: string
}

/** Rate headers of an answer; Clio sends them on every good answer (`X-RateLimit-*`). `resetAt` is ms since the epoch. */
export interface RateHeaders {
  readonly limit: number
  readonly remaining: number
  readonly resetAt: number
}

/**
 * What became of a call.
 * - `applied`: 2xx. `answer` is the parsed body (null for 204).
 * - `refused`: certainly not done. `why` says what kind of refusal, `message` is Clio's or the gateway's own words.
 * - `unknown`: it may have been done: timeout, cut connection, 5xx, or an answer that nobody can read.
 */
export type Outcome =
  | { readonly kind: 'applied'; readonly status: number; readonly answer: Json; readonly rate?: RateHeaders }
  | {
      readonly kind: 'refused'
      readonly status: number
      /**
       * `limit` 429 · `connection` 401, or the gateway's 400 or 404 about its connection · `forbidden` 403 · `missing` Clio's own 404/410 ·
       * `changed` 412 · `busy` locked or in use, and passes · `invalid` other 4xx
       */
      readonly why: 'limit' | 'connection' | 'forbidden' | 'missing' | 'changed' | 'busy' | 'invalid'
      readonly message: string
      /** ms to wait, from `Retry-After`; only with `limit`. */
      readonly retryAfter?: number
      readonly rate?: RateHeaders
    }
  | {
      readonly kind: 'unknown'
      readonly status: number | null
      readonly message: string
      readonly rate?: RateHeaders
      /** We were cut off ourselves: the call may not even have reached Clio yet. */
      readonly cut?: true
    }
