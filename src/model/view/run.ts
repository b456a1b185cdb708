import type { Json } from '../../lib/json.ts'

/** An expression of a step, and what it came out as. */
export interface Given {
  /** Path below the step: `with.due_at`, `if`. */
  at: string
  expression: string
  value: Json
  /** Why it could not be worked out. */
  fault?: string
  /** Of one that could not: what it reads of the event, and what stands there. */
  reads?: { expression: string; value: Json }[]
}

/** What could not be worked out of an event, and in which step. */
export interface Stumbled extends Given {
  step: string
}

/** What a run tells besides what stands in its rows. */
export interface Explained {
  /** What a person does about it; null: nothing is to be done. */
  todo: string | null
  /** Rules that are for such an event, and whose `if` was false of this one. */
  passedOver: { rule: string; if: string }[]
  /** Of a run that parked before its first step: what could not be worked out of the event. */
  stumbled?: Stumbled[]
}
