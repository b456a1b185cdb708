import { casual, GB, type ParsedResult } from 'chrono-node/en'
import { dateAt, instantAt, wallClock } from '../../lib/time/time.ts'
import type { Text } from './text.ts'

/**
 * Days and times as people write them. chrono-node knows no time zones by their names: it is told what the clock on the user's
 * wall shows, as if that were UTC, and what it answers is read the same way back.
 */

export interface Wall {
  /** ms since the epoch. */
  readonly now: number
  /** IANA name of the user's zone. */
  readonly timezone: string
  /** ISO 3166-1: whether 12/1 is in December. */
  readonly country: string
}

export interface Moment {
  /** `YYYY-MM-DD`. */
  readonly date: string
  /** `HH:MM`, when a time of day was said. */
  readonly time: string | null
  /** The same of the end, when one was said. */
  readonly until: { readonly date: string; readonly time: string } | null
  /** The person said no year, and the day of this year is over. */
  readonly passed: boolean
}

export interface Found extends Moment {
  /** `at 3`, with nothing that says which half of the day: at night, nobody meets. */
  readonly vague: boolean
  readonly from: number
  readonly to: number
}

const day = 86_400_000
const monthFirst = new Set(['US', 'PH', 'PR', 'GU'])

/** Every day or time in a text, in order. `forward`: a weekday is one to come. */
export function moments(text: string, wall: Wall, forward: boolean): Found[] {
  const instant = new Date(`${wallClock(wall.now, wall.timezone)}Z`)
  const none = impossible(text, wall)
  const chrono = monthFirst.has(wall.country) ? casual : GB
  return chrono
    .parse(text, { instant, timezone: 0 }, { forwardDate: forward })
    .filter(result => !isDuration(result.text))
    .map(result => found(result, instant, wall))
    .filter(one => !none.some(day => day.from < one.to && one.from < day.to))
}

/** What reads like a day, and is none: `2/30`, `2026-02-30`, `Feb 30`. */
export function impossible(text: string, wall: Wall): { from: number; to: number; words: string }[] {
  const thisYear = Number(today(wall).slice(0, 4))
  return [...text.matchAll(dayLike)].flatMap(({ index, 0: words, groups = {} }) => {
    const { y, m, d, a, b, c, w, n } = groups
    const month =
      m ?? (w ? String(monthNames.indexOf(w.slice(0, 3).toLowerCase()) + 1) : monthFirst.has(wall.country) ? a : b)
    const date = d ?? n ?? (monthFirst.has(wall.country) ? b : a)
    const year = y ?? c ?? String(thisYear)
    // `24/7` and `50/50` are something else.
    const able = Number(month) >= 1 && Number(month) <= 12 && Number(date) >= 1 && Number(date) <= 31
    const full = year.length === 2 ? 2000 + Number(year) : Number(year)
    const last = new Date(Date.UTC(full, Number(month), 0)).getUTCDate()
    return able && Number(date) > last ? [{ from: index, to: index + words.length, words }] : []
  })
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthWord =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'
const dayLike = new RegExp(
  [
    String.raw`(?<![\w/.-])(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?![\w/-])`,
    String.raw`(?<![\w/.-])(?<a>\d{1,2})\/(?<b>\d{1,2})(?:\/(?<c>\d{4}|\d{2}))?(?![\w/-])`,
    String.raw`\b(?<w>${monthWord})\.? (?<n>\d{1,2})(?:st|nd|rd|th)?(?![\w:])`,
    String.raw`(?<![\w/.-])(?<n>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?<w>${monthWord})\b`,
  ].join('|'),
  'gi',
)

/** `45m`, `for 1 hour`: how long, not when. `in 3 days` is when. */
const isDuration = (text: string) =>
  /^(?:for\s+)?[\d.,]+\s*(?:m|mins?|minutes?|h|hrs?|hours?|s|secs?)$/i.test(text.trim())

/** Clocks that people name. They say EST of New York's clock in summer too. */
const zones: Readonly<Record<string, string>> = {
  E: 'America/New_York',
  C: 'America/Chicago',
  M: 'America/Denver',
  P: 'America/Los_Angeles',
}

function found(result: ParsedResult, instant: Date, wall: Wall): Found {
  const { start, end } = result
  const named = /(?<=\d\s?(?:[ap]\.?m\.?)?\s?\(?)(?:([ECMP])[SD]?T|([ecmp])[sd]t|UTC|GMT)\)?$/.exec(result.text)
  const letter = named?.[1] ?? named?.[2]
  const zone = named && (letter === undefined ? 'UTC' : zones[letter.toUpperCase()]!)
  /** On the user's clock. */
  const here = (one: { readonly date: string; readonly time: string }) => {
    const at = zone === null ? null : instantAt(`${one.date}T${one.time}`, zone)
    if (at === null) return one
    const [day, clock] = wallClock(at, wall.timezone).split('T') as [string, string]
    return { date: day, time: clock.slice(0, 5) }
  }
  const date = (of: typeof start) => `${pad(of.get('year')!, 4)}-${pad(of.get('month')!, 2)}-${pad(of.get('day')!, 2)}`
  const time = (of: typeof start) => `${pad(of.get('hour')!, 2)}:${pad(of.get('minute')!, 2)}`
  const ahead = Date.parse(`${date(start)}T00:00:00Z`) - instant.getTime()
  return {
    from: result.index,
    to: result.index + result.text.length,
    ...(start.isCertain('hour') ? here({ date: date(start), time: time(start) }) : { date: date(start), time: null }),
    until: end?.isCertain('hour') ? here({ date: date(end), time: time(end) }) : null,
    vague:
      start.isCertain('hour') &&
      !start.isCertain('meridiem') &&
      /^0[1-6]/.test(time(start)) &&
      !/\b0\d:/.test(result.text),
    passed: !start.isCertain('year') && start.isCertain('month') && ahead > 300 * day,
  }
}

const pad = (number: number, length: number) => String(number).padStart(length, '0')

/** Takes a moment out, together with the word that leads to it. */
export function takeMoment(text: Text, moment: Found): void {
  const lead = /(?:\b(?:due|by|on|at|before|until|from|starting):?\s+){0,2}$/i.exec(text.left.slice(0, moment.from))
  text.cut(moment.from - (lead?.[0].length ?? 0), moment.to)
}

export const today = (wall: Wall): string => dateAt(wall.now, wall.timezone)

/** The instant in ISO 8601 at which the user's clock shows a date and a time of day. */
export function instantOf(date: string, time: string, wall: Wall): number {
  return instantAt(`${date}T${time}`, wall.timezone)!
}

/** `Fri 27 Nov 2026`: no order of day and month that anybody could misread. */
export function dayInWords(date: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })
    .format(Date.parse(`${date}T12:00:00Z`))
    .replace(',', '')
}
