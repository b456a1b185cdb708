import type { Configuration } from '../../configuration/configuration.ts'
import type { Clio } from '../../model/intent.ts'
import type { Result } from '../calls/result.ts'
import type { Talk } from '../conversation/conversation.ts'
import type { Matters } from '../index/matters.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'

export interface WorkDeps {
  readonly ledger: Ledger
  readonly firm: string
  /** ms from an unknown outcome until a late write would have landed. */
  readonly settle: number
  now(): number
  clio(run: StoredRun, step: string, configuration: Configuration): Clio
  /** Follows a run whose event only says where to look. */
  follow(run: StoredRun): Promise<Result>
  readonly talk: Talk
  /** Of a firm in shadow: what comes of a step that would tell somebody. */
  tells?(tell: { step: string; to: string; text: string }): Result
  readonly matters: Matters
}

export const eventGone = {
  kind: 'park',
  code: 'event-gone',
  reason: 'The event of this run is no longer kept.',
} as const
