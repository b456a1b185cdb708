import * as z from 'zod/mini'
import type { Json, JsonObject } from '../lib/json.ts'

/** What a firm writes: `on` an event, `if` a condition, do `steps` in Clio. Names of the keys are those of the document. */

const oneOrMore = z.union([z.string(), z.array(z.string()).check(z.minLength(1))])
const json: z.ZodMiniType<Json> = z.json() as z.ZodMiniType<Json>
const values = z.record(z.string(), json) as z.ZodMiniType<JsonObject>
const text = z.string().check(z.trim(), z.minLength(1))
/** What CEL can read behind a dot: `steps.NAME`, `links.NAME`. */
const identifier = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_]*$/i, 'is no name: it begins with a letter, and goes on with letters, digits and _'))

/** Every key that a step may have; which of them go together is a row of `VERBS`. */
export const step = z.strictObject(
  {
    if: z.optional(text),
    each: z.optional(text),
    link: z.optional(identifier),
    create: z.optional(text),
    update: z.optional(text),
    delete: z.optional(text),
    get: z.optional(text),
    find: z.optional(text),
    upsert: z.optional(text),
    check_conflicts: z.optional(oneOrMore),
    notify: z.optional(text),
    park: z.optional(text),
    with: z.optional(values),
    id: z.optional(z.union([z.string().check(z.minLength(1)), z.int().check(z.gte(1))])),
    fields: z.optional(text),
    limit: z.optional(z.int().check(z.minimum(1), z.maximum(200))),
    where: z.optional(values),
    none: z.optional(z.enum(['park', 'continue'])),
    several: z.optional(z.enum(['park', 'newest', 'oldest', 'all', 'create', 'continue'])),
    match: z.optional(z.array(z.string()).check(z.minLength(1))),
    existing: z.optional(z.enum(['fill', 'extend', 'keep', 'replace'])),
    text: z.optional(text),
  },
  "is no key of a step. Clio's own fields stand in 'with'",
)

export const rule = z.strictObject({
  name: z
    .string()
    .check(
      z.regex(
        /^[a-z0-9][a-z0-9 _.-]{0,63}$/i,
        'is no name: up to 64 letters, digits, spaces, dots, - and _, a letter or digit first',
      ),
    ),
  on: z.strictObject({
    endpoint: z.optional(oneOrMore),
    type: z.optional(oneOrMore),
  }),
  if: z.optional(text),
  trusted: z.optional(z.boolean()),
  steps:
    // A letter first also keeps their order: a JavaScript object moves a key like `1` to the front.
    z.record(identifier, step),
})

/** One step that an agent or a script asks for, with no rule; what goes together is checked like a step. */
export const askedWrite = z.strictObject({
  verb: z.enum(['create', 'update', 'upsert', 'delete']),
  /** A key of the contract: `tasks`. */
  resource: z.string().check(z.minLength(1), z.maxLength(100)),
  /** Which record; with `update` and `delete`. */
  id: z.exactOptional(z.union([z.string().check(z.minLength(1), z.maxLength(100)), z.int()])),
  /** The values as a step writes them: names for ids, `{{ date('+1 day') }}`. */
  with: z.exactOptional(values),
  /** Of `upsert`: keys of `with` that say which record it is, and what becomes of one that is there. */
  match: z.exactOptional(z.array(z.string()).check(z.minLength(1))),
  existing: z.exactOptional(z.enum(['fill', 'extend', 'keep', 'replace'])),
})
export type AskedWrite = z.infer<typeof askedWrite>

export type Step = z.infer<typeof step>
export type Rule = z.infer<typeof rule>

export type Verb = 'create' | 'update' | 'delete' | 'get' | 'find' | 'upsert' | 'check_conflicts' | 'notify' | 'park'

export interface VerbOptions {
  /** Keys that belong to the verb, besides `if` and `each`. */
  readonly takes: readonly (keyof Step)[]
  readonly needs: readonly (keyof Step)[]
  /** Words of `several` that make sense with it. */
  readonly several?: readonly string[]
  /** True when the verb's own value is a resource of Clio. */
  readonly resource?: true
}

export const VERBS: Readonly<Record<Verb, VerbOptions>> = {
  create: { takes: ['with', 'link'], needs: ['with'], resource: true },
  update: { takes: ['id', 'with', 'link'], needs: ['id', 'with'], resource: true },
  delete: { takes: ['id'], needs: ['id'], resource: true },
  get: { takes: ['id', 'fields', 'none', 'link'], needs: ['id'], resource: true },
  find: {
    takes: ['where', 'fields', 'none', 'several', 'limit', 'link'],
    needs: ['where'],
    several: ['park', 'newest', 'oldest', 'all', 'continue'],
    resource: true,
  },
  upsert: {
    takes: ['with', 'match', 'existing', 'several', 'link'],
    needs: ['with', 'match'],
    several: ['park', 'create', 'oldest'],
    resource: true,
  },
  check_conflicts: { takes: [], needs: [] },
  notify: { takes: ['text'], needs: ['text'] },
  park: { takes: [], needs: [] },
}

/** The verbs that a step has: one, when it is right. */
export function verbsOf(definition: Step): Verb[] {
  return (Object.keys(VERBS) as Verb[]).filter(verb => definition[verb] !== undefined)
}

/** A list of what may stand alone. */
export const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value
