import * as z from 'zod'
import type { Configuration } from '../../configuration/configuration.ts'
import type { Json, JsonObject } from '../../lib/json.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import type { Preview, PreviewCall } from '../../model/docket-rpc.ts'
import type { InboundEvent } from '../../model/event.ts'
import type { Intent } from '../../model/intent.ts'
import { readFields } from '../../reading/fields.ts'
import { recognize } from '../../reading/person.ts'
import { absentIn } from '../../rules/check/check-reads.ts'
import { type EachItem, plan, prepare } from '../../rules/plan.ts'
import { scopeOf } from '../../rules/scope.ts'
import { sources } from '../../sources/index.ts'

const json = z.json() as z.ZodType<Json>
const object = z.record(z.string(), json)
const request = z.object({
  endpoint: z.string(),
  type: z.string().optional(),
  subject: z.string().nullable().default(null),
  fields: object.default({}),
  data: json.optional(),
  person: object.optional(),
  message: z.string().optional(),
  booking: object.optional(),
})

/** Which calls an event would make. Writes nothing, calls nothing: names stand where ids would, an upsert shows both ways. */
export function previewOf(body: Json, configuration: Configuration, firm: string, now: number): Preview | Problem {
  const parsed = request.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return problem(
      400,
      'bad-preview',
      'Not an event to preview',
      `${issue?.path.join('.') || 'body'}: ${issue?.message}`,
    )
  }
  const { endpoint } = parsed.data
  const source = sources.get(configuration.endpoints[endpoint]?.source ?? '')
  if (!source) {
    const known = Object.keys(configuration.endpoints).join(', ')
    return problem(
      404,
      'unknown-endpoint',
      'No such endpoint',
      `The firm has no endpoint “${endpoint}”. It has: ${known}.`,
    )
  }
  const event = eventOf(parsed.data, source.name, source.types[0] ?? '')
  const bound = { firm, now, ...readersOf(configuration) }
  const planned = plan(configuration, event, endpoint, bound)
  if (planned.kind === 'park') return { rules: [], calls: [], warnings: [{ path: 'rules', message: planned.reason }] }
  const calls: PreviewCall[] = []
  const warnings: Preview['warnings'] = []
  let steps: Record<string, Json> = {}
  let rule = ''
  for (const step of planned.steps) {
    if (step.rule !== rule) steps = {}
    rule = step.rule
    const known = (one?: EachItem) => ({ steps, links: stand(step.path, configuration), ...one })
    const first = prepare(step, scopeOf(event, bound, known()))
    const items =
      first.kind === 'each' ? first.items.map(item => prepare(step, scopeOf(event, bound, known(item)))) : [first]
    for (const prepared of items) {
      if (prepared.kind === 'park') warnings.push({ path: step.path, message: prepared.reason })
      if (prepared.kind === 'intent') calls.push(...callsOf(step.path, prepared.intent))
    }
    steps[step.name] = first.kind === 'skip' ? null : { id: `‹${step.name}›`, found: true, created: true }
  }
  for (const [at, one] of configuration.rules.entries()) {
    if (!planned.rules.includes(one.name)) continue
    for (const { path, name: field, near } of absentIn(one, ['rules', at], [event]))
      warnings.push({ path, message: `reads fields.${field}, which this event does not have${near}` })
  }
  if (planned.rules.length === 0)
    warnings.push({ path: 'rules', message: 'No rule matches: the run would end “ignored”.' })
  return { rules: [...planned.rules], calls, warnings }
}

const readersOf = ({ timezone, country, language }: Configuration) => ({ timezone, country, language })

/** Links would be there from earlier runs. */
function stand(_path: string, configuration: Configuration): Record<string, Json> {
  const names = configuration.rules.flatMap(rule =>
    Object.values(rule.steps).flatMap(step => (step.link ? [step.link] : [])),
  )
  return Object.fromEntries(names.map(name => [name, `‹${name}›`]))
}

function eventOf(given: z.infer<typeof request>, source: string, type: string): InboundEvent {
  const fields = readFields(given.fields)
  const found = recognize(fields)
  const person = { ...found.person, ...(given.person as Partial<InboundEvent['person']> | undefined) }
  return {
    id: null,
    source,
    type: given.type ?? type,
    subject: given.subject,
    follows: null,
    time: null,
    data: given.data ?? given.fields,
    fields,
    person,
    message: given.message ?? found.message,
    recognized: found.recognized,
    files: [],
    booking: (given.booking as unknown as InboundEvent['booking']) ?? null,
  }
}

function callsOf(step: string, intent: Intent): PreviewCall[] {
  switch (intent.verb) {
    case 'create':
      if (intent.resource === 'documents' && intent.with.content !== undefined) return documentCalls(step, intent.with)
      return [{ step, method: 'POST', path: intent.resource, body: intent.with }]
    case 'update':
      return [{ step, method: 'PATCH', path: `${intent.resource}/${name(intent.id)}`, body: intent.with }]
    case 'delete':
      return [{ step, method: 'DELETE', path: `${intent.resource}/${name(intent.id)}` }]
    case 'find':
      return [{ step, method: 'GET', path: intent.resource, query: intent.where }]
    case 'upsert': {
      const match = Object.fromEntries(intent.match.map(key => [key, intent.with[key] ?? null])) as JsonObject
      const found = {
        fill: 'only what stands blank is filled in',
        keep: 'nothing is changed',
        replace: 'these values replace what stands',
      }
      const change: PreviewCall = {
        step,
        method: 'PATCH',
        path: `${intent.resource}/‹found›`,
        body: intent.with,
        note: `when one is found: ${found[intent.existing]}`,
      }
      return [
        { step, method: 'GET', path: intent.resource, query: match, note: 'looks for it' },
        { step, method: 'POST', path: intent.resource, body: intent.with, note: 'when none is found' },
        ...(intent.existing === 'keep' ? [] : [change]),
      ]
    }
    case 'check_conflicts':
      return intent.parties.map(party => ({
        step,
        method: 'GET',
        path: 'matters',
        query: { query: party },
        note: 'looks for the party, among contacts too',
      }))
    default:
      return []
  }
}

function documentCalls(step: string, { content, ...body }: JsonObject): PreviewCall[] {
  const file = typeof content === 'object' && content !== null && !Array.isArray(content) ? content.name : null
  return [
    { step, method: 'POST', path: 'documents', body: { name: file ?? '‹file›', ...body } },
    { step, method: 'PUT', path: 'documents/‹new›/content', note: 'the file, to Clio’s storage' },
    { step, method: 'PATCH', path: 'documents/‹new›', body: { fully_uploaded: true } },
  ]
}

function name(id: Json): string {
  return typeof id === 'object' && id !== null && !Array.isArray(id) ? String(id.id) : String(id)
}
