import { describe, expect, test } from 'vitest'
import { customFieldValues } from '../../../src/clio/names/custom-fields.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { newItem } from '../../../src/sandbox/clio/write.ts'
import { type Firm, startFirm } from '../clio.ts'

const written = (firm: Firm, values: Json, standing: JsonObject[] = [], resource = 'matters') =>
  customFieldValues(resource, values, standing, firm.clio)

function field(firm: Firm, name: string, type: string, options: string[] = [], more: JsonObject = {}) {
  const store = firm.sandbox.account('smith')
  const picklist_options = options.map(option => newItem(store, { option }))
  return store.insert('custom_fields', {
    name,
    parent_type: 'Matter',
    field_type: type,
    deleted: false,
    picklist_options,
    ...more,
  })
}

const optionOf = (firm: Firm, name: string, option: string) => {
  const options = firm.record('custom_fields', firm.idOf('custom_fields', name)).picklist_options as JsonObject[]
  return String(options.find(one => one.option === option)?.id)
}

describe('by name, as Clio keeps them', () => {
  test.each<[string, Json, string]>([
    ['Opposing party', 'Bob', 'Bob'],
    ['opposing PARTY ', 7, '7'],
    ['Opposing party', ['Bob', 'Eve'], 'Bob, Eve'],
    ['Incident date', '2026-10-16T02:00:00Z', '2026-10-15'],
    ['Estimated value', '$1,250.50', '1250.5'],
    ['Estimated value', 'US$ 9', '9'],
    ['Estimated value', -3, '-3'],
    ['Urgent', 'Yes', 'true'],
    ['Urgent', false, 'false'],
    ['Children', '2', '2'],
  ])('%s: %j', async (name, value, text) => {
    const firm = startFirm()
    const id = firm.sandbox
      .records()
      .custom_fields!.find(one => String(one.name).toLowerCase() === name.trim().toLowerCase())!.id
    expect(await written(firm, { [name]: value })).toEqual([{ custom_field: { id }, value: text }])
  })

  test('a choice by its words', async () => {
    const firm = startFirm()
    const values = await written(firm, { 'Referral source': 'friend or family' })
    expect(values[0]!.value).toBe(optionOf(firm, 'Referral source', 'Friend or family'))
  })

  test('a contact and a matter by name', async () => {
    const firm = startFirm()
    field(firm, 'Judge', 'contact')
    field(firm, 'Earlier case', 'matter')
    const values = await written(firm, { Judge: 'Maria Alvarez', 'Earlier case': '00002-Okafor' })
    expect(values.map(one => one.value)).toEqual([
      String(firm.idOf('contacts', 'Maria Alvarez')),
      String(firm.idOf('matters', '00002-Okafor')),
    ])
  })

  test('a choice is known as services write it', async () => {
    const firm = startFirm()
    const [chosen] = await written(firm, { 'Referral source': 'friend_or_family' })
    expect(chosen).toEqual((await written(firm, { 'Referral source': 'Friend or family' }))[0])
  })

  test('fields of contacts are not those of matters', async () => {
    const firm = startFirm()
    expect(await written(firm, { 'Preferred language': 'French' }, [], 'contacts')).toHaveLength(1)
    await expect(written(firm, { 'Preferred language': 'French' })).rejects.toThrow(
      /no custom field “Preferred language” for Matters/,
    )
  })

  test('nothing is written for nothing', async () => {
    expect(await written(startFirm(), { 'Opposing party': null, Urgent: '' })).toEqual([])
  })

  test('what they make is taken by Clio', async () => {
    const firm = startFirm()
    const custom_fields = {
      'Referral source': 'Google',
      'Opposing party': 'Bob',
      'Incident date': '2026-01-02',
      'Estimated value': '1,000',
      Urgent: 'no',
      Children: 2,
      Story: 'Long',
    }
    const matter = await firm.create('matters', { client: 'Maria Alvarez', description: 'x', custom_fields })
    expect(firm.record('matters', matter.id).custom_field_values).toHaveLength(7)
  })
})

