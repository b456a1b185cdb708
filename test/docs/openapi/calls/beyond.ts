import { answer, type Call, json, nothing } from '../call.ts'
import { list, map, moment, named, object, oneOf, only, orNull, said, text, whole, within, words } from '../shapes.ts'
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
} as const satisfies Omit<Call, 'name' | 'summary'>
const cursor = said('null: this was the last.', orNull(text))

/** Clio itself, all firms, and the gateway's connections. */
export const beyondCalls: Readonly<Record<string, Call>> = {
  'POST /firms/{firm}/records': {
    name: 'writeRecord',
    tag: 'Clio',
    summary:
      'Creates, updates or deletes one record of Clio, with no rule, as a run; the same `idempotencyKey` is the same run',
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
    summary: 'Clio’s own answer to a read: lists, single records, `users/who_am_i`, `documents/{id}/download`',
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
    summary: 'All firms, as the registry knows them; `?erased=1` those that were erased, when and by whom',
    query: {
      'limit?': within(1, 200),
      'cursor?': said('As the page before said.'),
      'q?': said('Part of the name.'),
      'rewrapped?': said(
        '`0`: firms that have not said yet that the DATA_KEY of now wraps their keys.',
        words('0', '1'),
      ),
      'erased?': said('`1`: those that were erased instead.', words('0', '1')),
    },
    answers: {
      200: answer(
        'A page; of those that were erased, who did it and when.',
        oneOf(
          object({
            firms: list(named('Firm')),
            cursor,
            keysLeft: said('Firms, of all, that are not rewrapped: at 0, DATA_KEY_OLD can go.', whole),
          }),
          object({ erased: list(object({ firm: text, at: moment, by: text })), cursor }),
        ),
      ),
    },
    problems: ['malformed-query', ...registry],
  },
  'GET /metrics': {
    name: 'getAllMetrics',
    summary: 'All firms as OpenMetrics text, from what they last told of themselves; also at `/metrics`',
    ...metrics,
  },
  'DELETE /firms/{firm}': {
    name: 'eraseFirm',
    tag: 'Firms',
    summary: 'Erases the firm with all that is kept of it; `?confirm=` its name once more',
    about:
      'From this moment on the firm takes no events and answers no calls. What stands at providers is taken back, then everything that is ' +
      'kept goes; a crash only delays it. What stays is a tombstone: name, time and who. The firm’s connection is free for another.',
    query: { confirm: said('The name of the firm once more.') },
    answers: { 202: answer('Begun.', object({ firm: text, state: words('erasing'), since: moment, by: text })) },
    problems: ['malformed-query', 'not-confirmed', 'legal-hold'],
  },
  'POST /firms/{firm}/hold': {
    name: 'holdFirm',
    tag: 'Firms',
    summary: 'Nothing of the firm goes out any more, until it is resumed; events are accepted. `{"reason"}` in words',
    body: json(only({ 'reason?': said('In words.', { ...text, maxLength: 500 }) }), false),
    answers: { 200: answer('It is held.', named('FirmHeld')) },
    problems: ['malformed-body', 'too-large'],
  },
  'POST /firms/{firm}/resume': {
    name: 'resumeFirm',
    tag: 'Firms',
    summary:
      'A firm that is held goes on; of one that was imported or set back, what may have been done is looked for first',
    answers: { 200: answer('It goes on.', named('FirmHeld')) },
    problems: ['malformed-body', 'too-large', 'not-held'],
  },
  'GET /firms/{firm}/export': {
    name: 'exportFirm',
    tag: 'Firms',
    summary:
      'All that is kept of the firm, as lines of JSON, but its secrets and tokens: sealed to the header `Export-Passphrase`, or `?open=1`',
    about: 'The format stands in docs/firms.md. Who exported what stands in the audit.',
    query: { 'open?': said('`1`: not sealed.', words('0', '1')) },
    headers: { 'Export-Passphrase?': said('What it is sealed to: 16 to 256 characters of ASCII.') },
    answers: {
      200: {
        description: 'A line of JSON for each thing; sealed, a file that only the passphrase opens.',
        content: { 'application/octet-stream': {}, 'application/x-ndjson': {} },
      },
    },
    problems: ['malformed-query', 'passphrase-weak', 'export-unsealed', 'ledger-upgrading'],
  },
  'POST /firms/{firm}/import': {
    name: 'importFirm',
    tag: 'Firms',
    summary: 'Makes a firm of an export, held until it is resumed; `?connection=` another one than it had',
    about:
      'Whole or not at all. The firm is held until it is resumed; a delivery that it took before is a duplicate; what may have been done ' +
      'elsewhere since is looked for in Clio before anything is sent.',
    query: { 'connection?': said('Another connection than the export names.') },
    headers: { 'Export-Passphrase?': said('What it was sealed to.') },
    body: { required: true, content: { 'application/octet-stream': {}, 'application/x-ndjson': {} } },
    answers: { 201: answer('Made, and held.', named('Imported')) },
    problems: [
      'malformed-query',
      'passphrase-weak',
      'export-unreadable',
      'firm-exists',
      'connection-taken',
      'connection-removed',
      'connection-unknown',
      ...gateway,
      ...registry,
    ],
  },
  'POST /firms/{firm}/links': {
    name: 'importLinks',
    tag: 'Firms',
    summary:
      'What another tool made before: `{"links":[{"endpoint","subject","link","resource","id"}]}`; later events find it',
    about: 'All of them or none; 1,000 at once.',
    body: json(
      only({
        links: list(
          only({
            endpoint: text,
            subject: said('As the endpoint’s events name it: the id of a booking.'),
            link: said('The name under which a rule of that endpoint keeps its record.'),
            resource: said('Of Clio: `calendar_entries`.'),
            id: said('Of the record in Clio.', oneOf(text, whole)),
          }),
        ),
      }),
    ),
    answers: { 200: answer('Written down.', object({ links: whole })) },
    problems: ['malformed-body', 'too-large', 'links-unfit'],
  },
  'GET /connections': {
    name: 'listConnections',
    tag: 'Connections',
    summary: "The gateway's connections to Clio",
    answers: { 200: answer('All of them.', object({ connections: list(named('Connection')) })) },
    problems: gateway,
  },
  'POST /connections': {
    name: 'createConnection',
    tag: 'Connections',
    summary: 'Makes one; its `url` is to be opened in a browser by somebody who may sign in to Clio',
    answers: {
      201: answer('Made; open its `url` in a browser.', named('Connection'), { Location: 'The connection.' }),
    },
    problems: gateway,
  },
  'GET /connections/{id}': {
    name: 'getConnection',
    tag: 'Connections',
    summary: 'One connection',
    answers: { 200: answer('The connection.', named('Connection')) },
    problems: [...gateway, 'connection-not-found'],
  },
  'DELETE /connections/{id}': {
    name: 'deleteConnection',
    tag: 'Connections',
    summary: 'Removes one; refused while a firm has it. Nobody can take it while it is being removed',
    answers: { 204: nothing },
    problems: [...gateway, ...registry, 'connection-not-found', 'connection-in-use'],
  },
}
