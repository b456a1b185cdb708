import type { Json } from '../../lib/json.ts'
import type { ReasonCode } from '../reason.ts'
import type { RunState } from './run-state.ts'

/** What an operator sees of an endpoint. Names and times only: nothing that was sent. */
export interface EndpointView {
  name: string
  source: string
  /** One line for people: how a request proves where it comes from, and what makes two the same. */
  verifiedBy: string
  keyedBy: string
  /** Event types that a rule can name; `*`: the sender names them. */
  types: string[]
  /** Each `$NAME` that its options hold. */
  secrets: { name: string; state: 'set' | 'missing' }[]
  /** What keeps it from taking anything, in words. */
  faults: string[]
  /** The last event that came in; no replay, no undo. */
  lastDelivery: { at: string; run: string; state: RunState; reasonCode: ReasonCode | null } | null
  /** Runs accepted since midnight in the firm's timezone, by their state. */
  today: Partial<Record<RunState, number>>
  /** What the door refused within 30 days, by cause, the latest first. */
  refused: { at: string; code: string; why: string; times: number }[]
  /** Of a provider that notifies only who subscribes. `until` null: none stands; `tries`: those that failed since the last that did not, and `why` the last. */
  subscriptions: { name: string; until: string | null; nextTryAt: string | null; tries: number; why: string | null }[]
  /** The next event is kept, and no rule runs; null: it is not asked for. */
  catching: Catching | null
  /** The run that was caught last. */
  caught: { run: string; at: string } | null
}

/** A secret by its name: nobody reads it back. */
export interface SecretView {
  name: string
  /** null: the firm has stored none of this name. One of the Worker's may stand behind it. */
  storedAt: string | null
  /** Where the configuration names it. */
  usedAt: string[]
}

export interface Catching {
  /** ISO 8601. */
  until: string
  /** Who asked for it, as in the audit. */
  by: string
}

/** A value of an event, with what a rule writes to have it. */
export interface FieldView {
  /** `fields.matter_type`, `person.email`. */
  expression: string
  value: Json
  /** Of a part of the person and the message: the answer that it was taken from. */
  from?: string
  /** Of an answer: the part of the person, or the message, that it was taken for. */
  takenFor?: string
}
