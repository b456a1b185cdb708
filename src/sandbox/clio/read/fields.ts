import { isShape, itemOf, type Shape } from '../../../clio/contract/index.ts'
import { Refusal } from '../../http.ts'
import { keysOf } from './shape.ts'

/**
 * What `fields=` asks for: names, each with the names inside its braces, or null for a bare one.
 * Clio answers a bare nested name with id and etag only, and knows one level of braces.
 */
export type Fields = ReadonlyMap<string, readonly string[] | null>

export const bare: Fields = new Map([
  ['id', null],
  ['etag', null],
])

function refuse(message: string): Refusal {
  return new Refusal(400, 'InvalidFields', message)
}

/** Parses `id,name,matter{id,description}`. Throws 400 for a second level of braces and for braces that do not match. */
export function parseFields(text: string): Fields {
  const fields = new Map<string, string[] | null>()
  let open: string[] | null = null
  for (const [token] of text.matchAll(/[{},]|[^{},\s]+/g)) {
    if (token === '{') {
      if (open) throw refuse('Only one level of nesting is allowed in fields.')
      const last = [...fields.keys()].at(-1)
      if (last === undefined) throw refuse('Braces in fields must follow a name.')
      open = []
      fields.set(last, open)
    } else if (token === '}') {
      if (!open) throw refuse('Braces in fields do not match.')
      open = null
    } else if (token !== ',') {
      if (open) open.push(token)
      else fields.set(token, null)
    }
  }
  if (open) throw refuse('Braces in fields do not match.')
  return fields
}

/** Names that the resource does not have, dotted. */
export function unknownFields(fields: Fields, shape: Shape): string[] {
  const unknown: string[] = []
  const keys = keysOf(shape)
  for (const [name, inner] of fields) {
    const type = keys.get(name)?.type
    if (type === undefined) unknown.push(name)
    else if (inner && type !== 'json') {
      const nested = itemOf(type) ?? type
      const known = isShape(nested) ? keysOf(nested) : new Map()
      for (const key of inner) if (!known.has(key)) unknown.push(`${name}.${key}`)
    }
  }
  return unknown
}

export function refuseUnknown(unknown: readonly string[]): Refusal {
  return refuse(`The requested fields are not valid: ${unknown.join(', ')}.`)
}
