import type { ASTNode } from '@marcbachmann/cel-js'
import { dialledText, plainPhone } from '../../clio/people/telephone.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { amountIn } from '../../lib/text/amount.ts'
import { truthOf } from '../../lib/text/truth.ts'
import { durationSeconds } from '../../lib/time/duration.ts'
import type { Scope } from '../scope.ts'
import { dateOf } from './date.ts'
import { Fault } from './fault.ts'
import type { Kind } from './kind.ts'
import { dayText, momentText, moneyText, patternText, timeText } from './readable.ts'
import { amount, choicesIn, fitting, isBlank, kindOf, listOf, number, text } from './values.ts'

/**
 * The functions of expressions: CEL's own that a rule has use for, and ours. Each may stand before its first argument or behind it:
 * `lower(person.email)`, `person.email.lower()`. A null first argument makes null, and so does any other, except where `nulls` says so.
 *
 * CEL's `matches` is left out on purpose: JavaScript's regular expressions backtrack, and 28 characters can take 13 seconds.
 */
export interface RuleFunction {
  /** How many arguments it takes. */
  readonly arity: readonly [least: number, most: number]
  /** What it makes, of one text where it takes several too. */
  readonly returns: Kind
  /** Also asked when an argument is null. */
  readonly nulls?: true
  /** So many of its arguments are what people wrote: blank text and `N/A` are nothing to it. Behind them stand words of the author's: a pattern, a default. */
  readonly reads?: number
  /** An argument more than this many is what it is when it cannot be read; so is a written `null` before that. */
  readonly readable?: number
  /** What stands for an answer where a call is tried before one comes. @default a time and a phrase */
  readonly samples?: readonly Json[]
  /** @param said the first argument is of the event, no text of the author's */
  call(args: readonly Json[], scope: Scope, said: boolean): Json
}

/** True for `date(fields.day, null)` and `int(fields.age, 0)`: the last argument stands in for what cannot be read. */
export function hasDefault({ readable }: RuleFunction, nodes: readonly ASTNode[]): boolean {
  if (readable === undefined || nodes.length < 2) return false
  const last = nodes.at(-1)!
  return nodes.length > readable || (last.op === 'value' && last.args === null)
}

/** A place in a text: what lies outside of it is its nearest end, for nobody counts the letters of a message. */
function place(value: Json | undefined, length: number): number {
  const index = number(value)
  if (!Number.isInteger(index)) throw new Fault('a position is a whole number')
  return Math.min(Math.max(index, 0), length)
}

/** The same done to a text, and to each text of a list: an answer with several boxes is one. */
const each =
  (call: (one: string, args: readonly Json[]) => Json): RuleFunction['call'] =>
  ([a, ...args]) =>
    Array.isArray(a) ? a.filter(one => one !== null).map(one => call(text(one), args)) : call(text(a), args)

/** True of a text, or of one of a list. Nothing holds nothing. */
const some = (holds: (one: string, other: string) => boolean): RuleFunction =>
  method(
    2,
    2,
    ([a = null, b = null]) =>
      b !== null && listOf(a).some(one => one !== null && typeof one !== 'object' && holds(text(one), text(b))),
    { nulls: true, returns: 'bool' },
  )

const chosen = (one: Json): readonly Json[] => (typeof one === 'string' ? choicesIn(one) : [one])

/** A date in one text, in parts, or beside its time. */
function dateText(value: Json | undefined): string {
  if (Array.isArray(value))
    return value.length === 3 && value.every(one => /^\d{1,4}$/.test(String(one))) ? value.join('/') : text(value[0])
  if (!isObject(value ?? null)) return text(value)
  const parts: JsonObject = Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, part]) => [key.toLowerCase(), part]),
  )
  const { date, year = parts.yyyy, month = parts.mm, day = parts.dd } = parts
  if (date !== undefined) return text(date)
  return [text(year).padStart(4, '0'), ...[month, day].map(part => text(part).padStart(2, '0'))].join('-')
}

function method(
  least: number,
  most: number,
  call: RuleFunction['call'],
  more: Partial<RuleFunction> = {},
): RuleFunction {
  return { arity: [least, most], returns: 'value', call, ...more }
}

const lower = method(
  1,
  1,
  each(one => one.toLowerCase()),
)
const upper = method(
  1,
  1,
  each(one => one.toUpperCase()),
)

/** A function that reads what people wrote, with a default behind its `most` arguments for what cannot be read. */
const reading = (
  least: number,
  most: number,
  returns: Kind,
  call: RuleFunction['call'],
  more: Partial<RuleFunction> = {},
): RuleFunction => method(least, most + 1, call, { reads: 1, readable: most, returns, ...more })

