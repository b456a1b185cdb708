import type { Json, JsonObject } from '../json.ts'
import { fieldOf, refOf, resourceNamed, type Shape } from './contract/index.ts'
import { convert } from './convert.ts'
import { type Clio, type Intent, Park } from './intent.ts'
import { listAll } from './paging.ts'
import { resolve } from './resolve.ts'

/** `find`: one record by Clio's own filters. Output: `{found, id, …}` with the record's plain values and the ids of what it names. */
export async function findRecord(intent: Extract<Intent, { verb: 'find' }>, clio: Clio): Promise<JsonObject> {
  const { resource: name, where } = intent
  const resource = resourceNamed(name)
  if (!resource?.list) throw new Park(`Clio has no list of ${name} to find one in.`)
  const query: Record<string, string | string[]> = { fields: plainFields(resource.read) }
  for (const [key, value] of Object.entries(where)) {
    const kind = fieldOf(resource.list, key) ?? fieldOf(resource.list, `${key}[]`)
    if (typeof kind !== 'string') throw new Park(`${name} cannot be filtered by ${key}.`)
    const written = await Promise.all(
      (Array.isArray(value) ? value : [value]).map(one => filter(name, key, one, kind, clio)),
    )
    query[resource.list[`${key}[]`] ? `${key}[]` : key] = Array.isArray(value) ? written : written[0]!
  }
  const records = await listAll({ method: 'GET', path: name, query }, clio)
  if (records.length === 0 && intent.none === 'park')
    throw new Park(`No record of ${name} in Clio fits what the step looks for.`)
  if (records.length > 1 && intent.several === 'park') {
    throw new Park(
      `${records.length} records of ${name} fit what the step looks for (ids ${records
        .slice(0, 6)
        .map(one => one.id)
        .join(', ')}).`,
    )
  }
  const byAge = records.toSorted((a, b) => String(a.created_at ?? '').localeCompare(String(b.created_at ?? '')))
  const one = intent.several === 'newest' ? byAge.at(-1) : byAge[0]
  return one ? { ...one, found: true } : { found: false, id: null }
}

async function filter(name: string, key: string, value: Json, kind: string, clio: Clio): Promise<string> {
  const ref = refOf(resourceNamed(name)!, key)
  if (ref) return String(await resolve(ref.resource, value, `${name}.${key}`, {}, clio))
  return String(convert(value, kind, `${name}.${key}`, clio.timezone))
}

/** Every plain value, and id and name of what stands one level below. */
export function plainFields(read: Shape): string {
  const fields: string[] = []
  for (const [key, shape] of Object.entries(read)) {
    if (typeof shape === 'string') fields.push(key)
    else if (!Array.isArray(shape) && 'id' in shape) fields.push('name' in shape ? `${key}{id,name}` : `${key}{id}`)
  }
  return fields.join(',')
}
