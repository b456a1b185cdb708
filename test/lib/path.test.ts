import { expect, it } from 'vitest'
import { pathOf } from '../../src/lib/path.ts'

it.each([
  [[], ''],
  [['timezone'], 'timezone'],
  [['rules', 0, 'steps', 'client', 'with', 'first_name'], 'rules[0].steps.client.with.first_name'],
  [['with', 'custom_fields', 'Referral source'], 'with.custom_fields["Referral source"]'],
  [['with', 'a"b'], 'with["a\\"b"]'],
  [['endpoints', 'my-form', 'secret', 1], 'endpoints.my-form.secret[1]'],
  [[0, 'a'], '[0].a'],
])('%j is written %s', (place, path) => {
  expect(pathOf(place)).toBe(path)
})
