import type { Configuration } from '../../configuration/configuration.ts'
import type { JsonObject } from '../../lib/json.ts'
import { type ReasonCode, reasons } from '../../model/reason.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { noteHealth, type Untold } from './health.ts'
import { alertsChannel, givenUp, type Notice, nextTry, replying } from './notices.ts'

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
    if (!channel) return
    const at = now() + ms
    ledger.notices.add({ id: `${type}_${data.run ?? firm}_${at}`, type, channel, data: { firm, ...data }, at })
  }

  /** A run is parked: it is told at once, and again while nobody decides it. */
  parked(run: string, data: ReturnType<typeof causeOf> & JsonObject): void {
    this.alert('run.parked', { run, ...data })
    for (const [since, ms] of Object.entries(toldAgain)) {
      const text = `Run ${run} has waited ${since} for a person: ${data.reason}`
      this.alert('run.waiting', { run, ...data, text }, ms)
    }
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
    for (const notice of notices) {
      // Whatever goes wrong in telling is the channel's: a token that no longer opens stops no run.
      const untold = await Promise.resolve()
        .then(() => tell(notice, configuration))
        .catch(() => 'failed')
      const taken = untold === null
      if (!replying(notice.type)) noteHealth(ledger, notice.channel, untold, now())
      const late = givenUp(notice, now())
      if (late && !taken) log(`firm ${firm}: a notice to channel ${notice.channel} was given up`)
      ledger.notices.tried(notice.id, taken || late ? null : now() + nextTry(notice.tries))
    }
  }
}
