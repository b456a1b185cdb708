import * as z from 'zod/mini'
import { isProblem, problemResponse } from '../lib/problem.ts'
import { readQuery } from './read.ts'
import { ask } from './registry.ts'
import { reply } from './reply.ts'
import type { Route } from './table.ts'

/** All firms, as the registry knows them: no Docket is woken for it, and each line says how old it is. */

const firmsQuery = z.strictObject({
  limit: z._default(z.coerce.number().check(z.multipleOf(1), z.gte(1), z.lte(200)), 50),
  cursor: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(63))),
  /** Part of the name. */
  q: z.exactOptional(z.string().check(z.maxLength(63))),
})

export const firmRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms',
    role: 'vendor',
    summary: 'All firms, as the registry knows them',
    handle: async ({ request, registry }) => {
      const query = readQuery(request.url, firmsQuery)
      if (isProblem(query)) return problemResponse(query)
      return reply(await ask(registry, all => all.firms(query.limit, query.cursor ?? null, query.q)))
    },
  },
]
