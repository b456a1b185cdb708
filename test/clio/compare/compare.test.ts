import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldsOf, mistakable, readable, says } from '../../../src/clio/compare/compare.ts'
import { contract, resourceNamed } from '../../../src/clio/contract/index.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Call } from '../../../src/model/call.ts'

describe('an answer says what was sent', () => {
  test.each<[string, Json, Json]>([
    ['a status, capitalised', 'open', 'Open'],
    ['a priority, in small letters', 'High', 'high'],
    ['an id, as text', 991, '991'],
    ['text, as a number', '12.50', 12.5],
    ['a number, as text', 12.5, '12.50'],
    ['a time, in another timezone', '2026-10-15T18:00:00Z', '2026-10-15T14:00:00-04:00'],
    ['a time, with fractions', '2026-10-15T18:00:00Z', '2026-10-15T18:00:00.000Z'],
    ['a date, as a time', '2026-10-15', '2026-10-15T00:00:00Z'],
    ['a date, as midnight in New York', '2026-10-15', '2026-10-15T04:00:00Z'],
    ['a date, as midnight in Sydney', '2026-10-15', '2026-10-14T13:00:00Z'],
    ['a time, as its date', '2026-10-15T23:30:00Z', '2026-10-15'],
    ['other line ends, space around', 'one\r\ntwo ', 'one\ntwo'],
    ['a blank, as null', '', null],
    ['null, left out', null, null],
    ['false, as null', false, null],
    ['a part of an object', { id: 7 }, { id: 7, etag: 'x' }],
    ['items in another order', [{ address: 'a' }, { address: 'b' }], [{ address: 'b' }, { address: 'A', id: 1 }]],
    ['an empty list', [], []],
  ])('%s', (_, sent, read) => {
    expect(says(sent, read)).toBe(true)
  })

  test.each<[string, Json, Json | undefined]>([
    ['another word', 'open', 'Closed'],
    ['another id', 991, '992'],
    ['references that are equal as numbers', '2026.1', '2026.10'],
    ['references with zeros in front', '007', '7'],
    ['another minute', '2026-10-15T18:00:00Z', '2026-10-15T18:01:00Z'],
    ['another day', '2026-10-15', '2026-10-16'],
    ['the time of another day', '2026-10-15', '2026-10-17T04:00:00Z'],
    ['nothing', 'Ann', null],
    ['nothing at all', 'Ann', undefined],
    ['nothing, for true', true, null],
    ['zero, for a blank that is none', ' x', 0],
    ['an object', 'Ann', { id: 1 }],
    ['an item that is missing', [{ address: 'a' }, { address: 'b' }], [{ address: 'a' }]],
    ['no list', [{ address: 'a' }], null],
    ['another key', { id: 7, type: 'User' }, { id: 7, type: 'Contact' }],
    ['null, where an object was sent', { id: 7 }, null],
  ])('but not: %s', (_, sent, read) => {
    expect(says(sent, read)).toBe(false)
  })

  test('whatever it is, it says itself, and nothing is thrown', () => {
    const json = fc.jsonValue() as fc.Arbitrary<Json>
    fc.assert(fc.property(json, value => says(value, value)))
    fc.assert(fc.property(json, json, (sent, read) => typeof says(sent, read) === 'boolean'))
  })
})

