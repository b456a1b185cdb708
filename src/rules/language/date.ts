import { dateAt, isRealDate } from '../../lib/time.ts'
import { Fault } from './fault.ts'

/**
 * Calendar dates as people write them, reckoned in the firm's time zone. Days are counted on the calendar, not in hours, so a change
 * of the clocks never moves one. (workerd has no Temporal; `Intl` knows the zones.)
 */

export interface Calendar {
  /** ms since the epoch. */
  readonly now: number
  readonly timezone: string
  readonly country: string
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const DAY = 86_400_000
const HELP = "write 2026-05-04, 'tomorrow', 'friday', '+3 days' or '+1 business day'"

/**
 * A date as `YYYY-MM-DD`.
 * @param text an ISO date or time, a date with slashes (month first in the US, day first elsewhere), or a phrase: `today`,
 *   `friday` (the next one, never today), `next monday` (of next week), `+3 days`, `-2 weeks`, `+1 month`, `+1 business day` (Monday to Friday).
 * @param when what a phrase counts from: a date or time. @default the time of acceptance
 * @throws Fault when it is neither
 */
export function dateOf(text: string, when: string | null, calendar: Calendar): string {
  const fixed = fixedDate(text, calendar)
  // The phrase may stand on either side: date('-1 day', booking.start) and date(booking.start, '-1 day') are one.
  if (fixed !== null) return when === null ? fixed : moved(when, fixed)
  const from = when === null ? dateAt(calendar.now, calendar.timezone) : fixedDate(when, calendar)
  if (from === null) throw new Fault(`what the date counts from is not a date: ${HELP}`)
  return moved(text, from)
}

function fixedDate(text: string, calendar: Calendar): string | null {
  const trimmed = text.trim()
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](.+))?$/.exec(trimmed)
  if (iso) {
    const date = real(Number(iso[1]), Number(iso[2]), Number(iso[3]))
    if (iso[4] === undefined) return date
    const time = /^([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:\s?([Zz]|[+-]\d{2}:?\d{2}))?$/.exec(iso[4])
    if (!time) throw new Fault(`this is not a time of day behind a date: ${HELP}`)
    // A time without an offset is what the clock on the wall shows: its date stands as written.
    if (time[2] === undefined) return date
    const offset = time[2].toUpperCase() === 'Z' ? 'Z' : time[2].replace(/^(...):?(..)$/, '$1:$2')
    const instant = Date.parse(`${date}T${iso[4].slice(0, 5)}:00${offset}`)
    if (Number.isNaN(instant)) throw new Fault(`this is not a time of day behind a date: ${HELP}`)
    return dateAt(instant, calendar.timezone)
  }
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(trimmed)
  if (!slashed) return null
  const [first, second] = [Number(slashed[1]), Number(slashed[2])]
  return calendar.country === 'US' ? real(Number(slashed[3]), first, second) : real(Number(slashed[3]), second, first)
}

function moved(phrase: string, from: string): string {
  const words = phrase.trim().toLowerCase().replace(/\s+/g, ' ')
  if (words === 'today') return from
  if (words === 'tomorrow') return addDays(from, 1)
  if (words === 'yesterday') return addDays(from, -1)
  const named = /^(next )?([a-z]+)$/.exec(words)
  const weekday = named ? WEEKDAYS.indexOf(named[2]!) : -1
  if (named && weekday >= 0) {
    const today = weekdayOf(from)
    // Weeks begin on Monday: 0 is Monday here.
    const monday = (day: number): number => (day + 6) % 7
    return addDays(from, named[1] ? 7 - monday(today) + monday(weekday) : (weekday - today + 7) % 7 || 7)
  }
  const count = /^([+-]) ?(\d{1,4}) (business day|day|week|month|year)s?$/.exec(words)
  if (!count) throw new Fault(`this is not a date: ${HELP}`)
  const amount = Number(count[2]) * (count[1] === '-' ? -1 : 1)
  switch (count[3]) {
    case 'day':
      return addDays(from, amount)
    case 'week':
      return addDays(from, amount * 7)
    case 'month':
      return addMonths(from, amount)
    case 'year':
      return addMonths(from, amount * 12)
    default:
      return addBusinessDays(from, amount)
  }
}

const utc = (date: string): number => Date.parse(`${date}T00:00:00Z`)
const weekdayOf = (date: string): number => new Date(utc(date)).getUTCDay()

function written(instant: number): string {
  const year = new Date(instant).getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) throw new Fault('the date is out of range')
  return new Date(instant).toISOString().slice(0, 10)
}

const addDays = (date: string, days: number): string => written(utc(date) + days * DAY)

function addBusinessDays(date: string, days: number): string {
  let at = date
  for (let left = Math.abs(days); left > 0; ) {
    at = addDays(at, Math.sign(days))
    const weekday = weekdayOf(at)
    if (weekday !== 0 && weekday !== 6) left -= 1
  }
  return at
}

/** The same day of another month; the last one where that month is shorter. */
function addMonths(date: string, months: number): string {
  const day = Number(date.slice(8))
  const first = new Date(utc(`${date.slice(0, 8)}01`))
  first.setUTCMonth(first.getUTCMonth() + months)
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return addDays(written(first.getTime()), Math.min(day, last) - 1)
}

/** A date that the calendar has: 30 February is none. */
function real(year: number, month: number, day: number): string {
  const pad = (number: number, length: number): string => String(number).padStart(length, '0')
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  if (year < 1 || !isRealDate(date)) throw new Fault(`the calendar has no such date: ${HELP}`)
  return date
}
