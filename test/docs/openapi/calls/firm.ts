import { agentMays, firmRoles } from '../../../../src/model/access.ts'
import { answer, type Call, json, nothing } from '../call.ts'
import {
  anything,
  list,
  map,
  moment,
  named,
  object,
  oneOf,
  only,
  orNull,
  type Schema,
  said,
  text,
  whole,
  within,
  words,
} from '../shapes.ts'

const cursor = said('Where the next page begins; null: this was the last.', orNull(text))
const dry: Schema = words('0', '1')
/** JSON with comments; its own schema is served at /schema/config.json. */
const document = said('JSON, comments allowed. Its JSON Schema is `/schema/config.json`.', { type: 'object' })
const version = { ETag: 'The version of the configuration.', 'X-Config-Version': 'The same as a number.' }
const dated = ['malformed-query'] as const
const reading = ['malformed-body', 'too-large'] as const

/** A firm's configuration, secrets, tokens and audit. */
export const firmCalls: Readonly<Record<string, Call>> = {
  'GET /firms/{firm}/config': {
    name: 'getConfiguration',
    tag: 'Configuration',
    summary: 'The text as it was saved, comments included; its version is the ETag. `?version=` one of before',
    query: { 'version?': said('One of before.', { ...whole, minimum: 1 }) },
    answers: { 200: answer('The text as it was saved.', document, version) },
    problems: ['no-configuration', 'no-such-version', ...dated],
  },
  'GET /firms/{firm}/config/versions': {
    name: 'listConfigurationVersions',
    tag: 'Configuration',
    summary: 'When each version was saved, and by whom, newest first. Back to one of them: PUT its text',
    about: 'The newest 500. To go back to one, read it with `?version=` and PUT it: it becomes the newest.',
    answers: {
      200: answer(
        'Newest first.',
        object({
          versions: list(
            object({ version: whole, at: moment, actor: said('null: longer ago than the audit.', orNull(text)) }),
          ),
        }),
      ),
    },
  },
  'PUT /firms/{firm}/config': {
    name: 'putConfiguration',
    tag: 'Configuration',
    summary:
      'Replaces the configuration; `?dry=1` only checks; `?names=1` looks up in Clio the names that it writes; with `If-Match`, no other version than that one (RFC 9110 §13.1.1)',
    about:
      'What is wrong is told all at once, each with its JSON path and the nearest right name; nothing is changed then.',
    query: {
      'dry?': said('`1`: only checks.', dry),
      'names?': said('`1`: names that it writes are looked up in Clio.', dry),
      'anew?': said('`1`: makes a firm anew whose name was erased (vendor).', dry),
    },
    headers: { 'If-Match?': said('The ETag of the version that is to be replaced.') },
    body: { required: true, content: { 'application/json': document } },
    answers: {
      200: answer('Saved, or found right.', object({ version: whole, warnings: list(named('Remark')) }), version),
    },
    problems: [
      ...dated,
      ...reading,
      'configuration-too-large',
      'configuration-changed',
      'invalid-configuration',
      'foreign-secret',
      'foreign-connection',
      'connection-ambiguous',
      'connection-missing',
      'connection-taken',
      'connection-removed',
      'connection-unknown',
      'gateway-key',
      'gateway-refused',
      'gateway-silent',
      'gateway-unreadable',
      'registry-filling',
      'registry-unreachable',
      'pace',
      'connection-lost',
      'unread',
      'too-many-reads',
    ],
  },
  'GET /firms/{firm}/secrets': {
    name: 'listSecrets',
    tag: 'Configuration',
    summary: 'The firm’s secrets by name: when each was stored, and where the configuration names it; never a value',
    answers: {
      200: answer(
        'Those that the firm has stored, and those that its configuration names.',
        object({
          secrets: list(
            object({
              name: text,
              storedAt: said('null: the firm has stored none of this name.', orNull(moment)),
              usedAt: said('Where the configuration names it.', list(text)),
            }),
          ),
        }),
      ),
    },
  },
  'PUT /firms/{firm}/secrets/{name}': {
    name: 'putSecret',
    tag: 'Configuration',
    summary: 'Stores a secret of the firm, which nobody can read again',
    body: {
      required: true,
      content: {
        'text/plain': said('The value: at least 16 characters.'),
        'application/json': only({ value: text }),
      },
    },
    answers: { 204: nothing },
    problems: [...reading, 'secret-name', 'empty-secret', 'secret-too-short'],
  },
  'DELETE /firms/{firm}/secrets/{name}': {
    name: 'deleteSecret',
    tag: 'Configuration',
    summary: 'Forgets a secret of the firm',
    answers: { 204: nothing },
    problems: ['secret-name', 'unknown-secret'],
  },
  'GET /firms/{firm}/tokens': {
    name: 'listTokens',
    tag: 'Access',
    summary: "The firm's tokens and seats, without the tokens themselves",
    answers: { 200: answer('Tokens and seats.', object({ tokens: list(named('Token')) })) },
  },
  'POST /firms/{firm}/tokens': {
    name: 'addToken',
    tag: 'Access',
    summary: 'Makes a token ({"name","role"}), shown once, or gives a person a seat ({"email","role"})',
    body: json(
      oneOf(
        only({ name: { ...text, maxLength: 64 }, role: words(...firmRoles), 'agent?': words(...agentMays) }),
        only({ email: { ...text, format: 'email' }, role: words(...firmRoles) }),
      ),
    ),
    answers: {
      201: answer('Made. The token stands in no other answer.', named('NewToken'), { Location: 'The token.' }),
    },
    problems: [...reading, 'already-seated', 'too-many-tokens'],
  },
  'DELETE /firms/{firm}/tokens/{id}': {
    name: 'removeToken',
    tag: 'Access',
    summary: 'Ends a token or a seat; what it signed in to ends with it',
    answers: { 204: nothing },
    problems: ['unknown-token'],
  },
  'GET /firms/{firm}/audit': {
    name: 'listAudit',
    tag: 'Access',
    summary: 'Who did what, newest first; below admin, only what was done with runs',
    query: { 'limit?': within(1, 200), 'cursor?': { ...whole, minimum: 1 } },
    answers: { 200: answer('A page.', object({ entries: list(named('AuditEntry')), cursor })) },
    problems: [...dated],
  },
  'GET /firms/{firm}/refusals': {
    name: 'listRefusals',
    tag: 'Access',
    summary: 'What the door refused lately, counted by endpoint and cause',
    answers: { 200: answer('By endpoint and cause.', object({ refusals: list(named('Refusals')) })) },
  },
  'GET /firms/{firm}/slack/manifest': {
    name: 'getSlackManifest',
    tag: 'Configuration',
    summary: "The manifest of the firm's Slack app, for the address at which it is asked",
    query: {
      endpoint: said('Name of the Slack endpoint.'),
      'command?': said('The slash command. Default: /clio.'),
      'org?': said('`1`: an app of a whole Enterprise Grid organisation.', dry),
    },
    answers: { 200: answer('To be pasted at api.slack.com/apps.', map(anything)) },
    problems: [...dated, 'unknown-endpoint'],
  },
}
