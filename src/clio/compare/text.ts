import { utf8 } from '../../lib/encoding.ts'
import { distance } from '../../lib/text/nearest.ts'
import { plainText } from '../../lib/text/plain-text.ts'

/**
 * Texts as people read them. What Clio does to a text that it stores is documented nowhere: it may squeeze blanks, compose accents,
 * write entities, wrap lines in HTML, turn quotes, or cut the end off. None of that makes another text.
 */

/** The same to a reader; nothing says only nothing. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [plainText(one), plainText(other)]
  return a === '' || b === '' ? one.trim() === other.trim() : a === b
}

/** Whether `read` is what became of `sent` in Clio: the same, without its pictographs or its last dot, or with its end cut off. */
export function becameText(sent: string, read: string): boolean {
  if (sameText(sent, read)) return true
  const [a, b] = [sent, read.replace(joints, '')].map(text => plainText(text).replace(dots, '')) as [string, string]
  const bare = plainText(sent.replace(pictographs, '')).replace(dots, '')
  if (b === '' || bare === '') return false
  if (a === b || bare === b) return true
  const start = plainText(read.replace(brokenOff, ''))
  return utf8(read).length >= cutFrom && start !== '' && (a.startsWith(start) || bare.startsWith(start))
}

/** Whether Clio could make the same text of both. */
export function confusable(one: string, other: string): boolean {
  if (becameText(one, other) || becameText(other, one)) return true
  const [a, b] = [one, other].map(text => plainText(text.replace(pictographs, '')))
  if (a === '' || b === '') return false
  if (a === b) return true
  const [one200, other200] = [a!, b!].map(text => utf8(text).subarray(0, cutFrom))
  return one200!.length === cutFrom && one200!.every((byte, at) => byte === other200![at])
}

/**
 * Nearly the same, pictographs aside: an edit or two in ten characters, or a piece of the other; of long texts most words; or what is left of
 * `one` in a storage that knows fewer signs.
 */
export function nearText(one: string, other: string): boolean {
  if (sameText(one, other) || survived(one, other)) return true
  const [a, b] = [one, other].map(text => plainText(text.replace(pictographs, ''))) as [string, string]
  if (a === '' || b === '') return false
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= pieceFrom && long.includes(short)) return true
  if (long.length > wordsFrom) return overlap(a.split(' '), b.split(' ')) >= 0.8
  return distance(a, b) <= Math.floor(long.length / 5)
}

/** Letters and digits alone; signs that an old encoding cannot say gone, or each run of them a question mark; or the end gone from the first on. */
function survived(sent: string, read: string): boolean {
  const ways: ((text: string) => string)[] = [
    text => lettersOf(text),
    text => lettersOf(text.replace(rare, '')),
    text =>
      /[?\uFFFD]/.test(read)
        ? plainText(text)
            .replace(/[^ -~]|[?\uFFFD]/gu, '?')
            .replace(/\?[?\s]*/g, '?')
        : '',
  ]
  if (ways.some(way => way(sent) !== '' && way(sent) === way(read))) return true
  const start = plainText(sent.slice(0, Math.max(0, sent.search(rare))))
  return start !== '' && start === plainText(read)
}

const lettersOf = (text: string): string =>
  plainText(plainText(text.replace(/<[^<>]{0,500}>/g, ' '))).replace(/[^\p{L}\p{N}]/gu, '')

/** A text of fewer bytes says too little for its end to be missing. */
const cutFrom = 200
/** A shorter piece stands in many texts. */
const pieceFrom = 10
/** Longer texts are compared word by word: edits cost the square of the length. */
const wordsFrom = 300

/** Signs of four bytes in UTF-8, and pictographs. */
const rare = /[\u{10000}-\u{10FFFF}]|\p{Extended_Pictographic}/gu
const pictographs =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\p{Variation_Selector}|\u200D|\u20E3/gu
/** What is left of a pictograph that was made of several. */
const joints = /\p{Variation_Selector}|\u200D|\u20E3/gu
/** The end of a sentence, which a name or a title may lose. */
const dots = /[ .]+$/
/** What a cut leaves of a tag or an entity, and the dots that stand for the rest. */
const brokenOff = /(?:<[^<>]{0,40}|&#?\w{0,10}|\s{0,9}(?:\.{3}|…)|[\uD800-\uDFFF\uFFFD])$/

/** 0 to 1: how many of the words the two have in common. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>()
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of b) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    left.set(word, count - 1)
    common++
  }
  return (2 * common) / (a.length + b.length)
}
