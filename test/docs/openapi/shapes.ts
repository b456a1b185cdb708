import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'

/** JSON Schema (draft 2020-12, as OpenAPI 3.1 takes it) with few words. */

export type Schema = JsonObject

export const text: Schema = { type: 'string' }
export const whole: Schema = { type: 'integer' }
export const flag: Schema = { type: 'boolean' }
/** ISO 8601 with its offset. */
export const moment: Schema = { type: 'string', format: 'date-time' }
/** Any JSON at all. */
export const anything: Schema = {}

export const words = (...values: readonly string[]): Schema => ({ type: 'string', enum: [...values] })
export const list = (items: Schema): Schema => ({ type: 'array', items })
export const map = (values: Schema): Schema => ({ type: 'object', additionalProperties: values })
export const oneOf = (...schemas: readonly Schema[]): Schema => ({ anyOf: [...schemas] })
export const within = (least: number, most: number): Schema => ({ type: 'integer', minimum: least, maximum: most })
export const said = (description: string, schema: Schema = text): Schema => ({ ...schema, description })

export const orNull = (schema: Schema): Schema =>
  typeof schema.type === 'string' && schema.enum === undefined
    ? { ...schema, type: [schema.type, 'null'] }
    : oneOf(schema, { type: 'null' })

/** Keys and what they hold; a `?` behind a key: it may be left out. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  const keys = Object.keys(properties)
  const required = keys.filter(key => !key.endsWith('?'))
  return {
    type: 'object',
    properties: Object.fromEntries(keys.map(key => [key.replace(/\?$/, ''), properties[key]!])),
    ...(required.length > 0 && { required }),
  }
}

/** The same, and nothing besides: what a call takes. */
export const only = (properties: Readonly<Record<string, Schema>>): Schema => ({
  ...object(properties),
  additionalProperties: false,
})

/** A schema that has a name in the document. */
export const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** What stands there, when it is an object; an empty one when it is not. */
export const objectIn = (value: Json | undefined): JsonObject => (value !== undefined && isObject(value) ? value : {})

type Optional<T> = { [K in keyof T]-?: undefined extends { [P in K]: T[P] }[K] ? K : never }[keyof T]

/** The same of a type of ours: a key that it gets or loses has to be described anew, or it does not compile. */
export const shaped = <T>(
  properties: {
    readonly [K in keyof T & string as K extends Optional<T> ? `${K}?` : K]-?: Schema
  },
): Schema => object(properties as Readonly<Record<string, Schema>>)
