import { canonical, isObject, type JsonObject } from '../../lib/json.ts'
import { noun, nouns } from '../../lib/text/noun.ts'
import { type Call, ifUnchanged } from '../../model/call.ts'
import { type Clio, type Intent, Park, type PastCall, Refused, recordOf, type Step, words } from '../../model/intent.ts'
import { fieldsOf, readable, says } from '../compare/compare.ts'
import { additions, beforehand, contradicted, offeredTo } from '../compare/merge.ts'
import { appends } from '../compare/reconcile.ts'
import { fieldOf, type Resource, resourceNamed, wordsOf } from '../contract/index.ts'
import { listAll } from '../gateway/paging.ts'
import { candidatesOf, chosenOf } from '../names/chosen.ts'
import { compose } from '../names/compose.ts'
import { convert } from '../names/convert.ts'
import { customFieldValues, standingValues } from '../names/custom-fields.ts'
import { valuesAt } from '../names/paths.ts'
import { contactFields, matching, spellings, type Wanted, wantedOf } from '../people/contact.ts'
import { isTold } from '../people/index-entry.ts'
import { keyOfSame } from '../people/name-keys.ts'

type Upsert = Extract<Intent, { verb: 'upsert' }>

/**
 * Find the record that agrees with the body in the keys of `match`, or create it. The match values are taken first: two upserts
 * that overlap never run at the same time. Output: `{id, resource, created}`.
 */
export async function upsert(
  intent: Upsert,
  past: readonly PastCall[],
  clio: Clio,
  create: (body: () => Promise<JsonObject>) => Promise<Step>,
): Promise<Step> {
  const { resource } = intent
  const composed = () => compose(resource, 'create', intent.with, clio)
  const applied = past.find(one => one.applied)
  if (applied?.call.method === 'POST') return create(composed)
  if (applied) return { output: { id: recordOf(applied.answer).id ?? applied.record, resource, created: false } }
  const body = await composed()
  const match = matchOf(intent, body, clio)
  if (match.values.length === 0) {
    throw new Park(
      `No ${intent.match.map(nouns).join(' and no ')} came with it, so nobody can tell whether Clio has this ${noun(resource)} already.`,
      'empty-value',
    )
  }
  const lately = clio.lock(match.values)
  const gone = goneIn(past)
  for (const id of gone) if (resource === 'contacts') await clio.contacts.forget(id)
  const searched = (await match.search()).filter(one => !gone.has(String(one.id)))
  const fitting = searched.length > 0 ? searched : await match.standing(unseen(resource, lately, gone))
  const found = chosenOf(fitting, clio)
  if (found.length > 1 && intent.several === 'park') {
    throw new Park(
      `Several of ${resource} in Clio match (ids ${found.map(one => one.id).join(', ')}): merge them in Clio, then resume; or choose one of them.`,
      'several-found',
      candidatesOf(resource, found),
    )
  }
  const several = found.length > 1 && intent.several === 'create'
  const one = several ? undefined : found.toSorted((a, b) => Number(a.id) - Number(b.id))[0]
  // After a refusal the names in the body are looked up anew.
  if (!one) return create(past.length > 0 ? composed : async () => body)
  const answered = past.filter(({ call }) => !gone.has(call.path.slice(resource.length + 1)))
  try {
    return await changed(intent, body, one, answered, clio)
  } catch (error) {
    if (!one.indexed || !(error instanceof Refused) || !isGone(error.status)) throw error
    // The index held one that somebody deleted.
    await clio.contacts.forget(String(one.id))
    return upsert(intent, past, clio, create)
  }
}

const isGone = (status: number) => status === 404 || status === 410

/** Ids of records that other steps made or found lately, which a search may not find yet. */
function unseen(resource: string, lately: readonly JsonObject[], gone: ReadonlySet<string>): string[] {
  const made = lately.filter(output => output.resource === resource && (output.id ?? null) !== null)
  return [...new Set(made.map(output => String(output.id)))].filter(id => !gone.has(id))
}

/** Records as they stand now; those that are gone are left out. */
async function each(ids: readonly string[], resource: string, fields: string, clio: Clio): Promise<JsonObject[]> {
  const records: JsonObject[] = []
  for (const id of ids) {
    try {
      records.push(recordOf(await clio.read({ method: 'GET', path: `${resource}/${id}`, query: { fields } })))
    } catch (error) {
      if (!(error instanceof Refused) || !isGone(error.status)) throw error
    }
  }
  return records
}

/** Ids of records that were gone when they were to be changed: they are matched anew. */
function goneIn(past: readonly PastCall[]): Set<string> {
  const missed = past.filter(({ applied, status, call }) => !applied && isGone(status) && call.method === 'PATCH')
  return new Set(missed.map(({ call }) => call.path.split('/')[1] ?? ''))
}

