import { fold } from '../text/fold.ts'

/** Seconds of a unit by how it begins: hours are also `Std.` and `ore`. */
const worthOf = (unit: string): number => (unit.startsWith('m') ? 60 : /^s(?!t)/.test(unit) ? 1 : 3600)

/** In English, Spanish, French, German and Italian. */
const amount =
  /(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})\s{0,9}(hours?|hrs?|horas?|heures?|or[ae]|stunden?|std|h|minut[a-z]{0,2}|mins?|m|seconds?|secs?|segundos?|s)(?![a-z])[\s,.]*/g

/**
 * Seconds of a duration as people and programs write it: `1h 30m`, `90m`, `1:30` and `1h30` (hours and minutes), `1:30:00`, `1.5h`, `.3h`,
 * `1 hour and 30 minutes`, `1½ hours`, `half an hour`, `PT1H30M`; null when it is none. A bare number is none: nobody knows its unit.
 */
export function durationSeconds(text: string): number | null {
  const plain = fold(text)
    .trim()
    .replace(/^pt(?=\d)/, '')
    .replace(/(?<=\d),(?=(?:5|[257]5|50)\D)/, '.')
    .replace(/\s?½| ?\b1\/2(?= h)/, '.5')
    .replace(/\bhalf an? (?=h)/, '.5 ')
    .replace(/^(?:an?|one) (?=h)/, '1 ')
    .replace(/(?<=[a-z]\.?) (?:and|y|und|et|e) (?=\d)/g, ' ')
  const clock = /^(\d{1,3})(?::|h)([0-5]\d)(?::([0-5]\d))?$/.exec(plain)
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)
  const parts = [...plain.matchAll(amount)]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== plain) return null
  const worth = parts.map(([, , unit = '']) => worthOf(unit))
  // Each unit once: “2h 2h” is a slip.
  if (new Set(worth).size < parts.length) return null
  return Math.round(parts.reduce((sum, [, number], at) => sum + Number(number) * worth[at]!, 0))
}
