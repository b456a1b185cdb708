/** Wall clocks: between instants (ms since the epoch) and what a clock in a timezone shows. No Temporal in workerd yet. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timezone, format)
  }
  return format
}

/** What a clock in the timezone shows: `2026-03-08T02:30:00`. */
export function wallClock(instant: number, timezone: string): string {
  const parts = Object.fromEntries(
    formatOf(timezone)
      .formatToParts(instant)
      .map(part => [part.type, part.value]),
  )
  return `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`
}

/** True for a date that the calendar has: JavaScript reads 2026-02-30 as March 2. */
export function isRealDate(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
}

const iso =
  /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)\s?(?:Z|UTC|GMT|([+-](?:[01]\d|2[0-3])):?([0-5]\d))$/

/** The instant of a time of ISO 8601 with its offset, as programs write it: `2026-12-01 15:00:00 UTC`, `…T15:00-0500`; null when it is none. */
export function isoInstant(text: string): number | null {
  const [, date, clock, hours, minutes] = iso.exec(text.trim()) ?? []
  if (date === undefined || !isRealDate(date)) return null
  return Date.parse(`${date}T${clock}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`)
}

/** The instant of a time without an offset, on a clock whose zone the sender names; null when either is none. */
export function localInstant(text: string, timezone: string): number | null {
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.0+)?$/.exec(text.trim()) ?? []
  try {
    return date !== undefined && isRealDate(date) ? instantAt(`${date}T${clock}`, timezone) : null
  } catch {
    return null
  }
}

/** The date that a calendar in the timezone shows, `YYYY-MM-DD`. */
export function dateAt(instant: number, timezone: string): string {
  return wallClock(instant, timezone).slice(0, 10)
}

/**
 * The instant at which a clock in the timezone shows `local` (`2026-03-08T14:30` or with seconds); null when it is no date.
 * A time that a change to summer time leaves out is moved forward by the change; one that occurs twice is the first.
 */
export function instantAt(local: string, timezone: string): number | null {
  const wanted = Date.parse(`${local}Z`)
  if (Number.isNaN(wanted)) return null
  const offset = (instant: number) => Date.parse(`${wallClock(instant, timezone)}Z`) - Math.floor(instant / 1000) * 1000
  const before = wanted - offset(wanted - 86_400_000)
  const after = wanted - offset(wanted + 86_400_000)
  const shows = (instant: number) => instant + offset(instant) === wanted
  const candidates = [before, after].filter(shows)
  return candidates.length > 0 ? Math.min(...candidates) : before
}
