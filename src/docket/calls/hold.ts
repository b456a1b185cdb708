import { accountIn, whoAmI } from '../../clio/gateway/account.ts'
import { longestWait } from '../../clio/gateway/gateway.ts'
import { backoff } from '../../lib/backoff.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { Still, StillCode } from '../../model/tenancy/firm.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Unread } from './trouble.ts'

/** The firm's queue stands still: the connection is lost, or Clio answers with nothing but errors. Times are ms since the epoch. */
export interface Held {
  readonly since: number
  /** For people. */
  readonly reason: string
  /** `Infinity`: nothing but a person ends it. */
  readonly probeAt: number
  readonly probes: number
  readonly code?: StillCode
}

/** Why nothing of the firm goes out until a person says so; null: it goes. */
export const stillIn = ({ made, meta }: Ledger): Still | null => (made ? (meta.get('still') as Still | null) : null)

/** What a person wrote as the reason, which may name a client: beside `still`, sealed. */
const written = 'still:written'

export function setStill({ meta, cache }: Ledger, still: Still | null, words: string | null, now: number): void {
  meta.set('still', still && { ...still })
  if (words === null) cache.forget(written)
  else cache.set(written, words, now)
}

/** Why the firm is held, in the words of whoever holds it. */
export function whyStill({ cache }: Ledger, { code, reason }: Still): string {
  const words = code === 'by-hand' ? cache.get(written)?.value : null
  return typeof words === 'string' ? words : reason
}

/** What versions before kept of it in clear. */
export function sealStill(ledger: Ledger, now: number): void {
  const still = stillIn(ledger)
  if (still?.code === 'by-hand' && still.reason !== byHand)
    setStill(ledger, { ...still, reason: byHand }, still.reason, now)
}

export const byHand = 'A person holds the firm.'

export interface HoldDeps {
  readonly ledger: Ledger
  readonly firm: string
  now(): number
  /** It is known in which Clio account the connection is. */
  entered(account: string): void
  /** Tells the firm, in the transaction in which it happened. */
  alert(type: 'connection.lost' | 'connection.mended'): void
  log(message: string): void
}

/** 30 s, then doubling to ten minutes. */
const probing = { base: 30_000, longest: 10 * 60_000 }
/** Server errors in a row before Clio is asked whether it knows us at all: the gateway answers 500 to an expired grant. */
const errorsMost = 3

/** Why Clio does not say now what it may say later. */
const passing: ReadonlySet<string> = new Set(['limit', 'busy', 'connection'])

/** What Clio said to it, which may quote a client: beside `hold`, sealed. */
const said = 'hold:said'

const standsIn = ({ made, meta }: Ledger): Held | null => (made ? (meta.get('hold') as Held | null) : null)

function brokenIn(ledger: Ledger): Held | null {
  const held = standsIn(ledger)
  const words = held && ledger.cache.get(said)?.value
  return typeof words === 'string' ? { ...held!, reason: `${held!.reason.replace(/\.$/, '')}: ${words}` } : held
}

export function heldIn(ledger: Ledger): Held | null {
  const still = stillIn(ledger)
  return still
    ? { ...still, reason: whyStill(ledger, still), probeAt: Number.POSITIVE_INFINITY, probes: 0 }
    : brokenIn(ledger)
}

/** Why the queue is held, as a code; null: it is not. */
export const holdCode = (held: Held | null) => held && (held.code ?? 'connection-lost')

/** Why the queue is held, in words of ours alone: what Clio said to it, or a person wrote, may name a client. */
export function heldPlainly(ledger: Ledger): string | null {
  const still = stillIn(ledger)
  return still?.code === 'by-hand' ? byHand : ((still ?? standsIn(ledger))?.reason ?? null)
}

/** Whether the firm's calls may go at all. While they may not, only a probe goes; when it is answered, everything goes on by itself. */
export class Hold {
  readonly #deps: HoldDeps
  #errors = 0
  /** Clio is asked who we are. */
  #asking: Promise<void> | null = null

  constructor(deps: HoldDeps) {
    this.#deps = deps
  }

