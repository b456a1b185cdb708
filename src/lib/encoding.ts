/** Bytes and their spellings, read strictly: what is not exactly the encoding is null, never a guess. */

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

export const utf8 = (text: string): Bytes => encoder.encode(text) as Bytes

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The platform spells a megabyte in one step, where JavaScript takes one for each byte. */
const native = ({ buffer, byteOffset, byteLength }: Bytes): Buffer => Buffer.from(buffer, byteOffset, byteLength)

export const toHex = (bytes: Bytes): string => native(bytes).toString('hex')

/** `length` bytes from exactly twice as many hexadecimal digits. */
export function fromHex(text: string, length: number): Bytes | null {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/i.test(text)) return null
  return new Uint8Array(Buffer.from(text, 'hex'))
}

export const toBase64 = (bytes: Bytes): string => native(bytes).toString('base64')

/** Bytes from base64 (RFC 4648 §4) with its padding; every byte has one spelling, so stray bits are refused (§3.5). */
export function fromBase64(text: string): Bytes | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  return toBase64(bytes) === text ? bytes : null
}

/** Bytes from base64url without padding (RFC 4648 §5, RFC 7515 §2). */
export function fromBase64Url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const plain = text.replaceAll('-', '+').replaceAll('_', '/')
  return fromBase64(plain.padEnd(Math.ceil(plain.length / 4) * 4, '='))
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** Text from bytes; null when they are not UTF-8. */
export function fromUtf8(bytes: Bytes): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}

/** One character a byte. (The label `latin1` of TextDecoder means windows-1252.) */
export const binaryOf = (bytes: Bytes): string => native(bytes).toString('latin1')

export const fromBinary = (binary: string): Bytes => new Uint8Array(Buffer.from(binary, 'latin1'))
