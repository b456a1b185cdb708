import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { noun, nouns } from '../../lib/text/noun.ts'
import { type Clio, Park } from '../../model/intent.ts'
import { type Resource, resourceNamed } from '../contract/index.ts'
import { isRecordId } from '../contract/route.ts'
import { listAll } from '../gateway/paging.ts'
import { called, exactly } from './called.ts'
import { candidatesOf, chosenOf } from './chosen.ts'
import { bodyText, lookupQuery } from './paths.ts'

/** How old a list of names may be. A name that it does not hold is asked of Clio once more before anybody is bothered. */
export const listAge = 60 * 60_000
export const retryAge = 30_000
/** Candidates named in a message. */
const named = 6

export type Id = string | number

/**
 * The id of the record that a name stands for: a number (or a record, a step) is an id, a text is a name, though it be of digits.
 * Small lists are fetched whole and kept; resources with many records are searched. None or several: `Park`, with candidates.
 * `body` is what the name stands in, ids in it already resolved (a stage belongs to a practice area).
 */
export async function resolve(resource: string, name: Json, path: string, body: JsonObject, clio: Clio): Promise<Id> {
  if (typeof name === 'number' && Number.isSafeInteger(name)) return name
  const via = resourceNamed(resource)?.names?.via
  if (via && isObject(name) && (name.type === 'User' || name.resource === via.resource) && digits.test(String(name.id)))
    return ownOf(via, Number(name.id), path, clio)
  if (isObject(name)) return resolveObject(resource, name, path, body, clio)
  if (typeof name !== 'string' || name.trim() === '') throw none(resource, path)
  const wanted = name.trim()
  const names = resourceNamed(resource)?.names
  if (!names) {
    if (digits.test(wanted)) return Number(wanted)
    throw new Park(`${path} wants the id of a record of ${resource}; Clio cannot look one up by name.`)
  }
  if (clio.unasked) return wanted
  if (names.via) {
    const carrier = await find(names.via.resource, wanted, body, clio)
    const ids = carrier.found
      .map(record => ({ ...record, id: record[names.via!.key] ?? null }))
      .filter(record => record.id !== null)
    if (ids.length > 0) return pick(names.via.resource, wanted, path, chosenOf(ids, clio), carrier.all, resource)
  }
  const { found, all } = await find(resource, wanted, body, clio)
  return pick(resource, wanted, path, chosenOf(found, clio), all, resource, besideOf(names, body))
}

/** `{id}` and `{name}`, as a rule writes them, and what a step made, which knows of what resource it is. */
async function resolveObject(resource: string, value: JsonObject, path: string, body: JsonObject, clio: Clio) {
  const { id, name = null, resource: made } = value
  if (made !== undefined && made !== resource) throw new Park(`${path} wants a record of ${resource}, not of ${made}.`)
  if (id === undefined) return resolve(resource, name, path, body, clio)
  if (typeof id !== 'string') return resolve(resource, typeof id === 'number' ? id : null, path, body, clio)
  const text = id.trim()
  if (digits.test(text)) return Number(text)
  // Some of Clio's ids are text (`991-20260504`): of records that have no name.
  return isRecordId(text) && !resourceNamed(resource)?.names ? text : resolve(resource, text, path, body, clio)
}

/** `{id, type: "User"}`, as the gateway's own samples write the owner of a calendar entry: the user's calendar. */
async function ownOf(via: { resource: string; key: string }, id: number, path: string, clio: Clio): Promise<Id> {
  if (clio.unasked) return id
  const carrier = (await list(via.resource, clio)).find(record => record.id === id)
  const own = carrier?.[via.key]
  if (typeof own === 'number' || typeof own === 'string') return own
  throw new Park(
    `${path} names user ${id}, ${carrier ? 'who has no calendar of their own' : 'whom Clio does not know'}.`,
  )
}

const digits = /^\d{1,15}$/

