/**
 * A text without what stands at its edges. A pattern that ends in `$` reads a long row of such characters anew from each of them, which
 * takes quadratic time; this reads it once.
 * @param edge tells of one character whether it goes
 */
export function trimEdges(text: string, edge: RegExp, side: 'both' | 'end' = 'both'): string {
  let [from, to] = [0, text.length]
  while (to > from && edge.test(text[to - 1]!)) to--
  while (side === 'both' && from < to && edge.test(text[from]!)) from++
  return text.slice(from, to)
}
