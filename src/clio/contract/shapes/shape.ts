import type { Field, Kind, Resource, Shape } from './contract.ts'

const KINDS = new Set(['text', 'integer', 'number', 'boolean', 'date', 'time', 'json'])

/** `name!` -> `{ name: 'name', required: true }`. */
export function keyOf(key: string): { readonly name: string; readonly required: boolean } {
  return key.endsWith('!') ? { name: key.slice(0, -1), required: true } : { name: key, required: false }
}

/** The words of an enum; null for every other kind. */
export function wordsOf(kind: Kind): readonly string[] | null {
  return KINDS.has(kind) ? null : kind.replace(/^\|/, '').split('|')
}

/** What one element of an array holds; null for what is no array. */
export function itemOf(field: Field): Kind | Shape | null {
  return isList(field) ? field[0] : null
}

export function isShape(field: Field | null): field is Shape {
  return typeof field === 'object' && field !== null && !isList(field)
}

function isList(field: Field): field is readonly [Kind | Shape] {
  return Array.isArray(field)
}

/** What stands under one key, written with or without its `!`; null for a key that Clio does not know. */
export function fieldOf(shape: Shape, name: string): Field | null {
  if (Object.hasOwn(shape, name)) return shape[name]!
  const required = `${name}!`
  return Object.hasOwn(shape, required) ? shape[required]! : null
}

/** What stands at a dotted path, arrays left out (`phone_numbers.number`); null when Clio does not know it. */
export function fieldAt(shape: Shape, path: string): Field | null {
  let field: Field | null = shape
  for (const name of path.split('.')) {
    const inner: Field | null = itemOf(field) ?? field
    field = isShape(inner) ? fieldOf(inner, name) : null
    if (field === null) return null
  }
  return field
}

/** The body of a create or an update call with all its keys; null when Clio has no such call. */
export function bodyShape(resource: Resource, verb: 'create' | 'update'): Shape | null {
  if (verb === 'create') return resource.create ?? null
  if (resource.update === undefined) return null
  if (resource.update !== 'create') return resource.update
  const left = Object.entries(resource.create ?? {}).filter(([key]) => !resource.createOnly?.includes(keyOf(key).name))
  return { ...loosened(Object.fromEntries(left), resource.read, resource.addedOnly), ...resource.updateOnly }
}

/** As `shape`, nothing required, and what stands in arrays may be named by its id: `{id}` changes, `{id, _destroy}` removes. */
function loosened(shape: Shape, read: Shape, addedOnly: readonly string[] = [], above = ''): Shape {
  return Object.fromEntries(
    Object.entries(shape).map(([key, field]) => {
      const { name } = keyOf(key)
      const answered = fieldOf(read, name)
      const item = itemOf(field)
      const path = above + name
      const inside = (shape: Shape, read: Shape) => loosened(shape, read, addedOnly, `${path}.`)
      if (item === null) return [name, isShape(field) ? inside(field, isShape(answered) ? answered : {}) : field]
      if (!isShape(item)) return [name, field]
      const known = answered === null ? null : itemOf(answered)
      if (addedOnly.includes(path)) return [name, [inside(item, {})]]
      return [name, [changeable(inside(item, {}), isShape(known) ? known : {})]]
    }),
  )
}

/** The id is of the kind that Clio answers: that of a custom field's value is text (`text_line-123`). */
function changeable(item: Shape, read: Shape): Shape {
  return 'id' in item ? item : { id: read.id ?? 'integer', ...item, _destroy: 'boolean' }
}

/**
 * Where an answer tells what was written at `path` of a body; null when it never does, or only deeper than the one nested level that
 * `fields=` may ask for: such a key cannot be compared.
 */
export function answerPath(resource: Resource, path: string): string | null {
  const otherwise = resource.lookup?.unread?.some(unread => path === unread || path.startsWith(`${unread}.`))
  return otherwise || path.split('.').length > 2 || fieldAt(resource.read, path) === null ? null : path
}
