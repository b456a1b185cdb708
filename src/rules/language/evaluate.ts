import type { ASTNode, BinaryOperator } from '@marcbachmann/cel-js'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { inWords } from '../../lib/text/in-words.ts'
import { saysNothing } from '../../lib/text/nothing.ts'
import type { Scope } from '../scope.ts'
import { isDay, readDay } from './date.ts'
import { Fault } from './fault.ts'
import { FUNCTIONS, hasDefault, type RuleFunction } from './functions.ts'
import {
  alike,
  alone,
  amount,
  answered,
  choicesOf,
  fitting,
  isBlank,
  kindOf,
  listOf,
  member,
  ordered,
  present,
  reckon,
  truth,
} from './values.ts'

/**
 * Works an expression out. cel-js reads and type-checks it; the tree is walked here, since the library throws `No such key` where a
 * rule's author means null, tells whole numbers (BigInt) from JSON's, and runs without a bound. So, unlike in plain CEL:
 *
 * - an absent key is null, and so is a key of null; `has(a.b)` means "is not null"
 * - there is one kind of number, JSON's; text that is plainly a number counts as one beside a number, as forms send it
 * - null is false as a condition, an empty list to a macro, empty text beside text; nothing is smaller or greater than it
 * - an answer left empty comes as blank text and is null; written `''` equals it, as it equals what is absent
 * - what an author wrote as text makes text of all that is added to it, as people read it; a day is before another however that one is written
 * - a lone value counts as a list of one to `in`, `==`, the macros and `[0]`, as a form with one box ticked sends it
 */
export function evaluate(node: ASTNode, scope: Scope): Json {
  return new Walk(scope).value(node)
}

/** Why a call of a function fails by what its author wrote, whatever the rest comes to: `format(booking.start, 'YYYY')`. Null: it does not. */
export function neverWorks(whole: ASTNode, scope: Scope): string | null {
  for (const node of nodesIn(whole)) {
    const [name, nodes]: readonly [string, readonly ASTNode[]] =
      node.op === 'call' ? node.args : node.op === 'rcall' ? [node.args[0], [node.args[1], ...node.args[2]]] : ['', []]
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : null
    if (!known) continue
    const given = hasDefault(known, nodes) ? nodes.slice(0, -1) : nodes
    if (given.every(isConstant) || !given.some(isConstant)) continue
    const faults = (known.samples ?? ['2026-05-04T10:00:00Z', '+1 day']).map(sample => {
      try {
        new Walk(scope).called(
          known,
          given.map(one => (isConstant(one) ? evaluate(one, scope) : sample)),
        )
        return null
      } catch (error) {
        if (error instanceof Fault) return error.message
        throw error
      }
    })
    if (!faults.includes(null)) return faults[0]!
  }
  return null
}

/** A sum in which an author wrote a text. */
export const isWritten = (node: ASTNode): boolean =>
  node.op === '+' ? node.args.some(isWritten) : node.op === 'value' && typeof node.args === 'string'

const isConstant = (node: ASTNode): boolean => nodesIn(node).every(one => one.op !== 'id')

function nodesIn(node: ASTNode): ASTNode[] {
  const within = [node.args].flat(3).filter(one => typeof one === 'object' && one !== null && 'op' in one) as ASTNode[]
  return [node, ...within.flatMap(nodesIn)]
}

/** Nodes that one expression may visit: a bound on its work that needs no clock (Cloudflare's stands still during computation). */
const MOST = 100_000

type Local = { readonly name: string; readonly value: Json; readonly outer: Local | null }

class Walk {
  readonly #scope: Scope
  #left = MOST
  #local: Local | null = null

  constructor(scope: Scope) {
    this.#scope = scope
  }

