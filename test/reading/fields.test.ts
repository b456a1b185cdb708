import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/lib/json.ts'
import { unescaped } from '../../src/reading/body/escapes.ts'
import { readFields } from '../../src/reading/fields.ts'

describe('an answer', () => {
  it.each<[Json, Json]>([
    ['2026-04-09T00:00:00.000Z', '2026-04-09'],
    ['2026-04-09T00:00:00+00:00', '2026-04-09'],
    ['2026-04-09 00:00Z', '2026-04-09'],
    ['2026-04-09T00:00:01Z', '2026-04-09T00:00:01Z'],
    ['2026-04-09 00:00:00 UTC', '2026-04-09'],
    ['2026-04-09T00:00:00+02:00', '2026-04-09'],
    ['2026-04-09T14:00:00-04:00', '2026-04-09T14:00:00-04:00'],
    ['Jose\u0301', 'José'],
    ['Jos\ufffd\ufffd', 'Jos?'],
    [['a'], 'a'],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [['', 'a'], 'a'],
    [
      ['', ''],
      ['', ''],
    ],
    [[], []],
    [['0', '1'], '1'],
    [['off', 'on'], 'on'],
    [
      ['0', '2'],
      ['0', '2'],
    ],
    [
      ['no', 'Divorce'],
      ['no', 'Divorce'],
    ],
    [[{ name: 'Ada' }], [{ name: 'Ada' }]],
    [{ 0: 'Wills', 2: 'Trusts' }, ['Wills', 'Trusts']],
    [{ 1: 'Wills' }, 'Wills'],
    [{ on: '2026-04-09T00:00:00Z' }, { on: '2026-04-09' }],
    ['', ''],
    [0, 0],
  ])('%j says %j', (came, said) => {
    expect(readFields({ x: came })).toEqual({ x: said })
  })
})

describe('names with brackets', () => {
  it.each<[Record<string, string>, object]>([
    [{ 'areas[0]': 'Wills', 'areas[1]': 'Trusts' }, { areas: ['Wills', 'Trusts'] }],
    [{ 'areas[0]': '', 'areas[1]': 'Trusts' }, { areas: 'Trusts' }],
    [
      { 'children[0][name]': 'Ada', 'children[0][age]': '5', 'children[1][name]': 'Ben' },
      { children: [{ name: 'Ada', age: '5' }, { name: 'Ben' }] },
    ],
    [{ 'address[city]': 'Albany', 'address[zip]': '12207' }, { address: { city: 'Albany', zip: '12207' } }],
    [{ 'areas[Wills]': 'on' }, { areas: { Wills: 'on' } }],
    [{ 'a[b]': '1', 'a[b][c]': '2' }, { a: { b: '1' } }],
    [{ a: '1', 'a[b]': '2' }, { a: '1' }],
    [{ 'a[__proto__][b]': '1' }, {}],
  ])('%j say %j beside', (came, beside) => {
    expect(readFields(came)).toEqual({ ...came, ...beside })
  })
})

describe('a value of WordPress', () => {
  it.each([
    ['O&#039;Brien', "O'Brien"],
    ['Sin&eacute;ad', 'Sinéad'],
    ['&Eacute;mile &amp; Zo&euml;', 'Émile & Zoë'],
    ['&quot;no&quot;', '"no"'],
    ['O&amp;#039;Brien', "O'Brien"],
    ['&#x2019;', '’'],
    ["O\\'Brien", "O'Brien"],
    ['he said \\"no\\"', 'he said "no"'],
    ['one<br />\ntwo', 'one\ntwo'],
    ['C:\\docs\\new', 'C:\\docs\\new'],
    ['R&D; and AT&T', 'R&D; and AT&T'],
    ['&notanentity;', '&notanentity;'],
    ['&#0;&#xd800;', '&#0;&#xd800;'],
  ])('%s is %s', (came, said) => {
    expect(unescaped(came)).toBe(said)
    expect(unescaped([{ a: came }])).toEqual([{ a: said }])
  })
})
