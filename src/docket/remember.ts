import { remember } from '../kv/keys.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'

/** A run has ended: what makes another delivery the same goes to KV, so that the door answers it by itself. */
export async function rememberRun(kv: KVNamespace, firm: string, run: StoredRun): Promise<void> {
  if (run.replayOf !== null || run.undoOf !== null) return
  const key =
    run.key === null ? ({ kind: 'content', hash: run.content } as const) : ({ kind: 'given', hash: run.key } as const)
  const entry = { run: run.id, content: run.content, at: run.acceptedAt }
  await remember(kv, firm, run.endpoint, key, entry, Date.now())
}
