import type { Json } from '../lib/json.ts'
import type { Call, Outcome } from './call.ts'
import type { Endpoint } from './endpoint.ts'
import type { Delivery, InboundEvent } from './event.ts'

/**
 * Providers whose notifications carry ids only. The door records the notification; the Docket follows it within its run: it fetches what
 * the notification points at, and what comes of it are events of their own. Nothing is fetched at the door.
 */

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
}

/** An answer that was read: 2xx, and the refusals that a source knows what to make of. */
export interface Answered {
  readonly status: number
  readonly body: Json
}

/** How a source reaches its provider, and what it remembers between two runs. */
export interface Reach<Options = unknown> {
  readonly endpoint: Endpoint<Options>
  /** ms since the epoch. */
  readonly now: number
  /** The current one of an option's secrets. @throws Stuck when none is set */
  secret(option: string | readonly string[]): string
  /**
   * One request. Trouble that passes (no answer, 5xx, 429) throws `Later`, a refusal for who we are (401, 403) `Stuck`.
   * @param url a fixed host of the provider's, never one that a sender wrote
   */
  ask(url: string, asked?: Asked): Promise<Answered>
  /** The same through the gateway's connection to another app of the firm's: `google-calendar`, `outlook`. */
  app(app: string, connection: string, path: string, asked?: Asked): Promise<Answered>
  /** What was remembered under a name. */
  recall(name: string): Json
  /** Everything whose name begins so. */
  recallAll(prefix: string): ReadonlyMap<string, Json>
  /** Ids of what is kept open at the provider. */
  readonly kept: readonly string[]
}

/** A value of null forgets the name. */
export type Memory = Readonly<Record<string, Json>>

export type Followed =
  | {
      readonly kind: 'events'
      readonly deliveries: readonly Delivery[]
      /** Written in one transaction with the events. */
      readonly memory?: Memory
      /** What is kept open under these names has to be made anew at once. */
      readonly renew?: readonly string[]
    }
  | { readonly kind: 'ignored'; readonly reason: string }

/** A subscription at the provider. */
export interface Held {
  readonly id: string
  /** ms since the epoch. */
  readonly expiresAt: number
  readonly data?: Json
}

/** What a source keeps open at its provider, so that notifications come: channels, subscriptions, webhooks. */
export interface Keeping<Options> {
  /** Names of what an endpoint keeps; none when it is not set up for it. */
  names(options: Options): readonly string[]
  /**
   * Makes it, or makes it last longer. `held` null: there is none, or it has expired.
   * @param clio one call on Clio, at the pace
   */
  renew(name: string, held: Held | null, reach: Reach<Options>, clio: (call: Call) => Promise<Outcome>): Promise<Held>
  /** The event that looks for what no notification told of, every so many ms. @default none */
  readonly poll?: { readonly every: number; event(): Promise<Delivery> }
}

export interface Following<Options> {
  /** Types of event that only say where to look. */
  readonly types: readonly string[]
  follow(event: InboundEvent, reach: Reach<Options>): Promise<Followed>
}

/** Trouble that passes. The message is for people and quotes no payload. */
export class Later extends Error {}

/** A person is needed. */
export class Stuck extends Error {}
