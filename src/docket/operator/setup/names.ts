import { resourceNamed } from '../../../clio/contract/index.ts'
import { customFieldValues } from '../../../clio/names/custom-fields.ts'
import { bodyText, lookupQuery } from '../../../clio/names/paths.ts'
import { list, resolve } from '../../../clio/names/resolve.ts'
import type { Configuration } from '../../../configuration/configuration.ts'
import { isObject, type Json, type JsonObject } from '../../../lib/json.ts'
import { pathOf, type Remark } from '../../../lib/path.ts'
import type { Problem } from '../../../lib/problem.ts'
import { nearest } from '../../../lib/text/nearest.ts'
import type { Call, Outcome } from '../../../model/call.ts'
import { type Clio, Park, Refused } from '../../../model/intent.ts'
import { type NamedField, type NamedRecord, namesWritten } from '../../../rules/check/names-written.ts'
import { isTemplate } from '../../../rules/language/template.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { DryClio, Stopped } from '../dry-clio.ts'

/** Names that are listed when none is near. */
const listedMost = 8

export interface NamesDeps {
  readonly ledger: Ledger
  now(): number
  /** One read of Clio at the firm's pace. */
  read(call: Call): Promise<Outcome | Problem>
}

/** Looks up in Clio every name that the rules write as it is: each mistake is a remark, with the nearest right name. */
export async function namesInClio(
  { rules, timezone, country }: Pick<Configuration, 'rules' | 'timezone' | 'country'>,
  { ledger, now, read }: NamesDeps,
): Promise<Remark[] | Problem> {
  const dry = new DryClio({ ledger, timezone, country, subject: null, now, read })
  const remarks: Remark[] = []
  for (const one of namesWritten(rules)) {
    const intent = { verb: 'find', resource: one.resource, where: {}, none: 'park', several: 'park' } as const
    const clio = dry.clio('names', intent, () => {})
    try {
      const message = one.kind === 'record' ? await recordFault(one, clio) : await fieldFault(one, clio)
      if (message !== null) remarks.push({ path: pathOf(one.place), message })
    } catch (error) {
      if (error instanceof Stopped) return error.problem
      if (!(error instanceof Park || error instanceof Refused)) throw error
      remarks.push({ path: pathOf(one.place), message: `cannot be looked up in Clio: ${error.message}` })
    }
  }
  return remarks
}

async function recordFault({ resource, name, beside, place }: NamedRecord, clio: Clio): Promise<string | null> {
  const body = await besides(resource, beside, clio)
  if (body === null) return null
  try {
    await resolve(resource, name, pathOf(place), body, clio)
    return null
  } catch (error) {
    if (!(error instanceof Park)) throw error
    if (error.code !== 'unknown-name') return error.message.replace(`${pathOf(place)}: `, '')
    // A stage is one of its practice area's: another's of that name is none.
    const [among] = Object.keys(body)
    const where = among ? ` in that ${among.replaceAll('_', ' ')}` : ''
    const all = await known(resource, body, clio)
    return `none of Clio’s ${resource.replaceAll('_', ' ')}${where} is called “${name}”${meant(name, all)}`
  }
}

/** What the name's list hangs on; null: that hangs on an expression. */
async function besides(resource: string, beside: JsonObject, clio: Clio): Promise<JsonObject | null> {
  const keys = Object.values(resourceNamed(resource)?.names?.query ?? {}).filter(one => one.startsWith('='))
  const body: JsonObject = {}
  for (const path of keys) {
    const [key = ''] = path.slice(1).split('.')
    const value = beside[key] ?? null
    if (value === null) continue
    if (isTemplate(value)) return null
    const id = await resolve(`${key}s`, value, key, {}, clio).catch(error => {
      // It has a message of its own.
      if (error instanceof Park) return null
      throw error
    })
    if (id === null) return null
    body[key] = { id }
  }
  return body
}

/** Names of a small list; of one that is searched nobody knows them all. */
async function known(resource: string, body: JsonObject, clio: Clio): Promise<string[]> {
  const names = resourceNamed(resource)?.names
  if (!names || Object.values(names.query ?? {}).includes('@name')) return []
  const lists = [...(names.via ? [names.via.resource] : []), resource]
  const found: string[] = []
  for (const each of lists) {
    const by = resourceNamed(each)?.names?.by ?? ['name']
    const query = lookupQuery(resourceNamed(each)?.names?.query ?? {}, one => bodyText(body, one))
    for (const record of await list(each, clio, undefined, query))
      found.push(...by.map(key => record[key]).filter(one => typeof one === 'string'))
  }
  return found
}

async function fieldFault({ resource, name, value }: NamedField, clio: Clio): Promise<string | null> {
  if (value !== undefined) {
    try {
      await customFieldValues(resource, { [name]: value }, [], clio)
      return null
    } catch (error) {
      if (!(error instanceof Park)) throw error
    }
  }
  const parent = resource === 'matters' ? 'Matter' : 'Contact'
  const every = await list('custom_fields', clio)
  const fields = every.filter(one => one.parent_type === parent && one.deleted !== true)
  const named = fields.filter(one => same(one.name, name))
  if (named.length > 1) return `several custom fields of Clio’s ${resource} are called so: rename one of them in Clio`
  const names = fields.map(one => String(one.name))
  const [field] = named
  const elsewhere = every.find(one => same(one.name, name))
  const why =
    elsewhere &&
    (elsewhere.parent_type === parent
      ? 'was deleted there'
      : `is one of ${parent === 'Matter' ? 'contacts' : 'matters'}`)
  if (!field) return `is none of the custom fields of Clio’s ${resource}${why ? `: it ${why}` : meant(name, names)}`
  if (value === undefined || value === null || value === '') return null
  const options = Array.isArray(field.picklist_options) ? field.picklist_options.filter(isObject) : []
  const offered = options.filter(one => !one.deleted_at).map(one => String(one.option))
  if (field.field_type === 'picklist' && Array.isArray(value)) return 'takes one of its options in Clio, not a list'
  if (field.field_type === 'picklist')
    return `“${value}” is none of its options in Clio${meant(String(value), offered)}`
  const kinds: Readonly<Record<string, string>> = { checkbox: 'yes or no', numeric: 'a number', currency: 'an amount' }
  return `takes ${kinds[String(field.field_type)] ?? `a ${field.field_type}`} in Clio, which “${typeof value === 'string' ? value : JSON.stringify(value)}” is not`
}

const same = (a: Json | undefined, b: string) =>
  String(a ?? '')
    .trim()
    .toLowerCase() === b.trim().toLowerCase()

function meant(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  if (near !== null) return `; did you mean “${near}”?`
  const some = known.slice(0, listedMost).join(', ')
  return known.length === 0 ? '' : `; there are ${some}${known.length > listedMost ? ' …' : ''}`
}
