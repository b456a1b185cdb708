import { resourceNamed } from '../../clio/contract/index.ts'
import type { Json } from '../../lib/json.ts'
import { parseFields } from '../clio/read/fields.ts'
import { project } from '../clio/read/view.ts'
import type { Change, Row, Store } from '../clio/store.ts'

/** Clio's own webhooks: the handshake with X-Hook-Secret, then a signed POST for every change of the model. */

/** What a request carries: Clio's secret itself, once, to be sent back; or the body's HMAC-SHA256 with it, in hexadecimal digits. */
export interface Proof {
  readonly header: 'x-hook-secret' | 'x-hook-signature'
  readonly secret: string
}

/** One request to a webhook's address, signed on the way; what it answered, or null when it did not. */
export type Post = (
  url: string,
  proof: Proof,
  body: string,
) => Promise<{ readonly status: number; readonly headers: Headers } | null>

const resources: Readonly<Record<string, string>> = {
  matters: 'matter',
  activities: 'activity',
  bills: 'bill',
  calendar_entries: 'calendar_entry',
  communications: 'communication',
  contacts: 'contact',
  tasks: 'task',
  documents: 'document',
  folders: 'folder',
}

export function hooksOf(store: Store, post: Post): (change: Change) => void {
  return change => {
    if (change.row.resource === 'webhooks') {
      if (change.event === 'created') void shake(store, change.row, post)
      return
    }
    for (const hook of store.all('webhooks')) {
      const { model, status, url, fields, expires_at, events, shared_secret } = hook.data
      const live = status === 'enabled' && Date.parse(String(expires_at)) > store.now()
      if (!live || resources[change.row.resource] !== model) continue
      const resource = resourceNamed(change.row.resource)
      if (!resource) continue
      for (const event of eventsOf(change)) {
        if (Array.isArray(events) && !events.includes(event)) continue
        const data = project(store, resource, change.row, parseFields(String(fields)))
        const body = JSON.stringify({ data, meta: { event, webhook_id: hook.id } })
        void post(String(url), { header: 'x-hook-signature', secret: String(shared_secret) }, body)
      }
    }
  }
}

/** A matter's change of status has an event of its own beside `updated`. */
function eventsOf({ event, row, before }: Change): string[] {
  const status = (value: Json | undefined) => String(value ?? '').toLowerCase()
  const turned =
    row.resource === 'matters' && event !== 'deleted' && status(row.data.status) !== status(before?.data.status)
  const own = { open: 'matter_opened', pending: 'matter_pended', closed: 'matter_closed' }[status(row.data.status)]
  return turned && own ? [event, own] : [event]
}

/** A webhook lives once its address has sent the secret back. */
async function shake(store: Store, hook: Row, post: Post): Promise<void> {
  const secret = crypto.randomUUID()
  const answer = await post(String(hook.data.url), { header: 'x-hook-secret', secret }, '')
  const row = store.get('webhooks', hook.id)
  if (!row || answer?.status !== 200 || answer.headers.get('x-hook-secret') !== secret) return
  store.replace(row, { ...row.data, status: 'enabled', shared_secret: secret })
}
