import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Call } from './call.ts'
import { says } from './compare.ts'
import { compose } from './compose.ts'
import {
  additions,
  contactFields,
  matching,
  plainEmail,
  plainPhone,
  spellings,
  type Wanted,
  wantedOf,
} from './contact.ts'
import { refOf, resourceNamed } from './contract/index.ts'
import { type Clio, type Intent, Park, type PastCall, type Step } from './intent.ts'
import { listAll } from './paging.ts'
import { valuesAt } from './paths.ts'

type Upsert = Extract<Intent, { verb: 'upsert' }>

/**
 * Find the record that agrees with the body in the keys of `match`, or create it. The match values are taken first: two upserts
 * that overlap never run at the same time. Output: `{id, created}`.
 */
export async function upsert(
  intent: Upsert,
  past: readonly PastCall[],
  clio: Clio,
  create: (body: JsonObject) => Promise<Step>,
): Promise<Step> {
  const applied = past.find(one => one.applied)
  if (applied?.call.method === 'POST') return create({})
  if (applied) return { output: { id: idIn(applied), created: false } }
  const body = await compose(intent.resource, 'create', intent.with, clio)
  const match = matchOf(intent, body, clio)
  if (match.values.length === 0) {
    throw new Park(
      `${intent.resource} cannot be matched: ${intent.match.join(' and ')} came out empty, so nobody can tell whether it exists.`,
    )
  }
  clio.lock(match.values)
  const found = await match.search()
  if (found.length > 1 && intent.several === 'park') {
    throw new Park(
      `Several of ${intent.resource} in Clio match (ids ${found.map(one => one.id).join(', ')}): merge them in Clio, then resume.`,
    )
  }
  const one =
    found.length > 1 && intent.several === 'create'
      ? undefined
      : found.toSorted((a, b) => Number(a.id) - Number(b.id))[0]
  if (!one) return create(body)
  return changed(intent, body, one, past, clio)
}

async function changed(
  intent: Upsert,
  body: JsonObject,
  one: JsonObject,
  past: readonly PastCall[],
  clio: Clio,
): Promise<Step> {
  const output = { id: one.id ?? null, created: false }
  if (intent.existing === 'keep') return { output }
  const path = `${intent.resource}/${one.id}`
  const current = await whole(path, one, body, clio)
  const change = additions(body, current, intent.existing, clio.country)
  if (Object.keys(change).length === 0) return { output }
  const refused = past.findLast(each => !each.applied)
  if (refused)
    throw new Park(`Clio refused ${refused.call.method} ${refused.call.path} (${refused.status}): ${refused.message}`)
  return { call: { method: 'PATCH', path, query: { fields: 'id,etag' }, body: change } }
}

/** The search reads what identifies a contact; other keys of the body are read only when there are any. */
async function whole(path: string, one: JsonObject, body: JsonObject, clio: Clio): Promise<JsonObject> {
  const read = resourceNamed(path.split('/')[0]!)!.read
  const unread = Object.keys(body).filter(key => !(key in one) && key in read && key !== 'custom_field_values')
  if (unread.length === 0) return one
  const fields = unread.map(key => {
    const shape = read[key]!
    const inner = (Array.isArray(shape) ? shape[0] : shape) as Json
    const asked = Array.isArray(body[key])
      ? Object.keys((body[key][0] ?? {}) as JsonObject)
      : isObject(body[key])
        ? Object.keys(body[key])
        : []
    return isObject(inner) ? `${key}{${asked.filter(each => each in inner).join(',') || 'id'}}` : key
  })
  const answer = await clio.read({ method: 'GET', path, query: { fields: ['id', ...fields].join(',') } })
  return { ...one, ...(isObject(answer) && isObject(answer.data) ? answer.data : {}) }
}

interface Match {
  /** What is taken while this step runs. */
  readonly values: readonly string[]
  readonly search: () => Promise<JsonObject[]>
}

function matchOf(intent: Upsert, body: JsonObject, clio: Clio): Match {
  if (
    intent.resource === 'contacts' &&
    intent.match.some(key => key === 'email_addresses' || key === 'phone_numbers')
  ) {
    const wanted = wantedOf(body, intent.match, clio.country)
    const values = [...wanted.emails.map(email => `email:${email}`), ...wanted.phones.map(phone => `phone:${phone}`)]
    return { values, search: () => searchContacts(wanted, clio) }
  }
  return matchByKeys(intent, body, clio)
}

/** E-mail first; the phone's spellings are only tried, one call each, when no e-mail address was found. */
async function searchContacts(wanted: Wanted, clio: Clio): Promise<JsonObject[]> {
  const ask = (query: string) =>
    listAll({ method: 'GET', path: 'contacts', query: { query, type: wanted.type, fields: contactFields } }, clio)
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

/** Any other resource: asked by the filters that its list offers, compared on our side in every key of `match`. */
function matchByKeys(intent: Upsert, body: JsonObject, clio: Clio): Match {
  const resource = resourceNamed(intent.resource)!
  const sent = Object.fromEntries(intent.match.filter(key => body[key] !== undefined).map(key => [key, body[key]!]))
  const query: Record<string, string> = {}
  const fields = new Set(['id', 'created_at'])
  for (const [key, value] of Object.entries(sent)) {
    const [id] = valuesAt(value, 'id')
    if (isObject(value) && id !== undefined && refOf(resource, key)) {
      fields.add(`${key}{id}`)
      if (resource.list && `${key}_id` in resource.list) query[`${key}_id`] = String(id)
    } else {
      fields.add(key)
      if (typeof value === 'string' && resource.list?.query) query.query = value
      else if (resource.list && typeof resource.list[key] === 'string') query[key] = String(value)
    }
  }
  const call: Call = { method: 'GET', path: intent.resource, query: { ...query, fields: [...fields].join(',') } }
  return {
    values: Object.keys(sent).length === intent.match.length ? [`${intent.resource}:${JSON.stringify(sent)}`] : [],
    search: async () => (await listAll(call, clio)).filter(record => says(sent, record)),
  }
}

/** Leaves out array items that the record has already: a PATCH would add them a second time. */
export function missingItems(body: JsonObject, current: JsonObject, country: string): JsonObject {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(body)) {
    if (!Array.isArray(value) || !Array.isArray(current[key])) {
      kept[key] = value
      continue
    }
    const plain = (item: Json) =>
      isObject(item)
        ? item.address !== undefined
          ? plainEmail(String(item.address))
          : item.number !== undefined
            ? (plainPhone(String(item.number), country) ?? String(item.number))
            : null
        : null
    const known = (current[key] as Json[]).map(plain)
    const missing = value.filter(
      item => (isObject(item) && item.id !== undefined) || plain(item) === null || !known.includes(plain(item)),
    )
    if (missing.length > 0) kept[key] = missing
  }
  return kept
}

function idIn(past: PastCall): Json {
  const id = isObject(past.answer) && isObject(past.answer.data) ? past.answer.data.id : undefined
  return id ?? past.record
}
