import { expect, test } from 'vitest'
import { person, startClio } from './helpers.ts'

test('without fields, an answer is id and etag, whatever the call', async () => {
  const clio = startClio()
  const made = await clio.post('contacts', person('Ada', 'Byron'))
  expect(made.status).toBe(201)
  expect(Object.keys(made.data).sort()).toEqual(['etag', 'id'])
  const got = await clio.get(`contacts/${made.data.id}`)
  expect(got.data).toEqual(made.data)
  const [first] = (await clio.get('contacts')).list
  expect(Object.keys(first ?? {}).sort()).toEqual(['etag', 'id'])
})

test('fields are honoured by create and update too', async () => {
  const clio = startClio()
  const made = await clio.post('contacts?fields=name,type', person('Ada', 'Byron'))
  expect(made.data).toEqual({ name: 'Ada Byron', type: 'Person' })
  const id = clio.idOf('contacts', 'Ada Byron')
  const changed = await clio.patch(`contacts/${id}?fields=name`, { last_name: 'Lovelace' })
  expect(changed.data).toEqual({ name: 'Ada Lovelace' })
})

test('the path works with and without .json', async () => {
  const clio = startClio()
  const one = await clio.get('users.json?fields=id,name')
  expect(one.list).toEqual((await clio.get('users?fields=id,name')).list)
  expect((await clio.get(`users/${one.list[0]?.id}.json?fields=name`)).data).toEqual({ name: 'Ina Take' })
})

test('a nested name opens one level', async () => {
  const clio = startClio()
  const { list } = await clio.get('matters?fields=display_number,client{name,type},practice_area{name}')
  expect(list[0]).toEqual({
    display_number: '00001-Alvarez',
    client: { name: 'Maria Alvarez', type: 'Person' },
    practice_area: { name: 'Family Law' },
  })
})

test('a bare nested name shows id and etag only, so that addresses seem to be missing', async () => {
  const clio = startClio()
  const { list } = await clio.get('contacts?fields=email_addresses,company')
  expect(list[0]).toEqual({ email_addresses: [{ id: expect.any(Number), etag: expect.any(String) }], company: null })
})

test('a second level is refused', async () => {
  const clio = startClio()
  const told = await clio.get('matters?fields=id,custom_field_values{custom_field{id}}')
  expect(told.status).toBe(400)
  expect(told.error.type).toBe('InvalidFields')
})

test.each(['id,colour', 'id,client{name,colour}', 'id{name}'])('an unknown field is refused: %s', async fields => {
  const clio = startClio()
  const told = await clio.get(`matters?fields=${fields}`)
  expect(told.status).toBe(400)
  expect(told.error).toMatchObject({ type: 'InvalidFields', message: expect.stringContaining('not valid') })
})

test.each(['client{name', 'client}', '{name}'])('braces that do not match are refused: %s', async fields => {
  expect((await startClio().get(`matters?fields=${fields}`)).status).toBe(400)
})

test('braces may be percent-encoded', async () => {
  const told = await startClio().get('matters?fields=client%7Bname%7D')
  expect(told.list[0]).toEqual({ client: { name: 'Maria Alvarez' } })
})

test('an unknown field on a create is refused before anything is made', async () => {
  const clio = startClio()
  const before = clio.sandbox.records().contacts?.length
  expect((await clio.post('contacts?fields=id,colour', person('Ada', 'Byron'))).status).toBe(400)
  expect(clio.sandbox.records().contacts).toHaveLength(before ?? 0)
})
