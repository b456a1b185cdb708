import type { ASTNode } from '@marcbachmann/cel-js'
import { nearest } from '../../lib/text/nearest.ts'
import { isWritten } from './evaluate.ts'
import { FUNCTIONS, hasDefault } from './functions.ts'
import { type Kind, words } from './kind.ts'
import { NotUsed } from './reading.ts'

/** What an expression comes out as, found without an event. */

/** `a b: kind` is two names of that kind. */
const named = (text: string): Readonly<Record<string, Kind>> =>
  Object.fromEntries(
    text.split('; ').flatMap(part => {
      const [names, kind] = part.split(': ')
      return names!.split(' ').map(name => [name, kind as Kind])
    }),
  )

const roots = named(
  'event: event; fields: fields; person: person; booking: booking; steps: steps; links: links; files: files; message firm: text; index: number; body headers: map',
)
/** Names below others, where nothing else stands. */
const below: { readonly [kind in Kind]?: Readonly<Record<string, Kind>> } = {
  event: named(
    'id source type subject follows time message: text; fields: fields; person: person; booking: booking; files: files',
  ),
  person: named('first_name last_name email phone company: text'),
  booking: named('id title start end timezone location: text; all_day: bool; seconds: number'),
  file: named('name content_type field key url: text; size: number'),
  record: named('found created: bool'),
}
const textual = new Set<Kind>(['text', 'number', 'bool', 'id'])
const lists = new Set<Kind>(['list', 'files'])
/** Of which nothing is known, or that go with anything. */
const open = new Set<Kind>(['value', 'null', 'id'])
const isObject = (kind: Kind) => !open.has(kind) && !textual.has(kind) && !lists.has(kind)

const braces = /\{\{ *(?:event|fields|person|message|files|booking|steps|links|item|firm)\b.*\}\}/

type Locals = ReadonlyMap<string, Kind>

/** @throws NotUsed with why it can never come out as it is meant @param text that the tree was read from */
export function kindOf(node: ASTNode, text: string): Kind {
  return new Kinds(text).of(node, new Map())
}

/** Why a value of this kind is no condition; null when it can be one. @param said how it is written */
export function noCondition(kind: Kind, said: string): string | null {
  if (kind === 'bool' || kind === 'value' || kind === 'null') return null
  const path = /^[a-z][\w.]*$/i.test(said)
  const way = lists.has(kind) ? `size(${said}) > 0` : `${said} != null`
  return `a condition is true or false, and ${said} is ${words[kind]}${path ? `: write ${way}` : ''}`
}

class Kinds {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  #said = ({ start, end }: ASTNode): string => this.#text.slice(start, end)

  of(node: ASTNode, locals: Locals): Kind {
    switch (node.op) {
      case 'value':
        if (typeof node.args === 'string' && braces.test(node.args))
          throw new NotUsed('within an expression a name stands without {{ }}', node.start)
        return literal(node.args)
      case 'id':
        return locals.get(node.args) ?? roots[node.args] ?? 'value'
      case '.':
        return this.#member(node.args[0], node.args[1], node.pos, locals)
      case '[]': {
        const [owner, key] = node.args
        if (key.op === 'value' && typeof key.args === 'string') return this.#member(owner, key.args, key.start, locals)
        this.of(key, locals)
        const kind = this.of(owner, locals)
        return kind === 'files' ? 'file' : kind === 'text' ? 'text' : 'value'
      }
      case 'call':
        return this.#call(node, node.args[0], node.args[1], locals)
      case 'rcall':
        return this.#method(node, locals)
      case 'list':
        for (const one of node.args) this.of(one, locals)
        return 'list'
      case 'map':
        for (const one of node.args.flat()) this.of(one, locals)
        return 'map'
      case '?:': {
        const [condition, yes, no] = node.args
        this.#condition(condition, locals)
        const [one, other] = [this.of(yes, locals), this.of(no, locals)]
        return one === 'null' ? other : other === 'null' || one === other ? one : 'value'
      }
      case '&&':
      case '||':
        for (const one of node.args) this.#condition(one, locals, node)
        return 'bool'
      case '!_':
        this.#condition(node.args, locals)
        return 'bool'
      case '-_': {
        const kind = this.of(node.args, locals)
        if (!open.has(kind) && kind !== 'number') throw new NotUsed(`'-' does not go before ${words[kind]}`, node.start)
        return 'number'
      }
      case '.?':
      case '[?]':
        return 'value'
      default:
        return this.#binary(node.op, node.args[0], node.args[1], locals)
    }
  }

  #condition(node: ASTNode, locals: Locals, either?: ASTNode): void {
    const kind = this.of(node, locals)
    const why = noCondition(kind, this.#said(node))
    if (why === null) return
    const [first] = either?.op === '||' && kind === 'text' ? either.args : []
    throw new NotUsed(
      first && node.op === 'value'
        ? `'||' is between conditions: for another value where there is none, write ${this.#said(first)} != null ? ${this.#said(first)} : ${this.#said(node)}`
        : why,
      node.start,
    )
  }

