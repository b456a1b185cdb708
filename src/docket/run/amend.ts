import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { InboundEvent, Person } from '../../model/event.ts'
import { recognize } from '../../reading/person.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'

/** Parts of a person, as a correction names them. */
export const personKeys = ['first_name', 'last_name', 'email', 'phone', 'company'] as const

/** The run as it is carried out: its event with the answers that a person has corrected. What stands in the ledger stays as it came. */
export function amendedRun(run: StoredRun): StoredRun {
  const answers = run.amended?.answers
  return run.event && answers ? { ...run, event: amendedEvent(run.event, answers) } : run
}

export function amendedEvent(event: InboundEvent, answers: Readonly<Record<string, Json>>): InboundEvent {
  const direct = (key: string) => key === 'message' || personKeys.some(part => key === `person.${part}`)
  const named = Object.fromEntries(Object.entries(answers).filter(([key]) => !direct(key) || key in event.fields))
  const fields: JsonObject = { ...event.fields, ...named }
  // What was read from an answer is read anew; what the provider told by itself stands.
  const [before, after] = [recognize(event.fields), recognize(fields)]
  const person: Person = { ...event.person }
  for (const part of personKeys) {
    const said = answers[`person.${part}`]
    if (said !== undefined) person[part] = said === null ? null : String(said)
    else if (person[part] === before.person[part]) person[part] = after.person[part]
  }
  const said = 'message' in event.fields ? undefined : answers.message
  const read = event.message === before.message ? after.message : event.message
  return {
    ...event,
    fields,
    person,
    message: said === undefined ? read : said === null ? null : String(said),
    data: isObject(event.data) ? replaced(event.data, named) : event.data,
  }
}

/** Where the payload holds an answer under its own name, rules may read it there. */
function replaced(data: JsonObject, answers: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, key in answers ? answers[key]! : value]))
}
