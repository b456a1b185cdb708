import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import { nextTick } from '../../../src/lib/time/cron.ts'
import { momentOf } from '../../../src/sources/calendars/reminder.ts'
import { openDoor } from '../../door/door.ts'

afterEach(() => vi.restoreAllMocks())

const saved = (endpoint: object) =>
  readConfiguration(
    JSON.stringify({ timezone: 'America/New_York', country: 'US', endpoints: { mail: endpoint }, rules: [] }),
  )

describe('a clock', () => {
  it('takes no request, whoever sends it', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const door = await openDoor({ endpoints: { mail: { source: 'schedule', cron: '0 9 * * *' } } })
    for (const method of ['POST', 'GET', 'OPTIONS']) {
      const response = await door.send('mail', { method, ...(method === 'POST' && { body: '{}' }) })
      expect(response.status).toBeLessThan(500)
    }
    expect((await door.send('mail', { method: 'POST', body: '{}' })).status).toBe(404)
    expect(door.docket.claims).toEqual([])
  })

  it.each(['0 9 * * 1-5', '*/15 8-18 * * MON-FRI', '0 9 L * *', '@daily'])('may be %s', cron => {
    expect(saved({ source: 'schedule', cron }).ok).toBe(true)
  })

  it.each([
    ['0 9 * *', 'five parts'],
    ['0 0 9 * * *', 'five parts'],
    ['61 9 * * *', 'five parts'],
    ['every morning', 'five parts'],
    ['', 'five parts'],
    ['0 9 30 2 *', 'never comes'],
  ])('may not be %s, and the message says why', (cron, why) => {
    const read = saved({ source: 'schedule', cron })
    expect(read.ok ? '' : read.problem.detail).toContain(why)
    expect(read.ok ? '' : read.problem.detail).toContain('endpoints.mail.cron')
  })

  it('of which nothing is left has no next tick', () => {
    expect(nextTick('0 9 30 2 *', 'UTC', Date.UTC(2026, 10, 24))).toBeNull()
  })
})

describe('a reminder', () => {
  const calendly = (reminders: string[]) => saved({ source: 'calendly', secret: '$KEY', reminders })
  const booking = { start: '2026-12-01T15:00:00.000Z', end: '2026-12-01T16:00:00.000Z' }
  const moment = (text: string, of: { start: string | null; end: string | null } = booking) => {
    const at = momentOf(text, of, 'America/New_York')
    return at === null ? null : new Date(at).toISOString().slice(0, 16)
  }

  it.each([
    ['1 day before at 9:00', '2026-11-30T14:00'],
    ['1 day before', '2026-11-30T15:00'],
    ['1 business day before at 16:30', '2026-11-30T21:30'],
    ['2 business days before at 16:30', '2026-11-27T21:30'],
    ['2 weeks before at 08:00', '2026-11-17T13:00'],
    ['90 minutes before', '2026-12-01T13:30'],
    ['2 hours before end', '2026-12-01T14:00'],
    ['30 minutes after', '2026-12-01T16:30'],
    ['5 minutes after start', '2026-12-01T15:05'],
    ['1 day after at 9:00', '2026-12-02T14:00'],
    ['0 days before at 7:00', '2026-12-01T12:00'],
  ])('%s', (text, at) => {
    expect(calendly([text]).ok).toBe(true)
    expect(moment(text)).toBe(at)
  })

  it.each(['tomorrow', '1 day', '2 hours before at 9:00', '1 day before at 25:00', 'a day before', ''])(
    'may not be "%s"',
    text => {
      const read = calendly([text])
      expect(read.ok ? '' : read.problem.detail).toContain("'1 day before at 9:00'")
    },
  )

  it('of an all-day booking counts from midnight of the firm', () => {
    const whole = { start: '2026-12-24', end: '2026-12-25' }
    expect(moment('1 day before at 9:00', whole)).toBe('2026-12-23T14:00')
    expect(moment('1 hour before', whole)).toBe('2026-12-24T04:00')
    expect(moment('30 minutes after end', whole)).toBe('2026-12-25T05:30')
  })

  it('of a booking that tells no time is none', () => {
    expect(moment('1 day before at 9:00', { start: null, end: null })).toBeNull()
    expect(moment('1 day before at 9:00', { start: 'soon', end: null })).toBeNull()
  })
})
