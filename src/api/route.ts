import { Hono } from 'hono'
import type { ControlPlane } from '../clio/gateway/connections.ts'
import { problemResponse } from '../lib/problem.ts'
import { bearer } from './auth.ts'
import { configRoutes } from './config.ts'
import { connectionRoutes } from './connections.ts'
import type { Dockets } from './firm.ts'
import { firmRoutes } from './firms.ts'
import type { Registry } from './registry.ts'
import { notFound } from './reply.ts'
import { runRoutes } from './runs.ts'
import { schemaRoute } from './schema.ts'
import { slackRoutes } from './slack.ts'

/** The operator's HTTP API, to be mounted on `/api`. Whoever has no token learns nothing, not even which paths there are. */

export interface ApiOptions {
  /** The secret ADMIN_TOKEN; without one the API is shut. */
  readonly adminToken: string | undefined
  readonly docket: Dockets
  readonly registry: Registry
  readonly connections: ControlPlane
}

export function apiRoutes({ adminToken, docket, registry, connections }: ApiOptions): Hono {
  const app = new Hono()
  schemaRoute(app, '/schema/config.json')
  app.use(bearer(adminToken))
  configRoutes(app, docket)
  runRoutes(app, docket)
  firmRoutes(app, registry)
  connectionRoutes(app, connections, registry)
  slackRoutes(app, docket)
  app.all('*', () => problemResponse(notFound))
  return app
}
