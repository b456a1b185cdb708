import type { Configuration } from '../../configuration/configuration.ts'
import type { JsonObject } from '../../lib/json.ts'
import { type ReasonCode, reasons } from '../../model/reason.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { healthOf, noteHealth, type Untold } from './health.ts'
import {
  alertsChannel,
  givenUp,
  type Notice,
  nextTry,
  noticeOf,
  noticePatience,
  replying,
  subscribersOf,
} from './notices.ts'

export interface TellerDeps {
  readonly ledger: Ledger
  readonly firm: string
  now(): number
  newest(): Configuration | null
  /** Delivers one notice. */
  tell(notice: Notice, configuration: Configuration): Promise<Untold>
  log(message: string): void
}

/** What an alarm says of a cause: its code, its own words, the step of the rule. What Clio or a rule said may quote a client. */
export function causeOf(code: ReasonCode | null, step: string | null) {
  const words = code === null ? 'A person is needed' : reasons[code]
  return { code, step, reason: step === null ? `${words}.` : `${words} (step ${step}).` }
}

const hour = 3_600_000
/** When it is told again that a run waits for a person, ms after it was parked. */
const toldAgain = { 'four hours': 4 * hour, 'a day': 24 * hour }

const idOf = (type: string, { run }: JsonObject, firm: string, at: number) => `${type}_${run ?? firm}_${at}`

type Ending = Pick<StoredRun, 'state' | 'reasonCode'>

/** Notices in one invocation: subrequests are few. */
const noticesMost = 5

/** Tells the firm what there is to tell. Nobody waits for it: a deaf channel is tried again later. */
export class Teller {
  readonly #deps: TellerDeps
  #room = 0
  #telling: Promise<void> | null = null

  constructor(deps: TellerDeps) {
    this.#deps = deps
  }

  /** Once for what happened, in the transaction in which it did. @param ms from now on when it is told */
  alert(type: string, data: JsonObject, ms = 0): void {
    const { ledger, firm, newest, now } = this.#deps
    const configuration = newest()
    const channel = configuration && alertsChannel(configuration)
    const at = now() + ms
    if (channel) ledger.notices.add({ id: idOf(type, data, firm, at), type, channel, data: { firm, ...data }, at })
    if (ms === 0) this.fact(type, data, channel)
  }

  /** Once to each channel that asked for it, in the same transaction. @param told a channel that hears of it anyway */
  fact(type: string, data: JsonObject, told: string | null = null): void {
    const { ledger, firm, newest, now } = this.#deps
    const configuration = newest()
    if (!configuration) return
    const at = now()
    const id = idOf(type, data, firm, at)
    for (const channel of subscribersOf(configuration, type)) {
      if (channel === told) continue
      ledger.notices.add({ id: noticeOf(id, channel), type, channel, data: { firm, ...data }, at })
    }
  }

  /** A run is parked: it is told at once, and again while nobody decides it. */
  parked(run: string, data: ReturnType<typeof causeOf> & JsonObject): void {
    this.alert('run.parked', { run, ...data })
    for (const [since, ms] of Object.entries(toldAgain)) {
      const text = `Run ${run} has waited ${since} for a person: ${data.reason}`
      this.alert('run.waiting', { run, ...data, text }, ms)
    }
  }

  /** A run is at its end. What is spam is told to nobody. */
  ended(run: Pick<StoredRun, 'id' | 'endpoint' | 'type' | 'undoOf'>, { state, reasonCode: code }: Ending): void {
    const { id, endpoint, type, undoOf } = run
    if (state === 'done' && undoOf !== null) this.fact('run.undone', { run: undoOf, by: id, endpoint, state })
    else this.fact(`run.${state}`, { run: id, endpoint, type, state, code })
  }

  /** Somebody decided it: nobody is told again. */
  decided(run: string): void {
    this.#deps.ledger.notices.forgetRun(run, ['run.waiting', 'run.expiring'])
  }

  /** A new invocation. */
  open(): void {
    this.#room = noticesMost
  }

  /** What is being told. Begins with what is due, when nothing is; null: nothing is to be told now. */
  telling(): Promise<void> | null {
    const { ledger, now } = this.#deps
    if (this.#telling || this.#room <= 0 || (ledger.notices.next() ?? Number.POSITIVE_INFINITY) > now())
      return this.#telling
    const due = ledger.notices.due(now(), this.#room)
    this.#room -= due.length
    this.#telling = this.#all(due).finally(() => {
      this.#telling = null
    })
    return this.#telling
  }

  async #all(notices: readonly Notice[]): Promise<void> {
    const { ledger, newest, now, tell, log, firm } = this.#deps
    const configuration = newest()
    if (!configuration) return
    const deaf = new Set<string>()
    for (const notice of notices) {
      if (deaf.has(notice.channel)) continue
      // Whatever goes wrong in telling is the channel's: a token that no longer opens stops no run.
      const untold = await Promise.resolve()
        .then(() => tell(notice, configuration))
        .catch(() => 'failed')
      const taken = untold === null
      const reply = replying(notice.type)
      if (!reply) noteHealth(ledger, notice.channel, untold, now())
      const late = givenUp(notice, now())
      if (late && !taken) log(`firm ${firm}: a notice to channel ${notice.channel} was given up`)
      ledger.notices.tried(notice.id, taken || late ? null : now() + nextTry(notice.tries))
      if (taken || reply) continue
      // It is tried with one notice at a time, so that it keeps nobody from hearing.
      deaf.add(notice.channel)
      const { failures = 1 } = healthOf(ledger, notice.channel)
      ledger.notices.postpone(notice.channel, now() + nextTry(failures - 1), now() - noticePatience)
    }
  }
}
