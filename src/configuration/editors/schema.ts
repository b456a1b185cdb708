import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { step } from '../../model/rule.ts'
import type { Source } from '../../model/source.ts'
import { sources as registry } from '../../sources/index.ts'
import { schema } from '../configuration.ts'
import { clioDefinitions, stepSchema } from './steps.ts'
import { when } from './when.ts'
import { words } from './words.ts'

/**
 * JSON Schema (draft 2020-12) of a firm's document, for editors: it completes what Clio and each source know, and marks what the check on
 * saving would refuse. It is made when the project is built (`npm run docs`), and never by the Worker.
 */
export function configurationSchema(sources: ReadonlyMap<string, Source<unknown>> = registry): JsonObject {
  const document = described(schemaOf(schema()), '')
  const { properties, ...rest } = document
  const { endpoints, rules, ...keys } = properties as Record<string, JsonObject>
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...rest,
    title: 'The configuration of a firm',
    properties: {
      ...keys,
      endpoints: { ...endpoints!, additionalProperties: endpointsSchema([...sources.values()]) },
      rules: { ...rules!, items: ruleSchema(rules!.items as JsonObject, sources) },
    },
    $defs: clioDefinitions(),
  }
}

function schemaOf(shape: z.ZodMiniType): JsonObject {
  const {
    $schema: _,
    $defs: __,
    ...made
  } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as JsonObject
  // The only shape that needs a name is `z.json()`, which is anything.
  return JSON.parse(JSON.stringify(made).replaceAll(/\{"\$ref":"#\/\$defs\/__schema\d+"\}/g, '{}')) as JsonObject
}

/** Which source first, then what it takes. */
function endpointsSchema(sources: readonly Source<unknown>[]): JsonObject {
  const about = ({ verifiedBy, keyedBy }: Source<unknown>) =>
    `Proved by ${verifiedBy}. Two deliveries are the same by ${keyedBy}.`
  const source = {
    description: 'Who sends.',
    enum: sources.map(({ name }) => name),
    enumDescriptions: sources.map(about),
  }
  return {
    type: 'object',
    properties: { source },
    required: ['source'],
    allOf: sources.map(one =>
      when({ properties: { source: { const: one.name } }, required: ['source'] }, endpointSchema(one)),
    ),
  }
}

function endpointSchema(source: Source<unknown>): JsonObject {
  const made = described(schemaOf(source.options as z.ZodMiniType), source.name)
  return { ...made, type: 'object', properties: { source: { const: source.name }, ...(made.properties as JsonObject) } }
}

/** With the types that sources send, and steps that know Clio. */
function ruleSchema(rule: JsonObject, sources: ReadonlyMap<string, Source<unknown>>): JsonObject {
  const properties = rule.properties as Record<string, JsonObject>
  const on = properties.on!
  const trigger = on.properties as Record<string, JsonObject>
  const keys = Object.fromEntries(
    Object.entries(schemaOf(step).properties as Record<string, JsonObject>).map(([name, key]) => [
      name,
      { ...key, description: words[`rules.steps.${name}`]! },
    ]),
  )
  return {
    ...rule,
    properties: {
      ...properties,
      on: { ...on, properties: { ...trigger, type: { ...trigger.type!, anyOf: typesSchema(sources) } } },
      steps: { ...properties.steps!, additionalProperties: stepSchema(keys) },
    },
  }
}

/** What each source sends; a sender's own words besides, where it names them itself. */
function typesSchema(sources: ReadonlyMap<string, Source<unknown>>): JsonObject[] {
  const makers = new Map<string, string[]>()
  for (const { name, types } of sources.values())
    for (const type of types) if (type !== '*') makers.set(type, [...(makers.get(type) ?? []), name])
  const known = {
    enum: [...makers.keys()],
    enumDescriptions: [...makers.values()].map(names => `Sent by ${names.join(', ')}.`),
  }
  const one: JsonObject = { anyOf: [known, { type: 'string', minLength: 1 }] }
  return [...(one.anyOf as JsonObject[]), { type: 'array', minItems: 1, items: one }]
}

/** The same, with what `words` says of each option. */
function described(schema: JsonObject, source: string, path = ''): JsonObject {
  const own = path.slice(1)
  const said = source === '' ? words[own] : (words[`${source}.${own}`] ?? words[`*.${own}`])
  const below = (key: string, value: Json): Json => {
    if (key === 'properties' && isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, described(one as JsonObject, source, `${path}.${name}`)]),
      )
    if (['anyOf', 'allOf', 'oneOf'].includes(key))
      return (value as JsonObject[]).map(one => described(one, source, path || '.'))
    return (key === 'items' || key === 'additionalProperties') && isObject(value)
      ? described(value, source, path)
      : value
  }
  const entries = Object.entries(schema).map(([key, value]) => [key, below(key, value)] as const)
  return { ...Object.fromEntries(entries), ...(said !== undefined && path !== '' && { description: said }) }
}
