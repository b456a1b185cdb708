import * as z from 'zod/mini'
import { isProblem } from '../../lib/problem.ts'
import { agentMays, firmRoles, type NewSeat, vendor } from '../../model/access.ts'
import { readJson } from '../read.ts'
import { done, reply } from '../reply.ts'
import type { Route } from '../table.ts'

/** A firm's tokens, and the seats of its people. */

const largest = 4096
const role = z.enum(firmRoles)
/** What the audit and the console call others, whatever is written into it that nobody sees. */
const others: readonly string[] = [vendor.actor, 'docketed']
const isNobodyElse = (name: string) =>
  !others.includes(
    name
      .normalize('NFKC')
      .replace(/[\p{C}\p{Z}]/gu, '')
      .toLowerCase(),
  )
const seat = z.union([
  z.strictObject({
    // The audit calls who did something by name.
    name: z
      .string()
      .check(
        z.trim(),
        z.minLength(1),
        z.maxLength(64),
        z.refine(isNobodyElse, 'is what the audit calls somebody else'),
      ),
    role,
    agent: z.exactOptional(z.enum(agentMays)),
  }),
  z.strictObject({ email: z.email().check(z.maxLength(254), z.toLowerCase()), role }),
])

export const tokenRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/tokens',
    role: 'admin',
    handle: async ({ ask }) => reply(await ask(docket => docket.tokens())),
  },
  {
    method: 'POST',
    path: '/firms/:firm/tokens',
    role: 'admin',
    handle: async ({ request, ask, caller, firm }) => {
      const body = await readJson(request, largest, seat)
      const made = await ask(docket => docket.addToken(firm, body as NewSeat, caller))
      return reply(made, 201, isProblem(made) ? {} : { location: `/api/firms/${firm}/tokens/${made.id}` })
    },
  },
  {
    method: 'DELETE',
    path: '/firms/:firm/tokens/:id',
    role: 'admin',
    handle: async ({ ask, caller, param }) => done(await ask(docket => docket.removeToken(param('id'), caller))),
  },
]
