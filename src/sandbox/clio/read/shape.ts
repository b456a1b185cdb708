import { type Field, type Kind, keyOf, type Shape, wordsOf } from '../../../clio/contract/index.ts'

/** Reading the contract's shapes. */

export function isList(type: Field): type is readonly [Kind | Shape] {
  return Array.isArray(type)
}

/** The words of an enum, or null for any other type. */
export function words(type: Field | undefined): readonly string[] | null {
  return typeof type === 'string' ? wordsOf(type) : null
}

export interface Key {
  readonly type: Field
  readonly required: boolean
}

const parsed = new WeakMap<Shape, ReadonlyMap<string, Key>>()

/** Keys of a shape without their `!`. */
export function keysOf(shape: Shape): ReadonlyMap<string, Key> {
  const known = parsed.get(shape)
  if (known) return known
  const keys = new Map<string, Key>()
  for (const [name, type] of Object.entries(shape)) {
    const key = keyOf(name)
    keys.set(key.name, { type, required: key.required })
  }
  parsed.set(shape, keys)
  return keys
}
