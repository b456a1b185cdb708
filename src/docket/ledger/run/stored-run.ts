import type { Amended } from '../../../model/amended.ts'
import type { KeptShadow, RunKind, RunState } from '../../../model/docket-rpc.ts'
import type { InboundEvent } from '../../../model/event.ts'
import { reasonCodeIn } from '../../../model/reason.ts'
import type { Row } from '../../../platform/storage.ts'
import { jsonIn, numberIn, textIn } from '../sql.ts'
import type { Brief } from './events.ts'
import type { ReadyCall, Run } from './run-state.ts'

/** A run as it stands in the ledger: the machine's part, and what was settled when it was claimed. */
export interface StoredRun extends Run {
  readonly seq: number
  readonly id: string
  readonly kind: RunKind
  readonly endpoint: string
  /** Hashes of what makes two deliveries the same. */
  readonly key: string | null
  readonly content: string
  readonly event: InboundEvent | null
  /** Its event is so long that others have their turn between any two steps of its way. */
  readonly long: boolean
  readonly type: string
  /** Known as long as the event is kept. */
  readonly subject: string | null
  readonly thread: string | null
  readonly version: number
  readonly interactive: boolean
  readonly replayOf: string | null
  /** The run that this one takes back. */
  readonly undoOf: string | null
  /** What a person corrected or chose; the event stays as it came. */
  readonly amended: Amended | null
  /** What it would have done when it was held in shadow. */
  readonly shadow: KeptShadow | null
  readonly resumedAt: number
  readonly acceptedAt: number
  readonly finishedAt: number | null
  /** When what it said was removed; null: it was not, or by a version that did not write it down. */
  readonly erasedAt: number | null
}

/** A run as lists show it. */
export type ListedRun = Pick<
  StoredRun,
  'id' | 'endpoint' | 'type' | 'state' | 'reason' | 'reasonCode' | 'acceptedAt' | 'finishedAt'
> & {
  readonly event: Brief | null
}

/** A run about to be claimed. `key` null: only the content within the window makes a duplicate. */
export interface NewRun {
  readonly id: string
  readonly kind: RunKind
  readonly endpoint: string
  readonly key: string | null
  readonly content: string
  readonly event: InboundEvent
  readonly version: number
  readonly interactive: boolean
  readonly strict: boolean
  readonly spam: string | null
  /** A person wants to see it before any rule runs. */
  readonly caught?: true
  readonly replayOf: string | null
  readonly undoOf?: string
}

/** A run that could go on now. */
export interface Waiting {
  readonly id: string
  readonly seq: number
  readonly interactive: boolean
}

export interface Counters {
  /** Runs that go on by themselves. */
  readonly open: number
  readonly parked: number
  /** ms since the epoch; null: no event yet. */
  readonly lastEventAt: number | null
}

export interface RunFilter {
  readonly states?: readonly string[]
  readonly endpoint?: string
  /** Why it is parked, waits, is held, spam or ignored. */
  readonly code?: string
  readonly type?: string
  /** Accepted in this span, ms since the epoch. */
  readonly from?: number
  readonly to?: number
  /** The beginning of an id (with or without `run_`), a whole key or subject, or of whom it is about the e-mail address, a telephone number or the last name. */
  readonly q?: string
  /** Older than the run with this `seq`. */
  readonly before?: number
  /** Younger than the run with this `seq`; then the oldest come first. */
  readonly after?: number
}

/** What stands on a run that waits for another of its subject. */
export function behindReason(run: { readonly id: string; readonly state: string; readonly shadow?: boolean }): string {
  if (run.shadow)
    return `Waiting for run ${run.id} about the same subject, which is held in shadow: resume or discard that one.`
  return run.state === 'parked'
    ? `Waiting for run ${run.id} about the same subject, which is parked: resume or discard that one.`
    : `Waiting for run ${run.id} about the same subject.`
}

/** When and whereby what a run said was removed, for people. */
export function erasedWords({ id, erasedAt }: StoredRun): string {
  if (erasedAt === null) return `What run ${id} said was removed when its retention time had passed.`
  return `What run ${id} said was erased on ${new Date(erasedAt).toISOString().slice(0, 10)}.`
}

/**
 * When an event happened, ms since the epoch; null for no time, or one that cannot be read. It came no later than it was accepted: a
 * sender whose clock is ahead silences nobody.
 */
export function happened(time: string | null, acceptedAt: number): number | null {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? null : Math.min(at, acceptedAt)
}

/** Letters of an event from which it is long. */
const longEvent = 65_536

export function storedRun(row: Row): StoredRun {
  const event = jsonIn<InboundEvent>(row.event)
  return {
    seq: Number(row.seq),
    id: String(row.id),
    kind: row.kind as RunKind,
    endpoint: String(row.endpoint),
    key: textIn(row.key),
    content: String(row.content),
    event,
    long: String(row.event).length >= longEvent,
    type: String(row.type),
    subject: event?.subject ?? null,
    thread: textIn(row.thread),
    version: Number(row.version),
    interactive: row.interactive === 1,
    replayOf: textIn(row.replay_of),
    undoOf: textIn(row.undo_of),
    amended: jsonIn<Amended>(row.amended),
    shadow: jsonIn<KeptShadow>(row.shadow),
    resumedAt: Number(row.resumed_at),
    acceptedAt: Number(row.accepted_at),
    finishedAt: numberIn(row.finished_at),
    erasedAt: numberIn(row.erased_at),
    state: row.state as RunState,
    reason: textIn(row.reason),
    reasonCode: reasonCodeIn(row.reason_code),
    phase: row.phase as Run['phase'],
    ready: jsonIn<ReadyCall>(row.ready),
    attempt: numberIn(row.attempt),
    wakeAt: numberIn(row.wake_at),
    tries: Number(row.tries),
    troubledAt: numberIn(row.troubled_at),
  }
}

export const listedColumns = 'id, endpoint, type, state, reason, reason_code, accepted_at, finished_at, event'

export function listedRun(row: Row): ListedRun {
  return {
    id: String(row.id),
    endpoint: String(row.endpoint),
    type: String(row.type),
    state: row.state as RunState,
    reason: textIn(row.reason),
    reasonCode: reasonCodeIn(row.reason_code),
    acceptedAt: Number(row.accepted_at),
    finishedAt: numberIn(row.finished_at),
    event: jsonIn<Brief>(row.event),
  }
}
