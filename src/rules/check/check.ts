import type { Resources } from '../../clio/contract/shapes/contract.ts'
import type { Place, Remark } from '../../lib/path.ts'
import { didYouMean } from '../../lib/text/nearest.ts'
import { eventOf } from '../../model/event.ts'
import { listed, type Rule, verbsOf } from '../../model/rule.ts'
import type { Source } from '../../model/source.ts'
import { type Scope, scopeOf } from '../scope.ts'
import { type Around, checkCondition } from './check-expression.ts'
import { foundIn } from './check-found.ts'
import { type Brought, checkReads } from './check-reads.ts'
import { checkStep } from './check-step.ts'
import { checkTrust } from './check-trust.ts'
import { Findings } from './findings.ts'

/** What a check needs of a configuration. */
interface Checked {
  readonly endpoints: Readonly<Record<string, { readonly source: string }>>
  readonly rules: readonly Rule[]
  readonly timezone?: string
  readonly country?: string
}

/**
 * Whether the rules of a configuration can do what they say, as far as can be told before an event comes.
 * @param clio what Clio accepts, resource by resource
 */
export function check(
  configuration: Checked,
  sources: ReadonlyMap<string, Source<unknown>>,
  clio: Resources,
): { errors: Remark[]; warnings: Remark[] } {
  const findings = new Findings()
  const doors: Doors = new Map(
    Object.entries(configuration.endpoints).map(([name, { source, ...options }]) => [
      name,
      doorOf(sources.get(source), options),
    ]),
  )
  const { rules, timezone = 'UTC', country = 'US' } = configuration
  const constant = scopeOf(nothing, { firm: '', now: 0, timezone, country })
  rules.forEach((rule, at) => {
    checkName(rule, rules.slice(0, at), ['rules', at, 'name'], findings)
    checkTrigger(rule, doors, ['rules', at, 'on'], findings)
    checkSteps(rule, rules, doors, clio, ['rules', at], findings, constant)
    const own = endpointsOf(rule, doors).map(name => broughtBy(configuration.endpoints[name]!, sources))
    checkReads(rule, own, ['rules', at], findings)
  })
  checkLinks(rules, doors, findings)
  for (const [name, door] of doors) {
    // Slack's commands are carried out without any rule.
    if (!door?.conversation && !rules.some(rule => endpointsOf(rule, doors).includes(name)))
      findings.warn(['endpoints', name], "has no rule: its events are kept and end as 'ignored'")
  }
  return { errors: findings.errors, warnings: findings.warnings }
}

/** An event that brings nothing: what is worked out of it hangs on none. */
const nothing = eventOf({ source: '', type: '' })

/** The firm's endpoints with their sources; null for a source that does not exist, which is told elsewhere. */
type Doors = ReadonlyMap<string, KnownDoor | null>

interface KnownDoor extends Omit<Source<unknown>, 'unproved'> {
  /** What the proof of its requests does not cover. */
  readonly unproved: string | null
}

/** A source as an endpoint uses it: whether its requests are signed can hang on the options. */
function doorOf(source: Source<unknown> | undefined, options: object): KnownDoor | null {
  if (!source) return null
  const read = source.options.safeParse(options)
  if (!read.success) return { ...source, unproved: null }
  return {
    ...source,
    signed: source.signs?.(read.data) ?? source.signed,
    unproved: source.unproved?.(read.data) ?? null,
  }
}

/** What an endpoint brings, where its options say so. */
function broughtBy(
  { source: name, ...options }: Checked['endpoints'][string],
  sources: ReadonlyMap<string, Source<unknown>>,
): Brought {
  const source = sources.get(name) ?? null
  const read = source?.brings && source.options.safeParse(options)
  return { source, brings: read?.success ? source!.brings!(read.data) : null }
}

/** The endpoints that a rule is for, as far as they exist. */
function endpointsOf(rule: Rule, doors: Doors): string[] {
  return rule.on.endpoint === undefined ? [...doors.keys()] : listed(rule.on.endpoint).filter(name => doors.has(name))
}

/** The place of one of several, or of the only one. */
const spot = (place: Place, value: string | readonly string[] | undefined, at: number): Place =>
  typeof value === 'string' ? place : [...place, at]

function checkName(rule: Rule, before: readonly Rule[], place: Place, findings: Findings): void {
  if (before.some(other => other.name === rule.name))
    findings.refuse(place, `'${rule.name}' is the name of another rule`)
}

function checkTrigger({ on }: Rule, doors: Doors, place: Place, findings: Findings): void {
  const wanted = listed(on.type)
  if (on.type === undefined) checkBareEndpoint(on.endpoint, doors, place, findings)
  wanted.forEach((type, at) => {
    if (type === '*')
      findings.refuse(
        spot([...place, 'type'], on.type, at),
        "is no type: name the ones that are meant, such as 'form.submitted'",
      )
  })
  listed(on.endpoint).forEach((name, at) => {
    const door = doors.get(name)
    const where = spot([...place, 'endpoint'], on.endpoint, at)
    if (!doors.has(name)) findings.refuse(where, `there is no endpoint '${name}'${didYouMean(name, [...doors.keys()])}`)
    else if (door && wanted.length > 1 && !wanted.some(type => makes(door, type)))
      findings.warn(where, `makes none of these types of event; it makes ${door.types.join(', ')}`)
    if (door?.unproved) findings.warn(where, door.unproved)
  })
  const names = on.endpoint === undefined ? [...doors.keys()] : listed(on.endpoint).filter(name => doors.has(name))
  const makers = names.map(name => doors.get(name)).filter(door => door !== null && door !== undefined)
  if (names.length === 0 && on.endpoint === undefined)
    findings.warn([...place, 'type'], 'there is no endpoint yet, so nothing triggers this rule')
  if (makers.length === 0) return
  wanted.forEach((type, at) => {
    if (makers.some(door => makes(door, type))) return
    const known = [...new Set(makers.flatMap(door => door.types))]
    findings.refuse(
      spot([...place, 'type'], on.type, at),
      `no endpoint of this rule makes '${type}'${didYouMean(type, known) || `: they make ${known.join(', ')}`}`,
    )
  })
}

