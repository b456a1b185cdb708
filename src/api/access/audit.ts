import * as z from 'zod/mini'
import { wholeNumeral } from '../../lib/numeral.ts'
import { includes } from '../../model/access.ts'
import { readQuery } from '../read.ts'
import { reply } from '../reply.ts'
import type { Route } from '../table.ts'

/** Who did what at a firm, and what its door refused. */

const pageQuery = z.strictObject({
  limit: z._default(wholeNumeral.check(z.gte(1), z.lte(200)), 50),
  cursor: z.exactOptional(wholeNumeral.check(z.gte(1))),
})

export const auditRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/audit',
    role: 'viewer',
    handle: async ({ request, ask, caller }) => {
      const query = readQuery(request.url, pageQuery)
      const runsOnly = !includes(caller.role, 'admin')
      return reply(await ask(docket => docket.audit(query.limit, query.cursor ?? null, runsOnly)))
    },
  },
  {
    method: 'GET',
    path: '/firms/:firm/refusals',
    role: 'viewer',
    handle: async ({ ask }) => reply(await ask(docket => docket.refusals())),
  },
]
