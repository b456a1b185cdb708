import { describe, expect, it } from 'vitest'
import { isNobodys, lettersDialled } from '../../../src/lib/text/digits.ts'

describe('a number in letters', () => {
  it.each([
    ['1-800-FLOWERS', '18003569377'],
    ['1-800-flowers', '18003569377'],
    ['(888) 555-LAWS', '8885555297'],
    ['212-555-LAWS', '2125555297'],
    ['+1 800 GO FEDEX', '+18004633339'],
    ['1-800-CALL-NOW-LAW', '18002255669'],
    ['212-555-0147', null],
    ['212-555-0147 ext 5', null],
    ['800 main street', null],
    ['212 lawyers', null],
    ['none', null],
  ])('%s', (text, digits) => expect(lettersDialled(text)).toBe(digits))
})

describe('digits', () => {
  it.each(['0', '0000000', '0000000000', '10000000000', '5555555555', '1234567890'])('%s are nobody’s', digits =>
    expect(isNobodys(digits)).toBe(true),
  )
  it.each(['2125550147', '22222222', '5551234', '12125550147', '8888888'])('%s may be somebody’s', digits =>
    expect(isNobodys(digits)).toBe(false),
  )
})
