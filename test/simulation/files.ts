import { concat } from '../../src/lib/encoding.ts'
import type { FileStore, StoredObject } from '../../src/platform/file-store.ts'

/** Kept bytes in memory. They outlive the objects that use them, as on the platform; `access` hands each of them a door that can be shut. */
export class MemoryFiles {
  readonly kept = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly uploaded: Date }>()
  readonly #now: () => number
  /** Thrown by the next calls. */
  broken: Error | null = null

  constructor(now: () => number) {
    this.#now = now
  }

  put(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.kept.set(key, { bytes, uploaded: new Date(this.#now()) })
  }

  /** @param gate called before and after every change; throws to stop the object there */
  access(gate: (moment: 'before write' | 'after write') => void): FileStore {
    const whole = (): void => {
      if (this.broken) throw this.broken
    }
    return {
      put: async (key, bytes) => {
        gate('before write')
        whole()
        this.put(key, bytes.slice())
        gate('after write')
      },
      createMultipartUpload: async key => {
        whole()
        const parts: Uint8Array<ArrayBuffer>[] = []
        return {
          uploadPart: async (number, bytes) => {
            gate('before write')
            whole()
            parts[number - 1] = bytes.slice()
            return { partNumber: number, etag: String(number) }
          },
          complete: async () => {
            whole()
            this.put(key, concat(...parts))
            gate('after write')
          },
          abort: async () => {},
        }
      },
      get: async key => {
        whole()
        const found = this.kept.get(key)
        return found ? { body: streamOf(found.bytes), size: found.bytes.length } : null
      },
      delete: async keys => {
        gate('before write')
        whole()
        for (const key of keys) this.kept.delete(key)
        gate('after write')
      },
      list: async ({ prefix, startAfter = '', limit }) => {
        whole()
        const found = [...this.kept.keys()].filter(key => key.startsWith(prefix) && key > startAfter).sort()
        const objects = found
          .slice(0, limit)
          .map((key): StoredObject => ({ key, uploaded: this.kept.get(key)!.uploaded }))
        return { objects, truncated: found.length > limit }
      },
    }
  }
}

/** Read without the help of the system, which would take time of its own. */
const streamOf = (bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    type: 'bytes',
    start(controller) {
      controller.enqueue(bytes.slice())
      controller.close()
    },
  })
