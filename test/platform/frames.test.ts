import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/lib/encoding.ts'
import type { StoredFile } from '../../src/model/event.ts'
import type { Keeping } from '../../src/platform/file-store.ts'
import { FileWriter, partBytes, Room } from '../../src/platform/file-writer.ts'
import { frameBytes, opened, sealedFrameBytes, sealedSize } from '../../src/platform/frames.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A store that remembers what it was given, and in what pieces. */
class Shelf implements Pick<Keeping, 'put' | 'createMultipartUpload'> {
  readonly files = new Map<string, Bytes>()
  readonly pieces: number[] = []
  aborted = 0

  async put(key: string, bytes: Bytes): Promise<void> {
    this.pieces.push(bytes.length)
    this.files.set(key, bytes.slice())
  }

  async createMultipartUpload(key: string) {
    const parts: Bytes[] = []
    return {
      uploadPart: async (partNumber: number, bytes: Bytes) => {
        this.pieces.push(bytes.length)
        parts[partNumber - 1] = bytes.slice()
        return { partNumber, etag: String(partNumber) }
      },
      complete: async () => void this.files.set(key, concat(...parts)),
      abort: async () => void this.aborted++,
    }
  }
}

function noise(length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

async function sealed(
  bytes: Bytes,
  piece = 100_000,
  shelf = new Shelf(),
): Promise<{ file: StoredFile; stored: Bytes }> {
  const writer = new FileWriter(shelf, 'a', new Room())
  for (let at = 0; at < bytes.length; at += piece) await writer.write(bytes.subarray(at, at + piece))
  const file = await writer.end()
  return { file, stored: shelf.files.get('a')! }
}

/** What comes out until it is over or breaks off, and whether it was found to be another. */
async function out(stored: Bytes, { seal }: Pick<StoredFile, 'seal'>, size: number) {
  let spoilt = false
  const key = Uint8Array.from(Buffer.from(seal, 'base64'))
  const body = opened(new Blob([stored]).stream(), key, size, () => {
    spoilt = true
  })
  const pieces: Bytes[] = []
  let whole = true
  try {
    for await (const piece of body as ReadableStream<Bytes>) pieces.push(piece)
  } catch {
    whole = false
  }
  return { sha256: await hashOf(concat(...pieces)), spoilt, whole }
}

/** Megabytes compared one by one would take minutes. */
const hashOf = async (bytes: Bytes) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

describe('a file that is sealed in frames', () => {
  it.each([
    1,
    15,
    frameBytes - 1,
    frameBytes,
    frameBytes + 1,
    3 * frameBytes,
    80 * frameBytes,
    80 * frameBytes + 1,
    12_000_000,
  ])('of %d bytes comes out as it went in', async length => {
    const bytes = noise(length)
    const { file, stored } = await sealed(bytes)
    expect(stored.length).toBe(sealedSize(length))
    expect(await out(stored, file, length)).toEqual({ sha256: await hashOf(bytes), spoilt: false, whole: true })
    expect(file.sha256).toBe(await hashOf(bytes))
  })

  it('is the same in whatever pieces it comes', async () => {
    const bytes = noise(150_000)
    for (const piece of [97, 4096, 65_536, 65_537, 150_000]) {
      const { file, stored } = await sealed(bytes, piece)
      expect((await out(stored, file, bytes.length)).sha256).toBe(await hashOf(bytes))
    }
  })

  it('has a key of its own: the same bytes are others each time, and another file’s key opens nothing', async () => {
    const bytes = new TextEncoder().encode('A secret between a client and her lawyer. '.repeat(3000)) as Bytes
    const [one, two] = [await sealed(bytes), await sealed(bytes)]
    expect(await hashOf(one.stored)).not.toBe(await hashOf(two.stored))
    expect(new TextDecoder('latin1').decode(one.stored)).not.toContain('lawyer')
    expect(await out(one.stored, two.file, bytes.length)).toEqual({
      sha256: await hashOf(new Uint8Array()),
      spoilt: true,
      whole: false,
    })
  })

  it('is given to the store in parts of one size, and nothing larger is ever held', async () => {
    const shelf = new Shelf()
    await sealed(noise(25_000_000), 131_072, shelf)
    expect(new Set(shelf.pieces.slice(0, -1))).toEqual(new Set([partBytes]))
    expect(Math.max(...shelf.pieces)).toBe(partBytes)
    expect(partBytes).toBeGreaterThanOrEqual(5 * 1_048_576)
  })

  it('leaves nothing when it is given up half way', async () => {
    const shelf = new Shelf()
    const writer = new FileWriter(shelf, 'a', new Room())
    await writer.write(noise(6_000_000))
    await writer.abort()
    expect([shelf.aborted, shelf.files.size]).toEqual([1, 0])
  })
})

describe('a sealed file that was tampered with', () => {
  const length = 3 * frameBytes + 100
  const frame = (stored: Bytes, n: number) => stored.slice(n * sealedFrameBytes, (n + 1) * sealedFrameBytes)

  function turned(all: Bytes, at: number): Bytes {
    const other = all.slice()
    other[at]! ^= 1
    return other
  }

  it.each<[string, number, (stored: Bytes) => Bytes]>([
    ['two frames swapped', 0, all => concat(frame(all, 1), frame(all, 0), frame(all, 2), frame(all, 3))],
    ['a frame twice', 1, all => concat(frame(all, 0), frame(all, 0), frame(all, 2), frame(all, 3))],
    ['one bit turned', 2, all => turned(all, 2 * sealedFrameBytes + 5)],
    ['one bit of the last tag turned', 3, all => turned(all, all.length - 1)],
  ])('with %s breaks off at that frame', async (_, good, tampered) => {
    const bytes = noise(length)
    const { file, stored } = await sealed(bytes)
    const found = await out(tampered(stored), file, length)
    expect(found).toEqual({ sha256: await hashOf(bytes.slice(0, good * frameBytes)), spoilt: true, whole: false })
  })

  it('that was cut at the end of a frame does not pass for a shorter one: its last frame is not marked so', async () => {
    const { file, stored } = await sealed(noise(length))
    const found = await out(stored.slice(0, 3 * sealedFrameBytes), file, 3 * frameBytes)
    expect(found).toMatchObject({ spoilt: true, whole: false })
  })

  it('that ends too early breaks off', async () => {
    const { file, stored } = await sealed(noise(length))
    expect(await out(stored.slice(0, -200), file, length)).toMatchObject({ whole: false })
  })
})
