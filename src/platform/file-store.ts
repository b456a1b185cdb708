/**
 * Where the bytes of files wait between the door and Clio: R2 in the Worker, a map in the simulator.
 * Keys: `{firm}/{random}/{n}`, see docs/documents.md.
 */
export interface FileStore {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown>
  /** Null when it is not there. */
  get(key: string): Promise<{ readonly body: BodyInit; readonly size: number } | null>
  /** A key that is not there is no fault. At most 1,000 at once. */
  delete(keys: string[]): Promise<unknown>
  /** By key, from behind `startAfter` on. */
  list(options: {
    readonly prefix: string
    readonly startAfter?: string
    readonly limit: number
  }): Promise<{ readonly objects: readonly StoredObject[]; readonly truncated: boolean }>
}

export interface StoredObject {
  readonly key: string
  readonly uploaded: Date
}
