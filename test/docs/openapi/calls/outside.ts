import { type Answer, answer, type Body, type OutsideCall } from '../call.ts'
import { type ProblemCode, tokenProblems } from '../problems.ts'
import { anything, list, map, named, object, oneOf, orNull, said, text, whole, words } from '../shapes.ts'
import { metrics } from './beyond.ts'

/** What stands outside of the API's table, by its whole path: the door, health, and what is served as it is. */

const receipt: Answer = answer(
  'Written on the docket. One request may bring several events.',
  oneOf(named('Receipt'), object({ runs: list(named('Receipt')) })),
  {
    Location: 'The run.',
    'Idempotency-Replayed': '`true`: nothing in the request was new.',
  },
)
const own: Answer = { description: 'The provider’s own form of an answer.', content: { '*/*': {} } }
const body: Body = {
  required: true,
  content: {
    'application/json': anything,
    'application/x-www-form-urlencoded': map(anything),
    'multipart/form-data': map(anything),
    '*/*': {},
  },
}
const doorProblems: readonly ProblemCode[] = [
  'body-cut',
  'too-many-fields',
  'unexpected-payload',
  'idempotency-key',
  'malformed-body',
  'secret',
  'signature',
  'origin',
  'endpoint-not-found',
  'only-by-mail',
  'method-not-allowed',
  'too-large',
  'files-too-large',
  'too-many-files',
  'content-type',
  'file-type',
  'files-not-accepted',
  'idempotency-conflict',
  'too-many-requests',
  'too-much-at-once',
  'day-full',
  'firm-erasing',
  'internal',
  'endpoint-unusable',
  'configuration-changing',
  'docket-unreachable',
  'files-not-kept',
  'secret-missing',
  'secret-malformed',
  'secret-weak',
]
const sent = {
  tag: 'Events',
  about:
    'How a request proves where it comes from, and what makes two of them the same event, is the source’s: see docs/sources.',
  anyQuery: true,
  headers: {
    'Idempotency-Key?': said('Of a caller whose source takes one: the same key is the same event, for ever.', {
      ...text,
      maxLength: 255,
    }),
  },
  body,
  answers: { 200: own, 202: receipt, 303: { description: 'A browser that sent a form is led to the page of thanks.' } },
  problems: doorProblems,
} as const
const shaken = {
  tag: 'Events',
  anyQuery: true,
  answers: { 200: own },
  problems: doorProblems,
} as const
const file = (description: string, type: string): Answer => ({ description, content: { [type]: map(anything) } })
const check = words('ok', 'failing')
const health = object({
  version: text,
  ledger: whole,
  status: check,
  checks: object({
    kv: check,
    docket: check,
    key: check,
    schema: check,
    ledgers: check,
    sweep: words('ok', 'failing', 'unseen'),
    place: words('ok', 'failing'),
    files: words('ok', 'none'),
  }),
  keysLeft: said('Firms whose keys DATA_KEY does not wrap yet: at 0, DATA_KEY_OLD can go', orNull(whole)),
})

export const outsideCalls: Readonly<Record<string, OutsideCall>> = {
  'POST /in/{firm}/{endpoint}': {
    name: 'sendEvent',
    summary: 'An event comes in: a form, a webhook',
    ...sent,
  },
  'GET /in/{firm}/{endpoint}': {
    name: 'shakeHands',
    summary: 'The handshake of a provider that makes one',
    ...shaken,
  },
  'POST /in/{firm}/{endpoint}/{token}': {
    name: 'sendEventWithToken',
    summary: 'The same, of providers that can set no header and do not sign',
    ...sent,
  },
  'GET /in/{firm}/{endpoint}/{token}': {
    name: 'shakeHandsWithToken',
    summary: 'The handshake of such a provider',
    ...shaken,
  },
  'POST /mcp': {
    name: 'speakMcp',
    tag: 'Agents',
    summary: 'Model Context Protocol, Streamable HTTP without memory: one JSON-RPC message, one answer',
    about: 'Revisions 2026-07-28, 2025-11-25, 2025-06-18 and 2025-03-26. See docs/agents.md.',
    body: { required: true, content: { 'application/json': oneOf(map(anything), list(map(anything))) } },
    answers: {
      200: { description: 'JSON-RPC.', content: { 'application/json': oneOf(map(anything), list(map(anything))) } },
      202: { description: 'Taken; nothing was asked.' },
    },
    problems: ['unauthorized', 'origin', 'too-many-guesses', 'too-large', 'method-not-allowed', 'docket-unreachable'],
  },
  'GET /healthz': {
    name: 'getHealth',
    tag: 'Service',
    summary: 'Whether the pipeline is alive, and not only the process',
    answers: { 200: answer('It is.', health), 503: answer('Something of it is not.', health) },
  },
  'GET /metrics': {
    name: 'getMetrics',
    summary: 'The same as `/api/metrics`, where monitoring systems look; with ADMIN_TOKEN',
    ...metrics,
    problems: [...metrics.problems, ...tokenProblems],
  },
  'GET /schema/config.json': {
    name: 'getConfigurationSchema',
    tag: 'Service',
    summary: 'JSON Schema of a configuration, for editors',
    answers: { 200: file('Draft 2020-12.', 'application/schema+json') },
  },
  'GET /openapi.json': {
    name: 'getOpenApi',
    tag: 'Service',
    summary: 'This document',
    answers: { 200: file('OpenAPI 3.1.', 'application/json') },
  },
}
