import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { operations } from '../clio/every-operation/table.ts'
import { operationsPage } from './operations-page.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')

it('the page of operations is the one that `npm run docs` makes', () => {
  expect(page).toBe(operationsPage(operations))
})

it('names every operation with its calls, pages of a list counted', () => {
  const rows = page.split('\n').filter(line => /^\| .* `/.test(line))
  expect(rows).toHaveLength(operations.length)
  expect(rows).toContain('| list more than 10,000 | `GET tasks` × 51 |  |')
  expect(rows).toContain('| upload a new version | `POST documents`, `PUT storage`, `PATCH documents/#` |  |')
})
