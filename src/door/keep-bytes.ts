import { type Delivery, notTaken, type StoredFile } from '../model/event.ts'
import type { Keeping } from '../platform/file-store.ts'
import { FileWriter, Room } from '../platform/file-writer.ts'

/** Thrown when a file cannot be stored: nothing is acknowledged then. */
export class Unkept extends Error {}

/** Where there is no bucket: files are read, as ever, so that a delivery has its key; their bytes go. */
const discarding: Keeping = {
  put: async () => {},
  createMultipartUpload: async () => ({
    uploadPart: async partNumber => ({ partNumber, etag: '' }),
    complete: async () => {},
    abort: async () => {},
  }),
  delete: async () => {},
}

/** Everything that one request brought into the store. What no run gets is removed when the request is answered. */
export class Kept {
  readonly #store: Keeping
  readonly #keeps: boolean
  readonly #folder: string
  readonly #room = new Room()
  readonly #keys = new Set<string>()
  #files = 0

  constructor(store: Keeping | null, firm: string) {
    this.#store = store ?? discarding
    this.#keeps = store !== null
    this.#folder = `${firm}/${crypto.randomUUID()}`
  }

  /** A file that comes piece by piece; one after another, since they share the room. */
  begin(): FileWriter {
    return new FileWriter(this.#store, `${this.#folder}/${this.#files++}`, this.#room)
  }

  /** @throws Unkept */
  async end(writer: FileWriter): Promise<StoredFile> {
    const stored = await writer.end().catch(() => this.failed(writer))
    this.#keys.add(stored.key)
    return stored
  }

  /** @throws Unkept always */
  async failed(writer: FileWriter): Promise<never> {
    await writer.abort()
    throw new Unkept()
  }

  /**
   * The deliveries as the Docket may be given them: all bytes are stored, and each file names the key under which its are found.
   * @throws Unkept
   */
  async store(deliveries: readonly Delivery[]): Promise<Delivery[]> {
    const kept: Delivery[] = []
    for (const { contents = [], ...delivery } of deliveries) {
      if (contents.length === 0) {
        kept.push(delivery)
        continue
      }
      if (!this.#keeps) {
        // The text of an intake is worth more than its file: it is taken, and says what is missing.
        const { event } = delivery
        const fields = {
          ...event.fields,
          [notTaken]: [event.fields[notTaken] ?? [], event.files.map(({ name }) => name)].flat(2),
        }
        kept.push({ ...delivery, event: { ...event, fields, files: [] } })
        continue
      }
      const stored: StoredFile[] = []
      for (const one of contents) stored.push(one instanceof Uint8Array ? await this.#whole(one) : one)
      const files = delivery.event.files.map((file, n) => ({ ...file, key: stored[n]!.key }))
      const seals = Object.fromEntries(stored.map(({ key, seal }) => [key, seal]))
      kept.push({ ...delivery, event: { ...delivery.event, files, seals } })
    }
    return kept
  }

  async #whole(bytes: Uint8Array<ArrayBuffer>): Promise<StoredFile> {
    const writer = this.begin()
    await writer.write(bytes).catch(() => this.failed(writer))
    return this.end(writer)
  }

  /** The Docket is given them. Should it not answer, nobody knows whether it has them: what no run names, the sweep removes. */
  given(deliveries: readonly Delivery[]): void {
    for (const key of keysOf(deliveries)) this.#keys.delete(key)
  }

  /** The Docket has no need of them. */
  returned(deliveries: readonly Delivery[]): void {
    for (const key of keysOf(deliveries)) this.#keys.add(key)
  }

  /** The request is answered. Best effort: what stays behind is named by no run, and the sweep removes it. */
  async drop(): Promise<void> {
    this.#room.leave()
    if (this.#keys.size === 0) return
    await this.#store.delete([...this.#keys]).catch(() => console.warn('Files that nobody needs could not be removed.'))
  }
}

const keysOf = (deliveries: readonly Delivery[]): string[] =>
  deliveries.flatMap(({ event }) => Object.keys(event.seals ?? {}))
