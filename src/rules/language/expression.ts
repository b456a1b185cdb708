import { type ASTNode, Environment, ParseError, TypeError as TypeFault } from '@marcbachmann/cel-js'
import type { Json } from '../../lib/json.ts'
import { MAPPING_NAMES, NAMES, type Scope } from '../scope.ts'
import { evaluate } from './evaluate.ts'
import { FUNCTIONS } from './functions.ts'
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
  /** True when it reads `item` or `index`, which exist inside `each` only. */
  readonly each: boolean
  /** True when it reads `item`. */
  readonly item: boolean
  /** True when it can be a condition. */
  readonly conditional: boolean
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

/** Stands in for the word `null` while types are checked, same length: CEL refuses `a ? 'x' : null`, which authors mean. */
const NULL = '_nul'

const environment = checkingEnvironment()

function checkingEnvironment(): Environment {
  const built = new Environment({ homogeneousAggregateLiterals: false, limits: LIMITS })
  for (const name of [...NAMES, ...MAPPING_NAMES, NULL]) built.registerVariable(name, 'dyn')
  const known = new Set(
    built.getDefinitions().functions.map(f => `${f.receiverType ? '.' : ''}${f.name}/${f.params.length}`),
  )
  for (const [name, { arity, returns }] of Object.entries(FUNCTIONS)) {
    for (let count = arity[0]; count <= arity[1]; count++) {
      const result = (): null => null
      const dyn = (length: number): string => Array(length).fill('dyn').join(', ')
      if (!known.has(`${name}/${count}`)) built.registerFunction(`${name}(${dyn(count)}): ${returns}`, result)
      if (!known.has(`.${name}/${count - 1}`))
        built.registerFunction(`dyn.${name}(${dyn(count - 1)}): ${returns}`, result)
    }
  }
  // One kind of number: whole ones and others mix.
  for (const op of ['+', '-', '*', '/', '%'])
    for (const [left, right] of [
      ['int', 'double'],
      ['double', 'int'],
    ])
      built.registerOperator(`${left} ${op} ${right}: double`, () => 0)
  return built
}

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
    const { ast } = environment.parse(plain.text)
    const reading = new Reading(names)
    reading.visit(ast, [])
    const checked = environment.check(reading.withoutNulls(plain.text, NULL))
    if (!checked.valid) return refusedBy(checked.error, plain)
    return { ok: true, expression: built(text, ast, reading, checked.type ?? 'dyn') }
  } catch (error) {
    return refusedBy(error, plain)
  }
}

function built(text: string, ast: ASTNode, reading: Reading, type: string): Expression {
  return {
    text,
    steps: [...reading.steps],
    links: [...reading.links],
    reads: [...reading.reads],
    paths: reading.paths,
    each: reading.each,
    item: reading.item,
    conditional: type === 'bool' || type === 'dyn' || type === 'null',
    value: scope => evaluate(ast, scope),
    holds: scope => truth(evaluate(ast, scope)),
  }
}

function refused(message: string, at: number): Compiled {
  return { ok: false, refusal: { message, at } }
}

function refusedBy(error: unknown, { place }: Spelled): Compiled {
  if (error instanceof NotUsed) return refused(error.message, place(error.at))
  if (error instanceof ParseError || error instanceof TypeFault)
    return refused(plainly(error.summary), place(error.range?.start ?? 0))
  throw error
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  double: 'a number',
  string: 'text',
  bool: 'true or false',
  dyn: 'a value',
  list: 'a list',
  map: 'an object',
}

/** The library's message in our words, where it speaks of its own types and tokens. */
function plainly(message: string): string {
  const kind = (type: string): string => TYPES[type.replace(/<.*/, '')] ?? type
  const operator = /^no such overload: (\S+(?:, \S+)?) (\S+) (\S+(?:, \S+)?)$/.exec(message)
  if (operator) return `'${operator[2]}' does not go between ${kind(operator[1]!)} and ${kind(operator[3]!)}`
  const call = /^found no matching overload for '(?:.*\.)?(\w+)\((.*)\)'$/.exec(message)
  if (call)
    return `'${call[1]}' does not take ${call[2]!
      .split(/, (?![^<]*>)/)
      .map(kind)
      .join(', ')} here`
  if (/^(?:Unexpected token: EOF|Expected \w+, got EOF)$/.test(message)) return 'the expression ends too early'
  if (message === 'has() invalid argument')
    return "'has' takes a dotted name; otherwise compare with null: fields['a b'] != null"
  return message.replaceAll(NULL, 'null')
}