describe('what can be held against an answer', () => {
  const held = (name: string, body: JsonObject) => readable(body, resourceNamed(name)!)

  test.each<[string, string, JsonObject, JsonObject]>([
    [
      'marks that are written only',
      'contacts',
      { first_name: 'Ann', email_addresses: [{ address: 'a@b.example', default_email: true }] },
      { first_name: 'Ann', email_addresses: [{ address: 'a@b.example' }] },
    ],
    ['whom to tell', 'tasks', { name: 'Call', notify_assignee: true }, { name: 'Call' }],
    ['a word that answers never say', 'tasks', { assignee: { id: 7, type: 'Contact' } }, { assignee: { id: 7 } }],
    ['a word that they do say', 'tasks', { assignee: { id: 7, type: 'User' } }, { assignee: { id: 7, type: 'User' } }],
    [
      'the second nested level',
      'matters',
      { custom_field_values: [{ custom_field: { id: 5 }, value: '1,250.00' }] },
      { custom_field_values: [{ value: 1250 }] },
    ],
    [
      'a parent, which answers as a folder',
      'documents',
      { name: 'x', parent: { id: 1, type: 'Matter' } },
      { name: 'x' },
    ],
    ['nothing at all', 'matters', { reset_matter_number: true }, {}],
  ])('without %s', (_, name, body, kept) => {
    expect(held(name, body)).toEqual(kept)
  })

  test('the fields to ask for, a union over the items of a list', () => {
    const body = { name: 'x', matter: { id: 1 }, items: [{ a: 1 }, { b: 2 }], events: ['created'] }
    expect(fieldsOf(body, resourceNamed('tasks')!)).toBe('id,created_at,name,matter{id},items{a,b},events')
  })

  test('a stamp that a resource does not show is not asked for', () => {
    for (const [name, resource] of Object.entries(contract))
      for (const field of fieldsOf({}, resource).split(','))
        if (resource.read.id) expect(resource.read, name).toHaveProperty(field)
  })
})

describe('two calls of which one could be given the other’s record', () => {
  const post = (path: string, body: JsonObject): Call => ({ method: 'POST', path, body })
  const task = (name: string, matter?: number): Call =>
    post('tasks', { name, assignee: { id: 1 }, ...(matter && { matter: { id: matter } }) })
  const entry = (value: string): Call =>
    post('calendar_entries', { external_properties: [{ name: 'docketed', value }] })
  const patch = (path: string): Call => ({ method: 'PATCH', path, body: { note: 'x' } })

  test.each<[string, string, Call, Call, boolean]>([
    ['equal tasks', 'tasks', task('Call'), task('Call'), true],
    ['a name spelled otherwise', 'tasks', task('Call'), task('CALL '), true],
    ['other names', 'tasks', task('Call'), task('Write'), false],
    ['other matters', 'tasks', task('Call', 1), task('Call', 2), false],
    ['a matter, and none', 'tasks', task('Call', 1), task('Call'), true],
    ['other resources', 'tasks', task('Call'), post('notes', {}), false],
    ['other marks', 'calendar_entries', entry('run-1/a'), entry('run-2/a'), false],
    ['the same mark', 'calendar_entries', entry('run-1/a'), entry('run-1/a'), true],
    ['a resource without a lookup', 'timer', post('timer', {}), post('timer', {}), true],
    ['changes of one record', 'contacts', patch('contacts/1'), patch('contacts/1'), true],
    ['changes of two records', 'contacts', patch('contacts/1'), patch('contacts/2'), false],
    ['a create and a change', 'tasks', task('Call'), patch('tasks'), false],
    ['deletions', 'tasks', { method: 'DELETE', path: 'tasks/1' }, { method: 'DELETE', path: 'tasks/1' }, false],
    ['reads', 'tasks', { method: 'GET', path: 'tasks' }, { method: 'GET', path: 'tasks' }, false],
  ])('%s', (_, name, one, other, expected) => {
    expect(mistakable(one, other, name)).toBe(expected)
    expect(mistakable(other, one, name)).toBe(expected)
  })

  test('people: one address of several in common', () => {
    const person = (...addresses: string[]) =>
      post('contacts', { type: 'Person', email_addresses: addresses.map(address => ({ address })) })
    expect(mistakable(person('a@x.example', 'b@x.example'), person('B@x.example'), 'contacts')).toBe(true)
    expect(mistakable(person('a@x.example'), person('b@x.example'), 'contacts')).toBe(false)
  })
})
