import { canonical, isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { type Call, ifUnchanged } from '../../model/call.ts'
import {
  type Clio,
  type Intent,
  Park,
  type PastCall,
  Refused,
  recordOf,
  refusedBy,
  type Step,
} from '../../model/intent.ts'
import { fieldsOf, readable, says } from '../compare/compare.ts'
import { markName, subjectName } from '../compare/found.ts'
import { beforehand, missingItems } from '../compare/merge.ts'
import { versioned } from '../compare/versions.ts'
import { type Resource, resourceNamed } from '../contract/index.ts'
import { compose } from '../names/compose.ts'
import { customFieldValues, standingValues } from '../names/custom-fields.ts'
import { type Id, listKey, resolve } from '../names/resolve.ts'
import { checkConflicts } from '../people/conflicts.ts'
import { entryValues, quietly } from './calendar.ts'
import { createDocument, createFields } from './documents.ts'
import { findRecord } from './find.ts'
import { getRecord } from './get.ts'
import { undo } from './undo.ts'
import { upsert } from './upsert.ts'

export type { Intent } from '../../model/intent.ts'

/**
 * The next thing that a step needs, worked out from what it wants and what it did so far. Asked again after every write, and
 * from the beginning after a restart: whatever was applied is in `past`, so nothing is done twice.
 */
export async function advance(intent: Intent, past: readonly PastCall[], clio: Clio): Promise<Step> {
  try {
    const tooOften = changedTooOften(past)
    if (tooOften) return { park: tooOften, code: 'loop' }
    const step = await next(
      completed(intent),
      past.filter(one => one.status !== changed),
      clio,
    )
    if ('output' in step) await learn(past, clio)
    return step
  } catch (error) {
    if (error instanceof Park) return { park: error.message, code: error.code, candidates: error.candidates }
    if (error instanceof Refused)
      return { park: `Clio refused a look-up (${error.status}): ${error.message}`, code: 'refused' }
    throw error
  }
}

/** Somebody changed the record between our reading it and our PATCH: it is read again, and what it lacks is worked out anew. */
const changed = 412

/** Changed so many times running, there is no end of it. */
const changesMost = 3

function changedTooOften(past: readonly PastCall[]): string | null {
  const last = past.slice(-changesMost)
  if (last.length < changesMost || last.some(one => one.status !== changed)) return null
  return `${last[0]!.call.path} was changed by somebody else each time that Docketed was about to change it. Resume to try again.`
}

const quiet = (resource: string, body: JsonObject): JsonObject =>
  resource === 'calendar_entries' ? quietly(body) : body

function completed(intent: Intent): Intent {
  const entry = 'with' in intent && intent.resource === 'calendar_entries'
  return entry ? { ...intent, with: entryValues(intent.with) } : intent
}

async function next(intent: Intent, past: readonly PastCall[], clio: Clio): Promise<Step> {
  switch (intent.verb) {
    case 'create':
      if (intent.resource === 'documents' && intent.with.content !== undefined)
        return createDocument({ ...intent.with, content: intent.with.content }, past, values =>
          create({ ...intent, with: values }, past, clio, () => documentBody(values, clio), createFields),
        )
      return create(intent, past, clio, () => compose(intent.resource, 'create', intent.with, clio))
    case 'update':
      return update(intent, past, clio)
    case 'delete':
      return remove(intent, past, clio)
    case 'get':
      return { output: await getRecord(intent, clio) }
    case 'find':
      return { output: await findRecord(intent, clio) }
    case 'upsert':
      return upsert(intent, past, clio, body => create(intent, past, clio, body))
    case 'undo':
      return undo(intent.write, past, clio)
    case 'check_conflicts':
      return { output: await checkConflicts(intent.parties, clio) }
    case 'notify':
      throw new Park('A notice is no call on Clio.')
  }
}

/** Versions of one document are made one after another: they carry no mark to be told apart by. */
async function documentBody(values: JsonObject, clio: Clio): Promise<JsonObject> {
  const body = await compose('documents', 'create', values, clio)
  const document = versioned(body)
  if (document !== null) clio.lock([`document ${document}`])
  return body
}

/** Contacts that the step made or changed are known from its own calls, before another step may look for them. */
async function learn(past: readonly PastCall[], { contacts }: Clio): Promise<void> {
  for (const { applied, call, record } of past) {
    const [resource, id = record, below] = call.path.split('/')
    if (!applied || resource !== 'contacts' || id === null || below !== undefined) continue
    await (call.method === 'DELETE' ? contacts.forget(id) : contacts.learned(id, call))
  }
}

async function create(
  { resource, with: values }: { readonly resource: string; readonly with: JsonObject },
  past: readonly PastCall[],
  clio: Clio,
  body: () => Promise<JsonObject>,
  fields = 'id,etag',
): Promise<Step> {
  const made = past.find(one => one.applied && one.call.method === 'POST')
  const apart = resource === 'calendar_entries' && values.matter !== undefined
  if (made) return (apart && (await linked(made, values.matter!, past, clio))) || done(resource, made, true)
  const refused = past.filter(one => !one.applied)
  const call = async (): Promise<Call & { body: JsonObject }> => ({
    method: 'POST',
    path: resource,
    query: { fields },
    body: marked(resource, quiet(resource, await body()), clio),
  })
  // Clio may answer 404 to a calendar entry that names a matter at once: it takes it afterwards.
  if (!apart || !refused.some(one => one.status === 404 && one.call.body?.matter !== undefined))
    return again(refused, clio, async () => ({ call: await call() }))
  const bare = refused.find(one => one.call.method === 'POST' && one.call.body?.matter === undefined)
  if (bare) return refusedBy(bare)
  clio.forget(listKey(''))
  const whole = await call()
  const { matter: _, ...without } = whole.body
  return { call: { ...whole, body: without } }
}

/** The call that gives an entry its matter, when it was made without; null when it has it. */
async function linked(made: PastCall, matter: Json, past: readonly PastCall[], clio: Clio): Promise<Step | null> {
  const patches = past.filter(one => one.call.method === 'PATCH')
  if (made.call.body?.matter !== undefined || patches.some(one => one.applied)) return null
  const failed = patches.at(-1)
  if (failed) return refusedBy(failed)
  const id = await resolve('matters', matter, 'calendar_entries.matter', {}, clio)
  return { call: { method: 'PATCH', path: `calendar_entries/${made.record}`, body: quietly({ matter: { id } }) } }
}

async function update(
  intent: Extract<Intent, { verb: 'update' }>,
  past: readonly PastCall[],
  clio: Clio,
): Promise<Step> {
  const { resource } = intent
  const before = past.find(one => one.applied)
  if (before) return done(resource, before)
  if (isNothing(intent.id)) return withoutId(intent)
  return again(
    past.filter(one => !one.applied),
    clio,
    async () => {
      const id = await idOf(intent, clio)
      const path = pathOf(resource, id)
      const { body, before, etag } = await lacking(path, intent, clio)
      if (Object.keys(body).length === 0) return { output: { id, resource } }
      const patch = { method: 'PATCH', path, query: { fields: 'id,etag' }, body: quiet(resource, body) } as const
      return { call: { ...patch, ...ifUnchanged(etag) }, before }
    },
  )
}

/**
 * The body of an update, and what stands under its keys now: what it adds to arrays and which custom fields it sets depends on that,
 * an undo needs it, and what says already what it should costs no write.
 */
async function lacking(
  path: string,
  { resource, with: values }: Extract<Intent, { verb: 'update' }>,
  clio: Clio,
): Promise<{ body: JsonObject; before: JsonObject; etag: Json | undefined }> {
  const { custom_fields: custom, ...rest } = values
  const composed = await compose(resource, 'update', rest, clio)
  const contract = resourceNamed(resource)!
  const { custom_field_values: _, ...seen } = readable(composed, contract)
  const withValues =
    'custom_field_values' in contract.read && (custom !== undefined || composed.custom_field_values !== undefined)
  const fields = ['etag', fieldsOf(seen, contract), ...(withValues ? [standingValues] : [])].join(',')
  const current = recordOf(await clio.read({ method: 'GET', path, query: { fields } }))
  const body = missingItems(composed, current, resource, clio.country)
  const standing = Array.isArray(current.custom_field_values) ? current.custom_field_values.filter(isObject) : []
  const written = custom === undefined ? [] : await customFieldValues(resource, custom, standing, clio)
  const raw = (body.custom_field_values ?? []) as Json[]
  if (written.length > 0) body.custom_field_values = [...raw, ...written]
  return { body: differing(body, seen, current, contract), before: beforehand(body, current), etag: current.etag }
}

/** Leaves out plain values that stand already, to the letter; what Clio does not read back is always sent. */
function differing(body: JsonObject, seen: JsonObject, current: JsonObject, { read }: Resource): JsonObject {
  const stands = (key: string, value: Json) =>
    read[key] === 'text' ? value === current[key] : says(value, current[key])
  const same = (key: string) =>
    !Array.isArray(body[key]) &&
    seen[key] !== undefined &&
    canonical(seen[key]) === canonical(body[key]) &&
    stands(key, seen[key])
  return Object.fromEntries(Object.entries(body).filter(([key]) => !same(key)))
}

async function remove(
  intent: Extract<Intent, { verb: 'delete' }>,
  past: readonly PastCall[],
  clio: Clio,
): Promise<Step> {
  const last = past.at(-1)
  // Gone is gone, whoever did it.
  if (last && (last.applied || last.status === 404 || last.status === 410)) return done(intent.resource, last)
  if (last) return refusedBy(last)
  if (isNothing(intent.id)) return withoutId(intent)
  return { call: { method: 'DELETE', path: pathOf(intent.resource, await idOf(intent, clio)) } }
}

/** An update or delete whose link was never made has nothing to do; one whose id came out empty otherwise is a mistake. */
function withoutId(intent: { verb: string; resource: string; linked: boolean }): Step {
  if (intent.linked) return { output: { id: null, note: 'nothing to do' } }
  return { park: `There is no ${intent.resource} to ${intent.verb}: the id came out empty.`, code: 'empty-value' }
}

function isNothing(id: Json): boolean {
  return id === null || id === '' || (isObject(id) && (id.id === null || id.id === undefined))
}

/** An id stands here before a name does, so a text of digits is one: links are kept as text. */
function idOf({ id, resource, verb }: { id: Json; resource: string; verb: string }, clio: Clio): Promise<Id> {
  const place = `The ${resource} to ${verb}`
  return resolve(resource, typeof id === 'string' ? { id } : id, place, {}, clio)
}

const pathOf = (resource: string, id: Id) => `${resource}/${encodeURIComponent(id)}`

/** What a step leaves behind: the record, and of which resource it is. */
function done(resource: string, { answer, record, call }: PastCall, created?: true): Step {
  const answered = recordOf(answer)
  const id = answered.id ?? (call.method === 'POST' ? record : decodeURIComponent(call.path.slice(resource.length + 1)))
  return { output: { ...answered, id, resource, ...(created && { created }) } }
}

/** After a refusal, names are looked up once more: a kept id may be of a record that is gone. The same call again is no use. */
async function again(refused: readonly PastCall[], clio: Clio, step: () => Promise<Step>): Promise<Step> {
  const last = refused.at(-1)
  if (!last) return step()
  if (refused.length > 1) return refusedBy(last)
  clio.forget(listKey(''))
  const fresh = await step()
  return 'call' in fresh && sameCall(fresh.call, last.call) ? refusedBy(last) : fresh
}

function sameCall({ ifMatch: _, ...one }: Call, { ifMatch: __, ...other }: Call): boolean {
  return canonical(one as unknown as Json) === canonical(other as unknown as Json)
}

/** External properties that Clio keeps of a record. */
const propertiesMost = 5

/**
 * Where Clio keeps external properties, a record carries which step made it, and what the event was about, for whoever looks from the
 * other side: marks that no client ever reads. A version's would be its document's.
 */
function marked(resource: string, body: JsonObject, clio: Clio): JsonObject {
  const shape = resourceNamed(resource)?.create
  if (!shape || !('external_properties' in shape) || versioned(body) !== null) return body
  const own = (body.external_properties as Json[] | undefined) ?? []
  const marks = [{ name: markName, value: clio.mark }]
  if (clio.subject !== null && own.length + 2 <= propertiesMost) marks.push({ name: subjectName, value: clio.subject })
  return { ...body, external_properties: [...own, ...marks] }
}
