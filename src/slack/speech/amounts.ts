import { durationSeconds } from '../../lib/time/duration.ts'
import type { Text } from './text.ts'

/** How long, and how much: as people write them in a hurry. */

/** What stands there, or the question that it raises. */
export type Taken<T> = { readonly value: T } | { readonly question: string }

const hour = 3600
const unit = '(?:hours?|hrs?|h|minutes?|mins?|m)'
const number = '(?:\\d+(?:[.,]\\d+)?|[.,]\\d+)'
const spelled: readonly (readonly [RegExp, number])[] = [
  [/\b(?:an|one) hour and (?:a|one) half\b/i, 1.5 * hour],
  [/\bhalf (?:an )?hour\b/i, hour / 2],
  [/\b(?:a )?quarter (?:of an )?hour\b/i, hour / 4],
  [/\b(?:an|one) hour\b/i, hour],
]
/** Minutes stand without their unit only behind whole hours, in two digits: `90m 61` is 90 minutes on matter 61, `1.5h 30 emails` how many. */
const minutes = '(?:(?<=(?<![\\d.,])\\d{1,3}\\s?(?:h|hrs?|hours?))\\s?[0-5]\\d(?!\\s+[a-z]+s\\b))?'
const withUnit = new RegExp(
  `(?:\\bfor )?(?<![\\w.,:/$-])(-?\\s?${number}\\s?${unit}(?:[\\s,]*(?:and )?${number}\\s?${unit})*${minutes})(?![\\w/-])`,
  'i',
)
const clock = /(?:\bfor )?(?<![\w.:/-])(-?)(\d{1,3}):([0-5]\d)(?:\s?h(?:rs?|ours?)?)?(?![\w:]|\s?[ap]\.?m)/i
/** Tenths of an hour, as time is billed: `.3`, `1.5`. */
const tenths = /(?<![\w.,:/$€£-])(-?)(\d{0,3}[.,]\d{1,2})(?![\w.,:/%-])/
const bare = /(?<![\w.,:/$€£-])(\d{1,2})(?![\w.,:/%-])/

/**
 * Seconds of work. `null`: no duration is there.
 * @param plain whether one without a unit counts: `1.5` (hours), `1:30`
 */
export function takeDuration(text: Text, plain = true): Taken<number> | null {
  const seconds = secondsIn(text, plain)
  if (seconds !== null) return checked(seconds)
  const lonely = plain ? bare.exec(text.left) : null
  if (!lonely) return null
  const n = lonely[1]!
  if (Number(n) === 0) return checked(0)
  if (Number(n) > 24) return { question: `Is “${n}” minutes? Write \`${n}m\`.` }
  return { question: `Is “${n}” hours or minutes? Write \`${n}h\` or \`${n}m\`.` }
}

function secondsIn(text: Text, plain: boolean): number | null {
  for (const [words, seconds] of spelled) if (text.take(words)) return seconds
  const united = text.take(withUnit)
  if (united) return secondsOf(united[1]!)
  if (!plain) return null
  const [at, point] = [clock, tenths].map(one => one.exec(text.left)?.index ?? Number.POSITIVE_INFINITY)
  const colon = at! < point! ? text.take(clock) : null
  if (colon) return (colon[1] ? -1 : 1) * (Number(colon[2]) * hour + Number(colon[3]) * 60)
  const decimal = text.take(tenths)
  return decimal ? Math.round((decimal[1] ? -1 : 1) * Number(decimal[2]!.replace(',', '.')) * hour) : null
}

function secondsOf(written: string): number | null {
  const negative = written.startsWith('-')
  const plain = written
    .replace(/^-\s?/, '')
    .replace(/(\d),(\d)/g, '$1.$2')
    .replace(/^,(\d)/, '.$1')
    .replace(/\band /gi, '')
    .replace(/(\d\s?h)\s?(\d{1,2})$/i, '$1 $2m')
  const seconds = durationSeconds(plain)
  return seconds === null ? null : negative ? -seconds : seconds
}

const range =
  /(?:\bfrom )?(?<![\w.,:/$-])(\d{1,2})(?::([0-5]\d))?\s?(?:([ap])\.?m\.?)?\s?(?:-|to|until|till)\s?(\d{1,2})(?::([0-5]\d))?\s?(?:([ap])\.?m\.?)?(?![\w:/.,]|\s?(?:h|hrs?|hours?|m|mins?|minutes?)\b)/i

