import type { Json, JsonObject } from '../../lib/json.ts'
import { valuesAt } from '../names/paths.ts'
import { readNumber } from './numbering.ts'
import { plainPhone, plainPhones } from './telephone.ts'

/** How contacts are told apart: an e-mail address decides; a phone number counts only with an agreeing name. */

/** What is read of a contact to tell it, and to complete it. */
export const contactFields =
  'id,etag,name,type,first_name,last_name,email_addresses{id,name,address},phone_numbers{id,name,number}'

/** Case and surrounding space never distinguish mailboxes in practice; dots and tags do (they are the provider's business). */
export function plainEmail(email: string): string {
  return email.trim().toLowerCase()
}

/**
 * Texts to search for a number by, most usual first: Clio's search finds literal pieces of what somebody wrote. Local pieces find
 * every way of writing what comes before them, `(212) 555-0100` and `+1-212-555-0100`; bare digits find `+12125550100`.
 */
export function spellings(phone: string, country: string): string[] {
  const plain = plainPhone(phone, country)
  const number = plain === null ? null : readNumber(plain)
  if (!number) return []
  const groups = number.formatNational().match(/\d+/g) ?? []
  const local = groups.slice(-2)
  const piece = local.join('').length >= pieceLength ? local : groups
  return [...new Set([piece.join('-'), String(number.nationalNumber), piece.join(' '), piece.join('.')])]
}

/** Shorter pieces of a number would find half of the address book. */
const pieceLength = 7

export interface Wanted {
  readonly type: string
  readonly name: string
  readonly emails: readonly string[]
  readonly phones: readonly string[]
}

/** What identifies the contact that a body describes; only the keys that the rule matches by. */
export function wantedOf(body: JsonObject, match: readonly string[], country: string): Wanted {
  const texts = (key: string, path: string) => (match.includes(key) ? valuesAt(body, path).map(String) : [])
  const emails = texts('email_addresses', 'email_addresses.address').map(plainEmail)
  const phones = texts('phone_numbers', 'phone_numbers.number').flatMap(phone => plainPhones(phone, country))
  return {
    type: String(body.type ?? 'Person'),
    name: nameOf(body),
    // “none” and “n/a” are no addresses, though several people give them.
    emails: [...new Set(emails.filter(email => email.includes('@')))],
    phones: [...new Set(phones)],
  }
}

export function nameOf(contact: JsonObject): string {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value.trim() : '')
  const both = [text(contact.first_name), text(contact.last_name)].filter(Boolean).join(' ')
  return both || text(contact.name)
}

/** Which of a family it is: father and son share name, house and telephone. */
export const generations = new Set(['jr', 'junior', 'sr', 'senior', 'ii', 'iii', 'iv'])

/** Same words in any order, case, accents and punctuation aside; initials agree with what they stand for. */
export function namesAgree(a: string, b: string): boolean {
  const [shorter = [], longer = []] = [wordsIn(a), wordsIn(b)].sort((x, y) => x.length - y.length)
  const left = [...longer]
  // Whole words first: an initial may stand for any of those that are left.
  for (const word of shorter.toSorted((x, y) => y.length - x.length)) {
    const whole = left.indexOf(word)
    const at = whole >= 0 ? whole : left.findIndex(other => isInitial(word, other))
    if (at < 0) return false
    left.splice(at, 1)
  }
  if (left.some(word => generations.has(word))) return false
  // One shared first name alone is nobody in particular.
  return shorter.length >= 2 || (shorter.length === 1 && longer.length === 1)
}

/** The words of a name in small letters, without accents and punctuation. */
export function wordsIn(name: string): string[] {
  const letters = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  // Apostrophes stand within a word: O'Brien, OBrien.
  const plain = letters.replace(/['’ʼ`]/g, '').replaceAll('&', ' and ')
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}

const isInitial = (a: string, b: string) => Math.min(a.length, b.length) === 1 && a[0] === b[0]

/** Legal forms, as they are written with dots and without; one that a name lacks is the same company's. */
export const forms = new Set(
  'llc lp llp lllp pllc inc incorporated ltd limited corp corporation co company pc pa plc gmbh ag sa sarl bv nv pty'.split(
    ' ',
  ),
)

/** Companies that share an office and its telephone differ in a word, or in their legal form. */
const companiesAgree = (a: string, b: string) => {
  const [one, other] = [a, b].map(name => {
    const words = wordsIn(name.replace(/\b(\p{L})\.(?=\p{L}\.|\s|,|$)/gu, '$1'))
    return {
      name: words
        .filter(word => !forms.has(word))
        .sort()
        .join(' '),
      form: words
        .filter(word => forms.has(word))
        .sort()
        .join(' '),
    }
  })
  const sameForm = one!.form === '' || other!.form === '' || one!.form === other!.form
  return one!.name !== '' && one!.name === other!.name && sameForm
}

/**
 * Contacts of the candidates that are the wanted one. Of several people at one e-mail address, the one of that name. An answer
 * without readable addresses (redacted) matches nobody.
 */
export function matching(wanted: Wanted, candidates: readonly JsonObject[], country: string): JsonObject[] {
  const agree = wanted.type === 'Company' ? companiesAgree : namesAgree
  const named = (one: JsonObject) => agree(wanted.name, nameOf(one))
  const distinct = [...new Map(candidates.map(one => [String(one.id), one])).values()].filter(
    one => one.type === wanted.type,
  )
  const emailsOf = (one: JsonObject) => valuesAt(one, 'email_addresses.address').map(value => plainEmail(String(value)))
  const byEmail = distinct.filter(one => emailsOf(one).some(email => wanted.emails.includes(email)))
  if (byEmail.length > 0) return byEmail.filter(named).length === 1 ? byEmail.filter(named) : byEmail
  const phonesOf = (one: JsonObject) =>
    valuesAt(one, 'phone_numbers.number').flatMap(value => plainPhones(String(value), country))
  return distinct.filter(one => named(one) && phonesOf(one).some(phone => wanted.phones.includes(phone)))
}
