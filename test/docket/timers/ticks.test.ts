import { describe, expect, it } from 'vitest'
import { ticksMost, ticksOf } from '../../../src/docket/timers/ticks.ts'

const at = (time: string) => Date.parse(`2026-11-24T${time}Z`)
const timer = (cron: string, dueAt: number | null) =>
  ({
    kind: 'tick',
    endpoint: 'clock',
    name: '',
    dueAt,
    tries: 0,
    data: { cron, timezone: 'America/New_York' },
  }) as const

describe('a schedule that is due', () => {
  it('ticks once, and again at the next of its times', () => {
    const { events, missed, dueAt } = ticksOf(timer('0 9 * * *', at('14:00:00')), at('14:00:00.500'))
    expect(events.map(({ key, event }) => [key, event.type, event.time, event.fields])).toEqual([
      [
        '2026-11-24T14:00:00.000Z',
        'schedule.tick',
        '2026-11-24T14:00:00.000Z',
        { at: '2026-11-24T14:00:00.000Z', date: '2026-11-24', time: '09:00' },
      ],
    ])
    expect([missed, new Date(dueAt!).toISOString()]).toEqual([0, '2026-11-25T14:00:00.000Z'])
  })

  it('that slept makes up for its last hundred ticks, and tells first how many it leaves out', () => {
    const { events, missed, dueAt } = ticksOf(timer('* * * * *', at('10:00:00')), at('12:30:30'))
    expect([missed, events.length, events[0]!.event.type]).toEqual([51, ticksMost + 1, 'schedule.missed'])
    expect(events[0]!.event.fields).toEqual({
      count: 51,
      at_least: false,
      from: '2026-11-24T10:00:00.000Z',
      to: '2026-11-24T10:50:00.000Z',
    })
    expect(events.at(-1)!.key).toBe('2026-11-24T12:30:00.000Z')
    expect(dueAt).toBe(at('12:31:00'))
  })

  it('that slept for years counts no further than it can at once', { timeout: 60_000 }, () => {
    const { events, missed, dueAt } = ticksOf(timer('* * * * *', Date.parse('2020-01-01T00:00:00Z')), at('12:30:30'))
    expect(events[0]!.event.fields).toMatchObject({ count: missed, at_least: true })
    expect(missed).toBe(20_000 - ticksMost)
    expect(dueAt).toBe(at('12:31:00'))
  })

  it('before its time, or that never comes again, brings forth nothing', () => {
    expect(ticksOf(timer('0 9 * * *', at('14:00:00')), at('13:59:59'))).toEqual({
      events: [],
      missed: 0,
      dueAt: at('14:00:00'),
    })
    expect(ticksOf(timer('0 9 * * *', null), at('14:00:00'))).toEqual({ events: [], missed: 0, dueAt: null })
  })
})
