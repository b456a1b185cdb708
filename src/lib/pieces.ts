/** Long work: after each piece it yields the bytes that it has gone through. */
export type Pieces<T> = Generator<number, T>

/** Bytes that are gone through in one go: some 20 ms of a slow core. */
export const inOneGo = 1_048_576

/** Whoever waits has a turn: the next small request, a clock, an answer. */
export const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0))

/**
 * Does long work so that the others have their turn between its pieces: everybody in an isolate shares one thread. Bytes are counted,
 * for clocks stand still while it computes.
 */
export async function inPieces<T>(work: Pieces<T>): Promise<T> {
  let bytes = 0
  for (;;) {
    const piece = work.next()
    if (piece.done) return piece.value
    bytes += piece.value
    if (bytes < inOneGo) continue
    bytes = 0
    await turn()
  }
}
