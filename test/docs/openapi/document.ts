import type { Route } from '../../../src/api/table.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { Answer, Call, OutsideCall } from './call.ts'
import { beyondCalls } from './calls/beyond.ts'
import { endpointCalls, endpointSchemas } from './calls/endpoints.ts'
import { firmCalls } from './calls/firm.ts'
import { keepingCalls } from './calls/keeping.ts'
import { outsideCalls } from './calls/outside.ts'
import { runCalls } from './calls/runs.ts'
import { firmProblems, type ProblemCode, problems, tokenProblems } from './problems.ts'
import { schemas } from './schemas.ts'
import { named, type Schema } from './shapes.ts'

/** The OpenAPI document: what the table of routes says of each call, and what is described beside it. */

/** What the calls of the table take and answer, by method and path. */
export const described: Readonly<Record<string, Call>> = {
  ...firmCalls,
  ...endpointCalls,
  ...runCalls,
  ...keepingCalls,
  ...beyondCalls,
}

/** `/firms/:firm/clio/:path{.+}` -> `/firms/{firm}/clio/{path}` */
const pathOf = (path: string) => path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${pathOf(path)}`

const about = `The HTTP API of Docketed. Events come in at \`/in/{firm}/{endpoint}\`; what became of them, and a firm's configuration, is below \`/api\`.

Every call below \`/api\` wants a bearer token: a firm's own, which has a role (viewer, operator, admin), or the vendor's. Another firm's token finds nothing (404). Refusals are problems (RFC 9457) with a stable \`type\`; lists come newest first, a page at a time. Keys may be added to answers: ignore those you do not know.`

const tags: Readonly<Record<string, string>> = {
  Events: 'What happened comes in.',
  Runs: 'What became of events, and what people decide about them.',
  Configuration: 'What a firm has configured.',
  Endpoints: 'Where a firm’s events come in, and where the firm is told of things.',
  Access: 'Who may do what, and who did.',
  Clio: 'Reads of the firm’s Clio.',
  Agents: 'For agents: the docket and Clio as tools.',
  Firms: 'All firms: the vendor’s.',
  Connections: 'The gateway’s connections to Clio: the vendor’s.',
  Service: 'The service itself.',
}

const parameters: Readonly<Record<string, string>> = {
  firm: 'The firm: small letters, digits and hyphens.',
  endpoint: 'An endpoint of its configuration.',
  id: 'As lists show it.',
  name: 'Capitals, digits and underscores; configurations name it as `$NAME`.',
  path: 'Below `/api/v4/` at Clio.',
  token: 'The secret, of a provider that can set no header.',
}

/** @throws when a route is not described, or a description is of none */
export function openapi(routes: readonly Route[]): JsonObject {
  const missing = routes.map(keyOf).filter(key => described[key] === undefined)
  if (missing.length > 0) throw new Error(`Describe in test/docs/openapi/calls: ${missing.join(', ')}`)
  const paths: Record<string, JsonObject> = {}
  const add = (path: string, method: string, operation: JsonObject) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation }
  }
  for (const [key, call] of Object.entries(outsideCalls)) {
    const [method = '', path = ''] = key.split(' ')
    add(path, method, { ...operationOf(path, call, call.problems ?? []), security: [] })
  }
  for (const route of routes) {
    const call = described[keyOf(route)]!
    const path = `/api${pathOf(route.path)}`
    const open = route.role === 'anybody'
    const inherent = [...(open ? [] : tokenProblems), ...(route.path.includes(':firm') ? firmProblems : [])]
    const codes = new Set<ProblemCode>([...inherent, ...(call.problems ?? [])])
    const operation = operationOf(path, call, [...codes])
    add(path, route.method, { ...operation, security: open ? [] : [{ token: [] }], 'x-role': route.role })
  }
  const responses = share(paths)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Docketed',
      version: '1',
      summary: 'Website forms, Slack commands, bookings and webhooks become records in Clio Manage, each exactly once.',
      description: about,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...schemas, ...endpointSchemas },
      responses,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of the firm, or the vendor’s ADMIN_TOKEN.' },
      },
    },
  }
}

