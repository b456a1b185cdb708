import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { type Clio, Park } from '../../model/intent.ts'
import { listAll } from '../gateway/paging.ts'
import { contactFields, nameOf, plainEmail, spellings } from './contact.ts'
import { addressesOf } from './index-entry.ts'
import { keysLike } from './name-keys.ts'
import { likeness, mentions, searchWord } from './same-name.ts'
import { plainPhone } from './telephone.ts'

/** Somebody whom the firm may be bound to already. */
export interface Match {
  /** The party, as the rule wrote it. */
  readonly who: string
  readonly kind: 'contact' | 'matter'
  readonly id: Json
  /** The contact's name; the matter's number and its client. */
  readonly name: string
  /** What is alike, for people. */
  readonly why: string
}

/** Each of them costs a call. */
const partiesMost = 20
/** More of them tell a person nothing more. */
const matchesMost = 20

interface Party {
  readonly who: string
  readonly kind: 'email' | 'phone' | 'name'
  /** In its one spelling. */
  readonly value: string
}

/**
 * `check_conflicts`: are the parties known to the firm, as contacts, as clients of a matter, or by a matter's description? What this
 * run made or found itself is left out, and so are its own client's other matters. Output: `{found, matches}`.
 */
export async function checkConflicts(given: readonly Json[], clio: Clio): Promise<JsonObject> {
  const parties = partiesIn(given, clio.country)
  if (parties.length > partiesMost)
    throw new Park(
      `A conflict check takes at most ${partiesMost} parties, and the event names ${parties.length}: make it by hand, and discard this run.`,
    )
  const matches: Match[] = []
  for (const party of parties) {
    matches.push(...(await amongContacts(party, clio)))
    if (party.kind === 'name') matches.push(...(await amongMatters(party, clio)))
  }
  return { found: matches.length > 0, matches: matches.slice(0, matchesMost).map(match => ({ ...match })) }
}

/** Texts, each a party; several in one text stand on lines of their own or behind semicolons. Of an object: its name and addresses. */
function partiesIn(given: readonly Json[], country: string): Party[] {
  const texts = given.flatMap(textsIn).flatMap(text => text.split(/[\n;]/))
  const parties = texts.map(text => partyOf(text.trim(), country)).filter(party => party !== null)
  const same = (a: Party, b: Party) => a.kind === b.kind && a.value.toLowerCase() === b.value.toLowerCase()
  return parties.filter((party, at) => parties.findIndex(other => same(party, other)) === at)
}

function textsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (!isObject(value)) return value === null || typeof value === 'boolean' ? [] : [String(value)]
  const { email, phone, company } = value
  return [nameOf(value), ...[email ?? null, phone ?? null, company ?? null].flatMap(textsIn)]
}

/** What people write when there is nobody. */
const nobody = /^(none|n\/?a|no|nobody|no ?one|unknown|not known|not applicable|tbd|-+|\?+|\.+)$/i

function partyOf(who: string, country: string): Party | null {
  if (nobody.test(who)) return null
  if (/^\S+@\S+$/.test(who)) return { who, kind: 'email', value: plainEmail(who) }
  const phone = /[a-z]{3}/i.test(who) ? null : plainPhone(who, country)
  if (phone !== null) return { who, kind: 'phone', value: phone }
  return searchWord(who) === '' ? null : { who, kind: 'name', value: who }
}

async function amongContacts(party: Party, clio: Clio): Promise<Match[]> {
  const mine = clio.mine('contacts')
  const whyOf = (contact: JsonObject) =>
    mine.has(String(contact.id)) ? null : whyContact(party, contact, clio.country)
  const known = (await indexed(party, clio, whyOf)) ?? (await searched(party, clio))
  return known.flatMap(contact => {
    const why = whyOf(contact)
    return why === null ? [] : [{ who: party.who, kind: 'contact', id: contact.id ?? null, name: nameOf(contact), why }]
  })
}

function indexed(
  { kind, value }: Party,
  { contacts }: Clio,
  whyOf: (contact: JsonObject) => string | null,
): Promise<JsonObject[] | null> {
  if (kind === 'name') return contacts.named(keysLike(value), contact => whyOf(contact) !== null, matchesMost)
  return contacts.find(
    kind === 'email' ? { email_addresses: [{ address: value }] } : { phone_numbers: [{ number: value }] },
  )
}

/** Clio finds literal pieces only, so a name is searched by its longest word, a number by the piece that most spellings share. */
async function searched({ kind, value }: Party, clio: Clio): Promise<JsonObject[]> {
  const query =
    kind === 'name' ? searchWord(value) : kind === 'email' ? value : (spellings(value, clio.country)[0] ?? value)
  return listAll({ method: 'GET', path: 'contacts', query: { query, fields: contactFields } }, clio)
}

function whyContact({ kind, value }: Party, contact: JsonObject, country: string): string | null {
  if (kind === 'name') return likeness(value, nameOf(contact), contact.type === 'Company')
  const has = addressesOf(contact, country).some(address => address.value === value)
  return has ? (kind === 'email' ? 'the same e-mail address' : 'the same phone number') : null
}

const matterFields = 'id,display_number,description,client{id,name}'

/** Clio looks at the client's name, the description and the number. */
async function amongMatters({ who, value }: Party, clio: Clio): Promise<Match[]> {
  const call = { method: 'GET', path: 'matters', query: { query: searchWord(value), fields: matterFields } } as const
  const [mine, own] = [clio.mine('matters'), clio.mine('contacts')]
  return (await listAll(call, clio)).flatMap(matter => {
    const client = isObject(matter.client) ? matter.client : {}
    if (mine.has(String(matter.id)) || own.has(String(client.id))) return []
    const named = likeness(value, String(client.name ?? ''))
    const why = named
      ? `its client has ${named}`
      : mentions(String(matter.description ?? ''), value)
        ? 'its description'
        : null
    const name = [matter.display_number, client.name].filter(Boolean).join(' · ')
    return why === null ? [] : [{ who, kind: 'matter', id: matter.id ?? null, name, why }]
  })
}
