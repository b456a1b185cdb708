import {
  bodyShape,
  type Field,
  fieldOf,
  isShape,
  itemOf,
  refOf,
  resourceNamed,
  type Shape,
} from '../../clio/contract/index.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Place } from '../../lib/path.ts'
import { type Rule, type Step, VERBS, verbsOf } from '../../model/rule.ts'
import { isTemplate } from '../language/template.ts'

/** A name that a document writes where Clio wants a record. */
export interface NamedRecord {
  readonly kind: 'record'
  readonly place: Place
  /** Of what the record is. */
  readonly resource: string
  readonly name: string
  /** What stands beside it: a stage belongs to a practice area. */
  readonly beside: JsonObject
}

/** A custom field by its name, and what it is to hold; undefined: that hangs on an expression. */
export interface NamedField {
  readonly kind: 'field'
  readonly place: Place
  /** `matters` or `contacts`. */
  readonly resource: string
  readonly name: string
  readonly value: Json | undefined
}

/** Every name that rules write as it is. One that hangs on an expression is known only when that runs. Pure. */
export function namesWritten(rules: readonly Rule[]): (NamedRecord | NamedField)[] {
  return rules.flatMap((rule, at) =>
    Object.entries(rule.steps).flatMap(([name, step]) => inStep(step, ['rules', at, 'steps', name])),
  )
}

function inStep(step: Step, place: Place): (NamedRecord | NamedField)[] {
  const [verb, ...more] = verbsOf(step)
  if (verb === undefined || more.length > 0 || !VERBS[verb].resource) return []
  const resource = String(step[verb])
  const byName = verb === 'find' ? [] : gotByName(resource, step, [...place, 'id'])
  if (verb === 'get') return byName
  const [values, key] = verb === 'find' ? [step.where, 'where'] : [step.with, 'with']
  const known = resourceNamed(resource)
  const shape = known && (verb === 'find' ? known.list : bodyShape(known, verb === 'update' ? 'update' : 'create'))
  if (!shape || values === undefined) return byName
  return [
    ...byName,
    ...inObject(values, shape, { resource, place: [...place, key], path: '', beside: values }),
    ...inFields(values.custom_fields ?? null, resource, [...place, key, 'custom_fields']),
  ]
}

/** A text of digits is an id; and what may be missing is no mistake. */
function gotByName(resource: string, { id, none }: Step, place: Place): NamedRecord[] {
  const bare = typeof id === 'string' && !isTemplate(id) && !/^\s*\d+\s*$/.test(id)
  if (!bare || none === 'continue' || !resourceNamed(resource)?.names) return []
  return [{ kind: 'record', place, resource, name: id.trim(), beside: {} }]
}

interface At {
  readonly resource: string
  readonly place: Place
  readonly path: string
  readonly beside: JsonObject
}

function inObject(values: JsonObject, shape: Shape, at: At): NamedRecord[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const field = fieldOf(shape, key) ?? fieldOf(shape, `${key}[]`)
    const path = at.path === '' ? key : `${at.path}.${key}`
    return field === null ? [] : inValue(value, field, { ...at, place: [...at.place, key], path })
  })
}

function inValue(value: Json, field: Field, at: At): NamedRecord[] {
  const item = itemOf(field)
  if (item !== null || Array.isArray(value)) {
    const one = item ?? field
    return Array.isArray(value)
      ? value.flatMap((each, n) => inValue(each, one, { ...at, place: [...at.place, n] }))
      : inValue(value, one, at)
  }
  // `assignee_id` is of what `assignee_type` says.
  const type = isObject(value)
    ? value.type
    : /_id$/.test(at.path)
      ? at.beside[at.path.replace(/_id$/, '_type')]
      : undefined
  const target = refOf(resourceNamed(at.resource)!, at.path, typeof type === 'string' ? type : undefined)
  if (target === null) return isShape(field) && isObject(value) ? inObject(value, field, at) : []
  const key = isObject(value) ? (typeof value.id === 'string' ? 'id' : 'name') : null
  const name = key === null ? value : (value as JsonObject)[key]
  if (typeof name !== 'string' || name.trim() === '' || isTemplate(name)) return []
  const place = key === null ? at.place : [...at.place, key]
  return [{ kind: 'record', place, resource: target.resource, name: name.trim(), beside: at.beside }]
}

function inFields(values: Json, resource: string, place: Place): NamedField[] {
  if (!isObject(values)) return []
  return Object.entries(values).map(([name, value]) => ({
    kind: 'field' as const,
    place: [...place, name],
    resource,
    name,
    value: isTemplate(value) ? undefined : value,
  }))
}
