import type { Configuration } from '../../configuration/configuration.ts'
import type { InboundEvent } from '../../model/event.ts'
import { momentOf } from '../../sources/calendars/reminder.ts'
import type { Moment, Timer } from '../ledger/firm/timers.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'

/** What an event says of its booking's reminders: from when it is, and which are to come. */
export interface Reminders {
  /** ms since the epoch. */
  readonly asOf: number
  readonly moments: readonly Moment[]
}

/** Which reminders an endpoint wants, in the words of its configuration. */
export function remindersOf(configuration: Configuration | null, endpoint: string): readonly string[] {
  const reminders = configuration?.endpoints[endpoint]?.reminders
  return Array.isArray(reminders) ? reminders.map(String) : []
}

/** null: the run says nothing of a booking's reminders. Pure. */
export function remindersBy(
  { event, endpoint, replayOf, undoOf, acceptedAt }: StoredRun,
  configuration: Configuration,
  now: number,
): Reminders | null {
  const off = event?.type === 'booking.canceled'
  const on = event?.type === 'booking.created' || event?.type === 'booking.rescheduled'
  if (!event?.booking || replayOf !== null || undoOf !== null || (!on && !off)) return null
  const { booking, time } = event
  const reminders = remindersOf(configuration, endpoint)
  if (reminders.length === 0) return null
  const moments = (on ? reminders : []).flatMap(reminder => {
    const at = momentOf(reminder, booking, configuration.timezone)
    return at !== null && at > now ? [{ reminder, at }] : []
  })
  return { asOf: Date.parse(time ?? '') || acceptedAt, moments }
}

/** The event of a reminder that is due. Pure. */
export function reminderEvent({ data: { event, reminder } }: Timer<'reminder'>): InboundEvent {
  return {
    ...event,
    id: null,
    type: 'booking.reminder',
    follows: null,
    // It says nothing new of the booking, so it overtakes nothing.
    time: null,
    fields: { ...event.fields, reminder },
  }
}
