import { remembered } from '../lib/remembered.ts'
import { fold } from '../lib/text/fold.ts'
import { around, aroundUnparted, asked, others, type Role } from './label-words.ts'

/** What the label of a box asks for: careful on purpose, since a wrong guess puts somebody else's address on a client. */

export interface Reading {
  readonly role: Role
  /** Of several labels for one thing, the least counts: a second address, or a vague word, is more. */
  readonly rank: number
  /** What else the same box asks for: `Name and phone`. */
  readonly also?: readonly Role[]
}

const list = (text: string): string[] =>
  text
    .trim()
    .split(/[\n,]/)
    .map(one => one.trim())
    .filter(Boolean)

const wordList = (text: string): string[] => fold(text.trim()).split(/\s+/)

/** The phrase without the words around it, and without blanks: `what is your best cell phone` and `cellphone` meet there. */
const cores = new Map<string, Reading>()
const fillers = new Set(wordList(around))
const unparted = wordList(aroundUnparted).sort((a, b) => b.length - a.length)
for (const role of Object.keys(asked) as Role[]) {
  for (const [at, phrase] of list(asked[role]).entries()) {
    for (const core of [coreOf(wordsOf(phrase)), wordsOf(phrase).join('')]) {
      // Vague words of a role come late in its list.
      if (core !== '' && !cores.has(core)) cores.set(core, { role, rank: at / 10_000 })
    }
  }
}

const other = wordList(others)
/** Words that a longer one of another sense begins with: `other` is in `another`, `son` begins `sonia`. */
const wholeOnly = new Set(other.filter(word => word.length < 5 && /^[a-z]+$/.test(word)))
const wholes = new Set([...wholeOnly].flatMap(word => [word, `${word}s`]))
const parts = other.filter(word => !wholeOnly.has(word))
const isLatin = (word: string): boolean => /^\p{Script=Latin}+$/u.test(word)
const beginnings = new Set(parts.filter(isLatin))
const lengths = [...new Set([...beginnings].map(({ length }) => length))]
/** Of languages that part no words. */
const anywhere = parts.filter(word => !isLatin(word))

/** The words of a label, small and without accents; `yourEmail` has two. */
function wordsOf(label: string): string[] {
  const parted = label.normalize('NFKC').replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  return fold(parted)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)
}

/** Longer labels ask for more than one thing. */
const longest = 200

/** Names of what holds the boxes: `names[first_name]`, `contact.email`. */
const holders = new Set(
  wordList(
    'names name data fields answers form contact client lead person user customer applicant personal info information details your my me submission attributes properties visitor sender profile caller invitee attendee booker payload body json values responses questions',
  ),
)

/** A label below others, each of which only holds it: below `spouse` stands somebody else. */
export const readPath = (path: readonly string[]): Reading | null => readJoined(path.join(joint))

/** Between the labels of a path; no form writes it. */
const joint = '\u0000'

/** A form's labels are the same for every visitor. */
const readJoined = remembered(joined => read(joined.split(joint)))

function read(path: readonly string[]): Reading | null {
  const whole = path.flatMap(label => (isPath.test(label) ? label.split(/[[\]]+/).filter(Boolean) : [label]))
  // `Email: {value, type}` holds its own answer.
  while (whole.length > 1 && /^(?:value|answer|full)$/i.test(whole.at(-1)!)) whole.pop()
  const leaf = whole.at(-1)
  if (leaf === undefined || isSomeoneElse(whole.join(' '))) return null
  const above = whole.slice(0, -1)
  // `email.address`, `name.given`: what the one alone does not ask for, both do.
  const asks = readLabel(leaf) ?? (above.length > 0 ? readLabel(`${above.at(-1)} ${leaf}`) : null)
  const isHolder = (label: string): boolean => {
    const role = readLabel(label)?.role
    if (role === 'full_name' || ((role === 'email' || role === 'phone') && role === asks?.role)) return true
    return wordsOf(label).every(word => holders.has(word) || fillers.has(word) || /^\d+$/.test(word))
  }
  return above.every(isHolder) ? asks : null
}

const isPath = /^[\w.-]{1,60}(?:\[[\w.-]{0,60}\]){1,4}$/

