import type { Configuration } from '../../configuration/configuration.ts'
import { nextTick } from '../../lib/cron.ts'
import type { JsonObject } from '../../lib/json.ts'
import { wallClock } from '../../lib/time.ts'
import { type InboundEvent, nobody } from '../../model/event.ts'
import { momentOf } from '../../sources/calendars/reminder.ts'
import type { Clock, Clocks } from '../ledger/firm/clocks.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { NewRun, StoredRun } from '../ledger/run/runs.ts'

export interface TimetableDeps {
  readonly ledger: Ledger
  now(): number
  runId(): string
  newest(): Configuration | null
  log(message: string): void
}

/** Ticks that are made up for at most, when the Docket slept; the rest is told of in one event. */
const ticksMost = 100
/** Missed ticks are counted up to here. */
const countMost = 20_000
/** Reminders brought forth in one transaction. */
const timersMost = 100

/**
 * The firm's clock: brings forth `schedule.tick` and `booking.reminder` when their time has come. What is due is claimed, and its
 * successor written, in one transaction; so each comes once, whatever crashes in between, and none is skipped without a trace.
 */
export class Timetable {
  readonly #deps: TimetableDeps
  readonly #clocks: Clocks

  constructor(deps: TimetableDeps) {
    this.#deps = deps
    this.#clocks = deps.ledger.clocks
  }

  /** When there is something to do next, in ms since the epoch. */
  next(): number | null {
    if (!this.#deps.ledger.made) return null
    return this.#isPlanned() ? this.#clocks.next() : this.#deps.now()
  }

  /** The clocks are those of the newest configuration. A firm that has none needs no plan. */
  #isPlanned(): boolean {
    const { ledger, newest } = this.#deps
    if (ledger.meta.get('clocksVersion') === ledger.version) return true
    const wanted = Object.values(newest()?.endpoints ?? {}).some(({ source }) => source === 'schedule')
    return !wanted && this.#clocks.all().length === 0
  }

  /** Puts everything on the docket that is due. Ticks of an expression that was changed since count by the old one up to now. */
  ring(): void {
    const { ledger } = this.#deps
    if (!ledger.made) return
    ledger.transaction(() => {
      for (const clock of this.#clocks.all()) this.#tick(clock)
      if (!this.#isPlanned()) this.#plan()
      this.#remind()
    })
  }

  #plan(): void {
    const { ledger, newest, now } = this.#deps
    const { endpoints = {}, timezone = 'UTC' } = newest() ?? {}
    const before = this.#clocks.all()
    for (const { endpoint } of before) if (endpoints[endpoint]?.source !== 'schedule') this.#clocks.remove(endpoint)
    for (const [endpoint, { source, cron }] of Object.entries(endpoints)) {
      if (source !== 'schedule') continue
      const clock = { endpoint, cron: String(cron), timezone }
      const same = before.some(one => one.endpoint === endpoint && one.cron === clock.cron && one.timezone === timezone)
      if (!same) this.#clocks.set({ ...clock, nextAt: nextTick(clock.cron, timezone, now()) })
    }
    ledger.meta.set('clocksVersion', ledger.version)
  }

  #tick(clock: Clock): void {
    const { now, log } = this.#deps
    const { endpoint, cron, timezone } = clock
    const due: number[] = []
    let next = clock.nextAt
    for (; next !== null && next <= now() && due.length < countMost; next = nextTick(cron, timezone, next))
      due.push(next)
    if (due.length === 0) return
    // Counted to its end, an expression of every minute would take an object that slept for years too long.
    const more = next !== null && next <= now()
    const missed = due.slice(0, -ticksMost)
    if (missed.length > 0) {
      const span = { from: iso(missed[0]!), to: iso(missed.at(-1)!) }
      const fields = { count: missed.length, at_least: more, ...span }
      this.#claim(endpoint, eventOf('schedule', 'schedule.missed', span.to, fields), `missed ${span.from}`)
      log(
        `endpoint ${endpoint}: ${missed.length} ticks were missed and left out; the last ${ticksMost} are made up for`,
      )
    }
    for (const at of due.slice(-ticksMost)) {
      const [date, time] = wallClock(at, timezone).split('T') as [string, string]
      const fields = { at: iso(at), date, time: time.slice(0, 5) }
      this.#claim(endpoint, eventOf('schedule', 'schedule.tick', iso(at), fields), iso(at))
    }
    this.#clocks.set({ ...clock, nextAt: more ? nextTick(cron, timezone, now()) : next })
  }

  #remind(): void {
    const { newest, now } = this.#deps
    for (const timer of this.#clocks.due(now(), timersMost)) {
      this.#clocks.fired(timer)
      const { endpoint, reminder, event, outdated } = timer
      // Called off or moved, or the firm no longer wants it.
      if (outdated || !remindersOf(newest(), endpoint).includes(reminder)) continue
      const told = {
        ...event,
        id: null,
        type: 'booking.reminder',
        follows: null,
        // It says nothing new of the booking, so it overtakes nothing.
        time: null,
        fields: { ...event.fields, reminder },
      }
      this.#claim(endpoint, told, `reminder ${timer.run} ${reminder}`)
    }
  }

  #claim(endpoint: string, event: InboundEvent, key: string): void {
    const { ledger, now, runId } = this.#deps
    const run: NewRun = {
      id: runId(),
      kind: 'event',
      endpoint,
      key,
      content: key,
      event,
      version: ledger.version!,
      interactive: false,
      strict: false,
      spam: null,
      replayOf: null,
    }
    ledger.claims.claim(run, now())
  }

  /** An event of a booking is being carried out: its timers take the place of those that an earlier one set. */
  booked(run: StoredRun, configuration: Configuration): void {
    const { event, endpoint, thread, replayOf, undoOf } = run
    const off = event?.type === 'booking.canceled'
    const on = event?.type === 'booking.created' || event?.type === 'booking.rescheduled'
    if (!event?.booking || thread === null || replayOf !== null || undoOf !== null || (!on && !off)) return
    const reminders = remindersOf(configuration, endpoint)
    if (reminders.length === 0) return
    const asOf = Date.parse(event.time ?? '') || run.acceptedAt
    const known = this.#clocks.asOf(run.id)
    if (known !== null && known > asOf) return
    const { booking } = event
    const moments = reminders.map(reminder => ({ reminder, at: momentOf(reminder, booking, configuration.timezone) }))
    const ahead = moments.flatMap(({ reminder, at }) =>
      at !== null && at > this.#deps.now() ? [{ reminder, at }] : [],
    )
    this.#clocks.replace(run.id, asOf, event, on ? ahead : [])
  }

  tidy(): void {
    this.#clocks.tidy()
  }
}

function remindersOf(configuration: Configuration | null, endpoint: string): readonly string[] {
  const reminders = configuration?.endpoints[endpoint]?.reminders
  return Array.isArray(reminders) ? reminders.map(String) : []
}

const iso = (at: number): string => new Date(at).toISOString()

function eventOf(source: string, type: string, time: string, fields: JsonObject): InboundEvent {
  const none = { subject: null, follows: null, message: null, files: [], booking: null }
  return { id: time, source, type, ...none, time, data: fields, fields, person: nobody() }
}
