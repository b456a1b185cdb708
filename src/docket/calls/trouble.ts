import type { Outcome } from '../../model/call.ts'

/** A look-up did not get its answer, for a reason that passes. */
export class Unread extends Error {
  readonly outcome: Exclude<Outcome, { kind: 'applied' }>
  constructor(outcome: Exclude<Outcome, { kind: 'applied' }>) {
    super(outcome.message)
    this.outcome = outcome
  }
}

/** A call of the run's own went out, and nobody wrote down what came of it. */
export class Standing extends Error {
  readonly attempt: number
  constructor(attempt: number) {
    super('An earlier call of the run is not known to be done or not.')
    this.attempt = attempt
  }
}

/** Not before a moment (ms since the epoch): what somebody left in the air may land until then. */
export class NotYet extends Error {
  readonly until: number
  constructor(until: number, why: string) {
    super(why)
    this.until = until
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
