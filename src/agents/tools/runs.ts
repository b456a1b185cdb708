import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import { askedWrite } from '../../model/rule.ts'
import { type Told, text, tool, type Visit } from '../tool.ts'
import { shortened, toldRun, toldRuns, toldSummary } from '../untrusted.ts'

/** Tools about runs: what came in, and what became of it. */

const run = z.string().check(z.regex(/^run_[a-z0-9]{1,40}$/))
const json = z.json() as z.ZodMiniType<Json>
const object = z.record(z.string(), json) as z.ZodMiniType<JsonObject>
const flag = z.exactOptional(z.boolean())

export const runTools = [
  tool({
    name: 'list_runs',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({
      state: z.exactOptional(text),
      endpoint: z.exactOptional(text),
      code: z.exactOptional(text),
      day: z.exactOptional(text),
      q: z.exactOptional(text),
      limit: z._default(z.int().check(z.gte(1), z.lte(50)), 10),
      cursor: z.exactOptional(text),
    }),
    run: async (query, { ask, caller }) => {
      const page = await ask(docket => docket.runs(query, caller))
      return isProblem(page) ? page : { ...toldRuns(page.runs), ...(page.cursor !== null && { cursor: page.cursor }) }
    },
  }),
  tool({
    name: 'get_run',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({
      run,
      reveal: flag,
      full: flag,
    }),
    run: async ({ run, reveal = false, full = false }, { ask, caller }) => {
      if (reveal && !includes(caller.role, 'operator')) return revealing
      const view = await ask(docket => docket.run(run, caller, reveal))
      return isProblem(view) ? view : toldRun(view, full)
    },
  }),
  tool({
    name: 'stats',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({}),
    run: async (_, { ask, caller }) => {
      const stats = await ask(docket => docket.stats(caller))
      if (isProblem(stats)) return stats
      const { connection, ...rest } = stats
      const { reason, ...link } = connection
      const ours = { ...rest, connection: link } as unknown as JsonObject
      return { ...ours, ...(reason !== null && { untrusted: { reason } }) }
    },
  }),
  tool({
    name: 'list_endpoints',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({}),
    run: async (_, { ask }) => {
      const found = await ask(docket => docket.endpoints())
      if (isProblem(found)) return found
      const endpoints = found.endpoints.map(({ name, source, types, faults, lastDelivery, today }) => ({
        name,
        source,
        types,
        ...(faults.length > 0 && { faults }),
        lastDelivery,
        today,
      }))
      return { endpoints: endpoints as unknown as Json }
    },
  }),
  tool({
    name: 'preview_event',
    role: 'operator',
    may: 'read',
    input: z.strictObject({
      endpoint: z.exactOptional(text),
      event: z.exactOptional(object),
      body: z.exactOptional(json),
      run: z.exactOptional(run),
      write: z.exactOptional(askedWrite),
      names: flag,
    }),
    run: async (given, { ask, caller }) => {
      const seen = await ask(docket => docket.preview(given as JsonObject, caller))
      if (isProblem(seen)) return seen
      const { state, rules, calls, warnings } = seen
      return {
        state,
        rules,
        calls: calls.map(({ step, method, path, note }) => ({ step, method, path, ...(note && { note }) })),
        warnings: warnings.flatMap(({ path, code }) => (code ? [{ path, code }] : [])),
        untrusted: shortened({
          bodies: calls.map(({ body, query }) => body ?? query ?? null),
          warnings: warnings.map(one => one.message),
        }),
      }
    },
  }),
  tool({
    name: 'submit_event',
    role: 'operator',
    may: 'propose',
    input: z.strictObject({
      endpoint: text,
      fields: object,
      idempotencyKey: text,
    }),
    run: async ({ endpoint, fields, idempotencyKey }, visit) => {
      const answer = await visit.post(endpoint, fields, idempotencyKey)
      const body = (await answer.json().catch(() => null)) as Json
      if (!answer.ok || !isObject(body)) return refusedAtDoor(answer.status, body)
      return { ...(await outcome(String(body.run), visit)), duplicate: body.duplicate === true }
    },
  }),
  tool({
    name: 'resume_run',
    role: 'operator',
    may: 'write',
    input: z.strictObject({
      run,
      config: z.exactOptional(z.enum(['newest', 'own'])),
      skip: z.exactOptional(z.array(text)),
      choose: z.exactOptional(z.record(z.string(), z.union([z.string(), z.int()]))),
    }),
    run: async ({ run, config, ...mend }, visit) => {
      const gone = await visit.ask(docket =>
        docket.resume(run, config === 'own' ? 'own' : 'mended', visit.caller, mend),
      )
      return isProblem(gone) ? gone : outcome(run, visit)
    },
  }),
  tool({
    name: 'discard_run',
    role: 'operator',
    may: 'propose',
    input: z.strictObject({ run }),
    run: async ({ run }, { ask, caller }) => {
      const gone = await ask(docket => docket.discard(run, caller))
      return isProblem(gone) ? gone : toldSummary(gone)
    },
  }),
  tool({
    name: 'undo_run',
    role: 'operator',
    may: 'propose',
    input: z.strictObject({ run }),
    run: async ({ run }, visit) => {
      const asked = await visit.ask(docket => docket.undo(run, false, visit.caller))
      return isProblem(asked) ? asked : outcome(asked.id, visit)
    },
  }),
] as const

/** ms between looks at a run that was just asked for: a conversation waits for it, but not for long. */
const looks = [150, 300, 500, 1000, 1500, 2000, 2500]

/** What became of a run within a few seconds. */
export async function outcome(id: string, { ask, caller, sleep }: Visit): Promise<Told | Problem> {
  for (const wait of looks) {
    await sleep(wait)
    const view = await ask(docket => docket.run(id, caller, false))
    if (isProblem(view)) return view
    if (rests.includes(view.state)) return toldRun(view, false)
  }
  const view = await ask(docket => docket.run(id, caller, false))
  return isProblem(view)
    ? view
    : { ...toldRun(view, false), note: 'It is still under way. Ask get_run later; do not repeat it under another key.' }
}

const rests = ['done', 'parked', 'held', 'ignored', 'spam', 'discarded']

/** The door's own words; what it read of the sender stands in none of them. */
function refusedAtDoor(status: number, body: Json): Problem {
  const said = isObject(body) ? body : {}
  const code =
    String(said.type ?? '')
      .split(':')
      .at(-1) || 'not-submitted'
  const title = String(said.title ?? 'The event was not taken')
  return problem(status, code, title, String(said.detail ?? 'The endpoint answered with no receipt. Nothing was done.'))
}

const revealing = problem(
  403,
  'role',
  'Your role does not allow this',
  'Values are shown to operators. Ask without "reveal".',
)
