import { fromUtf8 } from '../lib/encoding.ts'

/**
 * A text without what nobody sees and no record should hold: controls (NUL among them), marks of order and direction, halves of a picture.
 * What an earlier program misread is read again: `RenÃ©` of UTF-8 taken for windows-1252, its quotes that stand among the controls of Latin-1.
 */
export function legible(text: string): string {
  const plain = onceEncoded(text)
    .replace(/[\x80-\x9f]/g, sign => signs[sign.charCodeAt(0)]!)
    .replace(/[\v\f\u2028\u2029]/g, '\n')
    .replace(unseen, '')
  return plain === text ? text : plain.trim()
}

/** The mark of direction within a date says that the day stands first. */
const unseen = /(?![\t\n\r])\p{Cc}|\u200f(?![/.-])|[\xad\u200b\u200e\u202a-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu

/** What windows-1252 has for each byte, and the byte of each. */
const signs = [...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))]
const bytes = new Map(signs.map((sign, byte) => [sign, byte]))

/** Text that was made UTF-8 twice, once too often; any other stays as it is. */
function onceEncoded(text: string): string {
  if (!/[\xc2-\xf4][\x80-\xbf\u0152-\u2122]/.test(text)) return text
  // What was taken for Latin-1 stands among the controls.
  const once = [...text].map(sign => bytes.get(sign) ?? sign.codePointAt(0)!)
  return once.some(byte => byte > 255) ? text : (fromUtf8(Uint8Array.from(once)) ?? text)
}
