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

/** An endpoint's provider, as its source sees it: what may be asked of it, and what was remembered of it between two runs. */
export interface Provider<Options = unknown> {
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
  /** Ids of the subscriptions that stand there. */
  readonly subscriptions: readonly string[]
}

/** What is to be remembered, by name; null: forgotten. */
export type Memory = Readonly<Record<string, Json>>

export type Followed =
  | {
      readonly kind: 'events'
      readonly deliveries: readonly Delivery[]
      /** Written in one transaction with the events. */
      readonly memory?: Memory
      /** Subscriptions of these names have to be made anew at once. */
      readonly renew?: readonly string[]
    }
  | { readonly kind: 'ignored'; readonly reason: string }

/** What stands at the provider, so that it notifies: a channel, a subscription, a webhook. */
export interface Subscription {
  readonly id: string
  /** ms since the epoch. */
  readonly expiresAt: number
  readonly data?: Json
}

/** Of a provider that notifies only whoever has subscribed, for as long as that lasts. */
export interface Subscribing<Options> {
  /** They stand in the firm's Clio: in another account there are none yet. */
  readonly inClio?: true
  /** Names of an endpoint's subscriptions; none when it is not set up for them. */
  names(options: Options): readonly string[]
  /**
   * Makes one, or makes it last longer.
   * @param standing null: there is none, or it has expired
   * @param clio one call on Clio, at the pace
   */
  renew(
    name: string,
    standing: Subscription | null,
    provider: Provider<Options>,
    clio: (call: Call) => Promise<Outcome>,
  ): Promise<Subscription>
  /** Takes back what stands there: nobody is to be notified any more. What is gone already is done. */
  end(standing: Subscription, provider: Provider<Options>, clio: (call: Call) => Promise<Outcome>): Promise<void>
  /** The event that looks for what no notification told of, every so many ms. @default none */
  readonly poll?: { readonly every: number; event(): Promise<Delivery> }
}

export interface Following<Options> {
  /** Types of event that only say where to look. */
  readonly types: readonly string[]
  follow(event: InboundEvent, provider: Provider<Options>): Promise<Followed>
}

/** Trouble that passes. The message is for people and quotes no payload. */
export class Later extends Error {}

/** A person is needed. */
export class Stuck extends Error {}
