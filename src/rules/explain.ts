import type { Json, JsonObject } from '../lib/json.ts'
import type { InboundEvent } from '../model/event.ts'
import type { Rule, Step } from '../model/rule.ts'
import type { Given, Stumbled } from '../model/view/run.ts'
import { TemplateFault, withExpression } from './language/template.ts'
import { expressionsIn, isFor } from './plan.ts'
import type { Scope } from './scope.ts'

/** What a person is told of why a step stands where it stands. Pure. */

/** What each expression of a step comes out as for an event. */
export function givenTo({ if: condition, each, ...values }: Step, scope: Scope): Given[] {
  const bare = (text: string | undefined, at: string) => (text === undefined ? [] : [{ text, at }])
  return [...bare(each, 'each'), ...bare(condition, 'if'), ...expressionsIn(values as JsonObject, '')].map(
    ({ text, at }) => {
      const wrote = { at, expression: text }
      try {
        return { ...wrote, value: withExpression(text, at, one => one.value(scope)) }
      } catch (error) {
        const known = error instanceof TemplateFault || error instanceof RangeError
        if (!known) throw error
        return { ...wrote, value: null, fault: error.message, reads: readsOf(text, at, scope) }
      }
    },
  )
}

/** What an expression reads of the event. */
function readsOf(text: string, at: string, scope: Scope): { expression: string; value: Json }[] {
  try {
    const names = withExpression(text, at, one => one.reads)
    // `fields.when` is said, and not all `fields`.
    const said = names.filter(one => !names.some(other => other.startsWith(`${one}.`)))
    return said.map(expression => ({ expression, value: withExpression(expression, at, one => one.value(scope)) }))
  } catch {
    return []
  }
}

/** What of the steps of a rule cannot be worked out of an event, before any of them is begun. */
export function stumbledIn(rules: readonly Rule[], event: InboundEvent, endpoint: string, scope: Scope): Stumbled[] {
  return rules
    .filter(rule => isFor(rule, event, endpoint))
    .flatMap(rule =>
      Object.entries(rule.steps).flatMap(([name, step]) =>
        step.each === undefined
          ? givenTo(step, scope)
              .filter(one => one.fault !== undefined)
              .map(one => ({ step: `${rule.name}/${name}`, ...one }))
          : [],
      ),
    )
}

/** Rules that are for such an event, and whose `if` was false of this one. */
export function passedOver(
  rules: readonly Rule[],
  event: InboundEvent,
  endpoint: string,
  scope: Scope,
): { rule: string; if: string }[] {
  return rules
    .filter(rule => isFor(rule, event, endpoint))
    .flatMap(({ name: rule, if: condition }) => {
      if (condition === undefined) return []
      try {
        return withExpression(condition, 'if', one => one.holds(scope)) ? [] : [{ rule, if: condition }]
      } catch {
        return []
      }
    })
}
