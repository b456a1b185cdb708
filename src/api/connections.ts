import type { Hono } from 'hono'
import {
  type ControlPlane,
  createConnection,
  getConnection,
  listConnections,
  removeConnection,
} from '../clio/gateway/connections.ts'
import { isProblem, problemResponse } from '../lib/problem.ts'
import { ask, type Registry } from './registry.ts'
import { done, reply, resource } from './reply.ts'

/** The gateway's connections to Clio. */
export function connectionRoutes(app: Hono, plane: ControlPlane, registry: Registry): void {
  resource(app, '/connections', {
    GET: async () => {
      const connections = await listConnections(plane)
      return reply(isProblem(connections) ? connections : { connections })
    },
    /** The answer's `url` is to be opened in a browser by somebody who may sign in to Clio. */
    POST: async () => {
      const made = await createConnection(plane)
      return reply(made, 201, isProblem(made) ? {} : { location: `/api/connections/${encodeURIComponent(made.id)}` })
    },
  })
  resource(app, '/connections/:id', {
    GET: async c => reply(await getConnection(plane, c.req.param('id') ?? '')),
    /** Refused while a firm has it. Nobody can take it while it is being removed. */
    DELETE: async c => {
      const id = c.req.param('id') ?? ''
      const refused = await ask(registry, all => all.condemn(id))
      if (refused) return problemResponse(refused)
      const gone = await removeConnection(plane, id)
      const spared = gone && (await ask(registry, all => all.spare(id)))
      return done(spared ?? gone)
    },
  })
}
