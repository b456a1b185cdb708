import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { longest, patternsIn, slowest } from './patterns.ts'

/** Patterns that see bounded text only, each with what bounds it. */
const bounded: Record<string, string> = {
  'reading/addresses.ts': 'a box of more than 1,000 characters is none',
  'slack/speech/': 'a command has at most 4,000 characters',
  'sources/mail/email.ts': 'the first 500 characters of a header',
  'sources/proof/signature.ts': 'a secret of the firm, of at most 8 KiB',
  'tools/': 'what an operator types on the command line',
  'clio/compare/text.ts': 'a cut end of at most 200 characters',
}

const patterns = patternsIn(join(import.meta.dirname, '../../src')).filter(
  ({ file }) => !Object.keys(bounded).some(name => file.startsWith(name)),
)

describe('regular expressions of the source', () => {
  it('are found', () => {
    expect(patterns.length).toBeGreaterThan(200)
  })

  it('that go back and forth are told from those that do not', () => {
    const pattern = { file: '', flags: '' }
    const slow = slowest({ ...pattern, source: '(\\d+(?:\\.\\d+)?)\\s*h' }).ms
    const quick = slowest({ ...pattern, source: '(\\d{1,9}(?:\\.\\d{1,9})?)\\s{0,9}h' }).ms
    // Whatever the machine is.
    expect(slow).toBeGreaterThan(5 * quick)
    expect(quick).toBeLessThan(longest)
  })

  it('read long text in time that grows with its length', () => {
    const seen = new Set<string>()
    const slow = patterns.flatMap(pattern => {
      const written = `/${pattern.source}/${pattern.flags}`
      if (seen.has(written)) return []
      seen.add(written)
      const { ms, unit } = slowest(pattern)
      return ms > longest ? [`${pattern.file}: ${written} on ${JSON.stringify(unit)}`] : []
    })
    expect(slow).toEqual([])
  }, 300_000)
})
