import * as z from 'zod'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Inbound } from '../../model/endpoint.ts'
import type { Delivery, Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { mediaType, readAnswers, readJson } from '../../reading/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, textAt } from '../../reading/payload.ts'
import { messageOf, personOf } from '../../reading/person.ts'
import { headerName, sharedWords, signedBy, verifyShared } from '../proof/proofs.ts'
import { schemeOf, signature } from '../proof/signature-option.ts'
import { expression, reader } from './mapping.ts'

/** Whatever else can send JSON or a form. What proves it, and where its key, type and person stand, is configuration. */

const options = z
  .strictObject({
    secret: secretOption,
    /** The header that carries the secret. @default `Authorization: Bearer …`, or the last part of the address */
    header: headerName.optional(),
    /** How the sender signs with the secret, instead of sending it. */
    signature: signature.optional(),
    /** What makes two deliveries the same. @default the header Idempotency-Key, else the body, for ten minutes */
    key: expression.optional(),
    /** @default `webhook.received` */
    type: expression.optional(),
    subject: expression.optional(),
    time: expression.optional(),
    /** An object, by expression. @default the body */
    fields: expression.optional(),
    /** Each part by its expression. @default by the names of the fields */
    person: z
      .strictObject({
        first_name: expression.optional(),
        last_name: expression.optional(),
        email: expression.optional(),
        phone: expression.optional(),
        company: expression.optional(),
      })
      .optional(),
    message: expression.optional(),
  })
  .refine(given => given.header === undefined || given.signature === undefined, {
    message: "has either 'header', which carries the secret, or 'signature', which is made with it",
  })
type Options = z.infer<typeof options>

export const webhook: Source<Options> = {
  name: 'webhook',
  verifiedBy: `${sharedWords}; or any HMAC that the endpoint describes`,
  keyedBy: "the endpoint's expression 'key'; else the Idempotency-Key header; else the body, for ten minutes",
  types: ['*'],
  signed: false,
  signs: given => given.signature !== undefined,
  options,

  verify(request, endpoint) {
    const { signature: given } = endpoint.options
    return given === undefined ? verifyShared(request, endpoint) : signedBy(schemeOf(given))(request, endpoint)
  },

  async parse(request, endpoint) {
    const form = ['application/x-www-form-urlencoded', 'multipart/form-data'].includes(mediaType(request))
    const read = form ? await readAnswers(request) : readJson(request)
    if (!read.ok) return read.problem
    return [await mapped(endpoint.options, request, read.value)]
  },
}

async function mapped(given: Options, request: Inbound, body: Json): Promise<Delivery> {
  const value = reader(request, body)
  const answers = given.fields === undefined ? body : value(given.fields)
  const fields = isObject(answers) ? answers : {}
  const key = idAt({ key: value(given.key) }, 'key')
  const header = idAt({ header: request.headers.get('idempotency-key') }, 'header')
  const made = await delivery({
    source: 'webhook',
    type: idAt({ type: value(given.type) }, 'type') ?? 'webhook.received',
    id: key ?? header,
    subject: idAt({ subject: value(given.subject) }, 'subject'),
    time: isoTime(value(given.time)),
    data: body,
    fields,
    person: personBy(given.person ?? {}, fields, value),
    message: given.message === undefined ? messageOf(fields) : textAt({ text: value(given.message) }, 'text'),
    content: body,
  })
  return { ...made, strict: key === null && header !== null }
}

function personBy(given: NonNullable<Options['person']>, fields: JsonObject, value: (text: string) => Json): Person {
  const told = Object.entries(given).flatMap(([part, text]) =>
    text === undefined ? [] : [[part, textAt({ text: value(text) }, 'text')] as const],
  )
  return { ...personOf(fields), ...Object.fromEntries(told) }
}
