import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { answerPath, fieldAt, type Resource } from '../contract/index.ts'
import { valuesAt } from '../names/paths.ts'
import { dialled } from '../people/telephone.ts'
import { readable, type SameText, says } from './compare.ts'
import { becameText, nearText } from './text.ts'

/**
 * How much a record in Clio is like what a call was to make.
 * - `same`: it says all of it, texts compared as people read them.
 * - `near`: of the same kind and parent, and its identity agrees or nearly so: somebody has corrected it, or Clio wrote it otherwise.
 * - `other`: nothing like it.
 */
export type Likeness =
  | { readonly kind: 'same' | 'other' }
  /** `differs`: keys in which it says something else. */
  | { readonly kind: 'near'; readonly differs: readonly string[] }

const other = { kind: 'other' } as const

/** So many other fields that agree are enough, however many differ. */
const several = 3
/** A text of fewer characters stands in many records. */
const tellingFrom = 20

export function likeness(body: JsonObject, record: JsonObject, resource: Resource, country: string): Likeness {
  const wanted = readable(body, resource)
  const same = sameIn(resource, country)
  const differs = Object.keys(wanted).filter(key => !says(wanted[key]!, record[key], same, key))
  const identity = identityOf(body, record, resource)
  const told = identity.filter(part => !agrees(part, same))
  if (told.length === 0) return differs.length === 0 ? { kind: 'same' } : { kind: 'near', differs }
  // Whose record it is, and of what kind, has to agree as it is.
  if (told.some(({ sort }) => sort === 'whose')) return other
  if (telling(wanted, record, resource, same)) return { kind: 'near', differs }
  const texts = identity.filter(({ sort }) => sort === 'text')
  if (texts.length === 0 || !texts.every(part => agrees(part, same) || nearly(part))) return other
  const named = new Set(identity.map(({ key }) => key))
  const others = Object.keys(wanted).filter(key => !named.has(key))
  const nigh = (key: string) => typeof wanted[key] === 'string' && nearText(wanted[key], String(record[key] ?? ''))
  const agreeing = others.filter(key => !differs.includes(key) || nigh(key)).length
  return agreeing * 2 >= others.length || agreeing >= several ? { kind: 'near', differs } : other
}

/** Whether a text agrees that hardly another record has: an e-mail address, or one of some length. */
function telling(wanted: JsonObject, record: JsonObject, resource: Resource, same: SameText): boolean {
  const told = (sent: Json, read: Json | undefined, place: string): boolean => {
    if (Array.isArray(sent)) return sent.some(one => Array.isArray(read) && read.some(other => told(one, other, place)))
    if (isObject(sent))
      return isObject(read) && Object.keys(sent).some(key => told(sent[key]!, read[key], `${place}.${key}`))
    if (typeof sent !== 'string' || fieldAt(resource.read, place) !== 'text') return false
    const long = sent.length >= tellingFrom || place === 'email_addresses.address'
    return long && says(sent, read, same, place)
  }
  return Object.keys(wanted).some(key => told(wanted[key]!, record[key], key))
}

/** One part of what says which record it is. */
interface Part {
  /** The key of the answer that it stands under. */
  readonly key: string
  /** `whose`: another value is another's record. `loose`: people change it. */
  readonly sort: 'text' | 'whose' | 'loose'
  readonly place: string
  readonly sent: readonly Json[]
  readonly read: readonly Json[]
}

function identityOf(body: JsonObject, record: JsonObject, resource: Resource): Part[] {
  return (resource.lookup?.identity ?? []).flatMap(path => {
    const place = answerPath(resource, path)
    const sent = place === null ? [] : valuesAt(body, path)
    if (place === null || sent.length === 0) return []
    const text = fieldAt(resource.read, place) === 'text' && !/\bid$/.test(place)
    const sort = text ? 'text' : resource.lookup?.loose?.includes(path) ? 'loose' : 'whose'
    return [{ key: place.split('.')[0]!, sort, place, sent, read: valuesAt(record, place) }]
  })
}

const agrees = ({ sent, read, place }: Part, same: SameText): boolean =>
  sent.every(value => read.some(one => says(value, one, same, place)))

/** Every value of a part has one that nearly says the same, or nothing is said at all. */
const nearly = ({ sent, read }: Part): boolean =>
  read.every(one => one === null || one === '') ||
  sent.every(value => read.some(one => !isObject(one) && nearText(String(value), String(one))))

const minuteOf = (time: string): number => Math.floor(Date.parse(time) / 60_000)

/** What Clio makes of a value on its way into a record: texts, numbers as they are dialled, moments to the minute, and amounts that it rounds. */
export function sameIn({ lookup, read: shape }: Resource, country: string): SameText {
  return (sent, read, place) => {
    if (becameText(sent, read)) return true
    if (place.endsWith('phone_numbers.number')) return dialled(sent, country) === dialled(read, country)
    if (fieldAt(shape, place) === 'time' && minuteOf(sent) === minuteOf(read)) return true
    const step = lookup?.rounded?.[place]
    return step !== undefined && Math.abs(Number(sent) - Number(read)) < step && Number(read) % 60 === 0
  }
}
