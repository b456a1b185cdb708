import { isObject, type Json } from '../../lib/json.ts'
import type { Place } from '../../lib/path.ts'
import { didYouMean } from '../../lib/text/nearest.ts'
import { compile, type Expression } from '../language/expression.ts'
import { Fault } from '../language/fault.ts'
import { noCondition } from '../language/kinds.ts'
import { evaluateTemplate, split } from '../language/template.ts'
import type { Scope } from '../scope.ts'
import { type Found, neverThere } from './check-found.ts'
import type { Findings } from './findings.ts'

/** What an expression may refer to where it stands. */
export interface Around {
  /** Steps of the rule, in order, and how many of them are done before this place. */
  readonly steps: readonly string[]
  readonly done: number
  /** Links that some rule for one of the same endpoints makes. */
  readonly links: readonly string[]
  /** Links that only rules for other endpoints make. */
  readonly foreignLinks: readonly string[]
  /** True inside `each`. */
  readonly item: boolean
  /** What steps that read leave behind, by name, and what an item is of that. */
  readonly found?: ReadonlyMap<string, Found>
  readonly itemFound?: Found | null
  /** Of what resource the records are that links keep; null: of several. */
  readonly linked?: ReadonlyMap<string, string | null>
  /** What expressions are worked out with that read nothing of an event. Left out: they are not. */
  readonly constant?: Scope
}

/** Checks an expression that stands bare, as in `if` and `each`. Null when it was refused. */
export function checkBare(text: string, place: Place, around: Around, findings: Findings): Expression | null {
  if (/^\s*\{\{/.test(text)) {
    findings.refuse(place, 'must be an expression as it is: leave out the {{ }}')
    return null
  }
  return checkExpression(text, 0, place, around, findings)
}

export function checkCondition(text: string, place: Place, around: Around, findings: Findings): void {
  const expression = checkBare(text, place, around, findings)
  const kind = expression?.sense()
  if (typeof kind !== 'string') return
  const why = noCondition(kind, text.trim())
  if (why !== null) findings.refuse(place, why)
  // A plain word turns a step off on purpose.
  else if (isConstant(expression!) && !/^\s*(?:true|false)\s*$/.test(text))
    findings.warn(place, 'is the same for every event: it reads nothing of one')
}

/** Checks every expression between braces in a value. Tells whether one of them reads `item`. */
export function checkTemplates(value: Json | undefined, place: Place, around: Around, findings: Findings): boolean {
  if (Array.isArray(value))
    return value.map((item, at) => checkTemplates(item, [...place, at], around, findings)).some(Boolean)
  if (isObject(value))
    return Object.entries(value)
      .map(([key, item]) => checkTemplates(item, [...place, key], around, findings))
      .some(Boolean)
  if (typeof value !== 'string') return false
  const parts = split(value)
  if (!parts.ok) {
    findings.refuse(place, `column ${parts.at + 1}: ${parts.message}`)
    return false
  }
  const single = parts.pieces.map(piece => ('text' in piece ? (singleBraces.exec(piece.text)?.[0] ?? null) : null))
  for (const words of single)
    if (words !== null)
      findings.warn(place, `holds ${words}, which stays as it is: an expression stands between {{ and }}`)
  return parts.pieces
    .map(piece => 'expression' in piece && checkExpression(piece.expression, piece.at, place, around, findings)?.each)
    .some(Boolean)
}

/** `{person.first_name}`, `{% if %}`: what other programs write for an expression; and braces that are left over. */
const singleBraces =
  /\{ ?(?:event|fields|person|message|files|booking|steps|links|item|index|firm)\b[^{}]{0,100}\}|\{%[^{}]{0,100}%\}|\}\}/

function checkExpression(
  text: string,
  offset: number,
  place: Place,
  around: Around,
  findings: Findings,
): Expression | null {
  const compiled = compile(text)
  if (!compiled.ok) {
    findings.refuse(place, `column ${offset + compiled.refusal.at + 1}: ${compiled.refusal.message}`)
    return null
  }
  const { expression } = compiled
  const sense = expression.sense()
  if (typeof sense !== 'string') findings.refuse(place, `column ${offset + sense.at + 1}: ${sense.message}`)
  for (const step of expression.steps) checkStep(step, place, around, findings)
  for (const link of expression.links) checkLink(link, place, around, findings)
  if (expression.each && !around.item)
    findings.refuse(place, `'${expression.item ? 'item' : 'index'}' exists only in a step with 'each'`)
  checkPaths(expression.paths, place, around, findings)
  const { constant } = around
  if (!constant) return expression
  const fault = isConstant(expression) ? faultOf(expression, constant) : expression.neverWorks(constant)
  if (fault !== null) findings.refuse(place, `'${text}' cannot be worked out, whatever comes in: ${fault}`)
  return expression
}

/** It comes out the same for every event. */
const isConstant = ({ steps, links, reads, each }: Expression): boolean =>
  steps.length === 0 && links.length === 0 && reads.length === 0 && !each

function faultOf(expression: Expression, scope: Scope): string | null {
  try {
    expression.value(scope)
    return null
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

/** What a text with expressions comes out as, whatever the event is; undefined: that hangs on the event. */
export function constantValue(text: string, scope: Scope): Json | undefined {
  const parts = split(text)
  if (!parts.ok) return undefined
  const constant = parts.pieces.every(piece => {
    if ('text' in piece) return true
    const compiled = compile(piece.expression)
    return compiled.ok && isConstant(compiled.expression) && faultOf(compiled.expression, scope) === null
  })
  return constant ? evaluateTemplate(text, scope) : undefined
}

/** What is read of what Clio was asked for must be among that. */
function checkPaths(paths: Expression['paths'], place: Place, around: Around, findings: Findings): void {
  const told = new Set<string>()
  for (const [root, ...path] of paths) {
    const [name = '', ...behind] = path
    const step = root === 'steps' ? around.found?.get(name) : undefined
    const found = step ?? (root === 'item' && around.item ? around.itemFound : null)
    if (!found) continue
    const why = step ? neverThere(behind, `steps.${name}`, found) : neverThere(path, 'item', found)
    const always = step?.sure && behind[0] === 'found' && behind.length === 1
    if (always)
      findings.warn(
        place,
        `steps.${name}.found is always true: without "none": "continue" the run parks when nothing is found`,
      )
    if (why === null || told.has(why)) continue
    told.add(why)
    if (found.only !== null) findings.refuse(place, why)
    else findings.warn(place, why)
  }
}

function checkStep(name: string, place: Place, { steps, done }: Around, findings: Findings): void {
  const at = steps.indexOf(name)
  if (at >= 0 && at < done) return
  if (at >= 0) {
    const when = at === done ? 'this very step' : 'a later step'
    findings.refuse(place, `steps.${name} is ${when}: an expression can read only steps that are done before it`)
    return
  }
  findings.refuse(place, `there is no step '${name}' in this rule${didYouMean(name, steps.slice(0, done))}`)
}

function checkLink(name: string, place: Place, { links, foreignLinks }: Around, findings: Findings): void {
  if (links.includes(name)) return
  if (foreignLinks.includes(name)) {
    findings.refuse(
      place,
      `the link '${name}' is made by rules for other endpoints only, and links are kept per endpoint`,
    )
    return
  }
  findings.refuse(place, `no rule makes the link '${name}'${didYouMean(name, links)}`)
}
