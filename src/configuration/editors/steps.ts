import { bodyShape, contract, type Resource } from '../../clio/contract/index.ts'
import { keyOf } from '../../clio/contract/shapes/shape.ts'
import type { JsonObject } from '../../lib/json.ts'
import { VERBS, type Verb } from '../../model/rule.ts'
import { offers } from '../../rules/check/check-step.ts'
import { valuesSchema } from './values.ts'
import { when } from './when.ts'

/** The steps of a rule, as JSON Schema for editors: exactly one verb, what goes with it, and what Clio takes for its resource. */

const verbs = Object.keys(VERBS) as Verb[]
const resources = Object.entries(contract)

const definition = (verb: 'create' | 'update' | 'find', resource: string) => `${verb}.${resource.replaceAll('/', '.')}`

/** What stands under which name of `$defs`. */
export function clioDefinitions(): JsonObject {
  return Object.fromEntries(
    resources.flatMap(([name, resource]) => [
      ...(resource.create ? [[definition('create', name), valuesSchema(name, resource, resource.create, true)]] : []),
      ...(resource.update
        ? [[definition('update', name), valuesSchema(name, resource, bodyShape(resource, 'update')!, false)]]
        : []),
      ...(resource.list && !resource.one
        ? [[definition('find', name), valuesSchema(name, resource, resource.list, true)]]
        : []),
    ]),
  )
}

/** @param keys every key that a step may have, as its own schema says it */
export function stepSchema(keys: Readonly<Record<string, JsonObject>>): JsonObject {
  const own = Object.fromEntries(verbs.map(verb => [verb, verbSchema(verb, keys[verb]!)]))
  return {
    type: 'object',
    properties: { if: keys.if!, each: keys.each! },
    allOf: [
      {
        if: { anyOf: verbs.map(verb => ({ required: [verb] })) },
        // Nothing is said yet of what is to be done.
        else: { properties: own, minProperties: 1, anyOf: verbs.map(verb => ({ required: [verb] })) },
      },
      ...verbs.map(verb => when({ required: [verb] }, optionsSchema(verb, own[verb]!, keys))),
    ],
    unevaluatedProperties: false,
  }
}

/** The verb's own key. */
function verbSchema(verb: Verb, key: JsonObject): JsonObject {
  if (!VERBS[verb].resource) return key
  const names = resources.filter(([, resource]) => offers(resource).includes(verb)).map(([name]) => name)
  return { description: key.description!, enum: names }
}

/** What goes with a verb, and with its resource. */
function optionsSchema(verb: Verb, own: JsonObject, keys: Readonly<Record<string, JsonObject>>): JsonObject {
  const { takes, needs, several, resource } = VERBS[verb]
  const taken = Object.fromEntries(takes.map(key => [key, keys[key]!]))
  const others = Object.fromEntries(verbs.filter(other => other !== verb).map(other => [other, false]))
  const about = (names: Resource, name: string): JsonObject[] => {
    const properties = resourceOptions(verb, name, names)
    if (Object.keys(properties).length === 0) return []
    return [when({ properties: { [verb]: { const: name } } }, { properties })]
  }
  return {
    required: [...needs],
    properties: {
      [verb]: own,
      ...others,
      ...taken,
      ...(several && { several: { ...keys.several!, enum: [...several] } }),
    },
    ...(resource && {
      allOf: resources.filter(([, one]) => offers(one).includes(verb)).flatMap(([name, one]) => about(one, name)),
    }),
  }
}

function resourceOptions(verb: Verb, name: string, resource: Resource): JsonObject {
  const values = (of: 'create' | 'update' | 'find'): JsonObject => ({ $ref: `#/$defs/${definition(of, name)}` })
  switch (verb) {
    case 'create':
      return { with: values('create') }
    case 'update':
      return { with: values('update') }
    case 'find':
      return { where: values('find') }
    case 'upsert': {
      const match = Object.keys(resource.create!).map(key => keyOf(key).name)
      return { with: values('create'), match: { items: { enum: match } } }
    }
    default:
      return {}
  }
}
