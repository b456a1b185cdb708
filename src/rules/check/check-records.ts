import type { Resource } from '../../clio/contract/index.ts'
import { refOf } from '../../clio/contract/index.ts'
import { compile } from '../language/expression.ts'
import { type Kind, words } from '../language/kind.ts'
import { split } from '../language/template.ts'
import type { Around } from './check-expression.ts'

/** What a text that is one expression stands for, as far as that is known. */
export interface Meant {
  readonly kind: Kind
  /** The expression. */
  readonly said: string
  /** A record of this resource; null: none that is known. */
  readonly resource: string | null
  /** Its id alone, which does not say of what resource it is. */
  readonly bare: boolean
  readonly list: boolean
  /** A step that leaves no record. */
  readonly none: boolean
}

/** Null: it is more than one expression. */
export function meantBy(text: string, { found, itemFound, item, linked }: Around): Meant | null {
  const parts = split(text)
  const [piece, ...more] = parts.ok ? parts.pieces : []
  if (!piece || more.length > 0 || !('expression' in piece)) return null
  const compiled = compile(piece.expression)
  const kind = compiled.ok ? compiled.expression.sense() : null
  if (!compiled.ok || typeof kind !== 'string') return null
  const [root, ...path] = compiled.expression.whole ?? []
  const unknown: Meant = { kind, said: piece.expression, resource: null, bare: false, list: false, none: false }
  const [name = '', ...below] = path
  if (root === 'links') return { ...unknown, resource: linked?.get(name) ?? null, bare: true }
  const step = root === 'steps' ? found?.get(name) : root === 'item' && item ? itemFound : null
  if (!step) return unknown
  const rest = root === 'item' ? path : below
  // What is read of a list is told elsewhere.
  if (step.list && rest.length > 0 && rest[0] !== '[]') return unknown
  const list = step.list && rest.length === 0
  const [key, ...deeper] = step.list && !list ? rest.slice(1) : rest
  if (key !== undefined && (key !== 'id' || deeper.length > 0)) return unknown
  return { ...unknown, resource: step.resource, bare: key === 'id', list, none: step.resource === null }
}

/**
 * Why it names no record of what is wanted there; null when it does, as far as can be told.
 * @param wanted resources, the one first that an id alone is of
 */
export function noRecordOf(wanted: readonly string[], meant: Meant, carrier: string | null = null): string | null {
  const { said, resource, bare, list, kind } = meant
  const one = wanted.join(' or ')
  if (list) return `${said} is a list, and one record of ${one} is wanted`
  if (meant.none) return `${said} leaves no record behind, and one of ${one} is wanted`
  if (resource === null)
    return ['value', 'null', 'text', 'number', 'id', 'record', 'map'].includes(kind)
      ? null
      : `${said} is ${words[kind]}, and a record of ${one} is wanted: its id, its name or a step`
  if (bare ? resource === wanted[0] : wanted.includes(resource) || resource === carrier) return null
  const whole = said.replace(/\.id$/, '')
  const fits = wanted.includes(resource) || resource === carrier
  if (!fits) return `${said} is of ${resource}, and a record of ${one} is wanted`
  return whole === said
    ? `${said} is the id of one of ${resource}, and read as one of ${wanted[0]}: write an object with "id" and "type"`
    : `is read as the id of one of ${wanted[0]}: write {{ ${whole} }}, which says of what it is`
}

/** The resources that a record at a path of a body can be of, the one first that is meant when nothing else is said. */
export function wantedAt(resource: Resource, path: string, type?: string): readonly string[] {
  const first = refOf(resource, path, type)?.resource
  const ref = resource.refs?.[path]
  if (first === undefined) return []
  if (type !== undefined || ref === undefined || typeof ref === 'string') return [first]
  return [...new Set([first, ...Object.values(ref)])]
}
