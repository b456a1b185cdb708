import type { RunState } from './view/run-state.ts'

/** Codes of runs that end with nothing to do. */
const ignored = {
  'no-rule': 'No rule matches',
  overtaken: 'A later event about the same subject was carried out before',
  'own-write': 'Docketed made this change itself',
  'nothing-to-follow': 'The notification points at nothing of ours',
  'nothing-to-join': 'Two ids are one subject, and nothing is to be put right',
  'asked-back': 'The person was asked what they mean',
} as const

/** Of runs that go on by themselves, or are held. */
const waits = {
  'behind-subject': 'An earlier run about the same subject goes first',
  'behind-step': 'An equal or overlapping step of another run goes first',
  retrying: 'Trying again after trouble that passes',
  'answer-lost': 'The answer to a call was lost: looking before repeating',
  'connection-lost': 'The connection to Clio is lost',
  shadow: 'The firm is in shadow: nothing is written to Clio until a person decides',
} as const

/** Of runs that wait for a person. */
const parked = {
  'by-rule': 'A rule stops here on purpose',
  caught: 'It was caught on purpose, before any rule ran',
  expression: 'An expression of a rule cannot be worked out for this event',
  'empty-value': 'A value that is needed came out empty',
  'wrong-value': 'A value does not fit what Clio takes there',
  'unknown-name': 'Clio has no record of a name that a rule writes',
  'ambiguous-name': 'Clio has several records of a name that a rule writes',
  'none-found': 'Nothing in Clio fits what the step looks for',
  'several-found': 'Several records in Clio fit what the step looks for',
  refused: 'Clio refused what the step says',
  forbidden: 'The connected user lacks a permission, or the app a scope',
  doubtful: 'Nobody can tell whether a lost call was carried out',
  'gave-up': 'Trouble did not pass within a day',
  'event-gone': 'The event is no longer kept',
  'step-gone': 'The step is not in this version of the configuration',
  'configuration-unfit': 'The configuration does not fit this version of Docketed',
  'call-lost': 'A call was lost before it was sent',
  'file-not-taken': 'A file could not be brought to Clio',
  'changed-since': 'The record was changed since',
  'cannot-undo': 'What was done cannot be taken back',
  provider: 'The provider does not let us in, or answers what cannot be read',
  loop: 'The same step comes back to itself again and again',
  'other-account': 'The connection reaches another Clio account than when the event was accepted',
  unread: 'Clio answered with something that cannot be read',
  asked: 'An agent asks for this, and a person has to agree',
} as const

/**
 * Why a run waits, is held, parked or ignored, as a stable code: it stands in clear beside the words, which may quote a client. Runs are
 * found and counted by it, and alarms name it. A code that was once given out keeps its meaning; new ones are added.
 */
export const reasons = { ...ignored, spam: 'It looks like spam', ...waits, ...parked } as const

export type ReasonCode = keyof typeof reasons

/** A code that stands in the ledger; null for none, and for one of a version that is not this one. */
export function reasonCodeIn(value: unknown): ReasonCode | null {
  return typeof value === 'string' && Object.hasOwn(reasons, value) ? (value as ReasonCode) : null
}

/** In which states the runs stand that have a code. */
export function statesOf(code: string): readonly RunState[] {
  if (code in ignored) return ['ignored']
  if (code in waits) return ['waiting', 'held']
  return [code === 'spam' ? 'spam' : 'parked']
}
