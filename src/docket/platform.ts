import type { Outside } from '../clio/operations/documents.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { Call, Outcome } from '../model/call.ts'
import type { FileStore } from '../platform/file-store.ts'
import type { Storage } from '../platform/storage.ts'
import type { Vault } from './index/vault.ts'
import type { StoredRun } from './ledger/run/runs.ts'
import type { Notice } from './notices/notices.ts'

/** What the Docket stands on; the simulator has its own. */
export interface Platform {
  readonly storage: Storage
  /** Hashes and seals what is known of contacts; null: there is no key to do it with, and Clio is searched instead. */
  readonly vault: Vault | null
  readonly firm: string
  /** ms from an unknown outcome until a late write would have landed. */
  readonly settle: number
  now(): number
  random(): number
  sleep(ms: number): Promise<void>
  /** A fresh id of a run. */
  runId(): string
  /** A fresh name for this object's life. */
  readonly instance: string
  setAlarm(at: number): Promise<void> | void
  send(call: Call, connection: string): Promise<Outcome>
  /** The Worker's bindings: secrets by name, and where the gateway is. */
  readonly env: object
  /** Where the bytes of files are kept. */
  readonly files: FileStore
  /** How storage and vendors are reached. */
  readonly outside: Outside
  ended(run: StoredRun): Promise<void>
  /** Delivers one notice; true when it was taken. */
  tell(notice: Notice, configuration: Configuration): Promise<boolean>
  log(message: string): void
}
