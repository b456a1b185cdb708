import type { Configuration } from '../../configuration/configuration.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { Storage } from '../../platform/storage.ts'
import type { Turnstile } from '../calls/turnstile.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Vault } from './vault.ts'

/** A call that no run makes. */
export interface Own {
  readonly interactive: boolean
  readonly turn: number
  /** It goes now. */
  went(): void
}

export interface BookDeps {
  readonly ledger: Ledger
  readonly storage: Storage
  /** null: no index of contacts is kept. */
  readonly vault: Vault | null
  readonly turnstile: Turnstile
  now(): number
  newest(): Configuration | null
  call(call: Call, own: Own): Promise<Outcome>
}
