import type { StoredConfiguration } from '../../configuration/stored.ts'
import { isObject } from '../../lib/json.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import type { Mend } from '../../model/amended.ts'
import type { Action } from '../../model/conversation.ts'
import type { KeptFiles } from '../calls/kept-files.ts'
import type { Drain } from '../drain.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isFinal, isShadow } from '../ledger/run/run-state.ts'
import type { NewRun, StoredRun } from '../ledger/run/stored-run.ts'
import { amendedRun } from '../run/amend.ts'
import { kindOf } from '../run/kind.ts'
import { definitionOf, keepLink, parkedBy } from '../run/step.ts'
import { undoable } from '../run/undo.ts'
import { type Mending, mendingOf } from './mending/mend.ts'
import { notAgain, notIn, unknownFirm } from './refusals.ts'

export interface DeskDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly drain: Drain
  readonly files: KeptFiles
  readonly configuration: (version: number) => StoredConfiguration
  readonly ended: (run: StoredRun) => Promise<void>
  readonly rouse: (interactive: boolean) => void
  readonly now: () => number
  readonly runId: () => string
  readonly log: (message: string) => void
}

/** What a person does to a run: resume, mend, replay, take back, close. Each answers the run as it then stands, or why not. */
export class Desk {
  readonly #ledger: Ledger
  readonly #given: DeskDeps

  constructor(given: DeskDeps) {
    this.#ledger = given.ledger
    this.#given = given
  }

  find(id: string): StoredRun | Problem {
    if (!this.#ledger.made) return unknownFirm
    return this.#ledger.runs.get(id) ?? problem(404, 'unknown-run', 'No such run', `The firm has no run ${id}.`)
  }

  resume(id: string, version: 'own' | 'mended'): StoredRun | Problem {
    const mended = this.mend(id, version, {})
    return 'code' in mended ? mended : mended.run
  }

  /** Goes on where it parked, with what a person corrects, skips or chooses. */
  mend(id: string, version: 'own' | 'mended', asked: Mend): (Mending & { run: StoredRun }) | Problem {
    const run = this.find(id)
    if ('code' in run) return run
    if (run.state !== 'parked' && run.state !== 'spam' && !isShadow(run))
      return notIn(run, 'resumed', 'parked, spam or held in shadow')
    if (!this.#ledger.accounts.has(run.seq)) return this.#elsewhere(run, 'resumed')
    const chosen = version === 'mended' && this.#mayMend(run) ? this.#ledger.version! : run.version
    const { firm } = this.#given
    const mending = mendingOf(run, asked, {
      ledger: this.#ledger,
      firm,
      configuration: this.#given.configuration(chosen),
    })
    if ('code' in mending) return mending
    this.#given.drain.way.apply(id, {
      input: { kind: 'resume' },
      write: () => {
        this.#ledger.runs.resumed(id, chosen, mending.anew, this.#given.now())
        if (mending.amended !== run.amended) this.#amend(run, mending.amended)
        // What parked it is told by the steps as they stood: one that comes after it parks for itself.
        if (run.state === 'parked') this.#passPark({ ...run, amended: mending.amended })
        this.#setAnew(run, mending)
      },
    })
    return { ...mending, run: this.#changed(id) }
  }

  /** Steps as a correction leaves them, and those that are skipped. */
  #setAnew(run: StoredRun, { skipped, reopened, dropped }: Mending): void {
    const { steps } = this.#ledger
    steps.drop(run.id, dropped)
    for (const { position } of reopened) steps.reopen(run.id, position)
    for (const { step, output, link } of skipped) {
      steps.end(run.id, step.position, 'skipped', output)
      if (isObject(output))
        keepLink(run, link, { verb: 'create', resource: String(output.resource) }, output, this.#ledger)
    }
  }

  /** A person is found by what was corrected, too. */
  #amend(run: StoredRun, amended: StoredRun['amended']): void {
    this.#ledger.runs.amend(run.id, amended)
    const { event } = amendedRun({ ...run, amended })
    if (event) this.#ledger.terms.add(run.id, event.person)
  }

