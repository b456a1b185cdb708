import { plainPhone } from '../../clio/people/contact.ts'
import { durationSeconds } from '../../lib/duration.ts'
import { isObject, type Json } from '../../lib/json.ts'
import type { Scope } from '../scope.ts'
import { dateOf } from './date.ts'
import { Fault } from './fault.ts'
import { fitting, kindOf, number, text } from './values.ts'

/**
 * The functions of expressions: CEL's own that a rule has use for, and ours. Each may stand before its first argument or behind it:
 * `lower(person.email)`, `person.email.lower()`. A null first argument makes null, and so does any other, except where `nulls` says so.
 *
 * CEL's `matches` is left out on purpose: JavaScript's regular expressions backtrack, and 28 characters can take 13 seconds.
 */
export interface RuleFunction {
  /** How many arguments it takes. */
  readonly arity: readonly [least: number, most: number]
  /** CEL's name of the result, where it does not depend on a null argument. */
  readonly returns: 'dyn' | 'int'
  /** Also asked when an argument is null. */
  readonly nulls?: true
  call(args: readonly Json[], scope: Scope): Json
}

function place(value: Json | undefined, length: number): number {
  const index = number(value)
  if (!Number.isInteger(index) || index < 0 || index > length) throw new Fault('a position lies outside of the text')
  return index
}

const truths: Readonly<Record<string, boolean>> = { true: true, false: false }

function method(
  least: number,
  most: number,
  call: RuleFunction['call'],
  more: Partial<RuleFunction> = {},
): RuleFunction {
  return { arity: [least, most], returns: 'dyn', call, ...more }
}

const lower = method(1, 1, ([a]) => text(a).toLowerCase())
const upper = method(1, 1, ([a]) => text(a).toUpperCase())

export const FUNCTIONS: Readonly<Record<string, RuleFunction>> = {
  date: method(1, 2, ([when, from], scope) => dateOf(text(when), from === undefined ? null : text(from), scope)),
  seconds: method(1, 1, ([duration]) => {
    const seconds = durationSeconds(text(duration))
    if (seconds === null) throw new Fault("this is not a duration: write '1h 30m', '90m', '1:30' or '1.5 hours'")
    return seconds
  }),
  phone: method(1, 1, ([written], scope) => plainPhone(text(written), scope.country)),
  lower,
  upper,
  lowerAscii: lower,
  upperAscii: upper,
  trim: method(1, 1, ([a]) => text(a).trim()),
  split: method(2, 2, ([a, by]) => text(a).split(text(by))),
  join: method(1, 2, ([list, by]) => {
    if (!Array.isArray(list)) throw new Fault(`a list is wanted here, not ${kindOf(list ?? null)}`)
    const words = list.filter(item => item !== null).map(text)
    const between = by === undefined ? '' : text(by)
    fitting(words.reduce((sum, word) => sum + word.length + between.length, 0))
    return words.join(between)
  }),
  replace: method(3, 3, ([a, from, to]) => {
    const parts = text(a).split(text(from))
    fitting(text(a).length + parts.length * text(to).length)
    return parts.join(text(to))
  }),
  contains: method(2, 2, ([a, b]) => text(a).includes(text(b))),
  startsWith: method(2, 2, ([a, b]) => text(a).startsWith(text(b))),
  endsWith: method(2, 2, ([a, b]) => text(a).endsWith(text(b))),
  indexOf: method(2, 2, ([a, b]) => text(a).indexOf(text(b))),
  lastIndexOf: method(2, 2, ([a, b]) => text(a).lastIndexOf(text(b))),
  substring: method(2, 3, ([a, from, to]) => {
    const whole = text(a)
    const start = place(from, whole.length)
    const end = to === undefined ? whole.length : place(to, whole.length)
    if (end < start) throw new Fault('a position lies outside of the text')
    return whole.slice(start, end)
  }),
  size: method(
    1,
    1,
    ([a]) => {
      if (a === null || a === undefined) return 0
      if (Array.isArray(a)) return a.length
      return isObject(a) ? Object.keys(a).length : [...text(a)].length
    },
    { nulls: true, returns: 'int' },
  ),
  string: method(1, 1, ([a]) => text(a)),
  int: method(1, 1, ([a]) => Math.trunc(number(a))),
  double: method(1, 1, ([a]) => number(a)),
  bool: method(1, 1, ([a]) => {
    const truth = truths[text(a).trim().toLowerCase()]
    if (truth === undefined) throw new Fault('true or false is wanted here')
    return truth
  }),
  dyn: method(1, 1, ([a]) => a ?? null),
}

/** What CEL expands while it reads: they take an expression, not a value. */
export const MACROS: readonly string[] = ['has', 'all', 'exists', 'exists_one', 'map', 'filter']
