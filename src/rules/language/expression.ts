import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import type { Json } from '../../lib/json.ts'
import { NAMES, type Scope } from '../scope.ts'
import { evaluate, neverWorks } from './evaluate.ts'
import type { Kind } from './kind.ts'
import { kindOf } from './kinds.ts'
import { notRead } from './other-languages.ts'
import { NotUsed, Reading } from './reading.ts'
import { type Spelled, spelled } from './spelling.ts'
import { truth } from './values.ts'

/** One expression in CEL (Common Expression Language, https://cel.dev), read, checked and ready to be worked out. */
export interface Expression {
  readonly text: string
  /** Names of steps that it reads: `steps.client`. */
  readonly steps: readonly string[]
  /** Names of links that it reads: `links.meeting`. */
  readonly links: readonly string[]
  /** What it reads of the event: `fields.matter_type`, `booking`, `person.email`. */
  readonly reads: readonly string[]
  /** Every way into a value, key by key; `[]` for one of a list. */
  readonly paths: readonly (readonly string[])[]
  /** The way, where it is nothing else: `steps`, `client`, `id`. */
  readonly whole: readonly string[] | null
  /** True when it reads `item` or `index`, which exist inside `each` only. */
  readonly each: boolean
  /** True when it reads `item`. */
  readonly item: boolean
  /**
   * What it comes out as, or why it can never come out as it is meant. Asked when a document is saved: what was saved before goes on.
   */
  sense(): Kind | Refusal
  /** Why a function in it cannot read what its author gave it, whatever comes in; null when it can. */
  neverWorks(scope: Scope): string | null
  /** @throws Fault when it cannot be worked out for this scope */
  value(scope: Scope): Json
  /** The value as a condition: null is false. @throws Fault when it is neither true nor false */
  holds(scope: Scope): boolean
}

/** Why an expression was refused; `at` counts characters from its beginning. */
export interface Refusal {
  readonly message: string
  readonly at: number
}

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly refusal: Refusal }

/** An expression is a line or two: these bound what it can cost (`maxDepth` is also how deep our walk goes). */
const LONGEST = 2000
const LIMITS = { maxAstNodes: 400, maxDepth: 40, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 4 }

const parser = new Environment({ limits: LIMITS })

/** Compiled once; a firm has some hundred expressions, so the oldest make room long after. */
const compiled = new Map<string, Compiled>()
const KEPT = 2000

/** @param names what the expression may begin with; @default the names of rules */
export function compile(text: string, names: readonly string[] = NAMES): Compiled {
  const key = names === NAMES ? text : `${names.join(' ')}: ${text}`
  const known = compiled.get(key)
  if (known) return known
  const result = read(text, names)
  if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value!)
  compiled.set(key, result)
  return result
}

function read(text: string, names: readonly string[]): Compiled {
  if (text.trim() === '') return refused('the expression is empty', 0)
  if (text.length > LONGEST) return refused(`an expression has at most ${LONGEST} characters`, LONGEST)
  const plain = spelled(text)
  try {
    const { ast } = parser.parse(plain.text)
    const reading = new Reading(names)
    reading.visit(ast, [])
    return { ok: true, expression: built(text, ast, reading, plain) }
  } catch (error) {
    return { ok: false, refusal: refusalOf(error, plain) }
  }
}

function built(text: string, ast: ASTNode, reading: Reading, plain: Spelled): Expression {
  return {
    text,
    steps: [...reading.steps],
    links: [...reading.links],
    reads: [...reading.reads],
    paths: reading.paths,
    whole: reading.path(ast),
    each: reading.each,
    item: reading.item,
    sense: () => {
      try {
        return kindOf(ast, plain.text)
      } catch (error) {
        return refusalOf(error, plain)
      }
    },
    neverWorks: scope => neverWorks(ast, scope),
    value: scope => evaluate(ast, scope),
    holds: scope => truth(evaluate(ast, scope)),
  }
}

function refused(message: string, at: number): Compiled {
  return { ok: false, refusal: { message, at } }
}

function refusalOf(error: unknown, { text, place }: Spelled): Refusal {
  if (error instanceof NotUsed) return { message: error.message, at: place(error.at) }
  if (!(error instanceof ParseError)) throw error
  const at = error.range?.start ?? 0
  return { message: notRead(error, text, at), at: place(at) }
}
