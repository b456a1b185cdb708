import { isObject, type Json } from '../../lib/json.ts'
import { type Place, pathOf, type Remark } from '../../lib/path.ts'
import { fold, plainName } from '../../lib/text/fold.ts'
import { didYouMean } from '../../lib/text/nearest.ts'
import type { InboundEvent } from '../../model/event.ts'
import { listed, type Rule } from '../../model/rule.ts'
import type { Source } from '../../model/source.ts'
import { compile } from '../language/expression.ts'
import { split } from '../language/template.ts'
import type { Findings } from './findings.ts'

/** What rules read of an event, beside what their endpoints can bring: a slip in `fields.emial` is null for ever, and nobody notices. */

interface Read {
  readonly place: Place
  /** `fields.matter_type`, `booking`, `booking.start`. */
  readonly names: readonly string[]
}

/** Every expression of a rule, bare or between braces, with what it reads. */
function readsOf(rule: Rule, place: Place): Read[] {
  const bare = (text: string | undefined, at: Place): Read[] => (text === undefined ? [] : [readIn(text, at)])
  return [
    ...bare(rule.if, [...place, 'if']),
    ...Object.entries(rule.steps).flatMap(([name, { if: condition, each, ...values }]) => {
      const at = [...place, 'steps', name]
      return [...bare(condition, [...at, 'if']), ...bare(each, [...at, 'each']), ...within(values as Json, at)]
    }),
  ]
}

function within(value: Json, place: Place): Read[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => within(one, [...place, at]))
  if (isObject(value)) return Object.entries(value).flatMap(([key, one]) => within(one, [...place, key]))
  if (typeof value !== 'string') return []
  const parts = split(value)
  if (!parts.ok) return []
  return parts.pieces.flatMap(piece => ('expression' in piece ? [readIn(piece.expression, place)] : []))
}

function readIn(text: string, place: Place): Read {
  const compiled = compile(text)
  return { place, names: compiled.ok ? compiled.expression.reads : [] }
}

/** What an endpoint brings, as far as its options tell. */
export interface Brought {
  readonly source: Source<unknown> | null
  readonly brings: { readonly fields?: readonly string[]; readonly files?: boolean } | null
}

/** Warns of what none of the rule's endpoints can bring. */
export function checkReads(rule: Rule, doors: readonly Brought[], place: Place, findings: Findings): void {
  if (doors.length === 0 || doors.some(({ source }) => source === null)) return
  const types = rule.on.type === undefined ? doors.flatMap(({ source }) => source!.types) : listed(rule.on.type)
  const open = doors.some(({ source }) => source!.types.includes('*'))
  const books = open || types.some(type => !type.startsWith('form.'))
  const fileless = doors.every(({ brings }) => brings?.files === false)
  const known = doors.every(({ brings }) => brings?.fields !== undefined)
    ? doors.flatMap(({ brings }) => brings!.fields!)
    : null
  for (const read of readsOf(rule, place)) {
    if (!books && read.names.includes('booking'))
      findings.warn(read.place, 'reads booking, which no endpoint of this rule brings: it is always null here')
    if (fileless && read.names.includes('files'))
      findings.warn(read.place, "reads files, which no endpoint of this rule takes: give the endpoint 'files'")
    if (known) for (const name of unknownIn(read, known)) findings.warn(read.place, name)
  }
}

function unknownIn({ names }: Read, known: readonly string[]): string[] {
  const plain = new Set(known.map(sameName))
  return fieldsIn(names)
    .filter(name => !plain.has(sameName(name)))
    .map(name => `reads fields.${name}, which no endpoint of this rule brings${didYouMean(name, known, ofFields)}`)
}

const fieldsIn = (names: readonly string[]): string[] =>
  names.flatMap(name => (name.startsWith('fields.') ? [name.slice('fields.'.length)] : []))

const sameName = (name: string): string => fold(plainName(name))

/**
 * Fields that rules read and that none of the deliveries so far has brought: of endpoints that have brought some.
 * @param deliveries of an endpoint, the latest
 */
export function neverBrought(
  configuration: { readonly endpoints: Readonly<Record<string, unknown>>; readonly rules: readonly Rule[] },
  deliveries: (endpoint: string) => readonly InboundEvent[],
): Remark[] {
  const names = new Map(Object.keys(configuration.endpoints).map(name => [name, deliveries(name)]))
  return configuration.rules.flatMap((rule, at) => {
    const endpoints = rule.on.endpoint === undefined ? [...names.keys()] : listed(rule.on.endpoint)
    const events = endpoints
      .flatMap(name => names.get(name) ?? [])
      .filter(({ type }) => rule.on.type === undefined || listed(rule.on.type).includes(type))
    if (events.length === 0) return []
    return absentIn(rule, ['rules', at], events).map(({ path, name, near }) => ({
      path,
      message: `reads fields.${name}, which none of the last ${events.length} deliveries has brought${near}`,
    }))
  })
}

/** Fields that a rule reads and none of the events has. */
export function absentIn(
  rule: Rule,
  place: Place,
  events: readonly InboundEvent[],
): { path: string; name: string; near: string }[] {
  const brought = [...new Set(events.flatMap(({ fields }) => Object.keys(fields)))]
  const known = new Set(brought.map(sameName))
  const told = new Set<string>()
  return readsOf(rule, place).flatMap(read =>
    fieldsIn(read.names).flatMap(name => {
      if (known.has(sameName(name)) || told.has(name)) return []
      told.add(name)
      return [{ path: pathOf(read.place), name, near: didYouMean(name, brought.map(plainName), ofFields) }]
    }),
  )
}

const ofFields = (name: string) => `fields.${name}`
