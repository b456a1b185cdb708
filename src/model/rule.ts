import * as z from 'zod'
import type { Json, JsonObject } from '../lib/json.ts'

/** What a firm writes: `on` an event, `if` a condition, do `steps` in Clio. Names of the keys are those of the document. */

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)])
const json: z.ZodType<Json> = z.json() as z.ZodType<Json>
const values = z.record(z.string(), json) as z.ZodType<JsonObject>
const text = z.string().trim().min(1)
/** What CEL can read behind a dot: `steps.NAME`, `links.NAME`. */
const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/i, 'is no name: it begins with a letter, and goes on with letters, digits and _')

/** Every key that a step may have; which of them go together is a row of `VERBS`. */
export const step = z.strictObject({
  if: text.optional().describe('A condition: an expression without braces. The step is skipped when it is false.'),
  each: text.optional().describe("An expression of a list, without braces: the step is done once for each 'item'."),
  link: identifier.optional().describe('Keeps the record for later events of the same subject, as links.NAME.'),
  create: text.optional().describe('Makes a record of this resource.'),
  update: text.optional().describe('Changes a record of this resource.'),
  delete: text.optional().describe('Deletes a record of this resource.'),
  find: text.optional().describe('Looks for one record of this resource.'),
  upsert: text.optional().describe('Makes a record of this resource, or uses the one that is there.'),
  check_conflicts: oneOrMore.optional().describe('Names of parties to look for among contacts and matters.'),
  notify: text.optional().describe('Whom to tell.'),
  park: text.optional().describe('Stops here until a person decides; the reason, in words.'),
  with: values.optional().describe("The record's values; text may hold {{ expressions }}."),
  id: z
    .union([z.string().min(1), z.int()])
    .optional()
    .describe('Which record: an id, or {{ links.NAME }}, {{ steps.NAME }}.'),
  where: values.optional().describe("Clio's filters for the list of this resource."),
  none: z.enum(['park', 'continue']).optional().describe('When nothing is found. Default: park.'),
  several: z
    .enum(['park', 'newest', 'oldest', 'all', 'create', 'continue'])
    .optional()
    .describe('When several are found. Default: park.'),
  match: z.array(z.string()).min(1).optional().describe("Keys of 'with' that say which record it is."),
  existing: z
    .enum(['fill', 'extend', 'keep', 'replace'])
    .optional()
    .describe(
      'What becomes of a record that is there. Default: fill its blanks, and lists only when they are empty; extend also adds to lists.',
    ),
  text: text.optional().describe('What to tell.'),
})

export const rule = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9 _.-]{0,63}$/i,
      'is no name: up to 64 letters, digits, spaces, dots, - and _, a letter or digit first',
    ),
  on: z.strictObject({
    endpoint: oneOrMore.optional().describe('Left out: every endpoint.'),
    type: oneOrMore
      .optional()
      .describe(
        'The type of event, as the source names it: form.submitted. Left out: the only one that the endpoint has.',
      ),
  }),
  if: text.optional().describe('A condition: an expression without braces.'),
  trusted: z
    .literal(true)
    .optional()
    .describe('Lets what anybody on the internet writes change records that were there before. Default: it may not.'),
  steps:
    // A letter first also keeps their order: a JavaScript object moves a key like `1` to the front.
    z.record(identifier, step).describe('Done one after another, in the written order.'),
})

export type Step = z.infer<typeof step>
export type Rule = z.infer<typeof rule>

export type Verb = 'create' | 'update' | 'delete' | 'find' | 'upsert' | 'check_conflicts' | 'notify' | 'park'

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
  find: {
    takes: ['where', 'none', 'several', 'link'],
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
