import type { JsonObject } from '../../lib/json.ts'
import type { Result } from '../calls/result.ts'
import type { Row, Storage, StoredRun } from '../ledger/ledger.ts'

/**
 * Clio's webhooks also tell of what Docketed itself wrote; were that an event like any other, a rule that changes what it is told of
 * would wake itself for ever. A change is ours when its etag is one that Clio gave us for the record; where one of the two has no
 * etag, when we wrote the record shortly before.
 */

const resources: Readonly<Record<string, string>> = {
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

/** What becomes of an event of Clio's that is, or may yet turn out to be, of our own doing; null: it is somebody else's. */
export function ownWrite(
  run: StoredRun,
  storage: Storage,
  setBehind: (run: string, other: string) => void,
): Result | null {
  const { event } = run
  if (event?.source !== 'clio' || run.replayOf !== null) return null
  const [model = '', change] = event.type.split('.')
  const resource = resources[model] ?? ''
  const { id, etag } = event.fields as JsonObject
  const rows = (query: string, ...bindings: (string | number)[]): Row[] =>
    storage.sql.exec(query, ...bindings).toArray()
  const written = rows(
    `select run, ended_at, json_extract(answer, '$.data.etag') as etag from attempts where resource = ? and record = ?
      and method <> 'GET' and (outcome = 'applied' or settled = 'adopted') order by id desc limit 50`,
    resource,
    String(id),
  )
  const own = written.find(row => {
    const told = typeof etag === 'string' && row.etag !== null && change !== 'deleted'
    return told ? row.etag === etag : Math.abs(run.acceptedAt - Number(row.ended_at)) < soon
  })
  if (own) return { input: { kind: 'ignored', reason: `Our own write: run ${own.run} made this change.` } }
  // The webhook may be faster than the answer to the call that caused it.
  const other = rows(
    `select run from attempts where resource = ? and run is not null and run <> ? and method <> 'GET'
      and (path = ? or method = 'POST') and (outcome = 'sending' or (outcome = 'unknown' and settled is null)) limit 1`,
    resource,
    run.id,
    `${resource}/${id}`,
  )[0]
  if (!other) return null
  const write = () => setBehind(run.id, String(other.run))
  return { input: { kind: 'behind', run: String(other.run), what: 'its call may be what Clio tells of.' }, write }
}
