import { html } from 'hono/html'
import type { RunState, Stats } from '../../model/docket-rpc.ts'
import { type ReasonCode, reasons } from '../../model/reason.ts'
import { todoOf } from '../../model/view/what-to-do.ts'
import { type Html, nothing } from './html.ts'

/** What states and reasons mean to whoever has to act on them. */

/** A state as a label: its colour is never the only thing that tells it. */
export const chip = (state: RunState): Html => html`<span class="chip ${state}">${stateWords[state]}</span>`

export const stateWords: Readonly<Record<RunState, string>> = {
  done: 'Done',
  parked: 'Parked',
  held: 'Held',
  waiting: 'Waiting',
  running: 'Running',
  accepted: 'Accepted',
  ignored: 'Ignored',
  spam: 'Spam',
  discarded: 'Discarded',
}

/** In the order in which a day is told. */
export const states = Object.keys(stateWords) as readonly RunState[]

/** What a person is to do about a run that is parked (or held, or spam) for this. */
export function adviceFor(code: ReasonCode | null, state: RunState = 'parked'): Html {
  const todo = todoOf(state, code)
  return todo === null ? nothing : html`<p class="advice"><strong>What to do.</strong> ${todo}</p>`
}

/** Nobody holds the firm: the way to Clio is gone. */
export const isLost = ({ code }: Stats['connection']): boolean => code === null || code === 'connection-lost'

/** Why nothing goes to Clio. What a person wrote ends as a sentence. */
export function whyStill(connection: Stats['connection']): Html {
  const reason = (connection.reason ?? '').replace(/[^.!?]$/, '$&.')
  return isLost(connection)
    ? html`<strong>${reason || 'The connection to Clio is lost.'}</strong>`
    : html`<strong>Nothing goes to Clio just now.</strong> ${reason}`
}

export const reasonWords = (code: string): string => (Object.hasOwn(reasons, code) ? reasons[code as ReasonCode] : code)