  value(node: ASTNode): Json {
    this.#spend(1)
    switch (node.op) {
      case 'value':
        return literal(node.args)
      case 'id':
        return this.#named(node.args)
      case '.':
        return present(member(this.value(node.args[0]), node.args[1]))
      case '[]':
        return present(member(this.value(node.args[0]), this.value(node.args[1])))
      case 'call':
        return node.args[0] === 'has' ? this.value(node.args[1][0]!) !== null : this.#call(node.args[0], node.args[1])
      case 'rcall':
        return this.#method(node.args[0], node.args[1], node.args[2])
      case 'list':
        return node.args.map(item => this.value(item))
      case 'map':
        // `fromEntries` defines keys and so cannot reach a prototype.
        return Object.fromEntries(node.args.map(([key, item]) => [keyOf(this.value(key)), this.value(item)]))
      case '?:':
        return this.value(truth(this.value(node.args[0])) ? node.args[1] : node.args[2])
      case '&&':
        return this.#either(false, node.args[0], node.args[1])
      case '||':
        return this.#either(true, node.args[0], node.args[1])
      case '!_':
        return !truth(this.value(node.args))
      case '-_': {
        const operand = this.value(node.args)
        return operand === null ? null : -amount(operand)
      }
      case '.?':
      case '[?]':
        throw new Fault('optional access is not needed: what is absent is null')
      case '+': {
        const [left, right] = node.args.map(one => this.value(one)) as [Json, Json]
        const said = (one: Json) => (one === null ? null : inWords(one))
        return isWritten(node) ? this.#sum(said(left), said(right)) : this.#sum(left, right)
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#ordered(node.op, this.value(node.args[0]), this.value(node.args[1]))
      default:
        return this.#binary(node.op, this.value(node.args[0]), this.value(node.args[1]))
    }
  }

  #spend(work: number): void {
    this.#left -= work
    if (this.#left < 0) throw new Fault('the expression takes too much work')
  }

  #named(name: string): Json {
    for (let local = this.#local; local; local = local.outer) if (local.name === name) return present(local.value)
    return present(member(this.#scope as unknown as JsonObject, name))
  }

  /** As in CEL, a fault on one side is forgiven when the other decides. */
  #either(decisive: boolean, left: ASTNode, right: ASTNode): boolean {
    let fault: Fault | null = null
    try {
      if (truth(this.value(left)) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      fault = error
    }
    if (truth(this.value(right)) === decisive) return decisive
    if (fault) throw fault
    return !decisive
  }

  #call(name: string, nodes: readonly ASTNode[]): Json {
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : null
    if (!known) throw new Fault(`there is no function '${name}'`)
    const given = nodes.map(node => this.value(node))
    for (const arg of given) if (Array.isArray(arg) || typeof arg === 'string') this.#spend(arg.length / 100)
    const said = nodes[0] !== undefined && !isConstant(nodes[0])
    if (!hasDefault(known, nodes)) return this.called(known, given, said)
    try {
      return this.called(known, given.slice(0, -1), said) ?? given.at(-1)!
    } catch (error) {
      if (error instanceof Fault) return given.at(-1)!
      throw error
    }
  }

  called(known: RuleFunction, args: readonly Json[], said = false): Json {
    // What a function reads may have become empty on the way: `date(trim(fields.day))`.
    const read = args.map((arg, at) => (at < (known.reads ?? 0) ? answered(arg) : arg))
    return !known.nulls && read.includes(null) ? null : known.call(read, this.#scope, said)
  }

  #method(name: string, receiver: ASTNode, nodes: readonly ASTNode[]): Json {
    const variable = nodes[0]?.op === 'id' ? nodes[0].args : ''
    const last = nodes.at(-1)!
    switch (name) {
      case 'all':
        return this.#each(receiver, variable).every(run => truth(run(last)))
      case 'exists':
        return this.#each(receiver, variable).some(run => truth(run(last)))
      case 'exists_one':
        return this.#each(receiver, variable).filter(run => truth(run(last))).length === 1
      case 'filter':
        return this.#each(receiver, variable)
          .filter(run => truth(run(last)))
          .map(run => run(nodes[0]!))
      case 'map':
        return this.#each(receiver, variable)
          .filter(run => nodes.length === 2 || truth(run(nodes[1]!)))
          .map(run => run(last))
      default:
        return this.#call(name, [receiver, ...nodes])
    }
  }

  /** One function for each item of a list (or key of an object): it works a node out with the item under its name. */
  #each(receiver: ASTNode, name: string): ((node: ASTNode) => Json)[] {
    const range = this.value(receiver)
    const outer = this.#local
    const items = isObject(range) ? Object.keys(range) : listOf(range)
    this.#spend(items.length)
    return items.map(value => node => {
      this.#local = { name, value, outer }
      try {
        return this.value(node)
      } finally {
        this.#local = outer
      }
    })
  }

  #binary(op: BinaryOperator, left: Json, right: Json): Json {
    switch (op) {
      case '==':
        return this.#same(left, right)
      case '!=':
        return !this.#same(left, right)
      case 'in':
        if (isObject(right))
          return typeof left === 'string' && (right[left] ?? null) !== null && Object.hasOwn(right, left)
        return choicesOf(right).some(item => listOf(left).some(one => this.#same(one, item)))
      default:
        return left === null || right === null ? null : reckon(op, amount(left), amount(right))
    }
  }

  /** Nothing is before or behind anything. */
  #ordered(op: '<' | '<=' | '>' | '>=', left: Json, right: Json): boolean {
    if ([left, right].some(one => one === null || saysNothing(one))) return false
    // Beside a day, another date is a day too: as text, 5/4/2026 would be behind 2026-11-27.
    const day = (one: Json, other: Json) => (isDay(other) && typeof one === 'string' ? readDay(one, this.#scope) : one)
    return ordered(day(left, right), day(right, left), order =>
      op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0,
    )
  }

  #sum(left: Json, right: Json): Json {
    if (Array.isArray(left) && Array.isArray(right)) {
      this.#spend(left.length + right.length)
      return [...left, ...right]
    }
    const other = left === null ? right : right === null ? left : undefined
    if (other !== undefined) return typeof other === 'number' ? null : other
    if (typeof left === 'string' && typeof right === 'string') {
      fitting(left.length + right.length)
      this.#spend((left.length + right.length) / 100)
      return left + right
    }
    return reckon('+', amount(left), amount(right))
  }

  #same(left: Json, right: Json): boolean {
    this.#spend(1)
    if (Array.isArray(left) && Array.isArray(right))
      return left.length === right.length && left.every((item, at) => this.#same(item, right[at]!))
    if (isObject(left) && isObject(right)) {
      const keys = Object.keys(left)
      return (
        keys.length === Object.keys(right).length &&
        keys.every(key => Object.hasOwn(right, key) && this.#same(left[key]!, right[key]!))
      )
    }
    const [one, other] = [alone(left), alone(right)]
    if (isBlank(one) || isBlank(other)) return isBlank(one) && isBlank(other)
    const [a, b] = alike(one, other)
    return a === b || (isDay(a) !== isDay(b) && this.#dayOf(a) === this.#dayOf(b))
  }

  /** The day that a value says; itself when it says none. */
  #dayOf(value: Json): Json {
    if (typeof value !== 'string') return value
    try {
      return readDay(value, this.#scope)
    } catch (error) {
      if (error instanceof Fault) return value
      throw error
    }
  }
}

function literal(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  throw new Fault('bytes and unsigned numbers are not used here')
}

function keyOf(value: Json): string {
  if (typeof value !== 'string') throw new Fault(`a key is text, not ${kindOf(value)}`)
  return value
}
