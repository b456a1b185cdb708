import { canonical, type Json, type JsonObject, sha256 } from '../lib/json.ts'
import type { Booking, Delivery, InboundFile, Person, Recognized } from '../model/event.ts'
import { readFields } from './fields.ts'
import { legible } from './legible.ts'
import { realPerson, recognize } from './person.ts'
import { toldIn } from './recognized.ts'

/** What a source has read of one event; the rest is worked out. */
export interface Told {
  /** The source's name. */
  readonly source: string
  readonly type: string
  /** The provider's own id, the key for ever; null where it has none: then the content is the key, for ten minutes. */
  readonly id: string | null
  readonly data: Json
  readonly fields: JsonObject
  /** The fields are answers of a form, and read as such. @default true for types that begin with `form.` */
  readonly asked?: boolean
  /** The key for ever, where the id alone is not it. @default the id */
  readonly key?: string | null
  /** @default null */
  readonly subject?: string | null
  /** The subject that this one continues. @default null */
  readonly follows?: string | null
  /** @default null */
  readonly booking?: Booking | null
  /** ISO 8601. @default null */
  readonly time?: string | null
  /** @default by the names of the fields */
  readonly person?: Person
  /** From which answers the person and the message were taken, where the source has looked itself. @default those that say the same */
  readonly recognized?: Recognized
  /** @default by the names of the fields */
  readonly message?: string | null
  /** @default none */
  readonly files?: readonly InboundFile[]
  /** Labels of answers that look like a file and could not be read. @default none */
  readonly unread?: readonly string[]
  /** What makes two deliveries without an id the same. @default the fields */
  readonly content?: Json
  readonly spam?: string | undefined
}

/** So much of what could not be read is said: labels, and letters of each. */
const mostUnread = 20
const longestLabel = 200

function unreadOf(labels: readonly string[] = []): { unread?: string[] } {
  if (labels.length === 0) return {}
  const said = labels.slice(0, mostUnread).map(label => [...label].slice(0, longestLabel).join(''))
  const more = labels.length - said.length
  return { unread: more > 0 ? [...said, `and ${more} more`] : said }
}

export async function delivery(told: Told): Promise<Delivery> {
  const { source, type, id, data, spam } = told
  const key = told.key ?? id
  // Of what came, not of what is read of it: a key never changes because reading gets better.
  const content = await sha256(canonical(told.content ?? told.fields))
  const fields = (told.asked ?? type.startsWith('form.')) ? readFields(told.fields) : told.fields
  const found = recognize(fields)
  const person = realPerson(told.person ?? found.person)
  const message = told.message === undefined ? found.message : told.message && legible(told.message)
  const recognized = told.recognized ?? (told.person === undefined ? found.recognized : toldIn(fields, person, message))
  return {
    event: {
      id,
      source,
      type,
      subject: told.subject ?? null,
      follows: told.follows ?? null,
      time: told.time ?? null,
      data,
      fields,
      person,
      message,
      recognized,
      files: [...(told.files ?? [])],
      ...unreadOf(told.unread),
      booking: told.booking ?? null,
    },
    key: key === null ? { kind: 'content', value: content } : { kind: 'given', value: key },
    content,
    strict: false,
    ...(spam !== undefined && { spam }),
  }
}