  #member(owner: ASTNode, name: string, at: number, locals: Locals): Kind {
    const kind = this.of(owner, locals)
    const said = this.#said(owner)
    if (kind === 'steps') return 'record'
    if (kind === 'links') return 'id'
    const known = below[kind]
    if (known && Object.hasOwn(known, name)) return known[name]!
    const list = lists.has(kind)
    if (name === 'length' && (list || textual.has(kind) || /^fields\./.test(said)))
      throw new NotUsed(`a length is written size(${said})`, at)
    if (kind === 'files')
      throw new NotUsed(
        `${said} is a list: write ${said}[0].${name}, or item.${name} in a step with "each": "files"`,
        at,
      )
    if (list || textual.has(kind)) throw new NotUsed(`${said} is ${words[kind]}, and has no '${name}' below it`, at)
    if (kind === 'file') {
      const near = nearest(name, Object.keys(known!))
      throw new NotUsed(
        `a file has no '${name}'${near ? `; did you mean '${near}'?` : ': it has name, content_type and size'}`,
        at,
      )
    }
    return 'value'
  }

  #call(node: ASTNode, name: string, nodes: readonly ASTNode[], locals: Locals): Kind {
    const kinds = nodes.map(one => this.of(one, locals))
    if (name === 'has') return 'bool'
    const known = FUNCTIONS[name]
    if (!known) return 'value'
    if (name === 'size' && (kinds[0] === 'number' || kinds[0] === 'bool'))
      throw new NotUsed(`'size' does not take ${words[kinds[0]]} here`, node.start)
    const spare = nodes.at(-1)!
    return hasDefault(known, nodes) && !(spare.op === 'value' && spare.args === null) ? 'value' : known.returns
  }

  #method(node: Extract<ASTNode, { op: 'rcall' }>, locals: Locals): Kind {
    const [name, receiver, args] = node.args
    const macro = macros[name]
    const variable = args[0]?.op === 'id' ? args[0].args : null
    if (!macro || variable === null) return this.#call(node, name, [receiver, ...args], locals)
    const over = this.of(receiver, locals)
    const inside = new Map(locals).set(variable, over === 'files' ? 'file' : 'value')
    // All but what a map makes of each are conditions.
    const made = name === 'map' ? args.at(-1)! : null
    for (const one of args.slice(1))
      if (one === made) this.of(one, inside)
      else this.#condition(one, inside)
    return name === 'filter' ? (over === 'files' ? 'files' : 'list') : macro
  }

  #binary(op: string, left: ASTNode, right: ASTNode, locals: Locals): Kind {
    const [one, other] = [this.of(left, locals), this.of(right, locals)]
    const fits = (kind: Kind, kinds: string) => open.has(kind) || kinds.split(' ').includes(kind)
    const both = (kinds: string) => fits(one, kinds) && fits(other, kinds)
    const held = open.has(one) || open.has(other)
    const sign = (holds: boolean, makes: Kind): Kind => {
      if (holds) return makes
      throw new NotUsed(`'${op}' does not go between ${words[one]} and ${words[other]}`, left.start)
    }
    const plain = (node: ASTNode): boolean =>
      node.op === 'list' ? node.args.every(plain) : node.op === 'value' && /^\D+$/.test(String(node.args ?? 0))
    const shown = shownBy(left) ?? shownBy(right)
    // `9:00 AM` would be behind `10:00 AM`, and a whole day is never `Friday`.
    if (shown && (/^[<>]/.test(op) || plain(left) || plain(right)))
      throw new NotUsed(
        `${shown}() is written for people to read: compare date(x), or format(x, 'EEEE HH:mm')`,
        left.start,
      )
    switch (op) {
      case '==':
      case '!=':
        return sign(held || isObject(one) === isObject(other), 'bool')
      case 'in':
        if (left.op === '!_')
          throw new NotUsed(
            `'!' goes before the whole: !(${this.#said(left.args)} in ${this.#said(right)})`,
            left.start,
          )
        return sign(!textual.has(other) || fits(other, 'text'), 'bool')
      case '+':
        if (isWritten(left) || isWritten(right)) return sign(both('text number list'), 'text')
        if (both('text number'))
          return sign(held || one === other, one === 'text' || other === 'text' ? 'text' : held ? 'value' : 'number')
        return sign(both('list files'), 'list')
      case '-':
      case '*':
      case '/':
      case '%':
        return sign(both('number'), 'number')
      default:
        return sign(both('number') || both('text'), 'bool')
    }
  }
}

/** The function that a node calls, where what it makes is for people; null: it calls none. */
function shownBy({ op, args }: ASTNode): string | null {
  if (op !== 'call' && op !== 'rcall') return null
  const [name, ...given] = args.flat()
  return name === 'day' || name === 'local' || (name === 'time' && given.length === 1) ? name : null
}

const macros: Readonly<Record<string, Kind>> = {
  all: 'bool',
  exists: 'bool',
  exists_one: 'bool',
  filter: 'list',
  map: 'list',
}

function literal(value: unknown): Kind {
  if (value === null) return 'null'
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'bool' : 'number'
}
