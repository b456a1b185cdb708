import type { JsonObject } from '../lib/json.ts'
import { plainDigits } from '../lib/text/digits.ts'
import type { InboundEvent, Person, Recognized } from '../model/event.ts'
import { emailIn, phoneIn } from './addresses.ts'
import { linesOf } from './fields.ts'
import type { Role } from './label-words.ts'
import { isSomeoneElse, readPath } from './labels.ts'
import { splitName } from './names.ts'
import { textAt } from './payload.ts'
import { leavesOf, recognize } from './person.ts'

/** Which answers say what a source has told of a person by itself, and what becomes of the person when such an answer is corrected. */

type Part = keyof Person | 'message'

const digitsIn = (text: string): string => plainDigits(text).replace(/\D/g, '')

/**
 * Addresses, numbers and messages are known by what they say; a name only under a label that asks for one, since many a word is somebody's
 * name.
 */
export function toldIn(fields: JsonObject, person: Person, message: string | null): Recognized {
  const leaves = leavesOf(fields).flatMap(({ path, text }) => {
    const label = path.join('.')
    return isSomeoneElse(label) ? [] : [{ label, text, role: readPath(path)?.role }]
  })
  const said = (part: string | null, role: Role, says: (text: string) => boolean) => {
    const all = part === null ? [] : leaves.filter(({ text }) => says(text))
    return { asked: all.find(one => one.role === role)?.label, any: all[0]?.label }
  }
  const { first_name: first, last_name: last, email, phone, company } = person
  const whole = said(first ?? last, 'full_name', text => {
    const name = splitName(text)
    return name.first === first && name.last === last
  }).asked
  const mail = said(email, 'email', text => emailIn(text) === email)
  const number = said(phone, 'phone', text => phoneIn(text) !== null && digitsIn(text) === digitsIn(phone!))
  const text = said(message, 'message', one => one === message)
  const found: { [part in Part]: string | undefined } = {
    first_name: said(first, 'first_name', one => one === first).asked ?? (first === null ? undefined : whole),
    last_name: said(last, 'last_name', one => one === last).asked ?? (last === null ? undefined : whole),
    email: mail.asked ?? mail.any,
    phone: number.asked ?? number.any,
    company: said(company, 'company', one => one === company).asked,
    message: text.asked ?? text.any,
  }
  return Object.fromEntries(Object.entries(found).filter(([, label]) => label !== undefined))
}

/** The answer of a label: its own, or one within others, whose label is `contact.email`. Of a list it is the first. */
export function answerAt(fields: JsonObject, label: string): string | null {
  const own = Object.hasOwn(fields, label) ? [fields[label]!].flat()[0] : null
  return textAt({ own: own ?? null }, 'own') ?? textAt(fields, label)
}

/** The person and the message as they are when answers were corrected: what was read from an answer is read from it anew, all else stands. */
export function reread(event: InboundEvent, fields: JsonObject): Pick<InboundEvent, 'person' | 'message'> {
  const [before, after] = [recognize(event.fields), recognize(fields)]
  const { recognized = before.recognized } = event
  const anew = (part: Part, was: string | null, known: string | null, next: string | null): string | null => {
    const [label, plain] = [recognized, before.recognized].map(one => one[part] ?? wholeName(part, one, event.fields))
    if (was === known && label === plain) return next
    const text = label === undefined ? null : answerAt(fields, label)
    if (label === undefined || answerAt(event.fields, label) === text) return was
    return text === null ? null : partOf(part, text, label === wholeName(part, recognized, event.fields))
  }
  const read = (part: keyof Person) => anew(part, event.person[part], before.person[part], after.person[part])
  return {
    person: {
      first_name: read('first_name'),
      last_name: read('last_name'),
      email: read('email'),
      phone: read('phone'),
      company: read('company'),
    },
    message:
      event.message === linesOf(event.fields)
        ? linesOf(fields)
        : anew('message', event.message, before.message, after.message),
  }
}

/** The box that asks for the whole name: it gave both parts, or one, and asks not for that one. */
function wholeName(part: Part, { first_name, last_name }: Recognized, fields: JsonObject): string | undefined {
  const label = first_name ?? last_name
  if ((part !== 'first_name' && part !== 'last_name') || label === undefined) return undefined
  const asked = readPath(Object.hasOwn(fields, label) ? [label] : label.split('.'))?.role
  const one = first_name === undefined || last_name === undefined
  const apart = asked === 'first_name' || asked === 'last_name'
  return first_name === last_name || (one && !apart) ? label : undefined
}

function partOf(part: Part, text: string, whole: boolean): string | null {
  if (part === 'email') return emailIn(text)
  if (part === 'phone') return phoneIn(text)
  if (!whole) return text
  const { first, last } = splitName(text)
  return part === 'first_name' ? first : last
}
