/** A firm as a whole: held, erased, taken elsewhere. Plain data: it crosses to the Docket and back. */

/**
 * Why nothing of a firm goes out until a person says so.
 * - `by-hand`: a person holds it
 * - `imported`: it came from elsewhere, where it may have gone on
 * - `restored`: its docket was set back to an earlier state
 * - `importing`: it is just being brought here
 * - `erasing`: it is being erased, and nobody lets it go on any more
 */
export type StillCode = 'by-hand' | 'imported' | 'restored' | 'importing' | 'erasing'

/** Nothing goes out, whatever the connection, until a person lets the firm go on. Events are accepted meanwhile. */
export interface Still {
  readonly code: StillCode
  /** ms since the epoch. */
  readonly since: number
  /** For people. */
  readonly reason: string
  /** What was done from this moment on (ms since the epoch), this docket does not know. */
  readonly unknownSince?: number
  /** Who wished it. */
  readonly by?: string
}

/** How a firm stands that is held: since when (ISO 8601), and why. */
export interface FirmHeld {
  firm: string
  state: 'held' | 'going'
  code: StillCode | null
  reason: string | null
  since: string | null
}

/** A version of the configuration; `actor` null: saved too long ago for the audit to know by whom. */
export interface ConfigVersion {
  version: number
  /** ISO 8601. */
  at: string
  actor: string | null
}

/** The firm is being erased: since when (ISO 8601), and by whom. */
export interface Erasing {
  firm: string
  state: 'erasing'
  since: string
  by: string
}

/** What came of an import. */
export interface Imported extends FirmHeld {
  /** The name that it had. */
  from: string
  runs: number
  /** Secrets that it had stored there: they are to be stored here before it goes on. */
  secrets: string[]
  connection: string
}

/** What another tool made: later events of the subject find it as the link. */
export interface KnownLink {
  endpoint: string
  subject: string
  link: string
  resource: string
  id: string | number
}
