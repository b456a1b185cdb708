import type { Json, JsonObject } from '../../lib/json.ts'
import { type Clio, type Intent, Park } from '../../model/intent.ts'
import { fieldOf, refOf, resourceNamed } from '../contract/index.ts'
import { listAll } from '../gateway/paging.ts'
import { candidatesOf, chosenOf } from '../names/chosen.ts'
import { convert } from '../names/convert.ts'
import { resolve } from '../names/resolve.ts'
import { fieldsFor, output } from './asked-fields.ts'

/** Unless the step says another `limit`: a step with `each` makes something of every one of them, and each costs a call. */
const usual = 50

/**
 * `find`: one record by Clio's own filters. Output: `{found, id, …}` with what was asked for, else the record's plain values and the ids
 * of what it names; with `several: "all"` a list of such, the oldest first, at most `limit`.
 */
export async function findRecord(
  intent: Extract<Intent, { verb: 'find' }>,
  clio: Clio,
): Promise<JsonObject | JsonObject[]> {
  const { resource: name, where, fields, several, limit = usual } = intent
  const resource = resourceNamed(name)
  if (!resource?.list) throw new Park(`Clio has no list of ${name} to find one in.`)
  const query: Record<string, string | string[]> = {
    fields: fieldsFor(resource.read, fields, ['created_at']),
  }
  for (const [key, value] of Object.entries(where)) {
    const kind = fieldOf(resource.list, key) ?? fieldOf(resource.list, `${key}[]`)
    if (typeof kind !== 'string') throw new Park(`${name} cannot be filtered by ${key}.`)
    const parameter = fieldOf(resource.list, `${key}[]`) === null ? key : `${key}[]`
    const values = Array.isArray(value) ? value : [value]
    if (values.length !== 1 && !parameter.endsWith('[]'))
      throw new Park(`${name} can be filtered by one ${key} only, not by ${values.length}.`)
    const written = await Promise.all(values.map(one => filter(name, key, one, kind, where, clio)))
    query[parameter] = parameter.endsWith('[]') ? written : written[0]!
  }
  const all = several === 'all'
  const listed = await listAll({ method: 'GET', path: name, query }, clio, all ? limit : Infinity)
  const records = chosenOf(listed, all ? {} : clio)
  if (records.length === 0 && intent.none === 'park')
    throw new Park(`No record of ${name} in Clio fits what the step looks for.`, 'none-found')
  if (all && records.length > limit) {
    throw new Park(
      `More than ${limit} records of ${name} fit what the step looks for, and it takes at most ${limit}: say more in its 'where', or another 'limit' (at most 200).`,
      'several-found',
    )
  }
  if (records.length > 1 && several === 'park') {
    throw new Park(
      `${records.length} records of ${name} fit what the step looks for (ids ${records
        .slice(0, 6)
        .map(one => one.id)
        .join(', ')}).`,
      'several-found',
      candidatesOf(name, records),
    )
  }
  if (records.length > 1 && several === 'continue') return { found: false, id: null }
  const since = (one: JsonObject) => Date.parse(String(one.created_at)) || 0
  const byAge = records.toSorted((a, b) => since(a) - since(b) || Number(a.id) - Number(b.id))
  if (all) return Promise.all(byAge.map(one => output(name, one, fields, clio)))
  const one = several === 'newest' ? byAge.at(-1) : byAge[0]
  return one ? output(name, one, fields, clio) : { found: false, id: null }
}

async function filter(name: string, key: string, value: Json, kind: string, where: JsonObject, clio: Clio) {
  // `assignee_id` is of what `assignee_type` says.
  const type = where[key.replace(/_id$/, '_type')]
  const ref = refOf(resourceNamed(name)!, key, typeof type === 'string' ? type : undefined)
  if (ref) return String(await resolve(ref.resource, value, `${name}.${key}`, {}, clio))
  return String(convert(value, kind, `${name}.${key}`, clio))
}
