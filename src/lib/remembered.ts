/**
 * A function of a text that is asked for the same few texts again and again: what it said is kept, of the texts that were asked first
 * since the last clearing.
 * @param most texts that are kept; no longer ones than `longest`
 */
export function remembered<T>(work: (text: string) => T, { most = 500, longest = 200 } = {}): (text: string) => T {
  const kept = new Map<string, T>()
  return text => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const said = work(text)
    if (text.length > longest) return said
    if (kept.size >= most) kept.clear()
    kept.set(text, said)
    return said
  }
}
