import type { StoreState } from '../clio/store.ts'
import type { ConnectionsState } from '../maton/connections.ts'
import type { Sandbox } from '../sandbox.ts'

/** What stands in a sandbox, as JSON, to be put back after a restart. Calls, faults and limits used are not part of it. */
export interface Snapshot {
  readonly connections: ConnectionsState
  readonly accounts: Readonly<Record<string, StoreState>>
}

export function snapshotOf(sandbox: Sandbox): Snapshot {
  const connections = sandbox.connections.save()
  const names = new Set(connections.known.map(({ account }) => account))
  return { connections, accounts: Object.fromEntries([...names].map(name => [name, sandbox.account(name).save()])) }
}

export function restore(sandbox: Sandbox, { connections, accounts }: Snapshot): void {
  sandbox.connections.load(connections)
  for (const [name, state] of Object.entries(accounts)) sandbox.account(name).load(state)
}
