import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { type Clio, startClio } from './helpers.ts'

const fields = 'fields=custom_field_values{id,value,field_name,field_type,picklist_option}'

async function matterWith(clio: Clio, values: JsonObject[]) {
  return clio.post(`matters?fields=id,custom_field_values{id,value,field_name,field_type}`, {
    client: { id: clio.idOf('contacts', 'Maria Alvarez') },
    description: 'Custody',
    custom_field_values: values,
  })
}

test("a value has an id of its own, composed of the field's type and a number", async () => {
  const clio = startClio()
  const made = await matterWith(clio, [
    { custom_field: { id: clio.idOf('custom_fields', 'Opposing party') }, value: 'Carlos' },
  ])
  expect(made.data.custom_field_values).toEqual([
    {
      id: expect.stringMatching(/^text_line-\d+$/),
      value: 'Carlos',
      field_name: 'Opposing party',
      field_type: 'text_line',
    },
  ])
})

test("a second value for the same field is refused; with the value's id it is changed, with _destroy it goes", async () => {
  const clio = startClio()
  const field = { id: clio.idOf('custom_fields', 'Opposing party') }
  const made = await matterWith(clio, [{ custom_field: field, value: 'Carlos' }])
  const path = `matters/${made.data.id}`
  const [{ id }] = made.data.custom_field_values as [{ id: string }]

  const again = await clio.patch(path, { custom_field_values: [{ custom_field: field, value: 'Juan' }] })
  expect(again.status).toBe(422)
  expect(again.error.message).toContain('already exists')

  const changed = await clio.patch(`${path}?${fields}`, { custom_field_values: [{ id, value: 'Juan' }] })
  expect(changed.data.custom_field_values).toMatchObject([{ id, value: 'Juan' }])
  await clio.patch(path, { custom_field_values: [{ id, _destroy: true }] })
  expect((await clio.get(`${path}?${fields}`)).data.custom_field_values).toEqual([])
})

test('a picklist takes the id of an option, not its name', async () => {
  const clio = startClio()
  const id = clio.idOf('custom_fields', 'Referral source')
  const field = await clio.get(`custom_fields/${id}?fields=field_type,picklist_options{id,option}`)
  const options = field.data.picklist_options as { id: number; option: string }[]
  expect(options.map(({ option }) => option)).toEqual(['Google', 'Friend or family', 'Advertisement', 'Other'])

  expect((await matterWith(clio, [{ custom_field: { id }, value: 'Google' }])).status).toBe(422)
  const made = await matterWith(clio, [{ custom_field: { id }, value: options[0]?.id ?? 0 }])
  expect(made.status).toBe(201)
  const told = await clio.get(`matters/${made.data.id}?${fields}`)
  expect(told.data.custom_field_values).toMatchObject([
    { value: String(options[0]?.id), picklist_option: { option: 'Google' } },
  ])
})

test.each([
  ['Incident date', 'yesterday', '2026-10-01'],
  ['Estimated value', 'much', '12500.50'],
  ['Urgent', 'yes', true],
  ['Children', 'two', 2],
])('%s: %j is refused, %j is not', async (name, wrong, right) => {
  const clio = startClio()
  const custom_field = { id: clio.idOf('custom_fields', name) }
  expect((await matterWith(clio, [{ custom_field, value: wrong }])).status).toBe(422)
  expect((await matterWith(clio, [{ custom_field, value: right }])).status).toBe(201)
})

test("a contact's field is not for a matter, and a field that is not there for nobody", async () => {
  const clio = startClio()
  const id = clio.idOf('custom_fields', 'Newsletter')
  expect((await matterWith(clio, [{ custom_field: { id }, value: 'true' }])).status).toBe(422)
  expect((await matterWith(clio, [{ custom_field: { id: 1 }, value: 'x' }])).status).toBe(404)
})

test('matters can be asked for by the value of a field', async () => {
  const clio = startClio()
  const party = clio.idOf('custom_fields', 'Opposing party')
  await matterWith(clio, [{ custom_field: { id: party }, value: 'Juan' }])
  const found = await clio.get(`matters?fields=description&custom_field_values[${party}]==Juan`)
  expect(found.list).toEqual([{ description: 'Custody' }])
  expect(clio.sandbox.ledger.entries.at(-1)?.unknownQuery).toEqual([])
})