/** @param label as the form has it, with its remarks and greetings */
function readLabel(label: string): Reading | null {
  const text = label
    .slice(0, longest)
    .replace(/<[^<>]*>|&nbsp;/g, ' ')
    .replace(/^field:(.+?)(?:_[\da-f]{4})?$/, '$1')
    .replace(/(?<=\w)__c$/i, '')
  if (isSomeoneElse(text)) return null
  const bare = text.replace(/\*|[([（【［][^)\]）】］]*[)\]）】］]?/gu, ' ')
  const whole = phraseOf(bare)
  // `Name (First)` asks for a part of what stands before the bracket.
  const part = whole?.role === 'full_name' ? phraseOf(/[([（【［]([^)\]）】］]*)/u.exec(text)?.[1] ?? '') : null
  if (part?.role === 'first_name' || part?.role === 'last_name') return part
  if (whole) return whole
  const said = bare.split(/[.!?:;¿¡。！？：\n|/–—]+|\s-\s/u).flatMap(part => phraseOf(part) ?? [])
  const roles = new Set(said.map(({ role }) => role))
  return roles.size === 1 ? said[0]! : severalIn(bare)
}

/** A box for several things, each of which is told from the others by what stands there: `Email or phone`. */
function severalIn(label: string): Reading | null {
  const all = label.split(/\s(?:and|or|y|o|et|ou|und|oder)\s|\s?[/&,+]\s?/i).map(phraseOf)
  const roles = all.map(one => one?.role)
  const apart = roles.every(role => role === 'full_name' || role === 'email' || role === 'phone')
  const [first] = all
  return first && apart && new Set(roles).size === roles.length
    ? { ...first, rank: first.rank + 0.5, also: roles.slice(1) as Role[] }
    : null
}

function phraseOf(text: string): Reading | null {
  const words = wordsOf(text)
  if (words.length === 0 || words.length > 16) return null
  const numbered = words.filter(word => !/^\d+$/.test(word))
  const counted = numbered.length < words.length || words.some(word => again.has(word)) ? 1 : 0
  const second = /[-_]\d+$/.test(text.trim()) ? generatedRank : counted
  const asks = numbered.filter(word => !again.has(word)).map(word => word.replace(/(?<=\p{L})\d{1,3}$/u, ''))
  const joined = asks.join('')
  if (nothing.test(joined)) return null
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)
  const found = cores.get(joined) ?? cores.get(unspaced ? pared(joined) : coreOf(asks))
  return found ? { role: found.role, rank: found.rank + second } : null
}

/** Of a name that a program made and numbered: `email-97`. Two of them say not which is whose. */
export const generatedRank = 2

/** Headings, which ask for nothing by themselves: what stands around `details` tells whose they are. */
const nothing = /^(?:your)?(?:contact|personal|client|business)details$|^detailsofcontact$|^(?:first|last)contact$/

/** A box for the same thing again. */
const again = new Set(
  wordList(
    'confirm confirmation verify repeat retype again re second secondary alternate alternative additional2 confirmar confirme confirmer confirmez wiederholen alternativo',
  ),
)

function coreOf(words: readonly string[]): string {
  return words.filter(word => !fillers.has(word)).join('')
}

/** Without what may stand around it, where nothing parts words. */
function pared(text: string): string {
  let left = text
  for (const word of unparted) if (left.length > word.length) left = left.replaceAll(word, '')
  return left
}

/** Words for others in what is asked of the one who writes: `any other comments`, `why do you need a lawyer`. */
const oneself =
  /\bothers?(?= (?:comments?|informations?|details|questions?|notes?|concerns?|relevant|remarks?)\b)|\b(?:need|hire|seeking|looking for|want|message (?:to|for)|questions? for|ask|contact(?:ing)?|tell) (?:an? |our |the |your |us )?(?:attorney|lawyer)s?\b/gi

/** `Opposing party's e-mail` is an e-mail address, but not of the person who wrote. */
export function isSomeoneElse(label: string): boolean {
  const plain = label.replace(oneself, ' ')
  const words = wordsOf(plain)
  if (words.some(word => wholes.has(word) || lengths.some(length => beginnings.has(word.slice(0, length))))) return true
  const joined = words.join('')
  return anywhere.some(one => joined.includes(one))
}
