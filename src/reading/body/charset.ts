import { type Bytes, fromUtf8 } from '../../lib/encoding.ts'

/** Text from bytes in whatever encoding they came: U+FFFD, which stands for what could not be read, is never made here. */

/** `charset` of a Content-Type; null when it names none. */
export function charsetIn(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1] ?? null
}

/** Encodings in which one byte is one sign: every text in UTF-8 is one in them too, of nonsense. */
const single = /^(?:windows-125\d|iso-8859-\d+|us-ascii|ascii|latin1|macintosh|koi8-[ru]|ibm866)$/i

/**
 * @param declared what the sender says that it is; it is believed where the bytes do not say otherwise. Undeclared text that is no UTF-8 is
 *   read as windows-1252, as browsers do
 */
export function textIn(bytes: Bytes, declared: string | null): string {
  const marked = { 65279: 'utf-16be', 65534: 'utf-16le' }[(bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)]
  const decoder = decoderOf(marked ?? declared ?? '')
  const asUtf8 = fromUtf8(bytes)
  // Programs that name a legacy encoding and send UTF-8 are many; the other way round it is next to impossible.
  if (decoder === null || decoder.encoding === 'utf-8' || single.test(decoder.encoding)) {
    if (asUtf8 !== null) return asUtf8
    if (decoder !== null && decoder.encoding !== 'utf-8') return decoder.decode(bytes)
    return new TextDecoder('windows-1252').decode(bytes)
  }
  const text = decoder.decode(bytes)
  return text.includes('\ufffd') && asUtf8 !== null ? asUtf8 : text.replaceAll('\ufffd', '?')
}

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}

/** An encoded word of mail (RFC 2047), as some programs name files: `=?UTF-8?B?…?=`, `=?ISO-8859-1?Q?r=E9sum=E9.pdf?=`. */
export function unencodedWords(text: string): string {
  if (!text.includes('=?')) return text
  return text
    .slice(0, 2000)
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(
      /=\?([\w.-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,1000})\?=/gi,
      (whole, charset: string, way: string, word: string) => {
        const bytes = way.toLowerCase() === 'b' ? fromBase64Loosely(word) : fromQuoted(word)
        return bytes === null ? whole : textIn(bytes, charset)
      },
    )
}

function fromBase64Loosely(word: string): Bytes | null {
  try {
    return Uint8Array.from(atob(word), char => char.charCodeAt(0))
  } catch {
    return null
  }
}

function fromQuoted(word: string): Bytes {
  const plain = word
    .replaceAll('_', ' ')
    .replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Uint8Array.from(plain, char => char.charCodeAt(0) & 0xff)
}

/** `filename*=utf-8''r%C3%A9sum%C3%A9.pdf` (RFC 8187). */
export function extendedValue(text: string): string | null {
  const [, charset, encoded] = /^([\w.-]{1,40})'[\w-]{0,20}'(.{0,2000})$/s.exec(text) ?? []
  if (charset === undefined || encoded === undefined) return null
  const plain = encoded.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return textIn(
    Uint8Array.from(plain, char => char.charCodeAt(0) & 0xff),
    charset,
  )
}
