import { nearest } from '../../lib/text/nearest.ts'
import { takeAmount, takeDuration, takeRange } from './amounts.ts'
import { takeMatter, type Wanted } from './matter-name.ts'
import { type Asked, ask, type Given, readContact, readEvent, readLink, readMatter } from './more-commands.ts'
import { Text, takeWho, type Who } from './text.ts'
import { dayInWords, type Found, impossible, moments, takeMoment, today, type Wall } from './when.ts'

/** What a person types behind the slash command. Pure: the same words at the same moment are the same command. */
export type Command =
  | {
      readonly kind: 'time'
      readonly seconds: number
      readonly date: string
      readonly matter: Wanted
      readonly note: string
    }
  | {
      readonly kind: 'expense'
      readonly amount: number
      readonly date: string
      readonly matter: Wanted
      readonly note: string
    }
  | {
      readonly kind: 'task'
      readonly name: string
      /** Where there is more to say than the name. */
      readonly description?: string
      readonly due: string | null
      readonly matter: Wanted
      readonly assignee: Who | null
      readonly priority: Priority
    }
  | { readonly kind: 'note' | 'communication'; readonly matter: Wanted; readonly note: string }
  | Given
  | { readonly kind: 'form' | 'intake' | 'today' | 'help' }

export type Priority = 'High' | 'Normal' | 'Low'

/** A plain sentence back: nothing is filed. */
export type { Asked } from './more-commands.ts'

const verbs: Readonly<Record<string, Command['kind'] | 'matter' | 'link'>> = {
  ...spell('time', 'time t log bill billed timer hours hrs'),
  ...spell('expense', 'expense expenses exp cost costs disbursement'),
  ...spell('task', 'task tasks todo to-do remind reminder'),
  ...spell('note', 'note notes n memo'),
  ...spell('contact', 'contact contacts person client'),
  ...spell('matter', 'matter matters find'),
  ...spell('event', 'event meeting appointment appt calendar cal'),
  ...spell('intake', 'intake'),
  ...spell('today', 'today'),
  ...spell('help', 'help ? commands'),
  ...spell('link', 'link whoami'),
}

function spell<T extends string>(kind: T, words: string): Record<string, T> {
  return Object.fromEntries(words.split(' ').map(word => [word, kind]))
}

/** Characters of a command. */
const longestLine = 4000

/** Reads a command line. What is missing or cannot be is asked back. */
export function readCommand(raw: string, wall: Wall): Command | Asked {
  // Patterns below go back and forth in what they read: they see bounded text.
  if (raw.length > longestLine) return ask('That is too long for a command. Write less, or put it into a note in Clio.')
  const text = new Text(
    raw
      .replace(/^\s*\/[a-z][\w-]{0,30}\s+/i, '')
      .replace(/^\s*(?:new|open|create|add)\s+(?:a\s+)?matter\b/i, 'matter open')
      .replace(/^\s*(?:new|add|create|enter|file)\s+(?:an?\s+)?(?=(?:time|expense|task|note|contact|event)\b)/i, ''),
  )
  if (text.left === '') return { kind: 'form' }
  const verb = takeVerb(text)
  switch (verb) {
    case 'time':
      return readTime(text, wall)
    case 'expense':
      return readExpense(text, wall)
    case 'task':
      return readTask(text, wall)
    case 'note':
      return readNote(text)
    case 'contact':
      return readContact(text)
    case 'matter':
      return readMatter(text)
    case 'event':
      return readEvent(text, wall)
    case 'link':
      return readLink(text)
    case 'intake':
    case 'today':
    case 'help':
      return { kind: verb }
    default:
      return unknown(text)
  }
}

