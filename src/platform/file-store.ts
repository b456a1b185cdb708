/**
 * Where the bytes of files wait between the door and Clio: R2 in the Worker, a map in the simulator.
 * Keys: `{firm}/{random}/{n}`, see docs/documents.md.
 */
export interface FileStore {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown>
  /** A file in parts: all but the last of one size, at least 5 MiB. There is none before it is complete. */
  createMultipartUpload(key: string): Promise<PartedUpload>
  /** Null when it is not there. */
  get(key: string): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly size: number } | null>
  /** A key that is not there is no fault. At most 1,000 at once. */
  delete(keys: string[]): Promise<unknown>
  /** By key, from behind `startAfter` on. */
  list(options: {
    readonly prefix: string
    readonly startAfter?: string
    readonly limit: number
  }): Promise<{ readonly objects: readonly StoredObject[]; readonly truncated: boolean }>
}

export interface PartedUpload {
  /** @param number from 1 on */
  uploadPart(number: number, bytes: Uint8Array<ArrayBuffer>): Promise<UploadedPart>
  complete(parts: UploadedPart[]): Promise<unknown>
  abort(): Promise<unknown>
}

export interface UploadedPart {
  readonly partNumber: number
  readonly etag: string
}

export interface StoredObject {
  readonly key: string
  readonly uploaded: Date
}

/** The bucket; of a deployment without R2 one that holds nothing, and into which nothing can be put. */
export const filesOf = ({ FILES }: { readonly FILES?: R2Bucket }): FileStore => FILES ?? nowhere

const refused = () => Promise.reject(new Error('There is no bucket for files.'))
const nowhere: FileStore = {
  put: refused,
  createMultipartUpload: refused,
  get: async () => null,
  delete: async () => {},
  list: async () => ({ objects: [], truncated: false }),
}

/** Of a store, what the door needs to keep files. */
export type Keeping = Pick<FileStore, 'put' | 'createMultipartUpload' | 'delete'>
