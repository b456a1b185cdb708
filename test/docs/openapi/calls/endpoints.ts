import type { Addressed } from '../../../../src/api/endpoints/addresses.ts'
import type { CaughtView } from '../../../../src/model/docket-rpc.ts'
import type { Catching, EndpointView, FieldView } from '../../../../src/model/view/endpoint.ts'
import { answer, type Call, json } from '../call.ts'
import {
  anything,
  flag,
  list,
  map,
  moment,
  named,
  object,
  only,
  orNull,
  type Schema,
  said,
  shaped,
  text,
  whole,
  within,
  words,
} from '../shapes.ts'

const catching = said('The next event is kept, and no rule runs.', orNull(named('Catching')))

export const endpointSchemas: Readonly<Record<string, Schema>> = {
  Endpoint: shaped<EndpointView & Addressed>({
    name: text,
    source: text,
    verifiedBy: said('How a request proves where it comes from.'),
    keyedBy: said('What makes two deliveries the same.'),
    types: said('Event types that a rule can name; `*`: the sender names them.', list(text)),
    secrets: list(object({ name: text, state: words('set', 'missing') })),
    faults: said('What keeps it from taking anything.', list(text)),
    lastDelivery: orNull(
      object({ at: moment, run: text, state: named('RunState'), reasonCode: orNull(named('ReasonCode')) }),
    ),
    today: said('Runs accepted since midnight, by state.', map(whole)),
    refused: list(object({ at: moment, code: text, why: text, times: whole })),
    subscriptions: list(
      object({ name: text, until: orNull(moment), nextTryAt: orNull(moment), tries: whole, why: orNull(text) }),
    ),
    catching,
    caught: said('The run that was caught last.', orNull(object({ run: text, at: moment }))),
    path: orNull(text),
    url: said('The address to give to the provider; null: nothing is sent to it.', orNull(text)),
    hints: said('For whoever sets it up.', list(text)),
  }),
  Catching: shaped<Catching>({ until: moment, by: text }),
  Caught: shaped<CaughtView>({
    catching,
    run: orNull(named('Run')),
    fields: list(
      shaped<FieldView>({
        expression: said('What a rule writes to have it: `fields.matter_type`.'),
        value: anything,
        'from?': said('The answer that it was taken from.'),
        'takenFor?': said('Of an answer: the part of the person, or the message, that it was taken for.'),
      }),
    ),
  }),
  Channel: object({
    name: text,
    kind: said(
      '`webhook`, or the source through which people are written to; null: nobody is behind the name.',
      orNull(text),
    ),
    to: said('The host of a webhook, or the channel’s name.', orNull(text)),
    alerts: said('Alarms go here.', flag),
    lastSuccessAt: orNull(moment),
    lastError: orNull(object({ at: moment, code: text, why: text })),
    failures: said('In a row, up to now.', whole),
    waiting: said('Notices that are told again, until somebody takes them.', whole),
  }),
}

/** How a firm's endpoints stand, and what comes in next. */
export const endpointCalls: Readonly<Record<string, Call>> = {
  'GET /firms/{firm}/endpoints': {
    name: 'listEndpoints',
    tag: 'Endpoints',
    summary:
      'The endpoints: the address to copy, what their secrets lack, the last delivery, what was refused and why, until when subscriptions stand',
    answers: { 200: answer('All of them.', object({ endpoints: list(named('Endpoint')) })) },
  },
  'POST /firms/{firm}/endpoints/{name}/test': {
    name: 'testEndpoint',
    tag: 'Endpoints',
    summary:
      'Sends a sample of the source, signed with the firm’s own secret, through the door; where records would be made in a real Clio it is previewed, unless `{"live": true}`',
    body: json(
      only({
        'live?': said('Sent although it makes records in a real Clio.', flag),
        'body?': said('A delivery of one’s own in the place of the sample.', text),
      }),
      false,
    ),
    answers: {
      200: answer(
        'What the sender was told; or, where it was not sent, what it would do.',
        object({
          sent: flag,
          'status?': whole,
          'answer?': anything,
          'run?': orNull(text),
          'why?': text,
          'preview?': named('Preview'),
        }),
      ),
    },
    problems: ['malformed-body', 'too-large', 'unknown-endpoint', 'no-test'],
  },
  'POST /firms/{firm}/endpoints/{name}/catch': {
    name: 'catchNext',
    tag: 'Endpoints',
    summary: 'Keeps the next event of an endpoint and runs no rule: `{"minutes": 15}`; the run is parked as `caught`',
    body: json(only({ 'minutes?': said('How long it waits for one. Default: 15.', within(1, 60)) }), false),
    answers: { 200: answer('Whether an event is waited for now.', object({ catching })) },
    problems: ['malformed-body', 'too-large', 'unknown-endpoint'],
  },
  'DELETE /firms/{firm}/endpoints/{name}/catch': {
    name: 'catchNoMore',
    tag: 'Endpoints',
    summary: 'Lets the next event of an endpoint run its rules again',
    answers: { 200: answer('Whether an event is waited for now.', object({ catching })) },
    problems: ['unknown-endpoint'],
  },
  'GET /firms/{firm}/channels': {
    name: 'listChannels',
    tag: 'Endpoints',
    summary: 'The channels: when somebody last took what they were told, the last error, and what still waits',
    answers: { 200: answer('All of them.', object({ channels: list(named('Channel')) })) },
  },
  'POST /firms/{firm}/channels/{name}/test': {
    name: 'testChannel',
    tag: 'Endpoints',
    summary: 'Tells a channel that this is a test, and answers what the channel answered',
    answers: {
      200: answer('What the channel answered.', object({ taken: flag, code: orNull(text), said: text })),
    },
    problems: ['unknown-channel'],
  },
  'GET /firms/{firm}/endpoints/{name}/caught': {
    name: 'getCaught',
    tag: 'Endpoints',
    summary:
      'The event that was caught, each value with the expression to write for it; masked unless `?reveal=1` (operator; the audit says who)',
    query: { 'reveal?': said('`1`: values as they are (operator); the audit says who asked.', words('0', '1')) },
    answers: { 200: answer('The event, as a rule would read it.', named('Caught')) },
    problems: ['malformed-query', 'unknown-endpoint'],
  },
}
