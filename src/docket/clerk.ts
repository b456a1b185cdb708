import { listKey } from '../clio/names/resolve.ts'
import { type StoredConfiguration, storedConfiguration } from '../configuration/stored.ts'
import type { Claim, ClaimAnswer, Mirror } from '../model/docket-rpc.ts'
import type { Receipt } from '../model/endpoint.ts'
import type { Delivery } from '../model/event.ts'
import type { Matter } from '../model/matter.ts'
import { settingsOf } from '../platform/settings.ts'
import { sources } from '../sources/index.ts'
import { sealStill, stillIn } from './calls/hold.ts'
import { KeptFiles } from './calls/kept-files.ts'
import { Uploads } from './calls/uploads.ts'
import { Drain } from './drain.ts'
import { Ledger } from './ledger/ledger.ts'
import type { Claimed } from './ledger/run/claims.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import { lineOf } from './notices/line.ts'
import { Desk } from './operator/desk.ts'
import type { EraseDeps } from './operator/keeping/erase.ts'
import { tidy } from './operator/keeping/tidy.ts'
import { Catcher } from './operator/setup/catching.ts'
import type { Platform } from './platform.ts'
import { follow } from './run/follow.ts'
import { newRun } from './run/kind.ts'
import { joiningRun } from './run/rejoin.ts'
import { Timetable } from './timers/timetable.ts'

/** Slots kept for people who wait, when a firm has an endpoint where people wait: a first command costs three calls (who, which matter, the record). */
const reserved = 4
/** ms that somebody may be looked up in while they type: Slack waits three seconds for what fits. */
const typing = 1500
/** ms until an alarm is tried again that failed in a way nobody foresaw. */
const afterFault = 30_000

/**
 * Keeps the docket: takes claims in, sees that they are carried out, and does what an operator asks. Free of the platform.
 *
 * The claim writes the run and sets the alarm in one go; all work is done inside `alarm()`, one drain at a time. Nobody sets the alarm
 * while it runs: it is set once, at its end. An alarm that a crash cuts off is run again by the platform.
 */
export class Clerk {
  readonly ledger: Ledger
  readonly drain: Drain
  /** What an operator does. */
  readonly desk: Desk
  readonly timetable: Timetable
  readonly #platform: Platform
  readonly #files: KeptFiles
  readonly #catcher: Catcher
  readonly #configurations = new Map<number, StoredConfiguration>()
  #draining = false
  #armedFor: number | null = null

