import { isNobodys, lettersDialled, plainDigits } from '../lib/text/digits.ts'
import { trimEdges } from '../lib/trim.ts'
import { legible } from './legible.ts'

/** E-mail addresses and telephone numbers in what people type into a box that is meant for one. */

/** What is longer is no box for an address. */
const longest = 1000

const address = /[^\s@<>()[\],;:"“”„«»|/\\]{1,64}@[\p{L}\p{M}\p{N}._-]{1,255}/gu

/** Addresses that providers and people make up for somebody who gave none. */
const madeUp =
  /^(?:no|none|na|no-?e?-?mail)@(?:no|none|na|no-?e?-?mail)\.\w+$|@(?:sms\.cal\.com|(?:[\w-]+\.)*(?:invalid|localhost)|example\.invalid)$/i

/** Ends of hosts that people write with a blank or a comma where the dot is. */
const ends = String.raw`(?:com|net|org|edu|gov|us|ca|uk|co\.uk|mx|es|fr|de|it|br)`

/**
 * The first address in a text: `Jane <j@x.example>`, `mailto:j@x.example`, `a@x.example; b@x.example`. Null when there is none; without an
 * end (`jane@mail`) none can be reached. A slip that leaves no doubt is mended: `jane@@mail.com`, `jane@mail,com`, `jane @ mail .com`.
 */
export function emailIn(text: string): string | null {
  const plain = legible(text.slice(0, longest).normalize('NFKC'))
    .replace(/[’‘](?=[^\s@]*@)/g, "'")
    .replace(/[。｡]|\s?[([]\s?(?:dot|punto)\s?[)\]]\s?/gi, '.')
    .replace(/&#(?:64|x40);/i, '@')
    .replace(/\.(?:c om|co m)$/i, end => end.replace(' ', ''))
    .replace(/^\s*mailto:([^?]*).*$/is, '$1')
    .replace(/^(\S+?)(?:\s?[([]\s?(?:at|arroba)\s?[)\]]\s?|\s@\s?|@\s|%40)(?=[^\s@]+$)/i, '$1@')
  // Of `jane doe@mail.com` nobody knows whether it is a name and an address, or an address with a blank in it.
  if (/^(?!(?:e-?mail|mail|correo|is|es|it['’]?s)\s)[\p{Ll}\d._-]+ [^\s@]+@\S+$/u.test(plain)) return null
  const found = addressIn(plain)
  if (found !== null || !/^[^@]{1,64}@{1,2}[^@]{1,100}$/.test(plain)) return found
  const whole = plain
    .trim()
    .replace(/\s*@{1,2}\s*/, '@')
    .replace(new RegExp(`\\s?[.,]\\s?(?=${ends}$)`, 'i'), '.')
  return /\s/.test(whole) ? null : addressIn(whole)
}

function addressIn(text: string): string | null {
  for (const { 0: found, index } of text.matchAll(address)) {
    // What is longer than an address may be is none, nor is its end.
    if (text[index + found.length] === '@' || /[^\s<>()[\],;:"“”„«»|/\\]/.test(text[index - 1] ?? ' ')) continue
    const bare = trimEdges(trimEdges(found, /[._-]/, 'end'), /[.'*!?]/)
    const [local = '', host = ''] = bare.split('@')
    if (local !== '' && isHost(host) && !madeUp.test(bare)) return bare
  }
  return null
}

/** A domain with an end that is no number. */
const isHost = (host: string): boolean =>
  host.length <= 253 && !host.includes('..') && /^[^.].*\.(?:\p{L}{2,63}|xn--[\p{L}\d-]{1,59})$/u.test(host)

/** What is longer than a box for a name is left as it is: to look for addresses in it takes time that grows with its square. */
const without = (text: string, beside: RegExp): string => (text.length > longest ? text : text.replace(beside, ' '))

/** A name without an address that stands beside it. */
export const withoutAddress = (text: string): string =>
  without(text, /[-,;:|/\s]*[<(]?[^\s@<(]+@[^\s@>)]+\.[^\s@>)]+[>)]?/g)

/** The same, and without a number. */
export const withoutReach = (text: string): string =>
  without(text, /\s*[-–,;:|/(<]*\s*(?:[^\s@<]+@[^\s@>]+\.[^\s@>]+|\+?\(?\d[\d\s().-]{5,}\d)[)>]*/gu)

/** What telephone systems write for a caller who withholds the number; the digits spell such words. */
const withheld = new Set([
  'anonymous',
  'restricted',
  'unavailable',
  'unknown',
  'private',
  'blocked',
  'withheld',
  '+266696687',
  '266696687',
  '+7378742833',
  '+2562533',
  '+86282452253',
])

/** A text that is a number, or several, as it was typed; null when too few digits stand there, or such as stand where nobody has a number. The way it came is no part of it. */
export function phoneIn(text: string): string | null {
  const plain = legible(text.slice(0, longest))
    .replace(/^\s*(?:tel|whatsapp|sms|callto|sips?|p):/i, '')
    // An address beside the number, or the host that a call came by.
    .replace(/^(\+?\d+)@\S+$|\S+@\S+/g, '$1')
    // Of a table's number.
    .replace(/^(\d{7,15})\.0$/, '$1')
    .trim()
  if (withheld.has(plain.toLowerCase())) return null
  const digits = plainDigits(lettersDialled(plain) ?? plain).replace(/\D/g, '')
  return digits.length >= 5 && !isNobodys(digits) ? plain : null
}

/** What stands where a program had nothing to put: `undefined`, `{{email}}`, `[your-name]`. */
export function isPlaceholder(text: string): boolean {
  return /^\s*(?:undefined|null|nan|none given|\[object object\]|\{\{?[^{}]{0,80}\}?\}|\[[a-z][\w -]{0,60}\]|\$\{[^{}]{0,80}\}|%[A-Za-z_]{1,40}%|<%[^%]{0,80}%>|#[A-Z_]{2,40}#|\*\|[A-Z0-9_]{1,40}\|\*)\s*$/i.test(
    text,
  )
}
