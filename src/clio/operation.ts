import { canonical, isObject, type Json, type JsonObject } from '../json.ts'
import type { Call } from './call.ts'
import { compose } from './compose.ts'
import { bodyShape, resourceNamed } from './contract/index.ts'
import { findRecord } from './find.ts'
import { type Clio, type Intent, Park, type PastCall, Refused, type Step } from './intent.ts'
import { appends, markName } from './reconcile.ts'
import { listKey } from './resolve.ts'
import { missingItems, upsert } from './upsert.ts'

export type { Intent } from './intent.ts'

/**
 * The next thing that a step needs, worked out from what it wants and what it did so far. Asked again after every write, and
 * from the beginning after a restart: whatever was applied is in `past`, so nothing is done twice.
 */
export async function advance(intent: Intent, past: readonly PastCall[], clio: Clio): Promise<Step> {
  try {
    return await next(intent, past, clio)
  } catch (error) {
    if (error instanceof Park) return { park: error.message }
    if (error instanceof Refused) return { park: `Clio refused a look-up (${error.status}): ${error.message}` }
    throw error
  }
}

async function next(intent: Intent, past: readonly PastCall[], clio: Clio): Promise<Step> {
  switch (intent.verb) {
    case 'create':
      return create(intent.resource, past, clio, () => compose(intent.resource, 'create', intent.with, clio))
    case 'update':
      return update(intent, past, clio)
    case 'delete':
      return remove(intent, past)
    case 'find':
      return { output: await findRecord(intent, clio) }
    case 'upsert':
      return upsert(intent, past, clio, body => create(intent.resource, past, clio, async () => body))
    default:
      throw new Park(`The step’s verb “${intent.verb}” is not one that Clio carries out.`)
  }
}

async function create(
  resource: string,
  past: readonly PastCall[],
  clio: Clio,
  body: () => Promise<JsonObject>,
): Promise<Step> {
  const made = past.find(one => one.applied && one.call.method === 'POST')
  if (!made) {
    const whole = marked(resource, await body(), clio)
    const refused = past.filter(one => !one.applied)
    const call = (sent: JsonObject): Call => ({
      method: 'POST',
      path: resource,
      query: { fields: 'id,etag' },
      body: sent,
    })
    // Clio may answer 404 to a calendar entry that names a matter at once: it takes it afterwards.
    const { matter, ...without } = whole
    if (resource === 'calendar_entries' && matter && refused.some(one => one.status === 404)) {
      return refused.every(one => one.call.body?.matter !== undefined)
        ? { call: call(without) }
        : { park: words(refused.at(-1)!) }
    }
    return again(call(whole), refused, clio, async () => call(marked(resource, await body(), clio)))
  }
  const late = past.find(one => !one.applied && one.status === 404 && one.call.body?.matter !== undefined)
  if (late && made.call.body?.matter === undefined && !past.some(one => one.applied && one.call.method === 'PATCH')) {
    const failed = past.findLast(one => !one.applied && one.call.method === 'PATCH')
    if (failed) return { park: words(failed) }
    return { call: { method: 'PATCH', path: `${resource}/${made.record}`, body: { matter: late.call.body!.matter! } } }
  }
  return { output: { ...recordOf(made.answer), created: true } }
}

async function update(
  intent: Extract<Intent, { verb: 'update' }>,
  past: readonly PastCall[],
  clio: Clio,
): Promise<Step> {
  const { resource } = intent
  const id = idOf(intent.id)
  if (id === null) return withoutId(intent)
  const done = past.find(one => one.applied)
  if (done) return { output: { ...recordOf(done.answer), id: intentId(intent.id) } }
  const path = `${resource}/${encodeURIComponent(id)}`
  const shape = bodyShape(resourceNamed(resource)!, 'update')
  const current = await standing(path, intent.with, shape !== null, clio)
  const work = async (): Promise<JsonObject> => {
    const existing = (current?.custom_field_values ?? []) as JsonObject[]
    const body = await compose(resource, 'update', intent.with, clio, existing)
    return current ? missingItems(body, current, clio.country) : body
  }
  const body = await work()
  if (Object.keys(body).length === 0) return { output: { id: intentId(intent.id) } }
  const call = (sent: JsonObject): Call => ({ method: 'PATCH', path, query: { fields: 'id,etag' }, body: sent })
  return again(
    call(body),
    past.filter(one => !one.applied),
    clio,
    async () => call(await work()),
  )
}

/** The record as it stands, when the update adds to arrays or sets custom fields: both depend on what is there. */
async function standing(path: string, values: JsonObject, updatable: boolean, clio: Clio): Promise<JsonObject | null> {
  if (!updatable || !(appends(values) || 'custom_fields' in values)) return null
  const arrays = Object.keys(values).filter(key => Array.isArray(values[key]))
  const inner: Record<string, string> = { email_addresses: 'id,address', phone_numbers: 'id,number' }
  const fields = [
    'id',
    'custom_field_values{id,field_name,value}',
    ...arrays.filter(key => inner[key]).map(key => `${key}{${inner[key]}}`),
  ]
  const answer = await clio.read({ method: 'GET', path, query: { fields: fields.join(',') } })
  return recordOf(answer)
}

function remove(intent: Extract<Intent, { verb: 'delete' }>, past: readonly PastCall[]): Step {
  const id = idOf(intent.id)
  if (id === null) return withoutId(intent)
  const call: Call = { method: 'DELETE', path: `${intent.resource}/${encodeURIComponent(id)}` }
  const refused = past.findLast(one => !one.applied)
  // Gone is gone, whoever did it.
  if (past.some(one => one.applied) || refused?.status === 404 || refused?.status === 410)
    return { output: { id: intentId(intent.id) } }
  return refused ? { park: words(refused) } : { call }
}

/** An update or delete whose link was never made has nothing to do; one whose id came out empty otherwise is a mistake. */
function withoutId(intent: { verb: string; resource: string; linked: boolean }): Step {
  if (intent.linked) return { output: { id: null, note: 'nothing to do' } }
  return { park: `There is no ${intent.resource} to ${intent.verb}: the id came out empty.` }
}

/** After a refusal, names are looked up once more: a kept id may be of a record that is gone. The same call again is no use. */
async function again(call: Call, refused: readonly PastCall[], clio: Clio, anew: () => Promise<Call>): Promise<Step> {
  const last = refused.at(-1)
  if (!last) return { call }
  if (refused.length > 1) return { park: words(last) }
  clio.forget(listKey(''))
  const fresh = await anew()
  return canonical(fresh as unknown as Json) === canonical(last.call as unknown as Json)
    ? { park: words(last) }
    : { call: fresh }
}

/** Where Clio keeps external properties, a record carries which step made it: a mark that no client ever reads. */
function marked(resource: string, body: JsonObject, clio: Clio): JsonObject {
  const shape = resourceNamed(resource)?.create
  if (!shape || !('external_properties' in shape)) return body
  const own = { name: markName, value: clio.mark }
  return { ...body, external_properties: [...((body.external_properties as Json[] | undefined) ?? []), own] }
}

export function words(refused: PastCall): string {
  return `Clio refused ${refused.call.method} ${refused.call.path} (${refused.status}): ${refused.message}`
}

export function recordOf(answer: Json): JsonObject {
  return isObject(answer) && isObject(answer.data) ? answer.data : {}
}

function intentId(id: Json): Json {
  return isObject(id) ? (id.id ?? null) : id
}

function idOf(id: Json): string | null {
  const value = intentId(id)
  return value === null || value === '' || isObject(value) ? null : String(value)
}
