import type { Json } from '../lib/json.ts'
import type { Problem } from '../lib/problem.ts'
import type { InboundEvent } from './event.ts'
import type { Memory } from './follow.ts'
import type { Clio } from './intent.ts'
import type { Matter } from './matter.ts'
import type { Rule } from './rule.ts'
import type { Settings } from './settings.ts'

/**
 * Talking with people who wait: what they say becomes steps in Clio, and what became of it is told where they said it. The Docket
 * knows no provider of such talk; a source that has people behind it offers this, and what it says back is its own affair.
 */
export interface Conversation<Options = unknown> {
  /** Types of event that people say or press. They are heard first; rules see what was heard. */
  readonly types: readonly string[]
  /** What carries out what was heard, behind the firm's own rules. No firm's rule can have their names (a colon). */
  readonly rules: readonly Rule[]
  /** True when people name matters as they talk: an index of the firm's is kept, so that one is found without a call on Clio. */
  readonly matters: boolean
  /** A reply is given up after so many ms, or so many tries. */
  readonly patience: { readonly ms: number; readonly tries: number }
  /** From what somebody said to what rules can carry out, or to what is said back. @throws Later when the provider does not answer */
  hear(event: InboundEvent, hearing: Hearing): Promise<Heard>
  /** The reply that tells what became of a run; null: there is nothing to say (yet). Pure. */
  outcome(ended: Ended): Json
  /** Brings a reply to the person. True when it was taken, or never will be. Never throws. */
  reply(reply: Json, line: Line): Promise<boolean>
  /** Whether somebody is one of the firm's: only they are shown what it knows. False also when nobody can say. Never throws. */
  knows(user: string, knowing: Knowing): Promise<boolean>
  /** Whether an endpoint with these options can write to channels. */
  writes(options: Options): boolean
  /** Tells a channel; null: it was taken; else why it was not, as a code. Never throws. */
  tell(channel: string, told: Told, line: Line): Promise<string | null>
}

/** What a conversation has to work with: the way to its provider, and what it keeps with the docket under names of its own. */
export interface Line {
  readonly firm: string
  /** ms since the epoch. */
  readonly now: number
  readonly settings: Settings
  readonly fetch: typeof fetch
  /** The current value of the secret that an option of the endpoint names; null: none is set. */
  secret(option: string): Promise<string | null>
  /** What `Heard.memory` said last; null: nothing. */
  recall(name: string): Json
  /** What stands in channels. It is gone with the firm's retention, since it says why runs were parked. */
  readonly alarms: { get(key: string): Json; put(key: string, alarm: Json): void }
}

/** What tells who somebody is. */
export interface Knowing extends Pick<Line, 'fetch' | 'settings' | 'secret' | 'recall'> {
  readonly clio: Pick<Clio, 'read' | 'cached'>
}

export interface Hearing extends Line {
  /** The run's id: an answer to a question can come back with it. */
  readonly run: string
  /** When it was said, ms since the epoch: the same at every try. */
  readonly now: number
  readonly clio: Clio
  /** Matters that a text could mean; more than fit may come. */
  search(text: string): Promise<readonly Matter[]>
  /** Another run; null when there is none. */
  earlier(run: string): Earlier | null
  /** What a button asks of a run; null: it is done. */
  act(action: Action, run: string): Problem | null
}

export type Action = 'undo' | 'resume' | 'discard'

export interface Earlier {
  /** null: it is no longer kept. */
  readonly event: InboundEvent | null
  /** ms since the epoch; null: it goes on. */
  readonly finishedAt: number | null
  /** What its steps made, in order. */
  readonly outputs: readonly Json[]
}

/** `reply` null: there is nothing to say, or nowhere. `memory` is written together with what comes of it. */
export type Heard = { readonly memory?: Memory } & (
  | { readonly kind: 'answered'; readonly reply: Json }
  /** Something is not clear: the run ends ignored, for that reason. */
  | { readonly kind: 'asked'; readonly reply: Json; readonly reason: string }
  /** The event as rules see it from now on. */
  | { readonly kind: 'plan'; readonly event: InboundEvent }
)

/** A run that began in a conversation, as it stands now. */
export interface Ended {
  readonly run: string
  readonly state: string
  readonly reason: string | null
  /** It is held because the firm is in shadow, and not for want of a connection. */
  readonly shadow?: boolean
  readonly event: InboundEvent
  /** True for a run that took another back. */
  readonly undo: boolean
  /** What the steps made, in order. */
  readonly outputs: readonly Json[]
}

/** What a channel is told. */
export interface Told {
  /** `notify`, `run.parked`, `run.waiting`, `run.expiring`, `connection.lost`, `connection.mended`. */
  readonly type: string
  /** For people. */
  readonly text: string
  /** Of `run.parked`: `run`, `endpoint` and `reason`; of `connection.lost`: `reason`. */
  readonly data: Json
}