describe('a value that stands is changed by its own id', () => {
  const standing = [{ id: 'text_line-9', field_name: 'Opposing party', value: 'Bob' }]
  test('another one', async () => {
    expect(await written(startFirm(), { 'opposing party': 'Eve' }, standing)).toEqual([
      { id: 'text_line-9', value: 'Eve' },
    ])
  })

  test('the same one is left alone', async () => {
    expect(await written(startFirm(), { 'Opposing party': 'Bob' }, standing)).toEqual([])
  })

  test('a blank one has an id too', async () => {
    const blank = [{ ...standing[0]!, value: null }]
    expect(await written(startFirm(), { 'Opposing party': 'Eve' }, blank)).toEqual([
      { id: 'text_line-9', value: 'Eve' },
    ])
  })
})

describe('a person is asked', () => {
  test.each<[string, JsonObject, string]>([
    [
      'an unknown field',
      { Colour: 'red' },
      'Clio has no custom field “Colour” for Matters. It has: Referral source, Opposing party, Incident date',
    ],
    [
      'an unknown choice',
      { 'Referral source': 'Xyzzy' },
      'Custom field “Referral source” wants one of Google, Friend or family, Advertisement, Other',
    ],
    ['a date that is none', { 'Incident date': '2026-02-30' }, 'wants a date'],
    ['an amount that is none', { 'Estimated value': 'Xyzzy' }, 'wants a number'],
    ['a tick that is none', { Urgent: 'Xyzzy' }, 'wants yes or no'],
    ['an object', { 'Opposing party': { id: 7 } }, 'wants text'],
    ['a list of records', { 'Opposing party': [{ id: 7 }] }, 'wants text'],
  ])('%s', async (_, values, words) => {
    const message = await written(startFirm(), values).catch(error => String(error.message))
    expect(message).toContain(words)
    expect(message).not.toContain('Xyzzy')
  })

  test('two fields of one name', async () => {
    const firm = startFirm()
    field(firm, 'Urgent', 'text_line')
    await expect(written(firm, { Urgent: 'yes' })).rejects.toThrow(
      /Several custom fields of Matters are called “Urgent”/,
    )
  })
})

describe('what was deleted in Clio', () => {
  test('a field makes room for its successor', async () => {
    const firm = startFirm()
    field(firm, 'Urgent', 'text_line', [], { deleted: true })
    expect(await written(firm, { Urgent: 'yes' })).toEqual([
      { custom_field: { id: firm.idOf('custom_fields', 'Urgent') }, value: 'true' },
    ])
  })

  test('an option is not chosen', async () => {
    const firm = startFirm()
    const store = firm.sandbox.account('smith')
    const [old, current] = [
      newItem(store, { option: 'Red', deleted_at: '2026-01-01T00:00:00Z' }),
      newItem(store, { option: 'Red' }),
    ]
    field(firm, 'Colour', 'picklist', [], { picklist_options: [old, current] })
    expect((await written(firm, { Colour: 'red' }))[0]!.value).toBe(String(current.id))
  })
})

test('a field or an option that the kept list lacks is asked of Clio once more', async () => {
  const firm = startFirm()
  await written(firm, { Urgent: 'yes' })
  const colour = field(firm, 'Colour', 'picklist', ['Red'])
  firm.pass(60_000)
  expect(await written(firm, { Colour: 'Red' })).toHaveLength(1)
  expect(firm.reads).toHaveLength(2)
  const store = firm.sandbox.account('smith')
  const picklist_options = [...(colour.data.picklist_options as Json[]), newItem(store, { option: 'Blue' })]
  store.replace(colour, { ...colour.data, picklist_options })
  firm.pass(60_000)
  expect(await written(firm, { Colour: 'Blue' })).toHaveLength(1)
  expect(firm.reads).toHaveLength(3)
})
