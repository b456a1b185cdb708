import type { Configuration } from '../../configuration/configuration.ts'
import type { Clio } from '../../model/intent.ts'
import type { Talk } from '../conversation/conversation.ts'
import type { MatterBook } from '../index/matter-book.ts'
import type { Ledger, StoredRun } from '../ledger/ledger.ts'

export interface WorkDeps {
  readonly ledger: Ledger
  readonly firm: string
  now(): number
  clio(run: StoredRun, step: string, configuration: Configuration): Clio
  readonly talk: Talk
  readonly matters: Pick<MatterBook, 'find'>
}

export const eventGone = 'The event of this run is no longer kept.'
