import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../src/lib/text/words.ts'

describe('the words of a text', () => {
  it('have no case, no accents and no punctuation', () => {
    expect(wordsOf('Núñez-Ruiz, José (00123)')).toEqual(['nunez', 'ruiz', 'jose', '00123'])
  })

  it('keep their apostrophes, straight and curly', () => {
    expect(wordsOf("O'Brien’s")).toEqual(["o'brien’s"])
  })

  it('are none where nothing was said', () => {
    expect(wordsOf(' – ')).toEqual([])
  })
})
