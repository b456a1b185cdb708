import type { Outside } from '../clio/operations/documents.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { Call, Outcome } from '../model/call.ts'
import type { FileStore } from '../platform/file-store.ts'
import type { Keyring } from '../platform/sealing.ts'
import type { Storage } from '../platform/storage.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import type { Untold } from './notices/health.ts'
import type { Notice } from './notices/notices.ts'

/** What the Docket stands on; the simulator has its own. */
export interface Platform {
  readonly storage: Storage
  /** Opens the firm's keys; null: DATA_KEY is missing or malformed, and nothing can be kept. */
  readonly keyring: Keyring | null
  /** Keeps no index of what the firm's Clio holds: Clio is searched instead. Only a simulator wishes that. */
  readonly unindexed?: boolean
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
  /** Delivers one notice. */
  tell(notice: Notice, configuration: Configuration): Promise<Untold>
  log(message: string): void
}
