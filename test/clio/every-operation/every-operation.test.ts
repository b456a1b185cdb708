import { describe, expect, it } from 'vitest'
import { type Firm, startFirm } from '../clio.ts'
import { operations } from './table.ts'

/**
 * Every operation, through the code that the Worker runs, on the sandbox: what it calls, and what then stands in Clio. The rows are in
 * operations/; docs/operations.md is made of them. A name stands wherever a rule would write one.
 */

const resources = [...new Set(operations.map(({ resource }) => resource))]

describe.each(resources)('%s', resource => {
  const rows = operations.filter(operation => operation.resource === resource)
  it.each(rows.map(row => [row.does, row] as const))('%s', async (_, { before, run, calls, effect }) => {
    const firm = startFirm()
    const standing = (await before?.(firm)) ?? {}
    asIfNew(firm)
    const result = await run(firm, standing)
    expect(firm.asked).toEqual(calls)
    const { seen, is } = effect(firm, result, standing)
    expect({ seen }).toMatchObject({ seen: is })
  })
})

/** What `before` asked and learned is forgotten: every row shows what its operation costs alone. */
function asIfNew(firm: Firm): void {
  firm.asked.length = 0
  firm.clio.forget('')
}

/** The operations of Maton's published Clio skill, v1.0, its 33: https://clawhub.ai/byungkyu/clio */
const skill: Readonly<Record<string, readonly string[]>> = {
  matters: ['list', 'get one', 'create one', 'update one', 'delete one'],
  contacts: [
    'list (a Person)',
    'get a Person',
    'create a Person',
    'create a Company',
    'update a Person',
    'delete a Person',
  ],
  activities: [
    'list (a TimeEntry)',
    'get a TimeEntry',
    'create a TimeEntry',
    'update a TimeEntry',
    'delete a TimeEntry',
  ],
  tasks: ['list', 'get one', 'create one', 'update one', 'delete one'],
  calendar_entries: ['list', 'get one', 'create one', 'update one', 'delete one'],
  documents: ['list', 'get one', 'download one'],
  users: ['who am I', 'list'],
  bills: ['list', 'get one'],
}

it.each(Object.entries(skill))('what Maton’s skill does with %s is among them', (resource, wanted) => {
  const rows = operations.filter(operation => operation.resource === resource).map(({ does }) => does)
  expect(rows).toEqual(expect.arrayContaining([...wanted]))
})

/** What Zapier's Clio app creates, updates and searches: https://zapier.com/apps/clio/integrations */
const zapier = [
  'Create Matter Note',
  'Create Matter Folder',
  'Create Matter',
  'Create Person Contact',
  'Create Company Contact',
  'Create Task',
  'Assign Task Template List',
  'Create Calendar Entry',
  'Create Time Entry',
  'Create Expense Entry',
  'Create Communication',
  'Upload Document',
  'Update Matter',
  'Update Person Contact',
  'Update Company Contact',
  'Update Task',
  'Find Matter',
  'Find Person or Company',
  'Find or Create Person Contact',
  'Find Bill',
  'Find User',
]

it('what Zapier’s Clio app does is among them', () => {
  const rows = operations.flatMap(operation => operation.zapier ?? [])
  expect([...new Set(rows)].sort()).toEqual([...zapier].sort())
})

it('no operation stands there twice', () => {
  const names = operations.map(({ resource, does }) => `${resource}: ${does}`)
  expect(names).toEqual([...new Set(names)])
})
