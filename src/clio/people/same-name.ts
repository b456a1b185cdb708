import { forms, generations, wordsIn } from './contact.ts'
import { nicknames } from './nicknames.ts'

/**
 * Could two names be of one party? More is let pass here than where a contact is chosen for a record: nothing is written on the
 * strength of it, a person looks, and what is overlooked nobody ever sees.
 */

/** Words that a name may have or lack: legal forms, titles, which of a family it is. */
const beside = new Set([...forms, ...generations, ...'the and of mr mrs ms miss mx dr prof sir esq'.split(' ')])

/** Letters that a word needs before one of them may be wrong: among shorter words half are neighbours. */
export const longEnough = 5

type Alike = (a: string, b: string) => boolean

/** How a word may stand for another, surest first. */
const ways = {
  same: (a, b) => a === b,
  nickname: nicknames,
  misspelt: (a, b) => Math.min(a.length, b.length) >= longEnough && oneApart(a, b),
  initial: (a, b) => Math.min(a.length, b.length) === 1 && a[0] === b[0],
} satisfies Record<string, Alike>
type Way = keyof typeof ways

/**
 * How a name is like another, in words for people; null when it is not.
 * @param company one of them is a company's, which goes by its first word as a person does by the last
 */
export function likeness(a: string, b: string, company = false): string | null {
  const [shorter = [], longer = []] = [telling(a), telling(b)].sort((x, y) => x.length - y.length)
  const [only] = shorter
  if (only === undefined) return null
  if (shorter.join('') === longer.join('')) return 'the same name'
  if (shorter.length === 1 && longer.length > 1) {
    if (only.length < 2) return null
    if (longer.at(-1) === only) return 'the same last name'
    return company && longer[0] === only ? 'the same first word' : null
  }
  const paired = pair(shorter, longer, Object.keys(ways) as Way[])
  if (!paired || !(paired.has('same') || paired.has('nickname') || longer.length === 1)) return null
  if (paired.has('misspelt')) return 'nearly the same name'
  if (paired.has('nickname')) return 'the same name with a nickname'
  return paired.has('initial') ? 'the same name with an initial' : 'the same name'
}

/** Does a text speak of that name? Its words stand close together there, in any order. */
export function mentions(text: string, name: string): boolean {
  const wanted = telling(name).filter(word => word.length > 1)
  const words = wordsIn(text)
  if (wanted.length === 0 || wanted.join('').length < 3) return false
  if (wanted.length === 1) return words.includes(wanted[0]!)
  // A middle name may stand between.
  return words.some(
    (_, at) =>
      pair(wanted, words.slice(at, at + wanted.length + 1), ['same', 'nickname', 'misspelt'])?.has('same') ?? false,
  )
}

/** The word that a search for a name is best made by, as it is written: a family name tells most, and has no nicknames. */
export function searchWord(name: string): string {
  const told = new Set(telling(name))
  const [first = '', ...rest] = name
    .split(/[^\p{L}\p{M}\p{N}'’]+/u)
    .filter(word => wordsIn(word).some(one => told.has(one)))
  const family = /^[^\s,]+,/.test(name.trim()) ? first : (rest.at(-1) ?? first)
  return family.length > 2
    ? family
    : [first, ...rest].reduce((best, word) => (word.length > best.length ? word : best), '')
}

/** The words of a name that tell whose it is. */
export function telling(name: string): string[] {
  const words = wordsIn(name)
  const kept = words.filter(word => !beside.has(word))
  return kept.length > 0 ? kept : words
}

/** In which ways every word finds another of its own; null when one finds none, or more than one would have to be misspelt. */
function pair(words: readonly string[], others: readonly string[], allowed: readonly Way[]): Set<Way> | null {
  const [left, free] = [[...words], [...others]]
  const used: Way[] = []
  for (const way of allowed) {
    for (const word of left.splice(0)) {
      const at = free.findIndex(other => ways[way](word, other))
      if (at < 0) left.push(word)
      else {
        free.splice(at, 1)
        used.push(way)
      }
    }
  }
  return left.length > 0 || used.filter(way => way === 'misspelt').length > 1 ? null : new Set(used)
}

/** One letter more, less or other, or two neighbours changed round. */
function oneApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from++
  const rest = (text: string, skip: number) => text.slice(from + skip)
  if (rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1)) return true
  return a[from] === b[from + 1] && a[from + 1] === b[from] && rest(a, 2) === rest(b, 2)
}
