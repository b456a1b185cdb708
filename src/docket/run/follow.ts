import type { Delivery } from '../../model/event.ts'
import { Later, Stuck } from '../../model/follow.ts'
import type { Result } from '../calls/result.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { type ProviderDeps, providerOf } from '../timers/provider.ts'

export interface FollowerDeps extends ProviderDeps {
  /** Puts what came of a run on the docket, in the transaction in which it ends. */
  bring(run: StoredRun, deliveries: readonly Delivery[]): void
}

/** Follows a notification: what it points at is fetched, and what comes of it is put on the docket as the notification's run ends. */
export async function follow(run: StoredRun, deps: FollowerDeps): Promise<Result> {
  try {
    const { source, provider } = await providerOf(run.endpoint, deps)
    if (!source.following || !run.event) throw new Stuck('This endpoint follows no notifications any more.')
    const followed = await source.following.follow(run.event, provider)
    if (followed.kind === 'ignored') return { input: { ...followed, code: 'nothing-to-follow' } }
    const { deliveries, memory = {}, renew = [] } = followed
    const write = () => {
      deps.ledger.sourceMemory.remember(run.endpoint, memory, deps.now())
      deps.ledger.timers.renew(run.endpoint, renew, deps.now())
      deps.bring(run, deliveries)
    }
    return { input: { kind: 'step-done', last: true }, write }
  } catch (error) {
    if (error instanceof Stuck) return { input: { kind: 'park', code: 'provider', reason: error.message } }
    if (!(error instanceof Later)) throw error
    return { input: { kind: 'unread', outcome: { kind: 'unknown', status: null, message: error.message } } }
  }
}
