import * as z from 'zod/mini'
import { readCall } from '../../api/clio/read.ts'
import { everything } from '../../clio/contract/all.ts'
import { bodyShape, resourceNamed } from '../../clio/contract/index.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, problem } from '../../lib/problem.ts'
import { nearest } from '../../lib/text/nearest.ts'
import { trimEdges } from '../../lib/trim.ts'
import { askedWrite } from '../../model/rule.ts'
import { text, tool } from '../tool.ts'
import { shortened } from '../untrusted.ts'
import { outcome } from './runs.ts'

/** Tools about Clio itself. */

const filters = z.record(z.string(), z.union([z.string(), z.int(), z.boolean()]))
/** Records of a list, where nothing else was asked. */
const listMost = '20'

export const clioTools = [
  tool({
    name: 'clio_read',
    role: 'operator',
    may: 'read',
    input: z.strictObject({
      path: text,
      fields: z.exactOptional(z.string().check(z.maxLength(4000))),
      query: z.exactOptional(filters),
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
    role: 'operator',
    may: 'propose',
    input: z.extend(askedWrite, { idempotencyKey: text }),
    run: async ({ idempotencyKey: key, ...write }, visit) => {
      const asked = await visit.ask(docket => docket.ask(write, key, visit.caller))
      if (isProblem(asked)) return asked
      const told = await outcome(asked.id, visit)
      return isProblem(told) ? told : { ...told, duplicate: asked.duplicate }
    },
  }),
  tool({
    name: 'describe_resource',
    role: 'viewer',
    may: 'read',
    input: z.strictObject({
      resource: z.exactOptional(text),
      part: z.exactOptional(z.enum(['create', 'update', 'filters', 'read'])),
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
