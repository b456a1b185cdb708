/**
 * Stands in the bundle for `functions.js` and `overloads.js` of cel-js (wrangler.toml), which are 4 KiB gzipped: rules are read and checked
 * by the library, but worked out by `evaluate`. So of CEL's functions and operators it needs to know what they take and make, and only of
 * those that rules have: there are no unsigned numbers, durations and times of CEL in them.
 */

/** `int(double|string): int` is two. */
const functions = `
dyn(dyn): dyn
bool(bool|string): bool
size(string|list|map): int
string|list|map.size(): int
double(double|int|string): double
int(int|double|string): int
string(string|bool|int|double): string
string.startsWith|endsWith|contains(string): bool
string.lowerAscii|upperAscii|trim(): string
string.indexOf|lastIndexOf(string|string, int): int
string.substring(int|int, int): string
string.split(string|string, int): list<string>
list<string>.join(|string): string
bytes.string(): string`

/** What may stand on both sides of which operators; what comes of it, where it is not of the same type. */
const operators: readonly [signs: string, types: string, makes?: string][] = [
  ['+ - * / %', 'int'],
  ['+ - * /', 'double'],
  ['+', 'string list<V>'],
  ['==', 'type null bool string int double list<V> map<K,V>', 'bool'],
  ['< <= > >=', 'bool int double string', 'bool'],
]

interface Registry {
  registerType(name: string, of: typeof Duration): unknown
  registerFunctionOverload(signature: string, call: () => null, options: { readonly async: boolean }): void
  binaryOverload(left: string, sign: string, right: string, call: () => null, makes?: string, async?: boolean): void
  unaryOverload(sign: string, type: string, call: () => null, makes: string, async: boolean): void
}

const idle = (): null => null

export function registerFunctions(registry: Registry): void {
  // Asked for by its name when an environment without optional values is made.
  registry.registerType('OptionalNamespace', Duration)
  for (const line of functions.trim().split('\n')) {
    const [, receivers, names, takes, makes] = /^(?:([^(]+)\.)?([^(.]+)\((.*)\): (.+)$/.exec(line)!
    for (const receiver of receivers?.split('|') ?? [''])
      for (const name of names!.split('|'))
        for (const taken of takes!.split('|'))
          registry.registerFunctionOverload(`${receiver && `${receiver}.`}${name}(${taken}): ${makes}`, idle, {
            async: false,
          })
  }
}

export function registerOverloads(registry: Registry): void {
  const between = (left: string, sign: string, right: string, makes?: string) =>
    registry.binaryOverload(left, sign, right, idle, makes, false)
  registry.unaryOverload('!', 'bool', idle, 'bool', false)
  for (const type of ['int', 'double']) registry.unaryOverload('-', type, idle, type, false)
  between('dyn<int>', '==', 'double')
  for (const [signs, types, makes] of operators)
    for (const sign of signs.split(' ')) for (const type of types.split(' ')) between(type, sign, type, makes)
  for (const sign of ['<', '<=', '>', '>=']) {
    between('int', sign, 'double')
    between('double', sign, 'int')
  }
  between('V', 'in', 'list<V>')
  between('K', 'in', 'map<K, V>')
}

/** `1u`: it is refused when the tree is read. */
export class UnsignedInt {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** Of none of our types: it stands for those that are only named. */
export class Duration {}
