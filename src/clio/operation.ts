import type { Json, JsonObject } from '../json.ts'

/**
 * What a step of a rule wants of Clio, with its expressions evaluated: names still stand where Clio wants ids.
 * `resource` is a key of the contract (`contacts`).
 */
export type Intent =
  | { verb: 'create'; resource: string; with: JsonObject }
  | { verb: 'update'; resource: string; id: Json; linked: boolean; with: JsonObject }
  | { verb: 'delete'; resource: string; id: Json; linked: boolean }
  | {
      verb: 'find'
      resource: string
      where: JsonObject
      none: 'park' | 'continue'
      several: 'park' | 'newest' | 'oldest'
    }
  | {
      verb: 'upsert'
      resource: string
      match: string[]
      existing: 'fill' | 'keep' | 'replace'
      several: 'park' | 'create' | 'oldest'
      with: JsonObject
    }
  | { verb: 'check_conflicts'; parties: Json[] }
  | { verb: 'notify'; to: string; text: string }
