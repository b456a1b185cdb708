import { isObject, type Json } from '../../src/lib/json.ts'

/**
 * What a case expects of a value: text (equal after NFC and trim), a number, `null` (absent or empty), a list (one by one), an object
 * (each given key; dots reach deeper), or one of `{re, flags?}`, `{any}`, `{all}`, `{not}`, `{has}` and `{none}` (of lists), `{size}`,
 * `{digits}` (a telephone number by its last digits).
 */
export function fits(pattern: Json, value: Json | undefined): boolean {
  if (pattern === null) return isEmpty(value)
  if (typeof pattern === 'string') return typeof value === 'string' && plain(value) === plain(pattern)
  if (Array.isArray(pattern))
    return Array.isArray(value) && value.length === pattern.length && pattern.every((one, at) => fits(one, value[at]))
  if (!isObject(pattern)) return value === pattern
  const [key = '', ...more] = Object.keys(pattern)
  const made = operators[key]
  if (made && more.every(other => other === 'flags')) return made(pattern[key]!, value, pattern)
  return Object.entries(pattern).every(([path, one]) => fits(one, at(value, path)))
}

/** Whether a list holds something for each pattern, each something else. */
export function fitsAnyOrder(patterns: readonly Json[], values: readonly Json[]): boolean {
  if (patterns.length !== values.length) return false
  const [first, ...rest] = patterns
  if (first === undefined) return true
  return values.some((value, index) => fits(first, value) && fitsAnyOrder(rest, values.toSpliced(index, 1)))
}

const operators: Readonly<Record<string, (given: Json, value: Json | undefined, pattern: Json) => boolean>> = {
  re: (given, value, pattern) => {
    const flags = isObject(pattern) && typeof pattern.flags === 'string' ? pattern.flags : ''
    return typeof value === 'string' && new RegExp(String(given), `${flags}u`).test(value.normalize('NFC'))
  },
  any: (given, value) => listOf(given).some(one => fits(one, value)),
  all: (given, value) => listOf(given).every(one => fits(one, value)),
  not: (given, value) => !fits(given, value),
  has: (given, value) => listOf(value ?? []).some(one => fits(given, one)),
  none: (given, value) => !listOf(value ?? []).some(one => fits(given, one)),
  size: (given, value) => listOf(value ?? []).length === given,
  digits: (given, value) =>
    String(value ?? '')
      .replace(/\D/g, '')
      .endsWith(String(given)),
}

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : value === null ? [] : [value])

const plain = (text: string): string => text.normalize('NFC').trim()

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  return Array.isArray(value) && value.length === 0
}

/** The value under a key, or behind the dots of one. */
function at(value: Json | undefined, path: string): Json | undefined {
  if (isObject(value) && Object.hasOwn(value, path)) return value[path]
  return path.split('.').reduce<Json | undefined>((found, key) => {
    if (Array.isArray(found)) return found[Number(key)]
    return isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }, value)
}
