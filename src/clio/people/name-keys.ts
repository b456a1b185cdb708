import { plainText } from '../../lib/text/plain-text.ts'
import { namesFor } from './nicknames.ts'
import { longEnough, telling } from './same-name.ts'

/**
 * How a name is found among very many without reading all of them: keys under which each stands, and keys under which any that is like
 * another (`likeness`) stands. More stand there than are like it, none is missed. For two names of several words to be alike one word
 * has to be the same, or a nickname; all else is of names that are one word only. Pure; the Docket keeps hashes of them.
 */

/** Letters at either end of a word: one letter wrong leaves one of the two ends as it is. */
const end = 2

/** Who changes what stands under which key counts this up: firms' indexes are made anew. */
export const nameKeysEdition = 2

/** Keys under which a name stands. */
export function keysOfName(name: string): string[] {
  const words = telling(name)
  return [...new Set([wholeKey(words), keyOfSame(name), ...words.map(wordKey), ...loneKeys(words)])]
}

/** Keys under which every name stands that is like this one. */
export function keysLike(name: string): string[] {
  const words = telling(name)
  const [first = ''] = words
  const alike = words.flatMap(word => [word, ...namesFor(word)]).map(wordKey)
  // A letter that stands alone may be anybody's who is one word.
  const initial = words.length === 1 && first.length > 1 ? [wholeKey([first[0]!])] : []
  const lone = loneKeys(words).filter(key => first.length === 1 || !key.startsWith('letter:'))
  return [...new Set([wholeKey(words), ...alike, ...initial, ...lone])]
}

/** The key under which every name stands that is the same text to a reader (`sameText`). */
export function keyOfSame(name: string): string {
  return wholeKey(telling(plainText(name)))
}

const wordKey = (word: string) => `word:${word}`
const wholeKey = (words: readonly string[]) => `whole:${words.join('')}`

/** Of a name that is one word: its initial, and its two ends where a letter of it may be wrong. */
function loneKeys([word = '', ...more]: readonly string[]): string[] {
  if (word === '' || more.length > 0) return []
  const ends = word.length < longEnough ? [] : [`start:${word.slice(0, end)}`, `end:${word.slice(-end)}`]
  return [`letter:${word[0]}`, ...ends]
}
