import { describe, expect, it } from 'vitest'
import { sameText } from '../../../src/clio/compare/text.ts'
import { keyOfSame, keysLike, keysOfName } from '../../../src/clio/people/name-keys.ts'
import { namesFor, nicknames } from '../../../src/clio/people/nicknames.ts'
import { likeness } from '../../../src/clio/people/same-name.ts'

/** Whoever is like a name is found by its keys: what is no candidate nobody ever compares. */

const candidates = (asked: string, standing: string): boolean => {
  const keys = new Set(keysOfName(standing))
  return keysLike(asked).some(key => keys.has(key))
}

/** Small, and the same at every run. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const words = (
  'robert bob rob lee li alvarez alvares maria mary acme holdings inc llc the and harbor harbour freight smith smyth ' +
  "o'brien obrien mac donald macdonald j r l ann anna annie jr sr dr núñez nunez 李雷 𠮷田 петров okafor oka for x"
).split(' ')

/** A name as people write it, with an edit or two. */
function nameBy(next: (below: number) => number): string {
  const length = 1 + next(3)
  const name = Array.from({ length }, () => {
    const word = words[next(words.length)]!
    if (next(3) > 0) return word
    const at = next(word.length + 1)
    const letter = 'abelrz'[next(6)]!
    const edits = [
      () => word.slice(0, at) + letter + word.slice(at),
      () => word.slice(0, at) + word.slice(at + 1),
      () => word.slice(0, at) + letter + word.slice(at + 1),
      () => word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2),
    ]
    return edits[next(edits.length)]!()
  })
  return name.join([' ', ', ', '-', ' '][next(4)])
}

describe('keys of names', () => {
  it('of 50,000 pairs none that are alike is missed, whichever is asked for', () => {
    const next = chance(20_261_126)
    let alike = 0
    for (let n = 0; n < 50_000; n++) {
      const [a, b] = [nameBy(next), nameBy(next)]
      if (likeness(a, b) === null && likeness(a, b, true) === null) continue
      alike++
      if (!candidates(a, b) || !candidates(b, a)) expect.fail(`${a} | ${b}: ${likeness(a, b, true)}`)
    }
    expect(alike).toBeGreaterThan(800)
  })

  it.each([
    ['Okafor', 'Okafro'],
    ['Okafor', 'kafor'],
    ['Okafor', 'Okafors'],
    ['Okafor', 'kOafor'],
    ['Okafor Ltd', 'Okafors'],
    ['L', 'Lee'],
    ['Mac Donald', 'Macdonald'],
    ['Bob', 'Robert'],
    ['Peggy Mitchell', 'Margaret Mitchell'],
  ])('%s is a candidate for %s', (a, b) => {
    expect(candidates(a, b)).toBe(true)
    expect(candidates(b, a)).toBe(true)
  })

  it('of other people are others', () => {
    expect(candidates('Robert Lee', 'Carlos Alvarez')).toBe(false)
    expect(candidates('Okafor', 'Alvarez')).toBe(false)
  })

  it('of a person are three', () => {
    expect(keysOfName('Robert Lee')).toEqual(['whole:robertlee', 'word:robert', 'word:lee'])
  })

  it('of what reads the same are the same, whatever Clio has made of it', () => {
    for (const [a, b] of [
      ['Acme Holdings', ' ACME holdings '],
      ['Smith & Sons', 'Smith &amp; Sons'],
      ['Ｈarbor “ﬁne” Foods', 'harbor "fine" foods'],
      ['???', '???'],
    ] as const) {
      expect(sameText(a, b)).toBe(true)
      expect(keysOfName(b)).toContain(keyOfSame(a))
    }
  })
})

describe('names for one another', () => {
  it('are those that a nickname is taken for', () => {
    for (const name of ['bob', 'pat', 'margaret', 'frank', 'sandy'])
      for (const other of namesFor(name)) expect(nicknames(name, other), `${name} ${other}`).toBe(true)
    expect(namesFor('sandy').toSorted()).toEqual(['alec', 'alex', 'alexander', 'alexandra', 'sandra', 'sasha'])
    expect(namesFor('okafor')).toEqual([])
  })
})
