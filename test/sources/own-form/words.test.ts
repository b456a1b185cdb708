import { describe, expect, it } from 'vitest'
import { problem } from '../../../src/lib/problem.ts'
import { wordsForVisitors } from '../../../src/sources/own-form/words.ts'

const files = { types: ['application/pdf', 'image/*', 'image/heic', 'text/plain'], maxBytes: 5_000_000, most: 3 }
const refusal = (status: number, code: string) =>
  problem(status, code, 'Title of the operator', 'The operator adds the page to `origins`.')
const words = (status: number, code: string) => wordsForVisitors(refusal(status, code), files)

describe('what a visitor reads', () => {
  it('names the kinds of files as people do', () => {
    expect(words(415, 'file-type')).toBe(
      'Please attach PDFs, images or text files. One of your files is of another kind, and nothing was sent yet.',
    )
  })

  it('says how many files and how large', () => {
    expect(words(413, 'too-many-files')).toContain('at most 3 files')
    expect(words(413, 'files-too-large')).toContain('5 MB')
    expect(wordsForVisitors(refusal(413, 'too-large'), undefined)).toContain('shorten it')
  })

  it.each([
    [403, 'origin'],
    [400, 'malformed-body'],
    [404, 'endpoint-not-found'],
    [503, 'secret-missing'],
    [429, 'too-many-requests'],
    [405, 'method-not-allowed'],
  ])('holds none of the operator’s words: %d %s', (status, code) => {
    const said = words(status, code)
    expect(said).not.toMatch(/operator|origins|endpoint|POST|secret|header/i)
    expect(said.length).toBeGreaterThan(20)
  })
})
