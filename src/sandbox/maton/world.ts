import type { Behaviour } from '../clio/quirk.ts'
import type { Store } from '../clio/store.ts'
import type { Ledger } from '../ledger.ts'
import type { Trouble } from '../trouble.ts'
import type { Connections } from './connections.ts'
import type { Post } from './hooks.ts'
import type { Limit, Window } from './limit.ts'

/** The parts that the gateway works on. */
export interface World {
  readonly key: string
  readonly now: () => number
  readonly schedule: (run: () => void, ms: number) => void
  readonly connections: Connections
  readonly ledger: Ledger
  readonly trouble: Trouble
  readonly behaviour: Behaviour
  readonly windows: Map<string, Window>
  readonly matonWindow: Window
  limit: Limit
  maton: Limit | null
  origin: string
  /** The records of an account, filled when it is first asked for. */
  account(name: string): Store
}

export interface SandboxOptions {
  /** The Maton key it wants. @default 'maton-sandbox-key' */
  readonly key?: string
  /** ms since the epoch. @default Date.now */
  readonly now?: () => number
  /** Runs something later: a record that lands after its caller was cut off. @default setTimeout */
  readonly schedule?: (run: () => void, ms: number) => void
  /** Of the random that faults with a `chance` draw from. @default 1 */
  readonly seed?: number
  /** Clio's limit per connection. @default 50 in 60 s */
  readonly limit?: Limit
  /** The gateway's own limit over all connections; off by default, so that bursts can be tested. @default null */
  readonly maton?: Limit | null
  readonly behaviour?: Partial<Behaviour>
  /** Its own address, for uploads and connection links. @default 'http://sandbox.example' */
  readonly origin?: string
  /** Sends a webhook's request. @default none is sent */
  readonly post?: Post
  /** Fills a new account. @default a demonstration firm */
  readonly fill?: (store: Store) => void
}
