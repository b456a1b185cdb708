import * as z from 'zod/mini'
import { canonical, isObject, type Json, sha256 } from '../../lib/json.ts'
import { type Delivery, nobody } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { metaGreeting } from '../leads/meta.ts'
import { textIn } from '../places.ts'
import { schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { numberIn } from './number.ts'

/** WhatsApp Business Platform, Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks */

const options = z.extend(signedOptions, {
  token: secretOption,
})
type Options = z.infer<typeof options>

const value = z.looseObject({
  contacts: z.optional(z.array(z.json()).check(z.maxLength(1000))),
  messages: z.optional(z.array(z.json()).check(z.maxLength(1000))),
  statuses: z.optional(z.array(z.json()).check(z.maxLength(1000))),
})
const change = z.object({ field: z.string().check(z.maxLength(100)), value })
const payload = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.object({ changes: z.array(change).check(z.maxLength(1000)) })).check(z.maxLength(1000)),
})

export const whatsapp: Source<Options> = {
  name: 'whatsapp',
  verifiedBy: schemeWords(schemes.meta),
  keyedBy: "the message's id; of what became of one, its id and status",
  types: [
    'message.received',
    'message.sent',
    'message.delivered',
    'message.read',
    'message.failed',
    'whatsapp.other',
    '*',
  ],
  signed: true,
  options,
  status: 200,
  handshake: metaGreeting,
  verify: signedBy(schemes.meta),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('WhatsApp')
    const changes = parsed.data.entry.flatMap(({ changes }) => changes)
    const made = await Promise.all(changes.flatMap(eventsOf))
    return made.length > 0 && made.length <= 1000 && !made.includes(null) ? (made as Delivery[]) : notFrom('WhatsApp')
  },
}

function eventsOf({ field, value: given }: z.infer<typeof change>): Promise<Delivery | null>[] {
  const { messages = [], statuses = [], contacts = [] } = given
  if (messages.length + statuses.length === 0) return [otherOf(field, given as Json)]
  return [
    ...messages.map(one => received(one as Json, contacts as Json[])),
    ...statuses.map(one => became(one as Json)),
  ]
}

async function otherOf(field: string, data: Json): Promise<Delivery> {
  const fields = isObject(data) ? data : {}
  const id = `${field}:${await sha256(canonical(data))}`
  return delivery({ source: 'whatsapp', type: 'whatsapp.other', id, data, fields, person: nobody(), message: null })
}

async function received(given: Json, contacts: readonly Json[]): Promise<Delivery | null> {
  const id = idAt(given, 'id')
  const from = idAt(given, 'from')
  if (!isObject(given) || id === null) return null
  const contact = contacts.find(one => idAt(one, 'wa_id') === from)
  const { first_name, last_name } = personOf({ name: textAt(contact, 'profile.name') ?? '' })
  // Numbers come without their plus.
  const phone = numberIn(from === null ? null : `+${from.replace(/^\+/, '')}`)
  return delivery({
    source: 'whatsapp',
    type: 'message.received',
    id,
    subject: id,
    time: isoTime(textAt(given, 'timestamp')),
    data: contact === undefined ? given : { ...given, contact },
    fields: given,
    person: { ...nobody(), first_name, last_name, phone },
    message: textIn(
      given,
      'text.body|button.text|interactive.button_reply.title|interactive.list_reply.title|image.caption|video.caption|document.caption|document.filename|reaction.emoji|location.name',
    ),
  })
}

async function became(given: Json): Promise<Delivery | null> {
  const [id, status] = [idAt(given, 'id'), idAt(given, 'status')]
  if (!isObject(given) || id === null || status === null) return null
  const to = idAt(given, 'recipient_id')
  return delivery({
    source: 'whatsapp',
    type: `message.${status}`,
    id: `${id}:${status}`,
    subject: id,
    time: isoTime(textAt(given, 'timestamp')),
    data: given,
    fields: given,
    person: { ...nobody(), phone: numberIn(to === null ? null : `+${to.replace(/^\+/, '')}`) },
    message: null,
  })
}
