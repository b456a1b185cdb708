import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { InboundEvent } from '../../model/event.ts'
import { type Followed, type Provider, Stuck } from '../../model/follow.ts'
import type { Source } from '../../model/source.ts'
import type { Answer } from '../../reading/answers.ts'
import { parseUrlencoded } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { schemeWords, signedBy } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { changeOf, memoryOf } from './appointment.ts'
import { bookingOptions, bookingTypes, signedBookingOptions } from './booking.ts'

/**
 * https://developers.acuityscheduling.com/docs/webhooks. A webhook tells an action and an id; the appointment is fetched with the same
 * API key that signs. `changed` comes beside the others, so what an event is hangs on the appointment, not on the action.
 */

const options = z.extend(signedBookingOptions, {
  ...bookingOptions,
  user: z.string().check(z.regex(/^\d{1,12}$/, "must be the numeric 'User ID' that stands beside the API key")),
})
type Options = z.infer<typeof options>

const api = 'https://acuityscheduling.com/api/v1'
const notice = 'acuity.notified'

export const acuity: Source<Options> = {
  name: 'acuity',
  verifiedBy: `${schemeWords(schemes.acuity)}, keyed with the API key`,
  keyedBy: 'the appointment and its state',
  types: [...bookingTypes, notice, 'acuity.other'],
  signed: true,
  options,
  verify: signedBy(schemes.acuity),
  following: { types: [notice], follow },

  async parse(request) {
    const fields = Object.fromEntries(parseUrlencoded(request.body))
    const { action, id } = fields
    if (!action || !id || !/^\d{1,18}$/.test(id) || action.length > 100) return notFrom('Acuity')
    const type = action.startsWith('order') ? 'acuity.other' : notice
    // Twice the same action is twice a reason to look: only what is found tells whether anything is new.
    const key = crypto.randomUUID()
    const subject = type === notice ? `notice ${id}` : null
    return [await delivery({ source: 'acuity', type, id: key, subject, data: fields, fields })]
  },
}

async function follow({ fields }: InboundEvent, provider: Provider<Options>): Promise<Followed> {
  const id = String(fields.id)
  const { secret, user } = provider.endpoint.options
  const authorization = `Basic ${btoa(`${user}:${provider.secret(secret)}`)}`
  const answer = await provider.ask(`${api}/appointments/${id}`, { headers: { authorization } })
  if (answer.status === 404) return { kind: 'ignored', reason: `Acuity has no appointment ${id}.` }
  if (answer.status !== 200 || !isObject(answer.body))
    throw new Stuck(`Acuity did not tell appointment ${id} (${answer.status}).`)
  const name = memoryOf(user, id)
  const change = await changeOf(
    'acuity',
    appointmentOf(id, answer.body, provider.now),
    name,
    provider.recall(name),
    provider.now,
  )
  return { kind: 'events', deliveries: change.delivery ? [change.delivery] : [], memory: change.memory }
}

/** Acuity does not say when an appointment changed: it has by the time we look. */
function appointmentOf(id: string, given: JsonObject, now: number) {
  const start = isoTime(textAt(given, 'datetime') ?? undefined)
  const minutes = Number(given.duration ?? Number.NaN)
  const end = start !== null && minutes >= 0 ? new Date(Date.parse(start) + minutes * 60_000).toISOString() : null
  const answers = answersIn(given)
  const title = textAt(given, 'type')
  const location = textAt(given, 'location')
  const person = {
    first_name: textAt(given, 'firstName'),
    last_name: textAt(given, 'lastName'),
    email: textAt(given, 'email'),
    phone: textAt(given, 'phone'),
  }
  const off = given.canceled === true
  return {
    subject: id,
    time: new Date(now).toISOString(),
    data: given,
    person,
    answers,
    booking: { title, start, end, timezone: textAt(given, 'timezone'), location, all_day: false },
    state: { start, end, title, location, person, answers: answers as unknown as Json },
    status: given.noShow === true ? ('missed' as const) : off ? ('canceled' as const) : ('stands' as const),
  }
}

function answersIn(given: JsonObject): Answer[] {
  const forms = z
    .array(z.object({ values: z.array(z.object({ name: z.string(), value: z.optional(z.json()) })) }))
    .safeParse(given.forms)
  const answers = (forms.success ? forms.data : []).flatMap(({ values }) =>
    values.map(({ name, value }) => ({ label: name, value: (value ?? null) as Json })),
  )
  const notes = textAt(given, 'notes')
  return notes === null ? answers : [...answers, { label: 'Notes', value: notes }]
}
