import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * The world's numbering plans as libphonenumber has them, without the ways of writing numbers down in groups: 20 KiB gzipped become 11.
 * Kept where Clio is sold, and for those of whose people its address books hold most: they are searched for such groups (`spellings`).
 */
const groupedCountries = new Set(['US', 'GB', 'IE', 'AU', 'NZ', 'MX', 'ES', 'FR'])

/** Where the ways of writing stand in a country's row of the library's metadata. */
const formats = 4

type Row = unknown[]
interface Metadata {
  readonly country_calling_codes: Readonly<Record<string, readonly string[]>>
  readonly countries: Readonly<Record<string, Row>>
  readonly nonGeographic?: unknown
}

export const numberingFile = join(import.meta.dirname, '../../src/clio/people/numbering-plans.json')

export function numberingPlans(): string {
  const { resolve } = createRequire(import.meta.url)
  const metadata = JSON.parse(readFileSync(resolve('libphonenumber-js/metadata.min.json'), 'utf8')) as Metadata
  // Without the numbers of no country, such as those of satellites: they stay as they are written.
  const { country_calling_codes, countries, nonGeographic: _, ...rest } = metadata
  // Those of one calling code stand in the order in which the library tries them: so the codes need not be told besides.
  const ordered = Object.values(country_calling_codes)
    .flat()
    .map(name => [name, countries[name]!.map((part, at) => (at === formats && !groupedCountries.has(name) ? 0 : part))])
  return `${JSON.stringify({ ...rest, countries: Object.fromEntries(ordered) })}\n`
}

/** `npm run docs`: after the library was brought up to date. */
if (import.meta.main) writeFileSync(numberingFile, numberingPlans())
