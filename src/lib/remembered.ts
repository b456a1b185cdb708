/** Texts that are kept, and their length. */
const most = 500
const longest = 200

/** A function of a text that is asked for the same few short texts again and again, with what it said kept. When there are many, it begins anew. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
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