function operationOf(path: string, call: OutsideCall, codes: readonly ProblemCode[]): JsonObject {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name: name!,
    in: 'path',
    required: true,
    description: parameters[name!] ?? '',
    schema: { type: 'string' },
  }))
  const found = [...inPath, ...given('query', call.query), ...given('header', call.headers)]
  return {
    operationId: call.name,
    tags: [call.tag],
    summary: call.summary,
    ...(call.about && { description: call.about }),
    ...(found.length > 0 && { parameters: found }),
    ...(call.anyQuery && { 'x-any-query': true }),
    ...(call.body && { requestBody: { required: call.body.required, content: contentOf(call.body.content) } }),
    responses: {
      ...Object.fromEntries(Object.entries(call.answers).map(([status, answer]) => [status, responseOf(answer)])),
      ...refusals(codes, call.answers),
    },
  }
}

function given(where: 'query' | 'header', schemas: Readonly<Record<string, Schema>> = {}): JsonObject[] {
  return Object.entries(schemas).map(([key, { description, ...schema }]) => ({
    name: key.replace(/\?$/, ''),
    in: where,
    required: !key.endsWith('?'),
    ...(description !== undefined && { description }),
    schema,
  }))
}

const contentOf = (content: Readonly<Record<string, Schema>>): JsonObject =>
  Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]))

function responseOf({ description, content, headers }: Answer): JsonObject {
  const described = Object.entries(headers ?? {}).map(([name, about]) => [
    name,
    { description: about, schema: { type: 'string' } },
  ])
  return {
    description,
    ...(described.length > 0 && { headers: Object.fromEntries(described) as JsonObject }),
    ...(content && { content: contentOf(content) }),
  }
}

/** A response a status, which names the problems that have it. */
function refusals(codes: readonly ProblemCode[], answers: Readonly<Record<number, Answer>>): JsonObject {
  const statuses = [...new Set(codes.map(code => problems[code][0]))].sort()
  return Object.fromEntries(
    statuses
      .filter(status => answers[status] === undefined)
      .map(status => {
        const of = codes.filter(code => problems[code][0] === status).sort()
        const type = { type: 'string', enum: of.map(code => `urn:docketed:problem:${code}`) }
        const schema = { allOf: [named('Problem'), { type: 'object', properties: { type } }] }
        const description = of.map(code => `\`${code}\`: ${problems[code][1]}.`).join(' ')
        return [status, { description, content: { 'application/problem+json': { schema } } }]
      }),
  )
}

/** What many calls answer alike is written once: `Refused404`, and `Refused404b` for another set of problems with that status. */
function share(paths: Readonly<Record<string, JsonObject>>): JsonObject {
  const operations = Object.values(paths).flatMap(methods => Object.values(methods)) as { responses: JsonObject }[]
  const all = operations.flatMap(({ responses }) =>
    Object.entries(responses).map(([status, one]) => `${status} ${JSON.stringify(one)}`),
  )
  const shared: Record<string, JsonObject> = {}
  const names = new Map<string, string>()
  for (const key of new Set(all)) {
    if (!key.includes('urn:docketed') || all.filter(one => one === key).length < 3) continue
    const [status = ''] = key.split(' ')
    const before = Object.keys(shared).filter(name => name.startsWith(`Refused${status}`)).length
    const name = `Refused${status}${['', 'b', 'c', 'd', 'e', 'f'][before]}`
    names.set(key, name)
    shared[name] = JSON.parse(key.slice(status.length + 1)) as JsonObject
  }
  for (const { responses } of operations)
    for (const [status, one] of Object.entries(responses)) {
      const name = names.get(`${status} ${JSON.stringify(one)}`)
      if (name) responses[status] = { $ref: `#/components/responses/${name}` }
    }
  return shared
}
