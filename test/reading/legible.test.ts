import fc from 'fast-check'
import { expect, it } from 'vitest'
import { legible } from '../../src/reading/legible.ts'

it.each([
  ['\u200bNora\ufeff', 'Nora'],
  ['No\u00adra', 'Nora'],
  ['\u202eNora\u202c', 'Nora'],
  ['Nora\0\u0007', 'Nora'],
  ['half a picture \ud83d', 'half a picture'],
  ['one\vtwo\u2028three', 'one\ntwo\nthree'],
  ['one\ttwo\r\nthree', 'one\ttwo\r\nthree'],
  ['O\u0092Dell', 'O’Dell'],
  ['RenÃ© Muâ€™oz', 'René Mu’oz'],
  ['Ð\u009dÐ¾Ñ\u0080Ð°', 'Нора'],
  ['👩\u200d👧 👍🏽', '👩\u200d👧 👍🏽'],
  ['SÃO PAULO', 'SÃO PAULO'],
  ['René Muñoz', 'René Muñoz'],
  ['Ã© und 李', 'Ã© und 李'],
])('of %j is %j', (text, read) => expect(legible(text)).toBe(read))

it('leaves no control, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(legible(text)).not.toMatch(/(?![\t\n\r])\p{Cc}|\p{Cs}/u)
    }),
    { numRuns: 30 },
  )
})
