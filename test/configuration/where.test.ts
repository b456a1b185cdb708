import { describe, expect, it } from 'vitest'
import { whereIn } from '../../src/configuration/where.ts'

const text = `{
  // a comment
  "timezone": "Mars/Olympus",
  "endpoints": { "web site": { "source": "form" } },
  "rules": [
    { "name": "a" },
    { "name": "b", "steps": { "x": { "creat": "tasks" } } }
  ]
}`

describe('the place of a remark in the text', () => {
  it.each([
    ['timezone', 3, 3],
    ['endpoints["web site"].source', 4, 32],
    ['rules[0]', 6, 5],
    ['rules[1].steps.x.creat', 7, 38],
  ])('%s', (path, line, column) => {
    expect(whereIn(text, path)).toMatchObject({ line, column })
  })

  it.each([
    ['timezone', 'Mars/Olympus'],
    ['rules[1].steps.x.creat', 'tasks'],
    ['rules[1].steps', 'steps'],
    ['rules[1].steps.x.with.name', ''],
  ])('%s marks what is to be written anew', (path, marked) => {
    const { from, to } = whereIn(text, path)!
    expect(text.slice(from, to)).toBe(marked)
  })

  it('of what is missing is where it should stand in', () => {
    const { line, column } = whereIn(text, 'rules[1].steps.x')!
    expect(whereIn(text, 'rules[1].steps.x.with.name')).toMatchObject({ line, column })
  })

  it('of the whole, or of a text that cannot be read, is none', () => {
    expect([whereIn(text, ''), whereIn(text, 'country'), whereIn('', 'country')]).toEqual([null, null, null])
  })
})
