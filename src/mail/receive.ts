import { type Door, inboundRoutes } from '../door/route.ts'
import type { Hono } from '../lib/hono.ts'
import { sha256 } from '../lib/json.ts'
import { readBody } from '../lib/read-body.ts'
import { emailByMail, largestMail } from '../sources/mail/email.ts'
import { endpointOf } from './address.ts'

/**
 * Mail comes in at the same door as all else: an address is an endpoint. What can never be taken is refused for good, so that its sender
 * hears of it; what cannot be recorded now makes this throw, so that the mail is tried again.
 * @source https://developers.cloudflare.com/email-routing/email-workers/runtime-api/
 */

export type Message = Pick<ForwardableEmailMessage, 'from' | 'to' | 'raw' | 'rawSize' | 'setReject'>

const byMail = new Map([[emailByMail.name, emailByMail]])

/** One way in for all mail: it remembers who was sent away, and lets long mails have their moment one after another. */
const ways = new WeakMap<Door, Hono>()

function wayOf(door: Door): Hono {
  const way = ways.get(door) ?? inboundRoutes(door, byMail)
  ways.set(door, way)
  return way
}

/** @throws Error when nothing was recorded, and the same mail can be later */
export async function receiveMail(message: Message, door: Door): Promise<void> {
  const address = endpointOf(message.to)
  if (address === null) return message.setReject('There is no such address here.')
  const mail = new Request('https://mail.internal/', { method: 'POST', body: message.raw })
  const bytes = message.rawSize > largestMail ? 'too-large' : await readBody(mail, largestMail)
  if (bytes === 'too-large') return message.setReject('The mail is too large.')
  if (bytes === 'cut') throw new Error('The mail ended too early; it is to be tried again.')
  const answer = await wayOf(door).request(`https://mail.internal/in/${address.firm}/${address.endpoint}`, {
    method: 'POST',
    headers: {
      'content-type': 'message/rfc822',
      // What brakes a flood from one address of the internet brakes one from an address of mail, however long, and one from none at all.
      'cf-connecting-ip': await sha256(message.from.toLowerCase()),
      'x-envelope-from': encodeURIComponent(message.from),
    },
    body: bytes,
  })
  if (answer.ok) return
  if (answer.status >= 500 || answer.status === 429)
    throw new Error(`A mail could not be recorded (${answer.status}); it is to be tried again.`)
  message.setReject(answer.status === 404 ? 'There is no such address here.' : 'This address does not take the mail.')
}
