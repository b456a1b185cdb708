import { bodyShape } from '../../clio/contract/index.ts'
import { type Route, routeOf } from '../../clio/contract/route.ts'
import type { Json, JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { type Answer, empty, invalid, jsonAnswer, notFound, Refusal, type SandboxRequest, textOf } from '../http.ts'
import type { Entry } from '../ledger.ts'
import { downloadable } from './documents.ts'
import { nestedRows } from './nested.ts'
import type { Context } from './quirk.ts'
import { nothingThere, quirks } from './quirks.ts'
import { bare, type Fields, parseFields, refuseUnknown, unknownFields } from './read/fields.ts'
import { listRows, unknownQuery } from './read/list.ts'
import { project } from './read/view.ts'
import { checkRefs } from './refs.ts'
import { rewritten } from './rewrite.ts'
import { etagOf, type Row } from './store.ts'
import { checkRequire, merged, readBody, withItemIds } from './write.ts'

/** Clio's API v4: one call, carried out at once, on one account. */

const apiVersion = '4.0.9'

/**
 * Carries a call out. What the contract does not know is noted in the ledger's entry.
 * @param path below `/api/v4/`, without `.json`
 * @throws Refusal in Clio's words
 */
export function carryOut(request: SandboxRequest, path: string, context: Context, entry: Entry): Answer {
  const version = request.headers['x-api-version']
  if (version !== undefined && !/^4\.0\.\d+$/.test(version))
    throw new Refusal(410, 'Gone', `API version ${version} is not supported.`)
  const route = routeOf(path)
  if (!route) throw new Refusal(404, 'RecordNotFound', 'The path does not exist.')
  const call: Call = { request, route, context, entry, fields: fieldsOf(request, route, entry) }
  entry.unknownQuery.push(...strangers(call))
  switch (request.method) {
    case 'GET':
      return read(call)
    case 'POST':
      return create(call)
    case 'PATCH':
    case 'PUT':
      return update(call)
    case 'DELETE':
      return remove(call)
    default:
      throw new Refusal(405, 'MethodNotAllowed', `${request.method} is not supported.`)
  }
}

interface Call {
  readonly request: SandboxRequest
  readonly route: Route
  readonly context: Context
  readonly entry: Entry
  readonly fields: Fields
}

function fieldsOf(request: SandboxRequest, route: Route, entry: Entry): Fields {
  const text = request.query.get('fields')
  const fields = text ? parseFields(text) : bare
  const unknown = text ? unknownFields(fields, route.resource.read) : []
  entry.unknownFields.push(...unknown)
  if (unknown.length > 0) throw refuseUnknown(unknown)
  return fields
}

function strangers({ request, route }: Call): string[] {
  if (request.method === 'GET' && route.id === null) return unknownQuery(route.resource, request.query)
  return [...new Set(request.query.keys())].filter(name => name !== 'fields' && name !== 'custom_field_ids[]')
}

function read(call: Call): Answer {
  const { route, context, request } = call
  const { resource, name, id } = route
  if (name.endsWith('/download')) return download(call)
  if (id !== null) {
    if (!resource.get) throw unsupported(call)
    return single(call, existing(call), 200)
  }
  if (!resource.list) throw unsupported(call)
  if (resource.one) {
    const row = quirks[name]?.one?.(context) ?? nestedRows(route, context)[0] ?? context.store.all(name)[0]
    if (!row) throw nothingThere(name)
    return single(call, row, 200)
  }
  const candidates = route.parent ? nestedRows(route, context) : context.store.all(name)
  const page = listRows(context.store, resource, candidates, request.query, context.behaviour)
  return jsonAnswer(200, {
    data: page.rows.map(row => project(context.store, resource, row, call.fields)),
    meta: { paging: page.next === null ? {} : { next: nextLink(request, page.next) }, records: page.records },
  })
}

/** Absolute, on Clio's own host: of no use to a caller who came through the gateway. */
function nextLink(request: SandboxRequest, token: string): string {
  const query = new URLSearchParams(request.query)
  query.set('page_token', token)
  return `https://app.clio.com${request.path.replace(/^\/clio/, '')}?${query}`
}

function download(call: Call): Answer {
  const { route, context, request } = call
  const document = context.store.get('documents', route.parent?.id)
  if (route.parent?.name !== 'documents' || !document) throw notFound('Document')
  const upload = downloadable(document, request.query.get('document_version_id') ?? undefined)
  const location = `${context.origin}/_storage/${context.store.name}/${upload}`
  return { status: 303, headers: { location }, body: empty }
}

function create(call: Call): Answer {
  const { route, context, entry } = call
  const { resource, name } = route
  const { store } = context
  if (!resource.create || route.id !== null) throw unsupported(call)
  const read = readBody(dataOf(call), resource.create, { whole: true, dropped: entry.unknownKeys })
  const body = rewritten(read, resource.create, context.behaviour.rewrites)
  checkRequire(resource, body)
  checkRefs(store, resource, body)
  const copied = route.parent ? copyOf(call) : {}
  const data = withItemIds(store, resource, { ...copied, ...body })
  const home = route.parent?.name ?? name
  const quirk = quirks[home]
  const inserted = quirk?.insert?.(data, context)
  if (inserted) return single(call, inserted, 201)
  const completed = quirk?.complete?.(data, null, context) ?? data
  // Calendar entries have ids that are strings, since those of recurrences are composite.
  const id = resource.read.id === 'text' ? String(store.nextId()) : store.nextId()
  return single(call, store.insert(home, completed, id), 201)
}

/** `task_template_lists/{id}/copy`: what the copy starts from. */
function copyOf({ route, context }: Call): JsonObject {
  const row = context.store.get(route.parent?.name ?? '', route.parent?.id)
  if (!row) throw notFound(`${route.parent?.name} with id ${route.parent?.id}`)
  return row.data
}

function update(call: Call): Answer {
  const { route, context, request, entry } = call
  const { store } = context
  const shape = bodyShape(route.resource, 'update')
  if (!shape || route.id === null) throw unsupported(call)
  const row = existing(call)
  const wanted = request.headers['if-match']
  const { otherwise } = context.behaviour
  if (wanted !== undefined && !otherwise.includes('no-if-match') && unquoted(wanted) !== unquoted(etagOf(row))) {
    throw new Refusal(412, 'PreconditionFailed', 'The record has been changed since.')
  }
  const read = readBody(dataOf(call), shape, { whole: false, dropped: entry.unknownKeys })
  const patch = rewritten(read, shape, context.behaviour.rewrites)
  checkBlanks(route, patch)
  checkRefs(store, route.resource, patch)
  const replaced = otherwise.includes('lists-replaced') ? withoutLists(row.data, patch) : row.data
  const after = merged(store, route.resource, replaced, patch)
  checkRequire(route.resource, after)
  const completed = quirks[route.name]?.complete?.(after, row.data, context) ?? after
  return single(call, store.replace(row, completed), 200)
}

/** A record without the lists that a patch brings. */
function withoutLists(data: JsonObject, patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !Array.isArray(patch[key])))
}

