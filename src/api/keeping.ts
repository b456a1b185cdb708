import * as z from 'zod/mini'
import { readJson } from './read.ts'
import { reply } from './reply.ts'
import type { Route } from './table.ts'

/** What is kept of people, and no longer: erasing, and legal holds. */

const largestBody = 4096

const personBody = z.union([
  z.strictObject({ email: z.email() }),
  z.strictObject({ phone: z.string().check(z.minLength(3), z.maxLength(100)) }),
])
/** `subject`: all runs of its subject, those to come too. */
const holdBody = z.strictObject({ subject: z._default(z.boolean(), false) })

export const keepingRoutes: readonly Route[] = [
  {
    method: 'DELETE',
    path: '/firms/:firm/runs/:id',
    role: 'operator',
    handle: async ({ ask, caller, param }) => reply(await ask(docket => docket.eraseRun(param('id'), caller))),
  },
  {
    method: 'POST',
    path: '/firms/:firm/erase',
    role: 'admin',
    handle: async ({ request, ask, caller }) => {
      const body = await readJson(request, largestBody, personBody)
      return reply(await ask(docket => docket.erasePerson(body, caller)))
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/runs/:id/hold',
    role: 'operator',
    handle: async ({ request, ask, caller, param }) => {
      const body = await readJson(request, largestBody, holdBody)
      return reply(await ask(docket => docket.legalHold(param('id'), body.subject ? 'subject' : 'run', caller)))
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/runs/:id/release',
    role: 'admin',
    handle: async ({ ask, caller, param }) =>
      reply(await ask(docket => docket.legalHold(param('id'), 'release', caller))),
  },
]
