import { answer, type Call, json } from '../call.ts'
import { summary } from '../schemas.ts'
import { flag, list, named, object, oneOf, only, said, text, whole } from '../shapes.ts'

const reading = ['malformed-body', 'too-large'] as const
const ids = list(text)

/** Erasing, and legal holds. */
export const keepingCalls: Readonly<Record<string, Call>> = {
  'DELETE /firms/{firm}/runs/{id}': {
    name: 'eraseRun',
    tag: 'Runs',
    summary: 'Erases what a run says of people, now; its key and the ids of the records it made stay',
    about:
      'What it said goes now, with all runs on the same event (replays, an undo). A redelivery is a duplicate still; an undo is no longer possible.',
    answers: {
      200: answer(
        'The run, which says nothing any more.',
        object({ ...summary, erased: said('The runs on the same event, this one included.', ids) }),
      ),
    },
    problems: ['unknown-run', 'wrong-state', 'legal-hold', 'call-in-doubt'],
  },
  'POST /firms/{firm}/erase': {
    name: 'erasePerson',
    tag: 'Runs',
    summary: 'Erases what all runs say about whoever has an e-mail address or a telephone number',
    about:
      'Runs are found by hashes of the address or the number, 200 at a time. What is known of the firm’s Clio is forgotten too, and read anew.',
    body: json(oneOf(only({ email: text }), only({ phone: text }))),
    answers: {
      200: answer(
        'What was erased and what not.',
        object({
          erased: ids,
          refused: list(object({ run: text, why: text })),
          left: said('How many runs are left: ask again.', whole),
        }),
      ),
    },
    problems: [...reading, 'not-a-person'],
  },
  'POST /firms/{firm}/runs/{id}/hold': {
    name: 'holdRun',
    tag: 'Runs',
    summary: 'A legal hold: the run, or all runs of its subject, are neither purged nor erased',
    body: json(only({ 'subject?': said('All runs of its subject, those to come too.', flag) }), false),
    answers: { 200: answer('The run, which is kept.', named('Run')) },
    problems: [...reading, 'unknown-run', 'no-subject'],
  },
  'POST /firms/{firm}/runs/{id}/release': {
    name: 'releaseRun',
    tag: 'Runs',
    summary: 'Ends the legal hold that keeps a run',
    answers: { 200: answer('The run, which nothing keeps.', named('Run')) },
    problems: ['unknown-run', 'no-hold'],
  },
}
