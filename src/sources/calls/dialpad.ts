import { fromBase64Url, fromUtf8, utf8 } from '../../lib/encoding.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Inbound } from '../../model/endpoint.ts'
import { nobody, type Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { parseJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { textIn } from '../places.ts'
import { type SignedOptions, signedOptions } from '../proof/proofs.ts'
import { anyMatches, fail, usable, verdictOf } from '../proof/signature.ts'
import { numberIn } from './number.ts'

/**
 * Calls and texts of Dialpad: https://developers.dialpad.com/docs/call-events. With a secret the whole body is a JWT (RFC 7519); without one it
 * is plain JSON, which proves nothing and is refused. The algorithm is ours to say, not the token's (RFC 8725 §3.1).
 */

function tokenIn({ body }: Inbound) {
  const text = (fromUtf8(body) ?? '').trim().replace(/^"|"$/g, '')
  const [header = '', claims = '', signature = '', ...more] = text.split('.', 4)
  // What is said is read only once it is proved: anybody may send a megabyte.
  const [head, mac] = [header.length > 1000 ? null : objectIn(header), fromBase64Url(signature)]
  if (more.length > 0 || head?.alg !== 'HS256' || mac?.length !== 32) return null
  return { signed: utf8(`${header}.${claims}`), mac, claims }
}

function objectIn(segment: string): JsonObject | null {
  const bytes = fromBase64Url(segment)
  const value = bytes === null ? undefined : parseJson(fromUtf8(bytes) ?? '')
  return isObject(value) ? value : null
}

export const dialpad: Source<SignedOptions> = {
  name: 'dialpad',
  verifiedBy: 'the body, a JWT with HS256',
  keyedBy: 'the call, its state and the time of the event; of a text its id and state',
  types: ['*'],
  signed: true,
  options: signedOptions,

  async verify(request, endpoint) {
    const secrets = usable(endpoint.secrets(endpoint.options.secret))
    if (secrets.length === 0) return verdictOf(fail({ reason: 'no-secret' }))
    const token = tokenIn(request)
    if (token === null) return verdictOf(fail({ reason: 'malformed', where: 'body' }))
    const right = await anyMatches('SHA-256', secrets.map(utf8), [token.mac], token.signed)
    return right ? { ok: true } : verdictOf(fail({ reason: 'mismatch' }))
  },

  async parse(request) {
    const data = objectIn(tokenIn(request)?.claims ?? '')
    const call = idAt(data, 'call_id')
    const text = call === null ? idAt(data, 'id') : null
    if (!data || (call === null && text === null)) return notFrom('Dialpad')
    const incoming = !/^out/i.test(textAt(data, 'direction') ?? '')
    const state = idAt(data, call === null ? 'message_status' : 'state') ?? 'received'
    const at = idAt(data, 'event_timestamp') ?? ''
    const made = await delivery({
      source: 'dialpad',
      type: call === null ? `message.${incoming ? 'received' : state}` : `call.${state}`,
      id: call === null ? `text:${text}:${state}` : [call, state, at].join(':'),
      subject: call ?? text,
      time: isoTime(textIn(data, 'event_timestamp|created_date|date_started')),
      data,
      fields: data,
      person: personIn(data, incoming),
      message: textIn(data, 'text|transcription_text|recap_summary'),
    })
    return [made]
  },
}

function personIn(data: JsonObject, incoming: boolean): Person {
  const number = numberIn(
    textIn(data, `external_number|${incoming ? 'from_number' : 'to_number.0|to_number'}|contact.phone`),
  )
  const name = textAt(data, 'contact.name') ?? ''
  // A contact whom nobody named is called by the number.
  const { first_name, last_name, email } = personOf({
    name: /\d{5}/.test(name.replace(/\D/g, '')) ? '' : name,
    email: textAt(data, 'contact.email') ?? '',
  })
  return { ...nobody(), first_name, last_name, email, phone: number }
}
