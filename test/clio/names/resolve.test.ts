import { describe, expect, test } from 'vitest'
import { resolve } from '../../../src/clio/names/resolve.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { Park } from '../../../src/model/intent.ts'
import { type Firm, startFirm } from '../clio.ts'

const ask = (firm: Firm, resource: string, name: Json, body: JsonObject = {}) =>
  resolve(resource, name, 'tasks.x', body, firm.clio)
const minute = 60_000

describe('what is an id', () => {
  test.each<[string, Json, Json]>([
    ['a number', 41, 41],
    ['a step', { id: 41, resource: 'matters', created: true }, 41],
    ['an object', { id: 41 }, 41],
    ['an object whose id is text', { id: '41' }, 41],
  ])('%s', async (_, value, id) => {
    const firm = startFirm()
    expect(await ask(firm, 'matters', value)).toBe(id)
    expect(firm.reads).toEqual([])
  })

  test('text of digits is a name, unless the resource has none', async () => {
    const firm = startFirm()
    await expect(ask(firm, 'practice_areas', '41')).rejects.toThrow(/no practice area in Clio is called “41”/)
    expect(await ask(firm, 'tasks', '41')).toBe(41)
    await expect(ask(firm, 'tasks', 'Call')).rejects.toThrow(/cannot look one up by name/)
  })

  test('some ids are text: of records without a name', async () => {
    const firm = startFirm()
    expect(await ask(firm, 'calendar_entries', { id: '991-20260504' })).toBe('991-20260504')
    expect(await ask(firm, 'users', { id: 'sam@smith.example' })).toBe(firm.idOf('users', 'sam@smith.example'))
    // What is no id would stand in a path, which the ledger keeps in clear.
    await expect(ask(firm, 'calendar_entries', { id: 'Maria Vega' })).rejects.toThrow(/cannot look one up by name/)
  })

  test('a step of another resource is not taken, though its id may be somebody’s', async () => {
    const firm = startFirm()
    const client = { id: 41, resource: 'contacts', created: true }
    await expect(ask(firm, 'matters', client)).rejects.toThrow('tasks.x wants a record of matters, not of contacts.')
  })

  test.each<Json>([null, '', '  ', true, 1.5, [], {}, { id: null, found: false }, { name: '' }, [41]])(
    'nobody: %j',
    async value => {
      const firm = startFirm()
      await expect(ask(firm, 'matters', value)).rejects.toThrow(Park)
      expect(firm.reads).toEqual([])
    },
  )
})

