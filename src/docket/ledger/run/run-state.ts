import type { JsonObject } from '../../../lib/json.ts'
import type { Call, Outcome } from '../../../model/call.ts'
import type { RunState } from '../../../model/docket-rpc.ts'
import type { ReasonCode } from '../../../model/reason.ts'

/**
 * Where a run stands, as far as it decides what happens next to it: what `transition` takes and gives.
 *
 * Phases of the current step:
 *   plan    which rules match, which steps they make
 *   work    work out the step's next call (evaluate, look up); reads only
 *   send    a call is ready; the `sending` row is written just before it goes
 *   settle  the outcome is unknown: wait until a late write would have landed
 *   look    did it land? reads only
 */
export type Phase = 'plan' | 'work' | 'send' | 'settle' | 'look'

export interface ReadyCall {
  readonly call: Call
  /** Key of the contract, for the lookup after a lost answer. */
  readonly resource: string
  /** What stands under the keys that the call changes, for an undo. */
  readonly before?: JsonObject
  /** When it was worked out; an old one is worked out anew before it goes. */
  readonly at: number
}

export interface Run {
  readonly state: RunState
  /** For people: why it waits, is held, parked or ignored. */
  readonly reason: string | null
  /** The same as a stable code, in clear. */
  readonly reasonCode: ReasonCode | null
  readonly phase: Phase
  readonly ready: ReadyCall | null
  /** The attempt whose outcome is unknown. */
  readonly attempt: number | null
  readonly wakeAt: number | null
  /** Troubles in a row since the last success, and since when. */
  readonly tries: number
  readonly troubledAt: number | null
}

export type Input =
  /** Picked up: at its turn, after a wait, or after a restart. */
  | { readonly kind: 'turn' }
  | { readonly kind: 'planned'; readonly steps: number }
  | { readonly kind: 'ignored'; readonly code: ReasonCode; readonly reason: string }
  /** The step wants this call. */
  | { readonly kind: 'call'; readonly ready: ReadyCall }
  /** The step is done (or skipped); `last`: none comes after it. */
  | { readonly kind: 'step-done'; readonly last: boolean }
  | { readonly kind: 'park'; readonly code: ReasonCode; readonly reason: string }
  /** What became of the ready call; `attempt` is the id of its row. */
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly attempt: number }
  /** A look-up did not get its answer. */
  | { readonly kind: 'unread'; readonly outcome: Exclude<Outcome, { kind: 'applied' }> }
  /** What the look-up after a lost answer found. */
  | { readonly kind: 'found'; readonly verdict: Verdict }
  /** The object restarted while the call was under way. */
  | { readonly kind: 'cut'; readonly attempt: number }
  /** Another life of this docket may have sent it, long enough ago for it to have landed. */
  | { readonly kind: 'elsewhere'; readonly attempt: number }
  /** Another run's step has to end first. */
  | { readonly kind: 'behind'; readonly run: string; readonly what: string }
  /** Not before a moment, ms since the epoch. */
  | { readonly kind: 'wait'; readonly until: number; readonly reason: string }
  /** The firm is in shadow: it stops here until a person lets it go on. */
  | { readonly kind: 'shadow'; readonly reason: string }
  /** It was put behind another of its subject. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'discard' }

export type Verdict =
  | { readonly kind: 'adopt' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'doubtful'; readonly reason: string }

export type Next = 'plan' | 'work' | 'send' | 'look' | 'rest'

export const isFinal = (state: RunState): boolean => state === 'done' || state === 'ignored' || state === 'discarded'

/** Held until a person decides, and not until the connection is back. */
export const isShadow = ({ state, reasonCode }: Pick<Run, 'state' | 'reasonCode'>): boolean =>
  state === 'held' && reasonCode === 'shadow'

/** Nothing moves it but a person. `spam` too: it is kept apart until somebody looks. */
export const isSettled = (state: RunState): boolean => isFinal(state) || state === 'parked' || state === 'spam'

export const accepted: Run = {
  state: 'accepted',
  reason: null,
  reasonCode: null,
  phase: 'plan',
  ready: null,
  attempt: null,
  wakeAt: null,
  tries: 0,
  troubledAt: null,
}
