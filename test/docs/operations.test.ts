import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tools } from '../../src/agents/mcp.ts'
import { routes } from '../../src/api/routes.ts'
import { askedRead } from '../../src/clio/contract/asked.ts'
import { resourceNamed } from '../../src/clio/contract/index.ts'
import { commands } from '../../src/tools/commands/index.ts'
import { operations } from '../clio/every-operation/table.ts'
import { operationsPage, type Ways, waysOf } from './operations-page.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')

it('the page of operations is the one that `npm run docs` makes', () => {
  expect(page).toBe(operationsPage(operations))
})

it('names every operation with its calls, pages of a list counted', () => {
  const rows = page.split('\n').filter(line => /^\| .* `/.test(line))
  expect(rows).toHaveLength(operations.length)
  const [read, send] = ['`clio_read` | `GET …/clio/{path}` | `docketed clio`', 'by a rule | `docketed send`']
  expect(rows).toContain(`| list more than 10,000 | \`GET tasks\` × 51 | ${read} |  |`)
  expect(rows.find(row => row.startsWith('| upload a new version'))).toContain(send)
})

describe('every operation can be had by an agent, a script and a person at the command line', () => {
  const rows = operations.map(operation => [`${operation.resource}: ${operation.does}`, operation] as const)

  it.each(rows)('%s', (_, operation) => {
    const ways = waysOf(operation)!
    expect(Object.values(ways).every(way => way.length > 0)).toBe(true)
    const [, tool] = /^`(.*)`$/.exec(ways.tool) ?? []
    // What is said of a tool holds: it takes the read, or the contract has the verb.
    if (tool === 'clio_read')
      for (const call of operation.calls) {
        const read = askedRead(call.slice(4).replaceAll('#', '7'), new URLSearchParams())
        expect(read.kind === 'read' || read.remarks.every(({ path }) => path !== 'path'), call).toBe(true)
      }
    if (tool === 'clio_write') {
      const [verb = ''] = operation.does.split(' ')
      const [, written] = /^(?:POST|PATCH|DELETE) (\w+)/.exec(operation.calls.at(-1)!) ?? []
      const resource = resourceNamed(written!)!
      const offered = { create: resource.create, update: resource.update, delete: resource.delete }
      const meant = verb === 'assign' ? 'update' : verb === 'upsert' ? 'create' : verb
      expect(offered[meant as keyof typeof offered], operation.does).toBeTruthy()
    }
  })

  it('names tools, calls and commands that there are', () => {
    const all = operations.map(operation => waysOf(operation)!)
    const names = (way: keyof Ways, shape: RegExp) =>
      new Set(all.flatMap(ways => [...ways[way].matchAll(shape)].map(([, name]) => name!)))
    const known = new Set(commands.map(({ name }) => name))
    for (const command of names('command', /`docketed (\w+)/g)) expect(known).toContain(command)
    for (const tool of names('tool', /^`(\w+)`/g)) expect(tools.map(({ name }) => name)).toContain(tool)
    const calls = routes.map(({ method, path }) => `${method} …${path.replace('/firms/:firm', '')}`)
    for (const call of names('call', /`((?:GET|POST) …\/\w+)/g))
      expect(
        calls.some(each => each.startsWith(call)),
        call,
      ).toBe(true)
  })
})
