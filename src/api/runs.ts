import * as z from 'zod/mini'
import type { Json } from '../lib/json.ts'
import { wholeNumeral } from '../lib/numeral.ts'
import { isProblem, type Problem } from '../lib/problem.ts'
import type { RunSummary } from '../model/docket-rpc.ts'
import { type ReasonCode, reasons, statesOf } from '../model/reason.ts'
import { revealIn } from './access/reveal.ts'
import { readJson, readQuery } from './read.ts'
import { reply } from './reply.ts'
import type { Route } from './table.ts'

/** What an operator sees of a firm's runs, and does with them. */

/** As large as an event may be, and the names around it. */
const largestPreview = 2 * 1024 * 1024
const largestChoice = 64 * 1024

const short = z.exactOptional(z.string().check(z.minLength(1), z.maxLength(255)))
const runQuery = z.strictObject({
  /** One or more states, separated by commas: the Docket knows them. */
  state: short,
  endpoint: short,
  /** A reason code. */
  code: short,
  type: short,
  /** YYYY-MM-DD, in the firm's timezone. */
  day: short,
  q: short,
  limit: z.exactOptional(wholeNumeral.check(z.gte(1), z.lte(200))),
  cursor: short,
})

/** `newest` (or `mended`, its name of before): with the newest configuration. `own`: with the one that the run began with. */
const config = z._default(z.enum(['newest', 'mended', 'own']), 'newest')
const resumeBody = z.strictObject({
  config,
  answers: z.exactOptional(z.record(z.string(), z.json() as z.ZodMiniType<Json>)),
  skip: z.exactOptional(z.array(z.string())),
  choose: z.exactOptional(z.record(z.string(), z.union([z.string(), z.int()]))),
})
const versionOf = (wanted: z.infer<typeof config>) => (wanted === 'own' ? 'own' : 'mended')

/** Of runs that a person decides. */
const decided = (Object.keys(reasons) as ReasonCode[]).filter(
  code => code === 'shadow' || ['parked', 'spam'].includes(statesOf(code)[0]!),
)
const manyBody = z.strictObject({ code: z.enum(decided), config, skip: z.exactOptional(z.array(z.string())) })
/** `anyway`: take back what can be, although part of it cannot. `dry`: only say what would be. */
const undoBody = z.strictObject({ anyway: z._default(z.boolean(), false), dry: z._default(z.boolean(), false) })
const json = z.json() as z.ZodMiniType<Json>

export const runRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/runs',
    role: 'viewer',
    handle: async ({ request, ask, caller }) => {
      const query = readQuery(request.url, runQuery)
      return reply(await ask(docket => docket.runs(query, caller)))
    },
  },
  // Before `/runs/:id`, whose id they would be taken for.
  ...(['resume', 'discard', 'replay'] as const).map(
    (act): Route => ({
      method: 'POST',
      path: `/firms/:firm/runs/${act}`,
      role: 'operator',
      handle: async ({ request, ask, caller }) => {
        const body = await readJson(request, largestChoice, manyBody)
        const { config: wanted, ...rest } = body
        return reply(await ask(docket => docket.forReason(act, { ...rest, version: versionOf(wanted) }, caller)))
      },
    }),
  ),
  {
    method: 'GET',
    path: '/firms/:firm/runs/:id',
    role: 'viewer',
    handle: async ({ request, ask, caller, param }) => {
      const reveal = revealIn(request, caller)
      return reply(await ask(docket => docket.run(param('id'), caller, reveal)))
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/runs/:id/resume',
    role: 'operator',
    agent: 'write',
    handle: async ({ request, ask, caller, param }) => {
      const body = await readJson(request, largestChoice, resumeBody)
      const { config: wanted, ...mend } = body
      return reply(await ask(docket => docket.resume(param('id'), versionOf(wanted), caller, mend)))
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/runs/:id/discard',
    role: 'operator',
    agent: 'propose',
    handle: async ({ ask, caller, param }) => reply(await ask(docket => docket.discard(param('id'), caller))),
  },
  {
    method: 'POST',
    path: '/firms/:firm/runs/:id/replay',
    role: 'operator',
    handle: async ({ ask, caller, firm, param }) => made(firm, await ask(docket => docket.replay(param('id'), caller))),
  },
  {
    method: 'POST',
    path: '/firms/:firm/runs/:id/undo',
    role: 'operator',
    agent: 'propose',
    handle: async ({ request, ask, caller, firm, param }) => {
      const body = await readJson(request, largestChoice, undoBody)
      if (body.dry) return reply(await ask(docket => docket.undoOutlook(param('id'))))
      return made(firm, await ask(docket => docket.undo(param('id'), body.anyway, caller)))
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/preview',
    role: 'operator',
    agent: 'read',
    handle: async ({ request, ask, caller }) => {
      const body = await readJson(request, largestPreview, json)
      return reply(await ask(docket => docket.preview(body, caller)))
    },
  },
  {
    method: 'GET',
    path: '/firms/:firm/stats',
    role: 'viewer',
    handle: async ({ ask, caller }) => reply(await ask(docket => docket.stats(caller))),
  },
]

/** A new run, which `Location` names; it is carried out after the answer. */
const made = (firm: string, run: RunSummary | Problem): Response =>
  reply(run, 202, isProblem(run) ? {} : { location: `/api/firms/${firm}/runs/${run.id}` })
