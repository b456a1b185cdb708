import { namesOf } from '../../clio/contract/fields.ts'
import {
  type Field,
  fieldOf,
  isShape,
  itemOf,
  type Kind,
  keyOf,
  type Resource,
  refOf,
  resourceNamed,
  type Shape,
  wordsOf,
} from '../../clio/contract/index.ts'
import { convert, dateOf, isDuration, numberOf, timeOf } from '../../clio/names/convert.ts'
import { oneOf, unknown } from '../../lib/issues.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Place } from '../../lib/path.ts'
import { durationSeconds } from '../../lib/time/duration.ts'
import { Park } from '../../model/intent.ts'
import { step } from '../../model/rule.ts'
import { type Kind as ExpressionKind, words } from '../language/kind.ts'
import { kindOf } from '../language/values.ts'
import type { Scope } from '../scope.ts'
import { type Around, constantValue } from './check-expression.ts'
import { type Meant, meantBy, noRecordOf, wantedAt } from './check-records.ts'
import type { Findings } from './findings.ts'

/**
 * Checks the values of a step against what Clio takes: Clio drops a key that it does not know, without a word and with a 201. What an
 * expression makes is known only when it runs, and is checked then.
 */
export class Values {
  readonly #name: string
  readonly #resource: Resource
  readonly #findings: Findings
  readonly #around: Around
  readonly #scope: Scope | undefined
  /** What the record says that it is. */
  #type: Json | undefined
  /** All that is written beside. */
  #values: JsonObject = {}

  constructor(name: string, resource: Resource, findings: Findings, around: Around) {
    this.#around = around
    this.#scope = around.constant
    this.#name = name
    this.#resource = resource
    this.#findings = findings
  }

