import { Cron } from 'croner'
import * as z from 'zod/mini'

/**
 * Cron expressions of five parts (minute, hour, day, month, weekday), or `@daily` and the like, on a timezone's wall clock. croner
 * keeps to what one means when the clocks change: a time that is left out in spring comes at the end of the gap, one that occurs twice
 * in autumn comes at its first; `*` hours go on hour by hour as they pass. https://croner.56k.guru
 */

function read(pattern: string, timezone: string): Cron {
  return new Cron(pattern, { timezone, paused: true, mode: '5-part' })
}

/** The first moment behind `after` that the pattern names, in ms since the epoch; null when there is none. */
export function nextTick(pattern: string, timezone: string, after: number): number | null {
  return read(pattern, timezone).nextRun(new Date(after))?.getTime() ?? null
}

export const cron = z.string().check(
  z.superRefine((pattern, context) => {
    try {
      if (read(pattern, 'UTC').nextRun() === null) context.addIssue('never comes: no day of the calendar fits it')
    } catch {
      context.addIssue(
        "is no cron expression of five parts, such as '0 9 * * 1-5' (minute, hour, day, month, weekday: 9:00 on working days)",
      )
    }
  }),
)
