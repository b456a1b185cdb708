import { isObject, type Json } from '../lib/json.ts'
import { pathOf } from '../lib/path.ts'
import { type Problem, problem } from '../lib/problem.ts'

/** A secret as a document names it, and where. */
export interface NamedSecret {
  readonly name: string
  readonly path: string
}

/** Every `$NAME` of a document, where secrets are named: endpoints, channels and alerts. */
export function secretsNamed(document: Json): NamedSecret[] {
  if (!isObject(document)) return []
  const { endpoints = null, channels = null, alerts = null } = document
  return Object.entries({ endpoints, channels, alerts }).flatMap(([key, value]) => namesIn(value, [key]))
}

function namesIn(value: Json, place: readonly (string | number)[]): NamedSecret[] {
  if (typeof value === 'string')
    return /^\$[A-Z][A-Z0-9_]{0,63}$/.test(value) ? [{ name: value.slice(1), path: pathOf([...place]) }] : []
  if (Array.isArray(value)) return value.flatMap((one, at) => namesIn(one, [...place, at]))
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => namesIn(one, [...place, key])) : []
}

/**
 * The Worker's secrets are the vendor's to hand out, by naming them in the firm's configuration: whoever saves with the firm's own token
 * names what the firm has stored, and what was handed out. null: nothing else is named.
 * @param lent names that the vendor handed out; null: it was never asked, so none
 */
export function foreignSecrets(
  named: readonly NamedSecret[],
  lent: ReadonlySet<string> | null,
  own: ReadonlySet<string>,
): Problem | null {
  const foreign = named.filter(({ name }) => !own.has(name) && !lent?.has(name))
  if (foreign.length === 0) return null
  const errors = foreign.map(({ name, path }) => ({
    path,
    message: `'$${name}' is none of the firm's secrets: store it first, with PUT …/secrets/${name}`,
  }))
  const detail = `${errors[0]!.path}: ${errors[0]!.message}. Nothing was changed.`
  return problem(422, 'foreign-secret', "The configuration names a secret that is not the firm's", detail, { errors })
}
