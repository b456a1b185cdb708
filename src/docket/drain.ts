import { listKey } from '../clio/names/resolve.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { StoredConfiguration } from '../configuration/stored.ts'
import { failureLine } from '../lib/failure.ts'
import type { Call, Outcome } from '../model/call.ts'
import type { Clio } from '../model/intent.ts'
import { noContacts } from '../model/intent.ts'
import { Hold } from './calls/hold.ts'
import type { Pace } from './calls/pace.ts'
import { type Own, Passage } from './calls/passage.ts'
import type { Result } from './calls/result.ts'
import { Paused, Turnstile } from './calls/turnstile.ts'
import { UnfinishedDocuments } from './calls/unfinished-documents.ts'
import type { Uploads } from './calls/uploads.ts'
import type { Talk } from './conversation/conversation.ts'
import { ContactIndex } from './index/contacts.ts'
import { Filling } from './index/fill.ts'
import { MatterIndex, type Matters, noMatters } from './index/matters.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import { causeOf, Teller } from './notices/teller.ts'
import { Reads } from './operator/reads.ts'
import { Foresight } from './operator/shadow/foresight.ts'
import type { Platform } from './platform.ts'
import { Lookups } from './run/lookups.ts'
import { entryKey } from './run/own/echo.ts'
import { Turns } from './run/turns.ts'
import { Way } from './run/way.ts'

const elsewhere =
  'The firm’s connection reaches another Clio account than when this event was accepted. Connect the first one again and resume, or ' +
  'replay the event to carry it out in the present one, or discard it.'

/** Calls in one invocation: the Free plan allows 50 subrequests. @source Cloudflare Workers limits (2026-11) */
const callsMost = 40

/** What the drain needs of the firm, besides the platform. */
export interface DrainDeps {
  readonly platform: Platform
  readonly ledger: Ledger
  configuration(version: number): StoredConfiguration
  newest(): Configuration | null
  cap(): Pace | undefined
  /** Slots that only runs may take which somebody waits for. */
  reserve(): number
  readonly uploads: Uploads
  readonly talk: Talk
  /** Follows a run whose event only says where to look. */
  follow(run: StoredRun): Promise<Result>
  /** Keeps open at providers what makes them notify. */
  keep(clio: (call: Call) => Promise<Outcome>): Promise<void>
  /** A run is planned: what else hangs on its event is written in the same transaction. */
  planned(run: StoredRun): void
  ended(run: StoredRun): Promise<void>
  /** The firm is in another Clio account: what hangs on that is written in the same transaction. */
  moved(): void
}

/** Carries out what stands on the docket: one at a time per firm, inside the alarm. The parts, and the loop that turns them. */
export class Drain {
  readonly #deps: DrainDeps
  readonly turnstile: Turnstile
  readonly hold: Hold
  readonly matters: Matters
  readonly way: Way
  readonly reads: Reads
  /** Clio for somebody who waits, with no run. */
  readonly plain: Pick<Clio, 'read' | 'cached'>
  readonly #passage: Passage
  readonly #turns: Turns
  readonly teller: Teller
  readonly #fillings: readonly Filling[]
  readonly #unfinished: UnfinishedDocuments
  #ring: () => void = () => {}

  constructor(deps: DrainDeps) {
    this.#deps = deps
    const { platform, ledger, newest } = deps
    const { firm, settle, instance } = platform
    const [now, random] = [() => platform.now(), () => platform.random()]
    const log = (message: string) => platform.log(message)
    const tell = platform.tell.bind(platform)
    this.teller = new Teller({ ledger, firm, now, newest, tell, log })
    const alert = (type: 'connection.lost' | 'connection.mended') =>
      this.teller.alert(type, type === 'connection.lost' ? causeOf('connection-lost', null) : {})
    const entered = (account: string) => this.enter(account)
    this.hold = new Hold({ ledger, firm, now, alert, entered, log })
    this.turnstile = new Turnstile({
      now,
      random,
      sleep: ms => platform.sleep(ms),
      cap: deps.cap,
      reserve: deps.reserve,
      busy: () => ledger.made && ledger.overview.oldestOpen() !== null,
    })
    this.#passage = new Passage({
      ledger,
      turnstile: this.turnstile,
      hold: this.hold,
      uploads: deps.uploads,
      instance,
      now,
      send: call => platform.send(call, String(ledger.meta.get('connection') ?? '')),
      counted: () => {
        for (const one of this.#fillings) one.count()
      },
    })
    this.reads = new Reads({ passage: this.#passage, hold: this.hold, now })
    const read = (call: Call, own: Own) => this.#passage.own(call, own)
    const hash = (text: string) => ledger.seals.hash('index', text)
    const index = platform.unindexed ? null : { ledger, hash, turnstile: this.turnstile, now, newest, call: read }
    const contacts = index && new ContactIndex(index)
    const matters = index && new MatterIndex(index)
    this.matters = matters ?? noMatters
    this.#fillings = [contacts, matters]
      .filter(one => one !== null)
      .map(one => new Filling(one.sync, { turnstile: this.turnstile, now, wanted: () => one.wanted }))
    this.#unfinished = new UnfinishedDocuments({ ledger, now, call: call => this.#passage.own(call), log })
    const lookups = new Lookups({
      ledger,
      settle,
      now,
      contacts: run => contacts?.of(run) ?? noContacts,
      read: (run, step, call) => this.#passage.read(run, step, call),
    })
    this.plain = lookups.plain(call => this.reads.answer(call))
    const clio = (run: StoredRun, step: string, { timezone, country }: Configuration) =>
      lookups.clio(run, step, { timezone, country })
    const foresight = new Foresight({ ledger, firm, now, clio })
    this.way = new Way({
      ledger,
      lookups,
      passage: this.#passage,
      hold: this.hold,
      teller: this.teller,
      work: {
        ledger,
        firm,
        settle,
        now,
        clio,
        follow: deps.follow,
        talk: deps.talk,
        matters: this.matters,
        foresee: (run, configuration) => foresight.of(run, configuration),
      },
      settle,
      now,
      random,
      sleep: ms => platform.sleep(ms),
      configuration: deps.configuration,
      planned: deps.planned,
      doubt: () => contacts?.sync.doubt(),
      ended: deps.ended,
      log,
    })
    this.#turns = new Turns({ ledger, turnstile: this.turnstile, now, go: id => this.way.go(id) })
    if (ledger.made) this.#goOn()
  }

  /** Where an earlier life of this object left it: its calls in the air, and the pace, which counts them too. */
  #goOn(): void {
    const { platform, ledger } = this.#deps
    try {
      this.way.recover(platform.instance)
    } catch (error) {
      // Nothing throws while the object comes to life: what the disk refuses now is done before anything goes out.
      platform.log(`firm ${platform.firm}: ${failureLine(error)}: what a restart cut is seen to later`)
    }
    const answered = ledger.attempts.answersSince(platform.now() - 3_600_000, platform.settle)
    this.turnstile.goOn(answered, Number(ledger.meta.get('pausedUntil') ?? 0))
  }

