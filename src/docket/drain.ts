import { mistakable } from '../clio/compare/compare.ts'
import { targetCall, targetOf, withoutTarget } from '../clio/operations/documents.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { isObject, type JsonObject } from '../lib/json.ts'
import type { Call, Outcome, Upload } from '../model/call.ts'
import { noContacts, Refused } from '../model/intent.ts'
import { afterLoss, hold, holdOf, mended, probed } from './calls/hold.ts'
import type { Pace } from './calls/pace.ts'
import type { Result } from './calls/result.ts'
import { Behind, Unread } from './calls/trouble.ts'
import { Paused, Turnstile } from './calls/turnstile.ts'
import { UnfinishedDocuments } from './calls/unfinished-documents.ts'
import type { Uploads } from './calls/uploads.ts'
import { type Talk, tellOutcome } from './conversation/conversation.ts'
import { ContactIndex } from './index/contacts.ts'
import { Filling, Fillings } from './index/fill.ts'
import { MatterIndex, type Matters, noMatters } from './index/matters.ts'
import type { Own } from './index/sync.ts'
import type { Vault } from './index/vault.ts'
import type { Ledger } from './ledger/ledger.ts'
import { type Input, isFinal, isSettled, type Next, type ReadyCall } from './ledger/run/run-state.ts'
import type { StoredRun } from './ledger/run/runs.ts'
import { alertsChannel, givenUp, type Notice, nextTry } from './notices/notices.ts'
import type { WorkDeps } from './run/deps.ts'
import { Lookups } from './run/lookups.ts'
import { planRun } from './run/plan.ts'
import { lookForCall, workStep } from './run/step.ts'
import { transition } from './run/transition.ts'

/** Calls in one invocation: the Free plan allows 50 subrequests. @source Cloudflare Workers limits (2026-11) */
const callsMost = 40
/** Runs under way at once; some of them wait for a look-up that others share. Somebody who waits in Slack always gets in. */
const runsMost = 12
/** Notices in one invocation. */
const noticesMost = 5
/** Server errors in a row before Clio is asked whether it knows us at all: the gateway answers 500 to an expired grant. */
const errorsMost = 3

export interface DrainDeps {
  readonly ledger: Ledger
  /** null: no index of contacts is kept. */
  readonly vault: Vault | null
  readonly firm: string
  /** Names this object's life; a `sending` of another one was cut. */
  readonly instance: string
  readonly settle: number
  now(): number
  random(): number
  sleep(ms: number): Promise<void>
  send(call: Call): Promise<Outcome>
  configuration(version: number): Configuration
  readonly uploads: Uploads
  cap(): Pace | undefined
  reserve(): number
  /** Follows a run whose event only says where to look. */
  follow(run: StoredRun): Promise<Result>
  /** Keeps open at providers what makes them notify. */
  keep(clio: (call: Call) => Promise<Outcome>): Promise<void>
  /** A run is planned: what else hangs on its event is written in the same transaction. */
  planned(run: StoredRun): void
  /** A run has ended: its key goes to KV. Failure is no harm, the ledger knows. */
  ended(run: StoredRun): Promise<void>
  /** Delivers one notice; true when it was taken. */
  tell(notice: Notice, configuration: Configuration): Promise<boolean>
  newest(): Configuration | null
  readonly talk: Talk
  log(message: string): void
}

/** The run was closed while it waited for its turn: none of its calls may go any more. */
class Closed extends Error {}

/** Carries out what stands on the docket: one at a time per firm, inside the alarm. */
export class Drain {
  readonly #deps: DrainDeps
  readonly #turnstile: Turnstile
  readonly #lookups: Lookups
  /** null: none is kept. */
  readonly #contacts: ContactIndex | null
  readonly #matters: MatterIndex | null
  readonly #fillings: Fillings
  readonly #debris: UnfinishedDocuments
  readonly #work: WorkDeps
  readonly #active = new Map<string, Promise<void>>()
  /** Fair shares: a subject's next turn comes after everybody who waits has had one. */
  readonly #turns = new Map<string, number>()
  #turn = 0
  #errors = 0
  /** Until when no call may go of runs that somebody waits for, and of all others. */
  #paused = { interactive: 0, backlog: 0 }
  #ring: () => void = () => {}

