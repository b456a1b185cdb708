import {
  type Field,
  fieldOf,
  isShape,
  itemOf,
  type Kind,
  keyOf,
  type Resource,
  refOf,
  type Shape,
  wordsOf,
} from '../../clio/contract/index.ts'
import { convert, dateOf, isDuration, numberOf, timeOf } from '../../clio/names/convert.ts'
import { oneOf, unknown } from '../../lib/issues.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Place } from '../../lib/path.ts'
import { durationSeconds } from '../../lib/time/duration.ts'
import { Park } from '../../model/intent.ts'
import { kindOf } from '../language/values.ts'
import type { Scope } from '../scope.ts'
import { constantValue } from './check-expression.ts'
import type { Findings } from './findings.ts'

/**
 * Checks the values of a step against what Clio takes: Clio drops a key that it does not know, without a word and with a 201. What an
 * expression makes is known only when it runs, and is checked then.
 */
export class Values {
  readonly #name: string
  readonly #resource: Resource
  readonly #findings: Findings
  readonly #scope: Scope | undefined
  /** What the record says that it is. */
  #type: Json | undefined

  /** @param scope what expressions are worked out with that read nothing of an event */
  constructor(name: string, resource: Resource, findings: Findings, scope?: Scope) {
    this.#scope = scope
    this.#name = name
    this.#resource = resource
    this.#findings = findings
  }

  /** The body of a create: required keys must be there. */
  create(values: JsonObject, shape: Shape, place: Place): void {
    this.#type = values.type
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

  /** The filters of a list call. */
  where(values: JsonObject, place: Place): void {
    this.#object(values, this.#resource.list ?? {}, place, '', true)
  }

  #object(values: JsonObject, shape: Shape, place: Place, path: string, complete: boolean): void {
    for (const [key, value] of Object.entries(values)) {
      const at = [...place, key]
      const below = path === '' ? key : `${path}.${key}`
      const field = fieldOf(shape, key)
      if (field !== null) this.#value(value, field, at, below, complete)
      else if (path === '' && key === 'custom_fields' && fieldOf(shape, 'custom_field_values'))
        this.#customFields(value, at)
      else if (!(path === '' && key === 'content' && this.#name === 'documents'))
        this.#findings.refuse(at, unknown(key, this.#known(shape, path)))
    }
    if (complete) this.#required(values, shape, place, path)
  }

  #known(shape: Shape, path: string): string[] {
    const keys = Object.keys(shape).map(key => keyOf(key).name)
    if (path !== '') return keys
    if (keys.includes('custom_field_values')) keys.push('custom_fields')
    return this.#name === 'documents' ? [...keys, 'content'] : keys
  }

  #required(values: JsonObject, shape: Shape, place: Place, path: string): void {
    for (const key of Object.keys(shape)) {
      const { name, required } = keyOf(key)
      if (!required || Object.hasOwn(values, name) || (path === '' && this.#given(name, values))) continue
      this.#findings.refuse([...place, name], 'is missing: Clio requires it')
    }
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
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
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
      else
        this.#findings.refuse(
          place,
          `must be an object with ${Object.keys(field)
            .map(key => keyOf(key).name)
            .join(', ')}`,
        )
    } else this.#literal(value, field as Kind, place, path)
  }

  /** An expression that comes out the same for every event is known now. */
  #computed(text: string, field: Field, place: Place, path: string): void {
    const scope = this.#scope
    if (!scope || isShape(field) || itemOf(field) !== null || refOf(this.#resource, path) !== null) return
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
      } else if (key === 'type' && typeof inner === 'string' && !hasHole(inner)) {
        if (refOf(this.#resource, path, inner) === null || fieldOf(field, key) === null)
          this.#literalType(inner, field, at, path)
      } else if (fieldOf(field, key) === null)
        this.#findings.refuse(
          at,
          unknown(
            key,
            Object.keys(field).map(each => keyOf(each).name),
          ),
        )
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
    if (!isObject(value) && !hasHole(value))
      this.#findings.refuse(place, "must be an object: the custom fields' names, each with its value")
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

const hasHole = (value: Json): boolean => typeof value === 'string' && value.includes('{{')
