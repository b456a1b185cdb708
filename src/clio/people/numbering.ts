import {
  type CountryCode,
  isSupportedCountry as isIn,
  type MetadataJson,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core/es6'
import plans from './numbering-plans.json' with { type: 'json' }

/** Numbering plans of the world: libphonenumber with the parts of its metadata that are used here (`npm run docs` makes them). */
const rows: Readonly<Record<string, readonly unknown[]>> = plans.countries
/** Of each calling code the countries that have it, the one first that it is most likely to be. */
const codes = Object.groupBy(Object.keys(rows), country => String(rows[country]![0]))
const metadata = { ...plans, country_calling_codes: { ...codes } } as unknown as MetadataJson

/** Whether there is a country of this code (ISO 3166-1 alpha-2). */
export const isCountry = (code: string): code is CountryCode => isIn(code as CountryCode, metadata)

/**
 * The number that a text is, valid or not; null when it is none.
 * @param country ISO 3166-1 alpha-2; left out: the text begins with +
 */
export function readNumber(text: string, country?: string): PhoneNumber | null {
  const read =
    country === undefined
      ? parsePhoneNumberFromString(text, metadata)
      : parsePhoneNumberFromString(text, country as CountryCode, metadata)
  return read ?? null
}
