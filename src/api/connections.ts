import { createConnection, getConnection, listConnections, removeConnection } from '../clio/gateway/connections.ts'
import { isProblem, problemResponse } from '../lib/problem.ts'
import { ask } from './registry.ts'
import { done, reply } from './reply.ts'
import type { Route } from './table.ts'

/** The gateway's connections to Clio. */
export const connectionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/connections',
    role: 'vendor',
    handle: async ({ connections: plane }) => {
      const connections = await listConnections(plane)
      return reply(isProblem(connections) ? connections : { connections })
    },
  },
  {
    method: 'POST',
    path: '/connections',
    role: 'vendor',
    handle: async ({ connections: plane }) => {
      const made = await createConnection(plane)
      return reply(made, 201, isProblem(made) ? {} : { location: `/api/connections/${encodeURIComponent(made.id)}` })
    },
  },
  {
    method: 'GET',
    path: '/connections/:id',
    role: 'vendor',
    handle: async ({ connections: plane, param }) => reply(await getConnection(plane, param('id'))),
  },
  {
    method: 'DELETE',
    path: '/connections/:id',
    role: 'vendor',
    handle: async ({ connections: plane, registry, param }) => {
      const id = param('id')
      const refused = await ask(registry, all => all.condemn(id))
      if (refused) return problemResponse(refused)
      const gone = await removeConnection(plane, id)
      const spared = gone && (await ask(registry, all => all.spare(id)))
      return done(spared ?? gone)
    },
  },
]
