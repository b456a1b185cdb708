import { findNodeAtLocation, parseTree } from 'jsonc-parser'

/** Where something stands in a text, both counted from one. */
export interface Where {
  readonly line: number
  readonly column: number
  /** What there is to be written anew: a text without its quotes, a key where a list or an object stands. Characters from the start. */
  readonly from: number
  readonly to: number
}

/**
 * Where the place of a remark stands in the text; of what is missing, where it should stand in.
 * @param path as `pathOf` writes it; empty: the whole
 * @returns null: the text cannot be read so far
 */
export function whereIn(text: string, path: string): Where | null {
  const root = path === '' ? undefined : parseTree(text, [], { allowTrailingComma: true })
  const place = [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|[\w$-]+/g)].map(([word, index, quoted]) =>
    index ? Number(index) : quoted ? (JSON.parse(quoted) as string) : word,
  )
  for (let length = place.length; root && length > 0; length--) {
    const node = findNodeAtLocation(root, place.slice(0, length))
    if (!node) continue
    // Of a key's value, the key: that is what a remark names.
    const key = node.parent?.type === 'property' ? node.parent.children![0]! : node
    const anew = node.children && length === place.length ? key : node.children ? null : node
    const quote = anew?.type === 'string' ? 1 : 0
    const before = text.slice(0, key.offset)
    return {
      line: before.split('\n').length,
      column: key.offset - before.lastIndexOf('\n'),
      from: (anew ?? key).offset + quote,
      to: anew ? anew.offset + anew.length - quote : key.offset,
    }
  }
  return null
}
