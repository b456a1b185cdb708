import * as z from 'zod/mini'
import type { Json } from '../../lib/json.ts'
import type { Inbound } from '../../model/endpoint.ts'
import { compile } from '../../rules/language/expression.ts'
import { Fault } from '../../rules/language/fault.ts'
import { MAPPING_NAMES, type Scope } from '../../rules/scope.ts'

/** Expressions of an endpoint, which say where in a payload things stand: `body.lead.id`, `headers['x-delivery']`. */

export const expression = z.string().check(
  z.superRefine((text, context) => {
    const compiled = compile(text, MAPPING_NAMES)
    if (!compiled.ok) context.addIssue(`is no expression over 'body' and 'headers': ${compiled.refusal.message}`)
  }),
)

/** Works expressions out over one payload. One that is left out, or cannot be worked out, is null: the event is recorded all the same. */
export function reader(request: Inbound, body: Json): (text: string | undefined) => Json {
  const scope = scopeOf(request, body)
  return text => {
    const compiled = text === undefined ? null : compile(text, MAPPING_NAMES)
    if (!compiled?.ok) return null
    try {
      return compiled.expression.value(scope)
    } catch (error) {
      if (error instanceof Fault) return null
      throw error
    }
  }
}

/**
 * Dates are reckoned in UTC here, and numbers without a country code are nobody's: the payload comes before the firm's own
 * settings do. Headers that hold secrets are not read.
 */
function scopeOf(request: Inbound, body: Json): Scope {
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => name !== 'authorization' && name !== 'cookie'),
  )
  const none = {
    event: {},
    fields: {},
    person: {},
    message: null,
    files: [],
    booking: null,
    steps: {},
    links: {},
    firm: '',
  }
  return { ...none, body, headers, now: request.now, timezone: 'UTC', country: '', language: 'en' }
}
