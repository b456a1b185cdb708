import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import { askedWrite } from '../../model/rule.ts'
import { described, idempotencyKey, type Told, text, tool, type Visit } from '../tool.ts'
import { shortened, toldRun, toldRuns, toldSummary } from '../untrusted.ts'

/** Tools about runs: what came in, and what became of it. */

const run = described(z.string().check(z.regex(/^run_[a-z0-9]{1,40}$/)), 'Id of a run: run_…')
const json = z.json() as z.ZodMiniType<Json>
const object = z.record(z.string(), json) as z.ZodMiniType<JsonObject>
const flag = (text: string) => z.exactOptional(described(z.boolean(), text))

export const runTools = [
  tool({
    name: 'list_runs',
    title: 'List runs',
    description:
      'Lists runs, newest first. A run is one event (a form, a booking, a webhook, or a write of an agent) being carried out in Clio. ' +
      'States: accepted, running, waiting, held (connection lost), done, ignored, spam, parked (a person is needed), discarded.',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({
      state: z.exactOptional(described(text, 'One or more states, separated by commas: parked,held')),
      endpoint: z.exactOptional(described(text, 'Only of this endpoint; "agents" for writes of agents.')),
      code: z.exactOptional(described(text, 'Only parked for this reasonCode.')),
      day: z.exactOptional(described(text, 'YYYY-MM-DD')),
      q: z.exactOptional(described(text, 'Beginning of a run id, or a whole key or subject.')),
      limit: z._default(z.int().check(z.gte(1), z.lte(50)), 10),
      cursor: z.exactOptional(described(text, 'From the page before.')),
    }),
    run: async (query, { ask, caller }) => {
      const page = await ask(docket => docket.runs(query, caller))
      return isProblem(page) ? page : { ...toldRuns(page.runs), ...(page.cursor !== null && { cursor: page.cursor }) }
    },
  }),
  tool({
    name: 'get_run',
    title: 'Read a run',
    description:
      'Shows a run: state, why it stands there, what a person has to do, its steps, calls on Clio and the records they made. ' +
      'Values are masked unless you reveal them; the audit keeps who did.',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({
      run,
      reveal: flag('Values as they are (role operator). Only when the task needs them.'),
      full: flag('Long texts whole, the payload and the requests too.'),
    }),
    run: async ({ run, reveal = false, full = false }, { ask, caller }) => {
      if (reveal && !includes(caller.role, 'operator')) return revealing
      const view = await ask(docket => docket.run(run, caller, reveal))
      return isProblem(view) ? view : toldRun(view, full)
    },
  }),
  tool({
    name: 'stats',
    title: 'How the firm stands',
    description:
      'Counts of runs by state, parked ones by reason, the pace of calls on Clio, and whether the connection works.',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({}),
    run: async (_, { ask }) => {
      const stats = await ask(docket => docket.stats())
      if (isProblem(stats)) return stats
      const { connection, ...rest } = stats
      const { reason, ...link } = connection
      const ours = { ...rest, connection: link } as unknown as JsonObject
      return { ...ours, ...(reason !== null && { untrusted: { clioSaid: reason } }) }
    },
  }),
  tool({
    name: 'list_endpoints',
    title: 'List endpoints',
    description:
      'Lists the doors where events come in: the types of event that each brings, what keeps it from working, when something came last.',
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
    title: 'Preview',
    description:
      'Shows what a run would do, and does nothing: of an event made by hand, of a delivery as its provider sends it, of a past run, or of a ' +
      'write as clio_write takes it. Say exactly one of event, body, run, write.',
    role: 'operator',
    may: 'read',
    input: z.strictObject({
      endpoint: z.exactOptional(described(text, 'Where it would come in; with event and body.')),
      event: z.exactOptional(described(object, 'For example {"fields": {"email": "pat@x.example"}}.')),
      body: z.exactOptional(described(json, 'The delivery: text or JSON.')),
      run: z.exactOptional(run),
      write: z.exactOptional(described(askedWrite, 'A write as clio_write takes it.')),
      names: flag('Reads Clio, so that names become ids (costs calls).'),
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
    title: 'Submit an event',
    description:
      "Posts an event to an endpoint that anybody may post to (a website's form); the firm's rules then decide what is done in Clio. " +
      'Endpoints that want a signature or a secret refuse it. To write one record directly, use clio_write.',
    role: 'operator',
    may: 'propose',
    hints: { idempotent: true },
    input: z.strictObject({
      endpoint: text,
      fields: described(object, 'The answers by their names: {"email": "pat@x.example", "message": "…"}.'),
      idempotencyKey,
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
    title: 'Resume a run',
    description:
      'Goes on with a parked run after its cause was mended. What a rule, a proposal or a doubt left to a person stays with the person.',
    role: 'operator',
    may: 'write',
    input: z.strictObject({
      run,
      config: z.exactOptional(
        described(z.enum(['newest', 'own']), 'With the newest rules (default), or those it began with.'),
      ),
      skip: z.exactOptional(described(z.array(text), 'Steps to leave out.')),
      choose: z.exactOptional(
        described(z.record(z.string(), z.union([z.string(), z.int()])), 'Step -> id of the record that is meant.'),
      ),
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
    title: 'Discard a run',
    description:
      'Closes a run for good: nothing more of it is done. A token that proposes may discard only writes that agents asked for.',
    role: 'operator',
    may: 'propose',
    hints: { destructive: true },
    input: z.strictObject({ run }),
    run: async ({ run }, { ask, caller }) => {
      const gone = await ask(docket => docket.discard(run, caller))
      return isProblem(gone) ? gone : toldSummary(gone)
    },
  }),
  tool({
    name: 'undo_run',
    title: 'Ask for an undo',
    description:
      'Asks to take back what a run made in Clio. It always waits until a person agrees: the answer is a parked run that a person resumes. ' +
      'Asked again for the same run, the same answer comes.',
    role: 'operator',
    may: 'propose',
    hints: { destructive: true, idempotent: true },
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