async function changed(
  intent: Upsert,
  body: JsonObject,
  one: JsonObject,
  past: readonly PastCall[],
  clio: Clio,
): Promise<Step> {
  const { resource, existing } = intent
  const output = { id: one.id ?? null, resource, created: false }
  if (existing === 'keep') return { output }
  const path = `${resource}/${one.id}`
  // The index knows what stands blank, not what stands there.
  const known = existing === 'replace' && one.indexed ? { id: one.id ?? null } : one
  let current = await whole(path, known, body, resourceNamed(resource)!, clio)
  let change = additions(body, current, existing, resource, clio.country)
  if (one.indexed && current.etag === undefined && appends(change)) {
    // Added twice, an item stands there twice: it is seen first whether somebody has added it since the index was read.
    current = await whole(path, { id: one.id ?? null }, body, resourceNamed(resource)!, clio)
    change = additions(body, current, existing, resource, clio.country)
  }
  const values = await changedValues(intent, current, clio)
  if (values.length > 0) change.custom_field_values = values
  const told = toldOf(intent, body, current, change, clio.country)
  if (Object.keys(change).length === 0) return { output: { ...output, ...told } }
  const refused = past.findLast(each => !each.applied)
  if (refused) throw new Park(words(refused), 'refused')
  const before = beforehand(change, current)
  const patch = { method: 'PATCH', path, query: { fields: 'id,etag' }, body: change } as const
  return { call: { ...patch, ...ifUnchanged(current.etag) }, before, ...(Object.keys(told).length > 0 && { told }) }
}

/** What the step says of a record that was there: what it was offered and did not take, and where what came in speaks against it. */
function toldOf(
  { resource, existing }: Upsert,
  body: JsonObject,
  current: JsonObject,
  change: JsonObject,
  country: string,
): JsonObject {
  const offered = existing === 'fill' ? offeredTo(body, current, change, resource, country) : {}
  const contradicts = contradicted(body, current, resource, country)
  return {
    ...(Object.keys(offered).length > 0 && { offered }),
    ...(contradicts.length > 0 && { contradicts }),
  }
}

/** The search reads what identifies a contact; other keys of the body are read only when there are any. */
async function whole(
  path: string,
  one: JsonObject,
  body: JsonObject,
  resource: Resource,
  clio: Clio,
): Promise<JsonObject> {
  const { custom_field_values: values, ...seen } = readable(body, resource)
  const unread = Object.fromEntries(Object.entries(seen).filter(([key]) => !(key in one)))
  if (Object.keys(unread).length === 0 && values === undefined) return one
  const fields = ['etag', fieldsOf(unread, resource), ...(values === undefined ? [] : [standingValues])].join(',')
  const read = recordOf(await clio.read({ method: 'GET', path, query: { fields } }))
  // Of two readings the older etag counts: what was read first may have changed since.
  return { ...one, ...read, etag: one.etag ?? read.etag ?? null }
}

/** Custom fields follow the same rule as all else: `fill` sets what stands blank, `replace` what differs. */
async function changedValues({ resource, existing, with: values }: Upsert, current: JsonObject, clio: Clio) {
  if (values.custom_field_values !== undefined)
    throw new Park(`${resource} that exist have their custom fields changed by name: write custom_fields instead.`)
  if (values.custom_fields === undefined) return []
  const standing = Array.isArray(current.custom_field_values) ? current.custom_field_values.filter(isObject) : []
  const written = await customFieldValues(resource, values.custom_fields, standing, clio)
  const blank = (id: unknown) => [null, undefined, ''].includes(standing.find(one => one.id === id)?.value as null)
  return written.filter(item => existing === 'replace' || item.id === undefined || blank(item.id))
}

interface Match {
  /** What is taken while this step runs. */
  readonly values: readonly string[]
  readonly search: () => Promise<JsonObject[]>
  /** Those of some records that fit. */
  readonly standing: (ids: readonly string[]) => Promise<JsonObject[]>
}

function matchOf(intent: Upsert, body: JsonObject, clio: Clio): Match {
  const addresses = intent.match.filter(isAddress)
  const others = intent.match.filter(key => !isAddress(key))
  if (intent.resource !== 'contacts' || addresses.length === 0) return matchByKeys(intent, body, clio)
  const wanted = wantedOf(body, addresses, clio.country)
  const values = [...wanted.emails.map(email => `email:${email}`), ...wanted.phones.map(phone => `phone:${phone}`)]
  const besides = comparableIn(body, others, intent.resource)
  return {
    values: Object.keys(besides).length === others.length ? values : [],
    standing: async ids => {
      const all = (await each(ids, 'contacts', fieldsBesides(besides), clio)).filter(one => says(besides, one))
      return matching(wanted, all, clio.country)
    },
    search: async () => {
      const indexed = Object.keys(besides).every(isTold) ? await clio.contacts.find(body) : null
      if (indexed === null) return searchContacts(wanted, besides, clio)
      const told = (all: readonly JsonObject[]) => all.filter(one => says(besides, one))
      return standing(indexed, all => matching(wanted, told(all), clio.country), clio)
    },
  }
}

const isAddress = (key: string) => key === 'email_addresses' || key === 'phone_numbers'

