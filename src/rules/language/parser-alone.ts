/**
 * Stands in the bundle for all of cel-js but its parser (wrangler.toml), which is all that we ask of it: what an expression can come out as
 * is told by `kinds.ts`, and worked out by `evaluate.ts`. Each name is one that the library's own modules import.
 */

const signs = '?: || && !_ -_ != == in + - * / % < <= > >= value id . .? [] [?] call rcall list map'.split(' ')
/** What the parser calls some of them. */
const called: Readonly<Record<string, string>> = {
  ternary: '?:',
  unaryNot: '!_',
  unaryMinus: '-_',
  fieldAccess: '.',
  optionalFieldAccess: '.?',
  bracketAccess: '[]',
  optionalBracketAccess: '[?]',
}

interface Operator {
  readonly name: string
}

const all: Record<string, Operator> = Object.fromEntries(signs.map(name => [name, { name }]))
export const OPERATORS: Readonly<Record<string, Operator>> = {
  ...all,
  ...Object.fromEntries(Object.entries(called).map(([name, sign]) => [name, all[sign]!])),
}

/** `1u`: it is refused when the tree is read. */
export class UnsignedInt {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

const registry = { enableOptionalTypes: false, findMacro: () => null, clone: () => registry }
export const createRegistry = (): typeof registry => registry

/** The limits of the parser are all its options. */
export const createOptions = (options: object): object => options

const nothing = (): void => {}

export { nothing as registerFunctions, nothing as registerMacros, nothing as registerOverloads }

class Unused {}

export { Unused as Base, Unused as Duration, Unused as Optional, Unused as RootContext, Unused as TypeChecker }
