import { describe, expect, it } from 'vitest'
import { storedConfiguration } from '../../../src/configuration/stored.ts'
import type { StoredRun } from '../../../src/docket/ledger/run/stored-run.ts'
import { reminderEvent, remindersBy } from '../../../src/docket/timers/reminders.ts'
import type { InboundEvent } from '../../../src/model/event.ts'

const now = Date.parse('2026-11-24T15:00:00Z')

const configured = (reminders: string[]) =>
  storedConfiguration({
    timezone: 'America/New_York',
    country: 'US',
    endpoints: { calendly: { source: 'calendly', secret: '$KEY', reminders } },
    rules: [],
  })

const run = (type: string, more: Partial<StoredRun> = {}, time: string | null = '2026-11-24T11:00:00Z') =>
  ({
    endpoint: 'calendly',
    replayOf: null,
    undoOf: null,
    acceptedAt: now,
    event: { type, time, booking: { start: '2026-11-24T18:00:00Z', end: '2026-11-24T19:00:00Z' }, fields: { q: 'a' } },
    ...more,
  }) as StoredRun

const times = ['1 day before', '2 hours before']
const by = (one: StoredRun, reminders = times) => remindersBy(one, configured(reminders), now)

describe('the reminders that an event sets', () => {
  it('are those that lie ahead, as of the time of the event', () => {
    const moments = [{ reminder: '2 hours before', at: Date.parse('2026-11-24T16:00:00Z') }]
    expect(by(run('booking.created'))).toEqual({ asOf: Date.parse('2026-11-24T11:00:00Z'), moments })
    expect(by(run('booking.rescheduled', {}, null))).toEqual({ asOf: now, moments })
  })

  it('are none when it calls the booking off', () => {
    expect(by(run('booking.canceled'))).toMatchObject({ moments: [] })
  })

  it.each([
    ['of another kind', run('booking.reminder')],
    ['without a booking', run('booking.created', { event: { booking: null } as InboundEvent })],
    ['that is replayed', run('booking.created', { replayOf: 'run_1' })],
    ['that is taken back', run('booking.created', { undoOf: 'run_1' })],
  ])('are not touched by an event %s', (_, one) => expect(by(one)).toBeNull())

  it('are not touched where the firm wants none', () => expect(by(run('booking.created'), [])).toBeNull())
})

it('a reminder is the event of its booking, says which it is, and overtakes nothing', () => {
  const { event } = run('booking.created')
  const data = { reminder: '2 hours before', event: event! }
  expect(
    reminderEvent({ kind: 'reminder', endpoint: 'calendly', name: 'x', dueAt: now, tries: 0, data }),
  ).toMatchObject({
    id: null,
    type: 'booking.reminder',
    time: null,
    follows: null,
    fields: { q: 'a', reminder: '2 hours before' },
  })
})
