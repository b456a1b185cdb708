import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateAt, instantAt, isRealDate, wallClock } from '../../../src/lib/time/time.ts'

const zones = ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Cairo', 'UTC']
const at = (text: string) => Date.parse(text)

describe('between instants and wall clocks', () => {
  test.each([
    ['2026-03-08T06:59:59Z', 'America/New_York', '2026-03-08T01:59:59'],
    ['2026-03-08T07:00:00Z', 'America/New_York', '2026-03-08T03:00:00'],
    ['2026-01-01T00:00:00Z', 'Asia/Kathmandu', '2026-01-01T05:45:00'],
    ['2026-01-01T05:00:00Z', 'America/New_York', '2026-01-01T00:00:00'],
  ])('at %s a clock in %s shows %s', (instant, zone, shown) => {
    expect(wallClock(at(instant), zone)).toBe(shown)
    expect(dateAt(at(instant), zone)).toBe(shown.slice(0, 10))
  })

  test.each([
    [
      'a time that summer time leaves out is moved forward',
      '2026-03-08T02:30',
      'America/New_York',
      '2026-03-08T07:30:00Z',
    ],
    ['of a time that comes twice, the first', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['half an hour of summer time', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['midnight left out', '2026-04-24T00:00', 'Africa/Cairo', '2026-04-23T22:00:00Z'],
  ])('%s', (_, local, zone, instant) => {
    expect(instantAt(local, zone)).toBe(at(instant))
  })

  test('what a clock shows is when it shows it', () => {
    const instant = fc.integer({ min: at('1990-01-01T00:00:00Z') / 1000, max: at('2060-01-01T00:00:00Z') / 1000 })
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (seconds, zone) => {
        const shown = wallClock(seconds * 1000, zone)
        const again = instantAt(shown, zone)!
        // In the hour that comes twice, the first of the two shows the same.
        expect(wallClock(again, zone)).toBe(shown)
        expect(again).toBeLessThanOrEqual(seconds * 1000)
      }),
    )
  })

  test('what is no time has no instant', () => {
    expect(instantAt('soon', 'UTC')).toBeNull()
    expect(instantAt('2026-10-15T25:00', 'UTC')).toBeNull()
  })
})

test('dates that the calendar has', () => {
  expect(['2028-02-29', '2026-12-31'].map(isRealDate)).toEqual([true, true])
  expect(['2026-02-29', '2026-02-30', '2026-13-01', '2026-00-10', 'soon'].map(isRealDate)).toEqual(Array(5).fill(false))
})