  /** It is known which account the connection reaches. What was begun in another one waits for a person: its ids are strangers' here. */
  enter(account: string): void {
    const { ledger, platform } = this.#deps
    ledger.transaction(() => {
      ledger.accounts.said(platform.now())
      if (!ledger.accounts.enter(account, ledger.runs.next)) return
      platform.log(`firm ${platform.firm}: the connection reaches another Clio account than before`)
      for (const key of [listKey(''), entryKey]) ledger.cache.forget(key)
      this.#deps.moved()
      for (const id of ledger.runs.open()) {
        if (ledger.accounts.has(ledger.runs.get(id)!.seq)) continue
        this.way.apply(id, { input: { kind: 'park', code: 'other-account', reason: elsewhere } })
      }
    })
  }

  /** What stands at providers is taken back, whatever holds the queue: with calls of an invocation that nothing else is done in. */
  async last(end: (clio: (call: Call) => Promise<Outcome>) => Promise<number | null>): Promise<number | null> {
    this.turnstile.open(callsMost)
    return end(call => this.#passage.own(call))
  }

  /** Somebody claimed a run or freed one while the drain is at work. */
  ring(): void {
    this.#ring()
  }

  /** The firm was configured or connected anew: whatever waited for the pace looks again. */
  reopen(): void {
    this.#turns.reopen()
    this.#ring()
  }

  /** The moment before which waking is in vain for a run of a kind. 0: none. */
  notBefore(interactive: boolean): number {
    return this.hold.standing?.probeAt ?? this.#turns.notBefore(interactive)
  }

  /** Takes every run as far as it goes now. */
  async run(): Promise<void> {
    this.way.recover(this.#deps.platform.instance)
    this.turnstile.open(callsMost)
    for (const one of this.#fillings) one.open()
    this.teller.open()
    await this.hold.probe(call => this.#passage.own(call).catch(unlessPaused))
    // Beside the runs: nobody waits for a channel or a provider that is deaf, and who waits in Slack for no other's run.
    let keeping: Promise<void> | null = this.#deps
      .keep(call => this.#passage.own(call))
      .catch(() =>
        this.#deps.platform.log(`firm ${this.#deps.platform.firm}: what is kept at providers was not seen to`),
      )
      .finally(() => {
        keeping = null
      })
    for (;;) {
      const rung = new Promise<void>(resolve => {
        this.#ring = resolve
      })
      const held = this.hold.standing !== null
      if (!held) this.#turns.fill()
      const { active } = this.#turns
      if (!held) for (const one of this.#fillings) one.next(active.length === 0)
      const underWay = [
        ...active,
        ...[this.teller.telling(), keeping, ...this.#fillings.map(one => one.page)].filter(one => one !== null),
      ]
      if (underWay.length === 0) {
        if (!held && !this.#deps.ledger.inShadow) await this.#unfinished.clear()
        return
      }
      await Promise.race([rung, ...underWay])
    }
  }

  /** When there is something to do next, ms since the epoch; null: nothing is open. */
  comeBack(): number | null {
    const { ledger, platform } = this.#deps
    const notice = ledger.notices.next()
    const held = this.hold.standing
    const moments = held
      ? [held.probeAt, notice]
      : [
          this.#turns.comeBack(),
          notice,
          ledger.inShadow ? null : ledger.unfinished.next(),
          ...this.#fillings.map(one => one.comeBack()),
        ]
    const next = moments.filter(at => at !== null)
    return next.length === 0 ? null : Math.max(Math.min(...next), platform.now() + 1)
  }
}

function unlessPaused(error: unknown): null {
  if (error instanceof Paused) return null
  throw error
}
