import { describe, expect, it } from 'vitest'
import { problem } from '../../../src/lib/problem.ts'
import { type Language, languageOf, visitorWords, wordsForVisitors } from '../../../src/sources/own-form/words.ts'

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

describe('the language of what a visitor reads', () => {
  const languages = Object.keys(visitorWords) as Language[]

  it('is the form’s, for every refusal: none says what another language says, and what is filled in stands in it', () => {
    for (const [status, code] of [
      [415, 'file-type'],
      [413, 'too-many-files'],
      [413, 'files-too-large'],
      [413, 'answers-too-long'],
      [429, 'too-many-requests'],
      [429, 'day-full'],
      [405, 'method-not-allowed'],
      [400, 'body-cut'],
      [503, 'endpoint-unusable'],
      [403, 'origin'],
    ] as const) {
      const said = languages.map(language => wordsForVisitors(refusal(status, code), files, language))
      expect(new Set(said).size, code).toBe(languages.length)
      for (const words of said) expect(words).not.toContain('#')
    }
    expect(wordsForVisitors(refusal(415, 'file-type'), files, 'es')).toContain(
      'archivos PDF, imágenes o archivos de texto',
    )
  })

  it('has as much to say in each', () => {
    const shape = (words: object): string[] =>
      Object.entries(words).map(([key, value]) => `${key} ${typeof value} ${value.length}`)
    for (const language of languages)
      expect(shape(visitorWords[language]).map(one => one.replace(/\d+$/, ''))).toEqual(
        shape(visitorWords.en).map(one => one.replace(/\d+$/, '')),
      )
  })

  it('is that of the visitor’s browser on the firm’s own page, which says none', () => {
    const of = (accept: string) => languageOf(undefined, new Headers({ 'accept-language': accept }))
    expect([of('es-MX,es;q=0.9,en;q=0.8'), of('tlh, pt-BR'), of('zh'), of('')]).toEqual(['es', 'pt', 'en', 'en'])
  })
})