  constructor(platform: Platform) {
    this.#platform = platform
    const ledger = new Ledger(platform.storage, platform)
    this.ledger = ledger
    this.#catcher = new Catcher(ledger)
    const { files: store, outside, firm } = platform
    const [now, log] = [() => platform.now(), (message: string) => platform.log(message)]
    this.#files = new KeptFiles({ ledger, store, firm, now, log })
    const configuration = (version: number) => this.configuration(version)
    const newest = () => this.newest()
    const ended = (run: StoredRun) => this.#ended(run)
    const providers = { ledger, firm, env: platform.env, outside, now }
    this.timetable = new Timetable({
      ...providers,
      newest,
      claim: (endpoint, delivery) => this.#bring(endpoint, [delivery]),
      log,
    })
    this.drain = new Drain({
      platform,
      ledger,
      configuration,
      newest,
      cap: () => this.newest()?.pace,
      reserve: () => (this.#interactive() ? reserved : 0),
      uploads: new Uploads({ files: this.#files, outside }),
      talk: {
        line: (via, at) => lineOf(via, at, { ledger, firm, env: platform.env, fetch: outside.fetch }),
        act: (action, id) => this.desk.act(action, id),
      },
      follow: run => follow(run, { ...providers, bring: ({ endpoint }, brought) => this.#bring(endpoint, brought) }),
      keep: clio => this.timetable.attend(clio),
      planned: run => this.timetable.booked(run, this.configuration(run.version)),
      ended,
      moved: () => this.timetable.moved(),
    })
    this.desk = new Desk({
      ledger,
      firm,
      drain: this.drain,
      files: this.#files,
      configuration,
      ended,
      rouse: interactive => this.rouse(interactive),
      now,
      runId: () => platform.runId(),
      log,
    })
  }

  // ---- configuration

  configuration(version: number): StoredConfiguration {
    const known = this.#configurations.get(version)
    if (known) return known
    const stored = this.ledger.configs.get(version)
    if (!stored) throw new Error(`Version ${version} of the configuration is not kept.`)
    const configuration = storedConfiguration(stored.document)
    this.#configurations.set(version, configuration)
    return configuration
  }

  newest(): StoredConfiguration | null {
    const version = this.ledger.version
    return version === null ? null : this.configuration(version)
  }

  #interactive(): boolean {
    const endpoints = Object.values(this.newest()?.endpoints ?? {})
    return endpoints.some(endpoint => sources.get(endpoint.source)?.interactive === true)
  }

  // ---- the door

  claim(claim: Claim): ClaimAnswer {
    const version = this.ledger.version
    if (version === null || version > claim.version)
      return { kind: 'stale', mirror: this.ledger.configs.mirror() ?? none }
    const { unproved } = claim
    const { intake } = this.ledger
    const now = this.#platform.now()
    if (unproved && intake.isFull(unproved, settingsOf(this.#platform.env).dailyBytes, now)) return { kind: 'full' }
    const answer = this.#claimAll(claim)
    if (answer.kind !== 'receipts') return answer
    const duplicates = answer.receipts.filter(receipt => receipt.duplicate).length
    const fresh = duplicates < answer.receipts.length
    // Before anything that the disk may refuse: what is written goes, whoever hears of it.
    if (fresh) this.rouse(claim.interactive)
    if (duplicates > 0) this.ledger.tallies.add('duplicates', duplicates)
    if (fresh && unproved) intake.add(unproved, now)
    return answer
  }

  /** All of a request's events, or none of them. */
  #claimAll(claim: Claim): ClaimAnswer {
    try {
      return this.ledger.transaction((): ClaimAnswer => {
        const receipts = claim.deliveries.map((delivery): Receipt => {
          const claimed = this.#claimOne(delivery, claim)
          if (claimed.kind === 'conflict') throw new Conflict(claimed.run)
          return { run: claimed.run, status: 'accepted', duplicate: claimed.kind === 'duplicate' }
        })
        return { kind: 'receipts', receipts }
      })
    } catch (error) {
      if (error instanceof Conflict) return { kind: 'conflict', run: error.message }
      throw error
    }
  }

  #claimOne(delivery: Delivery, claim: Omit<Claim, 'deliveries'>): Claimed {
    const now = this.#platform.now()
    const run = this.#catcher.meet(newRun(delivery, claim, this.#platform.runId()), now)
    const claimed = this.ledger.claims.claim(run, now)
    if (claimed.kind === 'new') {
      this.#files.claimed(run.id, run.event)
      this.#catcher.took(run, now)
    }
    if (claimed.joined) this.ledger.claims.claim(joiningRun(run, this.#platform.runId()), now)
    return claimed
  }

  /** Events that come from no request, in the caller's transaction. */
  #bring(endpoint: string, deliveries: readonly Delivery[]): void {
    const version = this.ledger.version!
    for (const delivery of deliveries) this.#claimOne(delivery, { endpoint, version, interactive: false })
  }

  /** What erasing stands on. */
  get erasing(): EraseDeps {
    const { settle } = this.#platform
    const { desk, ledger } = this
    return {
      ledger,
      files: this.#files,
      settle,
      now: () => this.#platform.now(),
      sleep: ms => this.#platform.sleep(ms),
      find: id => desk.find(id),
      discard: id => desk.discard(id),
    }
  }

  /** Its bytes are needed no more, and its key goes to KV. */
  async #ended(run: StoredRun): Promise<void> {
    const needed = run.event?.files.length !== 0
    if (needed && (run.state === 'done' || run.state === 'discarded')) await this.#files.release(run.id)
    await this.#platform.ended(run)
  }

  /**
   * The firm's connection is this one now, in the caller's transaction.
   * @param account the Clio account behind it; null: nobody could say, and no call goes before it is known
   */
  connect(connection: string, account: string | null): void {
    const { meta, cache, accounts, runs } = this.ledger
    const before = meta.get<string>('connection')
    const same = before?.toLowerCase() === connection.toLowerCase()
    meta.set('connection', connection)
    // Ids that were looked up belong to the account behind the connection.
    if (!same) cache.forget(listKey(''))
    if (!same && before !== null) accounts.leave(runs.next)
    if (account !== null) this.drain.enter(account)
    else if (!same && before !== null) this.drain.hold.unknown()
  }

  /** An operator has connected the firm anew: a queue that is held is tried at once. */
  connected(): void {
    this.drain.hold.probeNow()
    this.drain.reopen()
    this.timetable.retry()
    this.rouse()
  }

  /** A secret was stored: what could not be subscribed to for want of it is tried at once. */
  secretStored(): void {
    this.timetable.retry()
    if (this.hasWork()) this.rouse()
  }

  /** Whether somebody who talks with the docket is one of the firm's. Who types waits: what takes longer is known for the next letter. */
  async knows(endpoint: string, user: string): Promise<boolean> {
    const configuration = this.newest()
    const source = configuration?.endpoints[endpoint]?.source ?? ''
    const conversation = sources.get(source)?.conversation
    if (!configuration || !conversation) return false
    const { firm, env, outside } = this.#platform
    const deps = { ledger: this.ledger, firm, env, fetch: outside.fetch }
    const line = lineOf({ source, endpoint, configuration }, this.#platform.now(), deps)
    const late = this.#platform.sleep(typing).then(() => false)
    return Promise.race([conversation.knows(user, { ...line, clio: this.drain.plain }), late])
  }

  /** Matters that a text could mean, at once. A list that is old is read on in the background. */
  async suggest(text: string): Promise<Matter[]> {
    if (!this.ledger.made) return []
    const { matters, stale } = await this.drain.matters.find(text)
    if (stale) this.rouse()
    return [...matters]
  }

  // ---- draining

  /**
   * There is something to do: now, when the drain is at work, or by an alarm. None is set for what could not go yet (I9).
   * @param interactive the run that came or was freed; left out: something else
   */
  rouse(interactive?: boolean): void {
    const now = this.#platform.now()
    if (stillIn(this.ledger)) return
    const from = interactive === undefined ? 0 : this.drain.notBefore(interactive)
    if (!this.#draining) void this.#arm(Math.max(now + 1, from))
    else if (from <= now) this.drain.ring()
  }

  hasWork(): boolean {
    return this.ledger.made && this.#comeBack() !== null
  }

  /** When a run or the clock has something to do next. */
  #comeBack(): number | null {
    if (!this.ledger.made) return null
    const unready = this.ledger.unready ? 0 : null
    if (stillIn(this.ledger)) return unready
    const moments = [this.drain.comeBack(), this.timetable.next(), unready].filter(at => at !== null)
    return moments.length === 0 ? null : Math.min(...moments)
  }

  /** The sweep: an alarm may be lost, or stand at a moment long past. It is set anew. True when there was open work. */
  async wake(): Promise<boolean> {
    if (!this.ledger.made) return false
    sealStill(this.ledger, this.#platform.now())
    await tidy({
      ledger: this.ledger,
      retention: this.newest()?.retention,
      teller: this.drain.teller,
      now: () => this.#platform.now(),
      sleep: ms => this.#platform.sleep(ms),
      discard: id => this.desk.discard(id),
    })
    await this.#files.sweep()
    const wanted = this.#comeBack()
    if (wanted === null) return false
    if (this.#draining) return true
    this.#armedFor = null
    await this.#arm(Math.max(this.#platform.now() + 1, wanted))
    return true
  }

  async #arm(at: number): Promise<void> {
    if (this.#armedFor !== null && this.#armedFor > this.#platform.now() - 1000 && this.#armedFor <= at) return
    this.#armedFor = at
    await this.#platform.setAlarm(at)
  }

  async alarm(): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    this.#armedFor = null
    let next: number | null = this.#platform.now() + afterFault
    try {
      this.ledger.readySome()
      if (!stillIn(this.ledger)) {
        this.timetable.ring()
        if (this.ledger.made) await this.drain.run()
      }
      next = this.#comeBack()
    } catch (error) {
      // Six failed alarms in a row and the platform gives up: none may fail.
      this.#platform.log(`firm ${this.#platform.firm}: ${error instanceof Error ? error.name : 'fault'} in the drain`)
    } finally {
      this.#draining = false
      if (next !== null) await this.#arm(Math.max(next, this.#platform.now() + 1))
    }
  }
}

/** Its message is the run that the request contradicts. */
class Conflict extends Error {}

const none: Mirror = { version: 0, document: { endpoints: {} }, secrets: {} }
