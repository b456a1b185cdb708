import type { JsonObject } from '../../lib/json.ts'

/** `if` … `then` … of JSON Schema. (An object that is written with a key `then` looks like a promise to linters, and to `await`.) */
export const when = (condition: JsonObject, consequence: JsonObject): JsonObject =>
  Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ])
