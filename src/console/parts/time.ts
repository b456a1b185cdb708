import { html } from 'hono/html'
import { dateAt } from '../../lib/time/time.ts'
import type { Visit } from '../visit.ts'
import type { Html } from './html.ts'

/** Times in the firm's zone: short to read, and exact in the tooltip. */

type Here = Pick<Visit, 'stats' | 'now'>

const zoneOf = ({ stats }: Here): string => stats?.timezone ?? 'UTC'

/** @param at ISO 8601; what is of today shows its time alone */
export function when(at: string | null, here: Here): Html {
  return at === null ? html`—` : timed(at, zoneOf(here), short(at, here))
}

/** A moment, as one reads it, with the exact one in the tooltip. */
export const timed = (at: string, zone: string, words: string): Html =>
  html`<time datetime="${at}" title="${format(Date.parse(at), zone, { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' })}">${words}</time>`

export function short(at: string, here: Here): string {
  const zone = zoneOf(here)
  const { now } = here
  const instant = Date.parse(at)
  const day = dateAt(instant, zone)
  const time = format(instant, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
  if (day.slice(0, 4) !== dateAt(now, zone).slice(0, 4)) date.year = 'numeric'
  return day === dateAt(now, zone) ? time : `${format(instant, zone, date)}, ${time}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(instant: number, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone} ${Object.keys(options)}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone })
  formats.set(key, known)
  return known.format(instant)
}

/** A length of time as people say it. */
export function long(seconds: number): string {
  const [size, unit] =
    seconds < 90
      ? [1, 'second']
      : seconds < 5400
        ? [60, 'minute']
        : seconds < 129_600
          ? [3600, 'hour']
          : ([86_400, 'day'] as const)
  return counted(Math.round(seconds / size), unit)
}

/** `1 run`, `40 runs`. */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
