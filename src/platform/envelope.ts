import { randomBytes, scryptSync } from 'node:crypto'
import { concat, fromBase64, toBase64, utf8 } from '../lib/encoding.ts'
import { decrypted, encrypted, tagBytes } from './sealing.ts'

/**
 * A stream sealed to a passphrase, in a form that any tool can open (docs/firms.md):
 *
 * - one line of JSON that says how: `{"docketed":"sealed","version":1,"kdf":"scrypt","n":…,"r":…,"p":…,"salt":"…"}`
 * - frames: four bytes, the length of what follows (big-endian); then what AES-256-GCM made of up to 64 KiB, and its tag of 16 bytes.
 *   The nonce is the number of the frame in twelve bytes (big-endian); the additional data is one byte, 1 in the last frame and 0 before.
 * - what the frames hold, one behind the other, is gzip.
 */

type Chunks = AsyncIterable<Uint8Array>

/** The first line, up to where the salt begins; a plain export begins otherwise. */
export const envelopeMark = '{"docketed":"sealed"'

/** 32 MiB and a tenth of a second: what an isolate bears. The passphrase has to be long for the rest. */
const cost = { n: 32_768, r: 8, p: 1 } as const
const frameBytes = 65_536
const headMost = 1024

/** It was not sealed with this passphrase, was changed, or is cut off. */
export class EnvelopeError extends Error {
  override name = 'EnvelopeError'
}

/** Characters that a header can carry, and enough of them. */
export const isPassphrase = (text: string): boolean => /^[\x20-\x7e]{16,256}$/.test(text)

export async function* sealed(plain: Chunks, passphrase: string): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(16)
  const key = keyOf(passphrase, salt, cost)
  yield utf8(`${JSON.stringify({ docketed: 'sealed', version: 1, kdf: 'scrypt', ...cost, salt: toBase64(salt) })}\n`)
  let at = 0
  let rest = new Uint8Array()
  for await (const chunk of through(plain, new CompressionStream('gzip'))) {
    rest = concat(rest, chunk)
    for (; rest.length > frameBytes; rest = rest.slice(frameBytes))
      yield frame(key, at++, rest.subarray(0, frameBytes), 0)
  }
  yield frame(key, at, rest, 1)
}

/** @throws EnvelopeError */
export function opened(envelope: Chunks, passphrase: string): AsyncGenerator<Uint8Array> {
  return through(frames(envelope, passphrase), new DecompressionStream('gzip'))
}

async function* frames(envelope: Chunks, passphrase: string): AsyncGenerator<Uint8Array> {
  let key: Uint8Array | null = null
  let rest = new Uint8Array()
  let at = 0
  let ended = false
  for await (const chunk of envelope) {
    rest = concat(rest, chunk)
    if (key === null) {
      const end = rest.indexOf(10)
      if (end === -1 && rest.length < headMost) continue
      key = keyIn(new TextDecoder().decode(rest.subarray(0, Math.max(0, end))), passphrase)
      rest = rest.slice(end + 1)
    }
    while (rest.length >= 4) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0)
      if (ended || length < tagBytes || length > frameBytes + tagBytes) throw changed()
      if (rest.length < 4 + length) break
      const bytes = rest.subarray(4, 4 + length)
      const plain = frameOpened(key, at, bytes, 0)
      ended = plain === null
      yield plain ?? frameOpened(key, at, bytes, 1) ?? fail(at === 0 ? wrong() : changed())
      at++
      rest = rest.slice(4 + length)
    }
  }
  if (!ended || rest.length > 0) throw new EnvelopeError('The export is cut off: it does not end as one does.')
}

function frame(key: Uint8Array, at: number, plain: Uint8Array, last: 0 | 1): Uint8Array {
  const body = encrypted(key, nonce(at), Uint8Array.of(last), plain)
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, body.length)
  return concat(head, body)
}

const frameOpened = (key: Uint8Array, at: number, bytes: Uint8Array, last: 0 | 1): Uint8Array | null =>
  decrypted(key, nonce(at), Uint8Array.of(last), bytes)

function nonce(at: number): Uint8Array {
  const bytes = new Uint8Array(12)
  new DataView(bytes.buffer).setBigUint64(4, BigInt(at))
  return bytes
}

function keyIn(head: string, passphrase: string): Uint8Array {
  let how: Record<string, unknown> = {}
  try {
    how = JSON.parse(head) as Record<string, unknown>
  } catch {
    // Said below.
  }
  const salt = fromBase64(String(how.salt))
  const known = how.docketed === 'sealed' && how.version === 1 && how.kdf === 'scrypt'
  // No other cost than ours: what is brought must not say how much memory is taken for it.
  if (!known || !salt || how.n !== cost.n || how.r !== cost.r || how.p !== cost.p)
    throw new EnvelopeError('This is no sealed export of a firm, or one of a newer version.')
  return keyOf(passphrase, salt, cost)
}

const keyOf = (passphrase: string, salt: Uint8Array, { n, r, p }: typeof cost): Uint8Array =>
  new Uint8Array(scryptSync(passphrase, salt, 32, { N: n, r, p, maxmem: 64 * 1024 * 1024 }))

/** What comes out of a stream that all of it is put through. */
async function* through(
  chunks: Chunks,
  { readable, writable }: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array> {
  const writer = writable.getWriter()
  let fault: unknown = null
  const put = async () => {
    try {
      for await (const chunk of chunks) await writer.write(chunk)
      await writer.close()
    } catch (error) {
      fault = error
      await writer.abort(error).catch(() => {})
    }
  }
  const putting = put()
  try {
    for await (const chunk of readable as ReadableStream<Uint8Array>) yield chunk
  } catch (error) {
    await putting
    throw fault ?? error
  }
  await putting
  if (fault !== null) throw fault
}

function fail(error: Error): never {
  throw error
}

const wrong = () => new EnvelopeError('The passphrase is not the one that the export was sealed to.')
const changed = () => new EnvelopeError('The export was changed, or damaged on its way.')
