import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf, writtenDate } from '../../../src/lib/time/written-date.ts'

const day = (text: string, country = 'US') => {
  const written = writtenDate(text, country)
  return written === null || written === 'impossible' ? written : written.day
}

describe('a date as people write it', () => {
  it.each([
    '2026-03-05',
    '2026/3/5',
    '2026.03.05',
    '03/05/2026',
    '3/5/26',
    '3-5-2026',
    '03 / 05 / 2026',
    'March 5, 2026',
    'march 5 2026',
    'Mar. 5, 2026',
    'March 5th, 2026',
    'Thursday, March 5, 2026',
    'on March 5, 2026',
    '5 March 2026',
    '5th of March 2026',
    '5th of March, 2026',
    'the 5th of March 2026',
    '5-Mar-2026',
    '5-Mar-26',
    '2026 March 5',
    '5 de marzo de 2026',
    'jueves, 5 de marzo de 2026',
    '5 de marzo del 2026',
    '5 de março de 2026',
    'quinta-feira, 5 de março de 2026',
    '5 mars 2026',
    'jeudi 5 mars 2026',
    '5. März 2026',
    '5 marzo 2026',
    '5 maart 2026',
    '5 marca 2026',
    '5 марта 2026',
    '5 марта 2026 г.',
    '2026年3月5日',
    '2026년 3월 5일',
    '3/5/2026 2:30 PM',
    'March 5, 2026 at 2:30 pm',
    'Thu Mar 05 2026 00:00:00 GMT-0500 (Eastern Standard Time)',
    'Thu, 05 Mar 2026 00:00:00 +0000',
    '1772668800000',
    '05.03.2026',
    '２０２６年３月５日',
    '03 05 2026',
    '05MAR2026',
    'Mar5,2026',
    '3/5/2026.',
    '"3/5/2026"',
    '03/05/2026 (Thursday)',
    '5th day of March, 2026',
    'ngày 5 tháng 3 năm 2026',
    '2026年3月5日(木)',
    '٥/٣/٢٠٢٦',
    '5\u200f/3\u200f/2026',
    '\u200e3\u200e/\u200e5\u200e/\u200e2026',
    '1772668800',
    '46086',
    '/Date(1772668800000)/',
    '2026-03-05 14:30:00 +0000 UTC',
    '2026-03-05T14:30:00-05:00[America/New_York]',
    '2026-03-05Z',
    '2026-03-05+01:00',
    '20260305T143000Z',
    'Thu Mar 05 00:00:00 UTC 2026',
    'Thu Mar  5 14:30:00 2026',
    '03‐05‐2026',
    '2026‑03‑05',
    '5 marca 2026 r.',
    'March the 5th 2026',
  ])('%s is the fifth of March to an American firm', text => {
    expect(day(text)).toBe('2026-03-05')
  })

  it.each(['GB', 'DE', 'AU', 'CA', 'MX'])('has its day first in %s', country => {
    expect(day('05/03/2026', country)).toBe('2026-03-05')
    expect(day('05/03/26', country)).toBe('2026-03-05')
  })

  it('of which one number can only be the day is read by that', () => {
    expect(day('25/12/2026', 'US')).toBe('2026-12-25')
    expect(day('12/25/2026', 'GB')).toBe('2026-12-25')
  })

  it('has years of two digits up to twenty years ahead', () => {
    expect(day('1/2/85')).toBe('1985-01-02')
    expect(day('1/2/30')).toBe('2030-01-02')
  })

  it.each([
    '',
    'not sure',
    'about March',
    'March 2026',
    'spring 2026',
    'March 5',
    '5',
    '2026',
    '3/5',
    'asap',
    'May',
    'n/a',
    '2125550143',
    '555-0143',
    'Suite 3/5/2026',
    'between 3/5/2026 and 3/9/2026',
  ])('“%s” is none', text => expect(day(text)).toBeNull())

  it.each([
    '2026-02-30',
    '2/30/2026',
    '31/31/2026',
    'February 30, 2026',
    '2026-13-01',
    '2026-03-05T25:00',
    '3/5/2026 13:30 pm',
    '0026-03-05',
    '0001-01-01',
    '1404/12/14',
    '12/31/9999',
  ])('%s is none that the calendar has', text => expect(day(text)).toBe('impossible'))
})

describe('the time of day behind it', () => {
  it.each([
    ['3/5/2026 2:30 PM', '14:30'],
    ['March 5, 2026 at 9am', '09:00'],
    ['2026-03-05 14:30', '14:30'],
    ['5. März 2026 um 14:30 Uhr', '14:30'],
    ['5 de marzo de 2026 a las 14:30', '14:30'],
    ['2026-03-05T14:30:05', '14:30:05'],
    ['March 5, 2026 12:00 am', '00:00'],
    ['March 5, 2026', null],
    ['March 5, 2026 @ 2:30 PM', '14:30'],
    ['2:30 PM 3/5/2026', '14:30'],
    ['2:30 pm on March 5, 2026', '14:30'],
    ['Thu Mar 05 14:30:00 EST 2026', '14:30:00'],
    ['20260305T143000', '14:30:00'],
  ])('of %s is %s', (text, clock) => {
    expect(writtenDate(text, 'US')).toMatchObject({ day: '2026-03-05', clock })
  })

  it('is an instant with an offset, else a clock of the zone', () => {
    const at = (text: string) => {
      const written = writtenDate(text, 'US')
      return written === null || written === 'impossible' ? null : instantOf(written, 'America/New_York')
    }
    expect(at('2026-03-05T14:30:00Z')).toBe(Date.UTC(2026, 2, 5, 14, 30))
    expect(at('2026-03-05T14:30:00-05:00')).toBe(Date.UTC(2026, 2, 5, 19, 30))
    expect(at('3/5/2026 2:30 PM')).toBe(Date.UTC(2026, 2, 5, 19, 30))
    expect(at('1772681400000')).toBe(1772681400000)
    expect(at('March 5, 2026')).toBeNull()
  })
})

describe('whatever stands there', () => {
  it('is a day that the calendar has, or none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        const written = writtenDate(text, 'US')
        if (written !== null && written !== 'impossible') expect(written.day).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      }),
      { numRuns: 50 },
    )
  })
})
