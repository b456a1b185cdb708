import type { Json } from '../../lib/json.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Why nobody took a notice, as a code; null: it was taken. */
export type Untold = string | null

/** How it stands with a channel: when somebody took what it was told, and when nobody did. Times are ms since the epoch. */
export interface Health {
  readonly okAt?: number
  readonly failedAt?: number
  readonly code?: string
  /** In a row, up to now. */
  readonly failures?: number
}

const key = (channel: string) => `channel:${channel}`

export function healthOf({ meta }: Pick<Ledger, 'meta'>, channel: string): Health {
  return (meta.get<Json>(key(channel)) as Health | null) ?? {}
}

export function noteHealth(ledger: Pick<Ledger, 'meta'>, channel: string, untold: Untold, now: number): void {
  const before = healthOf(ledger, channel)
  const after: Health =
    untold === null
      ? { ...before, okAt: now, failures: 0 }
      : { ...before, failedAt: now, code: untold, failures: (before.failures ?? 0) + 1 }
  ledger.meta.set(key(channel), { ...after })
}

/** What a code means, for whoever has to see to the channel. */
export function whyUntold(code: string): string {
  if (Object.hasOwn(words, code)) return words[code]!
  const [, status] = /^http-(\d{3})$/.exec(code) ?? []
  return status === undefined ? `It was refused: ${code.replaceAll('_', ' ')}.` : `The address answered ${status}.`
}

const words: Readonly<Record<string, string>> = {
  unanswered: 'Nobody answered in time.',
  'unknown-channel': 'The configuration has no channel of this name.',
  'secret-missing': 'The channel’s secret is not set. Store it.',
  failed: 'It could not be sent.',
  channel_not_found:
    'Slack knows no such channel. Write its name with #, or its id; a private one has to invite the app.',
  not_in_channel: 'The app is not in this channel. Invite it there: /invite.',
  is_archived: 'The channel is archived in Slack.',
  not_authed: 'The token of the Slack app is not set. Store it.',
  invalid_auth: 'Slack does not take the token any more. Store the one that the app shows now.',
  token_revoked: 'Slack does not take the token any more. Install the app again and store its new token.',
  account_inactive: 'Slack does not take the token any more. Install the app again and store its new token.',
  missing_scope: 'The Slack app may not write: give it the scope chat:write and install it again.',
}
