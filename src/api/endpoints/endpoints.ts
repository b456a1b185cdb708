import * as z from 'zod/mini'
import { isProblem, problemResponse } from '../../lib/problem.ts'
import { revealIn } from '../access/reveal.ts'
import { readJson } from '../read.ts'
import { reply } from '../reply.ts'
import type { Route } from '../table.ts'
import { addressed } from './addresses.ts'

/** The endpoints of a firm: how they stand, and what comes in next. */

const small = 1024
const path = '/firms/:firm/endpoints'

const catchBody = z.strictObject({ minutes: z._default(z.int().check(z.gte(1), z.lte(60)), 15) })

export const endpointRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    role: 'viewer',
    handle: async ({ request, ask, firm }) => {
      const found = await ask(docket => docket.endpoints())
      if (isProblem(found)) return problemResponse(found)
      const { origin } = new URL(request.url)
      return reply({ endpoints: found.endpoints.map(one => ({ ...one, ...addressed(one, firm, origin) })) })
    },
  },
  {
    method: 'POST',
    path: `${path}/:name/catch`,
    role: 'operator',
    handle: async ({ request, ask, caller, param }) => {
      const body = await readJson(request, small, catchBody)
      return reply(await ask(docket => docket.catchNext(param('name'), body.minutes, caller)))
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:name/catch`,
    role: 'operator',
    handle: async ({ ask, caller, param }) => reply(await ask(docket => docket.catchNext(param('name'), 0, caller))),
  },
  {
    method: 'GET',
    path: `${path}/:name/caught`,
    role: 'viewer',
    handle: async ({ request, ask, caller, param }) => {
      const reveal = revealIn(request, caller)
      return reply(await ask(docket => docket.caught(param('name'), caller, reveal)))
    },
  },
]
