import { type Answer, answer, type Body, type Call, json } from '../call.ts'
import { runStates } from '../schemas.ts'
import {
  anything,
  flag,
  list,
  map,
  named,
  object,
  oneOf,
  only,
  orNull,
  said,
  text,
  whole,
  within,
  words,
} from '../shapes.ts'

const config = said(
  'With the newest configuration (default; `mended` is its name of before), or the run’s own.',
  words('newest', 'mended', 'own'),
)
const skip = said('Steps that are left out, by name or path.', list(text))
const reading = ['malformed-body', 'too-large'] as const

const many = (name: string, summary: string): Call => ({
  name,
  tag: 'Runs',
  summary,
  about: 'A few hundred at a time: `left` says how many there are still.',
  body: json(only({ code: named('ReasonCode'), 'config?': config, 'skip?': skip })),
  answers: { 200: answer('What it was done to.', named('Many')) },
  problems: [...reading, 'bad-query', 'bad-mend'],
})

const made: Answer = answer('The new run; it is carried out behind the answer.', named('RunSummary'), {
  Location: 'The new run.',
})

const person = object({
  'first_name?': orNull(text),
  'last_name?': orNull(text),
  'email?': orNull(text),
  'phone?': orNull(text),
  'company?': orNull(text),
})
const event = {
  'type?': said('Left out: the only one that the endpoint has.'),
  'subject?': orNull(text),
  'time?': orNull(text),
  'fields?': map(anything),
  'data?': anything,
  'person?': person,
  'message?': orNull(text),
  'booking?': orNull(map(anything)),
  'files?': list(map(anything)),
}
export const askedWrite = {
  verb: words('create', 'update', 'upsert', 'delete'),
  resource: said('A resource of Clio: `tasks`.'),
  'id?': said('Which record; with `update` and `delete`.', oneOf(text, whole)),
  'match?': said('Of `upsert`: keys of `with` that say which record it is.', list(text)),
  'existing?': said('Of `upsert`: what becomes of a record that is there.', words('fill', 'extend', 'keep', 'replace')),
  'with?': said('The values, as a step of a rule says them: names for ids, `{{ expressions }}`.', map(anything)),
}

const previewBody: Body = json(
  only({
    'endpoint?': said('Left out: the only one, or that of the run.'),
    'body?': said('A delivery as the provider sends it: text, or JSON.', anything),
    'headers?': said('Headers of that delivery.', map(text)),
    'event?': said('An event in our own form.', only(event)),
    'run?': said('A past run, whose event is taken.'),
    'write?': said('A write with no rule, as `POST …/records` takes it.', only(askedWrite)),
    'config?': said('An unsaved configuration, as text or JSON (admin).', oneOf(text, map(anything))),
    'names?': said('Reads Clio, so that names become ids and searches find what there is.', flag),
    'masked?': said(
      'What is said of people as its kind and length: nothing is revealed, and the audit says nothing.',
      flag,
    ),
    ...event,
  }),
)

