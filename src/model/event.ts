import type { Bytes } from '../lib/encoding.ts'
import type { Json, JsonObject } from '../lib/json.ts'

/** A person as far as a source can tell; what it cannot tell is null. */
export interface Person {
  first_name: string | null
  last_name: string | null
  email: string | null
  phone: string | null
  company: string | null
}

export interface Booking {
  id: string
  title: string | null
  /** ISO 8601 with offset, or a bare date for an all-day booking. */
  start: string | null
  end: string | null
  timezone: string | null
  /** Where people meet: an address, a number to ring, or the link of a video call. */
  location: string | null
  all_day: boolean
  /** How long it takes; null for an all-day booking. */
  seconds: number | null
}

/** A file that came with an event. `key` is where its bytes are kept until it is a Clio document. */
export interface InboundFile {
  name: string
  content_type: string
  size: number
  /** Name of the form's field that it came in. */
  field?: string
  key?: string
  url?: string
}

/** What a part of a multipart form says of itself. */
export interface PartHead {
  readonly name: string
  /** Null for an answer that is no file. */
  readonly filename: string | null
  /** Content-Type in lower case, without parameters; empty when the part names none. */
  readonly type: string
  /** What the part says of the encoding of its text. */
  readonly charset: string | null
  /** The part's head as it came. */
  readonly head: Bytes
}

export interface Part extends PartHead {
  /** All of them; of a file that is `stored`, the first ones. */
  readonly bytes: Bytes
  /** Bytes that came. */
  readonly size: number
  readonly stored?: StoredFile
}

/** A file in the store: under which name, sealed with which key (base64 of 32 bytes). */
export interface StoredFile {
  readonly key: string
  readonly seal: string
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string
}

/** Which files an endpoint takes with a form. */
export interface FileLimits {
  /** Media types: `application/pdf`, `image/*`. */
  readonly types: readonly string[]
  /** Bytes of all files together. */
  readonly maxBytes: number
  /** Files in one form. */
  readonly most: number
}

/** From which answer each part of the person, and the message, was taken: `{email: 'Your e-mail'}`, `{phone: 'caller.number'}`. What stands in no answer is not in it. */
export type Recognized = { readonly [part in keyof Person | 'message']?: string }

/**
 * What happened: CloudEvents 1.0 attribute names (https://github.com/cloudevents/spec), the provider's payload in `data`,
 * and what every source fills where it can, so that one rule serves all forms.
 */
export interface InboundEvent {
  /** The provider's own id of this event, or null when it has none. */
  id: string | null
  /** The source's name: `form`, `calendly`, … */
  source: string
  /** `form.submitted`, `booking.created`, … */
  type: string
  /** What the event is about (a booking, a submission): events of one subject are carried out in order. */
  subject: string | null
  /** The subject that this one continues (a rescheduled booking with a new id). */
  follows: string | null
  /** When it happened, ISO 8601, by the provider's clock; null when it does not say. */
  time: string | null
  data: Json
  fields: JsonObject
  person: Person
  message: string | null
  /** What was taken for what. Events of earlier versions have none. */
  recognized?: Recognized
  files: InboundFile[]
  /**
   * The keys that open the bytes of files, by the `key` under which they are kept: base64 of 32 bytes each. Without its event a file is
   * nothing. Files of earlier versions are kept in clear, and have none.
   */
  seals?: Readonly<Record<string, string>>
  /** Labels of answers that look like a file and could not be read as one; left out when there are none. */
  unread?: string[]
  booking: Booking | null
}

/** The event as people and rules see it. */
export function withoutSeals({ seals: _, ...event }: InboundEvent): InboundEvent {
  return event
}

/** An event with what makes two deliveries the same. */
export interface Delivery {
  event: InboundEvent
  /**
   * The idempotency key (I6). `given`: an id of the provider or the caller, valid for ever.
   * `content`: a hash of the answers, since nothing better exists; valid for ten sliding minutes.
   */
  key: { kind: 'given' | 'content'; value: string }
  /** SHA-256 of the canonical answers: the same key with other content is refused (422) when `strict`. */
  content: string
  /** True for a caller's own `Idempotency-Key` header. */
  strict: boolean
  /** The bytes of `event.files`, in their order, or where they are. The door keeps them and names each one's `key`; they never go to the Docket. */
  contents?: readonly (Uint8Array<ArrayBuffer> | StoredFile)[]
  /** Set when the event looks like spam: it is kept apart and starts nothing; the text says why. */
  spam?: string
}

export const nobody = (): Person => ({ first_name: null, last_name: null, email: null, phone: null, company: null })

/** An event of which no more is said than this. */
export const eventOf = (said: Pick<InboundEvent, 'source' | 'type'> & Partial<InboundEvent>): InboundEvent => ({
  id: null,
  subject: null,
  follows: null,
  time: null,
  data: null,
  fields: {},
  person: nobody(),
  message: null,
  files: [],
  booking: null,
  ...said,
})

/** The answer under which an event says which files came with it and are not among its own. */
export const notTaken = 'Files not taken'

/** ms that a key made of the answers alone is valid, counted back from now. */
export const contentWindow = 600_000

/** No source has this name, so no sender can make such an event. */
export const ourselves = 'docketed'
/** Two ids turned out to be one subject. */
export const joinedType = 'subject.joined'
/** A write that an agent or a script asks for, with no rule. */
export const askedType = 'record.asked'
/** The endpoint of those: a configuration has none of this name. */
export const agentsEndpoint = 'agents'
