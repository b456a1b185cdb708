import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOf } from '../../../src/rules/language/date.ts'
import { Fault } from '../../../src/rules/language/fault.ts'

const at = (instant: string, timezone: string, country = 'US') => ({ now: Date.parse(instant), timezone, country })
/** Friday, 6 March 2026, 15:00. */
const friday = at('2026-03-06T20:00:00Z', 'America/New_York')

describe('a phrase', () => {
  it.each([
    ['today', '2026-03-06'],
    ['tomorrow', '2026-03-07'],
    ['yesterday', '2026-03-05'],
    ['  ToMorrow ', '2026-03-07'],
    ['+3 days', '2026-03-09'],
    ['+ 1 day', '2026-03-07'],
    ['-2 weeks', '2026-02-20'],
    ['+1 month', '2026-04-06'],
    ['-1 year', '2025-03-06'],
    ['+1 business day', '2026-03-09'],
    ['+5 business days', '2026-03-13'],
    ['+5 working days', '2026-03-13'],
    ['+2 weekdays', '2026-03-10'],
    ['+3days', '2026-03-09'],
    ['-1 business day', '2026-03-05'],
    ['-5 business days', '2026-02-27'],
    ['+0 business days', '2026-03-06'],
    ['friday', '2026-03-13'],
    ['saturday', '2026-03-07'],
    ['monday', '2026-03-09'],
    ['next monday', '2026-03-09'],
    ['next friday', '2026-03-13'],
    ['next sunday', '2026-03-15'],
  ])('%j said on Friday is %s', (phrase, date) => {
    expect(dateOf(phrase, null, friday)).toBe(date)
  })

  it.each([
    ['+1 business day', '2026-03-09'],
    ['-1 business day', '2026-03-06'],
    ['next monday', '2026-03-09'],
    ['monday', '2026-03-09'],
    ['sunday', '2026-03-15'],
  ])('%j said on Sunday is %s', (phrase, date) => {
    expect(dateOf(phrase, null, at('2026-03-08T15:00:00Z', 'America/New_York'))).toBe(date)
  })

  it('counts months to the last day of a shorter one', () => {
    expect(dateOf('+1 month', '2026-01-31', friday)).toBe('2026-02-28')
    expect(dateOf('+1 month', '2028-01-31', friday)).toBe('2028-02-29')
    expect(dateOf('+1 year', '2028-02-29', friday)).toBe('2029-02-28')
    expect(dateOf('-1 month', '2026-03-31', friday)).toBe('2026-02-28')
  })

  it('counts from what it is told, on either side', () => {
    expect(dateOf('-1 business day', '2026-05-04T09:00:00-04:00', friday)).toBe('2026-05-01')
    expect(dateOf('2026-05-04', '-1 business day', friday)).toBe('2026-05-01')
  })
})

describe('a date or time', () => {
  it.each([
    ['2026-05-04', '2026-05-04'],
    [' 2026-05-04 ', '2026-05-04'],
    ['2026-05-04T23:30:00-04:00', '2026-05-04'],
    ['2026-05-05T03:59:59Z', '2026-05-04'],
    ['2026-05-05T04:00:00Z', '2026-05-05'],
    ['2026-05-05t03:00z', '2026-05-04'],
    ['2026-05-04T23:30:00.123456+0000', '2026-05-04'],
    ['2026-05-04T23:30', '2026-05-04'],
    ['2026-05-04 23:30:15', '2026-05-04'],
    ['05/04/2026', '2026-05-04'],
    ['5/4/2026', '2026-05-04'],
    ['12/31/2026', '2026-12-31'],
    ['2026-5-4', '2026-05-04'],
    ['31/12/2026', '2026-12-31'],
    ['05/04/26', '2026-05-04'],
    ['4.5.2026', '2026-05-04'],
    ['May 4, 2026', '2026-05-04'],
    ['1777852800000', '2026-05-04'],
  ])('%j in New York is %s', (text, date) => {
    expect(dateOf(text, null, friday)).toBe(date)
  })

  it('with slashes has the day first outside of the US', () => {
    for (const country of ['GB', 'AU', 'CA'])
      expect(dateOf('05/04/2026', null, { ...friday, country })).toBe('2026-04-05')
  })

  it.each([
    'soon',
    '',
    '  ',
    'next',
    'next week',
    'in 3 days',
    '3 days',
    '+3',
    '+3 fortnights',
    '+99999 days',
    '+1.5 days',
    'friday!',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '0000-01-01',
    '2026-05-04T',
    '2026-05-04T25:00',
    '2026-05-04T09:00+99:00',
    '2026-05-04 at noon',
    '13/31/2026',
    'May 2026',
    '2125550143',
  ])('%j is none', text => {
    expect(() => dateOf(text, null, friday)).toThrow(Fault)
  })

  it('is none beyond the calendar', () => {
    expect(() => dateOf('+9999 years', null, friday)).toThrow('out of range')
    expect(() => dateOf('-9999 years', null, friday)).toThrow('out of range')
  })
})

