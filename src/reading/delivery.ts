import { canonical, type Json, type JsonObject, sha256 } from '../lib/json.ts'
import type { Booking, Delivery, InboundFile, Person } from '../model/event.ts'
import { messageOf, personOf } from './person.ts'

/** What a source has read of one event; the rest is worked out. */
export interface Told {
  /** The source's name. */
  readonly source: string
  readonly type: string
  /** The provider's own id, the key for ever; null where it has none: then the content is the key, for ten minutes. */
  readonly id: string | null
  readonly data: Json
  readonly fields: JsonObject
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
  /** @default by the names of the fields */
  readonly message?: string | null
  /** @default none */
  readonly files?: readonly InboundFile[]
  /** What makes two deliveries without an id the same. @default the fields */
  readonly content?: Json
  readonly spam?: string | undefined
}

export async function delivery(told: Told): Promise<Delivery> {
  const { source, type, id, data, fields, spam } = told
  const key = told.key ?? id
  const content = await sha256(canonical(told.content ?? fields))
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
      person: told.person ?? personOf(fields),
      message: told.message === undefined ? messageOf(fields) : told.message,
      files: [...(told.files ?? [])],
      booking: told.booking ?? null,
    },
    key: key === null ? { kind: 'content', value: content } : { kind: 'given', value: key },
    content,
    strict: false,
    ...(spam !== undefined && { spam }),
  }
}
