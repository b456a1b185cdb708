import { getLocation, type Node, type ParseError, parseTree } from 'jsonc-parser'
import type { Json } from '../lib/json.ts'
import { type Place, pathOf, type Remark } from '../lib/path.ts'

/** JSON that people write by hand: comments and trailing commas are allowed; a key that stands twice is refused, with its lines. */

export type Read =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly errors: readonly Remark[] }

/** Deeper than any configuration. */
const DEEPEST = 40

/** Nobody means it, and a careless copy would change an object's prototype. */
const FORBIDDEN = '__proto__'

/** By the parser's code of a fault. @source `ParseErrorCode` of jsonc-parser: an enum that no module can import by itself */
const WORDS: Readonly<Record<number, string>> = {
  1: 'this word is not JSON; text stands in double quotes',
  2: 'this is not a number',
  3: 'a key in double quotes is missing',
  4: 'a value is missing',
  5: 'a colon is missing',
  6: 'a comma is missing',
  7: 'a closing } is missing',
  8: 'a closing ] is missing',
  9: 'something follows after the end',
  11: 'a comment never ends',
  12: 'a text never ends',
  14: 'this is not a \\u escape',
  15: 'this is not an escape of JSON',
  16: 'this character cannot stand in a text; write it as an escape',
}

/** What word processors and other notations put in. */
const SIGNS: readonly (readonly [signs: string, words: string])[] = [
  ['“”„«»', 'text stands in straight double quotes: "'],
  ["'‘’`", 'text stands in double quotes: "'],
  ['\u00a0\u2007\u202f\u3000\u200b', 'here is a blank that no keyboard has: write a plain one'],
  ['#', 'a comment begins with //'],
]

/** Windows' editor begins a file with a mark of its encoding. */
export function readJsonc(written: string): Read {
  const text = written.replace(/^\ufeff/, '')
  if (tooDeep(text)) return { ok: false, errors: [{ path: '', message: `is nested more than ${DEEPEST} deep` }] }
  const faults: ParseError[] = []
  const root = parseTree(text, faults, { allowTrailingComma: true })
  if (root === undefined || faults.length > 0) return { ok: false, errors: [describe(text, faults[0]!)] }
  const reading = new Reading(text)
  const value = reading.value(root, [])
  return reading.errors.length > 0 ? { ok: false, errors: reading.errors } : { ok: true, value }
}

/** The first fault only: those behind it mostly come of it. */
function describe(text: string, fault: ParseError): Remark {
  const before = text.slice(0, fault.offset)
  const column = fault.offset - before.lastIndexOf('\n')
  const path = pathOf(getLocation(text, fault.offset).path.filter(part => part !== ''))
  const sign = text[fault.offset] ?? ''
  const words =
    SIGNS.find(([signs]) => sign !== '' && signs.includes(sign))?.[1] ?? WORDS[fault.error] ?? 'this is not JSON'
  return { path, message: `line ${lineAt(text, fault.offset)}, column ${column}: ${words}` }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** The parser is recursive: what is too deep for it is found before it. */
function tooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\/|[[{]|[\]}]/g)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    if (depth > DEEPEST) return true
  }
  return false
}

class Reading {
  readonly errors: Remark[] = []
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  value(node: Node, place: Place): Json {
    if (node.type === 'array') return (node.children ?? []).map((item, at) => this.value(item, [...place, at]))
    if (node.type !== 'object') return node.value as Json
    const keys = new Map<string, Node>()
    const entries = (node.children ?? []).map(({ children: [key, item] = [] }): [string, Json] => {
      const name = String(key!.value)
      this.#named(name, key!, keys, [...place, name])
      return [name, this.value(item!, [...place, name])]
    })
    return Object.fromEntries(entries)
  }

  #named(name: string, key: Node, keys: Map<string, Node>, place: Place): void {
    const first = keys.get(name)
    keys.set(name, first ?? key)
    if (first) {
      const lines = `line ${this.#line(key)}: this key stands twice, first on line ${this.#line(first)}`
      this.errors.push({ path: pathOf(place), message: `${lines}; one of them would be lost without a word` })
    } else if (name === FORBIDDEN)
      this.errors.push({ path: pathOf(place), message: `line ${this.#line(key)}: this key is not allowed` })
  }

  #line(node: Node): number {
    return lineAt(this.#text, node.offset)
  }
}
