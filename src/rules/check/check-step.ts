import { fieldRemarks } from '../../clio/contract/fields.ts'
import { answerPath, bodyShape, fieldOf, type Resource } from '../../clio/contract/index.ts'
import type { Resources } from '../../clio/contract/shapes/contract.ts'
import { askable } from '../../clio/operations/asked-fields.ts'
import { oneOf, unknown } from '../../lib/issues.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { Place } from '../../lib/path.ts'
import { type Step, VERBS, type Verb, verbsOf } from '../../model/rule.ts'
import { isTemplate } from '../language/template.ts'
import { type Around, checkBare, checkCondition, checkTemplates } from './check-expression.ts'
import { itemIn } from './check-found.ts'
import { meantBy, noRecordOf } from './check-records.ts'
import { Values } from './check-values.ts'
import type { Findings } from './findings.ts'

/** Checks one step: its verb and options, its expressions, and its values against Clio's contract. */
export function checkStep(
  definition: Step,
  place: Place,
  around: Around,
  unsigned: readonly string[],
  clio: Resources,
  findings: Findings,
): void {
  const verbs = verbsOf(definition)
  const itemFound = around.found ? itemIn(definition, around.found) : null
  const inside = { ...around, item: definition.each !== undefined, itemFound }
  checkExpressions(definition, place, around, inside, findings)
  if (verbs.length !== 1) {
    const all = Object.keys(VERBS).join(', ')
    findings.refuse(
      place,
      verbs.length === 0
        ? `has no verb; add one of ${all}`
        : `has ${verbs.length} verbs, ${verbs.join(' and ')}: make a step of each`,
    )
    return
  }
  const verb = verbs[0]!
  checkOptions(verb, definition, place, findings)
  if (VERBS[verb].resource) checkResource(verb, definition, place, unsigned, clio, findings, inside)
}

function checkExpressions(definition: Step, place: Place, around: Around, inside: Around, findings: Findings): void {
  if (definition.each !== undefined)
    checkBare(definition.each, [...place, 'each'], { ...around, item: false }, findings)
  if (definition.if !== undefined) checkCondition(definition.if, [...place, 'if'], inside, findings)
  const { if: condition, each, ...rest } = definition
  const read = checkTemplates(rest as JsonObject, place, inside, findings)
  if (each !== undefined && !read)
    findings.warn([...place, 'each'], "is done once for each item, yet no value reads 'item'")
}

function checkOptions(verb: Verb, definition: Step, place: Place, findings: Findings): void {
  const { takes, needs, several } = VERBS[verb]
  for (const key of Object.keys(definition) as (keyof Step)[]) {
    if (key === verb || key === 'if' || key === 'each' || definition[key] === undefined || takes.includes(key)) continue
    const owners = (Object.keys(VERBS) as Verb[]).filter(other => VERBS[other].takes.includes(key))
    findings.refuse([...place, key], `does not go with ${verb}; it belongs to ${owners.join(', ')}`)
  }
  for (const key of needs) {
    if (definition[key] === undefined) findings.refuse([...place, key], `is missing: ${verb} needs it`)
  }
  if (several && definition.several !== undefined && !several.includes(definition.several))
    findings.refuse([...place, 'several'], oneOf(definition.several, several))
  if (definition.link !== undefined && definition.each !== undefined && takes.includes('link'))
    findings.refuse([...place, 'link'], "cancels out with 'each': a link keeps one record, and 'each' makes several")
  if (verb === 'find' && definition.several === 'all' && definition.link !== undefined)
    findings.refuse([...place, 'link'], 'cancels out with \'several\': "all": a link keeps one record')
  if (verb === 'find' && definition.several !== 'all' && definition.limit !== undefined)
    findings.refuse([...place, 'limit'], 'goes with "several": "all" only: any other find takes one record')
}

