import type { Json, JsonObject } from '../lib/json.ts'
import { nobody, type Person } from '../model/event.ts'

/**
 * Who wrote, and what, from the names that forms give their fields. Careful on purpose: a name counts only when it is
 * exactly one of these (case, spaces and punctuation aside), since `spouse_email` or `opposing_party_name` is someone else.
 */

const names = {
  first_name: ['firstname', 'fname', 'givenname', 'forename', 'namefirst'],
  last_name: ['lastname', 'lname', 'surname', 'familyname', 'namelast'],
  full_name: ['fullname', 'name', 'clientname', 'contactname', 'customername'],
  email: ['email', 'emailaddress', 'clientemail', 'contactemail', 'customeremail'],
  phone: [
    'phone',
    'phonenumber',
    'mobile',
    'mobilenumber',
    'mobilephone',
    'cell',
    'cellphone',
    'tel',
    'telephone',
    'telephonenumber',
    'clientphone',
    'contactphone',
    'customerphone',
    'customerphonenumber',
  ],
  company: ['company', 'companyname', 'organization', 'organisation', 'organizationname', 'business', 'businessname'],
  message: [
    'message',
    'comments',
    'comment',
    'description',
    'details',
    'casedetails',
    'casedescription',
    'inquiry',
    'enquiry',
    'question',
    'questions',
    'howcanwehelp',
    'howcanwehelpyou',
    'notes',
  ],
} as const

export function personOf(fields: JsonObject): Person {
  const answers = byPlainName(fields)
  const first = pick(answers, names.first_name)
  const last = pick(answers, names.last_name)
  const full = pick(answers, names.full_name)
  // A form with `name` and `surname` means the first name by the one.
  const split = first === null && last === null && full !== null ? splitName(full) : { first: full, last: null }
  return {
    ...nobody(),
    first_name: first ?? split.first,
    last_name: last ?? split.last,
    email: pick(answers, names.email, text => /^[^\s@]+@[^\s@]+$/.test(text)),
    phone: pick(answers, names.phone, text => text.replace(/\D/g, '').length >= 5),
    company: pick(answers, names.company),
  }
}

export function messageOf(fields: JsonObject): string | null {
  return pick(byPlainName(fields), names.message)
}

/** `Your e-mail*`, `yourEmail` and `What is your e-mail?` are `email`: the plain name. The first field of a name wins. */
function byPlainName(fields: JsonObject): Map<string, string> {
  const answers = new Map<string, string>()
  for (const [name, value] of Object.entries(fields)) {
    const plain = name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '')
      .replace(/^(?:whati?s|(?:please)?(?:enter|provide|giveus|tellus)?)your/, '')
    const text = textOf(value)
    if (text !== '' && !answers.has(plain)) answers.set(plain, text)
  }
  return answers
}

function textOf(value: Json): string {
  if (Array.isArray(value)) return value.length > 0 ? textOf(value[0]!) : ''
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

function pick(
  answers: ReadonlyMap<string, string>,
  candidates: readonly string[],
  fits: (text: string) => boolean = () => true,
): string | null {
  for (const name of candidates) {
    const text = answers.get(name)
    if (text !== undefined && fits(text)) return text
  }
  return null
}

/** The last word is the family name; `Novak, Jordan` says so itself; a lone word is a first name. */
export function splitName(full: string): { first: string | null; last: string | null } {
  const [family, given, ...more] = full.split(',').map(part => part.trim())
  if (family && given && more.length === 0) return { first: given, last: family }
  const at = full.lastIndexOf(' ')
  return at < 0 ? { first: full, last: null } : { first: full.slice(0, at).trim(), last: full.slice(at + 1) }
}
