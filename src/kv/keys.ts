import { sha256 } from '../lib/json.ts'
import type { Delivery } from '../model/event.ts'
import { keyName } from './names.ts'

/**
 * Idempotency keys in KV, in front of the ledger: a redelivery is answered without waking the Docket. Only a shortcut: KV is eventually
 * consistent, so a key that is not here says nothing, and the Docket's claim decides. Only keys that somebody gave stand here: the answers
 * of a form count as its key for ten minutes, in the Docket, which is awake then anyway.
 *
 * `key:{firm}:{endpoint}:{HMAC of the key}` -> `{"run":"…","content":"…"}`
 */

/** Seconds. It outlives a provider's longest redelivery and a caller's "next year" (I6). */
const lifetime = 400 * 86_400

export interface KeyEntry {
  run: string
  /** HMAC of the canonical answers' hash; in entries of before, that hash. */
  content: string
}

export type Known = { readonly kind: 'known' | 'conflict'; readonly run: string }

/** How a firm's keys are hashed. */
export interface Hashing {
  /** With the firm's `match` key; null: what the door read is from before there was one. */
  readonly hash: ((key: Delivery['key']) => string) | null
  /** The firm is older than its `match` key: what was remembered before is found under a hash without one. */
  readonly elder: boolean
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
  { hash, elder }: Hashing,
): Promise<Known | null> {
  const { kind, value } = delivery.key
  if (kind !== 'given') return null
  const hashes = [...(hash ? [hash(delivery.key)] : []), ...(elder || !hash ? [await sha256(`${kind}:${value}`)] : [])]
  const found = await Promise.all(
    hashes.map(hash => kv.get<KeyEntry>(keyName(firm, endpoint, hash), { type: 'json' }).catch(() => null)),
  )
  const entry = found.find(one => one !== null)
  if (!entry) return null
  const contents = [delivery.content, ...(hash ? [hash({ kind: 'content', value: delivery.content })] : [])]
  const conflict = delivery.strict && !contents.includes(entry.content)
  return { kind: conflict ? 'conflict' : 'known', run: entry.run }
}

/**
 * Remembers a given key at the end of its run: the one KV write of an event. Never throws: without the entry the next redelivery costs a
 * call to the Docket, no more.
 * @param hash the key as the Docket keeps it
 */
export async function remember(
  kv: Pick<KVNamespace, 'put'>,
  firm: string,
  endpoint: string,
  hash: string,
  entry: KeyEntry,
): Promise<void> {
  await kv
    .put(keyName(firm, endpoint, hash), JSON.stringify(entry), { expirationTtl: lifetime })
    .catch(() => console.warn(`KV did not take the key of run ${entry.run}; the Docket knows it all the same.`))
}
