import { describe, expect, it } from 'vitest'
import { readPath } from '../../src/reading/labels.ts'
import labels from './labels.json'

/** Labels as forms have them, in many languages: what each asks for, or null where it is none of ours (somebody else's, too). */

describe('labels of real forms', () => {
  const read = labels.map(one => ({ ...one, read: readPath([one.label])?.role ?? null }))
  const meant = read.filter(one => one.is !== null)
  const missed = meant.filter(one => one.read === null)
  const wrong = read.filter(one => one.read !== null && one.read !== one.is)

  it('are more than 200, in at least twelve languages', () => {
    expect(meant.length).toBeGreaterThanOrEqual(200)
    expect(new Set(meant.map(({ language }) => language)).size).toBeGreaterThanOrEqual(12)
  })

  it('are recognised, 95 of a hundred at least', () => {
    const kinds = [...new Set(meant.map(one => one.is))]
    const counts = kinds.map(kind => {
      const all = meant.filter(one => one.is === kind)
      return `${kind} ${all.filter(one => one.read === kind).length}/${all.length}`
    })
    console.log(`Labels: ${counts.join(', ')}; ${labels.length - meant.length} of nobody's`)
    if (missed.length > 0) console.log(`Not recognised: ${missed.map(({ label }) => label).join('; ')}`)
    expect(missed.length / meant.length).toBeLessThanOrEqual(0.05)
  })

  it('are never taken for something else', () => {
    expect(wrong).toEqual([])
  })
})

describe('a label below others', () => {
  it.each<[string[], string | null]>([
    [['email', 'address'], 'email'],
    [['phone', 'full'], 'phone'],
    [['name', 'given'], 'first_name'],
    [['name', 'family'], 'last_name'],
    [['name', 'address'], null],
    [['names', 'first_name'], 'first_name'],
    [['names[first_name]'], 'first_name'],
    [['names[last_name]'], 'last_name'],
    [['contact', 'email'], 'email'],
    [['Name', 'first'], 'first_name'],
    [['data', 'attributes', 'phone'], 'phone'],
    [['form_fields[email]'], 'email'],
    [['spouse', 'email'], null],
    [['spouse[email]'], null],
    [['opposing_party', 'name'], null],
    [['case', 'name'], null],
  ])('%j asks for %s', (path, role) => {
    expect(readPath(path)?.role ?? null).toBe(role)
  })
})
