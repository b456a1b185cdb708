import type { Problem } from '../lib/problem.ts'
import type { Part } from './event.ts'

/** A request as the door read it: the raw bytes once, nothing parsed before it is verified. */
export interface Inbound {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  /** Of a form whose files went into the store as they came; `body` is empty then. Null: it is none. */
  readonly parts?: readonly Part[] | null
  /** The last segment of `/in/{firm}/{endpoint}/{token}`, when there is one. */
  readonly token: string | null
  /** ms since the epoch. */
  readonly now: number
}

/** What a secret's `$NAME`s resolve to, current first. Empty: none is set, and the source fails closed (503). */
export type Secrets = readonly string[]

/** The endpoint as configured (its source's own options included), with its secrets resolved. */
export interface Endpoint<Options = unknown> {
  readonly firm: string
  readonly name: string
  readonly options: Options
  /** Resolves the `$NAME` or list of names in an option. */
  secrets(option: string | readonly string[] | undefined): Secrets
}

export type Verdict =
  | { readonly ok: true }
  /** `why` is for the operator's log: the reason that the answer keeps to itself, without anything that the sender wrote. */
  | { readonly ok: false; readonly problem: Problem; readonly why?: string }

/** What the door answers for one event. */
export interface Receipt {
  readonly run: string
  readonly status: 'accepted'
  readonly duplicate: boolean
}
