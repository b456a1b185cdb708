import { plainDigits } from '../text/digits.ts'
import { fold } from '../text/fold.ts'
import { instantAt, isRealDate } from './time.ts'

/**
 * A day, with or without its time, as people and their programs write it. The whole text has to be one: “about March” or “not sure” is
 * none, and is never made into one.
 */
interface WrittenDate {
  /** What stands written, `YYYY-MM-DD`: a day that the calendar has. */
  readonly day: string
  /** `14:30` or `14:30:05`; null when no time of day is written. */
  readonly clock: string | null
  /** The instant in ms, when an offset is written too. */
  readonly instant: number | null
}

/** Where 3/5 is the fifth of March. */
const monthFirst = new Set(['US', 'PH', 'PR', 'GU', 'VI', 'AS', 'MP', 'FM', 'MH', 'PW'])

/** Texts that are longer are no dates. */
const longest = 80

/**
 * @param country says which number of `3/5/2026` is the month, unless one of them can only be the day
 * @returns null when the text is no date; `'impossible'` when it is one that the calendar does not have
 */
export function writtenDate(text: string, country: string): WrittenDate | 'impossible' | null {
  if (text.length > longest) return null
  const plain = plainly(text)
  // Whoever writes these digits, or marks the signs between others as from right to left, has the day first.
  const order = /[\u0660-\u0669\u0966-\u096f\u200f]/.test(text) ? '' : country
  return iso(plain) ?? closed(plain) ?? epoch(plain) ?? program(plain) ?? numbers(plain, order) ?? words(plain)
}

/** Small letters, with blanks where some leave them out (`5Mar2026`), and without what stands around a date and says nothing. */
const plainly = (text: string): string =>
  fold(plainDigits(text))
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\p{Cf}|^[\s"'“”]{1,60}|\s?[([][\p{L}/_ .]{1,40}[)\]]$|[\s"'“”.,;]{1,60}$/gu, '')
    .replace(/^\/date\((\d+)[^)]*\)\/$/, '$1')
    // A day of XML with its zone, a time of iCalendar, and one of Java, whose midnight is a day.
    .replace(/^(\d{4}-\d\d-\d\d)(?:z|[+-]\d\d:\d\d)$/, '$1')
    .replace(/^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)/, '$1-$2-$3t$4:$5:$6')
    .replace(
      /^([a-z]{3} [a-z]{3} +\d{1,2})(?: 00:00:00)?( \d\d:\d\d:\d\d)?( [a-z]{3,4})? (\d{4})$/,
      (_, day, clock, zone, year) => (clock ? `${day} ${year}${clock}${zone ?? ''}` : `${day} ${year}`),
    )
    .replace(/^(\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?),? (?:on )?(?=.*\d{4})(.+)$/, '$2 $1')
    .replace(/^(?:ngay )?(\d{1,2}) thang (\d{1,2}),? (?:nam )?(?=\d{4}$)/, '$1.$2.')
    .replace(/(?<=\d)(?=\p{L}{3})|(?<=\p{L}{3})(?=\d)/gu, ' ')
    .replace(/ day of | \+0000(?= utc$)/, ' ')
    .replace(/\s+/g, ' ')

