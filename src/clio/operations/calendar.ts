import type { Json, JsonObject } from '../../lib/json.ts'

/** What everybody means of a calendar entry and few rules say. */

const isDate = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value.trim())

/** Nobody is e-mailed unless the rule says so: Clio shows attendees the description word for word. */
export function quietly(body: JsonObject): JsonObject {
  return { send_email_notification: false, ...body }
}

/**
 * An entry that begins on a date is an all-day entry. Clio wants times all the same: midnights on the firm's clock. The end is the
 * midnight after the last day, as in iCalendar (RFC 5545 §3.6.1: `DTEND` is exclusive); an end that is not after the start means that
 * one day.
 */
export function entryValues(values: JsonObject): JsonObject {
  return isDate(values.start_at) ? allDay(values, values.start_at) : values
}

function allDay(values: JsonObject, start: string): JsonObject {
  const { end_at: end } = values
  const known = end !== undefined && !(isDate(end) && end.trim() <= start.trim())
  return { all_day: true, ...values, end_at: known ? end : dayAfter(start.trim()) }
}

function dayAfter(date: string): string {
  const next = Date.parse(`${date}T00:00:00Z`) + 86_400_000
  return Number.isNaN(next) ? date : new Date(next).toISOString().slice(0, 10)
}
