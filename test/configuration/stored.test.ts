import { describe, expect, it } from 'vitest'
import { stopped, storedConfiguration } from '../../src/configuration/stored.ts'
import type { JsonObject } from '../../src/lib/json.ts'

/** I8: a configuration that an earlier version stored is read by today's code, as far as it fits. */

const task = { create: 'tasks', with: { name: 'Call' } }
const document = (more: JsonObject = {}): JsonObject => ({
  timezone: 'America/New_York',
  country: 'US',
  endpoints: { website: { source: 'form' }, hooks: { source: 'webhook' } },
  rules: [{ name: 'call', on: { type: 'form.submitted' }, steps: { task } }],
  ...more,
})

describe('a stored configuration', () => {
  it('that fits is read as a whole', () => {
    expect(storedConfiguration(document())).toEqual({ ...document(), unfit: [] })
  })

  it('loses a rule that no longer fits, and stops just the events of that rule', () => {
    const old = { name: 'old', on: { endpoint: 'website', type: ['a', 'b'] }, steps: { one: { abolished: 'tasks' } } }
    const read = storedConfiguration(document({ rules: [old, ...(document().rules as JsonObject[])] }))
    expect(read.rules.map(({ name }) => name)).toEqual(['call'])
    expect(stopped(read, 'website', 'a')).toMatch(
      /does not fit this version of Docketed: rules\[0\]\.steps\.one\.abolished/,
    )
    expect(stopped(read, 'website', 'form.submitted')).toBeNull()
    expect(stopped(read, 'hooks', 'a')).toBeNull()
  })

  it('whose rule does not say which events it is for stops all', () => {
    const read = storedConfiguration(document({ rules: [{ name: 'old' }] }))
    expect(stopped(read, 'website', 'form.submitted')).toContain('rules[0]')
  })

  it('without a time zone that is one stops everything, and the Docket still stands', () => {
    const read = storedConfiguration(document({ timezone: 'Mars/Olympus' }))
    expect(stopped(read, 'website', 'form.submitted')).toMatch(/timezone is not a time zone/)
    expect(read.endpoints).toEqual(document().endpoints)
  })

  it('loses a setting that nothing rests on', () => {
    const read = storedConfiguration(document({ pace: { requests: -1 }, abolished: true }))
    expect(read).toEqual({ ...document(), unfit: [] })
  })

  it.each([null, [], 'text', {}, { endpoints: [], rules: {} }, { endpoints: { a: 1, b: { source: 2 } } }])(
    'that is none at all is no fault of the Docket’s: %j',
    broken => {
      const read = storedConfiguration(broken)
      expect(read).toMatchObject({ endpoints: {}, rules: [] })
      expect(stopped(read, 'website', 'form.submitted')).toContain('timezone')
    },
  )
})
