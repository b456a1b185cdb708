import type { Outcome } from '../../model/call.ts'

/** A look-up did not get its answer, for a reason that passes. */
export class Unread extends Error {
  readonly outcome: Exclude<Outcome, { kind: 'applied' }>
  constructor(outcome: Exclude<Outcome, { kind: 'applied' }>) {
    super(outcome.message)
    this.outcome = outcome
  }
}

/** Another run's step has to end first. */
export class Behind extends Error {
  readonly run: string
  readonly what: string
  constructor(run: string, what: string) {
    super(what)
    this.run = run
    this.what = what
  }
}
