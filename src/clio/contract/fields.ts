import type { Remark } from '../../lib/path.ts'
import { nearest } from '../../lib/text/nearest.ts'
import type { Field, Shape } from './shapes/contract.ts'
import { fieldOf, isShape, itemOf, keyOf } from './shapes/shape.ts'

/** Clio's `fields=`: what a read asks for. */

export const notHere = (name: string, known: readonly string[]): string => {
  const near = known.find(one => one.startsWith(`${name}(`)) ?? nearest(name, known)
  return near === null
    ? `'${name}' is not known to Clio here`
    : `'${name}' is not known to Clio here. Did you mean '${near}'?`
}

export const namesOf = (shape: Shape): string[] => Object.keys(shape).map(key => keyOf(key).name)

/** `id,client{id,name}`: known names, and one level of braces. */
export function fieldRemarks(fields: string | null, read: Shape): Remark[] {
  if (fields === null || fields.trim() === '') return []
  const remarks: Remark[] = []
  const say = (path: string, message: string) => void remarks.push({ path, message })
  let last: string | null = null
  let within: string | null = null
  for (const [token] of fields.matchAll(/[{},]|[^{},\s]+/g)) {
    if (token === '{') {
      if (within !== null) return [{ path: 'fields', message: 'takes one level of braces; Clio knows no deeper one' }]
      if (last === null) return [{ path: 'fields', message: 'has braces that follow no name' }]
      within = last
    } else if (token === '}') {
      if (within === null) return [{ path: 'fields', message: 'has a brace that closes nothing' }]
      within = null
    } else if (token !== ',') {
      const inner: Shape | null = within === null ? read : shapeOf(fieldOf(read, within))
      if (within === null) last = token
      // What stands under a key that nobody describes is Clio's to know.
      if (inner && fieldOf(inner, token) === null)
        say(within === null ? 'fields' : `fields.${within}`, notHere(token, namesOf(inner)))
    }
  }
  if (within !== null) say('fields', 'has a brace that is never closed')
  return remarks
}

/** What `fields=` asks for: names, each with the names in its braces; null for a bare one. */
export function fieldsAsked(fields: string): Map<string, readonly string[] | null> {
  return new Map(
    [...fields.matchAll(/([^{},\s]+)\s*(?:\{([^}]*)\})?/g)].map(([, name, inner]) => [
      name!,
      inner === undefined ? null : inner.split(/[,\s]+/).filter(one => one !== ''),
    ]),
  )
}

/** The text for it. */
export const fieldsText = (fields: Fields): string =>
  [...fields].map(([name, inner]) => (inner === null ? name : `${name}{${inner.join(',')}}`)).join(',')

export type Fields = ReadonlyMap<string, readonly string[] | null>

function shapeOf(field: Field | null): Shape | null {
  if (field === null) return null
  const inner = itemOf(field) ?? field
  return isShape(inner) ? inner : inner === 'json' ? null : {}
}
