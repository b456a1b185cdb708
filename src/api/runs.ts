import type { Hono } from 'hono'
import * as z from 'zod'
import type { Json } from '../lib/json.ts'
import { isProblem, type Problem, problemResponse } from '../lib/problem.ts'
import type { RunSummary } from '../model/docket-rpc.ts'
import { type Dockets, withDocket } from './firm.ts'
import { readJson, readQuery } from './read.ts'
import { reply, resource } from './reply.ts'

/** What an operator sees of a firm's runs, and does with them. */

/** As large as an event may be, and the names around it. */
const largestPreview = 2 * 1024 * 1024
const largestChoice = 1024

const short = z.string().min(1).max(255).exactOptional()
const runQuery = z.strictObject({
  /** One or more states, separated by commas: the Docket knows them. */
  state: short,
  endpoint: short,
  q: short,
  limit: z.coerce.number().int().min(1).max(200).exactOptional(),
  cursor: short,
})

/** `mended`: with the newest configuration. `own`: with the one that the run began with. */
const resumeBody = z.strictObject({ config: z.enum(['mended', 'own']).default('own') })
/** `anyway`: take back what can be, although part of it cannot. */
const undoBody = z.strictObject({ anyway: z.boolean().default(false) })
const json = z.json() as z.ZodType<Json>

export function runRoutes(app: Hono, dockets: Dockets): void {
  resource(app, '/firms/:firm/runs', {
    GET: withDocket(dockets, async (ask, c) => {
      const query = readQuery(c.req.url, runQuery)
      return isProblem(query) ? problemResponse(query) : reply(await ask(docket => docket.runs(query)))
    }),
  })
  resource(app, '/firms/:firm/runs/:id', {
    GET: withDocket(dockets, async (ask, c) => reply(await ask(docket => docket.run(idOf(c.req.param('id')))))),
  })
  resource(app, '/firms/:firm/runs/:id/resume', {
    POST: withDocket(dockets, async (ask, c) => {
      const body = await readJson(c.req.raw, largestChoice, resumeBody)
      if (isProblem(body)) return problemResponse(body)
      return reply(await ask(docket => docket.resume(idOf(c.req.param('id')), body.config)))
    }),
  })
  resource(app, '/firms/:firm/runs/:id/discard', {
    POST: withDocket(dockets, async (ask, c) => reply(await ask(docket => docket.discard(idOf(c.req.param('id')))))),
  })
  /** Both make a new run, which `Location` names; it is carried out after the answer. */
  const made = (firm: string, run: RunSummary | Problem): Response =>
    reply(run, 202, isProblem(run) ? {} : { location: `/api/firms/${firm}/runs/${run.id}` })
  resource(app, '/firms/:firm/runs/:id/replay', {
    POST: withDocket(dockets, async (ask, c, firm) =>
      made(firm, await ask(docket => docket.replay(idOf(c.req.param('id'))))),
    ),
  })
  resource(app, '/firms/:firm/runs/:id/undo', {
    POST: withDocket(dockets, async (ask, c, firm) => {
      const body = await readJson(c.req.raw, largestChoice, undoBody)
      if (isProblem(body)) return problemResponse(body)
      return made(firm, await ask(docket => docket.undo(idOf(c.req.param('id')), body.anyway)))
    }),
  })
  resource(app, '/firms/:firm/preview', {
    POST: withDocket(dockets, async (ask, c) => {
      const body = await readJson(c.req.raw, largestPreview, json)
      return isProblem(body) ? problemResponse(body) : reply(await ask(docket => docket.preview(body as Json)))
    }),
  })
  resource(app, '/firms/:firm/stats', {
    GET: withDocket(dockets, async ask => reply(await ask(docket => docket.stats()))),
  })
}

const idOf = (param: string | undefined) => param ?? ''
