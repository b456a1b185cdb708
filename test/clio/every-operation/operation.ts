import { listAll } from '../../../src/clio/gateway/paging.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { recordOf } from '../../../src/model/intent.ts'
import type { Firm } from '../clio.ts'
import { carryOut } from './step.ts'

/**
 * Something that can be done in Clio, as a row of a table: how a rule writes it, the calls that it costs, and what stands in Clio
 * afterwards. No test itself: docs/operations.md is made of the same rows.
 */
export interface Operation {
  readonly resource: string
  /** `create a Person` */
  readonly does: string
  /** The same in Zapier's Clio app: `Create Person Contact`. */
  readonly zapier?: string
  /** Makes what has to stand before; its calls do not count. */
  before?(firm: Firm): Promise<JsonObject>
  /** The operation, through the code that the Worker runs: what a rule can do, as a step of one. */
  run(firm: Firm, before: JsonObject): Promise<Json>
  /** Every call, in order; ids are written `#`. */
  readonly calls: readonly string[]
  /** What is looked at afterwards, and what is to be seen there. */
  effect(firm: Firm, result: Json, before: JsonObject): { readonly seen: unknown; readonly is: unknown }
}

/** What is written, and what then stands: more than was written need not be told. */
export interface Writing {
  readonly with: JsonObject | ((before: JsonObject) => JsonObject)
  readonly calls: readonly string[]
  stands(firm: Firm, before: JsonObject): JsonObject
  readonly zapier?: string
}

export interface Subject {
  readonly resource: string
  /** Of several kinds of one resource: `a Person`. */
  readonly kind?: string
  readonly before?: (firm: Firm) => Promise<JsonObject>
  /** What lists and single reads ask for. */
  readonly fields: string
  /** What the list has to be narrowed by, and which records then are on it. @default all */
  readonly list?: Readonly<Record<string, string>>
  readonly listed?: (record: JsonObject) => boolean
  /** Without it, Clio lets nobody create one: `before` puts one there, under `record`. */
  readonly create?: Writing
  readonly update: Writing
  /** What Clio keeps of a deleted one. @default nothing */
  readonly deleted?: JsonObject
}

const valuesOf = (writing: Writing, before: JsonObject): JsonObject =>
  typeof writing.with === 'function' ? writing.with(before) : writing.with

const idsOf = (records: readonly JsonObject[]) => records.map(({ id }) => String(id)).sort()

const all = (firm: Firm, resource: string): JsonObject[] => firm.sandbox.records()[resource] ?? []

/** List, get, create, update and delete of one kind of record. */
export function everything(subject: Subject): Operation[] {
  const { resource, kind = 'one', create, update } = subject
  const standing = async (firm: Firm): Promise<JsonObject> => (await subject.before?.(firm)) ?? {}
  const creating = async (firm: Firm, before: JsonObject, writing: Writing): Promise<Json> =>
    (await carryOut(firm, { create: resource, with: valuesOf(writing, before) })).id ?? null
  const made = async (firm: Firm): Promise<JsonObject> => {
    const before = await standing(firm)
    return { ...before, id: create ? await creating(firm, before, create) : (before.record ?? null) }
  }
  const creates: Operation = {
    resource,
    does: `create ${kind}`,
    ...(create?.zapier && { zapier: create.zapier }),
    before: standing,
    run: (firm, before) => creating(firm, before, create!),
    calls: create?.calls ?? [],
    effect: (firm, id, before) => ({ seen: firm.record(resource, id), is: create!.stands(firm, before) }),
  }
  return [
    listing(subject, made),
    {
      resource,
      does: `get ${kind}`,
      before: made,
      run: (firm, { id }) =>
        firm.clio.read({ method: 'GET', path: `${resource}/${id}`, query: { fields: subject.fields } }),
      calls: [`GET ${resource}/#`],
      effect: (_firm, answer, { id }) => ({ seen: recordOf(answer), is: { id } }),
    },
    ...(create ? [creates] : []),
    {
      resource,
      does: `update ${kind}`,
      ...(update.zapier && { zapier: update.zapier }),
      before: made,
      run: async (firm, before) => {
        const id = before.id ?? null
        await carryOut(firm, { update: resource, id, with: valuesOf(update, before) })
        return id
      },
      calls: update.calls,
      effect: (firm, id, before) => ({ seen: firm.record(resource, id), is: update.stands(firm, before) }),
    },
    {
      resource,
      does: `delete ${kind}`,
      before: made,
      run: (firm, { id = null }) => carryOut(firm, { delete: resource, id }),
      calls: [`DELETE ${resource}/#`],
      effect: (firm, _result, { id }) => ({
        seen: all(firm, resource).filter(record => String(record.id) === String(id)),
        is: subject.deleted ? [subject.deleted] : [],
      }),
    },
  ]
}

/** The list to its end. */
export function listing(
  { resource, kind, fields, list, listed = () => true }: Omit<Subject, 'update'>,
  before: (firm: Firm) => Promise<JsonObject>,
): Operation {
  return {
    resource,
    does: kind ? `list (${kind})` : 'list',
    before,
    run: firm => listAll({ method: 'GET', path: resource, query: { fields, ...list } }, firm.clio),
    calls: [`GET ${resource}`],
    effect: (firm, records) => {
      const is = idsOf(all(firm, resource).filter(listed))
      if (is.length === 0) throw new Error(`There is nothing to list of ${resource}.`)
      return { seen: idsOf(records as JsonObject[]), is }
    },
  }
}

/** One record by Clio's own filters, as the step `find` does. */
export function search(
  resource: string,
  does: string,
  where: JsonObject,
  calls: readonly string[],
  is: (firm: Firm) => JsonObject,
  more: Pick<Operation, 'zapier' | 'before'> = {},
): Operation {
  return {
    resource,
    does,
    ...more,
    run: firm => carryOut(firm, { find: resource, where }),
    calls,
    effect: (firm, found) => ({ seen: found, is: { found: true, ...is(firm) } }),
  }
}

export const idIn = (firm: Firm, resource: string, name: string): JsonObject => ({ id: firm.idOf(resource, name) })