  constructor(deps: DrainDeps) {
    this.#deps = deps
    const { ledger } = deps
    const pausedUntil = ledger.made ? Number(ledger.meta.get('pausedUntil') ?? 0) : 0
    if (ledger.made) this.#recover()
    const answered = ledger.made ? ledger.attempts.answersSince(deps.now() - 3_600_000, deps.settle) : []
    this.#turnstile = new Turnstile(deps, answered, pausedUntil)
    const { vault } = deps
    const read = (call: Call, own: Own) => this.#call(null, null, call, call.path, own)
    this.#contacts = vault && new ContactIndex({ ...deps, vault, call: read })
    this.#matters = vault && new MatterIndex({ ...deps, vault, call: read })
    const kept = [this.#contacts, this.#matters].filter(index => index !== null)
    this.#fillings = new Fillings(
      kept.map(
        index => new Filling(index.sync, { turnstile: this.#turnstile, now: deps.now, wanted: () => index.wanted }),
      ),
    )
    this.#debris = new UnfinishedDocuments({
      ledger,
      now: deps.now,
      call: call => this.#call(null, null, call, 'documents'),
      log: deps.log,
    })
    this.#lookups = new Lookups({
      ledger,
      now: deps.now,
      contacts: run => this.#contacts?.of(run) ?? noContacts,
      read: (run, step, call) => this.#call(run, step, call, call.path),
    })
    this.#work = {
      ledger,
      firm: deps.firm,
      now: deps.now,
      clio: (run, step, { timezone, country }) => this.#lookups.clio(run, step, { timezone, country }),
      follow: run => deps.follow(run),
      talk: deps.talk,
      matters: this.matters,
    }
  }

  get matters(): Matters {
    return this.#matters ?? noMatters
  }

  get turnstile(): Turnstile {
    return this.#turnstile
  }

  /** Somebody claimed a run or freed one while the drain is at work. */
  ring(): void {
    this.#ring()
  }

  /** Calls that an earlier instance left in the air: reads are asked again, writes are looked for after the settle time. */
  #recover(): void {
    const { ledger, instance, now } = this.#deps
    const message = 'Docketed restarted while the call was under way.'
    const cut = { kind: 'unknown', status: null, message, cut: true } as const
    for (const { id, run, method } of ledger.attempts.cut(instance)) {
      if (method === 'GET' || run === null) ledger.attempts.endRead(id, cut, now())
      else
        this.apply(run, { input: { kind: 'cut', attempt: id }, write: () => ledger.attempts.end(id, cut, null, now()) })
    }
  }

  /** Takes every run as far as it goes now. Answers when to come back, in ms since the epoch; null: nothing is open. */
  async run(): Promise<number | null> {
    this.#turnstile.open(callsMost)
    this.#fillings.open()
    this.#paused = { interactive: 0, backlog: 0 }
    await this.#probe()
    // Beside the runs: nobody waits for a channel or a provider that is deaf, and who waits in Slack for no other's run.
    let keeping: Promise<void> | null = this.#deps
      .keep(call => this.#call(null, null, call, call.path.split('/')[0]!))
      .finally(() => {
        keeping = null
      })
    let telling: Promise<void> | null = null
    let room = noticesMost
    for (;;) {
      const rung = new Promise<void>(resolve => {
        this.#ring = resolve
      })
      this.#fill()
      if (!holdOf(this.#deps.ledger)) this.#fillings.next(this.#active.size === 0)
      const { pages } = this.#fillings
      if (telling === null && room > 0) {
        const due = this.#deps.ledger.notices.due(this.#deps.now(), room)
        room -= due.length
        if (due.length > 0)
          telling = this.#tellAll(due).finally(() => {
            telling = null
          })
      }
      if (this.#active.size === 0 && !telling && !keeping && pages.length === 0) {
        if (!holdOf(this.#deps.ledger)) await this.#debris.clear()
        return this.comeBack()
      }
      const others = [...(telling ? [telling] : []), ...(keeping ? [keeping] : []), ...pages]
      await Promise.race([rung, ...this.#active.values(), ...others])
    }
  }

  /** When there is something to do next; null: nothing is open. */
  comeBack(): number | null {
    const { ledger, now } = this.#deps
    const notice = ledger.notices.next()
    const told = notice === null ? [] : [notice]
    const held = holdOf(ledger)
    if (held) return Math.min(held.probeAt, ...told)
    const moments = ([true, false] as const).flatMap(interactive => {
      const wake = ledger.runs.nextWake(interactive)
      return wake === null ? [] : [Math.max(wake, this.#paused[kindOf({ interactive })])]
    })
    const debris = ledger.unfinished.next()
    moments.push(...told, ...this.#fillings.comeBack(), ...(debris === null ? [] : [debris]))
    return moments.length === 0 ? null : Math.max(Math.min(...moments), now() + 1)
  }

  #fill(): void {
    const { ledger, now } = this.#deps
    // Every claim rings: where nobody is ever waited for, nothing has to be looked up while all places are taken.
    if (this.#active.size >= runsMost && this.#deps.reserve() === 0) return
    if (holdOf(ledger)) return
    const waiting = ledger.runs
      .runnable(now(), 200)
      .filter(run => !this.#active.has(run.id) && this.#paused[kindOf(run)] <= now())
    const ordered = waiting
      .map(run => ({ ...run, turn: Math.max(this.#turn, this.#turns.get(run.id) ?? 0) }))
      .sort((a, b) => Number(b.interactive) - Number(a.interactive) || a.turn - b.turn || a.seq - b.seq)
    for (const run of ordered) {
      if (this.#active.size >= runsMost && !run.interactive) break
      this.#turn = run.turn
      this.#turns.set(run.id, run.turn + 1)
      const driven = this.#drive(run.id).finally(() => this.#active.delete(run.id))
      this.#active.set(run.id, driven)
    }
    if (this.#turns.size > 1000) this.#turns.clear()
  }

  async #drive(id: string): Promise<void> {
    let result: Result = { input: { kind: 'turn' } }
    for (;;) {
      const { run, next } = this.#written(id, result)
      // A person is about to change what it read, or nobody needs it any more.
      if (isSettled(run.state)) this.#lookups.forget(id)
      if (isFinal(run.state))
        await this.#deps.ended(run).catch(() => this.#deps.log(`run ${id}: its key could not be put into KV`))
      if (next === 'rest') return
      try {
        result = await this.#do(run, next)
      } catch (error) {
        if (error instanceof Closed) return
        if (error instanceof Paused) {
          this.#paused[kindOf(run)] = Math.max(this.#paused[kindOf(run)], error.until)
          return
        }
        result = this.#caught(run, error)
      }
    }
  }

  #do(run: StoredRun, next: Exclude<Next, 'rest'>): Result | Promise<Result> {
    const configuration = this.#deps.configuration(run.version)
    switch (next) {
      case 'plan':
        return planRun(run, configuration, this.#work)
      case 'work':
        return workStep(run, configuration, this.#work)
      case 'look':
        return lookForCall(run, configuration, this.#work)
      case 'send':
        return this.#send(run)
    }
  }

  #caught(run: StoredRun, error: unknown): Result {
    if (error instanceof Unread) return { input: { kind: 'unread', outcome: error.outcome } }
    if (error instanceof Behind) {
      const write = () => this.#deps.ledger.runs.setBehind(run.id, error.run)
      this.#lookups.forget(run.id)
      return { input: { kind: 'behind', run: error.run, what: error.what }, write }
    }
    // A fault of ours: tried again like any trouble, and shown to a person when it stays. Its words may quote a client.
    const name = error instanceof Error ? error.name : 'unknown error'
    this.#deps.log(`run ${run.id}: ${name} while it was worked on`)
    const message = `Docketed itself failed: ${error instanceof Error ? error.message : 'unknown error'}`
    return { input: { kind: 'unread', outcome: { kind: 'unknown', status: null, message } } }
  }

  /** What cannot be written down is a fault of ours like any other; when it was a call's outcome, that is unknown. */
  #written(id: string, result: Result): { run: StoredRun; next: Next } {
    const { ledger, now, log } = this.#deps
    try {
      return this.apply(id, result)
    } catch (error) {
      log(`run ${id}: ${error instanceof Error ? error.name : 'fault'} while it was written down`)
      const outcome = {
        kind: 'unknown',
        status: null,
        message: 'Docketed could not write down what came of it.',
      } as const
      if (result.input.kind !== 'outcome') return this.apply(id, { input: { kind: 'unread', outcome } })
      const { attempt } = result.input
      const write = () => ledger.attempts.end(attempt, outcome, null, now())
      return this.apply(id, { input: { kind: 'outcome', outcome, attempt }, write })
    }
  }

  /** One transition and everything that belongs to it, in one transaction. */
  apply(id: string, { input, write }: Result): { run: StoredRun; next: Next } {
    const { ledger, now, random, settle } = this.#deps
    return ledger.transaction(() => {
      write?.()
      const before = ledger.runs.get(id)!
      const { run: after, next } = transition(before, input, { now: now(), random: random(), settle })
      ledger.runs.save(id, after, now())
      if (input.kind === 'planned') this.#deps.planned(before)
      if (after.state === 'held') this.#hold(after.reason ?? '', afterLoss(now()))
      this.#release(before, after, input)
      return { run: { ...before, ...after }, next }
    })
  }

  /** Whoever waits for this run, or for a step of it, is freed as soon as there is nothing left to wait for. */
  #release(before: StoredRun, after: Pick<StoredRun, 'state' | 'attempt' | 'reason'>, input: Input): void {
    const { ledger } = this.#deps
    const { id, endpoint, thread, event } = before
    const parked = after.state === 'parked'
    if (after.state === 'discarded' && before.state !== 'discarded')
      ledger.unfinished.left(id, this.#deps.now() + this.#deps.settle)
    if (isFinal(after.state)) ledger.attempts.abandon(id)
    if (isFinal(after.state) && before.attempt !== null) this.#contacts?.sync.doubt()
    // Who waits for another keeps nothing that others wait for: so nobody ever waits in a ring.
    const lets = input.kind === 'step-done' || input.kind === 'behind'
    if (lets || isFinal(after.state) || (parked && after.attempt === null)) {
      ledger.locks.release(id)
      ledger.runs.freeStep(id)
    }
    tellOutcome(before, after, ledger, this.#deps.now())
    if (parked && before.state !== 'parked') {
      this.#alert('run.parked', { run: id, endpoint, type: before.type, reason: after.reason })
    }
    if (thread === null) return
    if (parked || input.kind === 'resume') ledger.runs.tellFollowers(id, after.state)
    if (!isFinal(after.state)) return
    ledger.runs.freeSubject(id)
    const time = Date.parse(event?.time ?? '')
    if (after.state === 'done' && !Number.isNaN(time))
      ledger.subjects.setCarried(endpoint, thread, new Date(time).toISOString())
  }

  async #send(run: StoredRun): Promise<Result> {
    const { ready } = run
    if (!ready) return { input: { kind: 'park', reason: 'A call was lost before it was sent.' } }
    const step = this.#deps.ledger.steps.of(run.id).find(one => one.state === 'ready')?.path ?? null
    if (ready.call.upload) return this.#bring(run, step ?? '', ready, ready.call.upload)
    let attempt = 0
    const outcome = await this.#passed(run, () => {
      attempt = this.#begin(run, step, ready)
      return this.#sent(ready.call)
    })
    const { kept, told } = withoutTarget(outcome)
    this.#lookups.forget(run.id)
    if (told) this.#lookups.learn(run.id, told.call, told.answer)
    return this.#ended(attempt, kept, ready)
  }

  /** A file goes to Clio's storage: no call on Clio's API, so neither its pace nor its slots know of it. */
  async #bring(run: StoredRun, step: string, ready: ReadyCall, upload: Upload): Promise<Result> {
    const place = `Step ${step}: document ${upload.document}`
    const clio = this.#work.clio(run, step, this.#deps.configuration(run.version))
    const answer = await clio.read(targetCall(upload.document)).catch(error => {
      if (error instanceof Refused) return error
      throw error
    })
    if (answer instanceof Refused)
      return { input: { kind: 'park', reason: `${place} cannot be asked for (${answer.status}): ${answer.message}` } }
    const target = targetOf(answer)
    if (!target)
      return { input: { kind: 'park', reason: `${place} waits for no file: see in Clio what became of it.` } }
    let attempt = 0
    const outcome = await this.#deps.uploads.bring(run.id, upload, target, () => {
      this.#mayGo(run)
      this.#turnstile.spend()
      attempt = this.#begin(run, step, ready)
    })
    // The next one asks anew where it goes.
    this.#lookups.forget(run.id)
    return this.#ended(attempt, outcome, ready)
  }

  #ended(attempt: number, outcome: Outcome, ready: ReadyCall): Result {
    const write = () => this.#deps.ledger.attempts.end(attempt, outcome, recordIn(outcome, ready), this.#deps.now())
    return { input: { kind: 'outcome', outcome, attempt }, write }
  }

  /** The `sending` row; nothing that a lookup could mistake for this call is under way beside it. */
  #begin(run: StoredRun, step: string | null, { call, resource, before }: ReadyCall): number {
    const { ledger, instance, now } = this.#deps
    return ledger.transaction(() => {
      const other = ledger.attempts
        .underWay(call.method, call.path, run.id)
        .find(one => mistakable(call, one.call, resource))
      if (other) throw new Behind(other.run, 'its equal call is not known to be done or not.')
      return ledger.attempts.begin({ run: run.id, step, call, resource, ...(before && { before }) }, instance, now())
    })
  }

  /** @param own a call that no run makes, though it is no probe: how urgent it is, and whom to tell when it goes */
  async #call(run: StoredRun | null, step: string | null, call: Call, resource: string, own?: Own): Promise<Outcome> {
    const { ledger, instance, now } = this.#deps
    // What belongs to no run is shown to nobody, and may hold a secret: the address of a webhook.
    const { body: _, ...bare } = call
    let id = 0
    const begin = () => {
      own?.went()
      id = ledger.attempts.begin({ run: run?.id ?? null, step, call: run ? call : bare, resource }, instance, now())
      return this.#sent(call)
    }
    const outcome = await this.#passed(run, begin, own)
    ledger.attempts.endRead(id, outcome, now())
    return outcome
  }

  /** The gateway never throws; should anything do so, nobody knows what became of the call. */
  #sent(call: Call): Promise<Outcome> {
    const message = 'The call broke off within Docketed.'
    return this.#deps.send(call).catch(() => ({ kind: 'unknown', status: null, message }))
  }

  /** Much may have happened while a call waited for its turn. Only the probe goes while the queue is held. */
  #mayGo(run: StoredRun | null, own?: Own): void {
    const { ledger } = this.#deps
    if (!run && !own) return
    if (run && isSettled(ledger.runs.get(run.id)!.state)) throw new Closed()
    const held = holdOf(ledger)
    if (held) throw new Paused(held.probeAt)
  }

  /** Through the turnstile and back. `begin` throws when the call may not go after all: its slot was not used. */
  async #passed(run: StoredRun | null, begin: () => Promise<Outcome>, own?: Own): Promise<Outcome> {
    const turn = run ? (this.#turns.get(run.id) ?? run.seq) : 0
    await this.#turnstile.enter(own ?? { interactive: run?.interactive ?? true, turn })
    let outcome: Outcome | null = null
    try {
      this.#mayGo(run, own)
      if (run) this.#fillings.count()
      outcome = await begin()
      return outcome
    } finally {
      this.#watch(outcome)
      this.#turnstile.leave(outcome)
      if (outcome?.kind === 'refused' && outcome.why === 'limit')
        this.#deps.ledger.meta.set('pausedUntil', this.#turnstile.pausedUntil)
    }
  }

  /** Before the next one is let in: it would only meet the same. */
  #watch(outcome: Outcome | null): void {
    const { now } = this.#deps
    if (!outcome) return
    if (outcome.kind === 'refused' && outcome.why === 'connection')
      this.#hold(`The connection to Clio is lost: ${outcome.message}`, afterLoss(now()))
    const failed = outcome.kind === 'unknown' && outcome.status !== null && outcome.status >= 500
    this.#errors = failed ? this.#errors + 1 : 0
    if (this.#errors < errorsMost) return
    this.#errors = 0
    this.#hold(`Clio answers with server errors: ${outcome.kind === 'unknown' ? outcome.message : ''}`, now())
  }

  #hold(reason: string, probeAt: number): void {
    const { ledger, firm, log, now } = this.#deps
    if (!hold(ledger, reason, probeAt, now())) return
    log(`firm ${firm}: the queue is held, the connection to Clio is in doubt`)
    this.#alert('connection.lost', { reason })
  }

  /** Once for what happened, in the transaction in which it did. */
  #alert(type: string, data: JsonObject): void {
    const { ledger, firm, newest, now } = this.#deps
    const configuration = newest()
    const channel = configuration && alertsChannel(configuration)
    if (!channel) return
    const id = `${type}_${data.run ?? firm}_${now()}`
    ledger.notices.add({ id, type, channel, data: { firm, ...data }, at: now() })
  }

  /** Tells what there is to tell. It waits for nobody: a deaf channel is tried again later. */
  async #tellAll(notices: readonly Notice[]): Promise<void> {
    const { ledger, newest, now, tell, log, firm } = this.#deps
    const configuration = newest()
    if (!configuration) return
    for (const notice of notices) {
      const taken = await tell(notice, configuration)
      const late = givenUp(notice, now())
      if (late && !taken) log(`firm ${firm}: a notice to channel ${notice.channel} was given up`)
      ledger.notices.tried(notice.id, taken || late ? null : now() + nextTry(notice.tries))
    }
  }

  /** While the queue is held, only this call goes; when it is answered, everything goes on by itself. */
  async #probe(): Promise<void> {
    const { ledger, firm, log, now } = this.#deps
    const held = holdOf(ledger)
    if (!held || held.probeAt > now()) return
    const call: Call = { method: 'GET', path: 'users/who_am_i', query: { fields: 'id' } }
    const outcome = await this.#call(null, null, call, 'users/who_am_i').catch(error => {
      if (error instanceof Paused) return null
      throw error
    })
    // 403 comes from a Clio that knows who asks.
    if (outcome?.kind === 'applied' || (outcome?.kind === 'refused' && outcome.why === 'forbidden')) {
      ledger.transaction(() => {
        mended(ledger)
        this.#alert('connection.mended', {})
      })
      log(`firm ${firm}: the connection to Clio is mended, the queue goes on`)
    } else probed(ledger, held, outcome?.message ?? held.reason, now())
  }
}

function kindOf(run: { readonly interactive: boolean }): 'interactive' | 'backlog' {
  return run.interactive ? 'interactive' : 'backlog'
}

/** The id of what a call made or changed: Clio's answer names it, or the path does. */
function recordIn(outcome: Outcome, { call, resource }: ReadyCall): string | null {
  if (outcome.kind !== 'applied') return null
  const data = isObject(outcome.answer) && isObject(outcome.answer.data) ? outcome.answer.data : {}
  if (typeof data.id === 'number' || typeof data.id === 'string') return String(data.id)
  const [, id] = call.path.startsWith(`${resource}/`) ? call.path.slice(resource.length).split('/') : []
  return id === undefined ? null : decodeURIComponent(id)
}
