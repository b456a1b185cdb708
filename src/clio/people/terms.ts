import { fold } from '../../lib/text/fold.ts'
import type { Person } from '../../model/event.ts'
import { plainEmail } from './contact.ts'
import { plainPhones } from './telephone.ts'

/**
 * What a run can be found by of whom it is about: e-mail address, telephone numbers and last name, each in its one spelling. Pure; the
 * Docket keeps hashes of them.
 */
export function termsOf({ email, phone, last_name: last }: Partial<Person>, country: string): string[] {
  const name = nameTerm(last ?? '')
  return [
    ...(email?.includes('@') ? [emailTerm(email)] : []),
    ...plainPhones(phone ?? '', country).map(number => `phone:${number}`),
    ...(name === null ? [] : [name]),
  ]
}

/** What somebody may mean who looks for a person: an address; else a number, or a name that ends with the last one. */
export function termsAsked(text: string, country: string): string[] {
  if (text.includes('@')) return termsOf({ email: text }, country)
  const words = text.trim().split(/\s+/).slice(-6)
  const names = words.map((_, at) => nameTerm(words.slice(at).join(''))).filter(name => name !== null)
  return [...termsOf({ phone: text }, country), ...names]
}

const emailTerm = (email: string): string => `email:${plainEmail(email)}`

/** `O'Neil`, `ONEIL` and `o neil` are one name. */
function nameTerm(name: string): string | null {
  const letters = fold(name.normalize('NFKC')).replace(/[^\p{L}\p{N}]/gu, '')
  return /\p{L}/u.test(letters) ? `name:${letters}` : null
}