function checkResource(
  verb: Verb,
  definition: Step,
  place: Place,
  unsigned: readonly string[],
  clio: Resources,
  findings: Findings,
  around: Around,
): void {
  const name = String(definition[verb])
  const at = [...place, verb]
  if (isTemplate(name)) {
    findings.refuse(at, 'must be the name of a resource, and cannot be an expression')
    return
  }
  const resource = Object.hasOwn(clio, name) ? clio[name]! : null
  if (!resource) {
    findings.refuse(at, unknown(name, Object.keys(clio)).replace(/; known are .*/, ': Clio has no such resource'))
    return
  }
  const offered = offers(resource)
  if (!offered.includes(verb)) {
    const others = offered.length > 0 ? `; it offers ${offered.join(', ')}` : ''
    findings.refuse(at, `Clio does not let anybody ${verb} ${name}${others}`)
    return
  }
  if (verb !== 'get' || !resource.names) checkId(definition.id, [...place, 'id'], verb, findings)
  const meant = typeof definition.id === 'string' ? meantBy(definition.id, around) : null
  const not = meant && noRecordOf([name], meant)
  if (not) findings.refuse([...place, 'id'], not)
  if (definition.fields !== undefined && (verb === 'get' || verb === 'find'))
    for (const { path, message } of fieldRemarks(definition.fields, askable(resource.read)))
      findings.refuse([...place, 'fields'], path === 'fields' ? message : `${path.slice('fields.'.length)}: ${message}`)
  const values = new Values(name, resource, findings, around)
  if (definition.where !== undefined && verb === 'find') values.where(definition.where, [...place, 'where'])
  if (verb === 'update' && definition.with && Object.keys(definition.with).length === 0)
    findings.refuse([...place, 'with'], 'is empty, so nothing would be changed')
  if (definition.with !== undefined && verb === 'update')
    values.update(definition.with, bodyShape(resource, 'update')!, [...place, 'with'])
  if (definition.with !== undefined && (verb === 'create' || verb === 'upsert'))
    values.create(definition.with, bodyShape(resource, 'create')!, [...place, 'with'])
  if (verb === 'upsert') checkUpsert(name, definition, resource, place, unsigned, findings)
  if (verb === 'create') advise(name, definition, place, findings)
}

/** The verbs that Clio has calls for. */
export function offers(resource: Resource): Verb[] {
  const verbs: Verb[] = []
  if (resource.create) verbs.push('create')
  if (resource.update) verbs.push('update')
  if (resource.delete) verbs.push('delete')
  if (resource.get) verbs.push('get')
  if (resource.list && !resource.one) verbs.push('find')
  if (resource.list && !resource.one && resource.create) verbs.push('upsert')
  return verbs
}

/** Clio's ids are numbers, and those of calendar entries begin with one. */
function checkId(id: Step['id'], place: Place, verb: Verb, findings: Findings): void {
  if (typeof id !== 'string' || isTemplate(id) || /^\d/.test(id)) return
  findings.refuse(
    place,
    verb === 'get'
      ? 'must be an id such as 991: Clio cannot look one up by name'
      : 'must be an id such as 991. To go by a name, look for the record in a step before, and write {{ steps.NAME }}',
  )
}

function checkUpsert(
  name: string,
  definition: Step,
  resource: Resource,
  place: Place,
  unsigned: readonly string[],
  findings: Findings,
): void {
  const { match = [], existing = 'fill', with: values = {} } = definition
  match.forEach((key, at) => {
    const spot = [...place, 'match', at]
    if (!Object.hasOwn(values, key))
      findings.refuse(
        spot,
        `is no key of 'with', so there is nothing to match by. It ${unknown(key, Object.keys(values))}`,
      )
    else if (!resource.create || fieldOf(resource.create, key) === null)
      findings.refuse(spot, `is none of Clio's own keys: ${name} cannot be looked for by it`)
    else if (match.indexOf(key) !== at) findings.refuse(spot, 'stands twice')
    else if (answerPath(resource, key) === null)
      findings.refuse(spot, `is nothing to match by: Clio takes it, and does not tell it`)
  })
  if (match.length > 0 && match.every(key => Object.hasOwn(values, key) && !isTemplate(values[key]!)))
    findings.warn([...place, 'match', 0], 'is the same for every event: all of them would end in one record')
  if (values.custom_field_values !== undefined && existing !== 'keep')
    findings.warn(
      [...place, 'with', 'custom_field_values'],
      "cannot be changed on a record that is there, and would park the run: write 'custom_fields', by their names",
    )
  if (existing !== 'keep' && !resource.update)
    findings.refuse([...place, 'existing'], `is 'keep' for ${name}: Clio does not let anybody change them`)
  if (existing === 'replace' && unsigned.length > 0)
    findings.refuse(
      [...place, 'existing'],
      `'replace' would let anybody overwrite a record: requests to ${unsigned.join(', ')} carry no signature. Use 'fill'`,
    )
}

function advise(name: string, definition: Step, place: Place, findings: Findings): void {
  if (name === 'contacts')
    findings.warn([...place, 'create'], "makes a new contact at every event; 'upsert' uses the one that is there")
  if (name === 'documents' && definition.with?.content === undefined)
    findings.warn([...place, 'with'], "has no 'content', so the document stays without a file")
}
