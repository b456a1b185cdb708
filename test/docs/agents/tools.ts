import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { type Listing, tools } from '../../../src/agents/mcp.ts'
import type { Tool } from '../../../src/agents/tool.ts'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import { instructions, said } from './words.ts'

/** What agents are told of the tools: their words, and what each takes as JSON Schema (draft 2020-12). */

const path = join(import.meta.dirname, '../../../src/assets/tools.json')

export const toolsAsset = (): string => readFileSync(path, 'utf8')

export function toolsMade(): string {
  const listing: Listing = { instructions, tools: tools.map(listed) }
  return `${JSON.stringify(listing, null, 1)}\n`
}

function listed({ name, input, may }: Tool): Listing['tools'][number] {
  const { title, description, takes = {}, hints } = said[name]!
  const readOnlyHint = may === 'read'
  return {
    name,
    title,
    description,
    inputSchema: withWords(schemaOf(input), takes),
    annotations: {
      readOnlyHint,
      ...(!readOnlyHint && {
        destructiveHint: hints?.destructive === true,
        idempotentHint: hints?.idempotent === true,
      }),
      openWorldHint: false,
    },
  }
}

function withWords(schema: JsonObject, takes: Readonly<Record<string, string>>): JsonObject {
  const properties = Object.entries(schema.properties as Record<string, JsonObject>).map(([name, one]) => [
    name,
    { ...one, ...(takes[name] !== undefined && { description: takes[name] }) },
  ])
  return { ...schema, properties: Object.fromEntries(properties) }
}

const schemaOf = (shape: z.ZodMiniType): JsonObject =>
  plain(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any', reused: 'inline', cycles: 'ref' }) as JsonObject)

/** Without what only machines read: patterns, the ends of what a number can be, and values that may be any JSON spelled out. */
function plain<T extends Json>(value: T): T
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(one => plain(one))
  if (!isObject(value)) return value
  const { $schema, pattern, $ref, $defs, ...rest } = value
  if ($ref !== undefined) return {}
  if (rest.maximum === Number.MAX_SAFE_INTEGER) delete rest.maximum
  if (rest.minimum === Number.MIN_SAFE_INTEGER) delete rest.minimum
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, plain(inner)]))
}

/** `npm run docs`: writes the listing anew. */
if (import.meta.main) writeFileSync(path, toolsMade())
