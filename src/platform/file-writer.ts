import { createHash, randomBytes } from 'node:crypto'
import type { StoredFile } from '../model/event.ts'
import type { Keeping, PartedUpload, UploadedPart } from './file-store.ts'
import { FrameSealer, frameBytes, sealedFrameBytes } from './frames.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes of a part, in whole frames: the store wants 5 MiB at least. So much of a file stands in memory at once, and not more. */
export const partBytes = 80 * sealedFrameBytes

/** Room for the files of one request, which come one after another. It grows up to one part. */
export class Room {
  #frame: Bytes | null = null
  part: Bytes = new Uint8Array(0)

  /** Made for the first file: most requests bring none. */
  get frame(): Bytes {
    this.#frame ??= new Uint8Array(frameBytes)
    return this.#frame
  }

  /** @param filled bytes that stand in it already */
  reserve(filled: number): void {
    if (filled + sealedFrameBytes <= this.part.length) return
    const larger = Math.min(partBytes, Math.max(sealedFrameBytes, this.part.length * 4))
    this.part = new Uint8Array(this.part.buffer.transfer(larger))
  }

  /** Given back at once, not when it is collected. */
  leave(): void {
    this.part = new Uint8Array(this.part.buffer.transfer(0))
  }
}

/** Brings one file into the store as it comes, sealed with a key of its own. What is thrown is the store's. */
export class FileWriter {
  readonly #store: Pick<Keeping, 'put' | 'createMultipartUpload'>
  readonly #name: string
  readonly #room: Room
  readonly #key: Bytes = new Uint8Array(randomBytes(32))
  readonly #sealer = new FrameSealer(this.#key)
  readonly #hash = createHash('sha256')
  /** Bytes of the frame that is not full yet, and of the part that was not uploaded yet. */
  #held = 0
  #filled = 0
  #upload: PartedUpload | null = null
  readonly #parts: UploadedPart[] = []

  constructor(store: Pick<Keeping, 'put' | 'createMultipartUpload'>, name: string, room: Room) {
    this.#store = store
    this.#name = name
    this.#room = room
  }

  async write(bytes: Bytes): Promise<void> {
    this.#hash.update(bytes)
    for (let at = 0; at < bytes.length; ) {
      // Only when more comes is a frame not the last one.
      if (this.#held === frameBytes) {
        await this.#seal(false)
        if (this.#filled === partBytes) await this.#send()
      }
      const piece = bytes.subarray(at, at + frameBytes - this.#held)
      this.#room.frame.set(piece, this.#held)
      this.#held += piece.length
      at += piece.length
    }
  }

  async end(): Promise<StoredFile> {
    await this.#seal(true)
    if (this.#upload === null) await this.#store.put(this.#name, this.#room.part.subarray(0, this.#filled))
    else {
      await this.#send()
      await this.#upload.complete(this.#parts)
    }
    return {
      key: this.#name,
      seal: Buffer.from(this.#key).toString('base64'),
      sha256: this.#hash.digest('hex'),
    }
  }

  /** Nothing of it stays. Best effort: the store forgets uploads that nobody completes. */
  async abort(): Promise<void> {
    await this.#upload?.abort().catch(() => {})
  }

  async #seal(last: boolean): Promise<void> {
    this.#room.reserve(this.#filled)
    const frame = this.#room.frame.subarray(0, this.#held)
    this.#filled += await this.#sealer.seal(frame, last, this.#room.part, this.#filled)
    this.#held = 0
  }

  async #send(): Promise<void> {
    this.#upload ??= await this.#store.createMultipartUpload(this.#name)
    const part = this.#room.part.subarray(0, this.#filled)
    this.#parts.push(await this.#upload.uploadPart(this.#parts.length + 1, part))
    this.#filled = 0
  }
}
