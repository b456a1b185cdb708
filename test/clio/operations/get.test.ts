import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { type Firm, startFirm } from '../clio.ts'

const get = (resource: string, id: Json, more: object = {}): Intent => ({
  verb: 'get',
  resource,
  id,
  none: 'park',
  ...more,
})
const find = (fields: string, more: object = {}): Intent => ({
  verb: 'find',
  resource: 'matters',
  where: { status: 'Open' },
  fields,
  none: 'park',
  several: 'all',
  ...more,
})
/** The fields that the last read asked for. */
const asked = (firm: Firm) => firm.reads.at(-1)?.query?.fields

describe('get', () => {
  test('by id: what was asked for, id with it', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00001-Alvarez')
    for (const one of [id, String(id), { id, resource: 'matters' }])
      expect(await firm.done(get('matters', one, { fields: 'display_number,client{name}' }))).toEqual({
        id,
        display_number: '00001-Alvarez',
        client: { name: 'Maria Alvarez' },
        resource: 'matters',
        found: true,
      })
    expect(asked(firm)).toBe('display_number,client{name},id')
  })

  test('without fields: every plain value, as find', async () => {
    const firm = startFirm()
    const record = await firm.done(get('matters', firm.idOf('matters', '00001-Alvarez')))
    expect(record).toMatchObject({ status: 'Open', practice_area: { name: 'Family Law' }, found: true })
  })

  test('by the name that people say', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00002-Okafor')
    expect(await firm.done(get('matters', '00002-Okafor', { fields: 'status' }))).toMatchObject({ id })
    expect(await firm.done(get('users', 'sam@smith.example', { fields: 'name' }))).toMatchObject({
      id: firm.idOf('users', 'sam@smith.example'),
    })
    expect(firm.writes()).toEqual([])
  })

  test.each<[string, Json, string]>([
    ['an id that Clio does not have', 999_999, 'Clio has no record of matters with the id that the step names.'],
    ['a name that nobody has', '77777-Nobody', 'The matters to get: no matter in Clio is called “77777-Nobody”.'],
    ['what a step did not find', { found: false, id: null }, 'There is no matters to get: the id came out empty.'],
  ])('%s: a person is asked, or the rule goes on', async (_, id, words) => {
    const firm = startFirm()
    expect(await firm.parked(get('matters', id))).toContain(words)
    expect(await firm.done(get('matters', id, { none: 'continue' }))).toEqual({ found: false, id: null })
  })

  test('every resource that has single records can be read as get reads it', async () => {
    const firm = startFirm()
    const { contract } = await import('../../../src/clio/contract/index.ts')
    const records = firm.sandbox.records()
    let count = 0
    for (const [resource, { get: single }] of Object.entries(contract)) {
      const [one] = records[resource] ?? []
      if (!single || !one) continue
      count++
      expect(await firm.carryOut(get(resource, one.id ?? null)), resource).toMatchObject({ park: null })
    }
    expect(count).toBeGreaterThan(10)
  })
})

describe('custom fields', () => {
  const fields: JsonObject = { 'Referral source': 'Google' }

  test('are read by their names, as people see them', async () => {
    const firm = startFirm()
    const { id } = await firm.create('matters', { client: 'Maria Alvarez', description: 'x', custom_fields: fields })
    const read = await firm.done(get('matters', id!, { fields: 'display_number,custom_fields' }))
    expect(read.custom_fields).toEqual(fields)
    expect(read).not.toHaveProperty('custom_field_values')
    expect(asked(firm)).not.toContain('picklist_options{id')
  })

  test('each kind is what it says', async () => {
    const firm = startFirm()
    const kinds: [string, string, string, Json][] = [
      ['Retained', 'checkbox', 'true', true],
      ['Damages', 'currency', '1250.5', 1250.5],
      ['Seen on', 'date', '2026-11-02', '2026-11-02'],
      ['Said', 'text_line', 'Hello', 'Hello'],
    ]
    const store = firm.sandbox.account('smith')
    const values = kinds.map(([name, field_type, value], n) => {
      const made = store.insert('custom_fields', { name, field_type, parent_type: 'Matter', displayed: true })
      return { id: `${field_type}-${n}`, custom_field: { id: made.id }, value }
    })
    const { id } = store.insert('matters', { display_number: '7', status: 'Open', custom_field_values: values })
    const read = await firm.done(get('matters', id, { fields: 'custom_fields' }))
    expect(read.custom_fields).toEqual(Object.fromEntries(kinds.map(([name, , , said]) => [name, said])))
  })

  test('both ways at once, and none', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00002-Okafor')
    const read = await firm.done(get('matters', id, { fields: 'custom_fields,custom_field_values{id}' }))
    expect(read).toMatchObject({ custom_fields: {}, custom_field_values: [] })
  })
})

describe('find, all of them', () => {
  const open = async (firm: Firm, count: number) => {
    const store = firm.sandbox.account('smith')
    for (const row of store.all('matters')) store.remove(row)
    for (let n = 0; n < count; n++) store.insert('matters', { display_number: `M${n}`, status: 'Open' })
  }

  test('a list, the oldest first, of what was asked for', async () => {
    const firm = startFirm()
    await open(firm, 3)
    const found = (await firm.carryOut(find('display_number'))).output as unknown as JsonObject[]
    expect(found.map(one => one.display_number)).toEqual(['M0', 'M1', 'M2'])
    expect(found[0]).toMatchObject({ resource: 'matters', found: true, id: expect.any(Number) })
    expect(found[0]).not.toHaveProperty('status')
  })

  test.each([
    [50, undefined],
    [200, 200],
    [2, 2],
  ])('%i are taken, one more parks (limit %s)', async (most, limit) => {
    const firm = startFirm()
    await open(firm, most)
    const all = find('id', limit === undefined ? {} : { limit })
    expect((await firm.carryOut(all)).output).toHaveLength(most)
    firm.sandbox.account('smith').insert('matters', { display_number: 'one more', status: 'Open' })
    expect(await firm.parked(all)).toBe(
      `More than ${most} records of matters fit what the step looks for, and it takes at most ${most}: say more in its 'where', or another 'limit' (at most 200).`,
    )
  })

  test('what lies behind the limit is not paged through', async () => {
    const firm = startFirm()
    await open(firm, 900)
    await firm.parked(find('id'))
    expect(firm.reads).toHaveLength(1)
  })

  test('none: an empty list, where the rule goes on', async () => {
    const firm = startFirm()
    await open(firm, 0)
    expect((await firm.carryOut(find('id', { none: 'continue' }))).output).toEqual([])
    expect(await firm.parked(find('id'))).toMatch(/^No record of matters/)
  })
})
