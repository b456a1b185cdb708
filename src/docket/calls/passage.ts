import { mistakable } from '../../clio/compare/compare.ts'
import { targetOf, withoutTarget } from '../../clio/operations/documents.ts'
import { isObject, type Json } from '../../lib/json.ts'
import type { Call, Outcome, Upload } from '../../model/call.ts'
import { recordOf } from '../../model/intent.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isSettled, type ReadyCall } from '../ledger/run/run-state.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import type { Hold } from './hold.ts'
import { Behind, Standing } from './trouble.ts'
import { Paused, type Turnstile } from './turnstile.ts'
import type { Uploads } from './uploads.ts'

/** The run was closed, or its firm went into shadow, while it waited for its turn: none of its calls may go any more. */
export class Closed extends Error {}

/** A call that no run makes, though it is no probe: how urgent it is, and whom to tell when it goes. */
export interface Own {
  readonly interactive: boolean
  readonly turn: number
  /** Of a read that a caller of the API waits for (`turnstile.ts`). */
  readonly patience?: number
  /** It goes now. */
  went?(): void
}

export interface PassageDeps {
  readonly ledger: Ledger
  readonly turnstile: Turnstile
  readonly hold: Hold
  readonly uploads: Uploads
  /** Names this object's life; a `sending` of another one was cut. */
  readonly instance: string
  now(): number
  send(call: Call): Promise<Outcome>
  /** A run makes a call. */
  counted(): void
}

/** What became of a write: its row, and what it told besides (the answer to a look-up that may come next). */
export interface Sent {
  readonly attempt: number
  readonly outcome: Outcome
  readonly record: string | null
  readonly told: { readonly call: Call; readonly answer: Json } | null
}

/** A call's way to Clio and back, with its row in the ledger (I4) and at the pace (I3): the only place that sends. */
export class Passage {
  readonly #deps: PassageDeps

  constructor(deps: PassageDeps) {
    this.#deps = deps
  }

  /** A look-up of a run. @throws Paused, Closed */
  read(run: StoredRun, step: string, call: Call): Promise<Outcome> {
    return this.#asked(run, step, call)
  }

  /** A call of the Docket's own. Without `own` it is one that goes even while the queue is held. @throws Paused */
  own(call: Call, own?: Own): Promise<Outcome> {
    return this.#asked(null, null, call, own)
  }

  /** A run's write. @throws Paused, Closed, Behind, Standing */
  async write(run: StoredRun, step: string | null, ready: ReadyCall): Promise<Sent> {
    let attempt = 0
    const outcome = await this.#passed(run, () => {
      attempt = this.#begin(run, step, ready)
      return this.#send(ready.call)
    })
    const { kept, told } = withoutTarget(outcome)
    return { attempt, outcome: kept, record: recordIn(kept, ready), told }
  }

  /**
   * A file goes to Clio's storage: no call on Clio's API, so neither its pace nor its slots know of it.
   * @param answer Clio's, to `targetCall`; null: the document waits for no file
   */
  async bring(run: StoredRun, step: string, ready: ReadyCall, upload: Upload, answer: Json): Promise<Sent | null> {
    const { uploads, turnstile } = this.#deps
    const target = targetOf(answer)
    if (!target) return null
    let attempt = 0
    const outcome = await uploads.bring(run.id, upload, target, () => {
      this.#mayGo(run)
      turnstile.spend()
      attempt = this.#begin(run, step, ready)
    })
    return { attempt, outcome, record: recordIn(outcome, ready), told: null }
  }

  /** The `sending` row; nothing that a lookup could mistake for this call is under way beside it. */
  #begin(run: StoredRun, step: string | null, { call, resource, before }: ReadyCall): number {
    const { ledger, instance, now } = this.#deps
    // The firm went into shadow while the call waited for its turn.
    if (ledger.inShadow) throw new Closed()
    return ledger.transaction(() => {
      const own = ledger.attempts.standing(run.id)
      if (own !== null) throw new Standing(own)
      const others = ledger.attempts.underWay(call.method, call.path, run.id)
      const other = others.find(one => mistakable(call, one.call, resource))
      if (other) throw new Behind(other.run, 'its equal call is not known to be done or not.')
      return ledger.attempts.begin({ run: run.id, step, call, resource, ...(before && { before }) }, instance, now())
    })
  }

  async #asked(run: StoredRun | null, step: string | null, call: Call, own?: Own): Promise<Outcome> {
    const { ledger, instance, now } = this.#deps
    // What belongs to no run is shown to nobody, and would outlive whom it is about: a person who was looked for, the address of a webhook.
    const kept = run ? call : { method: call.method, path: call.path }
    let id = 0
    const outcome = await this.#passed(
      run,
      () => {
        own?.went?.()
        id = ledger.attempts.begin({ run: run?.id ?? null, step, call: kept, resource: call.path }, instance, now())
        return this.#send(call)
      },
      own,
    )
    ledger.attempts.endRead(id, run || outcome.kind === 'applied' ? outcome : { ...outcome, message: '' }, now())
    return outcome
  }

  /** The gateway never throws; should anything do so, nobody knows what became of the call. */
  #send(call: Call): Promise<Outcome> {
    const message = 'The call broke off within Docketed.'
    return this.#deps.send(call).catch(() => ({ kind: 'unknown', status: null, message }))
  }

  /** Through the turnstile and back. `begin` throws when the call may not go after all: its slot was not used. */
  async #passed(run: StoredRun | null, begin: () => Promise<Outcome>, own?: Own): Promise<Outcome> {
    const { ledger, turnstile, hold, counted } = this.#deps
    if (run) await this.#sure(run)
    await turnstile.enter(own ?? { interactive: run?.interactive ?? true, turn: run?.seq ?? 0 })
    let outcome: Outcome | null = null
    try {
      this.#mayGo(run, own)
      if (run) counted()
      outcome = await begin()
      return outcome
    } finally {
      try {
        if (outcome) hold.watch(outcome)
      } finally {
        // Whatever the disk refuses, the slot is given back.
        turnstile.leave(outcome, own)
      }
      if (outcome?.kind === 'refused' && outcome.why === 'limit') ledger.meta.set('pausedUntil', turnstile.pausedUntil)
    }
  }

  /** Whoever waits for it may be somebody in a hurry. */
  #sure({ seq }: StoredRun): Promise<void> {
    return this.#deps.hold.sure(call => this.own(call, { interactive: true, turn: seq }))
  }

  /** Much may have happened while a call waited for its turn. Only the probe goes while the queue is held. */
  #mayGo(run: StoredRun | null, own?: Own): void {
    const { ledger, hold } = this.#deps
    if (!run && !own) return
    if (run && isSettled(ledger.runs.get(run.id)!.state)) throw new Closed()
    // A person reads what the firm has in Clio before letting it go on.
    const held = own?.patience === undefined ? hold.standing : hold.broken
    if (held) throw new Paused(held.probeAt)
  }
}

/** The id of what a call made or changed: Clio's answer names it, or the path does. */
function recordIn(outcome: Outcome, { call, resource }: ReadyCall): string | null {
  if (outcome.kind !== 'applied') return null
  const { id: answered } = isObject(outcome.answer) ? recordOf(outcome.answer) : {}
  if (typeof answered === 'number' || typeof answered === 'string') return String(answered)
  const [, id] = call.path.startsWith(`${resource}/`) ? call.path.slice(resource.length).split('/') : []
  return id === undefined ? null : decodeURIComponent(id)
}
