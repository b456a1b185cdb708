import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { inWords } from '../../lib/text/in-words.ts'
import { saysNothing } from '../../lib/text/nothing.ts'
import type { Scope } from '../scope.ts'
import { compile, type Expression } from './expression.ts'
import { Fault } from './fault.ts'

/**
 * Values of a rule, with expressions between `{{ }}`. Text that is one expression keeps its type; other text has holes, and a hole of
 * null is empty. Braces that are meant as such: `{{ '{{' }}`.
 */

/** A piece of text as it stands, or an expression. `at` counts characters from the beginning of the whole text. */
export type Piece = { readonly text: string } | { readonly expression: string; readonly at: number }

export type Split =
  | { readonly ok: true; readonly pieces: readonly Piece[] }
  | { readonly ok: false; readonly message: string; readonly at: number }

/** Takes text apart. Quotes and the braces of a map inside an expression do not end it. */
export function split(text: string): Split {
  const pieces: Piece[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('{{', from)
    if (open < 0) break
    const close = closing(text, open + 2)
    if (close < 0)
      return { ok: false, message: "the expression that '{{' begins never ends: '}}' is missing", at: open }
    if (open > from) pieces.push({ text: text.slice(from, open) })
    const inside = text.slice(open + 2, close)
    const lead = inside.length - inside.trimStart().length
    pieces.push({ expression: inside.trim(), at: open + 2 + lead })
    from = close + 2
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return { ok: true, pieces }
}

function closing(text: string, from: number): number {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!
    if (quote) {
      if (sign === '\\') at += 1
      else if (sign === quote) quote = ''
    } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '{') depth += 1
    else if (sign === '}') {
      if (depth === 0) return text[at + 1] === '}' ? at : -1
      depth -= 1
    }
  }
  return -1
}

/** True when a value holds an expression anywhere. */
export function isTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes('{{')
  if (Array.isArray(value)) return value.some(isTemplate)
  return isObject(value) && Object.values(value).some(isTemplate)
}

/** An expression that could not be worked out, with its place. */
export class TemplateFault extends Error {
  /** Path below the value that was evaluated: `with.due_at`. */
  readonly path: string
  readonly expression: string

  constructor(path: string, expression: string, cause: string) {
    super(cause)
    this.path = path
    this.expression = expression
  }
}

/**
 * A value with its expressions worked out and its empty parts gone: null, blank text and empty lists drop their key, then the object that
 * they leave empty; an object or list item whose expressions all came out empty goes as well, whatever literal words stand beside them
 * (`{"name": "Work", "address": "{{ person.email }}"}`). Null when nothing is left.
 * @throws TemplateFault naming the place
 */
export function evaluateTemplate(value: Json, scope: Scope, path = ''): Json {
  return fill(value, scope, path).value
}

/**
 * A text that people read where they are told of an event. Line breaks of the rule's author stay; those of what came in do not, or a
 * sender could write lines that look like ours.
 */
export function evaluateNotice(text: string, scope: Scope, path: string): string {
  const parts = split(text)
  if (!parts.ok) throw new TemplateFault(path, text, parts.message)
  const pieces = parts.pieces.map(piece =>
    'text' in piece
      ? piece.text
      : inWords(withExpression(piece.expression, path, each => each.value(scope))).replace(/\s+/g, ' '),
  )
  return pieces.join('').trim()
}

interface Filled {
  /** Null: empty. */
  readonly value: Json
  /** How many expressions it had, and how many of them came out with something. */
  readonly asked: number
  readonly answered: number
}

function fill(value: Json, scope: Scope, path: string): Filled {
  if (typeof value === 'string') return fillText(value, scope, path)
  if (Array.isArray(value)) {
    const items = value.map((item, at) => worthKeeping(fill(item, scope, `${path}[${at}]`)))
    const kept = items.map(item => item.value).filter(item => item !== null)
    return sum(items, kept.length > 0 ? kept : null)
  }
  if (!isObject(value)) return { value, asked: 0, answered: 0 }
  const kept: JsonObject = {}
  const parts: Filled[] = []
  for (const [key, part] of Object.entries(value)) {
    const filled = fill(part, scope, path ? `${path}.${key}` : key)
    // An address or a number that says N/A is none, and what stands beside it (`"name": "Work"`) is nothing without it.
    const absent = (key === 'address' || key === 'number') && filled.asked > 0 && saysNothing(filled.value)
    const result = absent ? { ...filled, value: null, answered: 0 } : isObject(part) ? worthKeeping(filled) : filled
    parts.push(result)
    if (result.value !== null) kept[key] = result.value
  }
  return sum(parts, Object.keys(kept).length > 0 ? kept : null)
}

function fillText(value: string, scope: Scope, path: string): Filled {
  const parts = split(value)
  if (!parts.ok) throw new TemplateFault(path, value, parts.message)
  const results = parts.pieces.map(piece =>
    'text' in piece ? piece.text : withExpression(piece.expression, path, each => each.value(scope)),
  )
  const asked = results.filter((_, at) => 'expression' in parts.pieces[at]!)
  const answered = asked.filter(result => !isEmpty(result)).length
  const whole = asked.length === 1 && results.length === 1 ? tidy(asked[0]!) : results.map(inWords).join('')
  const result = asked.length > 0 && typeof whole === 'string' ? whole.trim() : whole
  return { value: isEmpty(result) ? null : result, asked: asked.length, answered }
}

/**
 * Works with an expression of a stored configuration, which was checked when it was saved.
 * @throws TemplateFault when it is none any more, or cannot be worked out
 */
export function withExpression<T>(text: string, path: string, use: (expression: Expression) => T): T {
  const compiled = compile(text)
  if (!compiled.ok) throw new TemplateFault(path, text, compiled.refusal.message)
  try {
    return use(compiled.expression)
  } catch (error) {
    if (error instanceof Fault) throw new TemplateFault(path, text, error.message)
    throw error
  }
}

/** Blank items of a list are nobody's answer. */
const tidy = (value: Json): Json => (Array.isArray(value) ? value.filter(item => !isEmpty(item)) : value)

const isEmpty = (value: Json): boolean =>
  value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.every(isEmpty))

const worthKeeping = (filled: Filled): Filled =>
  filled.asked > 0 && filled.answered === 0 ? { ...filled, value: null } : filled

function sum(parts: readonly Filled[], value: Json): Filled {
  return {
    value,
    asked: parts.reduce((total, part) => total + part.asked, 0),
    answered: parts.reduce((total, part) => total + part.answered, 0),
  }
}
