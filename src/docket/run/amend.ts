import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { InboundEvent, Person } from '../../model/event.ts'
import { grouped } from '../../reading/fields.ts'
import { reread } from '../../reading/recognized.ts'
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
  // What `areas[0]` is a part of is read anew.
  for (const [name, group] of Object.entries(grouped(fields)))
    if (!(name in named) && Object.keys(named).some(key => key.startsWith(`${name}[`))) fields[name] = group
  const read = reread(event, fields)
  const person: Person = { ...read.person }
  for (const part of personKeys) {
    const said = answers[`person.${part}`]
    if (said !== undefined) person[part] = said === null ? null : String(said)
  }
  const said = 'message' in event.fields ? undefined : answers.message
  return {
    ...event,
    fields,
    person,
    message: said === undefined ? read.message : said === null ? null : String(said),
    data: isObject(event.data) ? replaced(event.data, named) : event.data,
  }
}

/** Where the payload holds an answer under its own name, rules may read it there. */
function replaced(data: JsonObject, answers: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, key in answers ? answers[key]! : value]))
}
