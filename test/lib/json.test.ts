import { expect, it } from 'vitest'
import { canonical } from '../../src/lib/json.ts'

it('sorts keys', () => {
  expect(canonical({ b: 1, a: [null] })).toBe('{"a":[null],"b":1}')
})
