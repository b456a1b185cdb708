import type { Person } from '../../model/event.ts'
import { personOf } from '../../reading/person.ts'

/** Numbers and names as telephone systems tell them. */

/**
 * What carriers put where a caller withholds the number: words, spelled on the keys of a telephone.
 * @source https://help.twilio.com/articles/223179988
 */
const spelled = new Set(['266696687', '7378742833', '2562533', '86282452253', '8656696', '464', '0'])

/** The number alone: `whatsapp:+12125550147`, `tel:…` and `sip:+1…@host` say a way besides. Null for a withheld one, and for what is none. */
export function numberIn(text: string | null): string | null {
  const plain = (text ?? '')
    .trim()
    .replace(/^(?:whatsapp|tel|sip|sips|sms|rcs|messenger):/i, '')
    .replace(/@.*$/s, '')
    .trim()
  const digits = plain.replace(/\D/g, '')
  const wordless = !/\p{L}{3}/u.test(plain)
  return wordless && digits.length >= 5 && digits.length <= 20 && !spelled.has(digits) ? plain : null
}

/** What stands for a name where the caller's is not known: carriers' words, and the place that they tell instead (`ALBANY NY`). */
const noName =
  /^(?:wireless|cell(?:ular)?(?: phone)?|mobile|toll[ -]?free|unknown|unavailable|not available|anonymous|private|restricted|blocked|withheld|out of area|no (?:name|caller id|data)|name unavailable|spam(?: risk)?|scam likely|telemarketer|v\d{9,}|undefined|null|n\/a)\b/i

/**
 * The name of a caller. Caller ids of the telephone network are capitals with the family name first, `WHITFIELD DANA`
 * (ATIS-0300251); whatever else somebody has typed is read as it stands.
 */
export function callerIn(text: string | null): Caller {
  const name = (text ?? '').replace(/\s+/g, ' ').trim()
  if (name === '' || noName.test(name) || !/\p{L}{2}/u.test(name) || /\d{3}/.test(name)) return nobody
  const [family, given, ...more] = name.split(' ')
  const capitals = name === name.toUpperCase() && name !== name.toLowerCase()
  if (capitals && trade.test(name)) return { ...nobody, company: cased(name) }
  const network = capitals && family && given && more.length <= 1 && !/[,&.]/.test(name)
  if (network && more.length === 0 && isState(given) && family.length > 2) return nobody
  const ordered = network ? `${cased(family)}, ${cased([given, ...more].join(' '))}` : capitals ? cased(name) : name
  const { first_name, last_name } = personOf({ name: ordered })
  return { first_name, last_name, company: null }
}

type Caller = Pick<Person, 'first_name' | 'last_name' | 'company'>

const nobody: Caller = { first_name: null, last_name: null, company: null }

/** Words of a business, which has no family name. */
const trade =
  /\b(?:inc|llc|llp|corp|co|ltd|bank|law|legal|office|offices|hospital|clinic|medical|county|city of|state of|dept|school|univ|university|services?|plumbing|electric|realty|insurance|church|court|police|restaurant|hotel|auto|motors|group|center|centre|company)\b/i

/** `ALBANY NY`: a town and its state. */
const states = new Set(
  'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC ON QC BC AB MB SK NS NB NL PE'.split(
    ' ',
  ),
)
const isState = (word: string) => states.has(word)

/** `O'BRIEN` as people write it. */
const cased = (name: string) =>
  name.toLowerCase().replace(/(?<![\p{L}])\p{L}|(?<=\b(?:o|d)['’])\p{L}/gu, letter => letter.toUpperCase())