/** A rule without a type is for the only one that each of its endpoints makes. */
function checkBareEndpoint(
  endpoint: string | readonly string[] | undefined,
  doors: Doors,
  place: Place,
  findings: Findings,
): void {
  const names = listed(endpoint)
  if (names.length === 0) findings.refuse([...place, 'type'], 'is missing: name the type of event, or an endpoint')
  for (const name of names) {
    const types = doors.get(name)?.types ?? []
    if (types.length > 1 || types.includes('*'))
      findings.refuse(
        [...place, 'type'],
        types.includes('*')
          ? `is missing: '${name}' passes on whatever type its sender writes`
          : `is missing: '${name}' makes ${types.join(', ')}`,
      )
  }
}

/** `*`: a source that passes on whatever type the sender writes. */
const makes = (source: Pick<Source<unknown>, 'types'>, type: string): boolean =>
  source.types.includes(type) || source.types.includes('*')

function checkSteps(
  rule: Rule,
  rules: readonly Rule[],
  doors: Doors,
  clio: Resources,
  place: Place,
  findings: Findings,
  constant: Scope,
): void {
  const steps = Object.keys(rule.steps)
  const own = endpointsOf(rule, doors)
  const shares = (other: Rule): boolean => endpointsOf(other, doors).some(name => own.includes(name))
  const linksOf = (some: readonly Rule[]): string[] => [
    ...new Set(some.flatMap(each => makersIn(each).map(made => made.link))),
  ]
  // A rule whose endpoints do not exist yet is not blamed for its links as well.
  const near = own.length === 0 ? rules : rules.filter(shares)
  const around: Around = {
    steps,
    done: 0,
    links: linksOf(near),
    foreignLinks: linksOf(rules.filter(other => !near.includes(other))),
    item: false,
    found: foundIn(rule, clio),
    linked: linkedBy(near),
    constant,
  }
  const open = own.filter(name => doors.get(name)?.anybody === true)
  const unsigned = rule.trusted ? [] : own.filter(name => doors.get(name)?.signed === false && !open.includes(name))
  checkTrust(rule, near, open, place, findings)
  if (rule.if !== undefined) checkCondition(rule.if, [...place, 'if'], { ...around, steps: [] }, findings)
  if (steps.length === 0) findings.refuse([...place, 'steps'], 'is empty: a rule does something')
  Object.entries(rule.steps).forEach(([name, definition], done) => {
    const at = [...place, 'steps', name]
    checkStep(definition, at, { ...around, done }, unsigned, clio, findings)
    const stops = verbsOf(definition).includes('park') && definition.if === undefined && definition.each === undefined
    if (stops && done < steps.length - 1)
      findings.warn([...at, 'park'], "has no 'if', so the steps behind it are never done by themselves")
  })
}

/** Of what resource the records are that links keep. */
function linkedBy(rules: readonly Rule[]): ReadonlyMap<string, string | null> {
  const kept = new Map<string, string | null>()
  for (const step of rules.flatMap(rule => Object.values(rule.steps))) {
    const [verb] = verbsOf(step)
    if (step.link === undefined || verb === undefined) continue
    const resource = String(step[verb])
    kept.set(step.link, (kept.get(step.link) ?? resource) === resource ? resource : null)
  }
  return kept
}

interface Maker {
  readonly link: string
  readonly step: string
  readonly always: boolean
}

/** The links that a rule makes. */
function makersIn(rule: Rule): Maker[] {
  return Object.entries(rule.steps).flatMap(([step, definition]) =>
    definition.link === undefined
      ? []
      : [{ link: definition.link, step, always: rule.if === undefined && definition.if === undefined }],
  )
}

/** Two steps that make the same link of the same event: the second would be kept, the first forgotten. */
function checkLinks(rules: readonly Rule[], doors: Doors, findings: Findings): void {
  const before: { rule: Rule; maker: Maker }[] = []
  rules.forEach((rule, at) => {
    for (const maker of makersIn(rule)) {
      const other = before.find(
        earlier =>
          earlier.maker.link === maker.link && earlier.maker.always && maker.always && meet(earlier.rule, rule, doors),
      )
      if (other)
        findings.refuse(
          ['rules', at, 'steps', maker.step, 'link'],
          `is made for the same events by '${other.rule.name}/${other.maker.step}': one would be forgotten`,
        )
      before.push({ rule, maker })
    }
  })
}

/** Whether one event can trigger both. */
function meet(a: Rule, b: Rule, doors: Doors): boolean {
  const endpoints = endpointsOf(b, doors)
  return (
    endpointsOf(a, doors).some(name => endpoints.includes(name)) &&
    (a.on.type === undefined ||
      b.on.type === undefined ||
      listed(a.on.type).some(type => listed(b.on.type).includes(type)))
  )
}
