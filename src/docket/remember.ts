import { remember } from '../kv/keys.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import type { Seals } from './ledger/sealing/seals.ts'

/**
 * A run has ended: the key that somebody gave goes to KV, so that the door answers its redelivery by itself. What the ledger still has in
 * clear from before is hashed on the way.
 */
export async function rememberRun(kv: KVNamespace, firm: string, run: StoredRun, seals: Seals): Promise<void> {
  if (run.key === null || run.replayOf !== null || run.undoOf !== null) return
  const entry = { run: run.id, content: seals.hashed('content', run.content) }
  await remember(kv, firm, run.endpoint, seals.hashed('key', run.key), entry)
}
