import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import { document, newConnection, operator, problemOf } from './app.ts'

/** The sandbox's Clio (src/sandbox/seed.ts) has the names that are right here. */

const { call } = operator()
const firm = 'named'
const connection = newConnection()

const with_ = async (steps: JsonObject, more: JsonObject = {}) =>
  document({ rules: [{ name: 'rule', on: { endpoint: 'website' }, steps }], ...more }, await connection)
const put = async (steps: JsonObject, query = '?dry=1&names=1', more: JsonObject = {}) =>
  call('PUT', `/api/firms/${firm}/config${query}`, await with_(steps, more))
const faults = async (steps: JsonObject) => {
  const answer = await put(steps)
  expect(answer.status).toBe(422)
  return new Map((await problemOf(answer)).errors!.map(({ path, message }) => [path, message]))
}

const at = (step: string, rest: string) => `rules[0].steps.${step}.${rest}`
const matter = (values: JsonObject = {}): JsonObject => ({
  create: 'matters',
  with: { client: 'maria.alvarez@mail.example', description: 'x', ...values },
})
const task = (values: JsonObject = {}): JsonObject => ({
  create: 'tasks',
  with: { name: 'Call', assignee: 'sam@smith.example', ...values },
})

beforeAll(async () => {
  expect((await put({ t: task() }, '')).status).toBe(200)
})

describe('a document whose names are looked up', () => {
  it('has four mistakes told in one answer, each with its path and the nearest right name', async () => {
    const found = await faults({
      m: matter({ practice_area: 'Familly Law', custom_fields: { 'Referal source': '{{ fields.from }}' } }),
      t: task({ assignee: 'sam@smiht.example', due_at: "{{ date('next fryday') }}" }),
    })
    expect([...found.keys()].sort()).toEqual([
      at('m', 'with.custom_fields["Referal source"]'),
      at('m', 'with.practice_area'),
      at('t', 'with.assignee'),
      at('t', 'with.due_at'),
    ])
    expect(found.get(at('m', 'with.practice_area'))).toBe(
      'none of Clio’s practice areas is called “Familly Law”; did you mean “Family Law”?',
    )
    expect(found.get(at('m', 'with.custom_fields["Referal source"]'))).toContain('did you mean “Referral source”?')
    expect(found.get(at('t', 'with.assignee'))).toContain('did you mean “sam@smith.example”?')
    expect(found.get(at('t', 'with.due_at'))).toContain('cannot be worked out')
  })

  it.each<[string, JsonObject, string, string]>([
    [
      'a stage of another practice area',
      matter({ practice_area: 'Criminal', matter_stage: 'Engaged' }),
      'with.matter_stage',
      'none of Clio’s matter stages in that practice area is called “Engaged”',
    ],
    [
      'the name of a record to change',
      { update: 'matters', id: '00009-Nobody', with: { description: 'x' } },
      'id',
      '“00009-Nobody”',
    ],
    [
      'several options of a picklist',
      matter({ custom_fields: { 'Referral source': ['Google', 'Other'] } }),
      'with.custom_fields["Referral source"]',
      'takes one of its options in Clio, not a list',
    ],
    [
      'a number in a custom field',
      matter({ custom_fields: { Children: 'two' } }),
      'with.custom_fields.Children',
      'takes a number in Clio',
    ],
    ['the name of a record to get', { get: 'users', id: 'sam@smiht.example' }, 'id', '“sam@smith.example”'],
    [
      'an option of a picklist',
      matter({ custom_fields: { 'Referral source': 'Gogle' } }),
      'with.custom_fields["Referral source"]',
      '“Google”',
    ],
    [
      'a day in a custom field',
      matter({ custom_fields: { 'Incident date': 'soon' } }),
      'with.custom_fields["Incident date"]',
      'takes a date',
    ],
    [
      'a custom field of contacts on a matter',
      matter({ custom_fields: { Newsletter: 'yes' } }),
      'with.custom_fields.Newsletter',
      'is none of the custom fields of Clio’s matters: it is one of contacts',
    ],
    [
      'a calendar',
      {
        create: 'calendar_entries',
        with: {
          summary: 'x',
          start_at: '2026-12-01T10:00',
          end_at: '2026-12-01T11:00',
          calendar_owner: 'sam@smith.exmple',
        },
      },
      'with.calendar_owner',
      '“sam@smith.example”',
    ],
    [
      'a client by an address that nobody has',
      matter({ client: 'nobody@mail.example' }),
      'with.client',
      'nobody@mail.example',
    ],
    ['a name in a search', { find: 'tasks', where: { assignee_id: 'Samm' } }, 'where.assignee_id', 'users'],
  ])('tells of %s', async (_, step, path, word) => {
    const found = await faults({ s: step })
    expect([...found.keys()]).toEqual([at('s', path)])
    expect(found.get(at('s', path))).toContain(word)
  })

  it('is fine when Clio has them all, and those that hang on an expression are not looked up', async () => {
    const answer = await put({
      m: matter({
        practice_area: 'Family Law',
        matter_stage: '{{ fields.stage }}',
        custom_fields: { 'Referral source': 'Google', 'Incident date': '{{ fields.when }}', Urgent: 'yes' },
      }),
      t: task({ matter: '{{ steps.m }}', due_at: "{{ date('+1 business day') }}" }),
      g: { get: 'users', id: 'sam@smith.example' },
      maybe: { get: 'matters', id: '77777-Nobody', none: 'continue' },
      e: {
        create: 'matters',
        with: { client: '{{ person.email }}', description: 'x', practice_area: '{{ fields.area }}' },
      },
    })
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ version: 1 })])
  })

  it('is not saved when a name is wrong, and is saved without looking when nobody asks', async () => {
    const wrong = { m: matter({ practice_area: 'Familly Law' }) }
    expect((await put(wrong, '?names=1')).status).toBe(422)
    expect((await (await put(wrong, '')).json()) as Json).toMatchObject({ version: 2 })
  })

  it('says that a connection which is new has not been asked', async () => {
    const answer = await put({ t: task() }, '?dry=1&names=1', { connection: await newConnection() })
    expect(await answer.json()).toMatchObject({ warnings: [{ path: 'connection' }] })
  })
})

describe('constants', () => {
  it.each<[string, Json]>([
    ["{{ date('soon-ish') }}", 'cannot be worked out'],
    ["{{ 'whenever' }}", 'comes out as "whenever"'],
  ])('that can be no date are refused without asking Clio: %s', async (due_at, word) => {
    const answer = await put({ t: task({ due_at }) }, '?dry=1')
    const [error] = (await problemOf(answer)).errors!
    expect(error).toEqual({ path: at('t', 'with.due_at'), message: expect.stringContaining(String(word)) })
  })
})
