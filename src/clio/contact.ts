import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { valuesAt } from './paths.ts'

/** How contacts are told apart: an e-mail address decides; a phone number counts only with an agreeing name. */

/** What is read of a contact to match and to complete it. */
export const contactFields =
  'id,etag,name,type,first_name,last_name,email_addresses{id,name,address},phone_numbers{id,name,number}'

/** Case and surrounding space never distinguish mailboxes in practice; dots and tags do (they are the provider's business). */
export function plainEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** E.164 (`+12125550100`), or null when it is no valid number in the country. */
export function plainPhone(phone: string, country: string): string | null {
  const number = parsePhoneNumberFromString(phone, country as CountryCode)
  return number?.isValid() ? number.number : null
}

/** Spellings under which a number may stand in Clio, whose search is literal: most usual first. */
export function spellings(phone: string, country: string): string[] {
  const number = parsePhoneNumberFromString(phone, country as CountryCode)
  if (!number?.isValid()) return []
  const national = number.formatNational()
  // Substrings: the bare national digits also find `+1…`; dashes are the usual American way besides the brackets.
  const dashed = national.replace(/[()]/g, '').replace(/\s+/g, '-')
  return [...new Set([number.nationalNumber, national, dashed])]
}

export interface Wanted {
  readonly type: string
  readonly name: string
  readonly emails: readonly string[]
  readonly phones: readonly string[]
}

/** What identifies the contact that a body describes; only the keys that the rule matches by. */
export function wantedOf(body: JsonObject, match: readonly string[], country: string): Wanted {
  const texts = (path: string) => valuesAt(body, path).map(String)
  const phones = match.includes('phone_numbers')
    ? texts('phone_numbers.number').map(phone => plainPhone(phone, country))
    : []
  return {
    type: String(body.type ?? 'Person'),
    name: nameOf(body),
    emails: match.includes('email_addresses') ? [...new Set(texts('email_addresses.address').map(plainEmail))] : [],
    phones: [...new Set(phones.filter(phone => phone !== null))],
  }
}

export function nameOf(contact: JsonObject): string {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value.trim() : '')
  const both = [text(contact.first_name), text(contact.last_name)].filter(Boolean).join(' ')
  return both || text(contact.name)
}

/** Same words in any order, case, accents and punctuation aside; initials agree with what they stand for. */
export function namesAgree(a: string, b: string): boolean {
  const words = (name: string) => {
    const letters = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    return letters.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  }
  const [shorter = [], longer = []] = [words(a), words(b)].sort((x, y) => x.length - y.length)
  if (shorter.length === 0) return false
  const left = [...longer]
  for (const word of shorter) {
    const at = left.findIndex(
      other => other === word || (Math.min(word.length, other.length) === 1 && other[0] === word[0]),
    )
    if (at < 0) return false
    left.splice(at, 1)
  }
  // One shared first name alone is nobody in particular.
  return shorter.length >= 2 || longer.length === 1
}

/** Contacts of the candidates that are the wanted one. An answer without readable addresses (redacted) matches nobody. */
export function matching(wanted: Wanted, candidates: readonly JsonObject[], country: string): JsonObject[] {
  const distinct = [...new Map(candidates.map(one => [String(one.id), one])).values()].filter(
    one => one.type === wanted.type,
  )
  const emailsOf = (one: JsonObject) => valuesAt(one, 'email_addresses.address').map(value => plainEmail(String(value)))
  const byEmail = distinct.filter(one => emailsOf(one).some(email => wanted.emails.includes(email)))
  if (byEmail.length > 0) return byEmail
  const phonesOf = (one: JsonObject) =>
    valuesAt(one, 'phone_numbers.number').map(value => plainPhone(String(value), country))
  return distinct.filter(
    one =>
      namesAgree(wanted.name, nameOf(one)) &&
      phonesOf(one).some(phone => phone !== null && wanted.phones.includes(phone)),
  )
}

/**
 * What an update has to send so that the contact says what the body says.
 * `fill`: only what stands blank, and addresses that it does not have. `replace`: plain values too. Never blanks anything, never
 * turns a Company into a Person.
 */
export function additions(
  body: JsonObject,
  contact: JsonObject,
  existing: 'fill' | 'replace',
  country: string,
): JsonObject {
  const change: JsonObject = {}
  const same: Record<string, (value: string) => string> = {
    address: plainEmail,
    number: value => plainPhone(value, country) ?? value.replace(/\D/g, ''),
  }
  for (const [key, value] of Object.entries(body)) {
    const stands = contact[key]
    if (key === 'type' || key === 'custom_field_values') continue
    if (Array.isArray(value)) {
      const field = key === 'phone_numbers' ? 'number' : 'address'
      const plain = (item: Json) => (isObject(item) ? (same[field]?.(String(item[field] ?? '')) ?? '') : '')
      const known = Array.isArray(stands) ? stands.map(plain) : []
      const missing = value.filter(item => isObject(item) && !known.includes(plain(item)))
      // A default that stands was chosen by somebody in the firm.
      const added = missing.map(item => {
        const { default_email: _e, default_number: _n, default_web_site: _w, ...rest } = item as JsonObject
        return known.length > 0 ? rest : (item as JsonObject)
      })
      if (added.length > 0) change[key] = added
    } else if (stands === null || stands === undefined || stands === '') change[key] = value
    else if (existing === 'replace' && String(stands) !== String(value) && !isObject(value)) change[key] = value
  }
  return change
}
