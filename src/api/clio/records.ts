import * as z from 'zod/mini'
import { isProblem } from '../../lib/problem.ts'
import { askedWrite } from '../../model/rule.ts'
import { readJson } from '../read.ts'
import { reply } from '../reply.ts'
import type { Route } from '../table.ts'

/** Writes in Clio that somebody asks for with no rule: on the docket like any event, once for a key, and taken back by its undo. */

const largest = 256 * 1024
const idempotencyKey = z.string().check(z.trim(), z.minLength(1), z.maxLength(255))
const body = z.extend(askedWrite, { idempotencyKey })

export const recordRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/firms/:firm/records',
    role: 'operator',
    agent: 'propose',
    handle: async ({ request, ask, caller, firm }) => {
      const asked = await readJson(request, largest, body)
      const { idempotencyKey: key, ...write } = asked
      const run = await ask(docket => docket.ask(write, key, caller))
      return reply(run, 202, isProblem(run) ? {} : { location: `/api/firms/${firm}/runs/${run.id}` })
    },
  },
]
