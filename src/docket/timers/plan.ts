import type { Configuration } from '../../configuration/configuration.ts'
import { nextTick } from '../../lib/time/cron.ts'
import { sources } from '../../sources/index.ts'
import type { Planned, Timer } from '../ledger/firm/timers.ts'

/** The source whose endpoints no request reaches: their time comes. */
const schedule = 'schedule'

/** Whether a configuration has anything planned at all. */
export function plansAnything({ endpoints }: Configuration): boolean {
  return Object.values(endpoints).some(({ source }) => source === schedule || sources.get(source)?.subscribing)
}

/**
 * What a configuration wants to happen later, again and again: ticks of its schedules, polls, renewals of its subscriptions. Pure.
 * @param now what is planned for the first time is due from here on
 */
export function planOf({ endpoints, timezone }: Configuration, now: number): (Timer & Planned)[] {
  return Object.entries(endpoints).flatMap(([endpoint, { source, ...options }]): (Timer & Planned)[] => {
    const { subscribing, options: form } = sources.get(source) ?? {}
    const read = form?.safeParse(options)
    // Stored by an earlier version, and no longer fit: its endpoint stands still, the others go on (I8).
    if (!read?.success) return []
    if (source === schedule) {
      const cron = String(options.cron)
      const madeFor = JSON.stringify([cron, timezone])
      const dueAt = nextTick(cron, timezone, now)
      return [{ kind: 'tick', endpoint, name: '', madeFor, dueAt, tries: 0, data: { cron, timezone } }]
    }
    if (!subscribing) return []
    const { reminders: _, ...concerned } = options
    const first = { endpoint, madeFor: JSON.stringify([source, concerned]), dueAt: now, tries: 0, data: null }
    const renewals = subscribing.names(read.data).map(name => ({ ...first, kind: 'renewal' as const, name }))
    return [...renewals, ...(subscribing.poll ? [{ ...first, kind: 'poll' as const, name: '' }] : [])]
  })
}
