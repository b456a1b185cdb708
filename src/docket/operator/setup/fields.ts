import { isObject, type Json, type JsonObject } from '../../../lib/json.ts'
import { fold, plainName } from '../../../lib/text/fold.ts'
import type { InboundEvent, Recognized } from '../../../model/event.ts'
import type { FieldView } from '../../../model/view/endpoint.ts'
import { answerAt } from '../../../reading/recognized.ts'

/** Every value that an event brings, with what a rule writes to have it. */
export function fieldsOf(event: InboundEvent): FieldView[] {
  const { person, booking, recognized = {} } = event
  const said = (at: string, object: object | null, from: (key: string) => string | undefined = () => undefined) =>
    Object.entries(object ?? {}).flatMap(([key, value]): FieldView[] => {
      if (value === null) return []
      const taken = from(key)
      const told = taken !== undefined && answerAt(event.fields, taken) !== null
      return [{ expression: member(at, key), value: value as Json, ...(told && { from: taken }) }]
    })
  return [
    ...said('person', person, key => recognized[key as keyof typeof recognized]),
    ...said('', { message: event.message }, () => recognized.message),
    ...answers(event.fields, recognized),
    ...said('booking', booking),
    ...event.files.map((file, at): FieldView => ({ expression: `files[${at}]`, value: file.name })),
    ...said('event', { subject: event.subject, time: event.time }),
    ...said('event.data', isObject(event.data) && !sameKeys(event.data, event.fields) ? event.data : null),
  ]
}

/** By the plain name, which forms of other services share, where no other answer has it. */
function answers(fields: JsonObject, recognized: Recognized): FieldView[] {
  const plain = (name: string) => fold(plainName(name))
  const names = Object.keys(fields)
  return names.map(name => {
    const shared = names.filter(other => other === plain(name) || plain(other) === plain(name)).length > 1
    const expression = member('fields', shared || plain(name) === '' ? name : plain(name))
    const [part] = Object.entries(recognized).find(([, from]) => from === name) ?? []
    const takenFor = part === undefined || part === 'message' ? part : `person.${part}`
    return { expression, value: fields[name]!, ...(takenFor !== undefined && { takenFor }) }
  })
}

/** `fields.matter_type`, `fields["Your e-mail"]`. */
function member(at: string, key: string): string {
  if (at === '') return key
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? `${at}.${key}` : `${at}[${JSON.stringify(key)}]`
}

/** Of a form the payload is its answers: they are not told twice. */
const sameKeys = (a: object, b: object) => Object.keys(a).every(key => key.normalize('NFC') in b)
