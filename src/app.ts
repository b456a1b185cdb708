import { routePath } from 'hono/route'
import { agentRoutes, type Listing } from './agents/mcp.ts'
import { Access } from './api/access/access-jwt.ts'
import { failed, notFound, reply, resource } from './api/reply.ts'
import { apiOf } from './api/route.ts'
import { consoleRoutes } from './console/console.ts'
import { demoRoutes, frontPage, nowhere, wantsPage } from './console/front/front.ts'
import { docketOf } from './dockets.ts'
import { type Door, inboundRoutes } from './door/route.ts'
import { formRoutes } from './forms/route.ts'
import { type Health, health } from './health.ts'
import { failureLine } from './lib/failure.ts'
import { Hono } from './lib/hono.ts'
import { problemResponse } from './lib/problem.ts'
import { registryOf } from './platform/registry.ts'
import { keyringOf } from './platform/sealing.ts'
import { sandboxOf, settingsOf } from './platform/settings.ts'
import { sources } from './sources/index.ts'
import { locate } from './sources/locate.ts'

/** ms that an isolate takes its health for what it was. */
const pulse = 500

/** Where events come in, by web request and by mail. */
export function doorOf(env: Env): Door {
  return {
    docket: firm => docketOf(env, firm),
    kv: env.KV,
    files: env.FILES ?? null,
    env,
    now: Date.now,
    admit: async key => (await env.DOOR_LIMIT.limit({ key })).success,
    admitLarge: async key => (await env.ENDPOINT_LIMIT.limit({ key })).success,
    admitRefused: async key => (await env.REFUSED_LIMIT.limit({ key })).success,
  }
}

/**
 * The whole HTTP surface: the door, the operator's API, health and the front page.
 * @param outside how the API reaches the gateway's control plane
 * @throws ZodError when a variable is malformed, with its name
 */
export function createApp(env: Env, outside: typeof fetch = (...call) => fetch(...call)): Hono {
  const { controlUrl, timeout, access } = settingsOf(env)
  const docket = (firm: string) => docketOf(env, firm)
  const connections = { url: controlUrl, key: env.MATON_API_KEY, timeout, fetch: outside }

  const asset = async <T>(name: string): Promise<T> => (await env.ASSETS.fetch(`https://assets.invalid/${name}`)).json()

  const sandbox = sandboxOf(env)
  const app = new Hono()
  const door = inboundRoutes(doorOf(env))
  const front = { kv: env.KV, sandbox, deliver: (request: Request) => door.fetch(request) }
  app.route('/', demoRoutes(front))
  app.route('/', door)
  const admitRefused = async (key: string) => (await env.REFUSED_LIMIT.limit({ key })).success
  app.route('/', formRoutes({ docket, kv: env.KV, env, now: Date.now, admitRefused }))
  const api = apiOf({
    adminToken: env.ADMIN_TOKEN,
    access: access && new Access({ settings: access, fetch: outside, now: Date.now }),
    admit: async address => (await env.GUESS_LIMIT.limit({ key: address })).success,
    now: Date.now,
    docket,
    registry: () => registryOf(env),
    connections,
    asset,
    trial: {
      demonstration: sandbox !== null,
      locate: (mirror, firm, endpoint) => locate(mirror, firm, endpoint, env, sources),
      post: async request => door.fetch(request),
    },
  })
  app.route('/api', api.routes)
  const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
  const listing = () => asset<Listing>('tools.json')
  app.route('/', agentRoutes({ who: api.who, docket, post: request => door.fetch(request), sleep, listing }))
  app.route('/', consoleRoutes({ api, kv: env.KV, ring: keyringOf(env), sandbox, now: Date.now }))
  let felt: { at: number; found: Health | null } = { at: Number.NEGATIVE_INFINITY, found: null }
  // Where monitoring systems look.
  resource(app, '/metrics', { GET: c => api.routes.fetch(c.req.raw) })
  resource(app, '/healthz', {
    GET: async () => {
      const now = Date.now()
      // Anybody may ask, and it asks the one registry: a flood of it stops here.
      if (!(now - felt.at >= 0 && now - felt.at < pulse)) felt = { at: now, found: await health(env) }
      return reply(felt.found!, felt.found!.status === 'ok' ? 200 : 503)
    },
  })
  resource(app, '/', { GET: () => frontPage(front) })
  app.notFound(c => (wantsPage(c.req.raw.headers) ? nowhere() : problemResponse(notFound)))
  app.onError((error, c) => {
    // The path as it is routed, not as it was asked: the latter may hold a token (I5).
    console.error(`${c.req.method} ${routePath(c, -1)} failed: ${failureLine(error)}`)
    return problemResponse(failed)
  })
  return app
}
