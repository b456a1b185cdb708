import { sha256 } from '../lib/json.ts'
import { contentWindow, type Delivery } from '../model/event.ts'
import { keyName } from './names.ts'

/**
 * Idempotency keys in KV, in front of the ledger: a redelivery is answered without waking the Docket. Only a shortcut:
 * KV is eventually consistent, so a key that is not here says nothing, and the Docket's claim decides.
 *
 * `key:{firm}:{endpoint}:{sha256 of kind and key}` -> `{"run":"…","content":"…","at":1782900000000}`
 */

/** Seconds. Given ids outlive a provider's longest redelivery and a caller's "next year" (I6). */
const lifetime = { given: 400 * 86_400, content: contentWindow / 1000 } as const

export interface KeyEntry {
  run: string
  /** SHA-256 of the canonical answers. */
  content: string
  /** When the run was accepted, ms since the epoch. */
  at: number
}

export type Known = { readonly kind: 'known' | 'conflict'; readonly run: string }

async function nameOf(firm: string, endpoint: string, key: Delivery['key']): Promise<string> {
  return keyName(firm, endpoint, await sha256(`${key.kind}:${key.value}`))
}

/**
 * What KV knows of a delivery: `known` (its run), `conflict` (same caller's key, other answers), or null: ask the Docket.
 * A KV that fails is a KV that knows nothing.
 */
export async function lookup(
  kv: Pick<KVNamespace, 'get'>,
  firm: string,
  endpoint: string,
  delivery: Pick<Delivery, 'key' | 'content' | 'strict'>,
  now: number,
): Promise<Known | null> {
  const entry = await kv.get<KeyEntry>(await nameOf(firm, endpoint, delivery.key), { type: 'json' }).catch(() => null)
  if (entry === null) return null
  if (delivery.key.kind === 'content' && now - entry.at >= contentWindow) return null
  const conflict = delivery.strict && entry.content !== delivery.content
  return { kind: conflict ? 'conflict' : 'known', run: entry.run }
}

/**
 * Remembers a key at the end of its run: the one KV write of an event. Never throws: without the entry the next
 * redelivery costs a call to the Docket, no more. A content key whose window has passed is not worth the write.
 */
export async function remember(
  kv: Pick<KVNamespace, 'put'>,
  firm: string,
  endpoint: string,
  key: Delivery['key'],
  entry: KeyEntry,
  now: number,
): Promise<void> {
  if (key.kind === 'content' && now - entry.at >= contentWindow) return
  await kv
    .put(await nameOf(firm, endpoint, key), JSON.stringify(entry), { expirationTtl: lifetime[key.kind] })
    .catch(() => console.warn(`KV did not take the key of run ${entry.run}; the Docket knows it all the same.`))
}
