import { expect, it } from 'vitest'
import type { Json } from '../../../src/lib/json.ts'
import { inWords } from '../../../src/lib/text/in-words.ts'

it.each<[Json, string]>([
  ['Wills', 'Wills'],
  [null, ''],
  [7, '7'],
  [['Wills', '', null, 'Trusts'], 'Wills, Trusts'],
  [{ Wills: true, Trusts: false, Deeds: true }, 'Wills, Deeds'],
  [{ label: 'Wills', value: 'w' }, 'Wills'],
  [[{ label: 'Wills' }, { label: 'Trusts' }], 'Wills, Trusts'],
  [{ First: 'Nora', Middle: null, Last: 'Falk' }, 'Nora Falk'],
  [{ street: '1 Elm St', city: 'Albany', state: 'NY', postal_code: 12207 }, '1 Elm St, Albany, NY, 12207'],
  [{ plate: 'ABC', year: 2019 }, 'plate: ABC, year: 2019'],
  [{}, ''],
])('%j reads as %j', (value, text) => expect(inWords(value)).toBe(text))