  get standing(): Held | null {
    return heldIn(this.#deps.ledger)
  }

  /** The connection is in doubt, whatever else holds the queue. */
  get broken(): Held | null {
    return brokenIn(this.#deps.ledger)
  }

  /** An answer of Clio's came in: before the next call is let in, which would only meet the same. */
  watch(outcome: Outcome): void {
    if (outcome.kind === 'refused' && outcome.why === 'connection') this.lost(outcome.message)
    // Told to wait for longer than anybody believes: one call asks again then, not all of them.
    if (outcome.kind === 'refused' && (outcome.retryAfter ?? 0) >= longestWait)
      this.#begin('Clio wants no calls for now.', outcome.message, this.#deps.now() + longestWait)
    const failed = outcome.kind === 'unknown' && outcome.status !== null && outcome.status >= 500
    this.#errors = failed ? this.#errors + 1 : 0
    if (!failed || this.#errors < errorsMost) return
    this.#errors = 0
    this.#begin('Clio answers with server errors.', outcome.message, this.#deps.now())
  }

  /** @param words Clio's, or the gateway's */
  lost(words: string): void {
    this.#begin('The connection to Clio is lost.', words, this.#deps.now() + backoff(0, probing))
  }

  /** No call goes before Clio has said in which account the firm is now. */
  unknown(): void {
    const { ledger, now } = this.#deps
    const reason = 'It is not known yet which Clio account the new connection reaches.'
    ledger.cache.forget(said)
    ledger.meta.set('hold', { since: now(), reason, probeAt: now(), probes: 0 })
  }

  /** @param words Clio's */
  #begin(reason: string, words: string, probeAt: number): void {
    const { ledger, firm, alert, log, now } = this.#deps
    if (this.broken) return
    ledger.cache.set(said, words, now())
    ledger.meta.set('hold', { since: now(), reason, probeAt, probes: 0 })
    log(`firm ${firm}: the queue is held, the connection to Clio is in doubt`)
    alert('connection.lost')
  }

  /** An operator says that it is mended: the next probe goes at once. */
  probeNow(): void {
    const { ledger, now } = this.#deps
    const held = standsIn(ledger)
    if (held) ledger.meta.set('hold', { ...held, probeAt: now() })
  }

  /**
   * Before a run has anything to do with Clio: which account it is was said an hour ago at the latest. Ids that are known here are strangers'
   * in any other.
   * @throws Unread Clio cannot say it just now
   */
  async sure(ask: (call: Call) => Promise<Outcome>): Promise<void> {
    const { ledger, now } = this.#deps
    if (!ledger.accounts.doubted(now())) return
    this.#asking ??= this.#asked(ask).finally(() => {
      this.#asking = null
    })
    await this.#asking
  }

  async #asked(ask: (call: Call) => Promise<Outcome>): Promise<void> {
    const { ledger, entered, now } = this.#deps
    const outcome = await ask(whoAmI)
    const account = outcome.kind === 'applied' ? accountIn(outcome.answer) : null
    if (account !== null) entered(account)
    else if (outcome.kind === 'unknown' || (outcome.kind === 'refused' && passing.has(outcome.why)))
      throw new Unread(outcome)
    // It knows us and does not say where we are: nobody can find out.
    else ledger.accounts.said(now())
  }

  /** Asks Clio who we are, if it is time to. @param ask null: no call may go just now */
  async probe(ask: (call: Call) => Promise<Outcome | null>): Promise<void> {
    const { ledger, firm, alert, entered, log, now } = this.#deps
    const held = standsIn(ledger)
    if (!held || held.probeAt > now()) return
    const asked = ledger.meta.get('connection')
    const outcome = await ask(whoAmI)
    // The firm was connected anew meanwhile: the answer tells of the old connection.
    if (ledger.meta.get('connection') !== asked) return
    // 403 comes from a Clio that knows who asks: enough, unless it has to say where we are.
    const account = outcome?.kind === 'applied' ? accountIn(outcome.answer) : null
    const known = outcome?.kind === 'applied' || (outcome?.kind === 'refused' && outcome.why === 'forbidden')
    if (known && (account !== null || !ledger.accounts.unknown)) {
      ledger.transaction(() => {
        if (account !== null) entered(account)
        ledger.meta.set('hold', null)
        ledger.cache.forget(said)
        ledger.runs.releaseHeld()
        alert('connection.mended')
      })
      log(`firm ${firm}: the connection to Clio is mended, the queue goes on`)
      return
    }
    const probes = held.probes + 1
    const probeAt = now() + backoff(probes, probing)
    if (outcome && 'message' in outcome) ledger.cache.set(said, outcome.message, now())
    ledger.meta.set('hold', { ...held, probes, probeAt })
  }
}
