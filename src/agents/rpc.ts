import { readText } from '../api/read.ts'
import { failureLine } from '../lib/failure.ts'
import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { isProblem, problemResponse } from '../lib/problem.ts'
import { parseJson } from '../reading/body/body.ts'

/**
 * The Model Context Protocol over Streamable HTTP, as far as a server needs it that has tools and no memory: each POST is one message, each
 * answer plain JSON. Spoken with the handshake of before and, since revision 2026-07-28, without.
 * @source https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */

/** Without a handshake: version and client stand in each request. */
const modern = '2026-07-28'
/** With `initialize`, newest first. */
const legacy = ['2025-11-25', '2025-06-18', '2025-03-26']
const versions = [modern, ...legacy]

/** Bytes of a message. */
const largest = 1_048_576
/** Messages of a batch. */
const batchMost = 20
const prefix = 'io.modelcontextprotocol/'
const serverInfo = { name: 'docketed', title: 'Docketed', version: '1' }
const capabilities = { tools: {} }

/** What is served; made for one caller. */
export interface Serving {
  instructions(): Promise<string>
  /** As `tools/list` answers them. */
  tools(): Promise<JsonObject[]>
  /** What `tools/call` answers; null: there is no such tool. */
  call(name: string, given: JsonObject): Promise<JsonObject | null>
}

export async function answerRpc(request: Request, serving: Serving): Promise<Response> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    return said(415, fault(null, -32600, 'Send the message as application/json.'))
  const text = await readText(request, largest)
  if (isProblem(text)) return problemResponse(text)
  const message = parseJson(text)
  if (message === undefined) return said(400, fault(null, -32700, 'The body is not JSON.'))
  // Batches were part of revision 2025-03-26 alone.
  if (!Array.isArray(message)) return one(message, request.headers, serving)
  if (message.length === 0 || message.length > batchMost) return invalid()
  const answers: Json[] = []
  for (const each of message) {
    const answer = await one(each, request.headers, serving)
    if (answer.status !== 202) answers.push((await answer.json()) as Json)
  }
  return answers.length === 0 ? taken() : said(200, answers)
}

async function one(message: Json, headers: Headers, serving: Serving): Promise<Response> {
  if (!isObject(message) || message.jsonrpc !== '2.0') return invalid()
  const { id, method } = message
  // Nothing is asked of clients, so an answer of theirs is to nobody.
  if (typeof method !== 'string') return 'result' in message || 'error' in message ? taken() : invalid()
  if (id === undefined) return taken()
  if (typeof id !== 'string' && typeof id !== 'number') return invalid()
  const params = isObject(message.params) ? message.params : {}
  const asked = isObject(params._meta) ? params._meta[`${prefix}protocolVersion`] : undefined
  const wrong = asked === undefined ? wrongHeader(headers, id) : mismatch(asked, method, params, headers, id)
  if (wrong) return said(400, wrong)
  const stateless = asked !== undefined
  try {
    const result = await resultOf(method, params, stateless, serving)
    if (!result) return said(stateless ? 404 : 200, fault(id, -32601, 'There is no such method here.'))
    if ('fault' in result) return said(200, fault(id, -32602, String(result.fault)))
    const about = stateless && { resultType: 'complete', _meta: { [`${prefix}serverInfo`]: serverInfo } }
    return said(200, { jsonrpc: '2.0', id, result: { ...about, ...result } })
  } catch (error) {
    console.error(`A tool failed: ${failureLine(error)}`)
    return said(200, fault(id, -32603, 'Docketed failed on this request, which is our fault. It may be sent again.'))
  }
}

async function resultOf(
  method: string,
  params: JsonObject,
  stateless: boolean,
  { instructions, tools, call }: Serving,
): Promise<JsonObject | null> {
  // Another token sees other tools, and may lose them at any time.
  const uncached = stateless && { ttlMs: 0, cacheScope: 'private' }
  switch (method) {
    case 'initialize': {
      if (stateless) return null
      const wanted = String(params.protocolVersion)
      const protocolVersion = legacy.includes(wanted) ? wanted : legacy[0]!
      return { protocolVersion, capabilities, serverInfo, instructions: await instructions() }
    }
    case 'server/discover':
      return stateless
        ? { supportedVersions: [modern], capabilities, instructions: await instructions(), ...uncached }
        : null
    case 'ping':
      return {}
    case 'tools/list':
      return { tools: await tools(), ...uncached }
    case 'tools/call': {
      const given = params.arguments ?? {}
      const done = isObject(given) ? await call(String(params.name), given) : null
      return done ?? { fault: 'There is no such tool, or its arguments are no object. Ask tools/list.' }
    }
    default:
      return null
  }
}

/** What stands wrong in the headers of a request with a handshake behind it. */
function wrongHeader(headers: Headers, id: Json): JsonObject | null {
  const named = headers.get('mcp-protocol-version')
  if (named === null || legacy.includes(named)) return null
  if (named !== modern) return unsupported(named, id)
  return fault(id, -32602, `A request of revision ${modern} carries _meta with ${prefix}protocolVersion.`)
}

/** Headers say the same as the body, so that whoever routes by them is not deceived. */
function mismatch(asked: Json, method: string, params: JsonObject, headers: Headers, id: Json): JsonObject | null {
  const pairs: [string, Json | undefined][] = [
    ['mcp-protocol-version', asked],
    ['mcp-method', method],
    ...(method === 'tools/call' ? [['mcp-name', params.name] as [string, Json | undefined]] : []),
  ]
  const wrong = pairs.find(([name, value]) => headers.get(name) !== value)
  if (wrong) return fault(id, -32020, `The header ${wrong[0]} is missing, or says something else than the body.`)
  return asked === modern ? null : unsupported(asked, id)
}

const unsupported = (requested: Json, id: Json): JsonObject =>
  fault(id, -32022, 'Unsupported protocol version', { supported: versions, requested })

const fault = (id: Json, code: number, message: string, data?: JsonObject): JsonObject => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, ...(data && { data }) },
})

const said = (status: number, body: Json): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

const taken = () => new Response(null, { status: 202 })

const invalid = () => said(400, fault(null, -32600, 'This is no request of JSON-RPC 2.0.'))
