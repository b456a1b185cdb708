import { dateAt } from '../../lib/time/time.ts'
import { writtenDate } from '../../lib/time/written-date.ts'
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
 * @param text a date as people or programs write it (`writtenDate`), or a phrase: `today`,
 *   `friday` (the next one, never today), `next monday` (of next week), `+3 days`, `-2 weeks`, `+1 month`, `+1 business day` (Monday to Friday).
 * @param when what a phrase counts from: a date or time. @default the time of acceptance
 * @param said it is somebody's answer: of `Friday` nobody knows whether it is the last or the next
 * @throws Fault when it is neither
 */
export function dateOf(text: string, when: string | null, calendar: Calendar, said = false): string {
  const fixed = fixedDate(text, calendar)
  // The phrase may stand on either side: date('-1 day', booking.start) and date(booking.start, '-1 day') are one.
  if (fixed !== null) return when === null ? fixed : moved(when, fixed)
  const from = when === null ? dateAt(calendar.now, calendar.timezone) : fixedDate(when, calendar)
  if (from === null) throw new Fault(`what the date counts from is not a date: ${HELP}`)
  if (said && when === null && weekdayIn(text))
    throw new Fault(
      "a day of the week may be the last or the next: correct it, or write date(x, date('today')) for the next",
    )
  return moved(text, from)
}

/** True of a day as `date` makes it. */
export const isDay = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)

/** The day of a text that stands beside one. @throws Fault when it is no date */
export function readDay(text: string, calendar: Calendar): string {
  const day = fixedDate(text, calendar)
  if (day === null) throw new Fault('text that is no date and a date cannot be compared')
  return day
}

function fixedDate(text: string, calendar: Calendar): string | null {
  const written = writtenDate(text, calendar.country)
  if (written === 'impossible') throw new Fault(`the calendar has no such date: ${HELP}`)
  if (written === null) return null
  // A time without an offset is what the clock on the wall shows: its date stands as written.
  return written.instant === null ? written.day : dateAt(written.instant, calendar.timezone)
}

/** `friday` or `next friday`, 0 for Sunday. */
function weekdayIn(text: string): { day: number; next: boolean } | null {
  const [, next, name = ''] = /^\s*(next\s+)?([a-z]+)\s*$/i.exec(text) ?? []
  const day = WEEKDAYS.indexOf(name.toLowerCase())
  return day < 0 ? null : { day, next: next !== undefined }
}

function moved(phrase: string, from: string): string {
  const words = phrase.trim().toLowerCase().replace(/\s+/g, ' ')
  if (words === 'today') return from
  if (words === 'tomorrow') return addDays(from, 1)
  if (words === 'yesterday') return addDays(from, -1)
  const named = weekdayIn(words)
  if (named) {
    const { day, next } = named
    const today = weekdayOf(from)
    // Weeks begin on Monday: 0 is Monday here.
    const monday = (day: number): number => (day + 6) % 7
    return addDays(from, next ? 7 - monday(today) + monday(day) : (day - today + 7) % 7 || 7)
  }
  const count = /^([+-]) ?(\d{1,4}) ?(business day|working day|weekday|day|week|month|year)s?$/.exec(words)
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
