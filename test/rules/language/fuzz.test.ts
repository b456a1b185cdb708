import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import { isObject, type Json } from '../../../src/lib/json.ts'
import { plan, prepare } from '../../../src/rules/plan.ts'
import { example } from '../../example.ts'
import { registry } from '../../registry.ts'
import { event, friday, scope } from '../scope.ts'

/** Whatever somebody writes is accepted or refused in words; whatever is accepted makes a plan or parks. Nothing throws. */

const reading = readConfiguration(example, registry)
if (!reading.ok) throw new Error('the example is not accepted')
const { document } = reading

/** Every place in the example. */
function places(value: Json, above: (string | number)[] = []): (string | number)[][] {
  const inside = Array.isArray(value)
    ? value.flatMap((item, at) => places(item, [...above, at]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, item]) => places(item, [...above, key]))
      : []
  return [above, ...inside]
}

function replaced(value: Json, [first, ...rest]: (string | number)[], by: Json): Json {
  if (first === undefined) return by
  if (Array.isArray(value)) return value.map((item, at) => (at === first ? replaced(item, rest, by) : item))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === first ? replaced(item, rest, by) : item]),
  )
}

const place = fc.constantFrom(...places(document))
const template = fc
  .tuple(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      'fields.a',
      'fields.a.b',
      'steps.client',
      'item',
      'person.email',
      'links.meeting',
      'fields.a > 3',
      'date(fields.a)',
      'x',
      '1 +',
    ),
  )
  .map(([text, expression]) => `${text}{{ ${expression} }}`)
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  template,
  fc.constantFrom('contacts', 'matters', 'users', 'form', 'UTC', '', 3),
) as fc.Arbitrary<Json>

describe('any change of a configuration', () => {
  it('is accepted, or refused with places and words', () => {
    fc.assert(
      fc.property(place, anything, (at, by) => {
        const read = readConfiguration(JSON.stringify(replaced(document, at, by)), registry)
        if (read.ok) return
        expect(read.problem.status).toBe(422)
        expect(read.problem.errors).not.toHaveLength(0)
        for (const error of read.problem.errors ?? []) expect(error.message).toMatch(/\S/)
      }),
      { numRuns: 600 },
    )
  })

  it('that is accepted makes a plan or parks, whatever the event holds', () => {
    fc.assert(
      fc.property(place, anything, fc.jsonValue({ maxDepth: 3 }), (at, by, said) => {
        const read = readConfiguration(JSON.stringify(replaced(document, at, by)), registry)
        if (!read.ok) return
        // As the ledger keeps it: no -0.
        const a: Json = JSON.parse(JSON.stringify(said))
        const given = event({ fields: { a, matter_type: a } })
        const made = plan(read.configuration, given, 'website', { firm: 'smith', now: friday })
        if (made.kind === 'park') return
        for (const step of made.steps) {
          const prepared = prepare(step, scope(given, { steps: { client: { id: 1 }, matter: null } }))
          expect(['skip', 'each', 'intent', 'park']).toContain(prepared.kind)
          expect(JSON.parse(JSON.stringify(prepared))).toEqual(prepared)
        }
      }),
      { numRuns: 600 },
    )
  })

  it('of its text is accepted, or refused with places and words', () => {
    fc.assert(
      fc.property(fc.nat(example.length), fc.nat(20), fc.string({ maxLength: 5 }), (from, length, by) => {
        const read = readConfiguration(example.slice(0, from) + by + example.slice(from + length), registry)
        if (!read.ok) expect(read.problem.errors).not.toHaveLength(0)
      }),
      { numRuns: 400 },
    )
  })
})
