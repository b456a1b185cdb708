import type { Hono } from 'hono'
import * as z from 'zod'
import { isProblem, problemResponse } from '../lib/problem.ts'
import { readQuery } from './read.ts'
import { ask, type Registry } from './registry.ts'
import { reply, resource } from './reply.ts'

/** All firms, as the registry knows them: no Docket is woken for it, and each line says how old it is. */

const firmsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(63).exactOptional(),
})

export function firmRoutes(app: Hono, registry: Registry): void {
  resource(app, '/firms', {
    GET: async c => {
      const query = readQuery(c.req.url, firmsQuery)
      if (isProblem(query)) return problemResponse(query)
      return reply(await ask(registry, all => all.firms(query.limit, query.cursor ?? null)))
    },
  })
}
