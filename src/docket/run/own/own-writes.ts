import type { Result } from '../../calls/result.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'

/**
 * Clio's webhooks also tell of what Docketed itself wrote; were that an event like any other, a rule that changes what it is told of
 * would wake itself for ever. A change is ours when its etag is one that Clio gave us for the record; where one of the two has no
 * etag, when we wrote the record shortly before.
 */

/** What Clio’s webhooks call each of its resources. */
export const resources: Readonly<Record<string, string>> = {
  activity: 'activities',
  bill: 'bills',
  calendar_entry: 'calendar_entries',
  communication: 'communications',
  contact: 'contacts',
  document: 'documents',
  folder: 'folders',
  matter: 'matters',
  task: 'tasks',
}

/** ms that a webhook may take behind the change that it tells of. */
const soon = 2 * 60_000

/** What of a run decides how it begins. */
export type Beginning = Pick<StoredRun, 'id' | 'event' | 'endpoint' | 'thread' | 'replayOf' | 'acceptedAt'>

/** What becomes of an event of Clio's that is, or may yet turn out to be, of our own doing; null: it is somebody else's. */
export function ownWrite(run: Beginning, ledger: Ledger): Result | null {
  const { event } = run
  if (event?.source !== 'clio' || run.replayOf !== null) return null
  const [model = '', change] = event.type.split('.')
  const resource = resources[model] ?? ''
  const { id, etag } = event.fields
  const own = ledger.attempts.written(resource, String(id)).find(written => {
    const told = typeof etag === 'string' && written.etag !== null && change !== 'deleted'
    return told ? written.etag === etag : Math.abs(run.acceptedAt - written.endedAt) < soon
  })
  if (own)
    return { input: { kind: 'ignored', code: 'own-write', reason: `Our own write: run ${own.run} made this change.` } }
  // The webhook may be faster than the answer to the call that caused it.
  const other = ledger.attempts.changing(resource, String(id), run.id)
  if (other === null) return null
  const write = () => ledger.runs.setBehind(run.id, other)
  return { input: { kind: 'behind', run: other, what: 'its call may be what Clio tells of.' }, write }
}
