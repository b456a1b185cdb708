import type { Json, JsonObject } from '../lib/json.ts'
import { fold, plainName } from '../lib/text/fold.ts'
import { type Booking, type InboundEvent, type Person, withoutSeals } from '../model/event.ts'

/** What an expression may name, and what its functions are bound to. */
export interface Scope {
  /** The event's attributes; `event.data` is the provider's payload. */
  readonly event: JsonObject
  readonly fields: JsonObject
  readonly person: JsonObject
  readonly message: string | null
  readonly files: readonly Json[]
  readonly booking: JsonObject | null
  /** What the earlier steps of the same rule made, by their names; a skipped step is null. */
  readonly steps: Readonly<Record<string, Json>>
  /** What earlier runs about the same subject made, by the link's name. */
  readonly links: Readonly<Record<string, Json>>
  /** The firm's name, as in its addresses. */
  readonly firm: string
  /** Inside `each`: the item at hand, and its place in the list, from 0. Left out everywhere else. */
  readonly item?: Json
  readonly index?: number
  /** Where a `webhook` endpoint reads its payload, before there is an event. Left out everywhere else. */
  readonly body?: Json
  /** The request's headers there, by their names in lower case. */
  readonly headers?: JsonObject
  /** When the event was accepted, ms since the epoch: the same at every try, so a retry makes the same request. */
  readonly now: number
  /** IANA name of the firm's time zone. */
  readonly timezone: string
  /** ISO 3166-1 alpha-2 code of the firm's country. */
  readonly country: string
  /** BCP 47 name of the firm's language: how days, times and amounts are written. */
  readonly language: string
}

/** The names that an expression may begin with. */
export const NAMES = [
  'event',
  'fields',
  'person',
  'message',
  'files',
  'booking',
  'steps',
  'links',
  'firm',
  'item',
  'index',
]

/** The names that an expression of a `webhook` endpoint may begin with. */
export const MAPPING_NAMES = ['body', 'headers']

const person: Record<keyof Person, true> = {
  first_name: true,
  last_name: true,
  email: true,
  phone: true,
  company: true,
}
const booking: Record<keyof Booking, true> = {
  id: true,
  title: true,
  start: true,
  end: true,
  timezone: true,
  location: true,
  all_day: true,
  seconds: true,
}
const event: Record<keyof Omit<InboundEvent, 'seals'>, true> = {
  id: true,
  source: true,
  type: true,
  subject: true,
  follows: true,
  time: true,
  data: true,
  fields: true,
  person: true,
  message: true,
  files: true,
  booking: true,
  recognized: true,
  unread: true,
}

/** Names whose keys are the same for every source: another key is a slip of the pen. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  event: Object.keys(event),
  person: Object.keys(person),
  booking: Object.keys(booking),
}

/** The scope of an event before its first step; add `steps` as they are done. */
export function scopeOf(
  event: InboundEvent,
  bound: { firm: string; now: number; timezone: string; country: string; language?: string | undefined },
  known: { steps?: Record<string, Json>; links?: Record<string, Json>; item?: Json; index?: number } = {},
): Scope {
  const attributes = withoutSeals(event) as unknown as JsonObject
  return {
    event: attributes,
    fields: withPlainNames(event.fields),
    person: attributes.person as JsonObject,
    message: event.message,
    files: attributes.files as Json[],
    booking: attributes.booking as JsonObject | null,
    steps: known.steps ?? {},
    links: Object.fromEntries(Object.entries(known.links ?? {}).map(([name, id]) => [name, asId(id)])),
    ...(known.item !== undefined && { item: known.item }),
    ...(known.index !== undefined && { index: known.index }),
    firm: bound.firm,
    now: bound.now,
    timezone: bound.timezone,
    country: bound.country,
    language: bound.language ?? 'en',
  }
}

/** Where a record is wanted, a number is an id and text is a name; ids are kept as text, since some of Clio's are (`991-20260504`). */
function asId(id: Json): Json {
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : id
}

/** Answers that are spelled anew: no form has as many, and a webhook may have any number. */
const plainMost = 2000

/**
 * The answers, each also under its plain name where that is free, with its accents and without: `fields.matter_type` reads `Matter type`,
 * `matter-type` and `matterType`, and `fields.telefono` reads `Teléfono`, so that one rule serves forms whose services spell names
 * differently.
 */
function withPlainNames(fields: JsonObject): JsonObject {
  const names = Object.entries(fields)
    .slice(0, plainMost)
    .flatMap(([name, value]) => {
      const plain = plainName(name)
      return [name.normalize('NFC'), plain, fold(plain)].map(each => [each, value] as const)
    })
  // The first of a plain name wins, and a name as it came before any.
  return Object.fromEntries([...names.reverse().filter(([name]) => name !== ''), ...Object.entries(fields)])
}
