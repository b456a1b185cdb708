import type * as z from 'zod/mini'
import type { Problem } from '../lib/problem.ts'
import type { Conversation } from './conversation.ts'
import type { DocketRpc } from './docket-rpc.ts'
import type { Endpoint, Inbound, Receipt, Verdict } from './endpoint.ts'
import type { Delivery, FileLimits } from './event.ts'
import type { Following, Subscribing } from './follow.ts'
import type { Settings } from './settings.ts'

/** What a source may use to answer at once. */
export interface Desk {
  readonly settings: Settings
  readonly fetch: typeof fetch
  /** One call on the firm's Docket. */
  ask<T>(call: (docket: DoorDocket) => Promise<T>): Promise<T>
}

/** What the door asks of a firm's Docket. */
export type DoorDocket = Pick<DocketRpc, 'claim' | 'mirror' | 'suggest' | 'putSecret' | 'refused'>

/** The code that knows one provider. Adding one is one file, one line in the registry, one fixture, one test. */
export interface Source<Options = never> {
  readonly name: string
  /** One line for people: how a request proves where it comes from. */
  readonly verifiedBy: string
  /** One line for people: what makes two deliveries the same. */
  readonly keyedBy: string
  /** Event types that it makes, for the check of rules: `form.submitted`; `*` where the sender names them. */
  readonly types: readonly string[]
  /** True when a request carries a signature over its body (an upsert with `existing: replace` is allowed then). */
  readonly signed: boolean
  /** The same for one endpoint, of a source that its options let do without. @default `signed` */
  signs?(options: Options): boolean
  /** What the proof does not cover, said where a rule is written: a sentence that begins with the endpoint. Left out: all is covered. */
  unproved?(options: Options): string | null
  /** What an endpoint can bring, as far as its options tell: the names of its answers, and whether files come. For the check of rules. */
  brings?(options: Options): { readonly fields?: readonly string[]; readonly files?: boolean }
  /**
   * True where anybody on the internet writes the answers, whoever signs the request: a rule changes no record on their word that was
   * there before, unless it says `trusted`.
   */
  readonly anybody?: boolean
  /** True of a calendar that somebody may keep the same as Clio's: what a rule writes there comes back as an event. */
  readonly copied?: true
  /** True when a person waits for the outcome. */
  readonly interactive?: boolean
  /** Largest body in bytes. @default 1 MiB */
  readonly maxBytes?: number
  /** The same for one endpoint, of a source whose options say so. @default `maxBytes` */
  bodyLimit?(options: Options): number | undefined
  /**
   * Which files come with its multipart forms: they go into the store as they come, so neither `handshake` nor `verify` sees the body of
   * such a form, and `parse` sees its parts. @default none
   */
  takes?(options: Options): FileLimits | undefined
  /** The endpoint's options besides `source`. */
  readonly options: z.ZodMiniType<Options>
  /** Answers a provider's handshake, before anything else; null when it is none. */
  handshake?(request: Inbound, endpoint: Endpoint<Options>): Promise<Response | null>
  /** Of a provider whose notifications carry ids only. */
  readonly following?: Following<Options>
  /** Of a provider that wants to be asked, again and again, to notify. */
  readonly subscribing?: Subscribing<Options>
  /** Of a provider behind which people wait. */
  readonly conversation?: Conversation<Options>
  verify(request: Inbound, endpoint: Endpoint<Options>): Promise<Verdict>
  /** Answers a verified request that starts nothing on the docket (a form to be opened, a search); null: it makes events. */
  answer?(request: Inbound, endpoint: Endpoint<Options>, desk: Desk): Promise<Response | Problem | null>
  /** The status by which its provider knows that a delivery was taken, where another is a failure to it. @default 202 */
  readonly status?: 200
  /** Makes events of a verified request. A body that cannot be one is a problem, never an exception. */
  parse(request: Inbound, endpoint: Endpoint<Options>): Promise<Delivery[] | Problem>
  /** The provider's own form of an answer; left out: the JSON receipt. */
  respond?(request: Inbound, endpoint: Endpoint<Options>, receipts: readonly Receipt[]): Response | null
  /** The same for a refusal (a browser gets a page); left out or null: `application/problem+json`. */
  refuse?(request: Inbound, endpoint: Endpoint<Options>, problem: Problem): Response | null
}
