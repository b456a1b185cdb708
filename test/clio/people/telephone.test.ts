import { describe, expect, it } from 'vitest'
import { matching, wantedOf } from '../../../src/clio/people/contact.ts'
import { dialledText, plainPhone, plainPhones } from '../../../src/clio/people/telephone.ts'

describe('a telephone number', () => {
  it.each<[string, string[]]>([
    ['(212) 555-0143', ['+12125550143']],
    ['+44 20 7946 0958', ['+442079460958']],
    ['212-555-0143 / 917-555-0199', ['+12125550143', '+19175550199']],
    ['212-555-0143 or 917-555-0199', ['+12125550143', '+19175550199']],
    ['212-555-0143, 917-555-0199', ['+12125550143', '+19175550199']],
    ['212-555-0143\n917-555-0199', ['+12125550143', '+19175550199']],
    ['212-555-0143; 212-555-0143', ['+12125550143']],
    ['(212) 555-0143 (917) 555-0199', ['+12125550143', '+19175550199']],
    ['Cell 212-555-0143 Home 917-555-0199', ['+12125550143', '+19175550199']],
    ['212-555-0143 & 917-555-0199', ['+12125550143', '+19175550199']],
    ['Call me at 212-555-0143 after 5pm', ['+12125550143']],
    ['212_555_0143', ['+12125550143']],
    ['+(212) 555-0143', ['+12125550143']],
    ['+1+12125550143', ['+12125550143']],
    ['001-212-555-0143', ['+12125550143']],
    ['+52 1 55 1234 5678', ['+525512345678']],
    ['21255501431', []],
    ['555-0143', []],
    ['none', []],
  ])('%j has %j', (text, numbers) => {
    expect(plainPhones(text, 'US')).toEqual(numbers)
    expect(plainPhone(text, 'US')).toBe(numbers[0] ?? null)
  })

  it('is kept as it came where nobody could dial it, and is none without a digit', () => {
    expect(dialledText('555-0143', 'US')).toBe('555-0143')
    expect(dialledText('(212) 555-0143 x45', 'US')).toBe('+12125550143 ext. 45')
    expect(dialledText('call my office', 'US')).toBeNull()
    expect(dialledText('212-555-0143 press 2', 'US')).toBe('+12125550143 ext. 2')
  })
})

describe('a company that is known', () => {
  const phone_numbers = [{ number: '212-555-0143' }]
  const found = (name: string, standing: string) => {
    const wanted = wantedOf({ type: 'Company', name, phone_numbers }, ['phone_numbers'], 'US')
    return matching(wanted, [{ id: 1, type: 'Company', name: standing, phone_numbers }], 'US').length
  }

  it.each([
    ['Acorn Widgets, LLC', 'Acorn Widgets LLC'],
    ['Acorn Widgets L.L.C.', 'Acorn Widgets, LLC'],
    ['Acorn Widgets', 'Acorn Widgets, Inc.'],
  ])('as “%s” is “%s”', (name, standing) => {
    expect(found(name, standing)).toBe(1)
  })

  it.each([
    ['Acorn Widgets, LLC', 'Acorn Widgets, Inc.'],
    ['Acorn Widgets', 'Acorn Gadgets'],
  ])('as “%s” is not “%s”', (name, standing) => {
    expect(found(name, standing)).toBe(0)
  })
})
