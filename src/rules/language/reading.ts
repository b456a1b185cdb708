import type { ASTNode } from '@marcbachmann/cel-js'
import { nearest } from '../../lib/text/nearest.ts'
import { KEYS } from '../scope.ts'
import { FUNCTIONS, MACROS } from './functions.ts'

/** A name, function or form that expressions do not have. */
export class NotUsed extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

export const hasTakes = "'has' takes a dotted name; otherwise compare with null: fields['a b'] != null"

/** What stands here for what other languages call so. */
const functionsElsewhere: Readonly<Record<string, string>> = {
  includes: 'contains(text)',
  length: 'size(x)',
  now: "date('today'), or event.time",
  today: "date('today')",
  concat: 'a + b',
  default: 'a != null ? a : b',
  isempty: 'a == null',
  slice: 'substring(a, 0, 5)',
  duration: "seconds('1h 30m')",
}
const elsewhere = (name: string): string | undefined =>
  Object.hasOwn(functionsElsewhere, name.toLowerCase()) ? functionsElsewhere[name.toLowerCase()] : undefined

/** What an expression names, gathered by one pass over its tree; names that do not exist are refused with the nearest right one. */
export class Reading {
  readonly steps = new Set<string>()
  readonly links = new Set<string>()
  readonly reads = new Set<string>()
  /** Every way into a value, key by key; `[]` for one of a list: `steps`, `matters`, `[]`, `id`. */
  readonly paths: (readonly string[])[] = []
  /** `item` or `index`; `item` alone. */
  each = false
  item = false
  readonly #names: readonly string[]
  /** Names of an author's own, for each of a list, and where that is. */
  readonly #each = new Map<string, readonly string[] | null>()

  /** @param names what an expression may begin with */
  constructor(names: readonly string[]) {
    this.#names = names
  }

  visit(node: ASTNode, locals: readonly string[]): void {
    switch (node.op) {
      case 'value':
        if (node.args !== null && typeof node.args === 'object')
          throw new NotUsed('bytes and unsigned numbers are not used here', node.start)
        break
      case 'id':
        this.#name(node.args, node.start, locals)
        break
      case '.':
      case '[]':
        this.#access(node, locals)
        break
      case 'call': {
        const [name, args] = node.args
        if (name === 'has' && args.length === 1 && args[0]!.op !== '.') throw new NotUsed(hasTakes, args[0]!.start)
        this.#function(name, args.length, node.start)
        this.#all(args, locals)
        break
      }
      case 'rcall':
        this.#method(node, locals)
        break
      case 'map':
        this.#all(node.args.flat(), locals)
        break
      case '!_':
      case '-_':
        this.visit(node.args, locals)
        break
      case '.?':
      case '[?]':
        throw new NotUsed('optional access is not needed: what is absent is null', node.start)
      default:
        this.#all(node.args, locals)
    }
  }

  #all(nodes: readonly ASTNode[], locals: readonly string[]): void {
    for (const node of nodes) this.visit(node, locals)
  }

  #name(name: string, at: number, locals: readonly string[]): void {
    if (locals.includes(name)) return
    if (!this.#names.includes(name)) {
      const way = /^(?:none|undefined|null)$/i.test(name)
        ? 'null'
        : /^(?:true|false)$/i.test(name) && name.toLowerCase()
      if (way) throw new NotUsed(`there is no '${name}': write ${way}`, at)
      const near = nearest(name, this.#names)
      const fields = this.#names.includes('fields') ? 'fields' : this.#names[0]
      const known = `an expression begins with ${this.#names.join(', ')}, and names with other signs are written ${fields}['first-name']`
      throw new NotUsed(`there is no '${name}'${near ? `; did you mean '${near}'?` : `: ${known}`}`, at)
    }
    if (name === 'item' || name === 'index') this.each = true
    else this.reads.add(name)
    if (name === 'item') this.item = true
  }

  #access(node: Extract<ASTNode, { op: '.' | '[]' }>, locals: readonly string[]): void {
    const [owner, key] = node.args
    const path = this.path(node, locals)
    if (path !== null) this.paths.push(path)
    this.visit(owner, locals)
    if (typeof key !== 'string') this.visit(key, locals)
    const name = typeof key === 'string' ? key : key.op === 'value' && typeof key.args === 'string' ? key.args : null
    if (name === null || owner.op !== 'id' || locals.includes(owner.args)) return
    if (owner.args === 'steps') this.steps.add(name)
    if (owner.args === 'links') this.links.add(name)
    this.reads.add(`${owner.args}.${name}`)
    const keys = KEYS[owner.args]
    if (!keys || keys.includes(name)) return
    const near = nearest(name, keys)
    throw new NotUsed(
      `${owner.args} has no '${name}'${near ? `; did you mean '${near}'?` : `: it has ${keys.join(', ')}`}`,
      typeof key === 'string' ? node.pos : key.start,
    )
  }

  /** The way of which a node is nothing else; null: it is more. */
  path(node: ASTNode, locals: readonly string[] = []): readonly string[] | null {
    if (node.op === 'id') return locals.includes(node.args) ? (this.#each.get(node.args) ?? null) : [node.args]
    if (node.op !== '.' && node.op !== '[]') return null
    const [owner, key] = node.args
    const above = this.path(owner, locals)
    if (above === null) return null
    if (typeof key === 'string') return [...above, key]
    return [...above, key.op === 'value' && typeof key.args === 'string' ? key.args : '[]']
  }

  #method(node: Extract<ASTNode, { op: 'rcall' }>, locals: readonly string[]): void {
    const [name, receiver, args] = node.args
    this.visit(receiver, locals)
    const variable = args[0]?.op === 'id' ? args[0].args : null
    const most = name === 'map' ? 3 : 2
    if (variable !== null && name !== 'has' && MACROS.includes(name) && args.length >= 2 && args.length <= most) {
      const [list, outer] = [this.path(receiver, locals), this.#each.get(variable)]
      this.#each.set(variable, list && [...list, '[]'])
      this.#all(args.slice(1), [...locals, variable])
      this.#each.set(variable, outer ?? null)
    } else {
      this.#function(name, args.length + 1, receiver.end)
      this.#all(args, locals)
    }
  }

  #function(name: string, count: number, at: number): void {
    if (name === 'matches')
      throw new NotUsed("'matches' is not offered, its patterns can run for ever; use contains, startsWith or ==", at)
    if (name === 'has' && count === 1) return
    if (MACROS.includes(name))
      throw new NotUsed(`'${name}' is written list.${name}(one, …), where 'one' is a name of yours for each item`, at)
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : null
    if (!known) {
      const way = elsewhere(name)
      if (way) throw new NotUsed(`there is no function '${name}': write ${way}`, at)
      const near = nearest(name, [...Object.keys(FUNCTIONS), ...MACROS])
      throw new NotUsed(`there is no function '${name}'${near ? `; did you mean '${near}'?` : ''}`, at)
    }
    const [least, most] = known.arity
    if (count < least || count > most)
      throw new NotUsed(
        `'${name}' takes ${least === most ? least : `${least} or ${most}`} ${most === 1 ? 'value' : 'values'}, not ${count}`,
        at,
      )
  }
}
