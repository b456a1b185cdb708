/**
 * What Clio Manage's API v4 accepts and answers, as data: one `Resource` each, in the files beside this one.
 * Source: Clio's OpenAPI description, minor version 4.0.9, and what live accounts were seen to do.
 */

/**
 * The type of a value:
 * `text` · `integer` · `number` · `boolean` · `date` (YYYY-MM-DD) · `time` (ISO 8601 date-time) · `json` (an object nobody describes),
 * or an enum: words joined by `|` (`High|Normal|Low`; a single word is written `|zoom`).
 */
export type Kind = string

/** What a key holds: a `Kind`, an object, or a one-element array of either. */
export type Field = Kind | Shape | readonly [Kind | Shape]

/** Keys and what they hold. A `!` behind a key: Clio requires it on create. */
export interface Shape {
  readonly [key: string]: Field
}

/**
 * The resource that an id is of: its name, or by the word in the `type` beside the id (`{ User: 'users', Contact: 'contacts' }`,
 * the first is meant when there is no `type`).
 */
export type Ref = string | Readonly<Record<string, string>>

/** How to find the record that a call with a lost answer may have made. */
export interface Lookup {
  /**
   * Query of the list call. A value `@since` is the time of sending less a slack; `=path` is taken from the request's body
   * (`=matter.id`; left out when the body has no such key); `@mark.name` and `@mark.value` are the run's own external property, which
   * the request carried; anything else is literal.
   */
  readonly query: Readonly<Record<string, string>>
  /**
   * Body paths that say which record it is: all of them must agree, or it is another record. Absent in the body: not compared.
   * Of an array, every item of the body must be found in the answer's.
   */
  readonly identity: readonly string[]
  /**
   * Body paths whose answer says something else than was written (a document made in a matter answers the matter's folder as its
   * parent): not compared. `answerPath` knows these, and what `read` does not hold within one nested level.
   */
  readonly unread?: readonly string[]
  /** Body paths of numbers that Clio may round, by less than so much. */
  readonly rounded?: Readonly<Record<string, number>>
  /** Parts of the identity that people change in a record that stands: who does it, and when. */
  readonly loose?: readonly string[]
}

export interface Resource {
  /** What `fields=` may ask for; one level of nesting, as Clio allows. Empty: the call answers no JSON (a download, a page). */
  readonly read: Shape
  /** GET without an id answers one record, not a list. */
  readonly one?: true
  /** Query keys of the list call, besides `fields`, `limit`, `page_token`; `!` marks a required one. Absent: no list. */
  readonly list?: Shape
  /** Allowed values of `order`. */
  readonly order?: readonly string[]
  /** Body of the create call. Absent: cannot be created. */
  readonly create?: Shape
  /**
   * Body of the update call. `'create'`: as create, nothing required, and every object inside an array that has no `id` of its own
   * may also carry `id` and `_destroy`. Absent: cannot be updated. Read it through `bodyShape`.
   */
  readonly update?: 'create' | Shape
  /** Keys of create that update does not take, when update is `'create'`. */
  readonly createOnly?: readonly string[]
  /**
   * Arrays of create (dotted paths) to which an update only adds, when update is `'create'`: Clio drops `id` and `_destroy` inside them
   * without a word, so they are refused.
   */
  readonly addedOnly?: readonly string[]
  /** Keys that update takes besides, when update is `'create'`. */
  readonly updateOnly?: Shape
  readonly get?: true
  readonly delete?: true
  /**
   * Body or query paths (dotted, arrays left out: `attendees`) whose `{id}` or `*_id` names a record of another resource. In the data only
   * where the key's own name does not say it; `withRefs` adds the rest.
   */
  readonly refs?: Readonly<Record<string, Ref>>
  /** Required besides `!`: at least one of each inner list of keys, when the condition holds (`type=Person`). */
  readonly require?: readonly { readonly when?: string; readonly oneOf: readonly string[] }[]
  /** After a create or an appending update with an unknown outcome. Absent on a writable resource: a person has to look. */
  readonly lookup?: Lookup
  /** How people name a record of this resource. Absent: only ids. */
  readonly names?: Names
}

export interface Names {
  /** Read keys that hold a name, best first (`email`, `name`). */
  readonly by: readonly string[]
  /**
   * What a name lookup asks of the list call. `@name` is the name; `=path` is taken from the body in which the name stands, ids in it
   * already resolved (left out when the body has no such key). Without `@name` the list is small and fetched whole.
   */
  readonly query?: Readonly<Record<string, string>>
  /** Asked first: a record of `resource` of that name carries the id under `key` (a user's own calendar). */
  readonly via?: { readonly resource: string; readonly key: string }
}

export type Resources = Readonly<Record<string, Resource>>
