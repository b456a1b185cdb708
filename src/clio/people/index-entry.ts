import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { valuesAt } from '../names/paths.ts'
import { nameOf, plainEmail } from './contact.ts'
import { dialled, plainPhones } from './telephone.ts'

/**
 * What the firm keeps of each of its contacts, so that most upserts need not ask Clio: who it is, which of the usual values stand
 * blank, and by which addresses it is reached, these as hashes only. Pure; how it is hashed, sealed and kept is the Docket's business.
 */

const names = ['name', 'first_name', 'last_name'] as const

/** Keys of which is known whether they are blank. */
const plain = [...names, 'middle_name', 'prefix', 'title', 'date_of_birth', 'company'] as const

/** What is read of every contact. */
export const indexFields = `id,type,${[...plain.slice(0, -1), 'company{id}'].join(',')},email_addresses{address},phone_numbers{number}`

export interface Entry {
  readonly type: string
  /** Values of `name`, `first_name`, `last_name`. */
  readonly names: Readonly<Record<string, string>>
  /** Which of the plain keys have a value. */
  readonly set: readonly string[]
  readonly emails: readonly string[]
  readonly phones: readonly string[]
}

/** An e-mail address, or a number as it is dialled, and the key of a contact under which it stands. */
export interface Address {
  readonly key: 'emails' | 'phones'
  readonly value: string
}

/** What is hashed of an address. */
export const hashed = ({ key, value }: Address): string => `${key}:${value}`

/** Every address in a contact, or in the body of one, in its one spelling. */
export function addressesOf(contact: JsonObject, country: string): Address[] {
  const texts = (path: string) =>
    valuesAt(contact, path)
      .map(value => String(value).trim())
      .filter(Boolean)
  const emails = texts('email_addresses.address').map(plainEmail)
  const phones = texts('phone_numbers.number').flatMap(text => {
    const numbers = plainPhones(text, country)
    return numbers.length > 0 ? numbers : [dialled(text, country)]
  })
  return [
    ...[...new Set(emails)].map(value => ({ key: 'emails' as const, value })),
    ...[...new Set(phones)].map(value => ({ key: 'phones' as const, value })),
  ]
}

/** @param hashes of the contact's addresses, in their order */
export function entryOf(contact: JsonObject, addresses: readonly Address[], hashes: readonly string[]): Entry {
  const of = (key: Address['key']) => hashes.filter((_, at) => addresses[at]?.key === key)
  const kept = names.filter(key => !isBlank(contact[key])).map(key => [key, String(contact[key])] as const)
  return {
    type: String(contact.type ?? ''),
    names: Object.fromEntries(kept),
    set: plain.filter(key => !isBlank(contact[key])),
    emails: of('emails'),
    phones: of('phones'),
  }
}

/** The entry after a change of ours: what a PATCH adds, and what it sets. */
export function changedEntry(before: Entry, change: Entry): Entry {
  const both = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])]
  return {
    type: before.type,
    names: { ...before.names, ...change.names },
    set: both(before.set, change.set),
    emails: both(before.emails, change.emails),
    phones: both(before.phones, change.phones),
  }
}

/** A change that an entry cannot follow: it names items by their ids, or blanks a value. */
export function isPuzzling(body: JsonObject): boolean {
  const items = [body.email_addresses, body.phone_numbers].flatMap(list => (Array.isArray(list) ? list : []))
  return items.some(item => isObject(item) && item.id !== undefined) || plain.some(key => body[key] === null)
}

/**
 * A contact that the connected user may not see whole (Clio's Contacts Visibility, since 4.0.9). It matches nobody by what it shows, and
 * what is known of it stays. One that shows no address at all, though it had some, counts as one.
 */
export function isRedacted(contact: JsonObject, known: boolean): boolean {
  const { email_addresses: emails, phone_numbers: phones } = contact
  if (!Array.isArray(emails) || !Array.isArray(phones)) return true
  return known && emails.length === 0 && phones.length === 0
}

/**
 * The contact, as far as it is known, in the form of Clio's answers: of its addresses those that were asked for are told; a value
 * that is there and not known is `true`. `indexed` tells it from an answer.
 */
export function standIn(id: string, entry: Entry, asked: ReadonlyMap<string, string>): JsonObject {
  const told = (hashes: readonly string[], name: string): Json =>
    hashes.map(hash => ({ [name]: asked.get(hash) ?? '' }))
  return {
    ...Object.fromEntries(plain.map(key => [key, entry.set.includes(key) ? true : null])),
    ...entry.names,
    id: Number(id),
    type: entry.type,
    email_addresses: told(entry.emails, 'address'),
    phone_numbers: told(entry.phones, 'number'),
    indexed: true,
  }
}

/** Keys by which contacts can be told apart without Clio. */
export function isTold(key: string): boolean {
  return key === 'type' || names.some(name => name === key)
}

/** Who it is, for a comparison of names. */
export function nameIn(entry: Entry): string {
  return nameOf({ ...entry.names })
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (isObject(value) && (value.id ?? null) === null)
}
