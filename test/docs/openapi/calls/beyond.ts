import { answer, type Call, json, nothing } from '../call.ts'
import { list, map, named, object, only, orNull, said, text, within } from '../shapes.ts'
import { askedWrite } from './runs.ts'

const gateway = ['gateway-key', 'gateway-refused', 'gateway-silent', 'gateway-unreadable'] as const
const registry = ['registry-filling', 'registry-unreachable'] as const

/** What `/metrics` and `/api/metrics` have in common. */
export const metrics = {
  tag: 'Firms',
  about: 'OpenMetrics 1.0, at most 1,000 firms in one answer; what each metric is: see docs/monitoring.md.',
  query: {
    'from?': said('Firms whose names begin here, or later.'),
    'to?': said('Firms whose names come before this.'),
  },
  answers: {
    200: { description: 'The text.', content: { 'application/openmetrics-text': text } },
  },
  problems: ['malformed-query', 'registry-unreachable'],
} as const satisfies Omit<Call, 'name'>

/** Clio itself, all firms, and the gateway's connections. */
export const beyondCalls: Readonly<Record<string, Call>> = {
  'POST /firms/{firm}/records': {
    name: 'writeRecord',
    tag: 'Clio',
    about:
      'The same `idempotencyKey` is the same write, for at least 400 days; with other content it is refused. What an agent’s token may not do alone parks.',
    body: json(only({ ...askedWrite, idempotencyKey: text })),
    answers: {
      202: answer('The run, which is carried out behind the answer.', named('AskedRun'), { Location: 'The run.' }),
    },
    problems: ['malformed-body', 'too-large', 'invalid-write', 'idempotency-conflict'],
  },
  'GET /firms/{firm}/clio/{path}': {
    name: 'readClio',
    tag: 'Clio',
    about:
      '`path` is below `/api/v4/` and may hold slashes: `matters`, `matters/991`, `users/who_am_i`. The query is Clio’s own: `fields`, filters, ' +
      '`limit`, `page_token`; links to other pages lead back here. What Clio would not understand is refused, with the nearest right name and no call.',
    anyQuery: true,
    answers: {
      200: {
        description: 'Clio’s own answer; of `documents/{id}/download` the bytes.',
        content: { 'application/json': map({}), '*/*': {} },
      },
    },
    problems: [
      'not-in-contract',
      'clio-refused',
      'clio-forbids',
      'not-in-clio',
      'pace',
      'connection-lost',
      'clio-unanswered',
      'unread',
      'download-unavailable',
    ],
  },
  'GET /firms': {
    name: 'listFirms',
    tag: 'Firms',
    query: { 'limit?': within(1, 200), 'cursor?': said('As the page before said.'), 'q?': said('Part of the name.') },
    answers: {
      200: answer(
        'A page.',
        object({ firms: list(named('Firm')), cursor: said('null: this was the last.', orNull(text)) }),
      ),
    },
    problems: ['malformed-query', ...registry],
  },
  'GET /metrics': { name: 'getAllMetrics', ...metrics },
  'GET /connections': {
    name: 'listConnections',
    tag: 'Connections',
    answers: { 200: answer('All of them.', object({ connections: list(named('Connection')) })) },
    problems: gateway,
  },
  'POST /connections': {
    name: 'createConnection',
    tag: 'Connections',
    answers: {
      201: answer('Made; open its `url` in a browser.', named('Connection'), { Location: 'The connection.' }),
    },
    problems: gateway,
  },
  'GET /connections/{id}': {
    name: 'getConnection',
    tag: 'Connections',
    answers: { 200: answer('The connection.', named('Connection')) },
    problems: [...gateway, 'connection-not-found'],
  },
  'DELETE /connections/{id}': {
    name: 'deleteConnection',
    tag: 'Connections',
    answers: { 204: nothing },
    problems: [...gateway, ...registry, 'connection-not-found', 'connection-in-use'],
  },
}
