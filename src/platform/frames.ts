import { createDecipheriv } from 'node:crypto'

/**
 * How a file is sealed: AES-256-GCM in frames of 64 KiB, with a random key of its own, so that it is sealed and opened as it passes. The
 * number of a frame is its nonce (a key seals one file, once) and, with a mark on the last one, its additional data: frames that are
 * swapped, left out or of another file do not open.
 */

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes of a file in one frame. Only the last has fewer, and none only that of an empty file. */
export const frameBytes = 65_536
const tagBytes = 16
export const sealedFrameBytes = frameBytes + tagBytes

const framesOf = (size: number): number => Math.max(1, Math.ceil(size / frameBytes))

/** Bytes that a file of so many has when it is sealed. */
export const sealedSize = (size: number): number => size + framesOf(size) * tagBytes

function nonceOf(frame: number): Bytes {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(8, frame)
  return nonce
}

const placeOf = (frame: number, last: boolean): Bytes => Uint8Array.of(...nonceOf(frame), last ? 1 : 0)

/** Seals the frames of one file. */
export class FrameSealer {
  readonly #key: Promise<CryptoKey>
  #frames = 0

  constructor(key: Bytes) {
    this.#key = crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  }

  /** Seals the next frame into `target` from `at` on; the bytes that it takes there. */
  async seal(bytes: Bytes, last: boolean, target: Bytes, at: number): Promise<number> {
    const frame = this.#frames++
    const how = { name: 'AES-GCM', iv: nonceOf(frame), additionalData: placeOf(frame, last) }
    const sealed = await crypto.subtle.encrypt(how, await this.#key, bytes)
    const { byteLength } = sealed
    target.set(new Uint8Array(sealed), at)
    // Thrown away now: garbage of hundreds of megabytes would wait for a collection.
    sealed.transfer(0)
    return byteLength
  }
}

/** Null for what is not this frame, sealed with this key. */
function openFrame(key: Bytes, frame: number, last: boolean, sealed: Bytes): Uint8Array | null {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(frame))
    .setAAD(placeOf(frame, last))
    .setAuthTag(sealed.subarray(-tagBytes))
  try {
    const bytes = decipher.update(sealed.subarray(0, -tagBytes))
    decipher.final()
    return bytes
  } catch {
    return null
  }
}

/**
 * A sealed file opened frame by frame as it is asked for. It breaks off where a frame does not open: nothing of that frame comes out.
 * @param body as many bytes as `sealedSize` says
 * @param size of the file
 * @param spoilt called where a frame does not open
 */
export function opened(
  body: ReadableStream<Uint8Array>,
  key: Bytes,
  size: number,
  spoilt: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader({ mode: 'byob' })
  const frames = framesOf(size)
  let frame = 0
  let buffer: ArrayBuffer = new ArrayBuffer(sealedFrameBytes)
  return new ReadableStream({
    async pull(controller) {
      const last = frame === frames - 1
      const wanted = last ? sealedSize(size) - frame * sealedFrameBytes : sealedFrameBytes
      let got = 0
      while (got < wanted) {
        const { value, done } = await reader.read(new Uint8Array(buffer, got, wanted - got))
        if (done || value === undefined) throw new Error('The file that is kept broke off.')
        buffer = value.buffer as ArrayBuffer
        got += value.length
      }
      const bytes = openFrame(key, frame, last, new Uint8Array(buffer, 0, wanted))
      if (bytes === null) {
        spoilt()
        await reader.cancel().catch(() => {})
        throw new Error('The file that is kept does not open.')
      }
      if (bytes.length > 0) controller.enqueue(bytes)
      frame++
      if (last) controller.close()
    },
    cancel: why => reader.cancel(why),
  })
}
