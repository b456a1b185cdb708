import type { Delivery } from '../model/event.ts'
import type { FileStore } from '../platform/file-store.ts'

/** Thrown when a file cannot be stored: nothing is acknowledged then. */
export class Unkept extends Error {}

/**
 * Stores the bytes of files, and names in each file the key under which they are found: nothing is acknowledged before they are
 * durable. What comes back is what the Docket may be given, and the keys of each delivery.
 * @throws Unkept
 */
export async function keep(
  store: Pick<FileStore, 'put' | 'delete'>,
  firm: string,
  deliveries: readonly Delivery[],
): Promise<{ deliveries: Delivery[]; keys: string[][] }> {
  const kept = deliveries.map(({ contents = [], ...delivery }) => {
    if (contents.length === 0) return { delivery, keys: [], contents }
    const folder = `${firm}/${crypto.randomUUID()}`
    const files = delivery.event.files.map((file, n) => ({ ...file, key: `${folder}/${n}` }))
    return {
      delivery: { ...delivery, event: { ...delivery.event, files } },
      keys: files.map(file => file.key),
      contents,
    }
  })
  const keys = kept.map(each => each.keys)
  try {
    // One after another: side by side each would want memory of its own.
    for (const { keys, contents } of kept) for (const [n, key] of keys.entries()) await store.put(key, contents[n]!)
  } catch {
    await drop(store, keys.flat())
    throw new Unkept()
  }
  return { deliveries: kept.map(each => each.delivery), keys }
}

/** Best effort: what stays behind is named by no run, and the sweep removes it. */
export async function drop(store: Pick<FileStore, 'delete'>, keys: string[]): Promise<void> {
  if (keys.length > 0)
    await store.delete(keys).catch(() => console.warn('Files that nobody needs could not be removed.'))
}
