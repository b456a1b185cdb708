import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { neverBrought } from '../../../src/rules/check/check-reads.ts'
import { event } from '../scope.ts'

const task = (name: string, more: JsonObject = {}): JsonObject => ({
  t: { create: 'tasks', with: { name, assignee: 'sam@smith.example', ...more } },
})

function read(rule: JsonObject, website: JsonObject = {}) {
  const document = {
    timezone: 'America/New_York',
    country: 'US',
    endpoints: { website: { source: 'form', ...website } },
    rules: [{ name: 'r', on: { endpoint: 'website', type: 'form.submitted' }, ...rule }],
  }
  const reading = readConfiguration(JSON.stringify(document))
  if (!reading.ok) throw new Error(JSON.stringify(reading.problem.errors))
  return reading
}

const warned = (rule: JsonObject, website: JsonObject = {}) => read(rule, website).warnings

const hosted = { form: { title: 'Ask us', fields: [{ name: 'matter_type', label: 'What is it about?' }] } }

describe('a rule is warned of', () => {
  it('a field that the hosted form of its endpoint does not ask for', () => {
    expect(warned({ steps: task('{{ fields.mater_type }}') }, hosted)).toContainEqual({
      path: 'rules[0].steps.t.with.name',
      message: 'reads fields.mater_type, which no endpoint of this rule brings; did you mean fields.matter_type?',
    })
    expect(warned({ steps: task('{{ fields.matterType }}') }, hosted)).toEqual([])
  })

  it('a booking where none can come', () => {
    expect(warned({ steps: task('{{ booking.start }}') })).toContainEqual({
      path: 'rules[0].steps.t.with.name',
      message: expect.stringContaining('reads booking, which no endpoint of this rule brings'),
    })
  })

  it('files that its endpoint does not take', () => {
    expect(warned({ steps: task('{{ size(files) }} files') })).toContainEqual({
      path: 'rules[0].steps.t.with.name',
      message: expect.stringContaining("give the endpoint 'files'"),
    })
    expect(warned({ steps: task('{{ size(files) }} files') }, { files: { types: ['image/*'] } })).toEqual([])
  })

  it('single braces', () => {
    expect(warned({ steps: task('Call {person.first_name}') })).toContainEqual({
      path: 'rules[0].steps.t.with.name',
      message: 'holds {person.first_name}, which stays as it is: an expression stands between {{ and }}',
    })
    expect(warned({ steps: task("Call {{ {'a': person.first_name}.a }} {curly} {}") })).toEqual([])
  })
})

describe('what no delivery has brought', () => {
  const { configuration } = read({ if: "fields.mater_type == 'x'", steps: task('{{ fields.name }}') })
  const brought = (fields: JsonObject) => neverBrought(configuration, () => [event({ fields }), event()])

  it('is told, with the nearest that some has', () => {
    expect(brought({ 'Matter type': 'x', name: 'y' })).toEqual([
      {
        path: 'rules[0].if',
        message:
          'reads fields.mater_type, which none of the last 2 deliveries has brought; did you mean fields.matter_type?',
      },
    ])
  })

  it('is nothing where every field has come once, or nothing has come yet', () => {
    expect(brought({ mater_type: 'x', Name: 'y' })).toEqual([])
    expect(neverBrought(configuration, () => [])).toEqual([])
    expect(neverBrought(configuration, () => [event({ type: 'form.other' })])).toEqual([])
  })
})
