import * as z from 'zod/mini'
import type { Json, JsonObject } from '../lib/json.ts'

/**
 * JSON Schema (draft 2020-12) of what a tool takes: the shapes that our tools use, and no others. zod's own `toJSONSchema` knows all there
 * are, and weighs as much as the rest of the protocol.
 * @throws Error for a shape that is not used here
 */
export function inputSchema(schema: z.core.$ZodType): JsonObject {
  const description = z.globalRegistry.get(schema)?.description
  return { ...shapeOf(schema), ...(description !== undefined && { description }) }
}

function shapeOf(schema: z.core.$ZodType): JsonObject {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object': {
      const entries = Object.entries(def.shape as Record<string, z.core.$ZodType>)
      const required = entries.filter(([, value]) => value._zod.optin === undefined).map(([name]) => name)
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([name, value]) => [name, inputSchema(value)])),
        ...(required.length > 0 && { required }),
        additionalProperties: false,
      }
    }
    case 'record':
      return { type: 'object', propertyNames: { type: 'string' }, additionalProperties: inputSchema(def.valueType) }
    case 'array':
      return { type: 'array', items: inputSchema(def.element), ...limits(schema, 'Items') }
    case 'string':
      return { type: 'string', ...limits(schema, 'Length') }
    case 'number':
      return { type: 'integer', ...limits(schema, 'imum') }
    case 'boolean':
      return { type: 'boolean' }
    case 'enum':
      return { type: 'string', enum: Object.values(def.entries) as Json[] }
    case 'union':
      return { anyOf: def.options.map(inputSchema) }
    case 'optional':
      return inputSchema(def.innerType)
    case 'default':
      return { ...inputSchema(def.innerType), default: def.defaultValue as Json }
    case 'lazy':
      return {}
    default:
      throw new Error(`A tool takes a ${def.type}, which has no JSON Schema here.`)
  }
}

type Bound = { readonly minimum?: number; readonly maximum?: number; readonly value?: number; readonly check: string }

/** `minLength`, `maxItems`, `minimum` … */
function limits(schema: z.core.$ZodType, what: 'Length' | 'Items' | 'imum'): JsonObject {
  const bounds = (schema._zod.def.checks ?? []).map(({ _zod }) => _zod.def as unknown as Bound)
  const found: JsonObject = {}
  for (const { check, minimum, maximum, value } of bounds) {
    if (check === 'min_length' || check === 'greater_than') found[`min${what}`] = minimum ?? value ?? 0
    if (check === 'max_length' || check === 'less_than') found[`max${what}`] = maximum ?? value ?? 0
  }
  return found
}