describe('names', () => {
  test.each([
    ['users', 'sam@smith.example', 'sam@smith.example'],
    ['users', 'SAM@smith.example ', 'sam@smith.example'],
    ['users', 'Sam Smith', 'sam@smith.example'],
    ['practice_areas', 'family  law', 'Family Law'],
    ['matters', '00001-Alvarez', '00001-Alvarez'],
    ['contacts', 'Maria Alvarez', 'Maria Alvarez'],
    ['contacts', 'maria.alvarez@mail.example', 'Maria Alvarez'],
    ['task_types', 'Call', 'Call'],
    ['document_categories', 'evidence', 'Evidence'],
    ['activity_descriptions', 'Drafting', 'Drafting'],
  ])('%s: %s', async (resource, name, record) => {
    const firm = startFirm()
    expect(await ask(firm, resource, name)).toBe(firm.idOf(resource, record))
  })

  test('a calendar is a user’s own, by e-mail or name, or one by its name', async () => {
    const firm = startFirm()
    const own = firm.record('users', firm.idOf('users', 'sam@smith.example')).default_calendar_id
    expect(await ask(firm, 'calendars', 'sam@smith.example')).toBe(own)
    expect(await ask(firm, 'calendars', 'Sam Smith')).toBe(own)
    expect(await ask(firm, 'calendars', 'Smith & Partners')).toBe(firm.idOf('calendars', 'Smith & Partners'))
  })

  test('a piece of a name is none', async () => {
    const firm = startFirm()
    await expect(ask(firm, 'contacts', 'Maria')).rejects.toThrow(Park)
    await expect(ask(firm, 'matters', '00001')).rejects.toThrow(Park)
  })

  test('composed and decomposed letters are the same', async () => {
    const firm = startFirm()
    const { id } = firm.sandbox.account('smith').insert('practice_areas', { name: 'Propriété' })
    expect(await ask(firm, 'practice_areas', 'Proprie\u0301te\u0301')).toBe(id)
  })

  test('a user who is disabled is nobody', async () => {
    const firm = startFirm()
    firm.sandbox
      .account('smith')
      .insert('users', { first_name: 'Old', last_name: 'Hand', email: 'old@smith.example', enabled: false })
    await expect(ask(firm, 'users', 'old@smith.example')).rejects.toThrow(Park)
  })

  test('a stage is one of its practice area’s', async () => {
    const firm = startFirm()
    const injury = firm.idOf('practice_areas', 'Personal Injury')
    const stage = firm.sandbox
      .account('smith')
      .insert('matter_stages', { name: 'Engaged', order: 1, practice_area: { id: injury } })
    expect(await ask(firm, 'matter_stages', 'Engaged', { practice_area: { id: injury } })).toBe(stage.id)
    await expect(ask(firm, 'matter_stages', 'Engaged')).rejects.toThrow(/several/)
    await expect(ask(firm, 'matter_stages', 'Court', { practice_area: { id: injury } })).rejects.toThrow(
      'no matter stage in Clio is called “Court” in the practice area that stands beside it. Clio has: Engaged.',
    )
    await expect(ask(firm, 'matter_stages', 'Cuort')).rejects.toThrow(/is called “Cuort”\. Clio has: /)
  })
})

describe('a person is asked', () => {
  test('when nobody is called so: who is there', async () => {
    const firm = startFirm()
    await expect(ask(firm, 'users', 'nobody@smith.example')).rejects.toThrow(
      'tasks.x: no user in Clio is called “nobody@smith.example”. ' +
        'Clio has: intake@smith.example · Ina Take; sam@smith.example · Sam Smith.',
    )
  })

  test('when several are: which', async () => {
    const firm = startFirm()
    const other = firm.sandbox
      .account('smith')
      .insert('contacts', { type: 'Person', first_name: 'Maria', last_name: 'Alvarez' })
    const first = firm.idOf('contacts', 'Maria Alvarez')
    const words = await ask(firm, 'contacts', 'Maria Alvarez').catch(error => String(error.message))
    expect(words).toContain('Clio has several contacts called “Maria Alvarez”')
    expect(words).toContain(`(id ${first})`)
    expect(words).toContain(`(id ${other.id})`)
  })
})

describe('calls are spent like money', () => {
  test('a list is fetched once for many names', async () => {
    const firm = startFirm()
    for (const name of ['Family Law', 'Immigration', 'Employment']) await ask(firm, 'practice_areas', name)
    expect(firm.reads).toHaveLength(1)
  })

  test('a name that a kept list lacks is asked of Clio once more', async () => {
    const firm = startFirm()
    await ask(firm, 'practice_areas', 'Family Law')
    const { id } = firm.sandbox.account('smith').insert('practice_areas', { name: 'Tax' })
    firm.pass(minute)
    expect(await ask(firm, 'practice_areas', 'Tax')).toBe(id)
    expect(firm.reads).toHaveLength(2)
    await expect(ask(firm, 'practice_areas', 'Taxi')).rejects.toThrow(Park)
    await expect(ask(firm, 'practice_areas', 'Taxi')).rejects.toThrow(Park)
    expect(firm.reads).toHaveLength(2)
  })

  test('a list is an hour old at most', async () => {
    const firm = startFirm()
    await ask(firm, 'practice_areas', 'Family Law')
    firm.pass(61 * minute)
    await ask(firm, 'practice_areas', 'Family Law')
    expect(firm.reads).toHaveLength(2)
  })
})