/** Runs: what is seen of them, and done with them. */
export const runCalls: Readonly<Record<string, Call>> = {
  'GET /firms/{firm}/runs': {
    name: 'listRuns',
    tag: 'Runs',
    summary: 'Runs, newest first; values masked',
    query: {
      'state?': said(`One or more, separated by commas: ${runStates.join(', ')}.`),
      'endpoint?': text,
      'code?': said('A reason code: parked runs only.'),
      'type?': text,
      'day?': said('YYYY-MM-DD, in the firm’s time zone.'),
      'q?': said(
        'The beginning of an id, or a whole key or subject; or whom it is about: an e-mail address, a telephone number, a last name.',
      ),
      'limit?': within(1, 200),
      'cursor?': said('As the page before said.'),
    },
    answers: {
      200: answer(
        'A page.',
        object({ runs: list(named('RunSummary')), cursor: said('null: this was the last.', orNull(text)) }),
      ),
    },
    problems: ['malformed-query', 'bad-query'],
  },
  'POST /firms/{firm}/runs/resume': many('resumeRuns', 'Goes on with all runs that are parked for one reason code'),
  'POST /firms/{firm}/runs/discard': many('discardRuns', 'Closes all runs that are parked for one reason code'),
  'POST /firms/{firm}/runs/replay': many(
    'replayRuns',
    'Runs all events anew that are parked for one reason code, and closes the parked runs',
  ),
  'GET /firms/{firm}/runs/{id}': {
    name: 'getRun',
    tag: 'Runs',
    summary: 'Event, steps and calls of a run; values masked unless `?reveal=1` (operator; the audit says who)',
    query: { 'reveal?': said('`1`: values as they are (operator); the audit says who asked.', words('0', '1')) },
    answers: { 200: answer('The run.', named('Run')) },
    problems: ['malformed-query', 'unknown-run'],
  },
  'POST /firms/{firm}/runs/{id}/resume': {
    name: 'resumeRun',
    tag: 'Runs',
    summary: 'Goes on where it parked; answers can be corrected, steps skipped, one of several records chosen',
    about: 'Answers reach only steps without an outcome, and change neither key nor subject.',
    body: json(
      only({
        'config?': config,
        'answers?': said(
          'As they should have been: by a field’s name, `person.email` and the like, or `message`.',
          map(anything),
        ),
        'skip?': skip,
        'choose?': said(
          'Of several records the one that is meant: a step -> an id; `none` where a lost call made none of them.',
          map(oneOf(text, whole)),
        ),
      }),
      false,
    ),
    answers: { 200: answer('The run, which goes on behind the answer.', named('Resumed')) },
    problems: [...reading, 'unknown-run', 'wrong-state', 'event-gone', 'bad-mend', 'call-under-way'],
  },
  'POST /firms/{firm}/runs/{id}/discard': {
    name: 'discardRun',
    tag: 'Runs',
    summary: 'Closes a run; nothing more is done',
    answers: { 200: answer('The run, closed.', named('RunSummary')) },
    problems: ['unknown-run', 'wrong-state', 'call-under-way'],
  },
  'POST /firms/{firm}/runs/{id}/replay': {
    name: 'replayRun',
    tag: 'Runs',
    summary: 'Runs the same event again as a new run, on purpose',
    answers: { 202: made },
    problems: ['unknown-run', 'wrong-state', 'event-gone'],
  },
  'POST /firms/{firm}/runs/{id}/undo': {
    name: 'undoRun',
    tag: 'Runs',
    summary: 'A new run that takes back what this one made; `{"dry":true}` only says what would go and what would stay',
    body: json(
      only({
        'anyway?': said('Also when part of it cannot be taken back.', flag),
        'dry?': said('Only say what would go and what would stay.', flag),
      }),
      false,
    ),
    answers: {
      202: answer('The new run; an agent’s waits for a person.', oneOf(named('RunSummary'), named('AskedRun')), {
        Location: 'The new run.',
      }),
      200: answer('Of a dry run.', named('UndoOutlook')),
    },
    problems: [
      ...reading,
      'unknown-run',
      'wrong-state',
      'event-gone',
      'nothing-to-undo',
      'lasting-effects',
      'call-under-way',
    ],
  },
  'POST /firms/{firm}/preview': {
    name: 'previewEvent',
    tag: 'Runs',
    summary:
      'What a run of an event would do, without the sending: its calls, and every reason to park that can be known',
    about: 'Exactly one of `body`, `event`, `run` and `write` says what would have come in.',
    body: previewBody,
    answers: { 200: answer('Nothing was written or sent.', named('Preview')) },
    problems: [
      ...reading,
      'bad-preview',
      'too-many-reads',
      'unknown-run',
      'unknown-endpoint',
      'endpoint-unusable',
      'event-gone',
      'invalid-configuration',
      'invalid-write',
      'configuration-too-large',
      'foreign-secret',
      'unexpected-payload',
      'content-type',
      'pace',
      'connection-lost',
    ],
  },
  'GET /firms/{firm}/stats': {
    name: 'getStats',
    tag: 'Runs',
    summary: 'Counts by state, age of the oldest open run, pace, connection',
    answers: { 200: answer('How the docket stands.', named('Stats')) },
  },
}