/** Of several, those that Clio still has: what was deleted, or merged into another, it does not tell of its own accord. */
async function standing(
  indexed: readonly JsonObject[],
  fitting: (all: readonly JsonObject[]) => JsonObject[],
  clio: Clio,
): Promise<JsonObject[]> {
  const found = fitting(indexed)
  if (found.length < 2) return found
  const ids = found.map(one => String(one.id))
  const there = await listAll({ method: 'GET', path: 'contacts', query: { 'ids[]': ids, fields: contactFields } }, clio)
  for (const id of ids) if (!there.some(one => String(one.id) === id)) await clio.contacts.forget(id)
  return fitting(there)
}

const fieldsBesides = (besides: JsonObject): string =>
  Object.keys(besides).length > 0 ? `${contactFields},${fieldsOf(besides, resourceNamed('contacts')!)}` : contactFields

/** E-mail first; the phone's spellings are only tried, one call each, when no e-mail address was found. */
async function searchContacts(wanted: Wanted, besides: JsonObject, clio: Clio): Promise<JsonObject[]> {
  const fields = fieldsBesides(besides)
  const ask = async (query: string) => {
    const call: Call = { method: 'GET', path: 'contacts', query: { query, type: wanted.type, fields } }
    return (await listAll(call, clio)).filter(one => says(besides, one))
  }
  for (const email of wanted.emails) {
    const found = matching({ ...wanted, phones: [] }, await ask(email), clio.country)
    if (found.length > 0) return found
  }
  for (const phone of wanted.phones) {
    for (const spelling of spellings(phone, clio.country)) {
      const found = matching(wanted, await ask(spelling), clio.country)
      if (found.length > 0) return found
    }
  }
  return []
}

/** Keys that `query=` of a list looks at; it does not at a matter's `client_reference`, and of others nothing is known. */
const searched = new Set(['name', 'summary', 'subject', 'description', 'display_number', 'detail', 'note'])

/** Any other resource: asked by the filters that its list offers, compared on our side in every key of `match`. */
function matchByKeys(intent: Upsert, body: JsonObject, clio: Clio): Match {
  const resource = resourceNamed(intent.resource)!
  // A company is no person, though they be named alike.
  const keys = intent.resource === 'contacts' ? [...new Set([...intent.match, 'type'])] : intent.match
  const sent = comparableIn(body, keys, intent.resource)
  const query: Record<string, string> = {}
  for (const [key, value] of Object.entries(sent)) {
    const [id] = isObject(value) ? valuesAt(value, 'id') : []
    const kind = resource.list && fieldOf(resource.list, key)
    if (id !== undefined && resource.list && fieldOf(resource.list, `${key}_id`)) query[`${key}_id`] = String(id)
    else if (typeof kind === 'string' && typeof value === 'string' && (kind === 'text' || wordsOf(kind)))
      query[key] = String(convert(value, kind, `${intent.resource}.${key}`, clio))
    else if (typeof value === 'string' && searched.has(key) && resource.list?.query) query.query ??= piece(value)
  }
  // An id finds few records, and finds them at once; the index behind `query=` may be late.
  if (Object.keys(query).some(key => key.endsWith('_id'))) delete query.query
  const call: Call = {
    method: 'GET',
    path: intent.resource,
    query: { ...query, fields: `etag,${fieldsOf(sent, resource)}` },
  }
  return {
    standing: async ids =>
      (await each(ids, intent.resource, String(call.query?.fields), clio)).filter(one => says(sent, one)),
    values: Object.keys(sent).length === keys.length ? [`${intent.resource}:${canonical(sent).toLowerCase()}`] : [],
    search: async () => {
      const fitting = (all: readonly JsonObject[]) => all.filter(record => says(sent, record))
      const byName = intent.resource === 'contacts' && 'name' in sent && keys.length === 2
      const name = byName ? keyOfSame(String(sent.name ?? '')) : ''
      const indexed = byName ? await clio.contacts.named([name], one => says(sent, one)) : null
      return indexed ? standing(indexed, fitting, clio) : fitting(await listAll(call, clio))
    },
  }
}

/**
 * A piece of a text that is enough to search by: the longest that Clio is sure to store as it was written, for it searches to the letter
 * and may have squeezed blanks, composed accents, or turned quotes and ampersands.
 */
function piece(text: string): string {
  const pieces = text.match(/[a-z0-9]+(?: [a-z0-9]+)*/gi) ?? []
  const longest = pieces.reduce((best, one) => (one.length > best.length ? one : best), '')
  return (longest.length < 3 ? text.split(/[\r\n]/)[0]! : longest).slice(0, 100)
}

/** The keys of a body that a rule matches by, as answers tell them. */
function comparableIn(body: JsonObject, keys: readonly string[], name: string): JsonObject {
  const present = Object.fromEntries(keys.filter(key => body[key] !== undefined).map(key => [key, body[key]!]))
  const comparable = readable(present, resourceNamed(name)!)
  const blind = Object.keys(present).find(key => !(key in comparable))
  if (blind !== undefined) throw new Park(`${name} cannot be matched by ${blind}: Clio does not tell it.`)
  return comparable
}