  #elsewhere({ id }: StoredRun, done: string): Problem {
    const detail = this.#ledger.accounts.unknown
      ? `Run ${id} was accepted before the firm was connected anew, and Clio has not said yet which account that reaches. Try again in a minute.`
      : `Run ${id} was carried out in another Clio account than the one that the firm is connected to. Connect that one again first.`
    return problem(409, 'other-account', `The run cannot be ${done} from here`, detail)
  }

  /** A call in doubt is found out under the rules that made it: another step's record is not what a mended one wants. */
  #mayMend(run: StoredRun): boolean {
    if (run.attempt === null) return true
    const step = this.#ledger.steps.current(run.id)
    const [own, mended] = [run.version, this.#ledger.version!].map(
      version => step && definitionOf(step, run, this.#given.configuration(version)),
    )
    return JSON.stringify(own) === JSON.stringify(mended)
  }

  /** A run that a rule parked on purpose goes on behind that step: the operator's resume is the answer it waited for. */
  #passPark(run: StoredRun): void {
    const step = parkedBy(amendedRun(run), this.#given.configuration(run.version), {
      ledger: this.#ledger,
      firm: this.#given.firm,
    })
    if (step) this.#ledger.steps.end(run.id, step.position, 'done', { resumed: true })
  }

  /** The same event once more, on purpose, as a new run with a key of its own. */
  replay(id: string): StoredRun | Problem {
    const run = this.find(id)
    if ('code' in run) return run
    const refused = notAgain(run)
    if (refused) return refused
    const event = run.event!
    const fresh = this.#onEventOf(run, {
      kind: kindOf(event),
      content: `replay of ${id}`,
      version: this.#ledger.version!,
      replayOf: id,
    })
    this.#ledger.transaction(() => {
      this.#ledger.claims.claim(fresh, this.#given.now())
      this.#given.files.claimed(fresh.id, event)
      // What a person has corrected is not to be corrected once more.
      const answers = run.amended?.answers
      if (answers) this.#amend(this.#ledger.runs.get(fresh.id)!, { answers })
    })
    return this.#changed(fresh.id)
  }

  /** A new run that takes back what this one made. Once: asked again, the same run answers. */
  undo(id: string, anyway: boolean): StoredRun | Problem {
    const run = this.find(id)
    if ('code' in run) return run
    const before = this.#ledger.runs.undoOf(id)
    if (before !== null) return this.#ledger.runs.get(before)!
    if (!this.#ledger.accounts.has(run.seq)) return this.#elsewhere(run, 'taken back')
    const refused = undoable(run, this.#ledger, anyway)
    if (refused) return refused
    const fresh = this.#onEventOf(run, { kind: 'undo', content: `undo of ${id}`, version: run.version, undoOf: id })
    this.#ledger.transaction(() => {
      this.#ledger.claims.claim(fresh, this.#given.now())
      // Nothing of it goes on any more: resumed, it would make anew what is being taken away.
      if (run.state === 'parked') this.#given.drain.way.apply(id, { input: { kind: 'discard' } })
    })
    return this.#changed(fresh.id)
  }

  /** Another run on the event of one. */
  #onEventOf(
    { endpoint, event, interactive }: StoredRun,
    more: Pick<NewRun, 'kind' | 'content' | 'version'> & Partial<NewRun>,
  ): NewRun {
    const id = this.#given.runId()
    return { id, endpoint, key: null, event: event!, interactive, strict: false, spam: null, replayOf: null, ...more }
  }

  discard(id: string): StoredRun | Problem {
    const run = this.find(id)
    if ('code' in run) return run
    if (isFinal(run.state)) return notIn(run, 'discarded', 'open, parked or spam')
    if (this.#ledger.attempts.sending(id)) {
      const detail = `A call of run ${id} is under way this moment. Try again in a few seconds.`
      return problem(409, 'call-under-way', 'A call is under way', detail)
    }
    this.#given.drain.way.apply(id, { input: { kind: 'discard' } })
    const closed = this.#changed(id)
    void this.#given.ended(closed).catch(() => this.#given.log(`run ${id}: its key could not be put into KV`))
    return closed
  }

  /** What a button asks for, under an alarm or in a list. */
  act(action: Action, id: string): StoredRun | Problem {
    switch (action) {
      case 'undo':
        return this.undo(id, false)
      case 'resume':
        return this.resume(id, 'mended')
      case 'discard':
        return this.discard(id)
    }
  }

  #changed(id: string): StoredRun {
    const run = this.#ledger.runs.get(id)!
    this.#given.rouse(run.interactive)
    return run
  }
}
