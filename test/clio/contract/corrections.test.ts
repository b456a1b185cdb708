import { describe, expect, it } from 'vitest'
import { corrections } from '../../../src/clio/contract/corrections.ts'
import { bodyShape, contract, fieldAt, itemOf } from '../../../src/clio/contract/index.ts'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import type { Json } from '../../../src/lib/json.ts'

/** What Clio was seen to do where its description says otherwise: refused or taken when rules are saved. */

function said(step: Json): string {
  const document = {
    timezone: 'America/New_York',
    country: 'US',
    endpoints: { website: { source: 'form' } },
    rules: [{ name: 'r', on: { endpoint: 'website', type: 'form.submitted' }, steps: { step } }],
  }
  const reading = readConfiguration(JSON.stringify(document))
  return reading.ok ? '' : JSON.stringify(reading.problem.errors)
}

describe('every correction', () => {
  it.each(corrections.map(one => [`${one.resource}.${one.path}`, one] as const))(
    '%s stands in the contract, with its source',
    (_, one) => {
      const resource = contract[one.resource]!
      expect(fieldAt(bodyShape(resource, 'update')!, one.path)).not.toBeNull()
      expect(one.source.length).toBeGreaterThan(10)
      if (!one.says.includes('only added')) return
      const item = itemOf(fieldAt(bodyShape(resource, 'update')!, one.path)!)
      expect(Object.keys(item as object)).not.toContain('_destroy')
    },
  )
})

describe('saved rules', () => {
  it('may name the staff that is responsible for a matter', () => {
    const create = {
      create: 'matters',
      with: { client: 'Jane Roe', description: 'Divorce', responsible_staff: 'ina@smith.example' },
    }
    expect(said(create)).toBe('')
    expect(said({ update: 'matters', id: 7, with: { responsible_staff: { id: 5 } } })).toBe('')
  })

  it.each<[string, Json]>([
    ['matters', { task_template_list_instances: [{ id: 3, due_at: '2026-12-01' }] }],
    ['matters', { task_template_list_instances: [{ id: 3, _destroy: true }] }],
    ['documents', { multiparts: [{ id: 3, part_number: 1, content_length: '5' }] }],
    ['medical_records_details', { medical_bills: [{ id: 3, _destroy: true }] }],
  ])('may not change what Clio only adds to: %s', (update, values) => {
    expect(said({ update, id: 7, with: values })).toMatch(/_destroy|\bid\b/)
  })

  it('still may change the members of other lists', () => {
    expect(said({ update: 'contacts', id: 7, with: { email_addresses: [{ id: 3, address: 'a@b.example' }] } })).toBe('')
    expect(said({ update: 'matters', id: 7, with: { custom_field_values: [{ id: 'text_line-1', value: 'x' }] } })).toBe(
      '',
    )
  })
})