const time = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)? ?(a\.?m\.?|p\.?m\.?)?`
const behind = String.raw`(?:,? (?:at |@ ?|um |a las |a les |as |a |alle |om |kl\.? ?)?(?:${time}|(\d{1,2}) ?(a\.?m\.?|p\.?m\.?))(?: uhr| h| ([ecmpug])(?:[sd]?t|tc|mt))?)?`
/** Zones as people in America name them, whether or not it is summer. */
const zones: Readonly<Record<string, string>> = {
  e: 'America/New_York',
  c: 'America/Chicago',
  m: 'America/Denver',
  p: 'America/Los_Angeles',
}
type Groups = readonly (string | undefined)[]

function made(year: number, month: number, date: number, clock: string | null, offset: string | null) {
  const pad = (number: number, length: number): string => String(number).padStart(length, '0')
  const day = `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`
  // A picker makes the year 26 of a 26 that is typed, and .NET has the year 1 for none.
  if (year < 1800 || year > 2200 || !isRealDate(day) || clock === 'impossible') return 'impossible'
  const instant = offset === null || clock === null ? null : Date.parse(`${day}T${clock}${offset}`)
  return instant !== null && Number.isNaN(instant) ? 'impossible' : { day, clock, instant }
}

/** A day with the time that `behind` has found. */
function timed(year: number, month: number, date: number, groups: Groups) {
  const found = made(year, month, date, clockOf(groups), null)
  const zone = groups[6]
  if (found === 'impossible' || found.clock === null || zone === undefined) return found
  return { ...found, instant: instantAt(`${found.day}T${found.clock}`, zones[zone] ?? 'UTC') }
}

/** `HH:MM` or `HH:MM:SS` of the groups hour, minute, second, half, hour alone, half alone. */
function clockOf([hour, minute, second, half, alone, halfAlone]: Groups): string | 'impossible' | null {
  if (hour === undefined && alone === undefined) return null
  const said = (half ?? halfAlone)?.[0]
  let hours = Number(hour ?? alone)
  if (said !== undefined && (hours < 1 || hours > 12)) return 'impossible'
  if (said !== undefined) hours = (hours % 12) + (said === 'p' ? 12 : 0)
  if (hours > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return 'impossible'
  const clock = `${String(hours).padStart(2, '0')}:${minute ?? '00'}`
  return second === undefined ? clock : `${clock}:${second}`
}

/** ISO 8601, as programs write it: `2026-03-05`, `2026-03-05T14:30:00-05:00`. */
function iso(text: string) {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[t ](.{1,40}))?$/.exec(text)
  if (!found) return null
  const [year, month, date] = [Number(found[1]), Number(found[2]), Number(found[3])]
  if (found[4] === undefined) return made(year, month, date, null, null)
  const clock = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(z|utc|[+-]\d{2}(?::?\d{2})?))?$/.exec(found[4])
  if (!clock) return numbers(text, '')
  const offset = clock[5]
    ?.replace(/^(?:z|utc)$/, 'Z')
    .replace(/^([+-]\d{2}):?(\d{2})?$/, (_, h, m) => `${h}:${m ?? '00'}`)
  return made(
    year,
    month,
    date,
    clockOf([clock[1], clock[2], clock[4] === undefined ? clock[3] : `${clock[3]}.${clock[4].slice(0, 3)}`]),
    offset ?? null,
  )
}

/** `20260305`, of a year that somebody lives in. */
function closed(text: string) {
  const found = /^((?:19|20)\d{2})(0[1-9]|1[0-2])(\d{2})$/.exec(text)
  return found && made(Number(found[1]), Number(found[2]), Number(found[3]), null, null)
}

/** ms since the epoch, as scripts send a date (10^11 is the year 1973), seconds as programs do, or days since 1900 as a table does. */
function epoch(text: string) {
  const days = /^[1-7]\d{4}(?:\.\d{1,12})?$/.test(text)
  if (!days && !/^(?:\d{12,13}|1\d{9})$/.test(text)) return null
  const seconds = text.length === 10 ? 1000 : 1
  const instant = days ? Math.round((Number(text) - 25_569) * 1440) * 60_000 : Number(text) * seconds
  const [day = '', clock = ''] = new Date(instant).toISOString().split(/[TZ.]/)
  // Exactly midnight is how a calendar day is sent.
  return instant % 86_400_000 === 0
    ? { day, clock: null, instant: null }
    : { day, clock, instant: days ? null : instant }
}

/** `Thu Mar 05 2026 00:00:00 GMT-0500 (EST)` of JavaScript, `Thu, 05 Mar 2026 10:00:00 +0000` of mail. */
function program(text: string) {
  const script = /^[a-z]{3} ([a-z]{3}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) gmt([+-]\d{2})(\d{2})(?: \([^)]*\))?$/.exec(
    text,
  )
  const mail = /^[a-z]{3}, (\d{1,2}) ([a-z]{3}) (\d{4}) (\d{2}:\d{2}(?::\d{2})?) (?:gmt|utc|([+-]\d{2})(\d{2}))$/.exec(
    text,
  )
  if (script) {
    const [, month, date, year, clock, hours, minutes] = script
    // Midnight of the sender's own clock is a day that was picked there.
    const picked = clock === '00:00:00'
    return made(
      Number(year),
      monthOf(month!),
      Number(date),
      picked ? null : clock!,
      picked ? null : `${hours}:${minutes}`,
    )
  }
  if (!mail) return null
  const [, date, month, year, clock, hours, minutes] = mail
  const picked = /^00:00(:00)?$/.test(clock!)
  const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`
  return made(Number(year), monthOf(month!), Number(date), picked ? null : clock!, picked ? null : offset)
}

