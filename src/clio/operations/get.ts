import { isObject, type JsonObject } from '../../lib/json.ts'
import { type Clio, type Intent, Park, Refused, recordOf } from '../../model/intent.ts'
import { resourceNamed } from '../contract/index.ts'
import { resolve } from '../names/resolve.ts'
import { fieldsFor, output } from './asked-fields.ts'

const nothing: JsonObject = { found: false, id: null }

/** `get`: one record by its id, or by the name that people call it. Output: `{found, id, …}` with what was asked for. */
export async function getRecord(
  { resource: name, id, fields, none }: Extract<Intent, { verb: 'get' }>,
  clio: Clio,
): Promise<JsonObject> {
  const resource = resourceNamed(name)
  if (!resource?.get) throw new Park(`Clio has no single ${name} to read.`)
  // What an earlier step looked for, and did not find.
  if (isObject(id) && (id.id ?? id.name ?? null) === null) {
    if (none === 'continue') return nothing
    throw new Park(`There is no ${name} to get: the id came out empty.`, 'empty-value')
  }
  try {
    const which = await resolve(name, typeof id === 'string' ? { id } : id, `The ${name} to get`, {}, clio)
    const path = `${name}/${encodeURIComponent(which)}`
    const answer = await clio.read({ method: 'GET', path, query: { fields: fieldsFor(resource.read, fields) } })
    return await output(name, { id: which, ...recordOf(answer) }, fields, clio)
  } catch (error) {
    const gone = error instanceof Refused && (error.status === 404 || error.status === 410)
    const unknown = error instanceof Park && error.code === 'unknown-name'
    if (none === 'continue' && (gone || unknown)) return nothing
    if (gone) throw new Park(`Clio has no record of ${name} with the id that the step names.`, 'none-found')
    throw error
  }
}
