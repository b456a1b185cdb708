import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attacks, withAttacks } from './page.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')

/** Titles of tests and of what they describe, as they are written. */
function titlesIn(file: string): Set<string> {
  if (!existsSync(file)) return new Set()
  // Of one that runs once for each row, the title stands behind the rows.
  const quoted = /(?:^|[\s()\]])(?:it|test|describe)?(?:\.each(?:<[^>]*>)?)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1\s*,/gm
  return new Set([...readFileSync(file, 'utf8').matchAll(quoted)].map(([, , title]) => title!.replaceAll('\\', '')))
}

describe('the attacks in SECURITY.md', () => {
  it('are those of the list (`npm run docs` writes them)', () => {
    expect(withAttacks(page)).toBe(page)
  })

  it.each(attacks)('are held by tests that are there: $tried', ({ shown }) => {
    expect(Object.values(shown).flat().length).toBeGreaterThan(0)
    const gone = Object.entries(shown).flatMap(([file, titles]) => {
      const there = titlesIn(join(root, 'test', file))
      return titles.filter(title => !there.has(title)).map(title => `${file}: ${title}`)
    })
    expect(gone).toEqual([])
  })

  it('would miss a test that is gone', () => {
    const there = titlesIn(join(root, 'test/api/roles.test.ts'))
    expect(there.has('lets in the vendor')).toBe(true)
    expect(there.has('lets in a %s as far as the table says')).toBe(true)
    expect(there.has('lets in everybody')).toBe(false)
  })
})
