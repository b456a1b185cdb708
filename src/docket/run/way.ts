import { targetCall } from '../../clio/operations/documents.ts'
import type { StoredConfiguration } from '../../configuration/stored.ts'
import type { Upload } from '../../model/call.ts'
import { Refused } from '../../model/intent.ts'
import { lookElsewhere } from '../calls/elsewhere.ts'
import type { Hold } from '../calls/hold.ts'
import { Closed, type Passage, type Sent } from '../calls/passage.ts'
import type { Result } from '../calls/result.ts'
import { Behind, NotYet, Standing, Unread } from '../calls/trouble.ts'
import { Paused } from '../calls/turnstile.ts'
import { tellOutcome } from '../conversation/conversation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Input, isFinal, isSettled, isShadow, type Next, type ReadyCall } from '../ledger/run/run-state.ts'
import { happened, type StoredRun } from '../ledger/run/stored-run.ts'
import { causeOf, type Teller } from '../notices/teller.ts'
import { amendedRun } from './amend.ts'
import type { Lookups } from './lookups.ts'
import { planRun } from './plan.ts'
import { planInShadow, type ShadowDeps, stopBeforeWrite, workInShadow } from './shadow/shadow.ts'
import { lookForCall, workStep } from './step.ts'
import { transition } from './transition.ts'

export interface WayDeps {
  readonly ledger: Ledger
  readonly lookups: Lookups
  readonly passage: Passage
  readonly hold: Hold
  readonly teller: Teller
  readonly work: ShadowDeps
  /** ms from an unknown outcome until a late write would have landed. */
  readonly settle: number
  now(): number
  random(): number
  sleep(ms: number): Promise<void>
  configuration(version: number): StoredConfiguration
  /** A run is planned: what else hangs on its event is written in the same transaction. */
  planned(run: StoredRun): void
  /** A call of a run is given up before anybody knows what became of it: what is known of contacts may be wrong. */
  doubt(): void
  /** A run has ended: its key goes to KV. Failure is no harm, the ledger knows. */
  ended(run: StoredRun): Promise<void>
  log(message: string): void
}

/** A run's way, from its plan to its end: each transition is written down together with all that belongs to it, and then done. */
export class Way {
  readonly #deps: WayDeps
  /** The turn of the last step of a long run. */
  #turns: Promise<void> = Promise.resolve()

  constructor(deps: WayDeps) {
    this.#deps = deps
  }

  /**
   * Takes a run as far as it goes now.
   * @returns until when it has to wait for the pace, ms since the epoch; null: it rests for another reason
   */
  async go(id: string): Promise<number | null> {
    const { lookups, ended, log } = this.#deps
    let result: Result = { input: { kind: 'turn' } }
    for (;;) {
      // Whom a run goes after may end in another's turn, and nobody would tell it: that is written down at once.
      if (result.input.kind !== 'queued' && this.#isLong(id)) await this.#ownTurn()
      const { run, next } = this.#written(id, result)
      // A person is about to change what it read, or nobody needs it any more.
      if (isSettled(run.state)) lookups.forget(id)
      if (isFinal(run.state)) await ended(run).catch(() => log(`run ${id}: its key could not be put into KV`))
      if (next === 'rest') return null
      try {
        result = await this.#do(run, next)
      } catch (error) {
        if (error instanceof Closed) return null
        if (error instanceof Paused) return error.until
        result = this.#caught(run, error)
      }
    }
  }

  /** Steps of long runs go one by one: of many whose clocks ring at once, all would go in one row. */
  #ownTurn(): Promise<void> {
    this.#turns = this.#turns.then(() => this.#deps.sleep(0))
    return this.#turns
  }

