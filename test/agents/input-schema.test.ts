import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { inputSchema } from '../../src/agents/input-schema.ts'
import { tools } from '../../src/agents/mcp.ts'
import { isObject, type Json, type JsonObject } from '../../src/lib/json.ts'

/** As zod has it; values that may be any JSON are spelled out there, and patterns are for machines. */
const byZod = (schema: z.ZodMiniType): Json =>
  plain(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline', cycles: 'ref' }) as JsonObject)

function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  const { $schema, pattern, $ref, $defs, ...rest } = value
  if ($ref !== undefined)
    return isObject(rest) && rest.description !== undefined ? { description: rest.description } : {}
  if (rest.maximum === Number.MAX_SAFE_INTEGER) delete rest.maximum
  if (rest.minimum === Number.MIN_SAFE_INTEGER) delete rest.minimum
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, plain(inner)]))
}

describe('what a tool takes', () => {
  it.each(tools.map(({ name, input }) => [name, input] as const))('is told as zod tells it: %s', (_name, input) => {
    expect(inputSchema(input)).toEqual(byZod(input))
  })

  it('is refused when it is of a shape that is not told here', () => {
    expect(() => inputSchema(z.date())).toThrow('no JSON Schema here')
  })
})
