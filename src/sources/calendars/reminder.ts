import * as z from 'zod/mini'
import { instantAt, wallClock } from '../../lib/time/time.ts'
import type { Booking } from '../../model/event.ts'
import { dateOf } from '../../rules/language/date.ts'

/** Moments around a booking in words: `1 day before at 9:00`, `2 hours before`, `30 minutes after end`. */

interface Reminder {
  readonly count: number
  readonly unit: 'minute' | 'hour' | 'day' | 'business day' | 'week'
  readonly direction: 1 | -1
  readonly from: 'start' | 'end'
  /** `09:00`, of the firm's clock. */
  readonly clock: string | null
}

const form =
  /^(\d{1,4}) (minute|hour|day|business day|week)s? (before|after)(?: (start|end))?(?: at ([01]?\d|2[0-3]):([0-5]\d))?$/

function readReminder(text: string): Reminder | null {
  const found = form.exec(text.trim().toLowerCase().replace(/\s+/g, ' '))
  if (!found) return null
  const [, count, unit, word, from, hours, minutes] = found
  // An hour of the clock stands beside days: "2 hours before at 9:00" has no meaning.
  if (hours !== undefined && (unit === 'minute' || unit === 'hour')) return null
  return {
    count: Number(count),
    unit: unit as Reminder['unit'],
    direction: word === 'before' ? -1 : 1,
    from: (from as 'start' | 'end' | undefined) ?? (word === 'before' ? 'start' : 'end'),
    clock: hours === undefined ? null : `${hours.padStart(2, '0')}:${minutes}`,
  }
}

export const reminder = z
  .string()
  .check(
    z.refine(
      text => readReminder(text) !== null,
      "is no moment: write '1 day before at 9:00', '2 hours before', '1 business day before at 16:30' or '30 minutes after end'",
    ),
  )

const ms = { minute: 60_000, hour: 3_600_000 } as const

/**
 * The moment that a reminder names, in ms since the epoch; null when the booking does not tell its time.
 * Minutes and hours are counted as they pass; days on the calendar, so that a change of the clocks moves no reminder.
 * An all-day booking begins at 0:00 of its first day and ends at 0:00 of the day behind its last, by the firm's clock.
 */
export function momentOf(text: string, booking: Pick<Booking, 'start' | 'end'>, timezone: string): number | null {
  const read = readReminder(text)
  const from = read ? edgeOf(booking[read.from], timezone) : null
  if (read === null || from === null) return null
  const { count, unit, direction, clock } = read
  if (unit === 'minute' || unit === 'hour') return from + direction * count * ms[unit]
  const [date, time] = wallClock(from, timezone).split('T') as [string, string]
  const phrase = `${direction < 0 ? '-' : '+'}${count} ${unit}`
  const day = dateOf(phrase, date, { now: from, timezone, country: 'US' })
  return instantAt(`${day}T${clock ?? time}`, timezone)
}

function edgeOf(edge: string | null, timezone: string): number | null {
  if (edge === null) return null
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(edge) ? instantAt(`${edge}T00:00`, timezone) : Date.parse(edge)
  return Number.isNaN(instant) ? null : instant
}
