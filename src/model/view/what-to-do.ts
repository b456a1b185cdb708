import type { ReasonCode } from '../reason.ts'
import type { RunState } from './run-state.ts'

/** What a person does about a run that stands where it stands, by its reason: for the API, the console and alarms alike. */
const whatToDo: Readonly<Record<ReasonCode, string | null>> = {
  'no-rule': 'If something should have happened, write a rule for this endpoint and type of event, then replay it.',
  overtaken: null,
  'own-write': null,
  'nothing-to-follow': null,
  'nothing-to-join': null,
  'asked-back': null,
  spam: 'Read it. If a person wrote it, resume it, and the rules run; otherwise discard it.',
  'behind-subject': 'Nothing, unless the run that it waits for is parked: resume or discard that one.',
  'behind-step': 'Nothing: it goes on by itself.',
  retrying: 'Nothing: it is tried again by itself.',
  'answer-lost': 'Nothing: it looks in Clio first, and goes on by itself.',
  shadow:
    'Nothing was written. When the firm is live (“mode” taken out of its configuration), resume the run to carry it out, or discard it.',
  'connection-lost': 'Connect the firm to Clio again. What waits then goes on by itself.',
  'by-rule': 'Decide what the rule asks. Resume goes on behind this step; discard closes the run.',
  caught: 'Write the rule, then resume: it runs through the rules of now. If it was only a test, discard it.',
  expression: 'Correct the answer that the expression reads, or the expression in the rule; then resume.',
  'empty-value': 'Fill in the answer that is missing, or let the rule do without it; then resume.',
  'wrong-value': 'Correct the answer, or translate it in the rule; then resume.',
  'unknown-name': 'Write the name in the rule as Clio has it, or make the record in Clio; then resume.',
  'ambiguous-name': 'Choose the record that is meant, or write its id in the rule; then resume.',
  'none-found': 'Make the record in Clio, or correct what the step looks for; then resume.',
  'several-found': 'Choose the record that is meant, or merge them in Clio; then resume.',
  refused: 'Read what Clio says, correct the answer or the rule, then resume.',
  forbidden: 'Give the connected Clio user the permission, or connect with one who has it; then resume.',
  doubtful:
    'Look in Clio whether it was done. Choose the record if it was, or say that it is none of them. Where there is none to choose: discard the run if it was done, resume it if not.',
  'gave-up': 'Find out what the trouble was; when it is over, resume.',
  'event-gone': 'Nothing can be carried out any more: discard it.',
  'step-gone': 'Replay the event under the rules of now, or discard this run.',
  'configuration-unfit': 'Save the configuration again and mend what it is refused for; then resume.',
  'call-lost': 'Resume: it looks in Clio before anything is sent.',
  'file-not-taken': 'Bring the file to Clio by hand and skip the step, or resume to try again.',
  'changed-since': 'Look at the record in Clio. Resume takes it back all the same; discard leaves it.',
  'cannot-undo': 'Take it back in Clio by hand, then discard this run.',
  provider: 'See to the endpoint’s connection or secret, then resume.',
  loop: 'Find the rule that answers its own changes, and narrow its `if`; then resume or discard.',
  'other-account': 'Connect the first account again and resume, or replay the event in the present one.',
  asked: 'Look at what the agent asks for. Resume lets it happen; discard does not.',
  unread: 'Resume to ask again; if it stays, report what the call shows.',
}

/** null: nothing is to be done, or nobody knows. */
export function todoOf(state: RunState, code: ReasonCode | null): string | null {
  return code === null || state === 'done' || state === 'discarded' ? null : whatToDo[code]
}
