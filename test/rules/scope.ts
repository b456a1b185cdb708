import { type InboundEvent, nobody } from '../../src/model/event.ts'
import { type Scope, scopeOf } from '../../src/rules/scope.ts'

/** An event of the website's form. */
export function event(given: Partial<InboundEvent> = {}): InboundEvent {
  return {
    id: 'e1',
    source: 'form',
    type: 'form.submitted',
    subject: null,
    follows: null,
    time: null,
    data: {},
    fields: {},
    person: nobody(),
    message: null,
    files: [],
    booking: null,
    ...given,
  }
}

/** Friday, 6 March 2026, 15:00 in New York. */
export const friday = Date.parse('2026-03-06T20:00:00Z')

export function scope(given: Partial<InboundEvent> = {}, more: Partial<Scope> = {}): Scope {
  const bound = { firm: 'smith', now: friday, timezone: 'America/New_York', country: 'US' }
  return { ...scopeOf(event(given), bound), ...more }
}
