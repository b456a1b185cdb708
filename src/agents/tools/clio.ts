import * as z from 'zod/mini'
import { readCall } from '../../api/clio/read.ts'
import { everything } from '../../clio/contract/all.ts'
import { bodyShape, resourceNamed } from '../../clio/contract/index.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, problem } from '../../lib/problem.ts'
import { nearest } from '../../lib/text/nearest.ts'
import { trimEdges } from '../../lib/trim.ts'
import { askedWrite } from '../../model/rule.ts'
import { described, idempotencyKey, text, tool } from '../tool.ts'
import { shortened } from '../untrusted.ts'
import { outcome } from './runs.ts'

/** Tools about Clio itself. */

const filters = z.record(z.string(), z.union([z.string(), z.int(), z.boolean()]))
/** Records of a list, where nothing else was asked. */
const listMost = '20'

export const clioTools = [
  tool({
    name: 'clio_read',
    title: 'Read Clio',
    description:
      'Reads Clio Manage: a list (path "matters"), one record ("matters/991"), or "users/who_am_i". Say which fields; one level of braces ' +
      'reaches into other records: "id,display_number,client{id,name}". Calls are few (about 50 a minute for the whole firm): ask for what you need at once.',
    role: 'operator',
    may: 'read',
    input: z.strictObject({
      path: described(text, 'A resource, or a resource and an id.'),
      fields: z.exactOptional(described(z.string().check(z.maxLength(4000)), 'Without it Clio answers ids alone.')),
      query: z.exactOptional(
        described(
          filters,
          'Filters of a list, "limit" (20 unless said, 200 at most), "order", "page_token"; see describe_resource.',
        ),
      ),
    }),
    run: async ({ path, fields, query = {} }, { ask, caller }) => {
      const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
      if (fields !== undefined) search.set('fields', fields)
      const read = readCall(trimEdges(path, /\//), search, listMost)
      if (isProblem(read)) return read
      if (read.download) return noBytes
      const answer = await ask(docket => docket.clio(read.call, caller))
      if (isProblem(answer)) return answer
      const body = isObject(answer.answer) ? answer.answer : { data: answer.answer }
      const data = bare(body.data ?? null)
      const next = pageToken(body)
      return {
        path,
        ...(Array.isArray(data) && { count: data.length }),
        ...(next !== null && { next: { page_token: next } }),
        untrusted: shortened(data),
      }
    },
  }),
  tool({
    name: 'clio_write',
    title: 'Write to Clio',
    description:
      'Creates, updates, upserts or deletes one record of Clio, once for its idempotencyKey, and answers with the run that does it and the id of the record. ' +
      'upsert finds by "match" (keys of "with") or creates. Names stand for ids ("assignee": "ann@firm.example", "matter": "00012-Smith"); text may hold {{ date(\'+1 business day\') }}. ' +
      'When the run is parked, a person has to agree or to mend something: say so, and do not try another way.',
    role: 'operator',
    may: 'propose',
    hints: { destructive: true, idempotent: true },
    input: z.extend(askedWrite, { idempotencyKey }),
    run: async ({ idempotencyKey: key, ...write }, visit) => {
      const asked = await visit.ask(docket => docket.ask(write, key, visit.caller))
      if (isProblem(asked)) return asked
      const told = await outcome(asked.id, visit)
      return isProblem(told) ? told : { ...told, duplicate: asked.duplicate }
    },
  }),
  tool({
    name: 'describe_resource',
    title: 'Describe a resource of Clio',
    description:
      'Lists the resources of Clio; of one, what may be done with it and its keys: "!" is required, "a|b" are the words it takes, [x] is a list, ' +
      '{"id"} names a record (a name does too). Look here before clio_write.',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({
      resource: z.exactOptional(described(text, 'Such as tasks. Left out: all names.')),
      part: z.exactOptional(
        described(
          z.enum(['create', 'update', 'filters', 'read']),
          'create: for clio_write (default). read: what fields may ask for.',
        ),
      ),
    }),
    run: async ({ resource: name, part }) => {
      if (name === undefined) return { resources: Object.keys(everything) }
      const found = Object.hasOwn(everything, name) ? everything[name]! : null
      if (!found) return unknownResource(name)
      const shapes = {
        create: bodyShape(found, 'create'),
        update: bodyShape(found, 'update'),
        filters: found.list ?? null,
        read: found.read,
      }
      // What no rule can write, nobody can here.
      const writes = resourceNamed(name) ? (['create', 'update', 'delete'] as const).filter(verb => found[verb]) : []
      const can = [...(found.list ? ['list'] : []), ...(found.get ? ['read one'] : []), ...writes]
      const shown = part ?? (shapes.create ? 'create' : 'read')
      return {
        resource: name,
        can,
        [shown]: (shapes[shown] ?? null) as unknown as Json,
        ...(shown === 'create' && found.require && { atLeastOneOf: found.require as unknown as Json }),
        ...(shown === 'filters' && found.order && { order: [...found.order] }),
        parts: Object.entries(shapes).flatMap(([key, shape]) => (shape && key !== shown ? [key] : [])),
      }
    },
  }),
] as const

/** Versions of records are for programs. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (key === 'etag' ? [] : [[key, bare(one)] as const])),
  )
}

/** Where the next page begins; null: this is the last. */
function pageToken({ meta }: JsonObject): string | null {
  const paging = isObject(meta) && isObject(meta.paging) ? meta.paging : {}
  const { next } = paging
  return typeof next === 'string' && URL.canParse(next) ? new URL(next).searchParams.get('page_token') : null
}

function unknownResource(name: string) {
  const near = nearest(name, Object.keys(everything))
  const detail = `Clio has no '${name}' here.${near === null ? ' Leave "resource" out to see all.' : ` Did you mean '${near}'?`}`
  return problem(404, 'unknown-resource', 'No such resource', detail)
}

const noBytes = problem(
  422,
  'no-downloads',
  'Documents are not handed to agents',
  'Read "documents/{id}" for what Clio says of a document. A person opens it in Clio.',
)
