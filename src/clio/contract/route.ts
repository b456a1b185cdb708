import { everything } from './all.ts'
import type { Resource } from './shapes/contract.ts'

/** Which resource of the contract a path below `/api/v4/` names. */
export interface Route {
  /** The contract's key: `contacts`, `documents/{id}/versions`. */
  readonly name: string
  readonly resource: Resource
  /** The record that a nested path stands below. */
  readonly parent: { readonly name: string; readonly id: string } | null
  /** Of `{resource}/{id}`. */
  readonly id: string | null
}

/**
 * How an id of Clio's looks: a number, or text that begins with one (`991-20260504`). Paths stand in the ledger in clear, so nothing else
 * that somebody wrote gets into one.
 */
export const isRecordId = (text: string): boolean => /^\d[\w-]{0,63}$/.test(text)

interface Pattern {
  readonly name: string
  readonly parts: readonly string[]
  readonly holes: number
}

/** Literal names before names with holes: `users/who_am_i` is not the user "who_am_i". */
const patterns: readonly Pattern[] = Object.keys(everything)
  .map(name => {
    const parts = name.split('/')
    return { name, parts, holes: parts.filter(part => part.startsWith('{')).length }
  })
  .sort((a, b) => a.holes - b.holes)

export function routeOf(path: string): Route | null {
  const parts = path.split('/').map(decodeURIComponent)
  return find(parts, null) ?? (parts.length > 1 ? find(parts.slice(0, -1), parts.at(-1) ?? null) : null)
}

function find(parts: readonly string[], id: string | null): Route | null {
  for (const pattern of patterns) {
    if (pattern.parts.length !== parts.length) continue
    if (!pattern.parts.every((part, index) => part.startsWith('{') || part === parts[index])) continue
    const resource = everything[pattern.name]
    if (!resource) continue
    const hole = pattern.parts.findIndex(part => part.startsWith('{'))
    const parent = hole < 0 ? null : { name: pattern.parts.slice(0, hole).join('/'), id: parts[hole] ?? '' }
    return { name: pattern.name, resource, parent, id }
  }
  return null
}
