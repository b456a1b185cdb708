import type { JsonObject } from '../../lib/json.ts'
import type { Clio } from '../../model/intent.ts'
import { type Message, say } from '../show/message.ts'
import type { Command } from '../speech/command.ts'
import type { Wall } from '../speech/when.ts'
import type { Search } from './matters.ts'
import type { ClioUser, Directory, SlackUser } from './people.ts'

/**
 * From what a person typed to what a rule can carry out: who they are, which matter they mean, which day. Reads only; whatever is
 * not clear becomes a sentence back, and then nothing is filed.
 */
export type Prepared =
  /** The event as the ready rules want it. */
  | { readonly kind: 'steps'; readonly type: string; readonly fields: JsonObject }
  /** An answer, after which the run is done; or a question, after which it is ignored. */
  | { readonly kind: 'answer'; readonly message: Message }
  /** Who it is says who they are in Clio. */
  | { readonly kind: 'link'; readonly user: SlackUser; readonly command: Extract<Command, { kind: 'link' | 'code' }> }
  | { readonly kind: 'question'; readonly message: Message; readonly reason: string }

export interface Preparing {
  readonly directory: Directory
  readonly clio: Clio
  readonly search: Search
  /** The run's id: a chosen matter comes back with it. */
  readonly run: string
  /** When the command was accepted, ms since the epoch. */
  readonly now: number
  readonly timezone: string
  readonly country: string
}

export interface Acting extends Preparing {
  readonly wall: Wall
  readonly user: SlackUser
  readonly me: ClioUser
  readonly chosen?: Chosen
}

export const asked = (text: string): Prepared => ({
  kind: 'question',
  message: say(text),
  reason: 'Asked back: nothing was filed.',
})

export const steps = (kind: string, fields: JsonObject): Prepared => ({ kind: 'steps', type: `slack.${kind}`, fields })

/** Something is not clear; the message asks. */
export class Question extends Error {}

/** Several matters fit: the person chooses, nobody guesses. The command stays on the docket; only its run's id goes out and comes back. */
/** What was chosen, and for which words; `null`: no matter on purpose. */
export interface Chosen {
  readonly matter: number | null
  readonly name: string
}
