import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { sources } from '../../../src/sources/index.ts'
import { changed, refusals, warnings } from '../../change.ts'
import { registry } from '../../registry.ts'

/** What steps ask of Clio with `get` and `find`, and what later ones may read of it. */

const at = 'rules[0].steps'
const matter = (more: JsonObject = {}): JsonObject => ({
  get: 'matters',
  id: '{{ fields.matter }}',
  fields: 'id,display_number,client{id,name},practice_area,custom_fields',
  ...more,
})
const matters = (more: JsonObject = {}): JsonObject => ({
  find: 'matters',
  where: { client_id: '{{ fields.client }}', status: 'pending' },
  fields: 'id,display_number,client{name}',
  several: 'all',
  ...more,
})
const task = (text: string, more: JsonObject = {}): JsonObject => ({
  create: 'tasks',
  with: { name: `{{ ${text} }}`, assignee: 7 },
  ...more,
})
const document = (steps: JsonObject) => changed({ 'rules.0.steps': steps })
const refused = (steps: JsonObject, known = registry) =>
  refusals(document(steps), known).map(({ path, message }) => `${path}: ${message}`)

describe('get and find', () => {
  it('take fields as Clio does', () => {
    expect(refused({ one: matter(), all: matters({ limit: 200 }) })).toEqual([])
    expect(refused({ one: { get: 'users', id: 'sam@smith.example' }, two: { get: 'tasks', id: 7 } })).toEqual([])
  })

  it.each<[string, JsonObject, RegExp]>([
    [
      'a field that Clio does not have',
      matter({ fields: 'id,dispaly_number' }),
      /^rules\[0\].steps.it.fields: .*Did you mean 'display_number'/,
    ],
    ['one inside of another', matter({ fields: 'client{nmae}' }), /\.fields: client: .*Did you mean 'name'/],
    ['braces in braces', matter({ fields: 'client{account{id}}' }), /takes one level of braces/],
    [
      'custom fields of what has none',
      { get: 'tasks', id: 7, fields: 'custom_fields' },
      /'custom_fields' is not known/,
    ],
    ['no id', { get: 'matters' }, /it.id: is missing: get needs it/],
    ['a name of what has none', { get: 'tasks', id: 'Call' }, /Clio cannot look one up by name/],
    [
      'a resource that Clio does not have',
      { get: 'matter', id: 1 },
      /it\.get: is not known here; did you mean 'matters'/,
    ],
    ['more than Clio’s pages hold', matters({ limit: 201 }), /it.limit/],
    [
      'a limit where one is taken',
      matters({ limit: 5, several: 'oldest' }),
      /it.limit: goes with "several": "all" only/,
    ],
    ['a link to a list', matters({ link: 'matters' }), /it.link: cancels out with 'several'/],
    [
      'fields of what does not read',
      task("'x'", { fields: 'id' }),
      /it.fields: does not go with create; it belongs to get, find/,
    ],
  ])('refuse %s', (_, it, message) => {
    expect(refused({ it })).toContainEqual(expect.stringMatching(message))
  })
})

describe('what is read of it', () => {
  it('is what was asked for, and id, found and resource', () => {
    const texts = [
      'steps.one.display_number + steps.one.client.name + string(steps.one.practice_area.id)',
      "steps.one.custom_fields['Referral source']",
      'string(steps.one.found) + string(steps.one.id) + steps.one.resource',
      'steps.all[0].display_number + steps.all[0].client.name',
      "join(steps.all.map(one, one.display_number), ', ')",
    ]
    const reading = Object.fromEntries(texts.map((text, n) => [`t${n}`, task(text)]))
    const each = task('item.display_number + item.client.name + string(item.id)', { each: 'steps.all' })
    expect(refused({ one: matter(), all: matters(), ...reading, each })).toEqual([])
  })

  it.each<[string, JsonObject, string]>([
    [
      'a field that was not asked for',
      task('steps.one.description'),
      `there is no description: 'fields' does not ask for it`,
    ],
    [
      'a slip',
      task('steps.one.display_numbr'),
      `there is no display_numbr: 'fields' does not ask for it; did you mean display_number?`,
    ],
    ['one below', task('steps.one.client.email'), `there is no client.email: 'fields' asks for client{id,name}`],
    [
      'what stands below a name without braces',
      task('steps.one.practice_area.name'),
      `there is no practice_area.name: 'fields' asks for practice_area{id,etag}`,
    ],
    [
      'in a condition',
      task("'x'", { if: "steps.one.status == 'Open'" }),
      `there is no status: 'fields' does not ask for it`,
    ],
    ['of the first of a list', task('steps.all[0].status'), `there is no status: 'fields' does not ask for it`],
    [
      'of a list as of one',
      task('steps.all.display_number'),
      `steps.all is a list: a step with "each": "steps.all" reads item.display_number, and steps.all[0].display_number is that of the first`,
    ],
    ['of each', task('item.status', { each: 'steps.all' }), `there is no status: 'fields' does not ask for it`],
    [
      'of each, by a name of one’s own',
      task("join(steps.all.map(one, one.status), ', ')"),
      `there is no status: 'fields' does not ask for it`,
    ],
    [
      'custom fields that were not asked for',
      task("steps.all[0].custom_fields['A']"),
      `there is no custom_fields: 'fields' does not ask for it`,
    ],
  ])('is refused: %s', (_, it, message) => {
    const found = refusals(document({ one: matter(), all: matters(), it }))
    expect(found.map(one => one.message)).toEqual([message])
    expect(found[0]!.path.startsWith(`${at}.it`)).toBe(true)
  })

  it('of a find that says no fields is every plain value; anything else is a warning, as older documents may have it', () => {
    const { fields: _, ...bare } = matters({ several: 'oldest' })
    const text = document({ all: bare, a: task('steps.all.description'), b: task('steps.all.custom_fields') })
    expect(refusals(text)).toEqual([])
    expect(warnings(text)).toContainEqual({
      path: `${at}.b.with.name`,
      message: 'there is no custom_fields: it is not read',
    })
  })

  it('of a step with each is a list', () => {
    const each = matter({ each: 'steps.all', id: '{{ item.id }}' })
    const found = refused({ all: matters(), one: each, it: task('steps.one.display_number') })
    expect(found).toEqual([expect.stringContaining('steps.one is a list')])
    expect(refused({ all: matters(), one: each, it: task('item.display_number', { each: 'steps.one' }) })).toEqual([])
  })
})

it('a stranger’s answers choose no record that is then changed', () => {
  const change = { update: 'matters', id: '{{ steps.one.id }}', with: { description: 'x' } }
  expect(refused({ one: matter(), change }, sources)).toEqual([
    expect.stringContaining('would let a stranger update a record'),
  ])
})
