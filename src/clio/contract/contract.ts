/**
 * What Clio Manage's API v4 accepts and answers, as data: one `Resource` each, in the files beside this one.
 * Source: Clio's OpenAPI description, minor version 4.0.9, and what live accounts were seen to do.
 */

/**
 * The type of a value:
 * `text` · `integer` · `number` · `boolean` · `date` (YYYY-MM-DD) · `time` (ISO 8601 date-time) · `json` (an object nobody describes),
 * or an enum: words joined by `|` (`High|Normal|Low`; a single word that is none of the above is an enum of one, written `|zoom`).
 */
export type Kind = string

/** Keys and what they hold: a `Kind`, an object, or a one-element array of either. A `!` behind a key: Clio requires it on create. */
export interface Shape {
  readonly [key: string]: Kind | Shape | readonly [Kind | Shape]
}

/** How to find the record that a call with a lost answer may have made. */
export interface Lookup {
  /**
   * Query of the list call. A value `@since` is the time of sending less a slack; `=path` is taken from the request's body
   * (`=matter.id`; left out when the body has no such key); anything else is literal.
   * With `external_property_*` in it, the run's own mark is asked for.
   */
  readonly query: Readonly<Record<string, string>>
  /** Body paths that say which record it is: all of them must agree, or it is another record. Absent in the body: not compared. */
  readonly identity: readonly string[]
  /** Body keys that Clio does not read back (`default_email`): never compared. */
  readonly unread?: readonly string[]
  /** Body path -> name of the same thing in an answer, where it differs. */
  readonly renamed?: Readonly<Record<string, string>>
}

export interface Resource {
  /** What `fields=` may ask for; one level of nesting, as Clio allows. */
  readonly read: Shape
  /** Query keys of the list call, besides `fields`, `limit`, `page_token`; `!` marks a required one. Absent: no list. */
  readonly list?: Shape
  /** Allowed values of `order`. */
  readonly order?: readonly string[]
  /** Body of the create call. Absent: cannot be created. */
  readonly create?: Shape
  /**
   * Body of the update call. `'create'`: as create, nothing required, and every object inside an array may also carry `id` and
   * `_destroy`. Absent: cannot be updated.
   */
  readonly update?: 'create' | Shape
  /** Keys of create that update does not take, when update is `'create'`. */
  readonly createOnly?: readonly string[]
  /** Keys that update takes besides, when update is `'create'`. */
  readonly updateOnly?: Shape
  readonly get?: true
  readonly delete?: true
  /** Body or query paths (dotted, arrays left out: `attendees`) whose `{id}` or `*_id` names a record of another resource. */
  readonly refs?: Readonly<Record<string, string>>
  /** Required besides `!`: at least one of each inner list of keys, when the condition holds (`type=Person`). */
  readonly require?: readonly { readonly when?: string; readonly oneOf: readonly string[] }[]
  /** After a create or an appending update with an unknown outcome. Absent on a writable resource: a person has to look. */
  readonly lookup?: Lookup
  /** Read keys by which people name a record of this resource, best first (`email`, `name`), and what a name lookup asks Clio. */
  readonly names?: { readonly by: readonly string[]; readonly query?: Readonly<Record<string, string>> }
  /** Query filters whose enum differs from the body's (task `priority` is lowercase in filters) are written in `list`; nothing here. */
}
