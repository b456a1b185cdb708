import { wallClock } from '../../lib/time/time.ts'
import { instantOf, writtenDate } from '../../lib/time/written-date.ts'
import { Fault } from './fault.ts'

/** Days, times and amounts as the firm's people read them: in its language, and by the clock on its wall. */

export interface Readers {
  readonly timezone: string
  readonly country: string
  /** BCP 47, such as `en`. */
  readonly language: string
}

/** Days since 1970 and minutes of that day, as the wall shows them; no minute where no time is written. */
interface Shown {
  /** The wall's clock as if it were UTC, ms. */
  readonly wall: number
  readonly timed: boolean
}

function shown(text: string, { timezone, country }: Readers): Shown {
  const written = writtenDate(text, country)
  if (written === null || written === 'impossible') throw new Fault('this is not a date or time')
  const instant = instantOf(written, timezone)
  const clock = instant === null ? `${written.day}T00:00:00` : wallClock(instant, timezone)
  return { wall: Date.parse(`${clock}Z`), timed: instant !== null }
}

/** `10:00 AM`, `10:00 Uhr` without the word: as the country writes a time of day. @throws Fault when the text has none */
export function timeText(text: string, readers: Readers): string {
  // A time alone is one on any day.
  const alone = /^\s*\d{1,2}(?::\d{2}){0,2}\s*(?:[ap]\.?m\.?)?\s*$/i.test(text)
  const { wall, timed } = shown(alone ? `2000-01-01 ${text.trim()}` : text, readers)
  if (!timed) throw new Fault('no time of day is written here')
  return formatted(wall, { timeStyle: 'short' }, readers)
}

/** `Tuesday, December 1, 2026`. */
export function dayText(text: string, readers: Readers): string {
  return formatted(shown(text, readers).wall, { dateStyle: 'full' }, readers)
}

/** `December 1, 2026 at 10:00 AM`; a date alone has no time. */
export function momentText(text: string, readers: Readers): string {
  const { wall, timed } = shown(text, readers)
  return formatted(wall, timed ? { dateStyle: 'long', timeStyle: 'short' } : { dateStyle: 'long' }, readers)
}

function formatted(wall: number, style: Intl.DateTimeFormatOptions, { language, country }: Readers): string {
  const format = new Intl.DateTimeFormat(localeOf(language, country), { ...style, timeZone: 'UTC' })
  return spaced(format.format(wall))
}

/** Parts of a pattern, by their letters (Unicode TR 35): the few that people use. */
const parts: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  yyyy: { year: 'numeric' },
  yy: { year: '2-digit' },
  MMMM: { month: 'long' },
  MMM: { month: 'short' },
  MM: { month: '2-digit' },
  M: { month: 'numeric' },
  dd: { day: '2-digit' },
  d: { day: 'numeric' },
  EEEE: { weekday: 'long' },
  EEE: { weekday: 'short' },
}

/**
 * By a pattern: `EEEE, MMMM d`, `h:mm a`, `yyyy-MM-dd HH:mm`; words stand in single quotes.
 * @throws Fault for letters that mean nothing
 */
export function patternText(text: string, pattern: string, readers: Readers): string {
  const { wall } = shown(text, readers)
  const at = new Date(wall)
  const [hours, minutes] = [at.getUTCHours(), at.getUTCMinutes()]
  const two = (number: number): string => String(number).padStart(2, '0')
  const clock: Readonly<Record<string, string>> = {
    HH: two(hours),
    H: String(hours),
    hh: two(hours % 12 || 12),
    h: String(hours % 12 || 12),
    mm: two(minutes),
    ss: two(at.getUTCSeconds()),
    a: hours < 12 ? 'AM' : 'PM',
  }
  return pattern.slice(0, 100).replace(/'([^']*)'|([A-Za-z])\2*/g, (letters, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted
    if (Object.hasOwn(clock, letters)) return clock[letters]!
    if (!Object.hasOwn(parts, letters))
      throw new Fault(`a pattern has no '${letters}': write yyyy, MMMM, MM, d, EEEE, h, HH, mm, a, and words in quotes`)
    const option = parts[letters]!
    const format = new Intl.DateTimeFormat(localeOf(readers.language, readers.country), { ...option, timeZone: 'UTC' })
    const [name] = Object.keys(option)
    const found = format.formatToParts(wall).find(({ type }) => type === name)?.value ?? ''
    return letters === 'MM' || letters === 'dd' ? found.padStart(2, '0') : found
  })
}

/** The money of a country; the euro where it has none of its own here. */
const currencies: Readonly<Record<string, string>> = {
  US: 'USD',
  PR: 'USD',
  CA: 'CAD',
  GB: 'GBP',
  AU: 'AUD',
  NZ: 'NZD',
  MX: 'MXN',
  CH: 'CHF',
  ZA: 'ZAR',
  IN: 'INR',
  SG: 'SGD',
  HK: 'HKD',
  JP: 'JPY',
  PH: 'PHP',
  NG: 'NGN',
  KE: 'KES',
  IL: 'ILS',
  AE: 'AED',
}

/** `$1,250.00`. @param currency ISO 4217; left out, the country's @throws Fault for a word that is no currency */
export function moneyText(amount: number, currency: string | null, { language, country }: Readers): string {
  const code = currency?.trim().toUpperCase() ?? currencies[country] ?? 'EUR'
  if (!/^[A-Z]{3}$/.test(code)) throw new Fault('a currency has three letters, such as USD')
  return spaced(
    new Intl.NumberFormat(localeOf(language, country), { style: 'currency', currency: code }).format(amount),
  )
}

const localeOf = (language: string, country: string): string => (country === '' ? language : `${language}-${country}`)

/** Blanks that no keyboard has would keep a text from being found. */
const spaced = (text: string): string => text.replace(/[\u00a0\u202f\u2009]/g, ' ')
