import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { booleanOf, convert, dateOf, numberOf, timeOf } from '../../../src/clio/names/convert.ts'
import type { Json } from '../../../src/lib/json.ts'
import { Park } from '../../../src/model/intent.ts'

const zone = 'America/New_York'
const made = (value: Json, kind: string) => convert(value, kind, 'tasks.x', { timezone: zone, country: 'US' })

describe('kinds', () => {
  test.each<[Json, string, Json]>([
    ['Ann', 'text', 'Ann'],
    [7, 'text', '7'],
    [true, 'text', 'true'],
    [['Wills', 'Trusts'], 'text', 'Wills, Trusts'],
    ['7', 'integer', 7],
    [' 7 ', 'integer', 7],
    ['1,234', 'integer', 1234],
    ['1,234,567.50', 'number', 1_234_567.5],
    ['-2.5', 'number', -2.5],
    ['1.234,50 €', 'number', 1234.5],
    ['5k', 'integer', 5000],
    ['($50.00)', 'number', -50],
    [2.5, 'number', 2.5],
    ['yes', 'boolean', true],
    ['On', 'boolean', true],
    ['0', 'boolean', false],
    [0, 'boolean', false],
    [false, 'boolean', false],
    ['2026-10-15', 'date', '2026-10-15'],
    ['2026-10-15T23:30:00-04:00', 'date', '2026-10-15'],
    ['2026-10-16T03:30:00Z', 'date', '2026-10-15'],
    ['10/15/2026', 'date', '2026-10-15'],
    ['15/10/2026', 'date', '2026-10-15'],
    ['October 15, 2026', 'date', '2026-10-15'],
    ['10/15/2026 2:30 PM', 'time', '2026-10-15T18:30:00Z'],
    ['2026-10-15T14:00:00-04:00', 'time', '2026-10-15T18:00:00Z'],
    ['2026-10-15T14:00:00-0400', 'time', '2026-10-15T18:00:00Z'],
    ['2026-10-15T18:00:00.250Z', 'time', '2026-10-15T18:00:00.250Z'],
    ['2026-10-15T14:00', 'time', '2026-10-15T18:00:00Z'],
    ['2026-10-15 14:00:05', 'time', '2026-10-15T18:00:05Z'],
    ['2026-10-15', 'time', '2026-10-15T04:00:00Z'],
    [{ any: [1] }, 'json', { any: [1] }],
    ['high', 'High|Normal|Low', 'High'],
    [' LOW ', 'High|Normal|Low', 'Low'],
    ['OPEN', 'open|pending|closed', 'open'],
    ['timeentry', 'TimeEntry|ExpenseEntry', 'TimeEntry'],
    ['Zoom', '|zoom', 'zoom'],
  ])('%j as %s is %j', (value, kind, written) => {
    expect(made(value, kind)).toEqual(written)
  })

  test.each<[Json, string, string]>([
    [null, 'text', 'a single value'],
    [{ id: 'Xyzzy' }, 'text', 'a single value'],
    [[{ id: 'Xyzzy' }], 'text', 'a single value'],
    ['Xyzzy', 'integer', 'a whole number'],
    ['1.5', 'integer', 'a whole number'],
    ['12345678901234567890', 'integer', 'a whole number'],
    ['1,2,3', 'number', 'a number'],
    ['500-700', 'number', 'a number'],
    ['about 500', 'number', 'a number'],
    ['0x10', 'number', 'a number'],
    ['1e3', 'number', 'a number'],
    ['', 'number', 'a number'],
    ['Xyzzy', 'boolean', 'true or false'],
    ['constructor', 'boolean', 'true or false'],
    ['__proto__', 'boolean', 'true or false'],
    ['2026-02-30', 'date', 'a date'],
    ['2026-13-01', 'date', 'a date'],
    ['31/15/2026', 'date', 'a date'],
    ['about March', 'date', 'a date'],
    ['March 2026', 'date', 'a date'],
    ['2026-02-30T10:00:00Z', 'time', 'a date and time'],
    ['2026-02-30', 'time', 'a date and time'],
    ['2026-10-15T25:00', 'time', 'a date and time'],
    ['Xyzzy', 'time', 'a date and time'],
    ['Xyzzy', 'High|Normal|Low', 'one of High, Normal, Low'],
    ['', 'open|closed', 'one of open, closed'],
  ])('%j is no %s, and the message says what is wanted', (value, kind, wants) => {
    expect(() => made(value, kind)).toThrow(Park)
    expect(() => made(value, kind)).toThrow(`tasks.x wants ${wants}`)
  })

  test('the message never quotes the value', () => {
    for (const kind of ['integer', 'number', 'boolean', 'date', 'time', 'High|Low', 'text']) {
      const value = kind === 'text' ? { id: 'Xyzzy' } : 'Xyzzy'
      expect(() => made(value, kind)).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/xyzzy/i) }))
    }
  })
})

