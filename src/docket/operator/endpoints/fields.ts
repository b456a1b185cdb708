import { isObject, type Json } from '../../../lib/json.ts'
import type { InboundEvent } from '../../../model/event.ts'
import type { FieldView } from '../../../model/view/endpoint.ts'

/** Every value that an event brings, with what a rule writes to have it. */
export function fieldsOf(event: InboundEvent): FieldView[] {
  const { person, booking, recognized = {} } = event
  const said = (at: string, object: object | null, from: (key: string) => string | undefined = () => undefined) =>
    Object.entries(object ?? {}).flatMap(([key, value]): FieldView[] => {
      if (value === null) return []
      const taken = from(key)
      const told = taken !== undefined && taken in event.fields
      return [{ expression: member(at, key), value: value as Json, ...(told && { from: taken }) }]
    })
  return [
    ...said('person', person, key => recognized[key as keyof typeof recognized]),
    ...said('', { message: event.message }, () => recognized.message),
    ...said('fields', event.fields),
    ...said('booking', booking),
    ...event.files.map((file, at): FieldView => ({ expression: `files[${at}]`, value: file.name })),
    ...said('event', { subject: event.subject, time: event.time }),
    ...said('event.data', isObject(event.data) && !sameKeys(event.data, event.fields) ? event.data : null),
  ]
}

/** `fields.matter_type`, `fields["Your e-mail"]`. */
function member(at: string, key: string): string {
  if (at === '') return key
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? `${at}.${key}` : `${at}[${JSON.stringify(key)}]`
}

/** Of a form the payload is its answers: they are not told twice. */
const sameKeys = (a: object, b: object) => Object.keys(a).every(key => key.normalize('NFC') in b)
