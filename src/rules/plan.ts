import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { InboundEvent } from '../model/event.ts'
import type { Intent } from '../model/intent.ts'
import type { ReasonCode } from '../model/reason.ts'
import { listed, type Rule, type Step, verbsOf } from '../model/rule.ts'
import type { Expression } from './language/expression.ts'
import { evaluateNotice, evaluateTemplate, split, TemplateFault, withExpression } from './language/template.ts'
import { isBlank, listOf } from './language/values.ts'
import { type Scope, scopeOf } from './scope.ts'

/** From an event to what is to be done: which rules match, and what each of their steps wants. Pure: the same scope, the same plan. */

export interface PlannedStep {
  readonly rule: string
  readonly name: string
  /** `new-client/client`. */
  readonly path: string
  readonly definition: Step
}

export type Plan =
  /** The names of the rules that matched, and their steps in the written order. None matched: both are empty. */
  | { readonly kind: 'steps'; readonly rules: readonly string[]; readonly steps: readonly PlannedStep[] }
  | { readonly kind: 'park'; readonly code: ReasonCode; readonly reason: string }

/** One of a list, and its place there, from 0. */
export interface EachItem {
  readonly item: Json
  readonly index: number
}

export type Prepared =
  | { readonly kind: 'skip' }
  /** Prepare the step once for each item, with `item` and `index` in scope. Blank items make nothing, and keep their place. */
  | { readonly kind: 'each'; readonly items: readonly EachItem[] }
  | { readonly kind: 'intent'; readonly intent: Intent; readonly link: string | null }
  | { readonly kind: 'park'; readonly code: ReasonCode; readonly reason: string }

/** What a plan needs of a configuration. */
interface Rules {
  readonly timezone: string
  readonly country: string
  readonly language?: string | undefined
  readonly rules: readonly Rule[]
}

/**
 * The steps that an event makes. A rule whose `if` cannot be worked out parks the whole run, before any step.
 * @param bound the firm's name, and when the event was accepted
 */
export function plan(
  configuration: Rules,
  event: InboundEvent,
  endpoint: string,
  bound: { readonly firm: string; readonly now: number; readonly links?: Record<string, Json> },
): Plan {
  const { timezone, country, language } = configuration
  const scope = scopeOf(
    event,
    { ...bound, timezone, country, language },
    { ...(bound.links && { links: bound.links }) },
  )
  const rules: string[] = []
  const steps: PlannedStep[] = []
  for (const one of configuration.rules) {
    if (!isFor(one, event, endpoint)) continue
    const { name: rule, if: condition, steps: definitions } = one
    try {
      if (condition !== undefined && !holds(condition, scope)) continue
    } catch (error) {
      return { kind: 'park', code: 'expression', reason: `Rule '${rule}': ${why(error)}` }
    }
    rules.push(rule)
    for (const [name, definition] of Object.entries(definitions)) {
      const step = { rule, name, path: `${rule}/${name}`, definition }
      const fault = unreadable(step, scope)
      if (fault !== null) return { kind: 'park', code: 'expression', reason: fault }
      steps.push(step)
    }
  }
  return { kind: 'steps', rules, steps }
}

/** Whether a rule is for such an event, its `if` aside. An endpoint whose source knows one type only needs not name it. */
export function isFor({ on }: Rule, { type }: InboundEvent, endpoint: string): boolean {
  const names = (wanted: string | readonly string[] | undefined, one: string) =>
    wanted === undefined || listed(wanted).includes(one)
  return names(on.endpoint, endpoint) && names(on.type, type)
}

/**
 * What a step wants, its expressions worked out: first `each` (unless an item is in scope), then `if`, then the values.
 * An expression that cannot be worked out parks, with the step, the expression and the cause.
 */
export function prepare(planned: PlannedStep, scope: Scope): Prepared {
  const { definition } = planned
  try {
    if (definition.each !== undefined && scope.item === undefined)
      return { kind: 'each', items: itemsOf(withExpression(definition.each, 'each', list => list.value(scope))) }
    if (definition.if !== undefined && !holds(definition.if, scope)) return { kind: 'skip' }
    if (definition.each !== undefined && saysNothing(definition.with ?? null, scope)) return { kind: 'skip' }
    return wanted(planned, scope)
  } catch (error) {
    return { kind: 'park', code: 'expression', reason: `Step '${planned.path}': ${why(error)}` }
  }
}

/**
 * Why a step is going to park, as far as the event alone can tell: what cannot be read in it is told before the first call, and not when
 * half of the records are made. Null when nothing is known against it.
 */
function unreadable({ path, definition }: PlannedStep, scope: Scope): string | null {
  const { if: condition, each, ...values } = definition
  const alone = (expression: Expression): boolean =>
    expression.steps.length === 0 && expression.links.length === 0 && !expression.each
  if (each !== undefined) return null
  try {
    const asked =
      condition === undefined || withExpression(condition, 'if', one => (alone(one) ? one.holds(scope) : false))
    if (!asked) return null
    for (const { text, at } of expressionsIn(values as JsonObject, ''))
      withExpression(text, at, expression => alone(expression) && expression.value(scope))
    return null
  } catch (error) {
    return `Step '${path}': ${why(error)}`
  }
}

/** Whether a step reads what another step of its rule makes. */
export function readsStep({ if: condition, each, ...values }: Step, name: string): boolean {
  const bare = [condition, each].filter(text => text !== undefined).map(text => ({ text, at: 'if' }))
  return [...bare, ...expressionsIn(values as JsonObject, '')].some(({ text, at }) =>
    withExpression(text, at, expression => expression.steps.includes(name)),
  )
}

const itemsOf = (value: Json) =>
  listOf(value)
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => !isEmptyItem(item))

