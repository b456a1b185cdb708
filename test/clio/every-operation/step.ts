import { readConfiguration } from '../../../src/configuration/configuration.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { type InboundFile, nobody } from '../../../src/model/event.ts'
import { plan, prepare } from '../../../src/rules/plan.ts'
import { scopeOf } from '../../../src/rules/scope.ts'
import type { Firm } from '../clio.ts'

const formed = {
  id: null,
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
}

/**
 * A step as it stands in a rule: checked as when the rule is saved, planned and prepared as for an event, and carried out.
 * @param files of the event
 * @throws Error when the check refuses it, or the step parks
 */
export async function carryOut(firm: Firm, step: JsonObject, files: InboundFile[] = []): Promise<JsonObject> {
  const event = { ...formed, files }
  const { timezone, country } = firm.clio
  const rules = [{ name: 'it', on: { type: 'form.submitted' }, steps: { it: step } }]
  const endpoints = { website: { source: 'form' } }
  const read = readConfiguration(JSON.stringify({ timezone, country, endpoints, rules }))
  if (!read.ok) throw new Error(JSON.stringify(read.problem))
  const at = { firm: 'smith', now: firm.sandbox.now() }
  const planned = plan(read.configuration, event, 'website', at)
  if (planned.kind === 'park') throw new Error(planned.reason)
  const prepared = prepare(planned.steps[0]!, scopeOf(event, { ...at, timezone, country }))
  if (prepared.kind !== 'intent') throw new Error(JSON.stringify(prepared))
  return firm.done(prepared.intent)
}
