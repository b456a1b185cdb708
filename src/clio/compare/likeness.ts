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

export function likeness(body: JsonObject, record: JsonObject, resource: Resource, country: string): Likeness {
  const wanted = readable(body, resource)
  const same = sameIn(resource, country)
  const differs = Object.keys(wanted).filter(key => !says(wanted[key]!, record[key], same, key))
  const identity = identityOf(body, record, resource)
  const told = identity.filter(part => !agrees(part, same))
  if (told.length === 0) return differs.length === 0 ? { kind: 'same' } : { kind: 'near', differs }
  // Whose record it is, and of what kind, has to agree as it is.
  if (!told.every(nearly)) return other
  const named = new Set(identity.map(({ key }) => key))
  const others = Object.keys(wanted).filter(key => !named.has(key))
  const agreeing = others.filter(key => !differs.includes(key)).length
  return agreeing * 2 >= others.length || agreeing >= several ? { kind: 'near', differs } : other
}

/** One part of what says which record it is. */
interface Part {
  /** The key of the answer that it stands under. */
  readonly key: string
  readonly text: boolean
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
    return [{ key: place.split('.')[0]!, text, place, sent, read: valuesAt(record, place) }]
  })
}

const agrees = ({ sent, read, place }: Part, same: SameText): boolean =>
  sent.every(value => read.some(one => says(value, one, same, place)))

/** Every value of a part has one that nearly says the same. */
const nearly = ({ sent, read, text }: Part): boolean =>
  text && sent.every(value => read.some(one => !isObject(one) && nearText(String(value), String(one))))

/** What Clio makes of a value on its way into a record: texts, numbers as they are dialled, and amounts that it rounds. */
export function sameIn({ lookup }: Resource, country: string): SameText {
  return (sent, read, place) => {
    if (becameText(sent, read)) return true
    if (place.endsWith('phone_numbers.number')) return dialled(sent, country) === dialled(read, country)
    const step = lookup?.rounded?.[place]
    return step !== undefined && Math.abs(Number(sent) - Number(read)) < step && Number(read) % 60 === 0
  }
}
