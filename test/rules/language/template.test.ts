import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { evaluateTemplate, isTemplate, split, TemplateFault } from '../../../src/rules/language/template.ts'
import { scope } from '../scope.ts'

const here = scope({
  fields: { n: 3, yes: true, list: ['a', null, ' ', 'b'], blank: '  ', none: [], object: { a: null }, text: ' x ' },
  person: { first_name: 'Sam', last_name: null, email: null, phone: '+1 212 555 0100', company: null },
})

const filled = (value: Json) => evaluateTemplate(value, here)

describe('text', () => {
  it.each<[string, Json]>([
    ['plain', 'plain'],
    ['{{ fields.n }}', 3],
    ['{{fields.n}}', 3],
    ['{{ fields.yes }}', true],
    ['{{ fields.list }}', ['a', 'b']],
    ['{{ fields.object }}', { a: null }],
    ['{{ fields.text }}', 'x'],
    [' {{ fields.n }}', '3'],
    ['{{ fields.n }}{{ fields.n }}', '33'],
    ['{{ person.first_name }} {{ person.last_name }}', 'Sam'],
    ['Call {{ person.last_name }}', 'Call'],
    ['tags: {{ fields.list }}', 'tags: a, b'],
    ['{{ fields.object }}!', '!'],
    ["{{ '{{' }} and {{ '}}' }}", '{{ and }}'],
    ["{{ {'a': {'b': 1}} }}", { a: { b: 1 } }],
    ['{{ "}}" }}', '}}'],
    ["{{ '\\'}}' }}", "'}}"],
    ['a } b }} c { d', 'a } b }} c { d'],
    [' kept as it is ', ' kept as it is '],
  ])('%s makes %j', (text, expected) => {
    expect(filled(text)).toEqual(expected)
  })

  it.each([
    '',
    '   ',
    '{{ person.last_name }}',
    '{{ fields.blank }}',
    '{{ fields.none }}',
    '{{ fields.blank }} {{ person.last_name }}',
  ])('%j is empty', text => {
    expect(filled(text)).toBe(null)
  })

  it.each([
    ['a {{ b', 2],
    ['{{ a }', 0],
    ["{{ '}} ", 0],
    ['{{ {} }', 0],
  ])('%j never ends', (text, at) => {
    expect(split(text)).toEqual({ ok: false, at, message: expect.stringContaining('never ends') })
  })

  it('tells where its expressions stand', () => {
    expect(split('Dear {{  person.first_name }}!')).toEqual({
      ok: true,
      pieces: [{ text: 'Dear ' }, { expression: 'person.first_name', at: 9 }, { text: '!' }],
    })
  })

  it('comes through whatever it is, when it holds no braces', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !text.includes('{{') && text.trim() !== ''),
        text => {
          expect(filled(text)).toBe(text)
        },
      ),
    )
  })
})

describe('an empty value', () => {
  it.each<[string, JsonObject, Json]>([
    ['drops its key', { a: '{{ person.last_name }}', b: 1 }, { b: 1 }],
    ['drops its key, written or made', { a: null, b: '', c: [], d: {}, e: false, f: 0 }, { e: false, f: 0 }],
    ['drops the object that it leaves empty', { a: { b: { c: '{{ person.email }}' } }, d: 1 }, { d: 1 }],
    ['drops the list that it leaves empty', { a: ['{{ person.email }}', ''], d: 1 }, { d: 1 }],
    ['drops its item', { a: ['{{ person.email }}', 'b'] }, { a: ['b'] }],
    [
      'drops an item whose expressions are all empty, whatever words stand beside them',
      {
        email_addresses: [{ name: 'Work', address: '{{ person.email }}', default_email: true }],
        phone_numbers: [{ name: 'Mobile', number: '{{ person.phone }}' }],
      },
      { phone_numbers: [{ name: 'Mobile', number: '+1 212 555 0100' }] },
    ],
    ['drops an object in the same way', { assignee: { type: 'User', id: '{{ person.email }}' }, a: 1 }, { a: 1 }],
    ['drops an item of words around empty holes', { a: [{ b: 'Tel. {{ person.email }}' }], c: 1 }, { c: 1 }],
    [
      'keeps an item with one expression that is not',
      { a: [{ b: '{{ person.email }}', c: '{{ fields.n }}' }] },
      { a: [{ c: 3 }] },
    ],
    [
      'keeps an item without expressions',
      { a: [{ name: 'Work', address: 'a@b.example' }] },
      { a: [{ name: 'Work', address: 'a@b.example' }] },
    ],
    ['keeps words around empty holes', { name: 'Call {{ person.last_name }}' }, { name: 'Call' }],
    [
      'leaves the whole standing by its words',
      { type: 'Person', first_name: '{{ person.last_name }}' },
      { type: 'Person' },
    ],
    ['leaves nothing of nothing', { a: '{{ person.email }}' }, null],
  ])('%s', (_, value, expected) => {
    expect(filled(value)).toEqual(expected)
  })
})

it('says where an expression could not be worked out', () => {
  const value = { a: [{ b: 1 }, { b: "on {{ date('soon') }}" }] }
  expect(() => filled(value)).toThrow(TemplateFault)
  expect(() => evaluateTemplate(value, here, 'with')).toThrow(
    expect.objectContaining({
      path: 'with.a[1].b',
      expression: "date('soon')",
      message: expect.stringContaining('not a date'),
    }),
  )
})

it('knows a template from a literal', () => {
  expect(isTemplate({ a: [{ b: 'x {{ y }}' }] })).toBe(true)
  expect(isTemplate({ a: [{ b: 'x { y }' }], c: 3, d: null })).toBe(false)
})
