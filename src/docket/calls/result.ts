import type { Input } from '../ledger/run/run-state.ts'

/** What came of looking at a run, and what has to be written together with it. */
export interface Result {
  readonly input: Input
  readonly write?: () => void
}