/** What create requires cannot be emptied. */
function checkBlanks({ resource }: Route, patch: JsonObject): void {
  for (const key of Object.keys(resource.create ?? {}).filter(name => name.endsWith('!'))) {
    const value = patch[key.slice(0, -1)]
    if (value === null || value === '') throw invalid(`${key.slice(0, -1)} is required.`)
  }
}

function remove(call: Call): Answer {
  const { route, context } = call
  if (!route.resource.delete) throw unsupported(call)
  const row = route.id === null ? quirks[route.name]?.one?.(context) : existing(call)
  if (!row) throw nothingThere(route.name)
  if (!quirks[route.name]?.remove?.(row, context)) context.store.remove(row)
  return { status: 204, headers: { 'x-api-version': apiVersion }, body: empty }
}

function existing({ route, context }: Call): Row {
  const row = context.store.get(route.name, route.id ?? undefined)
  if (!row) throw notFound(`${route.name} with id ${route.id}`)
  return row
}

function single(call: Call, row: Row, status: number): Answer {
  const { request, route, context } = call
  const etag = etagOf(row)
  const headers = { etag, 'x-api-version': apiVersion }
  if (status === 200 && request.method === 'GET' && request.headers['if-none-match'] !== undefined) {
    if (unquoted(request.headers['if-none-match']) === unquoted(etag)) return { status: 304, headers, body: empty }
  }
  return jsonAnswer(status, { data: project(context.store, route.resource, row, call.fields) }, headers)
}

function unquoted(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '')
}

/** The `data` of a body. Throws 400 when there is none. */
function dataOf({ request }: Call): JsonObject {
  const body = parsed(request)
  const data = isObject(body) ? body.data : undefined
  if (!isObject(data)) throw new Refusal(400, 'ArgumentError', 'The body must be a JSON object with a data object.')
  return data
}

export function parsed(request: SandboxRequest): Json {
  try {
    return JSON.parse(textOf(request.body)) as Json
  } catch {
    return null
  }
}

function unsupported({ request, route }: Call): Refusal {
  return new Refusal(
    404,
    'RecordNotFound',
    `${request.method} ${route.name}${route.id === null ? '' : '/{id}'} does not exist.`,
  )
}
