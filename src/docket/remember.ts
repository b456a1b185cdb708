import { remember } from '../kv/keys.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import type { Seals } from './ledger/sealing/seals.ts'

/**
 * A run has ended: what makes another delivery the same goes to KV, so that the door answers it by itself. What the ledger still has in
 * clear from before is hashed on the way.
 */
export async function rememberRun(kv: KVNamespace, firm: string, run: StoredRun, seals: Seals): Promise<void> {
  if (run.replayOf !== null || run.undoOf !== null) return
  const content = seals.hashed('content', run.content)
  const key =
    run.key === null
      ? ({ kind: 'content', hash: content } as const)
      : ({ kind: 'given', hash: seals.hashed('key', run.key) } as const)
  const entry = { run: run.id, content, at: run.acceptedAt }
  await remember(kv, firm, run.endpoint, key, entry, Date.now())
}