  /** The body of a create: required keys must be there. */
  create(values: JsonObject, shape: Shape, place: Place): void {
    this.#type = values.type
    this.#values = values
    this.#object(values, shape, place, '', true)
    for (const { when, oneOf: keys } of this.#resource.require ?? []) {
      const [key, word] = when?.split('=') ?? []
      if (key !== undefined && values[key] !== word) continue
      if (keys.some(each => Object.hasOwn(values, each))) continue
      const for_ = word === undefined ? '' : ` for ${key} ${word}`
      this.#findings.refuse(
        place,
        `${keys.join(' or ')} is missing: Clio requires ${keys.length > 1 ? 'one of them' : 'it'}${for_}`,
      )
    }
  }

  update(values: JsonObject, shape: Shape, place: Place): void {
    this.#type = values.type
    this.#object(values, shape, place, '', false)
  }

  /** The filters of a list call: `ids[]` is written `ids` too, and takes several. */
  where(values: JsonObject, place: Place): void {
    this.#values = values
    const shape = this.#resource.list ?? {}
    const plain: Shape = Object.fromEntries(
      Object.entries(shape).map(([key, field]) => [
        key.replace('[]', ''),
        key.includes('[]') ? [field as Kind] : field,
      ]),
    )
    const known = (key: string) => (fieldOf(shape, `${key}[]`) === null ? key : `${key}[]`)
    for (const [key, value] of Object.entries(values)) {
      const at = [...place, key]
      const field = fieldOf(plain, key.replace(/\[\]$/, ''))
      if (field === null) this.#findings.refuse(at, unknown(key, namesOf(plain)))
      else if (isNothing(value)) this.#findings.refuse(at, 'is empty, and an empty filter finds nothing: leave it out')
      else if (Array.isArray(value) && itemOf(field) === null) this.#findings.refuse(at, 'takes one value, not a list')
      else this.#value(value, field, at, known(key), true)
    }
    this.#required(values, shape, place, '')
  }

  #object(values: JsonObject, shape: Shape, place: Place, path: string, complete: boolean): void {
    for (const [key, value] of Object.entries(values)) {
      const at = [...place, key]
      const below = path === '' ? key : `${path}.${key}`
      const field = fieldOf(shape, key)
      if (field !== null) this.#value(value, field, at, below, complete)
      else if (path === '' && key === 'custom_fields' && fieldOf(shape, 'custom_field_values'))
        this.#customFields(value, at)
      else if (path === '' && key === 'content' && this.#name === 'documents') this.#content(value, at)
      else if (path === '' && key in step.shape)
        this.#findings.refuse(at, "is an option of the step: it stands beside 'with'")
      else this.#findings.refuse(at, unknown(key, this.#known(shape, path)))
    }
    if (complete) this.#required(values, shape, place, path)
  }

  #known(shape: Shape, path: string): string[] {
    const keys = namesOf(shape)
    if (path !== '') return keys
    if (keys.includes('custom_field_values')) keys.push('custom_fields')
    return this.#name === 'documents' ? [...keys, 'content'] : keys
  }

  #required(values: JsonObject, shape: Shape, place: Place, path: string): void {
    for (const key of Object.keys(shape)) {
      const { name, required } = keyOf(key)
      const empty = Object.hasOwn(values, name) && isNothing(values[name]!)
      if (!required || (Object.hasOwn(values, name) && !empty) || (path === '' && this.#given(name, values))) continue
      this.#findings.refuse([...place, name], `is ${empty ? 'empty' : 'missing'}: Clio requires it`)
    }
  }

  /** A document's file is one of the event's: what it says is not written into it. */
  #content(value: Json, place: Place): void {
    const meant = typeof value === 'string' ? meantBy(value, this.#around) : null
    if (meant?.kind === 'file' || meant?.kind === 'value') return
    this.#findings.refuse(
      place,
      'must be one file of the event: {{ files[0] }}, or {{ item }} in a step with "each": "files"',
    )
  }

  /** A task without a description gets its name for one; a document without a name that of its file. */
  #given(name: string, values: JsonObject): boolean {
    if (this.#name === 'tasks') return name === 'description'
    return this.#name === 'documents' && name === 'name' && Object.hasOwn(values, 'content')
  }

  #value(value: Json, field: Field, place: Place, path: string, complete: boolean): void {
    if (hasHole(value)) {
      this.#computed(String(value), field, place, path)
      return
    }
    if (isNothing(value)) {
      this.#findings.warn(place, 'is empty, and so is left out')
      return
    }
    const item = itemOf(field)
    if (item !== null) {
      const items = Array.isArray(value) ? value : [value]
      items.forEach((each, at) => {
        this.#value(each, item, Array.isArray(value) ? [...place, at] : place, path, complete)
      })
    } else if (refOf(this.#resource, path) !== null) this.#reference(value, field, place, path)
    else if (isShape(field)) {
      if (isObject(value)) this.#object(value, field, place, path, complete)
      else this.#findings.refuse(place, `must be an object with ${namesOf(field).join(', ')}`)
    } else this.#literal(value, field as Kind, place, path)
  }

  /** An expression that comes out the same for every event is known now. */
  #computed(text: string, whole: Field, place: Place, path: string): void {
    const field = itemOf(whole) ?? whole
    const wanted = wantedAt(this.#resource, path, this.#beside(path))
    const meant = meantBy(text, this.#around)
    const several = itemOf(whole) !== null && meant && (meant.list || !scalar.has(meant.kind))
    if (wanted.length > 0) {
      const carrier = resourceNamed(wanted[0]!)?.names?.via?.resource ?? null
      const not = meant && !several ? noRecordOf(wanted, meant, carrier) : null
      if (not) this.#findings.refuse(place, not)
      return
    }
    if (isShape(field)) {
      // Of what an expression makes, a text alone is certainly none.
      if (!meant || scalar.has(meant.kind))
        this.#findings.refuse(place, `must be an object with ${namesOf(field).join(', ')}: what stands here is text`)
      return
    }
    if (meant && field !== 'json' && itemOf(whole) === null && !writable(meant)) {
      const way = meant.resource === null || meant.list ? '' : `: write ${meant.said}.id, or what it reads`
      this.#findings.refuse(
        place,
        `is ${meant.list ? 'a list' : words[meant.kind]}, and a single value is wanted${way}`,
      )
      return
    }
    const scope = this.#scope
    if (!scope || itemOf(whole) !== null) return
    const made = constantValue(text, scope) ?? null
    if (made === null || (typeof made === 'string' && isDuration(`${this.#name}.${path}`, this.#type))) return
    try {
      convert(made, field as Kind, path, scope)
    } catch (error) {
      if (!(error instanceof Park)) throw error
      const wants = / wants (.*?);/.exec(error.message)?.[1] ?? 'something else'
      this.#findings.refuse(place, `comes out as ${JSON.stringify(made)}, where Clio takes ${wants}`)
    }
  }

  /** `assignee_id` is of what `assignee_type` says. */
  #beside(path: string): string | undefined {
    const type = /_id$/.test(path) ? this.#values[path.replace(/_id$/, '_type')] : undefined
    return typeof type === 'string' ? type : undefined
  }

  /** A record: its id, its name, a step, or an object that says more than the id. */
  #reference(value: Json, field: Field, place: Place, path: string): void {
    if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return
    if (!isObject(value) || !isShape(field)) {
      this.#findings.refuse(place, `names a record: by its id, its name or a step, not by ${kindOf(value)}`)
      return
    }
    for (const [key, inner] of Object.entries(value)) {
      const at = [...place, key]
      if (key === 'id' || key === 'name') {
        if (typeof inner !== 'string' && typeof inner !== 'number') this.#findings.refuse(at, 'must be an id or a name')
        const wanted = wantedAt(this.#resource, path, typeof value.type === 'string' ? value.type : undefined)
        const meant = typeof inner === 'string' ? meantBy(inner, this.#around) : null
        const not = meant && wanted.length > 0 ? noRecordOf(wanted, meant) : null
        if (not) this.#findings.refuse(at, not)
      } else if (key === 'type' && typeof inner === 'string' && !hasHole(inner)) {
        if (refOf(this.#resource, path, inner) === null || fieldOf(field, key) === null)
          this.#literalType(inner, field, at, path)
      } else if (fieldOf(field, key) === null) this.#findings.refuse(at, unknown(key, [...namesOf(field), 'name']))
    }
    if (!('id' in value) && !('name' in value) && fieldOf(field, 'id') !== null)
      this.#findings.refuse(place, "names no record: give it an 'id'")
  }

  #literalType(word: string, field: Shape, place: Place, path: string): void {
    const refs = this.#resource.refs?.[path]
    const kind = fieldOf(field, 'type')
    if (typeof refs === 'object') this.#findings.refuse(place, oneOf(word, Object.keys(refs)))
    // Where Clio knows one kind of record only, a type beside the id says nothing; the gateway's own samples write it.
    else if (kind !== null) this.#literal(word, kind as Kind, place)
  }

  #customFields(value: Json, place: Place): void {
    if (!isObject(value)) {
      if (!hasHole(value))
        this.#findings.refuse(place, "must be an object: the custom fields' names, each with its value")
      return
    }
    for (const [name, one] of Object.entries(value)) {
      if (hasHole(name)) this.#findings.refuse([...place, name], 'is a name, and cannot be an expression')
      const meant = typeof one === 'string' ? meantBy(one, this.#around) : null
      const record = meant?.resource === 'contacts' || meant?.resource === 'matters'
      const not = meant && !record && !writable(meant) ? words[meant.kind] : isObject(one) ? words.map : null
      if (not) this.#findings.refuse([...place, name], `is ${not}, and a custom field holds a single value`)
    }
  }

  /** A text where seconds stand; true when nothing more is to be said of it. A number in quotes has no unit. */
  #duration(text: string, path: string, refuse: (message: string) => void): boolean {
    const key = `${this.#name}.${path}`
    const known = this.#type === undefined || !hasHole(this.#type)
    if (!isDuration(key, known ? this.#type : undefined)) return false
    if (durationSeconds(text) !== null) return true
    if (known)
      refuse(
        numberOf(text) === null
          ? 'must be a duration such as 1h 30m, or a number of seconds'
          : 'has no unit: write a duration such as 1h 30m, or a number of seconds without quotes',
      )
    return known
  }

  #literal(value: Json, kind: Kind, place: Place, path = ''): void {
    const refuse = (message: string): void => this.#findings.refuse(place, message)
    const words = wordsOf(kind)
    if (words !== null) {
      if (typeof value !== 'string' || !words.includes(value)) refuse(oneOf(value, words))
      return
    }
    switch (kind) {
      case 'text':
        if (typeof value !== 'string') refuse(`must be text: put it in double quotes (it is ${kindOf(value)})`)
        break
      case 'boolean':
        if (typeof value !== 'boolean') refuse('must be true or false, without quotes')
        break
      case 'integer':
      case 'number': {
        if (typeof value === 'string' && this.#duration(value, path, refuse)) break
        const number = numberOf(value)
        if (typeof value === 'number' && value > 0 && value < 60 && isDuration(`${this.#name}.${path}`, this.#type))
          this.#findings.warn(place, `is ${value} seconds: write a duration such as "1h 30m", or seconds`)
        if (number === null || (kind === 'integer' && !Number.isInteger(number)))
          refuse(kind === 'integer' ? 'must be a whole number' : 'must be a number')
        break
      }
      case 'date':
        if (
          typeof value !== 'string' ||
          dateOf(value, this.#scope?.timezone ?? 'UTC', this.#scope?.country ?? 'US') === null
        )
          refuse("must be a date such as 2026-05-04, or an expression such as {{ date('+1 business day') }}")
        break
      case 'time':
        if (
          typeof value !== 'string' ||
          timeOf(value, this.#scope?.timezone ?? 'UTC', this.#scope?.country ?? 'US') === null
        )
          refuse('must be a date and time such as 2026-05-04T09:30:00-04:00 (ISO 8601)')
        break
    }
  }
}

/** What goes into a text or a number; a list becomes one text. */
const scalar = new Set<ExpressionKind>(['text', 'number', 'bool', 'id'])
const writable = ({ kind, resource, list }: Meant): boolean =>
  !list &&
  (scalar.has(kind) || kind === 'value' || kind === 'null' || kind === 'list') &&
  (resource === null || scalar.has(kind) || kind === 'value')

const isNothing = (value: Json): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

const hasHole = (value: Json): boolean => typeof value === 'string' && value.includes('{{')
