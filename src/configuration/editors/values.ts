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
import type { JsonObject } from '../../lib/json.ts'
import { when } from './when.ts'

/** What Clio takes, as JSON Schema for editors: at most as strict as the check on saving, since what an expression makes is not known. */

const hole: JsonObject = {
  type: 'string',
  pattern: '\\{\\{',
  patternErrorMessage: 'is not one of the words that Clio takes',
}
const open: JsonObject = {}

/** The keys of a record or a filter. `complete`: what Clio requires has to be there. */
export function valuesSchema(name: string, resource: Resource, shape: Shape, complete: boolean): JsonObject {
  const schema = shapeSchema(resource, shape, '', complete)
  const properties = schema.properties as JsonObject
  const given = new Set(name === 'tasks' ? ['description'] : name === 'documents' ? ['name'] : [])
  const required = ((schema.required ?? []) as string[]).filter(key => !given.has(key))
  const needs = complete ? (resource.require ?? []).map(needed) : []
  return {
    type: 'object',
    properties: {
      ...properties,
      ...(fieldOf(shape, 'custom_field_values') !== null && {
        custom_fields: {
          type: ['object', 'string'],
          description: 'Custom fields by their names in Clio; picklist values by theirs.',
        },
      }),
      ...(name === 'documents' && {
        content: { description: 'The file: {{ item }} inside `each`, or {{ files[0] }}.' },
      }),
    },
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...(needs.length > 0 && { allOf: needs }),
  }
}

/** At least one of some keys, where a condition holds (`type=Person`). */
function needed({ when: condition, oneOf }: NonNullable<Resource['require']>[number]): JsonObject {
  const some: JsonObject = { anyOf: oneOf.map(key => ({ required: [key] })) }
  const [key, word] = condition?.split('=') ?? []
  if (key === undefined || word === undefined) return some
  return when({ properties: { [key]: { const: word } }, required: [key] }, some)
}

function shapeSchema(resource: Resource, shape: Shape, above: string, complete: boolean): JsonObject {
  const keys = Object.entries(shape).map(([key, field]) => ({ ...keyOf(key), field }))
  const required = keys.filter(one => one.required).map(one => one.name)
  return {
    type: 'object',
    properties: Object.fromEntries(
      keys.map(({ name, field }) => [name, fieldSchema(resource, field, `${above}${name}`, complete)]),
    ),
    additionalProperties: false,
    ...(complete && required.length > 0 && { required }),
  }
}

function fieldSchema(resource: Resource, field: Field, path: string, complete: boolean): JsonObject {
  const item = itemOf(field)
  if (item !== null) {
    const one = fieldSchema(resource, item, path, complete)
    return { anyOf: [{ type: 'array', items: one }, one] }
  }
  const ref = refOf(resource, path)
  if (ref !== null) return reference(ref.resource, field)
  if (isShape(field)) return { anyOf: [shapeSchema(resource, field, `${path}.`, complete), hole] }
  return kindSchema(field as Kind)
}

/** A record by its id, its name or a step, or an object that says more. */
function reference(resource: string, field: Field): JsonObject {
  const keys = isShape(field) ? Object.keys(field).map(key => keyOf(key).name) : []
  const object = {
    type: 'object',
    properties: Object.fromEntries([...new Set(['id', 'name', 'type', ...keys])].map(key => [key, open])),
    additionalProperties: false,
  }
  return {
    description: `One of ${resource}: its id, its name, or a step: {{ steps.NAME }}.`,
    anyOf: [{ type: ['string', 'integer'] }, object],
  }
}

function kindSchema(kind: Kind): JsonObject {
  const words = wordsOf(kind)
  if (words !== null) return { anyOf: [{ enum: [...words] }, hole] }
  switch (kind) {
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, hole] }
    case 'integer':
    case 'number':
      return { type: ['number', 'string'] }
    case 'json':
      return open
    default:
      return { type: 'string', ...(told[kind] && { description: told[kind] }) }
  }
}

const told: Readonly<Record<string, string>> = {
  date: "A date: 2026-05-04, or {{ date('+1 business day') }}.",
  time: 'A date and time: 2026-05-04T09:30:00-04:00, or an expression.',
}