describe('wall clocks', () => {
  test.each([
    ['2026-01-15T09:00', zone, '2026-01-15T14:00:00Z'],
    ['2026-07-15T09:00', zone, '2026-07-15T13:00:00Z'],
    // The night in which the clocks go forward leaves 02:30 out; the night in which they go back has 01:30 twice.
    ['2026-03-08T02:30', zone, '2026-03-08T07:30:00Z'],
    ['2026-11-01T01:30', zone, '2026-11-01T05:30:00Z'],
    ['2026-11-01T02:00', zone, '2026-11-01T07:00:00Z'],
    ['2026-03-29T09:00', 'Europe/London', '2026-03-29T08:00:00Z'],
    ['2026-10-04T09:00', 'Australia/Sydney', '2026-10-03T22:00:00Z'],
    ['2026-10-15T09:00', 'Asia/Kolkata', '2026-10-15T03:30:00Z'],
  ])('%s in %s is %s', (local, timezone, utc) => {
    expect(timeOf(local, timezone, 'US')).toBe(utc)
  })

  test.each([
    ['2026-03-08T04:59:59Z', zone, '2026-03-07'],
    ['2026-03-08T05:00:00Z', zone, '2026-03-08'],
    ['2026-03-09T03:59:59Z', zone, '2026-03-08'],
    ['2026-03-09T04:00:00Z', zone, '2026-03-09'],
    ['2026-03-08T02:30', zone, '2026-03-08'],
    ['2026-04-24T00:30', 'Africa/Cairo', '2026-04-24'],
    ['2026-10-15T13:00:00Z', 'Pacific/Auckland', '2026-10-16'],
  ])('the calendar shows at %s in %s: %s', (instant, timezone, date) => {
    expect(dateOf(instant, timezone, 'US')).toBe(date)
  })

  test('a leap day is a day in a leap year only', () => {
    expect(dateOf('2028-02-29', zone, 'US')).toBe('2028-02-29')
    expect(dateOf('2026-02-29', zone, 'US')).toBeNull()
  })
})

describe('whatever comes', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.string(),
    fc.date({ noInvalidDate: false }).map(String),
  ) as fc.Arbitrary<Json>
  const kinds = ['text', 'integer', 'number', 'boolean', 'date', 'time', 'json', 'High|Normal|Low', '|zoom']

  test('a value is of its kind, or a person is asked; nothing else is thrown', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...kinds), (value, kind) => {
        try {
          const written = made(value, kind)
          if (kind === 'integer') expect(Number.isSafeInteger(written)).toBe(true)
          if (kind === 'boolean') expect(typeof written).toBe('boolean')
          if (kind === 'date') expect(written).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        } catch (error) {
          expect(error).toBeInstanceOf(Park)
        }
      }),
    )
  })

  test('what was written is written the same again', () => {
    const text = fc.stringMatching(/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/)
    fc.assert(
      fc.property(text, written => {
        const [date, time] = [dateOf(written, zone, 'US'), timeOf(written, zone, 'US')]
        if (date !== null) expect(dateOf(date, zone, 'US')).toBe(date)
        if (time !== null && /^\d{4}-/.test(time)) expect(timeOf(time, zone, 'US')).toBe(time)
      }),
    )
  })

  test('numbers and truths read text as people write it', () => {
    fc.assert(fc.property(fc.integer(), n => numberOf(n.toLocaleString('en-US')) === n))
    fc.assert(fc.property(fc.string(), text => [true, false, null].includes(booleanOf(text))))
  })
})