/** The first word; or, when the line begins with a duration, an amount or a number, the verb that follows it, or what it is. */
function takeVerb(text: Text): string | null {
  const first = /^([\p{L}?][\p{L}-]*|\?):?(?=\s|$)/u.exec(text.left)
  const known = first && verbs[first[1]!.toLowerCase()]
  if (known) {
    text.cut(0, first[0].length)
    return known
  }
  if (first) return null
  if (/^#?\d{2,}\S*$/.test(text.left)) return 'matter'
  const later = /(?<=\s)(time|expense|task|todo|note|event|meeting)(?=\s|$|:)/i.exec(text.left)
  if (later && later.index < 20) {
    text.cut(later.index, later.index + later[0].length + 1)
    return verbs[later[1]!.toLowerCase()]!
  }
  if (/^[$€£]/.test(text.left)) return 'expense'
  const duration =
    /^(?:\d+(?:[.,]\d+)?|[.,]\d+)\s?(?:h|hrs?|hours?|m|mins?|minutes?)\b|^\d{1,2}:[0-5]\d(?!\s?[ap]m)|^\d?[.,]\d{1,2}(?=\s)/i
  const numbered = /^\d{3}\S* (?:[\d.,]+\s?(?:h|m)|\d{1,2}:[0-5]\d(?!\s?[ap]m)|\d?[.,]\d)/i
  return duration.test(text.left) || numbered.test(text.left) ? 'time' : null
}

function unknown(text: Text): Asked {
  const word = text.rest.split(' ')[0]!
  const meant = nearest(word, [
    'time',
    'expense',
    'task',
    'note',
    'contact',
    'matter',
    'event',
    'intake',
    'today',
    'help',
  ])
  const hint = meant === null ? '' : ` Did you mean \`${meant}\`?`
  return ask(
    `I do not know “${short(word)}”.${hint} Begin with \`time\`, \`expense\`, \`task\`, \`note\`, \`contact\`, \`matter\`, \`event\`, \`intake\` or \`today\`; \`help\` shows how.`,
  )
}

const short = (word: string) => (word.length > 30 ? `${word.slice(0, 29)}…` : word)

function readTime(text: Text, wall: Wall): Command | Asked {
  const date = takePastDay(text, wall)
  if ('question' in date) return date
  // What has a unit is surely how long; behind the matter's number, when that is out, another number could follow it.
  const said = takeDuration(text, false) ?? takeRange(text)
  const before = takeMatterNumber(text)
  const duration = said ?? takeDuration(text)
  if (duration === null)
    return ask(
      'How long was it? Write for example `time 1.5h 00123 call with opposing counsel`; also `90m`, `1:30` or `.3`.',
    )
  if ('question' in duration) return duration
  const matter = before ?? takeMatter(text, { quoted: true })
  const later = date.said ? date : takePastDay(text, wall, isPlainDay)
  if ('question' in later) return later
  if (matter.names.length === 0) return ask(whichMatter('time 1.5h 00123 call with opposing counsel'))
  return { kind: 'time', seconds: duration.value, date: later.value, matter, note: noteIn(text) }
}

function readExpense(text: Text, wall: Wall): Command | Asked {
  const date = takePastDay(text, wall)
  if ('question' in date) return date
  const before = takeMatterNumber(text)
  const amount = takeAmount(text)
  if (amount === null) return ask('How much was it? Write for example `expense 45.20 00123 filing fee`.')
  if ('question' in amount) return amount
  const matter = before ?? takeMatter(text, { quoted: true })
  const later = date.said ? date : takePastDay(text, wall, isPlainDay)
  if ('question' in later) return later
  if (matter.names.length === 0) return ask(whichMatter('expense 45.20 00123 filing fee'))
  return { kind: 'expense', amount: amount.value, date: later.value, matter, note: noteIn(text) }
}

/** A number that cannot be anything else goes first, so that no duration or amount is read into it. */
function takeMatterNumber(text: Text): Wanted | null {
  const sure = /(?:^|\s)(?:#\S|matter:?\s|0\d{2}|\d{2,}-[\p{L}\d]|[A-Z]{1,6}-\d{3})/u.test(text.left)
  if (!sure) return null
  const found = takeMatter(text)
  return found.certain ? found : null
}

const whichMatter = (example: string) =>
  `Which matter? Write its number, or the client’s name, for example \`${example}\`.`

/** A note as it goes on the bill: without what only held the line together. */
const noteIn = (text: Text) => text.rest.replace(/^[-:,;.\s]+|[-:,;\s]+$/g, '')

/**
 * The day of work: at the beginning of the line or at its end, and not to come. `call about Friday’s hearing` is no date; so only
 * what cannot be part of a note counts at the end.
 */
function takePastDay(
  text: Text,
  wall: Wall,
  able: (words: string) => boolean = () => true,
): { readonly value: string; readonly said: boolean } | Asked {
  const now = today(wall)
  const none = impossible(text.left, wall).find(
    one =>
      /^(?:(?:on|for) )?$/i.test(text.left.slice(0, one.from)) || (one.to >= text.left.length - 1 && !isLed(text, one)),
  )
  if (none) return noDay(none.words, 'Which day was it? Write for example `yesterday` or `11/20`.')
  const words = (one: Found) => text.left.slice(one.from, one.to)
  const found = moments(text.left, wall, false)
  const atStart = found.find(one => /^(?:(?:on|for) )?$/i.test(text.left.slice(0, one.from)) && able(words(one)))
  const atEnd = found.find(one => one.to >= text.left.length - 1 && isPlainDay(words(one)))
  const day = [atStart, atEnd].find(one => one !== undefined && one.time === null && !isLed(text, one))
  if (!day) return { value: now, said: false }
  if (day.date > now) {
    if (day === atStart || /tomorrow/i.test(words(day)))
      return ask(`${dayInWords(day.date)} is still to come. Time and expenses are entered for today or a day before.`)
    return { value: now, said: false }
  }
  takeMoment(text, day)
  return { value: day.date, said: true }
}

const noDay = (words: string, then: string) => ask(`There is no ${words}. ${then}`)

const isPlainDay = (words: string) =>
  (/yesterday|today|tomorrow|last\s|\d/i.test(words) && !/\bago\b/i.test(words)) || /days? ago/i.test(words)

/** `hearing on 11/20` is what the work was about, unless it was a plain `yesterday`. */
const isLed = (text: Text, { from }: { readonly from: number }) =>
  /\b(?:hearing|trial|meeting|deadline|due|letter|email|e-mail|order|dated|of|re|about|the|for|by)\s(?:on\s)?$/i.test(
    text.left.slice(0, from),
  ) && from > 4

function readTask(text: Text, wall: Wall): Command | Asked {
  const quoted = text.takeQuoted()
  const assignee = takeWho(text)
  const early = takePriority(text)
  const before = takeMatterNumber(text)
  const due = takeDue(text, wall)
  if ('question' in due) return due
  const matter = before ?? takeMatter(text)
  const priority = early ?? takePriority(text) ?? 'Normal'
  const rest = noteIn(text).replace(/\s(?:due|by)$/i, '')
  const name = [quoted, rest].filter(Boolean).join(': ')
  if (name === '') return ask('What is to be done? Write for example `task "Draft reply" 00123 due friday @sam high`.')
  return { kind: 'task', name, due: due.value, matter, assignee, priority }
}

const priorities: Readonly<Record<string, Priority>> = {
  ...spell('High', 'high urgent asap important !high !! !!! p1'),
  ...spell('Normal', 'normal medium !normal p2'),
  ...spell('Low', 'low !low p3'),
}

/** At the beginning or the end, or with the word: `review high court filings` has no priority. */
function takePriority(text: Text): Priority | null {
  const said = '!?(?:high|urgent|asap|important|normal|medium|low)|!{2,3}|p[123]'
  const found =
    text.take(new RegExp(`(?<=^|\\s)(${said})[ -]priority(?=\\s|$)`, 'i')) ??
    text.take(new RegExp(`(?<=^|\\s)priority:?[ ](${said})(?=\\s|$)`, 'i')) ??
    text.take(/(?<=^|\s)(!(?:high|normal|low)|!{2,3}|p[123])(?=\s|$)/i) ??
    text.take(new RegExp(`(?<=\\s)(${said})$`, 'i')) ??
    text.take(new RegExp(`^(${said})(?=\\s)`, 'i'))
  return found ? priorities[found[1]!.toLowerCase()]! : null
}

/** Behind `due` or `by`, or at the end of the line. */
function takeDue(text: Text, wall: Wall): { value: string | null } | Asked {
  const day = /\b(?:due|by)\s+(?:the )?(?:eod|cob|end of (?:the )?day)\b/i
  if (text.take(day)) return { value: today(wall) }
  const week = /\b(?:due|by)\s+(?:the )?(?:eow|end of (?:the )?week)\b/i.exec(text.left)
  if (week) {
    text.cut(week.index, week.index + week[0].length)
    return { value: moments('friday', wall, true)[0]!.date }
  }
  const found = moments(text.left, wall, true)
  const led = /\b(?:due|by|before|until):?(?:\s+(?:on|by|at))?\s+/gi
  const starts = [...text.left.matchAll(led)].map(match => match.index + match[0].length)
  const said = found.find(one => starts.some(start => one.from >= start && one.from - start < 5))
  const last = found.find(
    one =>
      one.to >= text.left.length - 1 &&
      /\d|day|week|month|tomorrow|tonight|sun|sat|fri|mon|tue|wed|thu/i.test(text.left.slice(one.from, one.to)),
  )
  const moment = said ?? (starts.length === 0 ? last : undefined)
  const none = impossible(text.left, wall).find(
    one => starts.some(start => one.from >= start && one.from - start < 5) || one.to >= text.left.length - 1,
  )
  if (none) return noDay(none.words, 'When is it due? Write for example `due friday` or `due 12/1`.')
  if (!moment) {
    const due = /\bdue\s+(\S+)/i.exec(text.left)
    return due
      ? ask(
          `When is it due? I cannot read “${short(due[1]!)}” as a day. Write for example \`due friday\` or \`due 12/1\`.`,
        )
      : { value: null }
  }
  if (moment.passed || moment.date < today(wall))
    return ask(`${passedDay(moment)} is past. When is it due? Write for example \`due friday\`.`)
  takeMoment(text, moment)
  return { value: moment.date }
}

/** Of a day without a year that is over, the one that was meant. */
function passedDay({ date, passed }: Found): string {
  return dayInWords(passed ? `${Number(date.slice(0, 4)) - 1}${date.slice(4)}` : date)
}

function readNote(text: Text): Command | Asked {
  const matter = takeMatter(text, { quoted: false })
  const note = noteIn(text)
  if (matter.names.length === 0) return ask(whichMatter('note 00123 The client prefers calls after five.'))
  if (note === '') return ask('What is the note? Write for example `note 00123 The client prefers calls after five.`')
  return { kind: 'note', matter, note }
}
