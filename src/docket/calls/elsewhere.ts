import type { Ledger } from '../ledger/ledger.ts'
import type { ReadyCall } from '../ledger/run/run-state.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import type { Result } from './result.ts'

/** Runs that another life of this docket may have carried on: up to which, and since when (ms). */
interface Elsewhere {
  readonly upTo: number
  readonly since: number
}

/**
 * The firm came from elsewhere, or its docket was set back: a run of before may have made this very call already, and this docket does
 * not know. It is looked for as if its answer had been lost, each call once. null: it may go
 */
export function lookElsewhere(
  run: StoredRun,
  step: string | null,
  ready: ReadyCall,
  { ledger, settle, now }: { ledger: Ledger; settle: number; now(): number },
): Result | null {
  const { upTo, since } = (ledger.meta.get('elsewhere') as Elsewhere | null) ?? { upTo: 0, since: 0 }
  const { call, resource, before } = ready
  // Everything else may be repeated.
  if (run.seq > upTo || (call.method !== 'POST' && call.method !== 'PATCH')) return null
  const at = Math.min(run.acceptedAt, since)
  const attempt = ledger.attempts.elsewhere({ run: run.id, step, call, resource, ...(before && { before }) }, at)
  if (attempt === null) return null
  const message = 'It may have been sent before the firm came here, or was set back.'
  const outcome = { kind: 'unknown', status: null, message } as const
  const write = () => ledger.attempts.end(attempt, outcome, null, now())
  return now() - since < settle
    ? { input: { kind: 'outcome', outcome, attempt }, write }
    : { input: { kind: 'elsewhere', attempt }, write }
}
