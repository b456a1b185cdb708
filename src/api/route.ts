import type { Context } from 'hono'
import { isName } from '../kv/names.ts'
import { Hono } from '../lib/hono.ts'
import { isProblem, problemResponse } from '../lib/problem.ts'
import { type AgentMay, agentIncludes, type Caller, includes, personOnly } from '../model/access.ts'
import { type Doorkeeper, forbidden, Who } from './access/who.ts'
import { askOf } from './firm.ts'
import { notFound, Refused, resource } from './reply.ts'
import { routes } from './routes.ts'
import type { Beyond, Method, Route } from './table.ts'

/** The HTTP API: the table of routes, and who may call which. */

export interface ApiOptions extends Beyond, Omit<Doorkeeper, 'ask'> {}

export interface Api {
  /** To be mounted on `/api`. */
  readonly routes: Hono
  readonly who: Who
  /** A call of the same table for somebody who is known already, from within. @param path below `/api` */
  call(caller: Caller, path: string, request: RequestInit & { readonly origin: string }): Promise<Response>
}

/** Who makes a request, as long as it lasts. */
type Callers = WeakMap<Request, Caller>

export function apiOf(options: ApiOptions): Api {
  const app = new Hono()
  const { docket } = options
  const who = new Who({ ...options, ask: firm => askOf(docket, firm) })
  const callers: Callers = new WeakMap()
  mount(app, options, callers, ({ role }) => role === 'anybody')
  app.use(async (c, next) => {
    if (callers.has(c.req.raw)) return next()
    const caller = await who.calls(c.req.raw.headers, firmIn(c.req.path))
    if (isProblem(caller)) return problemResponse(caller)
    callers.set(c.req.raw, caller)
    return next()
  })
  mount(app, options, callers, ({ role }) => role !== 'anybody')
  app.all('*', () => problemResponse(notFound))
  app.onError(error => {
    if (error instanceof Refused) return problemResponse(error.problem)
    throw error
  })
  return {
    routes: app,
    who,
    call: async (caller, path, { origin, ...init }) => {
      const request = new Request(`${origin}${path}`, init)
      callers.set(request, caller)
      return app.fetch(request)
    },
  }
}

/** The firm that a path is about; null: about none, so only the vendor has business there. */
function firmIn(path: string): string | null {
  const [, firm] = /\/firms\/([^/]+)/.exec(path) ?? []
  return firm ?? null
}

type Handlers = Partial<Record<Method, (c: Context) => Response | Promise<Response>>>

function mount(app: Hono, beyond: Beyond, callers: Callers, which: (route: Route) => boolean): void {
  const paths = new Map<string, Handlers>()
  for (const route of routes.filter(which))
    paths.set(route.path, { ...paths.get(route.path), [route.method]: handler(route, beyond, callers) })
  for (const [path, handlers] of paths) resource(app, path, handlers)
}

function handler(route: Route, beyond: Beyond, callers: Callers) {
  const { role, path, handle } = route
  return (c: Context): Response | Promise<Response> => {
    const firm = c.req.param('firm') ?? ''
    if (path.includes(':firm') && !isName(firm)) return problemResponse(notFound)
    const caller = callers.get(c.req.raw) ?? nobody
    if (role !== 'anybody' && !includes(caller.role, role)) return problemResponse(forbidden(caller, role))
    if (caller.agent && !isForAgent(route, caller.agent))
      return problemResponse(personOnly('This call is not for agents'))
    const ask = askOf(beyond.docket, firm)
    return handle({ ...beyond, request: c.req.raw, firm, caller, ask, param: name => c.req.param(name) ?? '' })
  }
}

/** What the table says nothing of, an agent may when it only reads, and no admin's business: an export is the whole firm. */
function isForAgent({ method, role, agent }: Route, may: AgentMay): boolean {
  return agent === undefined ? method === 'GET' && role !== 'admin' && role !== 'vendor' : agentIncludes(may, agent)
}

/** Of a call that wants no token. */
const nobody: Caller = { role: 'viewer', actor: 'nobody' }