export const FUNCTIONS: Readonly<Record<string, RuleFunction>> = {
  date: reading(
    1,
    2,
    'text',
    ([when, from], scope, said) => dateOf(dateText(when), from === undefined ? null : dateText(from), scope, said),
    { reads: 2 },
  ),
  time: reading(1, 2, 'text', ([when, pattern], scope) =>
    pattern === undefined ? timeText(text(when), scope) : patternText(text(when), text(pattern), scope),
  ),
  day: reading(1, 1, 'text', ([when], scope) => dayText(text(when), scope)),
  local: reading(1, 1, 'text', ([when], scope) => momentText(text(when), scope)),
  format: reading(2, 2, 'text', ([when, pattern], scope) => patternText(text(when), text(pattern), scope)),
  money: reading(
    1,
    2,
    'text',
    ([given = null, currency], scope) => {
      const read = typeof given === 'string' ? amountIn(given, true) : given
      if (typeof read !== 'number') throw new Fault(`an amount is wanted here, not ${kindOf(given)}`)
      return moneyText(read, currency === undefined ? null : text(currency), scope)
    },
    { samples: [5] },
  ),
  seconds: reading(1, 1, 'number', ([duration]) => {
    const seconds = durationSeconds(text(duration))
    if (seconds === null) throw new Fault("this is not a duration: write '1h 30m', '90m', '1:30' or '1.5 hours'")
    return seconds
  }),
  phone: method(
    1,
    2,
    ([written, otherwise], scope) => {
      const [said = null] = listOf(written ?? null)
      if (said === null) return otherwise ?? null
      return otherwise === undefined
        ? dialledText(text(said), scope.country)
        : (plainPhone(text(said), scope.country) ?? otherwise)
    },
    { reads: 1, nulls: true, returns: 'text' },
  ),
  lower,
  upper,
  lowerAscii: lower,
  upperAscii: upper,
  trim: method(
    1,
    1,
    each(one => one.trim()),
  ),
  split: method(2, 2, ([a, by]) => (Array.isArray(a) ? a : text(a).split(text(by))), { returns: 'list' }),
  choices: method(
    1,
    1,
    ([a]) =>
      listOf(a ?? null)
        .flatMap(chosen)
        .filter(one => !isBlank(one)),
    { nulls: true, returns: 'list' },
  ),
  join: method(
    1,
    2,
    ([list, by]) => {
      const words = listOf(list ?? null)
        .filter(item => !isBlank(item))
        .map(text)
      const between = by === undefined ? '' : text(by)
      fitting(words.reduce((sum, word) => sum + word.length + between.length, 0))
      return words.join(between)
    },
    { returns: 'text' },
  ),
  replace: method(
    3,
    3,
    each((one, [from, to]) => {
      const parts = one.split(text(from))
      fitting(one.length + parts.length * text(to).length)
      return parts.join(text(to))
    }),
  ),
  contains: some((one, other) => one.includes(other)),
  startsWith: some((one, other) => one.startsWith(other)),
  endsWith: some((one, other) => one.endsWith(other)),
  indexOf: method(2, 2, ([a, b]) => text(a).indexOf(text(b)), { returns: 'number' }),
  lastIndexOf: method(2, 2, ([a, b]) => text(a).lastIndexOf(text(b)), { returns: 'number' }),
  substring: method(
    2,
    3,
    ([a, from, to]) => {
      const whole = text(a)
      const start = place(from, whole.length)
      const end = to === undefined ? whole.length : place(to, whole.length)
      return whole.slice(start, Math.max(start, end))
    },
    { returns: 'text' },
  ),
  size: method(
    1,
    1,
    ([a]) => {
      if (a === null || a === undefined) return 0
      if (Array.isArray(a)) return a.length
      return isObject(a) ? Object.keys(a).length : [...text(a)].length
    },
    { nulls: true, returns: 'number' },
  ),
  string: method(1, 1, ([a]) => text(a), { returns: 'text' }),
  int: reading(1, 1, 'number', ([a]) => Math.trunc(amount(a))),
  double: reading(1, 1, 'number', ([a]) => amount(a)),
  bool: reading(1, 1, 'bool', ([a]) => {
    const truth = truthOf(text(a))
    if (truth === null) throw new Fault('true or false is wanted here')
    return truth
  }),
  dyn: method(1, 1, ([a]) => a ?? null),
}

/** What CEL expands while it reads: they take an expression, not a value. */
export const MACROS: readonly string[] = ['has', 'all', 'exists', 'exists_one', 'map', 'filter']
