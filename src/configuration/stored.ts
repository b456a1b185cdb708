import { remarksOf } from '../lib/issues.ts'
import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { pathOf } from '../lib/path.ts'
import { rule } from '../model/rule.ts'
import { type Configuration, schema } from './configuration.ts'

/** What of a stored configuration this code cannot read: a rule, or a setting without which nothing can be worked out. */
export interface Unfit {
  /** JSON path. */
  readonly path: string
  /** Events of which endpoints and types it stops; null: all. */
  readonly on: { readonly endpoints: readonly string[] | null; readonly types: readonly string[] | null }
  readonly why: string
}

export interface StoredConfiguration extends Configuration {
  readonly unfit: readonly Unfit[]
}

/**
 * A document that was checked when it was saved, by this code or by an earlier version (I8). Never throws: what no longer fits is left
 * out, and `unfit` says which events it stops.
 */
export function storedConfiguration(document: Json): StoredConfiguration {
  const parsed = schema().safeParse(document)
  if (parsed.success) return { ...parsed.data, unfit: [] }
  const raw: JsonObject = isObject(document) ? document : {}
  const unfit: Unfit[] = []
  const kept: Record<string, unknown> = {}
  for (const [key, shape] of Object.entries(schema().shape)) {
    const read = shape.safeParse(raw[key])
    if (key === 'rules') kept.rules = rulesOf(raw.rules ?? null, unfit)
    else if (key === 'endpoints') kept.endpoints = endpointsOf(raw.endpoints ?? null)
    else if (read.success) kept[key] = read.data
    else if (key in required) {
      kept[key] = required[key]
      unfit.push({ path: key, on: everything, why: remarksOf(read.error, shape, raw[key] ?? null)[0]?.message ?? '' })
    }
  }
  return { ...(kept as Configuration), unfit }
}

/** Without these nothing can be worked out; what stands in their place is never used. */
const required: Readonly<Record<string, string>> = { timezone: 'UTC', country: 'US' }
const everything = { endpoints: null, types: null }

function rulesOf(rules: Json, unfit: Unfit[]): Configuration['rules'] {
  return (Array.isArray(rules) ? rules : []).flatMap((one, at) => {
    const read = rule.safeParse(one)
    if (read.success) return [read.data]
    const on = isObject(one) && isObject(one.on) ? one.on : {}
    const [remark] = remarksOf(read.error, rule, one, ['rules', at])
    unfit.push({
      path: remark?.path ?? pathOf(['rules', at]),
      on: { endpoints: namesIn(on.endpoint), types: namesIn(on.type) },
      why: remark?.message ?? '',
    })
    return []
  })
}

/** Whether an endpoint's options still fit is asked where they are used: the door answers 503 in words. */
function endpointsOf(endpoints: Json): Configuration['endpoints'] {
  const all = isObject(endpoints) ? Object.entries(endpoints) : []
  return Object.fromEntries(
    all.filter(([, one]) => isObject(one) && typeof one.source === 'string'),
  ) as Configuration['endpoints']
}

const namesIn = (value: Json | undefined): string[] | null =>
  value === undefined ? null : [value].flat().filter(one => typeof one === 'string')

/** Why an event cannot be carried out under this configuration, for people; null: it can. */
export function stopped({ unfit }: StoredConfiguration, endpoint: string, type: string): string | null {
  const stops = (names: readonly string[] | null, name: string) => names === null || names.includes(name)
  const found = unfit.find(({ on }) => stops(on.endpoints, endpoint) && stops(on.types, type))
  if (!found) return null
  return `The configuration does not fit this version of Docketed: ${found.path} ${found.why}. Save it again, then resume this run with the newest configuration.`
}
