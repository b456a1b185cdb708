import { readFileSync } from 'node:fs'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { type CountryCode, getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { describe, expect, it } from 'vitest'
import { isCountry, readNumber } from '../../src/clio/people/numbering.ts'
import { numberingFile, numberingPlans } from './numbering.ts'

const ofNoCountry = /^\+(?:8(?:00|08|7[08]|8[1238])|979)/

describe("the world's numbering plans", () => {
  it('are those of the library as it is installed (`npm run docs`)', () => {
    expect(JSON.parse(readFileSync(numberingFile, 'utf8'))).toEqual(JSON.parse(numberingPlans()))
  })

  it('read every number as the whole library reads it, in each of its countries', () => {
    const countries = getCountries()
    expect(countries.length).toBeGreaterThan(200)
    for (const country of countries) {
      expect(isCountry(country)).toBe(true)
      const example = (examples as Record<string, string>)[country] ?? '5550100'
      for (const text of [example, `0${example}`, `${example}9`, example.slice(1), `+${example}`, `1${example}`]) {
        const whole = parsePhoneNumberFromString(text, country as CountryCode)
        const ours = readNumber(text, country)
        // Numbers of no country are left out.
        if (ofNoCountry.test(text)) continue
        expect([ours?.number, ours?.country, ours?.isValid()], `${country} ${text}`).toEqual([
          whole?.number,
          whole?.country,
          whole?.isValid(),
        ])
      }
    }
    expect(isCountry('XX')).toBe(false)
  })
})
