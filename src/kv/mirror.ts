import type { Mirror } from '../model/docket-rpc.ts'
import { firmName } from './names.ts'

/**
 * A firm's newest configuration in KV, for the door, which reads it at every delivery. At most a minute stale; null: there is none,
 * or KV cannot be read, and the Docket is asked.
 */
export function readMirror(kv: Pick<KVNamespace, 'get'>, firm: string): Promise<Mirror | null> {
  return kv.get<Mirror>(firmName(firm), { type: 'json', cacheTtl: 60 }).catch(() => null)
}

/** @throws when KV does not take it */
export async function writeMirror(kv: Pick<KVNamespace, 'put'>, firm: string, mirror: Mirror | null): Promise<void> {
  await kv.put(firmName(firm), JSON.stringify(mirror))
}
