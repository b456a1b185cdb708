import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationSeconds } from '../../../src/lib/time/duration.ts'

test.each([
  ['1h 30m', 5400],
  ['1h30m', 5400],
  ['1h30', 5400],
  ['1:30', 5400],
  ['90m', 5400],
  ['1.5h', 5400],
  ['.3h', 1080],
  ['45 min', 2700],
  ['2 hours', 7200],
  ['1 hr, 5 mins', 3900],
  ['1 Hour 10 Minutes 5 Seconds', 4205],
  ['30s', 30],
  ['  0:06 ', 360],
  ['0.1h', 360],
  ['1 hour and 30 minutes', 5400],
  ['1h and 2m', 3720],
  ['1,5h', 5400],
  ['1½ hours', 5400],
  ['1 1/2 hours', 5400],
  ['1/2 hour', 1800],
  ['half an hour', 1800],
  ['an hour', 3600],
  ['90 mins.', 5400],
  ['1:30:00', 5400],
  ['00:00:45', 45],
  ['PT1H30M', 5400],
  ['1 hora y 30 minutos', 5400],
  ['1 Std. 30 Min.', 5400],
  ['1 heure', 3600],
])('“%s” is %i seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds)
})

test.each([
  '',
  '2',
  '1.5',
  '90',
  '1:75',
  '1:3',
  '2h 2h',
  '1h -30m',
  '1,30h',
  '1,500h',
  '5 months',
  '1h and a bit',
  '1:30:75',
  'PT',
  'h',
  '1h2',
])('“%s” is none', text => {
  expect(durationSeconds(text)).toBeNull()
})

test('whatever it is, it is whole seconds or nothing', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d.:hms ]{0,12}$/))
  fc.assert(
    fc.property(text, each => {
      const seconds = durationSeconds(each)
      return seconds === null || (Number.isSafeInteger(seconds) && seconds >= 0)
    }),
  )
  fc.assert(fc.property(fc.nat(900), fc.nat(59), (h, m) => durationSeconds(`${h}h ${m}m`) === h * 3600 + m * 60))
})
