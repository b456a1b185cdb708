import { isObject, type Json, type JsonObject } from '../../lib/json.ts'

/** Values at a dotted path of a body; arrays are looked into (`email_addresses.address`). */
export function valuesAt(value: Json | undefined, path: string): Json[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap(item => valuesAt(item, path))
  if (path === '') return [value]
  if (!isObject(value)) return []
  const [key = '', ...rest] = path.split('.')
  return valuesAt(value[key], rest.join('.'))
}

/** `=matter.id` -> the first single value there, as text; null when there is none, and for everything else. */
export function bodyText(body: JsonObject, path: string): string | null {
  if (!path.startsWith('=')) return null
  const [value] = valuesAt(body, path.slice(1))
  return value === undefined || isObject(value) ? null : String(value)
}

/** A query from the contract's templates: `@…` and `=…` are filled in (left out when null), all else is literal. */
export function lookupQuery(
  templates: Readonly<Record<string, string>>,
  fill: (template: string) => string | null,
): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [key, template] of Object.entries(templates)) {
    const value = /^[@=]/.test(template) ? fill(template) : template
    if (value !== null && value !== '') query[key] = value
  }
  return query
}
