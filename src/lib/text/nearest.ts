/**
 * How many letters must be typed, dropped, changed or swapped with their neighbour to make one word the other
 * (optimal string alignment distance).
 */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      next[column] = Math.min(
        last[column]! + 1,
        next[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
        swapped ? before[column - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = next
  }
  return last[b.length]!
}

/** Case, hyphens and blanks do not make another word. */
const plain = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '_')

/** What is longer is no word that somebody mistyped: a sender may name an answer with all of a message. */
const longest = 100

/**
 * The one of `words` that somebody who wrote `word` most likely meant ("did you mean"), or null when nothing is near:
 * one slip in three letters, or the same word with something before or behind it (`email` for `email_addresses`).
 */
export function nearest(word: string, words: Iterable<string>): string | null {
  const meant = plain(word)
  let best: string | null = null
  let least = Math.max(1, Math.floor(meant.length / 3)) + 1
  let part: string | null = null
  for (const candidate of words) {
    const name = plain(candidate)
    if (name.length > longest) continue
    // So many letters are missing at least.
    const apart = Math.abs(meant.length - name.length)
    const far = apart < least ? distance(meant, name) : least
    if (far < least) [best, least] = [candidate, far]
    const within = meant.length >= 4 && (name.includes(meant) || (name.length >= 4 && meant.includes(name)))
    if (within && (part === null || candidate.length < part.length)) part = candidate
  }
  return best ?? part
}

/** `; did you mean 'x'?`, or nothing. @param put how the name is written @default in quotes */
export function didYouMean(word: string, words: Iterable<string>, put = (name: string) => `'${name}'`): string {
  const near = nearest(word, words)
  return near === null ? '' : `; did you mean ${put(near)}?`
}

/** ` Did you mean 'x'?`, a sentence of its own, or nothing. */
export const meantPerhaps = (word: string, words: Iterable<string>): string =>
  didYouMean(word, words).replace('; d', ' D')
