import type { JsonObject } from '../lib/json.ts'

/** One request as the sandbox's core sees it: no sockets, no streams, so that it runs in Node, in workerd and in a simulator. */
export interface SandboxRequest {
  readonly method: string
  /** With its leading slash, without query: `/clio/api/v4/contacts.json`. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Empty where there is none. */
  readonly body: Uint8Array
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What the caller gets to see, and when. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer /** ms until it is sent */; readonly after: number }
  /** The connection breaks, after so many ms. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Nothing ever comes; the caller has to give up. */
  | { readonly kind: 'hang' }

/** A refusal in Clio's shape: `{"error":{"type","message"}}`. */
export class Refusal extends Error {
  readonly status: number
  readonly type: string
  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

export function invalid(message: string): Refusal {
  return new Refusal(422, 'ArgumentError', message)
}

export function notFound(what: string): Refusal {
  return new Refusal(404, 'RecordNotFound', `${what} was not found.`)
}

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

export function clioError(status: number, type: string, message: string, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(status, { error: { type, message } } satisfies JsonObject, headers)
}

/** The gateway's own refusals look different from Clio's. */
export function matonError(status: number, message: string): Answer {
  return jsonAnswer(status, { error: message })
}

export const empty = new Uint8Array(0)
const decoder = new TextDecoder()

export function textOf(bytes: string | Uint8Array): string {
  return typeof bytes === 'string' ? bytes : decoder.decode(bytes)
}