/** How weekdays begin, as far as months are told by their names. */
const weekday = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom|seg|ter|qua|qui|sex|dim|mer|jeu|ven|sam|die|mit|don|fre|son|gio|maa|din|woe|zat|zon|pon|wto|sro|czw|pia|sob|nie|вос|пон|вто|сре|чет|пят|суб)\p{L}{0,8}(?:-feira)?\.?,? (?:den |le |el |il )?)?`

const ymd = new RegExp(`^(\\d{4})([/. -]) ?(\\d{1,2})\\2 ?(\\d{1,2})\\.?${behind}$`)
const twoAndYear = new RegExp(`^${weekday}(\\d{1,2}) ?([/.\\\\ -]) ?(\\d{1,2}) ?\\2 ?(\\d{4}|\\d{2})${behind}$`, 'u')
const east = new RegExp(`^(\\d{4}) ?[年년] ?(\\d{1,2}) ?[月월] ?(\\d{1,2}) ?[日일号號]?${behind}$`)

/** `3/5/2026`, `05.03.26`, `2026/3/5`, `2026年3月5日`. */
function numbers(text: string, country: string) {
  const first = ymd.exec(text)
  if (first) return timed(Number(first[1]), Number(first[3]), Number(first[4]), first.slice(5))
  const eastern = east.exec(text.normalize('NFC'))
  if (eastern) return timed(Number(eastern[1]), Number(eastern[2]), Number(eastern[3]), eastern.slice(4))
  const found = twoAndYear.exec(text)
  if (!found) return null
  const [one, sign, other] = [Number(found[1]), found[2], Number(found[3])]
  // Dots are only written where the day comes first.
  const [month, date] = sign !== '.' && monthFirst.has(country) ? [one, other] : [other, one]
  const swapped = month > 12 && date <= 12
  return timed(yearOf(found[4]!), swapped ? date : month, swapped ? month : date, found.slice(5))
}

/** Two digits of a year: of the hundred years that end in twenty. */
function yearOf(text: string): number {
  if (text.length === 4) return Number(text)
  const end = new Date().getUTCFullYear() + 20
  const year = Math.floor(end / 100) * 100 + Number(text)
  return year > end ? year - 100 : year
}

const year = String.raw`(\d{4}|'?\d{2})`
const dayFirst = new RegExp(
  `^(?:on |on the |the |le |el |il |den |am )?${weekday}(?:the |le |el |il |den )?(\\d{1,2})(?:st|nd|rd|th|er|o|º|ª|\\.)?[ /-](?:of |de |d'|di |del )?(\\p{L}{3,12})\\.?,?(?:[ /-]| of | de | del )${year}(?: г\\.?| года| r)?${behind}$`,
  'u',
)
const monthAhead = new RegExp(
  `^(?:on )?${weekday}(?!the )(\\p{L}{3,12})\\.?(?:[ -]|, ?)(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?:, ?|[ -])(?:of )?${year}${behind}$`,
  'u',
)
const yearAhead = new RegExp(`^(\\d{4})[ -](\\p{L}{3,12})\\.?[ -](\\d{1,2})${behind}$`, 'u')

/** `March 5, 2026`, `5th of March 2026`, `5 de marzo de 2026`, `5. März 2026`. */
function words(text: string) {
  const ahead = monthAhead.exec(text)
  const [name, date, said, rest] = ahead ? [ahead[1], ahead[2], ahead[3], ahead.slice(4)] : dayAhead(text)
  const month = name === undefined ? 0 : monthOf(name)
  if (month === 0) return null
  return timed(yearOf(said!.replace("'", '')), month, Number(date), rest)
}

function dayAhead(text: string): readonly [string | undefined, string | undefined, string | undefined, Groups] {
  const found = dayFirst.exec(text)
  if (found) return [found[2], found[1], found[3], found.slice(4)]
  const last = yearAhead.exec(text)
  return last ? [last[2], last[3], last[1], last.slice(4)] : [undefined, undefined, undefined, []]
}

/** The names of months without accents, in the order of the year: English, Spanish, Portuguese, French, German, Italian, Dutch, Polish, Russian, Tagalog, Haitian. */
const months = `
january jan enero ene janeiro janvier janv januar janner gennaio gen januari stycznia styczen января январь янв enero janvye
february feb febrero fevereiro fev fevrier fevr februar febbraio februari lutego luty февраля февраль фев pebrero fevriye
march mar marzo marco mars marz maart mrt marca marzec марта март мар marso
april apr abril abr avril avr aprile kwietnia kwiecien апреля апрель апр avril
may mayo maio mai maggio mag mei maja maj мая маи mayo me
june jun junio junho juin juni giugno giu czerwca czerwiec июня июнь июн hunyo jen
july jul julio julho juillet juil juli luglio lug lipca lipiec июля июль июл hulyo jiye
august aug agosto ago aout august agosto augustus sierpnia sierpien августа август авг out
september sept sep septiembre setiembre setembro set septembre settembre wrzesnia wrzesien сентября сентябрь сен сент setyembre septanm
october oct octubre outubro octobre oktober okt ottobre ott pazdziernika pazdziernik октября октябрь окт oktubre oktob
november nov noviembre novembro novembre listopada listopad ноября ноябрь ноя nobyembre novanm
december dec diciembre dic dezembro dez decembre dezember dicembre grudnia grudzien декабря декабрь дек disyembre desanm
`
const monthNames = new Map(
  months
    .trim()
    .split('\n')
    .flatMap((line, at) => line.split(' ').map(name => [fold(name), at + 1] as const)),
)

/** 1 to 12; 0 for no month. `out` is October in Portuguese. */
const monthOf = (name: string): number => (name === 'out' ? 10 : (monthNames.get(name) ?? 0))

/** The instant of a written date: by its offset, or by the clock of a zone. Null when no time of day is written. */
export function instantOf(written: WrittenDate, timezone: string): number | null {
  if (written.instant !== null) return written.instant
  return written.clock === null ? null : instantAt(`${written.day}T${written.clock}`, timezone)
}