  /** Each step of a long run goes through all of its event: others have their turn before it. */
  #isLong(id: string): boolean {
    try {
      return this.#deps.ledger.runs.get(id)?.long === true
    } catch {
      // What the disk refuses now is met again where it is written down.
      return false
    }
  }

  #do(stored: StoredRun, next: Exclude<Next, 'rest'>): Result | Promise<Result> {
    const run = amendedRun(stored)
    const configuration = this.#deps.configuration(run.version)
    const { ledger, work } = this.#deps
    const shadow = ledger.inShadow
    switch (next) {
      case 'plan':
        if (shadow) return planInShadow(run, configuration, work)
        return this.#afterItsSubject(run) ?? planRun(run, configuration, work)
      case 'work':
        return (shadow ? workInShadow : workStep)(run, configuration, work)
      case 'look':
        return lookForCall(run, configuration, work)
      case 'send':
        if (shadow && run.ready) return stopBeforeWrite(run, run.ready.call, work)
        return this.#send(run, configuration)
    }
  }

  /** In shadow, runs of a subject go past one another; when they are carried out, they go in the order in which they came. */
  #afterItsSubject({ id, kind, endpoint, thread, seq, replayOf }: StoredRun): Result | null {
    const { ledger } = this.#deps
    if (!ledger.everInShadow || kind !== 'event' || thread === null) return null
    const ahead = ledger.runs.lastOpen(endpoint, thread, seq, false, replayOf && id)
    return ahead && { input: { kind: 'queued' }, write: () => ledger.runs.queue(id, ahead) }
  }

  async #send(run: StoredRun, configuration: StoredConfiguration): Promise<Result> {
    const { ledger, passage, lookups } = this.#deps
    const { ready } = run
    if (!ready) return { input: { kind: 'park', code: 'call-lost', reason: 'A call was lost before it was sent.' } }
    const step = ledger.steps.current(run.id)?.path ?? null
    const before = lookElsewhere(run, step, ready, this.#deps)
    if (before) return before
    if (ready.call.upload) return this.#bring(run, step ?? '', ready, ready.call.upload, configuration)
    const sent = await passage.write(run, step, ready)
    lookups.forget(run.id)
    if (sent.told) lookups.learn(run.id, sent.told.call, sent.told.answer)
    return this.#cameOf(sent)
  }

  async #bring(
    run: StoredRun,
    step: string,
    ready: ReadyCall,
    upload: Upload,
    configuration: StoredConfiguration,
  ): Promise<Result> {
    const { work, passage, lookups } = this.#deps
    const place = `Step ${step}: document ${upload.document}`
    const answer = await work
      .clio(run, step, configuration)
      .read(targetCall(upload.document))
      .catch(error => {
        if (error instanceof Refused) return error
        throw error
      })
    if (answer instanceof Refused)
      return fileNotTaken(`${place} cannot be asked for (${answer.status}): ${answer.message}`)
    const sent = await passage.bring(run, step, ready, upload, answer)
    // The next one asks anew where it goes.
    lookups.forget(run.id)
    if (!sent) return fileNotTaken(`${place} waits for no file: see in Clio what became of it.`)
    return this.#cameOf(sent)
  }

  #cameOf({ attempt, outcome, record }: Sent): Result {
    const { ledger, now } = this.#deps
    return {
      input: { kind: 'outcome', outcome, attempt },
      write: () => ledger.attempts.end(attempt, outcome, record, now()),
    }
  }

  #caught(run: StoredRun, error: unknown): Result {
    const { ledger, lookups, log } = this.#deps
    if (error instanceof Unread) return { input: { kind: 'unread', outcome: error.outcome } }
    if (error instanceof Behind) {
      lookups.forget(run.id)
      const write = () => ledger.runs.setBehind(run.id, error.run)
      return { input: { kind: 'behind', run: error.run, what: error.what }, write }
    }
    if (error instanceof NotYet) return { input: { kind: 'wait', until: error.until, reason: error.message } }
    if (error instanceof Standing) return this.#stood(error.attempt)
    // A fault of ours: tried again like any trouble, and shown to a person when it stays. Its words may quote a client.
    const name = error instanceof Error ? error.name : 'unknown error'
    log(`run ${run.id}: ${name} while it was worked on`)
    const message = `Docketed itself failed: ${error instanceof Error ? error.message : 'unknown error'}`
    return { input: { kind: 'unread', outcome: { kind: 'unknown', status: null, message } } }
  }

  /** The disk refused to say what came of a call, twice: it is looked for like one that a restart cut. */
  #stood(attempt: number): Result {
    const { ledger, now } = this.#deps
    const message = 'Docketed could not write down what came of the call.'
    const write = () => {
      if (ledger.attempts.get(attempt)?.outcome === 'sending')
        ledger.attempts.end(attempt, { kind: 'unknown', status: null, message }, null, now())
    }
    return { input: { kind: 'cut', attempt }, write }
  }

  /** What cannot be written down is a fault of ours like any other; when it was a call's outcome, that is unknown. */
  #written(id: string, result: Result): { run: StoredRun; next: Next } {
    const { ledger, now, log } = this.#deps
    try {
      return this.apply(id, result)
    } catch (error) {
      log(`run ${id}: ${error instanceof Error ? error.name : 'fault'} while it was written down`)
      const message = 'Docketed could not write down what came of it.'
      const outcome = { kind: 'unknown', status: null, message } as const
      if (result.input.kind !== 'outcome')
        return this.apply(id, { input: isTooLong(error) ? tooLong : { kind: 'unread', outcome } })
      const { attempt } = result.input
      const write = () => ledger.attempts.end(attempt, outcome, null, now())
      return this.apply(id, { input: { kind: 'outcome', outcome, attempt }, write })
    }
  }

  /** One transition and everything that belongs to it, in one transaction. */
  apply(id: string, { input, write }: Result): { run: StoredRun; next: Next } {
    const { ledger, now, random, settle, hold, planned } = this.#deps
    return ledger.transaction(() => {
      write?.()
      const before = ledger.runs.get(id)!
      const { run: after, next } = transition(before, input, { now: now(), random: random(), settle })
      ledger.runs.save(id, after, now())
      if (input.kind === 'planned') planned(amendedRun(before))
      if (after.state === 'held' && input.kind === 'outcome' && input.outcome.kind === 'refused')
        hold.lost(input.outcome.message)
      if (after.state === 'held' && input.kind === 'unread') hold.lost(input.outcome.message)
      this.#release(before, after, input)
      return { run: { ...before, ...after }, next }
    })
  }

  /** Whoever waits for this run, or for a step of it, is freed as soon as there is nothing left to wait for. */
  #release(
    before: StoredRun,
    after: Pick<StoredRun, 'state' | 'attempt' | 'reason' | 'reasonCode'>,
    input: Input,
  ): void {
    const { ledger, teller, settle, now, doubt } = this.#deps
    const { id, endpoint, thread, event } = before
    const parked = after.state === 'parked'
    const final = isFinal(after.state)
    const shadow = isShadow(after)
    // What is discarded in doubt may still land: its values are let go of when it would have (`Lookups.lock`).
    const left = after.state === 'discarded' && ledger.attempts.standing(id) !== null
    if (left) ledger.attempts.abandon(id)
    // A contact may stand in Clio that nobody told the index of: its call was given up, or was looked for in vain.
    const inVain = input.kind === 'found' && input.verdict.kind === 'absent'
    if (left || (inVain && before.attempt !== null)) doubt()
    // The answer to a call came late, of a run that was closed meanwhile.
    if (isFinal(before.state)) return
    if (after.state === 'discarded') ledger.unfinished.left(id, now() + settle)
    // Who waits for another keeps nothing that others wait for: so nobody ever waits in a ring.
    const lets = input.kind === 'step-done' || input.kind === 'behind'
    if (lets || final || shadow || (parked && after.attempt === null)) {
      if (!left) ledger.locks.release(id)
      ledger.runs.freeStep(id)
    } else if (after.state !== 'running') ledger.runs.passTurn(id)
    tellOutcome(before, after, ledger, now())
    if (parked && before.state !== 'parked') {
      const step = ledger.steps.current(id)?.path ?? null
      teller.parked(id, { endpoint, type: before.type, ...causeOf(after.reasonCode, step) })
    }
    if (before.state === 'parked' && !parked) teller.decided(id)
    if (final) teller.ended(before, after)
    if (thread === null) return
    if (parked || input.kind === 'resume') ledger.runs.tellFollowers(id, after.state)
    if (final || shadow) ledger.runs.freeSubject(id, ledger.inShadow)
    if (!final) return
    const time = happened(event?.time ?? null, before.acceptedAt)
    if (after.state === 'done' && time !== null)
      ledger.subjects.setCarried(endpoint, thread, new Date(time).toISOString())
  }

  /** Calls that an earlier instance left in the air: reads are asked again, writes are looked for after the settle time. */
  recover(instance: string): void {
    const { ledger, now } = this.#deps
    const message = 'Docketed restarted while the call was under way.'
    const cut = { kind: 'unknown', status: null, message, cut: true } as const
    for (const { id, run, method } of ledger.attempts.cut(instance)) {
      if (method === 'GET' || run === null) ledger.attempts.endRead(id, cut, now())
      else
        this.apply(run, {
          input: { kind: 'cut', attempt: id },
          write: () => ledger.attempts.end(id, cut, null, now()),
        })
    }
  }
}

/** A row of the docket holds no more; tried again it is as long. @source SQLite's words for it */
const isTooLong = (error: unknown): boolean => error instanceof Error && /too big|TOOBIG/.test(error.message)
const tooLong: Input = {
  kind: 'park',
  code: 'wrong-value',
  reason:
    'A step writes or reads more at once than the docket can hold (2 MB). Shorten it in the rule, or skip the step.',
}

const fileNotTaken = (reason: string): Result => ({ input: { kind: 'park', code: 'file-not-taken', reason } })
