import type { Pieces } from '../src/lib/pieces.ts'

/** All pieces of long work without a turn for anybody between them. */
export function atOnce<T>(work: Pieces<T>): T {
  for (;;) {
    const piece = work.next()
    if (piece.done) return piece.value
  }
}