function none(resource: string, path: string): Park {
  return new Park(
    `${path} wants a record of ${resource}: a name, an id or a step. What the rule made of this event is none.`,
  )
}

/** Among which a name was looked for, in words: a stage is one of its practice area's. */
function besideOf(names: NonNullable<Resource['names']>, body: JsonObject): string {
  const path = Object.values(names.query ?? {}).find(value => bodyText(body, value) !== null)
  return path ? ` in the ${path.slice(1).split('.')[0]!.replaceAll('_', ' ')} that stands beside it` : ''
}

/** Records of that name, and all that were looked at when the list is a small one. */
async function find(
  resource: string,
  wanted: string,
  body: JsonObject,
  clio: Clio,
): Promise<{ found: JsonObject[]; all: JsonObject[] }> {
  const names = resourceNamed(resource)?.names
  const by = names?.by ?? ['name']
  const query = lookupQuery(names?.query ?? {}, path => (path === '@name' ? wanted : bodyText(body, path)))
  if (Object.values(names?.query ?? {}).includes('@name')) {
    const records = await listAll(
      { method: 'GET', path: resource, query: { ...query, fields: listFields(resource) } },
      clio,
    )
    return { found: called(records.filter(isAble), by, wanted, [exactly]), all: [] }
  }
  for (const age of [listAge, retryAge]) {
    const all = await list(resource, clio, age, query)
    const found = called(all.filter(isAble), by, wanted)
    if (found.length > 0 || age === retryAge) return { found, all }
  }
  return { found: [], all: [] }
}

const isAble = (record: JsonObject): boolean => record.enabled !== false

/** Key of the kept list, for forgetting it when one of its ids turns out wrong. */
export const listKey = (resource: string): string => `list:${resource}`

/** The whole list of a small resource, kept for all runs. */
export async function list(
  resource: string,
  clio: Pick<Clio, 'read' | 'cached'>,
  age = listAge,
  query: Readonly<Record<string, string>> = {},
): Promise<JsonObject[]> {
  const load = () => listAll({ method: 'GET', path: resource, query: { ...query, fields: listFields(resource) } }, clio)
  const narrowed = Object.entries(query).map(([key, value]) => `&${key}=${value}`)
  return (await clio.cached(listKey(resource) + narrowed.join(''), age, load)) as JsonObject[]
}

/** What a list of names has to tell besides the names. */
const besides: Readonly<Record<string, string>> = {
  users: 'enabled,default_calendar_id',
  custom_fields: 'parent_type,field_type,deleted,picklist_options{id,option,deleted_at}',
  matter_stages: 'practice_area_id',
}

function listFields(resource: string): string {
  const by = resourceNamed(resource)?.names?.by ?? ['name']
  return ['id', ...by, ...(besides[resource] ? [besides[resource]] : [])].join(',')
}

function pick(
  resource: string,
  wanted: string,
  path: string,
  found: readonly JsonObject[],
  all: readonly JsonObject[],
  /** What the ids are of. */
  of = resource,
  among = '',
): Id {
  const [one, another] = found
  if (one && !another) return one.id as Id
  const by = resourceNamed(resource)?.names?.by ?? ['name']
  const spelled = (records: readonly JsonObject[]) =>
    records
      .slice(0, named)
      .map(
        record =>
          by
            .map(key => record[key])
            .filter(Boolean)
            .join(' · ') + (found.length > 1 ? ` (id ${record.id})` : ''),
      )
      .join('; ')
  if (one)
    throw new Park(
      `${path}: Clio has several ${nouns(resource)} called “${wanted}”: ${spelled(found)}.`,
      'ambiguous-name',
      candidatesOf(of, found),
    )
  const known = all.length > 0 ? ` Clio has: ${spelled(all)}${all.length > named ? '; …' : '.'}` : ''
  throw new Park(`${path}: no ${noun(resource)} in Clio is called “${wanted}”${among}.${known}`, 'unknown-name')
}