/** How long it is from one time of day to another: `9:00-10:30`, `from 11 to 1:15pm`. Null without a colon, `am` or `pm`: `1-2` is something else. */
export function takeRange(text: Text): Taken<number> | null {
  const found = range.exec(text.left)
  const [, hour1, minute1 = 0, half1, hour2, minute2, half2] = found ?? []
  // `1:30 - 3 calls` is a length, and what it was for.
  if (!found || (minute2 ?? half1 ?? half2) === undefined || Number(hour1) > 24 || Number(hour2) > 24) return null
  const at = (hour: string | undefined, minute: string | number, half: string | undefined) =>
    ((half ? Number(hour) % 12 : Number(hour)) + (/p/i.test(half ?? '') ? 12 : 0)) * 60 + Number(minute)
  const [from, to] = [at(hour1, minute1, half1 ?? half2), at(hour2, minute2 ?? 0, half2 ?? half1)]
  // Only one half of the day was said: 11 to 1pm begins in the other.
  const later = to > from ? to : to + (half1 && half2 ? 24 : 12) * 60
  text.cut(found.index, found.index + found[0].length)
  return checked((later - from) * 60)
}

function checked(seconds: number): Taken<number> {
  if (seconds < 0) return { question: 'Time cannot be less than nothing. Write it as `1.5h`, `90m`, `1:30` or `.3`.' }
  if (seconds === 0)
    return { question: 'That is no time at all. How long was it? Write `1.5h`, `90m`, `1:30` or `.3`.' }
  if (seconds > 24 * hour)
    return { question: 'That is more than a day has. Write at most `24h`, one entry for each day.' }
  return { value: seconds }
}

const digits = '\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:[.,]\\d+)?|\\.\\d+'
const priced = new RegExp(
  `(?<![\\w.,])(-?)(?:[$€£]\\s?|(?:usd|cad|eur|gbp|aud)\\s?)(-?)(${digits})(?![\\w]|[.,]\\d)`,
  'i',
)
const behind = new RegExp(
  `(?<![\\w.,$-])(-?)(${digits})\\s?(?:[$€£]|usd\\b|cad\\b|eur\\b|gbp\\b|aud\\b|dollars?\\b|bucks\\b)`,
  'i',
)
const cents = /(?<![\w.,:/-])(-?)(\d{1,3}(?:,\d{3})+\.\d+|\d*[.,]\d{1,2}|\d+\.\d+)(?![\w.,:/%-])/
/** No number of things: `12 miles` cost something else. */
const whole =
  /(?<![\w.,:/#-])(-?)(0|[1-9]\d{0,6})(?![\w.,:/%-]|\s?(?:miles?|mi|km|hours?|hrs?|minutes?|mins?|nights?|days?)\b)/i

/** A number at the beginning, or else one behind which no things are counted: `for 3 documents 45`. */
const foremost = new RegExp(`^${whole.source}`, 'i')
const uncounted = new RegExp(`${whole.source}(?!\\s[a-z]+s\\b)`, 'i')
/** `1 250,00`, `200 @ .10`: what is meant is not what stands there. */
const doubtful = /(?<![\w.,])\d{1,3} \d{3},\d{2}(?!\d)|\d\s?[@×]\s?[$€£]?[\d.,]*\d/

/** An amount of money: with its sign or its cents first, so that a matter's number is not taken for it. */
export function takeAmount(text: Text): Taken<number> | null {
  if (doubtful.test(text.left)) return { question: 'How much was it in all? Write the amount as `1250.00`.' }
  const first = cents.exec(text.left)?.index === 0 ? text.take(cents) : null
  const found =
    first ??
    [priced, behind, cents, foremost, uncounted, whole].reduce<RegExpExecArray | null>(
      (known, pattern) => known ?? text.take(pattern),
      null,
    )
  if (!found) return null
  const written = found.at(-1)!
  const plain = /,\d{1,2}$/.test(written) ? written.replace(',', '.') : written.replaceAll(',', '')
  const amount = Number(plain)
  if (found.slice(1, -1).includes('-'))
    return { question: 'An expense cannot be less than nothing. Write the amount as `45.20`.' }
  if (amount === 0) return { question: 'That is no money at all. How much was it? Write the amount as `45.20`.' }
  if (/\.\d{3,}$/.test(plain))
    return { question: `“${written}” has more than two decimals. Write the amount as \`45.20\`.` }
  if (amount > 1_000_000) return { question: 'That is more than a million. Such an expense is better entered in Clio.' }
  return { value: amount }
}