describe('midnight is the firm’s own', () => {
  it.each([
    ['2026-03-06T04:59:59.999Z', 'America/New_York', '2026-03-05'],
    ['2026-03-06T05:00:00.000Z', 'America/New_York', '2026-03-06'],
    ['2026-07-06T03:59:59.999Z', 'America/New_York', '2026-07-05'],
    ['2026-07-06T04:00:00.000Z', 'America/New_York', '2026-07-06'],
    ['2026-07-05T22:59:59.999Z', 'Europe/London', '2026-07-05'],
    ['2026-07-05T23:00:00.000Z', 'Europe/London', '2026-07-06'],
    ['2026-01-05T12:59:59.999Z', 'Australia/Sydney', '2026-01-05'],
    ['2026-01-05T13:00:00.000Z', 'Australia/Sydney', '2026-01-06'],
    ['2026-12-31T23:59:59.999Z', 'UTC', '2026-12-31'],
    ['2026-01-01T00:00:00.000Z', 'Pacific/Honolulu', '2025-12-31'],
    ['2026-01-01T00:00:00.000Z', 'Pacific/Kiritimati', '2026-01-01'],
  ])('%s in %s is %s', (instant, timezone, date) => {
    expect(dateOf('today', null, at(instant, timezone))).toBe(date)
  })
})

describe('over a change of the clocks', () => {
  // The days around every change of 2026 in three zones, on both halves of the world.
  const changes: [string, string, string][] = [
    ['America/New_York', '2026-03-08', 'forward'],
    ['America/New_York', '2026-11-01', 'back'],
    ['Europe/London', '2026-03-29', 'forward'],
    ['Europe/London', '2026-10-25', 'back'],
    ['Australia/Sydney', '2026-10-04', 'forward'],
    ['Australia/Sydney', '2026-04-05', 'back'],
  ]

  it.each(changes)('in %s on %s (%s), each hour has its day, and tomorrow is the next', (timezone, date) => {
    const noon = Date.parse(`${date}T12:00:00Z`)
    const days: string[] = []
    for (let hour = -48; hour <= 48; hour++) {
      const calendar = { now: noon + hour * 3_600_000, timezone, country: 'US' }
      const today = dateOf('today', null, calendar)
      const next = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
      expect(dateOf('tomorrow', null, calendar)).toBe(next)
      expect(dateOf('+1 day', null, calendar)).toBe(next)
      expect(dateOf('-1 day', next, calendar)).toBe(today)
      days.push(today)
    }
    expect(days).toEqual([...days].sort())
    const hours = days.filter(day => day === date).length
    expect(hours === 23 || hours === 25).toBe(true)
  })
})

describe('business days', () => {
  const someDay = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay()

  it('never end on a weekend', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 1, max: 300 }), fc.constantFrom('+', '-'), (day, count, sign) => {
        const date = dateOf(`${sign}${count} business days`, day.toISOString().slice(0, 10), friday)
        expect([1, 2, 3, 4, 5]).toContain(weekday(date))
      }),
    )
  })

  it('are five a week', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 1, max: 50 }), (day, weeks) => {
        const from = dateOf('monday', day.toISOString().slice(0, 10), friday)
        expect(dateOf(`+${weeks * 5} business days`, from, friday)).toBe(dateOf(`+${weeks} weeks`, from, friday))
      }),
    )
  })
})
