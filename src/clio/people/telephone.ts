import type { Json } from '../../lib/json.ts'
import { isNobodys, lettersDialled, plainDigits } from '../../lib/text/digits.ts'
import { readNumber } from './numbering.ts'

/** Telephone numbers as people write them: with an extension, two in one box, too short to be dialled. */

/** E.164 (`+12125550100`) of the first number in a text that is valid in the country; null when there is none. */
export function plainPhone(text: string, country: string): string | null {
  return plainPhones(text, country)[0] ?? null
}

/** Every valid number of a text, E.164, in the written order. */
export function plainPhones(text: string, country: string): string[] {
  return numbersIn(text, country).map(({ number }) => number)
}

interface Dialled {
  readonly number: string
  readonly extension: string | null
}

/** Texts that are longer hold more than numbers. */
const longest = 200

function numbersIn(text: string, country: string): Dialled[] {
  const written = plainDigits(text).slice(0, longest)
  if (isNobodys(written.replace(/\D/g, ''))) return []
  const plain = (lettersDialled(written) ?? written).replace(pressed, 'ext. ')
  const whole = numberIn(plain, country)
  const pieces = whole ? [plain] : piecesOf(plain)
  const read = (texts: readonly string[]) => texts.map(one => numberIn(one, country)).filter(one => one !== null)
  const parted = read(pieces)
  const found = parted.length > 0 ? parted : read(plain.replace(/[_·]/g, '-').match(amongWords) ?? [])
  return found.filter((one, at) => found.findIndex(other => other.number === one.number) === at)
}

/** Other words for an extension. */
const pressed = /\b(?:poste|press|opt(?:ion)?\.?|ramal|anexo|interno)\s?(?=\d{1,6}\b)/i

/** A number among words, or right beside another: with its country's, or as North America groups them. */
const amongWords =
  /\+\d[\d\s().-]{6,16}\d|(?<!\d)(?:1[\s.-]?)?\(?\d{3}\)?[\s.-]{0,3}\d{3}[\s.-]{0,3}\d{4}(?!\d)(?:\s?(?:x|ext\.?)\s?\d{1,6})?/gi

/** What stands between numbers: signs and words, but no sign that stands within one. */
function piecesOf(text: string): string[] {
  return text.split(
    /[\n,;|]+|\s{0,9}\/\s{0,9}|\s[-–—]\s|\s(?:or|and|and\/or|y|o|ou|et|oder|und|e|или|и)\s|(?=\s\+\d)/iu,
  )
}

/** Slips before a number: a plus too many, one without a country, `00` for it, the 1 that Mexico has given up. */
function mended(text: string): string[] {
  const last = text.slice(text.lastIndexOf('+'))
  const old = text.replace(/(\+\s?52\D?)1(?=(?:\D?\d){10}\D*$)/, '$1')
  return [...(text.includes('+') ? [last, last.slice(1), old] : []), text.replace(/^\D{0,3}00(?=\D?[1-9])/, '+')]
}

function numberIn(text: string, country: string): Dialled | null {
  const number = [text, ...mended(text)].map(one => readNumber(one, country)).find(one => one?.isValid())
  if (!number) return null
  return { number: number.number, extension: number.ext ?? null }
}

/**
 * A number as it is best kept: E.164, with its extension (`+12125550143 ext. 45`); of several in a text all of them; the text as it came
 * when none of it is valid in the country. Null when no digit stands there, or such as are nobody's.
 */
export function dialledText(text: string, country: string): string | null {
  const numbers = numbersIn(text, country)
  const digits = plainDigits(text).replace(/\D/g, '')
  if (numbers.length === 0) return digits === '' || isNobodys(digits) ? null : text.trim()
  return numbers
    .map(({ number, extension }) => (extension === null ? number : `${number} ext. ${extension}`))
    .join(' / ')
}

/** A number as it is dialled; one that is none in the country, by its digits. */
export function dialled(number: Json | undefined, country: string): string {
  const text = String(number ?? '').trim()
  return plainPhone(text, country) ?? (text.replace(/\D/g, '') || text.toLowerCase())
}
