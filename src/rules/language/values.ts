import { isObject, type Json } from '../../lib/json.ts'
import { amountIn } from '../../lib/text/amount.ts'
import { saysNothing } from '../../lib/text/nothing.ts'
import { truthOf } from '../../lib/text/truth.ts'
import { Fault } from './fault.ts'

/** What the values of expressions are taken for: as text, as numbers, as conditions, beside each other. */

/** Text longer than this comes of a mistake, and would eat the Worker's memory. */
const LONGEST = 1_000_000

/** @throws Fault when a text of this length is too long */
export function fitting(length: number): void {
  if (length > LONGEST) throw new Fault('the text becomes too long')
}

/** Text of a word, a number or a truth value. */
export function text(value: Json | undefined): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Fault(`text is wanted here, not ${kindOf(value ?? null)}`)
}

const isNumber = /^\s*[+-]?\d{1,15}(?:\.\d{1,15})?\s*$/

/** A number, or text that is plainly one, as forms send it. */
export function number(value: Json | undefined): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && isNumber.test(value)) return Number(value)
  throw new Fault(`a number is wanted here, not ${kindOf(value ?? null)}`)
}

/** What a value is, in words; never the value itself. */
export function kindOf(value: Json): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'a number'
  return isObject(value) ? 'an object' : 'true or false'
}

/** A condition: true or false, or a word for it; what is absent is not so. */
export function truth(value: Json): boolean {
  if (value === null) return false
  const said = typeof value === 'string' ? truthOf(value) : value
  if (typeof said !== 'boolean')
    throw new Fault(`a condition is true or false, not ${kindOf(value)}; that there is an answer is written != null`)
  return said
}

/** What a macro, `in` or `each` goes over: nothing is an empty list, a lone value a list of one. */
export function listOf(value: Json): readonly Json[] {
  if (value === null) return []
  // A list of objects that a form has as JSON text is one.
  if (typeof value === 'string' && /^\s*\[\s*\{/.test(value)) return listedIn(value) ?? [value]
  return Array.isArray(value) ? value : [value]
}

/** What stands in one text: several choices with commas, semicolons, bars or line breaks between them, or as the JSON text of a list. */
export function choicesIn(text: string): readonly Json[] {
  const list = /^\s*\[\s*["{]/.test(text) ? listedIn(text) : null
  return list ?? text.split(/[,;|\n]/).map(choice => choice.trim())
}

/** A list that stands as JSON; null for text that only looks like one. */
function listedIn(text: string): readonly Json[] | null {
  try {
    return JSON.parse(text) as Json[]
  } catch {
    return null
  }
}

/** As `listOf`, and text of several choices as each of these, too. */
export function choicesOf(value: Json): readonly Json[] {
  return typeof value === 'string' && /[,;|\n]/.test(value) ? [value, ...choicesIn(value)] : listOf(value)
}

/** A list of one as what it holds. */
export const alone = (value: Json): Json => (Array.isArray(value) && value.length === 1 ? value[0]! : value)

/** Nothing, as people leave an answer empty. */
export const isBlank = (value: Json): boolean =>
  value === null || (typeof value === 'string' && /^[\s\u200b-\u200f\u2060\ufeff]*$/.test(value))

/** What a function reads of an answer: of several boxes or parts that all were left empty, nothing; `N/A` and its like are nothing too. */
export function answered(value: Json): Json {
  if (typeof value !== 'object' || value === null) return saysNothing(value) ? null : present(value)
  return Object.values(value).every(isBlank) ? null : alone(value)
}

/** What an answer says; one that was left empty says nothing. */
export const present = (value: Json): Json => (isBlank(value) ? null : value)

/** What stands under a key or at a place of a list; null when nothing does. */
export function member(value: Json, key: Json): Json {
  if (Array.isArray(value)) {
    const at = typeof key === 'string' && /^\d{1,3}$/.test(key) ? Number(key) : key
    return (typeof at === 'number' ? value[at] : undefined) ?? null
  }
  if (key === 0 && !isObject(value)) return value
  if (!isObject(value) || typeof key !== 'string') return null
  return (Object.hasOwn(value, key) ? value[key] : undefined) ?? null
}

/** A number, or an amount as people write it: `$10,000`. */
export const amount = (value: Json | undefined): number =>
  (typeof value === 'string' ? amountIn(value) : null) ?? number(value)

/** Both as numbers when one is a number and the other says one; both as true or false when one is that, and the other a word for it. */
export function alike(left: Json, right: Json): readonly [Json, Json] {
  if (typeof left === typeof right) return [left, right]
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    const said = (one: Json) => (typeof one === 'string' ? (truthOf(one) ?? one) : one)
    return [said(left), said(right)]
  }
  if (typeof left !== 'number' && typeof right !== 'number') return [left, right]
  try {
    return [amount(left), amount(right)]
  } catch {
    return [left, right]
  }
}

/** Whether one is before or behind the other. */
export function ordered(left: Json, right: Json, holds: (order: number) => boolean): boolean {
  const plain = (one: Json) => (typeof one === 'string' && isNumber.test(one) ? Number(one) : one)
  // As text, 9 would be behind 18.
  const [a, b] = typeof plain(left) === typeof plain(right) ? [plain(left), plain(right)] : alike(left, right)
  if (typeof a === 'number' && typeof b === 'number') return holds(a - b)
  if (typeof a === 'string' && typeof b === 'string') return holds(a < b ? -1 : a > b ? 1 : 0)
  const way = typeof left === 'number' || typeof right === 'number' ? ': write double() around an amount' : ''
  throw new Fault(`${kindOf(left)} and ${kindOf(right)} cannot be compared${way}`)
}

export function reckon(op: string, left: number, right: number): number {
  if (right === 0 && (op === '/' || op === '%')) throw new Fault('a number is divided by zero')
  const result = { '+': left + right, '-': left - right, '*': left * right, '/': left / right, '%': left % right }[op]!
  if (!Number.isFinite(result)) throw new Fault('a number becomes too large')
  return result
}