/** Lines of a form that were left empty: nothing in them, however deep. */
function isEmptyItem(item: Json): boolean {
  if (Array.isArray(item)) return item.every(isEmptyItem)
  return isObject(item) ? Object.values(item).every(isEmptyItem) : isBlank(item)
}

/** Whether a step reads its item, and nothing of it says anything: a record of blanks is nobody's. */
function saysNothing(values: Json, scope: Scope): boolean {
  const found = expressionsIn(values, 'with').flatMap(({ text, at }) =>
    withExpression(text, at, expression => (expression.item ? [expression.value(scope)] : [])),
  )
  return found.length > 0 && found.every(isEmptyItem)
}

/** Every expression in a value, with its path. */
export function expressionsIn(value: Json, at: string): { text: string; at: string }[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => expressionsIn(one, `${at}[${index}]`))
  if (isObject(value))
    return Object.entries(value).flatMap(([key, one]) => expressionsIn(one, at === '' ? key : `${at}.${key}`))
  if (typeof value !== 'string') return []
  const parts = split(value)
  return parts.ok ? parts.pieces.flatMap(piece => ('expression' in piece ? [{ text: piece.expression, at }] : [])) : []
}

function wanted({ path, definition }: PlannedStep, scope: Scope): Prepared {
  const verb = verbsOf(definition)[0]!
  const resource = String(definition[verb])
  const intent = (intent: Intent): Prepared => ({ kind: 'intent', intent, link: definition.link ?? null })
  const object = (value: Json | undefined, at: string): JsonObject => {
    const filled = evaluateTemplate(value ?? null, scope, at)
    return isObject(filled) ? filled : {}
  }
  switch (verb) {
    case 'create': {
      const values = object(definition.with, 'with')
      if (resource === 'documents' && definition.with?.content !== undefined && values.content === undefined)
        return {
          kind: 'park',
          code: 'empty-value',
          reason: `Step '${path}': 'with.content' came out empty, so there is no file to bring.`,
        }
      return intent({ verb, resource, with: values })
    }
    case 'update':
    case 'delete': {
      const id = evaluateTemplate(definition.id ?? null, scope, 'id')
      const linked = readsLink(definition.id)
      // A link that was never made has nothing behind it to change; any other id is missing by mistake.
      if (id === null && !linked)
        return {
          kind: 'park',
          code: 'empty-value',
          reason: `Step '${path}': 'id' came out empty, so there is no record to ${verb}.`,
        }
      if (verb === 'delete') return intent({ verb, resource, id, linked })
      return intent({ verb, resource, id, linked, with: object(definition.with, 'with') })
    }
    case 'get': {
      const id = evaluateTemplate(definition.id ?? null, scope, 'id')
      const { none = 'park', fields } = definition
      if (id === null && none === 'continue') return { kind: 'skip' }
      if (id === null)
        return {
          kind: 'park',
          code: 'empty-value',
          reason: `Step '${path}': 'id' came out empty, so there is no record to get.`,
        }
      return intent({ verb, resource, id, none, ...(fields !== undefined && { fields }) })
    }
    case 'find':
      return find(path, resource, definition, object(definition.where, 'where'), intent)
    case 'upsert':
      return intent({
        verb,
        resource,
        match: [...(definition.match ?? [])],
        existing: definition.existing ?? 'fill',
        several: definition.several === 'create' || definition.several === 'oldest' ? definition.several : 'park',
        with: object(definition.with, 'with'),
      })
    case 'check_conflicts': {
      const parties = evaluateTemplate([...listed(definition.check_conflicts)], scope, 'check_conflicts')
      return intent({ verb, parties: [...new Set(listOf(parties).flatMap(listOf))] })
    }
    case 'notify':
      return intent({
        verb,
        to: String(evaluateTemplate(definition.notify!, scope, 'notify') ?? ''),
        text: evaluateNotice(definition.text ?? '', scope, 'text'),
      })
    case 'park':
      return {
        kind: 'park',
        code: 'by-rule',
        reason: String(evaluateTemplate(definition.park!, scope, 'park') ?? 'A person is needed.'),
      }
  }
}

/** A filter that came out empty would find every record there is: then nothing is found, and Clio is not asked. */
function find(
  path: string,
  resource: string,
  definition: Step,
  where: JsonObject,
  intent: (intent: Intent) => Prepared,
): Prepared {
  const none = definition.none ?? 'park'
  const empty = Object.keys(definition.where ?? {}).find(key => where[key] === undefined)
  if (empty !== undefined && none === 'continue') return { kind: 'skip' }
  if (empty !== undefined)
    return {
      kind: 'park',
      code: 'empty-value',
      reason: `Step '${path}': 'where.${empty}' came out empty, so no one record is looked for.`,
    }
  const { several, fields, limit } = definition
  return intent({
    verb: 'find',
    resource,
    where,
    none,
    several: several === undefined || several === 'create' ? 'park' : several,
    ...(fields !== undefined && { fields }),
    ...(limit !== undefined && { limit }),
  })
}

function holds(text: string, scope: Scope): boolean {
  return withExpression(text, 'if', condition => condition.holds(scope))
}

function why(error: unknown): string {
  if (error instanceof TemplateFault)
    return `${error.path}: '${error.expression}' cannot be worked out: ${error.message}.`
  // A sender may nest lists a hundred thousand deep within a megabyte.
  if (error instanceof RangeError) return 'a value of the event is nested too deeply.'
  throw error
}

/** True when an id comes from a link. */
function readsLink(id: Step['id']): boolean {
  if (typeof id !== 'string') return false
  const parts = split(id)
  if (!parts.ok) return false
  return parts.pieces.some(
    piece => 'expression' in piece && withExpression(piece.expression, 'id', each => each.links.length > 0),
  )
}
