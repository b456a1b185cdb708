import { forbidden, type Who } from '../api/access/who.ts'
import { askOf, type Dockets } from '../api/firm.ts'
import { Refused, resource } from '../api/reply.ts'
import { isName } from '../kv/names.ts'
import { Hono } from '../lib/hono.ts'
import { remarksOf } from '../lib/issues.ts'
import type { JsonObject } from '../lib/json.ts'
import { isProblem, type Problem, problem, problemResponse } from '../lib/problem.ts'
import { type AgentMay, agentIncludes, type Caller, includes, personOnly } from '../model/access.ts'
import { answerRpc, type Serving } from './rpc.ts'
import { notHere, refusalOf, type Told, type Tool } from './tool.ts'
import { clioTools } from './tools/clio.ts'
import { runTools } from './tools/runs.ts'

/** `POST /mcp`: the docket and Clio for agents, with what their token may do, and no memory between two calls. */

export interface AgentOptions {
  readonly who: Who
  readonly docket: Dockets
  /** The door: `POST /in/{firm}/{endpoint}`. */
  post(request: Request): Response | Promise<Response>
  sleep(ms: number): Promise<void>
  /** What agents are told of the tools: an asset, which `npm run docs` makes. */
  listing(): Promise<Listing>
}

export interface Listing {
  readonly instructions: string
  /** As `tools/list` answers them: name, words, the JSON Schema of what each takes. */
  readonly tools: readonly (JsonObject & { readonly name: string; readonly inputSchema: JsonObject })[]
}

export const tools: readonly Tool[] = [...runTools, ...clioTools]

/** Whoever comes here is an agent: a token that does not say what it may, proposes. */
type Agent = Caller & { readonly agent: AgentMay }

export function agentRoutes(options: AgentOptions): Hono {
  const app = new Hono()
  resource(app, '/mcp', { POST: c => receive(c.req.raw, options) })
  return app
}

async function receive(request: Request, options: AgentOptions): Promise<Response> {
  const { headers, url } = request
  const origin = headers.get('origin')
  // A page that a browser was led to may not speak for it (DNS rebinding).
  if (origin !== null && origin !== new URL(url).origin) return problemResponse(foreign)
  try {
    const known = await options.who.bears(headers)
    if (isProblem(known)) return problemResponse(known)
    const { caller, pass } = known
    const agent = { ...caller, agent: caller.agent ?? 'propose' }
    return await answerRpc(request, servingOf(agent, pass.firm, request, options))
  } catch (error) {
    if (error instanceof Refused) return problemResponse(error.problem)
    throw error
  }
}

function servingOf(caller: Agent, own: string | null, request: Request, options: AgentOptions): Serving {
  return {
    instructions: async () => (await options.listing()).instructions,
    tools: async () => {
      const theirs = tools.filter(tool => kept(tool, caller) === null).map(({ name }) => name)
      const listed = (await options.listing()).tools.filter(({ name }) => theirs.includes(name))
      return own === null ? listed.map(ofAnyFirm) : [...listed]
    },
    call: async (name, given) => {
      const tool = tools.find(one => one.name === name)
      if (!tool) return null
      const told = await carriedOut(tool, given, caller, own, request, options)
      return isProblem(told) ? answered(refusalOf(told), true) : answered(told, false)
    },
  }
}

async function carriedOut(
  tool: Tool,
  { firm: named, ...given }: JsonObject,
  caller: Agent,
  own: string | null,
  request: Request,
  { docket, post, sleep }: AgentOptions,
): Promise<Told | Problem> {
  const refused = kept(tool, caller)
  if (refused) return refused
  const firm = own ?? named
  if (firm === undefined) return noFirm
  // Another firm's agent learns nothing of this one, not even that it is there.
  if (typeof firm !== 'string' || !isName(firm) || (named ?? firm) !== firm) return notHere
  const read = tool.input.safeParse(given)
  if (!read.success) return unfit(remarksOf(read.error, tool.input, given))
  const ask = askOf(docket, firm)
  try {
    return await tool.run(read.data, {
      firm,
      caller,
      ask,
      sleep,
      post: async (endpoint, fields, key) => {
        const url = new URL(`/in/${firm}/${encodeURIComponent(endpoint)}`, request.url)
        const headers = new Headers({ 'content-type': 'application/json', 'idempotency-key': key })
        const from = request.headers.get('cf-connecting-ip')
        if (from !== null) headers.set('cf-connecting-ip', from)
        return post(new Request(url, { method: 'POST', headers, body: JSON.stringify(fields) }))
      },
    })
  } catch (error) {
    if (error instanceof Refused) return error.problem
    throw error
  }
}

/** Why this caller has not this tool; null: it has. */
function kept({ role, may }: Tool, caller: Agent): Problem | null {
  if (!includes(caller.role, role)) return forbidden(caller, role)
  return agentIncludes(caller.agent, may) ? null : personOnly(`This token may only ${caller.agent}`)
}

/** A token of no firm says with each call which one it means. */
function ofAnyFirm(listed: Listing['tools'][number]): JsonObject {
  const { properties, required } = listed.inputSchema
  const firm = { type: 'string', description: 'Name of the firm, as in its addresses.' }
  return {
    ...listed,
    inputSchema: {
      ...listed.inputSchema,
      properties: { firm, ...(properties as JsonObject) },
      required: ['firm', ...((required as string[] | undefined) ?? [])],
    },
  }
}

const answered = (told: Told, isError: boolean): JsonObject => ({
  content: [{ type: 'text', text: JSON.stringify(told) }],
  ...(isError && { isError }),
})

const unfit = (errors: readonly { path: string; message: string }[]) =>
  problem(
    400,
    'bad-arguments',
    'The arguments do not fit',
    "Nothing was done. Fix the entries in 'errors', and call again.",
    {
      errors,
    },
  )

const noFirm = problem(
  400,
  'firm-missing',
  'Which firm?',
  'This token is good for all firms: say "firm", its name as in its addresses.',
)

const foreign = problem(
  403,
  'origin',
  'This page may not ask here',
  'Requests that come from pages of other addresses are refused. Programs send no Origin.',
)
