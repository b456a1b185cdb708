import type { Json, JsonObject } from '../../lib/json.ts'
import type { Otherwise } from './otherwise.ts'
import type { Rewrite } from './rewrite.ts'
import type { Row, Store } from './store.ts'

/** What can be switched on a sandbox. */
export interface Behaviour {
  /** Creating a calendar entry with a matter answers 404, as the gateway's own notes warn. @default false */
  refuseCalendarMatter: boolean
  /** Tasks may be `in_progress` and `in_review`. @default false */
  advancedTasks: boolean
  /** ms until `query=` finds what was just written. @default 0 */
  indexDelay: number
  /** ms until a list shows what was just made. @default 0 */
  listDelay: number
  /** What is done to texts and amounts before they are stored. @default nothing */
  rewrites: readonly Rewrite[]
  /** Where it differs from its documents. @default nowhere */
  otherwise: readonly Otherwise[]
}

export interface Context {
  readonly store: Store
  readonly behaviour: Behaviour
  /** The user whose connection it is. */
  readonly user: Row | undefined
  /** Where uploads go: the sandbox's own address. */
  readonly origin: string
}

export interface Quirk {
  /** Makes the record in place of a plain insert. */
  readonly insert?: (data: JsonObject, context: Context) => Row | undefined
  /** Completes what is about to be stored, on create (`before` is null) and on update. May refuse. */
  readonly complete?: (after: JsonObject, before: JsonObject | null, context: Context) => JsonObject
  /** Refuses, or does in place of, a deletion; true: nothing is left to do. */
  readonly remove?: (row: Row, context: Context) => boolean
  /** Values that answers compute. */
  readonly derived?: Readonly<Record<string, (row: Row, store: Store) => Json>>
  /** The one record of a resource that has only one. */
  readonly one?: (context: Context) => Row | undefined
}
