import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { nobody, type Person } from '../../model/event.ts'
import { textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { textIn } from '../places.ts'

/** Whose agreement it is: of all who get a document, the client is one who signs, and not one of the firm's own. */

const email = 'email|signer_email_address|signerEmail'
const order = 'signing_order|routingOrder|order'

/**
 * @param recipients in any order, people who only get a copy among them
 * @param own the address of whoever sent it: the firm's
 */
export function signerOf(recipients: Json | undefined, own: string | null): Person {
  const all = (Array.isArray(recipients) ? recipients : []).filter(isObject)
  const signing = all.filter(one =>
    /^(?:signer|in.?person.*)?$/i.test(textIn(one, 'recipient_type|recipientType') ?? ''),
  )
  const others = signing.filter(one => !isOf(textIn(one, email), own))
  const candidates = [...(others.length > 0 ? others : signing)].sort((a, b) => placeOf(a) - placeOf(b))
  const named = candidates.find(one =>
    /client|customer|kunde|cliente/i.test(textIn(one, 'role|roleName|signer_role') ?? ''),
  )
  const signer = named ?? candidates[0]
  if (!signer) return nobody()
  return personOf({
    first_name: textAt(signer, 'first_name') ?? textAt(signer, 'firstName') ?? '',
    last_name: textAt(signer, 'last_name') ?? textAt(signer, 'lastName') ?? '',
    name: textIn(signer, 'name|signer_name|signerName') ?? '',
    email: textIn(signer, email) ?? '',
    phone: textIn(signer, 'phone|phone_number|phoneNumber.number|sms_phone_number') ?? '',
  })
}

const placeOf = (one: JsonObject) => Number(textIn(one, order) ?? 0) || 0

/** The same address, or one of the same domain, where that is a firm's and not everybody's. */
function isOf(address: string | null, own: string | null): boolean {
  const [a, b] = [address, own].map(text => text?.trim().toLowerCase() ?? '')
  if (!a || !b) return false
  const [domain, ours] = [a, b].map(text => text.split('@').at(-1)!)
  return a === b || (domain === ours && !everybodys.test(domain!))
}

const everybodys =
  /^(?:g(?:oogle)?mail|yahoo|outlook|hotmail|live|msn|aol|icloud|me|mac|proton(?:mail)?|gmx|web|comcast|verizon|att|sbcglobal)\.[a-z.]{2,6}$|^pm\.me$/
