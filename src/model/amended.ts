import type { Json } from '../lib/json.ts'

/** What a person changed of a run when they let it go on. It stands beside the event, and changes neither its key nor its subject. */
export interface Amended {
  /** Answers as they should have been: a field's name, `person.email` (or another part of the person), or `message`. */
  readonly answers?: Readonly<Record<string, Json>>
  /** Of several records that a step's names or searches fit, those that are meant: the step's path -> ids; `not 991` is not. */
  readonly chosen?: Readonly<Record<string, readonly string[]>>
  /** Paths of the steps that are skipped because a person said so. */
  readonly skipped?: readonly string[]
}

/** What an operator asks for with a resume. */
export interface Mend {
  readonly answers?: Readonly<Record<string, Json>>
  /** Steps, by name or path. */
  readonly skip?: readonly string[]
  /** A step, by name or path -> the id that is meant; `none`: of those that a lost call may have made. */
  readonly choose?: Readonly<Record<string, string | number>>
}

/** A record that a step made of an answer that has been corrected since. `record` null: a call whose answer was lost may have made one. */
export interface KeptRecord {
  step: string
  resource: string
  record: string | null
}
